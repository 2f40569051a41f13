use super::Resource;
use crate::{Item, de};
use serde::Deserialize;

/// Which features are on (`nitro.md` 3.2).
#[derive(Debug, Clone, PartialEq, Default, Deserialize)]
#[serde(default)]
pub struct NsFeature {
    /// The tokens of those that are on: `LB`, `SSL`, `SSLVPN`.
    #[serde(deserialize_with = "de::texts")]
    pub feature: Vec<String>,
}

impl Resource for NsFeature {
    const NAME: &'static str = "nsfeature";
    const KEYS: &'static [&'static str] = &[];
}

impl Item<NsFeature> {
    /// Whether a feature is on. `None` when the answer says nothing about it: neither in the list nor by a flag.
    pub fn is_on(&self, token: &str) -> Option<bool> {
        if self.feature.iter().any(|on| on.eq_ignore_ascii_case(token)) {
            return Some(true);
        }
        let flag = self.raw.iter().find(|(key, _)| *key != "feature" && key.eq_ignore_ascii_case(token));
        match flag {
            Some((_, value)) => de::as_bool(value),
            // A list that is there names all that is on.
            None => self.raw.contains_key("feature").then_some(false),
        }
    }
}
