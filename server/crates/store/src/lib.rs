//! All that Gatehouse remembers, in two SQLite files, and all of its SQL.
//!
//! - `gatehouse.db`: people, fleet, set-up versions, plans and the one log. A write is on disk before it is answered.
//! - `observed.db`: what was seen last. May be deleted at any time, is never backed up.
//!
//! One connection per file writes ([`Store::write`]), a few read ([`Store::read`]). Every write is also a function
//! `…_in` over a connection, so that several commit together with the record that tells of them:
//!
//! ```no_run
//! # async fn example(store: store::Store, new: model::cluster::NewCluster, entry: model::record::Entry, now: model::At)
//! # -> Result<(), store::Error> {
//! let cluster = store
//!     .write(move |conn| {
//!         Box::pin(async move {
//!             let cluster = store::clusters::add_cluster_in(conn, &new, now).await?;
//!             store::records::append_in(conn, &entry).await?;
//!             Ok(cluster)
//!         })
//!     })
//!     .await?;
//! # Ok(())
//! # }
//! ```
//!
//! Depends on `model` alone of ours; only `services` depends on it. No clock and no randomness: times, tokens and
//! hashes are arguments. To add a noun: a migration (never change an old one; triggers in a file of their own), one
//! module with its statements, and a test that runs each of them.

pub mod appliance_lines;
pub mod appliances;
pub mod applied;
pub mod clock;
pub mod clusters;
pub mod copies;
pub mod delays;
pub mod desired;
pub mod draft_secrets;
pub mod drafts;
pub mod health;
pub mod neighbours;
pub mod node_accounts;
pub mod node_facts;
pub mod node_keys;
pub mod observed;
pub mod own_logs;
pub mod owned;
pub mod pairs;
pub mod people;
pub mod plan_snapshots;
pub mod plans;
pub mod records;
pub mod removed;
pub mod runs;
pub mod sessions;
pub mod settings;
pub mod sign_in;
pub mod stretches;
pub mod tokens;
pub mod uploads;
pub mod watches;

mod column;
mod error;
mod held;
mod identity;
mod open;
mod schema;
mod work;
mod writer;

pub use error::Error;
use open::Database;
pub use open::{Durability, StoreOptions};
use std::{
    path::Path,
    sync::{Arc, atomic::AtomicI64},
};
pub use work::{Conn, WriteWork};

/// SHA-256 of a token that only the browser knows.
pub type TokenHash = [u8; 32];

/// Both files, open. Clones share them.
#[derive(Clone, Debug)]
pub struct Store {
    gatehouse: Database,
    observed: Database,
    looks: Arc<Looks>,
    held: Arc<held::Held>,
}

/// Numbers of looks; see [`Store::begin_look`].
#[derive(Debug)]
struct Looks {
    /// The first one of this run of the program.
    first: i64,
    next: AtomicI64,
}

impl Store {
    /// Opens the data folder; makes what is missing and brings the tables up to date.
    pub async fn open(dir: &Path) -> Result<Self, Error> {
        Self::open_with(dir, StoreOptions::default()).await
    }

    pub async fn open_with(dir: &Path, options: StoreOptions) -> Result<Self, Error> {
        open::folder(dir)?;
        let gatehouse = Database::open(dir, &open::GATEHOUSE, options).await?;
        let observed = Database::open_disposable(dir, &open::OBSERVED, options).await?;
        let last: i64 = sqlx::query_scalar(
            "SELECT max((SELECT coalesce(max(max(coalesce(good_look, 0), coalesce(failed_look, 0))), 0) FROM observations),
                        (SELECT coalesce(max(look), 0) FROM node_facts))",
        )
        .fetch_one(&observed.readers)
        .await?;
        let looks = Arc::new(Looks { first: last + 1, next: AtomicI64::new(last + 1) });
        Ok(Self { gatehouse, observed, looks, held: Arc::default() })
    }

    /// Runs the job on the writing connection of `gatehouse.db`. When this returns `Ok`, what it wrote is on disk; on
    /// `Err`, nothing of it is there. Jobs that wait at the same time share one transaction and one sync. A caller who
    /// stops waiting does not stop the job.
    ///
    /// The job should await nothing but its connection: all other writers wait for it.
    pub async fn write<T, F>(&self, job: F) -> Result<T, Error>
    where
        T: Send + 'static,
        F: for<'c> FnOnce(&'c mut Conn) -> WriteWork<'c, T> + Send + 'static,
    {
        self.gatehouse.writer.write(job).await
    }

    /// Runs the job on a reading connection of `gatehouse.db`: all its statements see the same moment.
    pub async fn read<T, F>(&self, job: F) -> Result<T, Error>
    where
        F: for<'c> FnOnce(&'c mut Conn) -> WriteWork<'c, T>,
    {
        let mut moment = self.gatehouse.readers.begin().await?;
        let answer = job(&mut moment).await;
        moment.rollback().await?;
        answer
    }

    /// What the writing connection of `gatehouse.db` says of itself.
    pub async fn durability(&self) -> Result<Durability, Error> {
        self.write(|conn| Box::pin(open::durability(conn))).await
    }

    /// What keeps everything from being written to `gatehouse.db`, by the last try.
    pub fn trouble(&self) -> Option<model::health::ConsoleTrouble> {
        self.gatehouse.writer.trouble()
    }

    /// Transactions committed to `gatehouse.db` since it was opened.
    pub fn commits(&self) -> u64 {
        self.gatehouse.writer.commits()
    }

    /// Finishes what waits, then closes both files. Later calls give [`Error::Closed`].
    pub async fn close(&self) {
        self.observed.close().await;
        self.gatehouse.close().await;
    }

    fn readers(&self) -> &sqlx::SqlitePool {
        &self.gatehouse.readers
    }
}
