//! Who a request comes from, once that is known.

use std::net::{IpAddr, Ipv4Addr};

/// The name of the one partition that is always there.
pub(crate) const DEFAULT_PARTITION: &str = "default";

/// The appliance itself, in its own log.
pub(crate) const INTERNAL: &str = "#nsinternal#";

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Caller {
    pub user: String,
    /// Everything is allowed: the superuser and the lab itself.
    pub superuser: bool,
    /// The session, if there is one.
    pub sid: Option<u64>,
    pub partition: String,
    pub from: IpAddr,
    /// The appliance of a pair from which the command comes over.
    pub propagated_by: Option<Ipv4Addr>,
    /// The word of the audit log: `API`, `GUI` or `CLI`.
    pub interface: &'static str,
}

impl Caller {
    /// Somebody on this machine, as all clients are, over NITRO.
    pub fn new(user: &str, superuser: bool) -> Self {
        Self {
            user: user.to_owned(),
            superuser,
            sid: None,
            partition: DEFAULT_PARTITION.to_owned(),
            from: Ipv4Addr::LOCALHOST.into(),
            propagated_by: None,
            interface: "API",
        }
    }

    /// The appliance itself.
    pub fn lab() -> Self {
        Self::new(INTERNAL, true)
    }

    pub fn in_default_partition(&self) -> bool {
        self.partition == DEFAULT_PARTITION
    }
}
