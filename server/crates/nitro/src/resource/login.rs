use super::Resource;
use crate::de;
use serde::Deserialize;

/// The answer to a login (`nitro.md` 1.3). The token mostly stands beside the resource's key, not under it; the
/// client looks in both places and in the cookies. No `Debug`: the token is a secret.
#[derive(Clone, PartialEq, Eq, Default, Deserialize)]
#[serde(default)]
pub struct Login {
    /// The session's token.
    #[serde(deserialize_with = "de::opt_text")]
    pub sessionid: Option<String>,
}

impl Resource for Login {
    const NAME: &'static str = "login";
    const KEYS: &'static [&'static str] = &[];
}
