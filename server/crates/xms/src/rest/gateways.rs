//! `NetScaler` Gateways as the cluster knows them (`xenmobile.md` 1.9).

use crate::{Error, Item, Method, Request, de};
use serde::Deserialize;
use serde_json::{Value, json};

const PATH: &str = "/netscaler";
const WHAT: &str = "gateways";

wire::words! {
    /// How people log on at the Gateway. The samples in the reference write `Domain` where its list says `domain-only`.
    LogonType {
        /// Directory password.
        Domain = "Domain" | "domain-only",
        /// Directory password and token.
        DomainToken = "domain-token",
        /// Directory password and certificate.
        DomainCertificate = "domain-certificate",
        /// Certificate.
        Certificate = "certificate-only",
        /// Certificate and token.
        CertificateToken = "certificate-token",
        /// Token.
        Token = "token-only",
    }
}

/// One Gateway.
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct Gateway {
    /// The key for changes.
    #[serde(deserialize_with = "de::opt_text")]
    pub id: Option<String>,
    /// Its name.
    #[serde(deserialize_with = "de::text")]
    pub name: String,
    /// Another name.
    #[serde(deserialize_with = "de::opt_text")]
    pub alias: Option<String>,
    /// The public URL.
    #[serde(deserialize_with = "de::text")]
    pub url: String,
    /// Whether a password is asked for as well.
    #[serde(deserialize_with = "de::opt_bool")]
    pub password_required: Option<bool>,
    /// How people log on.
    #[serde(deserialize_with = "de::opt_word")]
    pub logon_type: Option<LogonType>,
    /// Whether it is the one used where none is named; exactly one should be.
    #[serde(deserialize_with = "de::opt_bool")]
    pub default: Option<bool>,
    /// Where the server calls the Gateway back.
    #[serde(deserialize_with = "de::objects")]
    pub callback: Vec<Callback>,
}

/// A way back to the Gateway.
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct Callback {
    /// The URL called.
    #[serde(deserialize_with = "de::text")]
    pub callback_url: String,
    /// The Gateway's address.
    #[serde(deserialize_with = "de::text")]
    pub ip: String,
}

impl Gateway {
    fn body(&self) -> Value {
        json!({
            "name": self.name,
            "alias": self.alias.as_deref().unwrap_or_default(),
            "url": self.url,
            "passwordRequired": self.password_required.unwrap_or_default(),
            "logonType": self.logon_type.as_ref().map_or("Domain", LogonType::as_str),
            "default": self.default.unwrap_or_default(),
            "callback": self.callback.iter().map(|way| json!({"callbackUrl": way.callback_url, "ip": way.ip})).collect::<Vec<_>>(),
        })
    }
}

/// All of them.
pub fn all() -> Request {
    Request::get(PATH, WHAT)
}

/// Adds one.
pub fn add(gateway: &Gateway) -> Request {
    Request::write(Method::Post, PATH, WHAT, Some(gateway.body()))
}

/// Changes one, by its id.
pub fn edit(id: &str, gateway: &Gateway) -> Request {
    Request::write(Method::Put, format!("{PATH}/{}", Request::segment(id)), WHAT, Some(gateway.body()))
}

/// Makes one the default.
pub fn make_default(id: &str) -> Request {
    Request::write(Method::Put, format!("{PATH}/default/{}", Request::segment(id)), WHAT, None)
}

/// Deletes one.
pub fn remove(id: &str) -> Request {
    Request::write(Method::Delete, format!("{PATH}/{}", Request::segment(id)), WHAT, None)
}

/// Reads the answer to [`all`]. The key is `agList`, from the days of the Access Gateway.
pub fn read(body: &Value) -> Result<Vec<Item<Gateway>>, Error> {
    de::list(body, "agList", WHAT)
}
