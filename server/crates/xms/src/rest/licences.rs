//! Licences (`xenmobile.md` 1.11). `GET /licenses/activate/{type}` changes state although it is a GET; it is not here.

use crate::{Error, Item, Object, Request, de};
use serde::Deserialize;
use serde_json::{Value, json};

const WHAT: &str = "licences";

wire::words! {
    /// Where licences come from.
    ServerType {
        /// A licence server.
        Remote = "remote",
        /// A file on the node.
        Local = "local",
    }
}

/// The licence server and what it gives.
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct LicenceServer {
    /// Its address.
    #[serde(deserialize_with = "de::opt_text")]
    pub server_address: Option<String>,
    /// The licensing port, usually 27000.
    #[serde(deserialize_with = "de::opt_u16")]
    pub remote_port: Option<u16>,
    /// The web port, usually 8083.
    #[serde(deserialize_with = "de::opt_u16")]
    pub server_port: Option<u16>,
    /// Where licences come from.
    #[serde(deserialize_with = "de::opt_word")]
    pub server_type: Option<ServerType>,
    /// As written.
    #[serde(deserialize_with = "de::opt_text")]
    pub license_type: Option<String>,
    /// Whether one is set up.
    #[serde(deserialize_with = "de::opt_bool")]
    pub is_server_configured: Option<bool>,
    /// Days of grace left.
    #[serde(deserialize_with = "de::opt_i64")]
    pub grace_period_left: Option<i64>,
    /// The licences.
    #[serde(deserialize_with = "de::objects")]
    pub license_list: Vec<Licence>,
    /// Who is told before they end.
    #[serde(deserialize_with = "de::opt_object")]
    pub license_notification: Option<Notification>,
}

/// One licence.
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct Licence {
    /// The product, such as `CXM_ENTU_UD`.
    #[serde(rename = "p_E_M", deserialize_with = "de::opt_text")]
    pub product: Option<String>,
    /// Such as `Retail`.
    #[serde(deserialize_with = "de::opt_text")]
    pub license_type: Option<String>,
    /// `DD-MON-YYYY`.
    #[serde(deserialize_with = "de::opt_text")]
    pub expiration_date: Option<String>,
    /// As the server counts.
    #[serde(deserialize_with = "de::opt_i64")]
    pub remaining_days: Option<i64>,
    /// `YYYY.MMDD`, kept as it was written: as a number it would lose a zero.
    #[serde(deserialize_with = "de::opt_text")]
    pub sadate: Option<String>,
    /// Taken.
    #[serde(deserialize_with = "de::opt_i64")]
    pub licenses_in_use: Option<i64>,
    /// Whether this means free or all is not documented: show it by its own name.
    #[serde(deserialize_with = "de::opt_i64")]
    pub licenses_available: Option<i64>,
    /// Beyond what was bought.
    #[serde(deserialize_with = "de::opt_i64")]
    pub overdraft_license_count: Option<i64>,
}

/// Who is told before licences end.
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct Notification {
    /// Whether anybody is.
    #[serde(deserialize_with = "de::opt_bool")]
    pub notification_enabled: Option<bool>,
    /// Every how many days.
    #[serde(deserialize_with = "de::opt_i64")]
    pub notify_frequency: Option<i64>,
    /// From how many days before.
    #[serde(deserialize_with = "de::opt_i64")]
    pub notify_number_days_before_expire: Option<i64>,
    /// The wire's own spelling; the right one is taken too.
    #[serde(rename = "recepientList", alias = "recipientList", deserialize_with = "de::opt_text")]
    pub recipients: Option<String>,
}

/// When the licences end.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct LicenceExpiry {
    /// Milliseconds since 1970.
    #[serde(deserialize_with = "de::opt_i64")]
    pub expired_date: Option<i64>,
    /// Days left.
    #[serde(deserialize_with = "de::opt_i64")]
    pub days_before_expire: Option<i64>,
    /// Days of a trial left.
    #[serde(rename = "daysInPOC", deserialize_with = "de::opt_i64")]
    pub days_in_poc: Option<i64>,
}

/// Server and licences.
pub fn all() -> Request {
    Request::get("/licenses", WHAT)
}

/// When they end.
pub fn expiry() -> Request {
    Request::get("/licenses/getexpirationdate", "licence expiry")
}

/// Whether the node reaches a licence server; changes nothing.
pub fn test_server(address: &str, port: u16) -> Request {
    let body = json!({"serverAddress": address, "remotePort": port});
    Request::query("/licenses/testserver", "licence server test", body)
}

/// Reads the answer to [`all`].
pub fn read(body: &Value) -> Result<Item<LicenceServer>, Error> {
    match body.get("cpLicenseServer") {
        Some(Value::Object(raw)) => Item::read(raw.clone(), WHAT),
        _ => Err(Error::decode(200, WHAT, body.to_string().as_bytes(), "there is no cpLicenseServer in it")),
    }
}

/// Reads the answer to [`expiry`].
pub fn read_expiry(body: &Value) -> Result<Item<LicenceExpiry>, Error> {
    let raw: Object = body.as_object().cloned().unwrap_or_default();
    if raw.contains_key("expiredDate") || raw.contains_key("daysBeforeExpire") {
        return Item::read(raw, WHAT);
    }
    Err(Error::decode(200, "licence expiry", body.to_string().as_bytes(), "there is no expiredDate in it"))
}

/// Reads the answer to [`test_server`]; `None` when it does not say.
pub fn read_test(body: &Value) -> Option<bool> {
    body.get("isConnected").and_then(de::as_bool)
}
