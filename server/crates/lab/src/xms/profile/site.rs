//! What the cluster's database holds at the start, and what stands around the nodes.

use serde::Deserialize;
use serde_json::Value;
use std::{collections::BTreeMap, net::Ipv4Addr};

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Site {
    pub fqdn: String,
    pub listener_days_left: u32,
    pub netmask: Ipv4Addr,
    pub gateway: Ipv4Addr,
    pub dns: Vec<Ipv4Addr>,
    /// Names that those servers know.
    pub names: BTreeMap<String, Ipv4Addr>,
    pub database: DatabaseSeed,
    /// Protects the server's data; each further node is asked for it.
    pub passphrase: String,
    pub fips: bool,
    /// The same for all three CAs.
    pub pki_password: String,
    /// Where support bundles may be sent to.
    pub bundle_servers: Vec<BundleServer>,
    pub users: Vec<User>,
    pub roles: Vec<Value>,
    pub permissions: Vec<String>,
    pub groups: Vec<String>,
    pub properties: Vec<PropertySeed>,
    pub gateways: Vec<Value>,
    pub certificates: Vec<CertificateSeed>,
    pub licences: LicenceSeed,
    pub ldap: Vec<Value>,
    pub notifiers: Vec<Value>,
    pub delivery_groups: Vec<Value>,
    pub enrolment_modes: Vec<Value>,
    pub devices: DeviceSeed,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct DatabaseSeed {
    pub kind: String,
    pub server: Ipv4Addr,
    pub port: u16,
    pub user: String,
    pub password: String,
    pub name: String,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct BundleServer {
    pub host: String,
    pub user: String,
    pub password: String,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct User {
    pub name: String,
    pub api: bool,
    pub role: Option<String>,
    /// The domain of a directory user.
    pub directory: Option<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct PropertySeed {
    pub name: String,
    pub value: String,
    pub default: String,
    pub display: String,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct CertificateSeed {
    pub name: String,
    pub kind: String,
    pub use_as: String,
    pub common_name: String,
    pub issuer: String,
    pub private_key: bool,
    pub days_left: u32,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct LicenceSeed {
    pub server_address: String,
    pub remote_port: u16,
    pub server_port: u16,
    pub product: String,
    pub days_left: u32,
    pub in_use: u64,
    pub available: u64,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct DeviceSeed {
    pub inactive_hours: Vec<u32>,
    pub modes: Vec<ModeSeed>,
    pub platforms: Vec<PlatformSeed>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct ModeSeed {
    pub id: String,
    pub count: usize,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct PlatformSeed {
    pub id: String,
    pub name: String,
    pub version: String,
    pub share: usize,
}
