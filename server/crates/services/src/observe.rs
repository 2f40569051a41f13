//! The observer: looks at every appliance at its interval, so that no page ever has to wait for one.

use crate::{Services, Topic, adapters::NetScaler};
use engine::ReadError;
use model::{ApplianceId, Reckoning, object::Kind, snapshot::Snapshot};
use std::{
    collections::{BTreeMap, BTreeSet, HashMap},
    sync::Arc,
    time::Duration,
};
use tokio::{
    sync::{Mutex, OwnedMutexGuard},
    task::JoinHandle,
    time::MissedTickBehavior,
};

/// Each so manyeth look of the observer reads all of an appliance; those between what moves by itself.
const WHOLE_EVERY: u32 = 10;

/// One look at an appliance at a time: a look that builds on an older one must not be stored over a newer one.
#[derive(Default)]
pub struct Looks(Mutex<HashMap<ApplianceId, Arc<Mutex<()>>>>);

impl Looks {
    async fn begin(&self, appliance: ApplianceId) -> OwnedMutexGuard<()> {
        let turn = self.0.lock().await.entry(appliance).or_default().clone();
        turn.lock_owned().await
    }

    /// Waits until those under way have ended. New ones are kept from beginning by the stop itself.
    pub(crate) async fn over(&self) {
        let turns: Vec<Arc<Mutex<()>>> = self.0.lock().await.values().cloned().collect();
        for turn in turns {
            drop(turn.lock().await);
        }
    }
}

impl Services {
    /// Looks now at all of it, in the background.
    pub(crate) fn observe_soon(&self, appliance: ApplianceId) {
        let services = self.clone();
        tokio::spawn(async move { services.observe(appliance).await });
    }

    /// One look at all of it; its result, good or bad, is stored and told.
    pub async fn observe(&self, appliance: ApplianceId) {
        let _one_at_a_time = self.looks.begin(appliance).await;
        self.observe_all(appliance, self.store.begin_look()).await;
    }

    async fn observe_all(&self, appliance: ApplianceId, number: i64) {
        let begun = self.reckoning();
        let look = async { NetScaler::connect(self, appliance).await?.whole().await };
        self.keep_look(appliance, number, begun, look.await).await;
    }

    /// The observer's look: what moves by itself, and now and then all of it.
    pub async fn glance(&self, appliance: ApplianceId) {
        let _one_at_a_time = self.looks.begin(appliance).await;
        let number = self.store.begin_look();
        let begun = self.reckoning();
        let known = self.store.observation(appliance, begun).await.unwrap_or_else(|error| {
            tracing::error!(appliance.id = appliance.0, "The last look could not be read: {}", error.sentence());
            None
        });
        // What an earlier run saw is not built on: it may be older than clocks say.
        let good = known.and_then(|known| known.good).filter(|good| !good.before_start);
        match good.map(|good| good.snapshot).filter(|before| before.glances + 1 < WHOLE_EVERY) {
            Some(before) => {
                let look = async { NetScaler::connect(self, appliance).await?.glance(before).await };
                self.keep_look(appliance, number, begun, look.await).await;
            }
            None => self.observe_all(appliance, number).await,
        }
    }

    /// A look counts from when it began; one that failed, from when it failed.
    async fn keep_look(
        &self,
        appliance: ApplianceId,
        number: i64,
        begun: Reckoning,
        look: Result<Snapshot, ReadError>,
    ) {
        // That we stop is no trouble of the appliance.
        if look.is_err() && self.not_stopping().is_err() {
            return;
        }
        let result = look.map_err(|error| error.sentence);
        let at = if result.is_ok() { begun } else { self.reckoning() };
        let result = result.map(|mut snapshot| {
            let told = snapshot.at;
            snapshot.retime(|at| if at == told { begun.now } else { at });
            snapshot
        });
        let seen = result.as_ref().map_err(String::as_str);
        let stored = self.store.put_observation(appliance, number, at, seen).await;
        if let Err(error) = stored {
            tracing::error!(appliance.id = appliance.0, "What was seen could not be stored: {}", error.sentence());
        }
        self.bus.tell(Topic::Observed(appliance));
    }

    /// Names of the service groups on an appliance that Gatehouse made or adopted.
    pub(crate) async fn owned_groups(&self, appliance: ApplianceId) -> BTreeSet<String> {
        let owned = self.store.owned(appliance).await.unwrap_or_else(|error| {
            tracing::error!(appliance.id = appliance.0, "What is owned could not be read: {}", error.sentence());
            BTreeMap::new()
        });
        owned
            .into_keys()
            .filter(|object| object.kind == Kind::ServiceGroup)
            .map(|object| object.part(0).to_owned())
            .collect()
    }

    /// Looks at all appliances again and again until the process ends. A slow one delays only itself: its next look
    /// begins an interval after its last one ended.
    pub(crate) async fn observe_for_ever(self) {
        let mut tick = tokio::time::interval(Duration::from_secs(u64::from(self.interval.max(1))));
        tick.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let mut busy: HashMap<ApplianceId, JoinHandle<()>> = HashMap::new();
        let mut round: u64 = 0;
        loop {
            tick.tick().await;
            if self.not_stopping().is_err() {
                return;
            }
            if let Err(failure) = self.mind_the_clock().await {
                tracing::error!("That this machine's clock was set could not be written down: {failure}");
            }
            if let Err(failure) = self.close_delays().await {
                tracing::error!("That a sign-in waits no longer could not be written down: {failure}");
            }
            busy.retain(|_, task| !task.is_finished());
            match self.store.appliances().await {
                Ok(appliances) => {
                    for stored in appliances {
                        let id = stored.appliance.id;
                        let services = self.clone();
                        busy.entry(id).or_insert_with(|| tokio::spawn(async move { services.glance(id).await }));
                    }
                }
                Err(error) => tracing::error!("The appliances could not be listed: {}", error.sentence()),
            }
            if let Err(failure) = self.sum_up_refusals().await {
                tracing::error!("How many requests were refused could not be written down: {failure}");
            }
            // Now and then is often enough for what only takes up room.
            if round.is_multiple_of(100)
                && let Err(failure) = self.sweep().await
            {
                tracing::error!("Old sessions and forms could not be cleared away: {failure}");
            }
            round += 1;
        }
    }
}
