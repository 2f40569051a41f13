//! The command line: texts and menus.

use std::collections::BTreeMap;

use serde::Deserialize;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Cli {
    pub user: String,
    pub server_id: String,
    pub password_prompt: String,
    pub choice: String,
    pub greeting: String,
    pub restart_seconds: u64,
    pub yes: String,
    pub cancelled: String,
    pub member: String,
    pub hazelcast_member: String,
    pub hazelcast_this: String,
    pub cluster_on: String,
    pub cluster_off: String,
    pub offload_on: String,
    pub offload_off: String,
    pub menus: BTreeMap<String, Menu>,
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
}
