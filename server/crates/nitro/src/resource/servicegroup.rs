use super::{AdminState, GroupState, Resource, ServiceType, StateWord};
use crate::de;
use serde::Deserialize;

/// A service group (`nitro.md` 3.7).
#[derive(Debug, Clone, PartialEq, Default, Deserialize)]
#[serde(default)]
pub struct ServiceGroup {
    /// The name.
    #[serde(deserialize_with = "de::text")]
    pub servicegroupname: String,
    /// The protocol; cannot be changed.
    #[serde(deserialize_with = "de::opt_word")]
    pub servicetype: Option<ServiceType>,
    /// What an administrator wants.
    #[serde(deserialize_with = "de::opt_word")]
    pub state: Option<AdminState>,
    /// The sum of the members' states.
    #[serde(deserialize_with = "de::opt_word")]
    pub servicegroupeffectivestate: Option<GroupState>,
    /// The group's own state word.
    #[serde(deserialize_with = "de::opt_word")]
    pub svrstate: Option<StateWord>,
    /// NITRO's `value`: `Certkey not bound` or `SSL feature disabled`; absent when all is well.
    #[serde(rename = "value", deserialize_with = "de::opt_text")]
    pub ssl_problem: Option<String>,
    /// With `NO`, members are always UP.
    #[serde(deserialize_with = "de::opt_yes_no")]
    pub healthmonitor: Option<bool>,
    /// The weight of passing monitors that makes a member UP; 0: all must pass.
    #[serde(deserialize_with = "de::opt_u64")]
    pub monthreshold: Option<u64>,
    /// Idle time of the client's side, seconds.
    #[serde(deserialize_with = "de::opt_u64")]
    pub clttimeout: Option<u64>,
    /// Idle time of the server's side, seconds.
    #[serde(deserialize_with = "de::opt_u64")]
    pub svrtimeout: Option<u64>,
    /// Connections per member at most; 0: no limit.
    #[serde(deserialize_with = "de::opt_u64")]
    pub maxclient: Option<u64>,
    /// Requests per connection at most; 0: no limit.
    #[serde(deserialize_with = "de::opt_u64")]
    pub maxreq: Option<u64>,
    /// Whether members see the client's address.
    #[serde(deserialize_with = "de::opt_yes_no")]
    pub usip: Option<bool>,
    /// Whether the client's address is put into a header.
    #[serde(deserialize_with = "de::opt_enabled")]
    pub cip: Option<bool>,
    /// Whether connections of a member that goes down are cut.
    #[serde(deserialize_with = "de::opt_enabled")]
    pub downstateflush: Option<bool>,
    /// `DISABLED`, `DNS`, `POLICY` and more.
    #[serde(deserialize_with = "de::opt_text")]
    pub autoscale: Option<String>,
    /// The traffic domain.
    #[serde(deserialize_with = "de::opt_u64")]
    pub td: Option<u64>,
    /// For people.
    #[serde(deserialize_with = "de::opt_text")]
    pub comment: Option<String>,
    /// Profile names.
    #[serde(deserialize_with = "de::opt_text")]
    pub tcpprofilename: Option<String>,
    /// As above.
    #[serde(deserialize_with = "de::opt_text")]
    pub httpprofilename: Option<String>,
    /// As above.
    #[serde(deserialize_with = "de::opt_text")]
    pub netprofile: Option<String>,
}

impl Resource for ServiceGroup {
    const NAME: &'static str = "servicegroup";
    const KEYS: &'static [&'static str] = &["servicegroupname"];
}
