//! What hangs together: members of groups, groups of virtual servers, monitors of members.

use super::{AdminState, Resource, StateWord};
use crate::de;
use serde::Deserialize;

/// A member of a service group (`nitro.md` 3.8).
#[derive(Debug, Clone, PartialEq, Default, Deserialize)]
#[serde(default)]
pub struct ServiceGroupMember {
    /// The group.
    #[serde(deserialize_with = "de::text")]
    pub servicegroupname: String,
    /// The server; its address where it was bound by address.
    #[serde(deserialize_with = "de::opt_text")]
    pub servername: Option<String>,
    /// The server's address.
    #[serde(deserialize_with = "de::opt_text")]
    pub ip: Option<String>,
    /// The port; 65535 stands for any.
    #[serde(deserialize_with = "de::opt_u16")]
    pub port: Option<u16>,
    /// Its state.
    #[serde(deserialize_with = "de::opt_word")]
    pub svrstate: Option<StateWord>,
    /// What an administrator wants.
    #[serde(deserialize_with = "de::opt_word")]
    pub state: Option<AdminState>,
    /// 1 to 100.
    #[serde(deserialize_with = "de::opt_u64")]
    pub weight: Option<u64>,
    /// What CUSTOMSERVERID persistence looks for; `None` (the word) when not set.
    #[serde(deserialize_with = "de::opt_text")]
    pub customserverid: Option<String>,
    /// The older, numeric form of the same.
    #[serde(deserialize_with = "de::opt_u64")]
    pub serverid: Option<u64>,
    /// For hashing methods; 0 when not set.
    #[serde(deserialize_with = "de::opt_u64")]
    pub hashid: Option<u64>,
    /// Seconds of a drain.
    #[serde(deserialize_with = "de::opt_u64")]
    pub delay: Option<u64>,
    /// Whether a drain waits for connections.
    #[serde(deserialize_with = "de::opt_yes_no")]
    pub graceful: Option<bool>,
    /// Text in the appliance's local time.
    #[serde(deserialize_with = "de::opt_text")]
    pub statechangetimesec: Option<String>,
    /// Ticks of 10 ms.
    #[serde(deserialize_with = "de::opt_u64")]
    pub tickssincelaststatechange: Option<u64>,
}

impl Resource for ServiceGroupMember {
    const NAME: &'static str = "servicegroup_servicegroupmember_binding";
    const KEYS: &'static [&'static str] = &["servicegroupname"];
}

impl ServiceGroupMember {
    /// The server ID, unless it is the default, which some builds print with quotes.
    pub fn custom_server_id(&self) -> Option<&str> {
        let id = self.customserverid.as_deref()?.trim().trim_matches('"');
        (!id.is_empty() && !id.eq_ignore_ascii_case("none")).then_some(id)
    }
}

/// A service group bound to a virtual server (`nitro.md` 3.12).
#[derive(Debug, Clone, PartialEq, Default, Deserialize)]
#[serde(default)]
pub struct LbVserverServiceGroupBinding {
    /// The virtual server; some versions leave it odd.
    #[serde(deserialize_with = "de::text")]
    pub name: String,
    /// The group. Match on this one; `servicename` only repeats it.
    #[serde(deserialize_with = "de::text")]
    pub servicegroupname: String,
}

impl Resource for LbVserverServiceGroupBinding {
    const NAME: &'static str = "lbvserver_servicegroup_binding";
    const KEYS: &'static [&'static str] = &["servicegroupname"];
}

/// What a monitor says about a member: the resource that explains a DOWN (`nitro.md` 3.9).
#[derive(Debug, Clone, PartialEq, Default, Deserialize)]
#[serde(default)]
pub struct ServiceGroupEntityMonBinding {
    /// `<group>?<server>?<port>`; see [`member`](Self::member).
    #[serde(deserialize_with = "de::text")]
    pub servicegroupentname2: String,
    /// The group.
    #[serde(deserialize_with = "de::opt_text")]
    pub servicegroupname: Option<String>,
    /// The monitor.
    #[serde(deserialize_with = "de::text")]
    pub monitor_name: String,
    /// Its verdict.
    #[serde(deserialize_with = "de::opt_word")]
    pub monitor_state: Option<StateWord>,
    /// Its reason, for people.
    #[serde(deserialize_with = "de::opt_text")]
    pub lastresponse: Option<String>,
    /// Probes since the start.
    #[serde(deserialize_with = "de::opt_u64")]
    pub monitortotalprobes: Option<u64>,
    /// Failed ones of them.
    #[serde(deserialize_with = "de::opt_u64")]
    pub monitortotalfailedprobes: Option<u64>,
    /// Failed ones in a row until now.
    #[serde(deserialize_with = "de::opt_u64")]
    pub monitorcurrentfailedprobes: Option<u64>,
    /// Its weight.
    #[serde(deserialize_with = "de::opt_u64")]
    pub weight: Option<u64>,
    /// The member's port.
    #[serde(deserialize_with = "de::opt_u16")]
    pub port: Option<u16>,
    /// A passive monitor does not count for the state.
    #[serde(deserialize_with = "de::opt_bool")]
    pub passive: Option<bool>,
}

impl Resource for ServiceGroupEntityMonBinding {
    const NAME: &'static str = "servicegroup_servicegroupentitymonbindings_binding";
    const KEYS: &'static [&'static str] = &["monitor_name"];
}

impl ServiceGroupEntityMonBinding {
    /// Group, server and port.
    pub fn member(&self) -> Option<(&str, &str, u16)> {
        let (rest, port) = self.servicegroupentname2.rsplit_once('?')?;
        let (group, server) = rest.rsplit_once('?')?;
        Some((group, server, port.trim().parse().ok()?))
    }
}
