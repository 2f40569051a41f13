//! Addresses that are nobody else's.

use std::net::IpAddr;

/// This machine itself, or what only its neighbours on one cable have.
pub fn is_near(ip: IpAddr) -> bool {
    match ip {
        IpAddr::V4(v4) => v4.is_loopback() || v4.is_link_local() || v4.is_unspecified() || v4.is_broadcast(),
        IpAddr::V6(v6) => match v6.to_ipv4_mapped() {
            Some(v4) => is_near(v4.into()),
            None => v6.is_loopback() || v6.is_unspecified() || v6.is_unicast_link_local(),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_near_is_no_appliance() {
        for near in ["127.0.0.1", "127.9.9.9", "169.254.169.254", "0.0.0.0", "::1", "::", "fe80::1", "::ffff:127.0.0.1"]
        {
            assert!(is_near(near.parse().unwrap()), "{near}");
        }
        for far in ["10.0.0.10", "192.168.1.1", "2001:db8::10", "fd00::1", "::ffff:10.0.0.10"] {
            assert!(!is_near(far.parse().unwrap()), "{far}");
        }
    }
}
