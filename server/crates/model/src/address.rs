//! Where an appliance is, from what people have at hand: typed, or pasted from the address bar of its own pages.

use crate::names;
use std::net::{Ipv4Addr, Ipv6Addr};

/// Scheme (TLS or not), host and port from `10.0.0.10`, `ns.example.com:8443`, `[2001:db8::10]:8443` or
/// `https://10.0.0.10/menu/neo`. What follows the host in a pasted address is a page of the appliance and no part of it.
pub fn address(typed: &str) -> Result<(bool, String, u16), String> {
    let text = typed.trim();
    if text.is_empty() {
        return Err("Give the management address (NSIP), for example 10.0.0.10.".into());
    }
    let (tls, rest) = match text.split_once("://") {
        None => (true, text),
        Some((scheme, rest)) if scheme.eq_ignore_ascii_case("https") => (true, rest),
        Some((scheme, rest)) if scheme.eq_ignore_ascii_case("http") => (false, rest),
        Some((other, _)) => {
            return Err(format!("“{other}://” is not spoken by a NetScaler. Use https:// or leave it out."));
        }
    };
    let rest = rest.split(['/', '?', '#']).next().unwrap_or_default();
    if rest.contains('@') {
        // Not repeated: somebody may have put a password before it.
        return Err("There is an “@” in the address. Leave the account out of it; it has a field of its own.".into());
    }
    let (host, port) = apart(rest)?;
    Ok((tls, host, port.unwrap_or(if tls { 443 } else { 80 })))
}

/// `host:port`, both given.
pub fn host_port(typed: &str) -> Result<String, String> {
    match apart(typed.trim())? {
        (host, Some(port)) => Ok(join(&host, port)),
        (_, None) => Err("Give host and port, for example 10.9.9.9:1080.".into()),
    }
}

/// With brackets around an IPv6 address.
pub fn bracketed(host: &str) -> String {
    if host.contains(':') { format!("[{host}]") } else { host.to_owned() }
}

fn join(host: &str, port: u16) -> String {
    format!("{}:{port}", bracketed(host))
}

/// Host and port; an IPv6 address comes without brackets, and with a port only where it had them.
fn apart(text: &str) -> Result<(String, Option<u16>), String> {
    if let Some(rest) = text.strip_prefix('[') {
        let (inner, after) = rest.split_once(']').ok_or_else(|| no_v6(text))?;
        let host = inner.parse::<Ipv6Addr>().map_err(|_| no_v6(inner))?.to_string();
        return match after.strip_prefix(':') {
            Some(port) => Ok((host, Some(names::port(port)?))),
            None if after.is_empty() => Ok((host, None)),
            None => Err(no_v6(text)),
        };
    }
    match text.split_once(':') {
        None => Ok((host_name(text)?, None)),
        Some((_, rest)) if rest.contains(':') => {
            Ok((text.parse::<Ipv6Addr>().map_err(|_| no_v6(text))?.to_string(), None))
        }
        Some((host, port)) => Ok((host_name(host)?, Some(names::port(port)?))),
    }
}

fn no_v6(text: &str) -> String {
    format!("“{text}” is no IPv6 address. With a port, write it in brackets, for example [2001:db8::10]:8443.")
}

fn host_name(host: &str) -> Result<String, String> {
    let looks_like_address = !host.is_empty() && host.chars().all(|c| c.is_ascii_digit() || c == '.');
    if looks_like_address && host.parse::<Ipv4Addr>().is_err() {
        return Err(format!("“{host}” is no IPv4 address: four numbers from 0 to 255 with dots between."));
    }
    let fits = !host.is_empty()
        && host.len() <= 253
        && host.chars().all(|c| c.is_ascii_alphanumeric() || c == '.' || c == '-')
        && !host.starts_with(['-', '.'])
        && !host.ends_with('-');
    if fits { Ok(host.to_ascii_lowercase()) } else { Err(format!("“{host}” is no address and no host name.")) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_in_all_spellings() {
        for (typed, tls, host, port) in [
            ("10.0.0.10", true, "10.0.0.10", 443),
            ("https://NS.example.com:8443/", true, "ns.example.com", 8443),
            ("HTTPS://10.0.0.10", true, "10.0.0.10", 443),
            ("http://10.0.0.10", false, "10.0.0.10", 80),
            // As they are pasted from the appliance's own pages.
            ("https://10.0.0.10/menu/neo", true, "10.0.0.10", 443),
            ("https://10.0.0.10/admin_ui/rdx/core/html/index.html#lb;main?a=1:2", true, "10.0.0.10", 443),
            ("https://ns1.example.com:8443/menu/ss?redirect=https://x/", true, "ns1.example.com", 8443),
            ("2001:db8::10", true, "2001:db8::10", 443),
            ("2001:DB8:0:0::10", true, "2001:db8::10", 443),
            ("[2001:db8::10]", true, "2001:db8::10", 443),
            ("https://[2001:db8::10]:8443/menu/neo", true, "2001:db8::10", 8443),
        ] {
            assert_eq!(address(typed), Ok((tls, host.to_owned(), port)), "{typed}");
        }
        let bad =
            ["", "ftp://x", "10.0.0", "10.0.0.300", "a b", "x:0", "https://", "2001:db8::g", "[::1", "[::1]x", "::1:"];
        for bad in bad {
            let sentence = address(bad).expect_err(bad);
            assert!(sentence.ends_with('.'), "{bad}: {sentence}");
        }
        assert!(!address("https://nsroot:geheim@10.0.0.10").unwrap_err().contains("geheim"));
    }

    #[test]
    fn a_way_has_host_and_port() {
        assert_eq!(host_port("127.0.0.1:1080").unwrap(), "127.0.0.1:1080");
        assert_eq!(host_port("[::1]:1080").unwrap(), "[::1]:1080");
        for bad in ["", "127.0.0.1", "::1", "[::1]", "a:b"] {
            assert!(host_port(bad).is_err(), "{bad}");
        }
    }
}
