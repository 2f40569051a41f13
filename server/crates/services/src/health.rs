//! Whether Gatehouse's own data is in order: what keeps it from writing, and what somebody did to the log past it.

use crate::{Failure, Topic, ground::Ground, newest::Newest};
use model::health::ConsoleTrouble;
use std::{
    collections::{BTreeSet, HashMap},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

pub struct Health {
    ground: Arc<Ground>,
    newest: Newest,
    /// At the last look.
    found: Mutex<BTreeSet<ConsoleTrouble>>,
    /// Why the end of a run could not be written, for as long as nothing else tells.
    unsaid: Mutex<HashMap<i64, String>>,
}

fn held<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Health {
    pub(crate) fn new(ground: Arc<Ground>, newest: Newest) -> Self {
        Self { ground, newest, found: Mutex::default(), unsaid: Mutex::default() }
    }

    /// Everything that is wrong now; nothing: all is well.
    pub fn troubles(&self) -> Vec<ConsoleTrouble> {
        let writing = self.ground.store.trouble();
        let mut all: BTreeSet<ConsoleTrouble> = held(&self.found).clone();
        all.extend(writing);
        all.into_iter().collect()
    }

    /// Looks at the log and whether anything can be written. At start and once a minute; pages read what it found.
    pub async fn look(&self) {
        let before = self.troubles();
        // What stops writing is known to the store itself from then on.
        if let Err(error) = self.ground.store.probe(self.ground.now()).await {
            tracing::error!("Nothing can be written: {}", error.sentence());
        }
        let mut found = BTreeSet::new();
        match self.ground.store.log_state().await {
            Ok(state) => {
                found.extend(state.troubles);
                found.extend(self.newest.compare(state.newest.0));
            }
            Err(error) => {
                tracing::error!("The log could not be looked at: {}", error.sentence());
                found.extend(error.trouble());
            }
        }
        *held(&self.found) = found;
        let now = self.troubles();
        for trouble in now.iter().filter(|trouble| !before.contains(trouble)) {
            tracing::error!("{}", trouble.sentence());
        }
        if now != before {
            self.ground.bus.tell(Topic::Other);
        }
    }

    /// At the end, so that a copy put in place while nobody looks is noticed.
    pub(crate) async fn note_the_newest(&self) {
        match self.ground.store.log_state().await {
            Ok(state) => drop(self.newest.compare(state.newest.0)),
            Err(error) => tracing::warn!("The newest record's number was not noted: {}", error.sentence()),
        }
    }

    /// A run ended and no record says so: why, for its page.
    pub(crate) fn could_not_say(&self, act: model::ActNo, why: &Failure) {
        let sentence = format!("The run stopped, and its end could not be written down. {why}");
        held(&self.unsaid).insert(act.0, sentence);
    }

    pub(crate) fn unsaid(&self, act: model::ActNo) -> Option<String> {
        held(&self.unsaid).get(&act.0).cloned()
    }

    /// The record is there by now, or the run goes on.
    pub(crate) fn said(&self, act: model::ActNo) {
        held(&self.unsaid).remove(&act.0);
    }
}

/// Beside the key.
pub(crate) fn newest_of(key: &std::path::Path) -> Newest {
    Newest::at(key.with_extension("newest"))
}
