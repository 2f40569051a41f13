use super::{AdminState, Resource};
use crate::de;
use serde::Deserialize;

/// A named address behind the appliance (`nitro.md` 3.6).
#[derive(Debug, Clone, PartialEq, Default, Deserialize)]
#[serde(default)]
pub struct Server {
    /// The name; the address itself where the appliance made it for a member bound by address.
    #[serde(deserialize_with = "de::text")]
    pub name: String,
    /// The address; absent for one with a domain.
    #[serde(deserialize_with = "de::opt_text")]
    pub ipaddress: Option<String>,
    /// The DNS name that the appliance resolves.
    #[serde(deserialize_with = "de::opt_text")]
    pub domain: Option<String>,
    /// What an administrator wants. Disabled takes all its members out of service.
    #[serde(deserialize_with = "de::opt_word")]
    pub state: Option<AdminState>,
    /// For people.
    #[serde(deserialize_with = "de::opt_text")]
    pub comment: Option<String>,
    /// The traffic domain.
    #[serde(deserialize_with = "de::opt_u64")]
    pub td: Option<u64>,
    /// Text in the appliance's local time.
    #[serde(deserialize_with = "de::opt_text")]
    pub statechangetimesec: Option<String>,
    /// Ticks of 10 ms.
    #[serde(deserialize_with = "de::opt_u64")]
    pub tickssincelaststatechange: Option<u64>,
}

impl Resource for Server {
    const NAME: &'static str = "server";
    const KEYS: &'static [&'static str] = &["name"];
}
