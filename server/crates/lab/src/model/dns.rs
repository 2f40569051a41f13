//! Address records of the appliance's own name service.

use std::net::Ipv4Addr;

/// All addresses of one name; they share one time to live.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Record {
    /// As it was first given, without a dot at the end.
    pub host: String,
    /// Seconds.
    pub ttl: i64,
    pub addresses: Vec<Ipv4Addr>,
}
