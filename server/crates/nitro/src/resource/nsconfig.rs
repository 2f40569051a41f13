use super::{Resource, SystemType};
use crate::de;
use serde::Deserialize;

/// The system as a whole (`nitro.md` 3.3).
#[derive(Debug, Clone, PartialEq, Default, Deserialize)]
#[serde(default)]
pub struct NsConfig {
    /// The management address, NSIP.
    #[serde(deserialize_with = "de::opt_text")]
    pub ipaddress: Option<String>,
    /// Its mask.
    #[serde(deserialize_with = "de::opt_text")]
    pub netmask: Option<String>,
    /// Stand-alone, pair or cluster.
    #[serde(deserialize_with = "de::opt_word")]
    pub systemtype: Option<SystemType>,
    /// The primary's address, seen from either node.
    #[serde(deserialize_with = "de::opt_text")]
    pub primaryip: Option<String>,
    /// Whether the running configuration differs from the last save; absent on old builds.
    #[serde(deserialize_with = "de::opt_bool")]
    pub configchanged: Option<bool>,
    /// Text in the appliance's local time, `Wed Dec  4 10:30:15 2024`; compare for equality.
    #[serde(deserialize_with = "de::opt_text")]
    pub lastconfigchangedtime: Option<String>,
    /// As above.
    #[serde(deserialize_with = "de::opt_text")]
    pub lastconfigsavetime: Option<String>,
    /// As above; the spelling is NITRO's.
    #[serde(deserialize_with = "de::opt_text")]
    pub currentsytemtime: Option<String>,
    /// Seconds since 1970, by the appliance's clock.
    #[serde(deserialize_with = "de::opt_i64")]
    pub systemtime: Option<i64>,
    /// Its time zone's name.
    #[serde(deserialize_with = "de::opt_text")]
    pub timezone: Option<String>,
}

impl Resource for NsConfig {
    const NAME: &'static str = "nsconfig";
    const KEYS: &'static [&'static str] = &[];
}
