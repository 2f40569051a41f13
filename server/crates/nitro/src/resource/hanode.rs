use super::{HaRole, Resource};
use crate::de;
use serde::Deserialize;

/// A node of a pair; a stand-alone appliance has one (`nitro.md` 3.4).
#[derive(Debug, Clone, PartialEq, Default, Deserialize)]
#[serde(default)]
pub struct HaNode {
    /// 0 is always the node that answers.
    #[serde(deserialize_with = "de::opt_u64")]
    pub id: Option<u64>,
    /// Its host name.
    #[serde(deserialize_with = "de::opt_text")]
    pub name: Option<String>,
    /// Its management address.
    #[serde(deserialize_with = "de::opt_text")]
    pub ipaddress: Option<String>,
    /// The role; this tells the primary.
    #[serde(deserialize_with = "de::opt_word")]
    pub state: Option<HaRole>,
    /// `UP` when enabled and healthy; also INIT, DUMB, DOWN, PARTIALFAIL, STAYSECONDARY and more.
    #[serde(deserialize_with = "de::opt_text")]
    pub hastatus: Option<String>,
    /// `ENABLED`, `DISABLED`, `SUCCESS`, `IN PROGRESS`.
    #[serde(deserialize_with = "de::opt_text")]
    pub hasync: Option<String>,
    /// Whether commands are passed on to the peer.
    #[serde(deserialize_with = "de::opt_enabled")]
    pub haprop: Option<bool>,
    /// Seconds in the present role.
    #[serde(deserialize_with = "de::opt_u64")]
    pub masterstatetime: Option<u64>,
    /// Why the last synchronisation failed; newer releases.
    #[serde(deserialize_with = "de::opt_text")]
    pub hasyncfailurereason: Option<String>,
}

impl Resource for HaNode {
    const NAME: &'static str = "hanode";
    const KEYS: &'static [&'static str] = &["id"];
}

impl HaNode {
    /// Whether this is the node that answered.
    pub fn is_self(&self) -> bool {
        self.id == Some(0)
    }

    /// Whether a synchronisation is running; commands are not passed on meanwhile.
    pub fn is_syncing(&self) -> bool {
        self.hasync.as_deref().is_some_and(|word| word.trim().eq_ignore_ascii_case("IN PROGRESS"))
    }
}
