//! Start and stop.

use crate::{
    Failure, Services, Topic, copies::keyed, cx::entry, folder, ground::Ground, health::newest_of, house::House,
    rules::Rules, sweep::sweep, timetable::keep_the_timetable, vault::Vault,
};
use model::{
    Clock,
    record::{Actor, Entry, Outcome},
};
use std::{path::PathBuf, sync::Arc, time::Duration};
use store::Store;

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
        match keyed::locked(&store, &vault).await {
            Ok(locked) => {
                for sentence in locked {
                    tracing::error!("The key {} is another one than this was stored with. {sentence}", key.display());
                }
            }
            // Whatever of it cannot be read is said where it is shown.
            Err(failure) => tracing::warn!("Whether the key opens everything could not be told: {failure}"),
        }
        let ground = Ground::new(lock, store, vault, options.clock, options.interval);
        ground.compare_with_the_log().await?;
        close_open_acts(&ground).await?;
        let house = House::on(&ground, newest_of(&key), &options.rules);
        house.health.look().await;
        Ok(Self { house: Arc::new(house) })
    }

    /// Begins to look at the appliances and the nodes.
    pub fn start_observing(&self) {
        tokio::spawn(keep_the_timetable(self.house.clone()));
        tokio::spawn(self.house.watch.clone().judge_what_changes());
    }

    /// What is old enough to be of no use to anybody goes; done now and then.
    pub async fn sweep(&self) -> Result<(), Failure> {
        sweep(&self.house.ground, self.house.sessions.lives).await
    }

    /// Lets runs come to their end for a while, ends the sessions on the appliances, closes the files. A run that is
    /// still at work is safe to cut off: its records say how far it came.
    pub async fn stop(&self) {
        let House { ground, pool, node_pool, locks, health, refusals, observer, .. } = &*self.house;
        ground.begin_nothing_more();
        // Whoever waits for what changes looks up.
        ground.bus.send(Topic::Other);
        let deadline = tokio::time::Instant::now() + Duration::from_secs(30);
        let mut heard = ground.bus.listen();
        while locks.at_work().await > 0 {
            // A run tells the bus when it ends; other topics only make us look once more.
            if tokio::time::timeout_at(deadline, heard.recv()).await.is_err() {
                tracing::warn!("A run is still at work and is cut off; it can be resumed after the next start.");
                break;
            }
        }
        // A look under way would log in once more after its session was ended here, and leave that one behind.
        if tokio::time::timeout_at(deadline, observer.looks.over()).await.is_err() {
            tracing::warn!(
                "An appliance is still being looked at and does not answer; its session may stay open there."
            );
        }
        tokio::join!(pool.leave_all(), node_pool.leave_all());
        if let Err(failure) = refusals.sum_up_all().await {
            tracing::error!("How many requests were refused could not be written down: {failure}");
        }
        health.note_the_newest().await;
        ground.store.close().await;
    }
}

async fn close_open_acts(ground: &Ground) -> Result<(), Failure> {
    for open in ground.store.open_acts().await? {
        let Some(kind) = open.last.entry.kind.interrupted() else { continue };
        let begun = &open.begun;
        let summary = format!("Interrupted: Gatehouse stopped before “{}” had an end.", begun.entry.summary);
        let record = Entry {
            act: Some(begun.act),
            cluster: begun.entry.cluster,
            appliance: begun.entry.appliance,
            outcome: Some(Outcome::InDoubt),
            ..entry(Actor::gatehouse(), ground.now(), kind, summary)
        };
        ground.store.append(&record).await?;
        tracing::warn!(act = begun.act.0, "{}", record.summary);
    }
    Ok(())
}
