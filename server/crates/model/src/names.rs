//! Names and addresses as NITRO takes them (`nitro.md` 5.4), with sentences for what it would refuse.

use crate::{inert, near::is_near};
use std::net::{IpAddr, Ipv4Addr};

/// As long as a NetScaler lets a name be.
pub const LONGEST: usize = 127;

/// A name for a new NetScaler object. Narrower than what an appliance accepts, because brackets, blanks and colons are
/// legal somewhere and a nuisance everywhere.
pub fn object_name(typed: &str) -> Result<String, String> {
    let name = typed.trim();
    let Some(first) = name.chars().next() else {
        return Err("Give the object a name.".into());
    };
    if !(first.is_ascii_alphabetic() || first == '_') {
        return Err(format!(
            "A NetScaler name must begin with a letter or an underscore; this one begins with “{first}”."
        ));
    }
    if let Some(bad) = name.chars().find(|c| !(c.is_ascii_alphanumeric() || "_.-".contains(*c))) {
        return Err(format!("“{bad}” is not allowed in the name. Use letters, digits, underscore, dot and hyphen."));
    }
    if name.len() > LONGEST {
        return Err(format!("The name has {} characters; a NetScaler takes {LONGEST}.", name.len()));
    }
    if name.to_ascii_uppercase().starts_with("_XM_") {
        return Err("Names that begin with _XM_ belong to the vendor's wizard. Choose another beginning.".into());
    }
    Ok(name.to_owned())
}

/// An IPv4 address that a virtual server or a node can have.
pub fn unicast_v4(typed: &str, what: &str) -> Result<Ipv4Addr, String> {
    let text = typed.trim();
    if text.is_empty() {
        return Err(format!("Give the address of {what}, for example 192.0.2.51."));
    }
    let address: Ipv4Addr = match text.parse::<IpAddr>() {
        Ok(IpAddr::V4(v4)) => v4,
        Ok(IpAddr::V6(_)) => {
            return Err(format!("“{text}” is an IPv6 address; XenMobile clusters are reached by IPv4."));
        }
        Err(_) => {
            return Err(format!(
                "“{text}” is no IPv4 address. It has four numbers from 0 to 255 with dots between, for example 192.0.2.51."
            ));
        }
    };
    if address.is_unspecified() || address.is_multicast() || address.is_broadcast() || is_near(address.into()) {
        return Err(format!("{address} cannot be the address of {what}."));
    }
    Ok(address)
}

/// A TCP port from 1 to 65535.
pub fn port(typed: &str) -> Result<u16, String> {
    let text = typed.trim();
    if text.is_empty() {
        return Err("Give a port from 1 to 65535.".into());
    }
    match text.parse::<u32>() {
        Ok(0) => Err("Port 0 cannot be reached by anybody. Ports go from 1 to 65535; enrolment uses 443.".into()),
        Ok(number) => u16::try_from(number).map_err(|_| format!("{number} is no port: they go from 1 to 65535.")),
        Err(_) => Err(format!("“{text}” is no port. Ports are whole numbers from 1 to 65535.")),
    }
}

/// Major and minor number of a NetScaler's release: `13.1 build 48.47`.
pub fn release(text: &str) -> Option<(u32, u32)> {
    let (major, rest) = text.split_whitespace().next()?.split_once('.')?;
    Some((major.parse().ok()?, rest.split('.').next()?.parse().ok()?))
}

/// A fully qualified domain name, in lower case without the last dot. From a pasted address its name is taken.
pub fn fqdn(typed: &str) -> Result<String, String> {
    let text = typed.trim();
    let name = text.split_once("://").map_or(text, |(_, rest)| rest.split(['/', '?', '#']).next().unwrap_or_default());
    let name = name.trim_end_matches('.').to_ascii_lowercase();
    if name.is_empty() {
        return Err("Give the name that devices use, for example xms.example.com.".into());
    }
    if name.contains(char::is_whitespace) {
        return Err(format!(
            "“{name}” has a blank in it. Give the one name that devices use, for example xms.example.com."
        ));
    }
    if let Some((host, _)) = name.split_once(':') {
        return Err(format!("A name has no port. Give “{host}” alone; the ports are those of the set-up."));
    }
    if !name.contains('.') {
        return Err(format!("“{name}” has no domain. Give the whole name, for example {name}.example.com."));
    }
    if name.len() > 253 {
        return Err(format!("The name has {} characters; DNS allows 253.", name.len()));
    }
    for label in name.split('.') {
        let fits = (1..=63).contains(&label.len())
            && label.chars().all(|c| c.is_ascii_alphanumeric() || c == '-')
            && !label.starts_with('-')
            && !label.ends_with('-');
        if !fits {
            return Err(format!(
                "“{label}” cannot be a part of a host name: letters, digits and inner hyphens, 1 to 63 of them."
            ));
        }
    }
    if name.parse::<IpAddr>().is_ok() {
        return Err("This is an address. Give the name that devices use.".into());
    }
    Ok(name)
}

/// A node ID: a whole number as a node says it, perhaps signed (`xenmobile.md` 5.1).
pub fn node_id(typed: &str) -> Result<String, String> {
    let text = typed.trim();
    let digits = text.strip_prefix('-').unwrap_or(text);
    if (1..=20).contains(&digits.len()) && digits.bytes().all(|digit| digit.is_ascii_digit()) {
        Ok(text.to_owned())
    } else {
        Err(format!("“{text}” is no node ID: a whole number, for example 3221225995."))
    }
}

/// A title given by people: anything visible, up to 80 characters.
pub fn title(typed: &str, what: &str) -> Result<String, String> {
    let text = typed.trim();
    if text.is_empty() {
        return Err(format!("Give {what} a name."));
    }
    if text.chars().count() > 80 {
        return Err("The name is longer than 80 characters.".into());
    }
    if text.chars().any(inert::is_unseen) {
        return Err("The name has invisible characters. Type it again.".into());
    }
    Ok(text.to_owned())
}

/// The part of a title that may stand in an object's name: `Berlin 2 (new)` becomes `berlin-2-new`.
pub fn slug(title: &str) -> String {
    let mut slug = String::new();
    for c in title.chars() {
        if c.is_ascii_alphanumeric() {
            slug.push(c.to_ascii_lowercase());
        } else if !slug.is_empty() && !slug.ends_with('-') {
            slug.push('-');
        }
    }
    let slug = slug.trim_end_matches('-');
    if slug.is_empty() { "cluster".into() } else { slug.chars().take(40).collect() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_that_nitro_refuses_gets_its_reason() {
        for (typed, part) in [
            ("", "Give the object a name"),
            ("1st", "begin with a letter"),
            ("a b", "“ ” is not allowed"),
            ("sg[1-3]", "“[” is not allowed"),
            ("_XM_LB", "vendor's wizard"),
            (&"x".repeat(128), "takes 127"),
        ] {
            let sentence = object_name(typed).unwrap_err();
            assert!(sentence.contains(part), "{typed}: {sentence}");
        }
        assert_eq!(object_name(" xms-berlin-mdm-443 ").unwrap(), "xms-berlin-mdm-443");
    }

    #[test]
    fn addresses_ports_and_names_are_checked() {
        assert!(unicast_v4("10.20.40.51", "the VIP").is_ok());
        for bad in
            ["", "10.20.40", "10.20.40.256", "0.0.0.0", "224.0.0.1", "127.0.0.1", "255.255.255.255", "::1", "vip"]
        {
            assert!(unicast_v4(bad, "the VIP").is_err(), "{bad}");
        }
        assert_eq!(port("443").unwrap(), 443);
        for bad in ["", "0", "65536", "-1", "https", "4.5"] {
            assert!(port(bad).is_err(), "{bad}");
        }
        assert_eq!(fqdn("XMS.Example.com.").unwrap(), "xms.example.com");
        assert_eq!(fqdn("https://xms.example.com/zdm").unwrap(), "xms.example.com");
        assert!(fqdn("https://XMS example").unwrap_err().contains("blank"));
        assert!(fqdn("xms.example.com:8443").unwrap_err().contains("no port"));
        for bad in ["", "xms", "a..b", "-a.b", "a_b.c", "10.0.0.1", "https://", "::1"] {
            assert!(fqdn(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn slugs_can_stand_in_names() {
        assert_eq!(slug("Berlin 2 (new)"), "berlin-2-new");
        assert_eq!(slug("§§"), "cluster");
    }
}
