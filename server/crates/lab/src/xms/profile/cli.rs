//! The command line: texts and menus.

use serde::Deserialize;
use std::collections::BTreeMap;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Cli {
    pub user: String,
    pub server_id: String,
    pub banner: String,
    pub early_banner: String,
    pub password_prompt: String,
    pub choice: String,
    pub greeting: String,
    pub recovery: String,
    pub restart_seconds: u64,
    pub yes: String,
    pub no: String,
    pub clear: String,
    pub cancelled: String,
    pub member: String,
    pub hazelcast_member: String,
    pub hazelcast_this: String,
    pub cluster_on: String,
    pub cluster_off: String,
    pub offload_on: String,
    pub offload_off: String,
    /// Of the firewall menu, and what is asked for each.
    pub services: Vec<ServiceSeed>,
    pub service_ask: Vec<String>,
    /// Names and minutes east of Greenwich.
    pub zones: BTreeMap<String, i64>,
    pub says: Says,
    pub menus: BTreeMap<String, Menu>,
    pub first_use: FirstUse,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct ServiceSeed {
    pub name: String,
    pub port: u16,
    pub enabled: bool,
}

/// What is said about the outcome of an entry.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Says {
    pub invalid: String,
    pub after_restart: String,
    pub saved: String,
    pub database_ok: String,
    pub database_refused: String,
    pub database_unreachable: String,
    pub database_unknown: String,
    pub password_mismatch: String,
    pub password_changed: String,
    pub host_unknown: String,
    pub ping_ok: String,
    pub ping_lost: String,
    pub hop: String,
    pub hop_lost: String,
    pub lookup: String,
    pub arp: String,
    pub service: String,
    pub hosts_line: String,
    pub traffic: String,
    pub log_empty: String,
    /// With `{time}`, `{level}` and `{text}`.
    pub log_line: String,
    pub no_bundle: String,
    pub bundle_made: String,
    pub upload_done: String,
    pub upload_refused: String,
    pub upload_denied: String,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Menu {
    pub title: String,
    pub entries: Vec<Entry>,
}

/// A line of a menu. Its number is its place.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Entry {
    pub text: String,
    pub go: Option<String>,
    pub show: Option<String>,
    #[serde(default)]
    pub ask: Vec<String>,
    /// The first question is whether to go on at all.
    #[serde(default)]
    pub agree: bool,
    pub act: Option<Act>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Act {
    LogOut,
    ToggleCluster,
    ToggleOffload,
    WhiteList,
    Restart,
    Shutdown,
    Network,
    Firewall,
    Database,
    TimeZone,
    HostsFile,
    Proxy,
    CliPassword,
    Ping,
    Traceroute,
    Lookup,
    Bundle,
    Upload,
}

/// The wizard of a machine that was never set up.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct FirstUse {
    pub greeting: String,
    pub already_there: String,
    pub address_taken: String,
    pub join_refused: String,
    pub passphrase_shown: String,
    pub done_first: String,
    pub done_join: String,
    pub steps: Vec<Step>,
}

/// One question, or a text, or a point at which something is done.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Step {
    pub name: String,
    #[serde(default)]
    pub say: String,
    pub ask: Option<String>,
    #[serde(default)]
    pub kind: Kind,
    /// Taken for an empty line.
    pub default: Option<String>,
    /// Only on this way; on both without it.
    pub only: Option<Way>,
    /// Only when an earlier answer was this.
    pub when: Option<(String, String)>,
    /// Must repeat an earlier answer.
    pub same_as: Option<String>,
    pub check: Option<Check>,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Kind {
    #[default]
    Text,
    Optional,
    YesNo,
    Address,
    Port,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Way {
    First,
    Join,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Check {
    /// With `n`, the network is asked for again.
    Network,
    /// Decides which way it goes on.
    Database,
}
