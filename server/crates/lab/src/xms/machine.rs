//! What is a node's own: tokens, sessions, switches, and what it read when it started.

use super::{Cluster, Ill, Ills, database::Database, disk::Disk, ssh::HostKeys};
use crate::{clock::LabTime, tls::Identity};
use serde::Serialize;
use serde_json::{Value, json};
use std::{
    collections::{BTreeMap, BTreeSet, VecDeque},
    io,
    net::Ipv4Addr,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

/// Lines of the log that are kept.
const LOG_LINES: usize = 200;

pub(crate) struct Machine {
    pub host_keys: HostKeys,
    /// SSH connections that are being served.
    pub ssh_open: AtomicU64,
    /// Where the lab put it.
    ip: Ipv4Addr,
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

/// A line of the log; the profile says how it is written.
#[derive(Clone, Debug)]
pub(crate) struct Note {
    pub time: String,
    pub level: String,
    pub text: String,
}

#[derive(Clone)]
pub(crate) struct Local {
    pub ills: Ills,
    pub attempts: Attempts,
    pub disk: Disk,
    /// None until the first-time-use wizard is through.
    pub database: Option<Arc<Database>>,
    pub tokens: BTreeMap<String, Token>,
    /// Console sessions, by `JSESSIONID`.
    pub sessions: BTreeSet<String>,
    /// The settings with which it runs, and their revision.
    pub effective: BTreeMap<String, String>,
    pub revision: u64,
    /// The certificate with which it runs.
    pub identity: Arc<Identity>,
    /// The start ended in recovery mode.
    pub recovery: bool,
    pub booted: LabTime,
    /// Its place among all starts in the cluster.
    pub boot: u64,
    pub off_since: Option<LabTime>,
    pub log: VecDeque<Note>,
}

impl Machine {
    /// `database` is none for a machine that was never set up.
    pub fn new(cluster: &Cluster, ip: Ipv4Addr, database: Option<Arc<Database>>) -> io::Result<Self> {
        Ok(Self {
            host_keys: HostKeys::new()?,
            ssh_open: AtomicU64::new(0),
            ip,
            local: Mutex::new(Local::fresh(cluster, ip, database)),
        })
    }

    pub fn local(&self) -> MutexGuard<'_, Local> {
        self.local.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// What is wrong with it, and what it takes for its address.
    pub fn ills(&self) -> Ills {
        let local = self.local();
        let settled = Some(local.disk.network.ip).filter(|ip| *ip != self.ip);
        Ills { address: local.ills.address.or(settled), ..local.ills.clone() }
    }

    pub fn database(&self) -> Option<Arc<Database>> {
        self.local().database.clone()
    }

    pub fn is_new(&self) -> bool {
        self.local().database.is_none()
    }

    /// Something for the log, dated by the node's own clock.
    pub fn note(&self, now: LabTime, level: &str, text: &str) {
        let mut local = self.local();
        let note = Note { time: now.ahead_by(local.ills.skew()).log(), level: level.to_owned(), text: text.to_owned() };
        if local.log.len() == LOG_LINES {
            local.log.pop_front();
        }
        local.log.push_back(note);
    }

    /// The power comes back: what was in memory is gone, and the settings are read anew.
    pub fn boot(&self, cluster: &Cluster) {
        let mut disk = {
            let local = self.local();
            if local.off_since.is_none() {
                return;
            }
            local.disk.clone()
        };
        if let Some(network) = disk.next_network.take() {
            disk.network = network;
        }
        let moved = disk.next_database.take().and_then(|name| cluster.database(&name));
        let database = moved.or_else(|| self.database());
        let fresh = Local::fresh(cluster, self.ip, database);
        let mut local = self.local();
        let kept = local.clone();
        *local = Local {
            recovery: kept.ills.has(Ill::DbRights),
            ills: kept.ills,
            attempts: kept.attempts,
            log: kept.log,
            disk,
            ..fresh
        };
        drop(local);
        self.note(cluster.now(), "INFO", "server started");
    }

    pub fn went_off(&self, cluster: &Cluster) {
        let now = cluster.now();
        self.local().off_since.get_or_insert(now);
    }

    /// For `GET /state`, whose caller holds the lab's lock.
    pub fn view(&self) -> Value {
        let database = self.database();
        let stored = database.as_ref().map(|database| {
            let store = database.store();
            (store.revision, store.values())
        });
        let local = self.local();
        let (revision, values) = stored.unwrap_or_default();
        let waiting: BTreeMap<&String, &String> =
            local.effective.iter().filter(|(name, value)| values.get(*name) != Some(*value)).collect();
        json!({
            "set_up": local.database.is_some(),
            "database": database.as_ref().map(|database| &database.founding.database),
            "fqdn": database.as_ref().map(|database| &database.founding.fqdn),
            "recovery": local.is_in_recovery(),
            "restart_pending": local.database.is_some() && local.revision != revision,
            "effective_until_restart": waiting,
            "fingerprint": local.identity.fingerprint,
            "attempts": local.attempts,
            "tokens": local.tokens.len(),
            "console_sessions": local.sessions.len(),
            "ssh_open": self.ssh_open.load(Ordering::SeqCst),
            "boot": local.boot,
            "clustered": local.disk.clustered,
            "ssl_offload": local.disk.offload,
            "white_list": local.disk.white_list,
            "firewall": local.disk.firewall,
            "network": local.disk.network,
        })
    }

    /// As it was when the lab started.
    pub fn forget(&self, cluster: &Cluster) {
        let fresh = Local::fresh(cluster, self.ip, Some(Arc::clone(&cluster.home)));
        *self.local() = fresh;
    }
}

impl Local {
    fn fresh(cluster: &Cluster, ip: Ipv4Addr, database: Option<Arc<Database>>) -> Self {
        let booted = cluster.now();
        let (effective, revision, identity) = match &database {
            Some(database) => {
                let store = database.store();
                (store.values(), store.revision, Arc::clone(&store.listener))
            }
            None => (BTreeMap::new(), 0, Arc::clone(&cluster.identity)),
        };
        let profile = &cluster.profile;
        Self {
            ills: Ills::default(),
            attempts: Attempts::default(),
            disk: Disk::new(ip, &profile.cli, &profile.site, &cluster.cli_password),
            database,
            tokens: BTreeMap::new(),
            sessions: BTreeSet::new(),
            effective,
            revision,
            identity,
            recovery: false,
            booted,
            boot: cluster.next_boot(),
            off_since: None,
            log: VecDeque::new(),
        }
    }

    pub fn is_in_recovery(&self) -> bool {
        self.recovery || self.ills.has(Ill::Recovery)
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
        ended || self.ills.time(Ill::TokenLife).is_some_and(|life| past(token.issued, life))
    }
}
