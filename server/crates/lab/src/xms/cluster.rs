//! The cluster that the nodes belong to.

use std::{
    io,
    sync::{
        Arc, Mutex, MutexGuard, OnceLock, PoisonError, Weak,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use super::{Profile, store::Store};
use crate::{
    clock::LabTime,
    shared::Shared,
    tls::{self, Identity},
};

/// How long a factory certificate is good for.
const YEAR: Duration = Duration::from_hours(365 * 24);

pub(crate) struct Cluster {
    pub profile: Profile,
    /// Of the console's local users.
    pub password: String,
    /// Of the command line, another account store.
    pub cli_password: String,
    /// One certificate for all nodes and ports, on the name that devices use.
    pub identity: Identity,
    /// Another one on the same name, for `new_certificate`.
    pub other_identity: Identity,
    store: Mutex<Store>,
    started: LabTime,
    boots: AtomicU64,
    lab: OnceLock<Weak<Shared>>,
}

impl Cluster {
    pub fn new(profile: Profile, now: LabTime) -> io::Result<Self> {
        let (from, to) = listener_dates(&profile, now);
        let identity = tls::factory(&profile.site.fqdn, from, to)?;
        Ok(Self {
            password: crate::random::hex(8)?,
            cli_password: crate::random::hex(8)?,
            other_identity: tls::factory(&profile.site.fqdn, from, to)?,
            identity,
            store: Mutex::new(Store::new(&profile.site, now, (from, to))),
            profile,
            started: now,
            boots: AtomicU64::new(0),
            lab: OnceLock::new(),
        })
    }

    /// Tells the nodes which lab they are in; before that, time stands still.
    pub fn join(&self, lab: &Arc<Shared>) {
        if self.lab.set(Arc::downgrade(lab)).is_err() {
            tracing::warn!("the nodes are in a lab already");
        }
    }

    pub fn lab(&self) -> Option<Arc<Shared>> {
        self.lab.get().and_then(Weak::upgrade)
    }

    /// The lab's time. Not to be called by whoever holds the lab's lock.
    pub fn now(&self) -> LabTime {
        self.lab().map_or(self.started, |lab| lab.world().clock.now())
    }

    pub fn store(&self) -> MutexGuard<'_, Store> {
        self.store.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Puts the database back to what it was at the start.
    pub fn forget(&self) {
        let dates = listener_dates(&self.profile, self.started);
        *self.store() = Store::new(&self.profile.site, self.started, dates);
    }

    /// The number of a start, greater than all before.
    pub fn next_boot(&self) -> u64 {
        self.boots.fetch_add(1, Ordering::SeqCst)
    }
}

fn listener_dates(profile: &Profile, start: LabTime) -> (LabTime, LabTime) {
    let to = start.plus(Duration::from_hours(24) * profile.site.listener_days_left);
    (to.minus(YEAR), to)
}
