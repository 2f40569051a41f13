//! Certificates of the cluster (`xenmobile.md` 1.10).

use crate::{Error, Item, Request, de};
use serde::Deserialize;
use serde_json::Value;

const WHAT: &str = "certificates";

wire::words! {
    /// What a certificate is.
    CertificateKind {
        /// A server's or a user's.
        Entity = "entity",
        /// An authority's.
        Chain = "chain",
    }
}

/// One certificate. Lists are live at once, each node's handshake only after its restart.
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct Certificate {
    /// The server's number of it.
    #[serde(deserialize_with = "de::opt_text")]
    pub id: Option<String>,
    /// Its name.
    #[serde(deserialize_with = "de::text")]
    pub name: String,
    /// What somebody wrote about it.
    #[serde(deserialize_with = "de::opt_text")]
    pub description: Option<String>,
    /// What it is.
    #[serde(rename = "type", deserialize_with = "de::opt_word")]
    pub kind: Option<CertificateKind>,
    /// Whether it is in use.
    #[serde(deserialize_with = "de::opt_bool")]
    pub is_active: Option<bool>,
    /// Whether the key is there; written as a text.
    #[serde(deserialize_with = "de::opt_bool")]
    pub private_key: Option<bool>,
    /// `YYYY-MM-DD`.
    #[serde(deserialize_with = "de::opt_text")]
    pub valid_from: Option<String>,
    /// `YYYY-MM-DD`.
    #[serde(deserialize_with = "de::opt_text")]
    pub valid_to: Option<String>,
    /// As the server counts; negative once expired.
    #[serde(deserialize_with = "de::opt_i64")]
    pub remaining_days: Option<i64>,
    /// Whether it is an authority's.
    #[serde(deserialize_with = "de::opt_text")]
    pub ca: Option<String>,
    /// Subject, issuer, serial number.
    #[serde(deserialize_with = "de::opt_object")]
    pub cert_details: Option<Details>,
}

/// What stands in a certificate.
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct Details {
    /// The signature's algorithm.
    #[serde(deserialize_with = "de::opt_text")]
    pub signature_algo: Option<String>,
    /// The serial number.
    #[serde(deserialize_with = "de::opt_text")]
    pub serial_num: Option<String>,
    /// Who signed it.
    #[serde(deserialize_with = "de::opt_object")]
    pub issuer_name: Option<Name>,
    /// Whose it is.
    #[serde(deserialize_with = "de::opt_object")]
    pub subject_name: Option<Name>,
}

/// A distinguished name.
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct Name {
    /// The whole name.
    #[serde(deserialize_with = "de::opt_text")]
    pub cert_string: Option<String>,
    /// Its CN.
    #[serde(deserialize_with = "de::opt_text")]
    pub common_name: Option<String>,
}

/// What the server thinks of its push certificate. `true` is bad, `None` was not said.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct ApnsCheck {
    /// Renewed with another Apple ID: every iOS device would have to enrol again.
    #[serde(deserialize_with = "de::opt_bool")]
    pub topic_name_mismatch: Option<bool>,
    /// Expired.
    #[serde(deserialize_with = "de::opt_bool")]
    pub cert_expired: Option<bool>,
    /// Not valid yet.
    #[serde(deserialize_with = "de::opt_bool")]
    pub cert_not_yet_valid: Option<bool>,
    /// Cannot be read.
    #[serde(deserialize_with = "de::opt_bool")]
    pub malformed: Option<bool>,
}

/// The whole answer.
#[derive(Debug, Clone, PartialEq)]
pub struct Certificates {
    /// All certificates.
    pub list: Vec<Item<Certificate>>,
    /// The push certificate's state, where it was said.
    pub apns: Option<ApnsCheck>,
}

/// All of them.
pub fn all() -> Request {
    Request::get("/certificates", WHAT)
}

/// Reads the answer to [`all`].
pub fn read(body: &Value) -> Result<Certificates, Error> {
    let apns = body.get("apnsCheckObj").filter(|value| value.is_object());
    Ok(Certificates {
        list: de::list(body, "certificate", WHAT)?,
        apns: apns.and_then(|value| ApnsCheck::deserialize(value).ok()),
    })
}
