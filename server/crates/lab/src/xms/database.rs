//! A database and what was settled with it at the first use: the nodes that share one are a cluster.

use super::{profile::Site, store::Store};
use crate::{
    clock::LabTime,
    tls::{self, Identity},
};
use std::{
    io,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

/// How long a factory certificate is good for.
const YEAR: Duration = Duration::from_hours(365 * 24);

/// What the first node was told, and every further one must be told again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Founding {
    /// Its name on the SQL server.
    pub database: String,
    /// What devices call the cluster, and what every login prompt shows.
    pub fqdn: String,
    pub passphrase: String,
    pub fips: bool,
    /// Of the root, the server's and the devices' CA.
    pub pki: [String; 3],
}

pub(crate) struct Database {
    pub founding: Founding,
    /// The certificate of the first start.
    pub factory: Arc<Identity>,
    store: Mutex<Store>,
}

impl Database {
    pub fn new(founding: Founding, site: &Site, password: &str, now: LabTime) -> io::Result<Self> {
        let (from, to) = listener_dates(site, now);
        let factory = Arc::new(tls::factory(&founding.fqdn, from, to)?);
        let store = Store::new(site, &founding.fqdn, password, now, (from, to), &factory);
        Ok(Self { founding, factory, store: Mutex::new(store) })
    }

    /// One that somebody founded at a first use: nothing in it is the site's (`xenmobile.md` F01). `place` tells its numbers
    /// from those of others.
    pub fn founded(founding: Founding, site: &Site, password: &str, now: LabTime, place: usize) -> io::Result<Self> {
        let made = Self::new(founding, site, password, now)?;
        made.store().empty(place);
        Ok(made)
    }

    pub fn store(&self) -> MutexGuard<'_, Store> {
        self.store.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Back to what it was at the start.
    pub fn forget(&self, site: &Site, password: &str, start: LabTime) {
        let fresh = Store::new(site, &self.founding.fqdn, password, start, listener_dates(site, start), &self.factory);
        *self.store() = fresh;
    }
}

pub(super) fn listener_dates(site: &Site, start: LabTime) -> (LabTime, LabTime) {
    let to = start.plus(Duration::from_hours(24) * site.listener_days_left);
    (to.minus(YEAR), to)
}
