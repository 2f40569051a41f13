use super::{AdminState, IpType, Resource};
use crate::de;
use serde::Deserialize;

/// An address that the appliance owns (`nitro.md` 3.5).
#[derive(Debug, Clone, PartialEq, Default, Deserialize)]
#[serde(default)]
pub struct NsIp {
    /// The address.
    #[serde(deserialize_with = "de::text")]
    pub ipaddress: String,
    /// Its mask; 255.255.255.255 for a VIP made by a virtual server.
    #[serde(deserialize_with = "de::opt_text")]
    pub netmask: Option<String>,
    /// What it is for.
    #[serde(rename = "type", deserialize_with = "de::opt_word")]
    pub kind: Option<IpType>,
    /// What an administrator wants.
    #[serde(deserialize_with = "de::opt_word")]
    pub state: Option<AdminState>,
    /// The traffic domain.
    #[serde(deserialize_with = "de::opt_u64")]
    pub td: Option<u64>,
    /// Whether NITRO and the like answer here.
    #[serde(deserialize_with = "de::opt_enabled")]
    pub mgmtaccess: Option<bool>,
    /// Virtual servers on a VIP.
    #[serde(deserialize_with = "de::opt_u64")]
    pub vipvsercount: Option<u64>,
    /// Those of them that are down.
    #[serde(deserialize_with = "de::opt_u64")]
    pub vipvserdowncount: Option<u64>,
}

impl Resource for NsIp {
    const NAME: &'static str = "nsip";
    const KEYS: &'static [&'static str] = &["ipaddress"];
}
