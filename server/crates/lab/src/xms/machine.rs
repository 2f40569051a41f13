//! What is a node's own: tokens, sessions, switches, and what it read when it started.

use std::{
    collections::{BTreeMap, BTreeSet},
    io,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use serde::Serialize;
use serde_json::{Value, json};

use super::{Cluster, Ills, ssh};
use crate::clock::LabTime;

pub(crate) struct Machine {
    pub ssh: Arc<russh::server::Config>,
    /// With another key, for `new_host_key`.
    pub other_ssh: Arc<russh::server::Config>,
    /// As OpenSSH writes it: `SHA256:…`.
    pub ssh_fingerprint: String,
    /// SSH connections that are being served.
    pub ssh_open: AtomicU64,
    local: Mutex<Local>,
}

/// A token and its two times.
#[derive(Clone, Debug)]
pub(crate) struct Token {
    pub user: String,
    pub issued: LabTime,
    pub used: LabTime,
}

/// Attempts to log in since the start or the last reset, for tests that count them.
#[derive(Clone, Copy, Debug, Default, Serialize)]
pub(crate) struct Attempts {
    pub rest: u64,
    pub rest_refused: u64,
    pub cli: u64,
    pub cli_refused: u64,
}

#[derive(Clone, Debug)]
pub(crate) struct Local {
    pub ills: Ills,
    pub attempts: Attempts,
    pub tokens: BTreeMap<String, Token>,
    /// Console sessions, by `JSESSIONID`.
    pub sessions: BTreeSet<String>,
    /// The settings with which it runs, and their revision.
    pub effective: BTreeMap<String, String>,
    pub revision: u64,
    pub booted: LabTime,
    /// Its place among all starts in the cluster.
    pub boot: u64,
    pub off_since: Option<LabTime>,
    pub clustered: bool,
    pub offload: bool,
    pub white_list: String,
}

impl Machine {
    pub fn new(cluster: &Cluster) -> io::Result<Self> {
        let (ssh, ssh_fingerprint) = ssh::config(&cluster.profile.cli)?;
        let (other_ssh, _) = ssh::config(&cluster.profile.cli)?;
        Ok(Self {
            ssh: Arc::new(ssh),
            other_ssh: Arc::new(other_ssh),
            ssh_fingerprint,
            ssh_open: AtomicU64::new(0),
            local: Mutex::new(Local::fresh(cluster)),
        })
    }

    pub fn local(&self) -> MutexGuard<'_, Local> {
        self.local.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub fn ills(&self) -> Ills {
        self.local().ills
    }

    /// The power comes back: what was in memory is gone, and the settings are read anew.
    pub fn boot(&self, cluster: &Cluster) {
        let fresh = Local::fresh(cluster);
        let mut local = self.local();
        if local.off_since.is_some() {
            let kept = local.clone();
            *local = Local {
                ills: kept.ills,
                attempts: kept.attempts,
                clustered: kept.clustered,
                offload: kept.offload,
                white_list: kept.white_list,
                ..fresh
            };
        }
    }

    pub fn went_off(&self, cluster: &Cluster) {
        let now = cluster.now();
        self.local().off_since.get_or_insert(now);
    }

    /// For `GET /state`.
    pub fn view(&self, cluster: &Cluster) -> Value {
        let revision = cluster.store().revision;
        let local = self.local();
        json!({
            "restart_pending": local.revision != revision,
            "attempts": local.attempts,
            "tokens": local.tokens.len(),
            "console_sessions": local.sessions.len(),
            "ssh_open": self.ssh_open.load(Ordering::SeqCst),
            "boot": local.boot,
            "clustered": local.clustered,
            "ssl_offload": local.offload,
            "white_list": local.white_list,
        })
    }

    /// As it was when the lab started.
    pub fn forget(&self, cluster: &Cluster) {
        let fresh = Local::fresh(cluster);
        *self.local() = fresh;
    }
}

impl Local {
    fn fresh(cluster: &Cluster) -> Self {
        let booted = cluster.now();
        let store = cluster.store();
        Self {
            ills: Ills::default(),
            attempts: Attempts::default(),
            tokens: BTreeMap::new(),
            sessions: BTreeSet::new(),
            effective: store.values(),
            revision: store.revision,
            booted,
            boot: cluster.next_boot(),
            off_since: None,
            clustered: true,
            offload: false,
            white_list: String::new(),
        }
    }

    /// The minutes of a setting, if it is a number.
    fn minutes(&self, name: &str) -> Option<Duration> {
        let minutes: u64 = self.effective.get(name)?.trim().parse().ok()?;
        Some(Duration::from_secs(minutes.saturating_mul(60)))
    }

    /// Whether a token is past its time. A setting that is no number never ends it.
    pub fn is_expired(&self, token: &Token, now: LabTime) -> bool {
        let past = |since: LabTime, life: Duration| now >= since.plus(life);
        let sliding = self.effective.get("xms.publicapi.timeout.type").is_some_and(|kind| kind == "INACTIVITY_TIMEOUT");
        let ended = if sliding {
            self.minutes("xms.publicapi.inactivity.timeout").is_some_and(|life| past(token.used, life))
        } else {
            self.minutes("xms.publicapi.static.timeout").is_some_and(|life| past(token.issued, life))
        };
        ended || self.ills.token_life.is_some_and(|life| past(token.issued, life))
    }
}
