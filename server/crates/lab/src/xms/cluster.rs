//! The site that the nodes stand in: one SQL server with its databases, one set of accounts, one lab.

use super::{
    Profile,
    database::{Database, Founding, listener_dates},
    store::Store,
};
use crate::{
    clock::LabTime,
    shared::Shared,
    tls::{Identity, Wardrobe},
};
use std::{
    io,
    sync::{
        Arc, Mutex, MutexGuard, OnceLock, PoisonError, Weak,
        atomic::{AtomicU64, Ordering},
    },
};

pub(crate) struct Cluster {
    pub profile: Profile,
    /// Of the console's local users.
    pub password: String,
    /// Of the command line, another account store, until somebody changes it on a node.
    pub cli_password: String,
    /// One certificate for all nodes and ports, on the name that devices use.
    pub identity: Arc<Identity>,
    /// What faults make nodes show instead.
    pub wardrobe: Wardrobe,
    /// The database of the nodes that the lab starts with.
    pub home: Arc<Database>,
    /// Those that new nodes have made.
    islands: Mutex<Vec<Arc<Database>>>,
    started: LabTime,
    boots: AtomicU64,
    lab: OnceLock<Weak<Shared>>,
}

impl Cluster {
    pub fn new(profile: Profile, now: LabTime) -> io::Result<Self> {
        let password = crate::random::hex(8)?;
        let site = &profile.site;
        let founding = Founding {
            database: site.database.name.clone(),
            fqdn: site.fqdn.clone(),
            passphrase: site.passphrase.clone(),
            fips: site.fips,
            pki: std::array::from_fn(|_| site.pki_password.clone()),
        };
        let home = Arc::new(Database::new(founding, site, &password, now)?);
        let (from, to) = listener_dates(site, now);
        Ok(Self {
            cli_password: crate::random::hex(8)?,
            identity: Arc::clone(&home.factory),
            wardrobe: Wardrobe::new(&site.fqdn, from, to),
            password,
            home,
            islands: Mutex::default(),
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

    /// What the nodes that the lab starts with share.
    pub fn store(&self) -> MutexGuard<'_, Store> {
        self.home.store()
    }

    /// A database on the site's SQL server, by its name.
    pub fn database(&self, name: &str) -> Option<Arc<Database>> {
        let islands = self.islands.lock().unwrap_or_else(PoisonError::into_inner);
        let mut all = std::iter::once(&self.home).chain(islands.iter());
        all.find(|database| database.founding.database.eq_ignore_ascii_case(name)).cloned()
    }

    /// Makes a new one.
    pub fn found(&self, founding: Founding, password: &str) -> io::Result<Arc<Database>> {
        let mut islands = self.islands.lock().unwrap_or_else(PoisonError::into_inner);
        let made = Database::founded(founding, &self.profile.site, password, self.now(), islands.len() + 1)?;
        let made = Arc::new(made);
        islands.push(Arc::clone(&made));
        Ok(made)
    }

    /// Puts the databases back to what they were at the start.
    pub fn forget(&self) {
        self.islands.lock().unwrap_or_else(PoisonError::into_inner).clear();
        self.home.forget(&self.profile.site, &self.password, self.started);
    }

    /// The number of a start, greater than all before.
    pub fn next_boot(&self) -> u64 {
        self.boots.fetch_add(1, Ordering::SeqCst)
    }
}
