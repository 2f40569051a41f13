//! The profile: everything about a node that is not sourced, as data.

use serde::Deserialize;
use serde_json::Value;
use std::io;
use toml::Table;

mod cli;
mod site;

pub(super) use cli::{Act, Check, Cli, Entry, FirstUse, Kind, Menu, ServiceSeed, Step, Way};
pub(super) use site::{DeviceSeed, Site, User};

/// How nodes behave, and what their database holds at the start.
const BEHAVIOUR: &str = include_str!("../../profiles/xms.toml");
const SITE: &str = include_str!("../../profiles/site.toml");

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Profile {
    pub version: String,
    /// For `wrong_version`.
    pub other_version: String,
    /// Answers as the product before this one; nothing else is served then.
    pub predecessor: Option<Predecessor>,
    /// In force from the start and after each reset.
    #[serde(default)]
    pub faults: Vec<FaultSeed>,
    pub rest: Rest,
    pub console: Console,
    pub mam: Mam,
    pub ids: Ids,
    pub cluster: Clustering,
    pub cli: Cli,
    pub site: Site,
}

/// What an App Controller 9 says.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Predecessor {
    pub login_path: String,
    pub login_page: String,
    pub call_path: String,
    pub call_failed: Value,
}

/// A fault that belongs to a fixture; nodes are counted from 1.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct FaultSeed {
    pub node: usize,
    pub fault: String,
    #[serde(default)]
    pub ms: u64,
}

/// How something is refused: JSON with a status and a message, or a page without them.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Refusal {
    pub http: u16,
    pub status: Option<i64>,
    pub message: Option<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Rest {
    pub bad_credentials: Refusal,
    pub locked: Refusal,
    pub environment: Refusal,
    pub in_use: Refusal,
    pub bad_keystore: Refusal,
    pub user_not_found: Refusal,
    pub no_token: Refusal,
    pub expired_token: Refusal,
    pub forbidden: Refusal,
    pub unreadable: Refusal,
    pub unrecognized: Refusal,
    pub unknown_object: Refusal,
    pub already_there: Refusal,
    pub db_down: Refusal,
    pub db_down_ms: u64,
    pub bad_device: Refusal,
    pub restart_message: String,
    /// What the answer to a log-in calls the token.
    pub token_key: String,
    pub done_message: String,
    /// The most that the newer device filter gives at once.
    pub newer_limit: usize,
    /// What is said about a body that is not JSON by its `Content-Type`; without it, nobody looks.
    pub wrong_content_type: Option<Refusal>,
    /// A single file leaves the chain behind.
    pub single_file_links_chain: bool,
    pub default_limit: usize,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Console {
    pub login_page: String,
    pub index_page: String,
    pub no_referer: Refusal,
    pub recovery: Refusal,
    pub no_session: Refusal,
    pub login_failed: Refusal,
    pub releases: Vec<String>,
    pub server_info: String,
    pub cluster_page: Option<String>,
    pub error_page: String,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Mam {
    pub paths: Vec<String>,
    pub body: String,
    pub foreign_session: Refusal,
    pub offload_header: String,
    pub offload_note: String,
    pub client_note: String,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Ids {
    pub legacy_base: u64,
    /// How far `moved_ip` moves the address.
    pub moved_by: u32,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Clustering {
    pub dead_shown_seconds: u64,
    pub skew_limit_seconds: u64,
    pub status_active: String,
    pub status_dead: String,
    pub role_oldest: String,
    pub role_other: String,
    pub check_in_seconds: u64,
}

impl Profile {
    /// The built-in profile with `changes` (TOML) laid over it: tables are merged, refusals and the rest replaced.
    pub fn read(changes: Option<&str>) -> io::Result<Self> {
        let mut whole = Table::new();
        for text in [BEHAVIOUR, SITE].into_iter().chain(changes) {
            let table = text.parse::<Table>().map_err(|error| unusable(&error))?;
            lay_over(&mut whole, table);
        }
        whole.try_into().map_err(|error| unusable(&error))
    }
}

fn lay_over(below: &mut Table, above: Table) {
    for (key, value) in above {
        match (below.get_mut(&key), value) {
            // A refusal is one thing: without JSON means without the status of the one before.
            (Some(toml::Value::Table(below)), toml::Value::Table(above)) if !above.contains_key("http") => {
                lay_over(below, above);
            }
            (_, value) => {
                below.insert(key, value);
            }
        }
    }
}

fn unusable(error: &toml::de::Error) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidInput, format!("the profile of the nodes cannot be used: {error}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn changes_replace_what_they_name_and_nothing_else() {
        let profile = Profile::read(Some("[console]\ncluster_page = \"/x\"\n[rest]\nexpired_token = { http = 403 }"));
        let profile = profile.unwrap();
        assert_eq!(profile.console.cluster_page.as_deref(), Some("/x"));
        assert_eq!((profile.rest.expired_token.http, profile.rest.no_token.http), (403, 401));
        assert_eq!(profile.rest.expired_token.status, None, "a refusal is replaced as a whole");
        let error = Profile::read(Some("[rest]\nspeed = 3")).unwrap_err().to_string();
        assert!(error.contains("speed"), "{error}");
    }

    #[test]
    fn every_way_through_the_menus_leads_somewhere() {
        let profile = Profile::read(None).unwrap();
        let entries = || profile.cli.menus.values().flat_map(|menu| &menu.entries);
        for entry in entries() {
            assert!(entry.go.is_some() || entry.show.is_some() || entry.act.is_some(), "{}", entry.text);
            assert!(entry.go.iter().all(|menu| profile.cli.menus.contains_key(menu)), "{}", entry.text);
        }
        assert!(profile.cli.menus.contains_key("main") && entries().any(|entry| entry.act == Some(Act::LogOut)));
    }
}
