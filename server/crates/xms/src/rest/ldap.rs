//! Directories (`xenmobile.md` 1.12).

use crate::{Error, Item, Request, de};
use serde::Deserialize;
use serde_json::Value;

const WHAT: &str = "directories";

wire::words! {
    /// What people log on with.
    SearchBy {
        /// `name@domain`.
        Upn = "upn",
        /// `domain\name`.
        SamAccount = "samaccount",
    }
}

/// One directory. Its `password` is always empty in answers and is not read.
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct Directory {
    /// The key.
    #[serde(deserialize_with = "de::text")]
    pub name: String,
    /// Such as `msactivedirectory`.
    #[serde(rename = "type", deserialize_with = "de::opt_text")]
    pub kind: Option<String>,
    /// The domain; cannot be changed later.
    #[serde(deserialize_with = "de::text")]
    pub domain: String,
    /// Its short name.
    #[serde(deserialize_with = "de::opt_text")]
    pub domain_alias: Option<String>,
    /// The first server.
    #[serde(deserialize_with = "de::opt_text")]
    pub primary_host: Option<String>,
    /// The second server.
    #[serde(deserialize_with = "de::opt_text")]
    pub secondary_host: Option<String>,
    /// Usually 389.
    #[serde(deserialize_with = "de::opt_u16")]
    pub port: Option<u16>,
    /// Usually 3268.
    #[serde(deserialize_with = "de::opt_u16")]
    pub global_catalog_port: Option<u16>,
    /// Whether LDAPS.
    #[serde(deserialize_with = "de::opt_bool")]
    pub use_secure: Option<bool>,
    /// The account that the servers use.
    #[serde(deserialize_with = "de::opt_text")]
    pub username: Option<String>,
    /// Where users are.
    #[serde(rename = "userBaseDN", deserialize_with = "de::opt_text")]
    pub user_base_dn: Option<String>,
    /// Where groups are.
    #[serde(rename = "groupBaseDN", deserialize_with = "de::opt_text")]
    pub group_base_dn: Option<String>,
    /// What people log on with.
    #[serde(deserialize_with = "de::opt_word")]
    pub user_search_by: Option<SearchBy>,
    /// Failures before an account is locked; 0 for never.
    #[serde(deserialize_with = "de::opt_i64")]
    pub lockout_limit: Option<i64>,
    /// Minutes of a lock.
    #[serde(deserialize_with = "de::opt_i64")]
    pub lockout_time: Option<i64>,
    /// Whether it is the one used where none is named.
    #[serde(deserialize_with = "de::opt_bool")]
    pub default_domain: Option<bool>,
}

/// All of them.
pub fn all() -> Request {
    Request::get("/ldap", WHAT)
}

/// Reads the answer to [`all`].
pub fn read(body: &Value) -> Result<Vec<Item<Directory>>, Error> {
    de::list(body, "adList", WHAT)
}
