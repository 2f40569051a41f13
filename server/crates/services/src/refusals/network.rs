//! Where a request comes from, as far as it tells one household from another: a whole IPv6 network of somebody's counts
//! once, for they have as many addresses in it as they like.

use std::{
    fmt,
    net::{IpAddr, Ipv4Addr, Ipv6Addr},
};

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Network {
    V4(Ipv4Addr),
    /// The first 64 bits.
    V6(Ipv6Addr),
    /// No address is known: the console's own command line, a test.
    Unknown,
}

impl Network {
    /// From an address as it stands in [`crate::Origin::from`].
    pub fn of(address: &str) -> Self {
        address.parse().map_or(Self::Unknown, Self::of_address)
    }

    pub fn of_address(address: IpAddr) -> Self {
        match address.to_canonical() {
            IpAddr::V4(address) => Self::V4(address),
            IpAddr::V6(address) => Self::V6(Ipv6Addr::from_bits(address.to_bits() & (u128::MAX << 64))),
        }
    }
}

impl fmt::Display for Network {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::V4(address) => address.fmt(f),
            Self::V6(address) => write!(f, "{address}/64"),
            Self::Unknown => f.write_str("an address that is not known"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_network_of_version_six_is_one() {
        let one = Network::of("2001:db8:1:2:3:4:5:6");
        assert_eq!((one, one.to_string().as_str()), (Network::of("2001:db8:1:2::1"), "2001:db8:1:2::/64"));
        assert_ne!(one, Network::of("2001:db8:1:3::1"));
        assert_eq!(Network::of("::ffff:192.0.2.7"), Network::of("192.0.2.7"), "the same host by another name");
        assert_ne!(Network::of("192.0.2.7"), Network::of("192.0.2.8"));
        assert_eq!((Network::of(""), Network::of("demo")), (Network::Unknown, Network::Unknown));
    }
}
