//! Start and stop.

use crate::{
    Failure, Services, bus::Bus, clock::Timekeeper, cx::entry, folder, health::newest_of, pool::Pool, runs::WriteLocks,
    sessions::lives, vault::Vault,
};
use model::{
    Clock,
    record::{Actor, Entry, Outcome},
};
use std::{
    path::PathBuf,
    sync::{Arc, atomic::Ordering},
    time::Duration,
};
use store::Store;
use tokio::sync::Notify;

/// Where the data lies, and how often to look.
pub struct Options {
    pub data: PathBuf,
    /// Secrets are encrypted with it; `None`: `gatehouse.key` in the data folder.
    pub key: Option<PathBuf>,
    pub clock: Arc<dyn Clock>,
    /// Seconds between two looks at an appliance.
    pub interval: u32,
    pub rules: Rules,
}

/// What an installation may have otherwise.
#[derive(Clone, Copy, Debug)]
pub struct Rules {
    /// A session ends after this long without a request.
    pub session_idle: Duration,
    /// A session ends after this long, however often it is used.
    pub session_most: Duration,
    /// Appliances may be at addresses of this machine, as those of a lab are.
    pub local_appliances: bool,
}

impl Default for Rules {
    fn default() -> Self {
        Self {
            session_idle: Duration::from_hours(12),
            session_most: Duration::from_hours(7 * 24),
            local_appliances: false,
        }
    }
}

impl Services {
    /// Opens the data, and closes what a crash left open: an act without an end gets its `interrupted` record. Nothing
    /// is sent to any appliance before somebody decides.
    pub async fn open(options: Options) -> Result<Self, Failure> {
        // The lock first: opening brings the tables up to date, under nobody else's feet.
        let lock = folder::only_us(&options.data)?;
        let key = options.key.unwrap_or_else(|| folder::key_in(&options.data));
        folder::has_its_database(&options.data, &key)?;
        let store = Store::open(&options.data).await?;
        folder::keep_to_ourselves(&options.data);
        folder::has_its_key(&key, store.has_secrets().await?)?;
        let vault = Vault::open(&key)?;
        let services = Self {
            store,
            time: Arc::new(Timekeeper::new(options.clock)),
            vault: Arc::new(vault),
            pool: Arc::new(Pool::default()),
            node_pool: Arc::default(),
            bus: Arc::new(Bus::new()),
            locks: Arc::new(WriteLocks::default()),
            looks: Arc::default(),
            standings: Arc::default(),
            judges: Arc::default(),
            stopping: Arc::default(),
            sign_in: Arc::default(),
            refusals: Arc::default(),
            readings: Arc::default(),
            told_once: Arc::new(Notify::new()),
            health: Arc::default(),
            newest: Arc::new(newest_of(&key)),
            _lock: Arc::new(lock),
            interval: options.interval.max(1),
            patience: nitro::Limits::default(),
            lives: lives(options.rules.session_idle, options.rules.session_most),
            kept_out: Arc::default(),
            local_appliances: options.rules.local_appliances,
        };
        services.compare_with_the_log().await?;
        services.close_open_acts().await?;
        services.mind_the_data().await;
        Ok(services)
    }

    async fn close_open_acts(&self) -> Result<(), Failure> {
        for open in self.store.open_acts().await? {
            let Some(kind) = open.last.entry.kind.interrupted() else { continue };
            let begun = &open.begun;
            let summary = format!("Interrupted: Gatehouse stopped before “{}” had an end.", begun.entry.summary);
            let record = Entry {
                act: Some(begun.act),
                cluster: begun.entry.cluster,
                appliance: begun.entry.appliance,
                outcome: Some(Outcome::InDoubt),
                ..entry(Actor::gatehouse(), self.now(), kind, summary)
            };
            self.store.append(&record).await?;
            tracing::warn!(act = begun.act.0, "{}", record.summary);
        }
        Ok(())
    }

    /// Begins to look at the appliances and the nodes, and to judge what changes.
    pub fn start_observing(&self) {
        tokio::spawn(self.clone().keep_the_timetable());
        tokio::spawn(self.clone().judge_what_changes());
    }

    /// Lets runs come to their end for a while, ends the sessions on the appliances, closes the files. A run that is
    /// still at work is safe to cut off: its records say how far it came.
    pub async fn stop(&self) {
        self.stopping.store(true, Ordering::Relaxed);
        let deadline = tokio::time::Instant::now() + Duration::from_secs(30);
        let mut heard = self.listen();
        while self.runs_at_work().await > 0 {
            // A run tells the bus when it ends; other topics only make us look once more.
            if tokio::time::timeout_at(deadline, heard.recv()).await.is_err() {
                tracing::warn!("A run is still at work and is cut off; it can be resumed after the next start.");
                break;
            }
        }
        // A look under way would log in once more after its session was ended here, and leave that one behind.
        if tokio::time::timeout_at(deadline, self.looks.over()).await.is_err() {
            tracing::warn!(
                "An appliance is still being looked at and does not answer; its session may stay open there."
            );
        }
        tokio::join!(self.log_out_everywhere(), self.leave_nodes());
        if let Err(failure) = self.sum_up_all_refusals().await {
            tracing::error!("How many requests were refused could not be written down: {failure}");
        }
        self.note_the_newest().await;
        self.store.close().await;
    }
}
