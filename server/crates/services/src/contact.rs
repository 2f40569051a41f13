//! Whether any appliance answers at all: by the last look at each, in this run of the program.

use crate::{Topic, cx::ReadCx, ground::Ground};
use jiff::SignedDuration;
use model::{
    ApplianceId,
    outage::{LastLook, Outage, silent},
    person::Scope,
    read_error::ReadErrorKind,
};
use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

pub(crate) struct Contact {
    ground: Arc<Ground>,
    known: Mutex<Known>,
}

#[derive(Default)]
struct Known {
    looks: HashMap<ApplianceId, LastLook>,
    /// When something came back last, from whichever.
    heard: Option<Duration>,
    is_silent: bool,
}

impl Contact {
    pub fn new(ground: Arc<Ground>) -> Self {
        Self { ground, known: Mutex::default() }
    }

    fn known(&self) -> MutexGuard<'_, Known> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// How a look has ended just now. That none answers any more, or one does again, is told.
    pub fn note(&self, appliance: ApplianceId, failure: Option<ReadErrorKind>) {
        let now = self.ground.passed();
        let look = LastLook { failure };
        let mut known = self.known();
        known.looks.insert(appliance, look);
        if look.was_answered() {
            known.heard = Some(now);
        }
        self.tell_news(known);
    }

    fn tell_news(&self, mut known: MutexGuard<'_, Known>) {
        let is_silent = silent(known.looks.values().copied()).is_some();
        let news = std::mem::replace(&mut known.is_silent, is_silent) != is_silent;
        drop(known);
        if news {
            self.ground.bus.tell(Topic::Outage);
        }
    }

    /// It is gone, or another one by now.
    pub fn forget(&self, appliance: ApplianceId) {
        let mut known = self.known();
        known.looks.remove(&appliance);
        self.tell_news(known);
    }

    /// `None`: there is nothing to be said.
    pub fn outage(&self, cx: &ReadCx) -> Option<Outage> {
        let (now, passed) = (self.ground.now(), self.ground.passed());
        let known = self.known();
        let asked = silent(known.looks.values().copied())?;
        let ago = |heard: Duration| SignedDuration::try_from(passed.saturating_sub(heard)).ok();
        let since = known.heard.and_then(ago).and_then(|ago| now.checked_sub(ago).ok());
        // How many there are is known to those who see all of them.
        Some(Outage { asked: (*cx.scope() == Scope::All).then_some(asked), since })
    }
}
