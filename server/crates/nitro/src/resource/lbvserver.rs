use super::{Persistence, Resource, ServiceType, StateWord};
use crate::de;
use serde::Deserialize;

/// A virtual server (`nitro.md` 3.11). The administrative state is never returned: `OUT OF SERVICE` shows it.
#[derive(Debug, Clone, PartialEq, Default, Deserialize)]
#[serde(default)]
pub struct LbVserver {
    /// The name.
    #[serde(deserialize_with = "de::text")]
    pub name: String,
    /// The protocol; cannot be changed.
    #[serde(deserialize_with = "de::opt_word")]
    pub servicetype: Option<ServiceType>,
    /// The address; 0.0.0.0 for one that cannot be addressed.
    #[serde(deserialize_with = "de::opt_text")]
    pub ipv46: Option<String>,
    /// The port; cannot be changed.
    #[serde(deserialize_with = "de::opt_u16")]
    pub port: Option<u16>,
    /// Its own state.
    #[serde(deserialize_with = "de::opt_word")]
    pub curstate: Option<StateWord>,
    /// Its state with the backup virtual servers.
    #[serde(deserialize_with = "de::opt_word")]
    pub effectivestate: Option<StateWord>,
    /// NITRO's `value`: `Certkey not bound` or `SSL feature disabled`; absent when all is well.
    #[serde(rename = "value", deserialize_with = "de::opt_text")]
    pub ssl_problem: Option<String>,
    /// Percent of the members' weight that is up.
    #[serde(deserialize_with = "de::opt_f64")]
    pub health: Option<f64>,
    /// Members.
    #[serde(deserialize_with = "de::opt_u64")]
    pub totalservices: Option<u64>,
    /// Members that are up.
    #[serde(deserialize_with = "de::opt_u64")]
    pub activeservices: Option<u64>,
    /// 0 to 13: why it is still in the round robin of the start.
    #[serde(deserialize_with = "de::opt_u64")]
    pub lbrrreason: Option<u64>,
    /// The load-balancing method.
    #[serde(deserialize_with = "de::opt_text")]
    pub lbmethod: Option<String>,
    /// The method of the start.
    #[serde(deserialize_with = "de::opt_text")]
    pub backuplbmethod: Option<String>,
    /// How a client stays on one member. In a persistency group the group's setting rules.
    #[serde(deserialize_with = "de::opt_word")]
    pub persistencetype: Option<Persistence>,
    /// How long, minutes; without meaning for CUSTOMSERVERID.
    #[serde(deserialize_with = "de::opt_u64")]
    pub timeout: Option<u64>,
    /// The second choice.
    #[serde(deserialize_with = "de::opt_word")]
    pub persistencebackup: Option<Persistence>,
    /// Minutes.
    #[serde(deserialize_with = "de::opt_u64")]
    pub backuppersistencetimeout: Option<u64>,
    /// The mask for SOURCEIP.
    #[serde(deserialize_with = "de::opt_text")]
    pub persistmask: Option<String>,
    /// Prefix length for SOURCEIP with IPv6.
    #[serde(deserialize_with = "de::opt_u64")]
    pub v6persistmasklen: Option<u64>,
    /// The expression for RULE and CUSTOMSERVERID; absent when not set.
    #[serde(deserialize_with = "de::opt_text")]
    pub rule: Option<String>,
    /// The expression on the response.
    #[serde(deserialize_with = "de::opt_text")]
    pub resrule: Option<String>,
    /// The cookie for COOKIEINSERT.
    #[serde(deserialize_with = "de::opt_text")]
    pub cookiename: Option<String>,
    /// What persistent clients of a draining member get.
    #[serde(deserialize_with = "de::opt_enabled")]
    pub trofspersistence: Option<bool>,
    /// Idle time of the client's side, seconds.
    #[serde(deserialize_with = "de::opt_u64")]
    pub clttimeout: Option<u64>,
    /// Whether connections are cut when it goes down.
    #[serde(deserialize_with = "de::opt_enabled")]
    pub downstateflush: Option<bool>,
    /// The virtual server that takes over.
    #[serde(deserialize_with = "de::opt_text")]
    pub backupvserver: Option<String>,
    /// The persistency group that it belongs to.
    #[serde(deserialize_with = "de::opt_text")]
    pub groupname: Option<String>,
    /// For people.
    #[serde(deserialize_with = "de::opt_text")]
    pub comment: Option<String>,
    /// The traffic domain.
    #[serde(deserialize_with = "de::opt_u64")]
    pub td: Option<u64>,
    /// Consecutive addresses; 1 as a rule.
    #[serde(deserialize_with = "de::opt_u64")]
    pub range: Option<u64>,
    /// Text in the appliance's local time.
    #[serde(deserialize_with = "de::opt_text")]
    pub statechangetimesec: Option<String>,
    /// Ticks of 10 ms.
    #[serde(deserialize_with = "de::opt_u64")]
    pub tickssincelaststatechange: Option<u64>,
}

impl Resource for LbVserver {
    const NAME: &'static str = "lbvserver";
    const KEYS: &'static [&'static str] = &["name"];
}
