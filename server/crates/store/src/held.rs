//! The last snapshot of each appliance as it was put, so that nobody reads it out of the file again: there it lies for the
//! next start alone, and of what only counts on and on it need not be the newest.

use jiff::SignedDuration;
use model::{ApplianceId, At, snapshot::Snapshot};
use std::{
    collections::{BTreeMap, HashMap},
    hash::{DefaultHasher, Hash, Hasher},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

/// What is in the file may be older than what was seen by this much, where nothing but numbers has changed.
const WRITTEN_AGAIN: SignedDuration = SignedDuration::from_mins(1);

#[derive(Debug, Default)]
pub(crate) struct Held(Mutex<HashMap<ApplianceId, OfOne>>);

#[derive(Debug, Default)]
struct OfOne {
    /// By the number of the look. More than one while the newest is being written.
    looks: BTreeMap<i64, Arc<Snapshot>>,
    /// What the file has, by a number for all of it, and since when.
    written: Option<(At, u64)>,
}

impl Held {
    fn all(&self) -> MutexGuard<'_, HashMap<ApplianceId, OfOne>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Before it is written: whoever reads the row finds it here. Whether the file needs it.
    pub(crate) fn put(&self, appliance: ApplianceId, look: i64, at: At, snapshot: &Arc<Snapshot>) -> bool {
        let mut all = self.all();
        let one = all.entry(appliance).or_default();
        one.looks.insert(look, snapshot.clone());
        one.written.is_none_or(|(written, old)| {
            at.duration_since(written).abs() >= WRITTEN_AGAIN || old != but_for_numbers(snapshot)
        })
    }

    /// The row has it now.
    pub(crate) fn taken(&self, appliance: ApplianceId, look: i64, written: Option<At>) {
        let mut all = self.all();
        let one = all.entry(appliance).or_default();
        one.looks = one.looks.split_off(&look);
        if let (Some(at), Some(snapshot)) = (written, one.looks.get(&look)) {
            one.written = Some((at, but_for_numbers(snapshot)));
        }
    }

    /// It was read out of the file, at the first look at it since the start.
    pub(crate) fn found(&self, appliance: ApplianceId, look: i64, snapshot: &Arc<Snapshot>) {
        self.all().entry(appliance).or_default().looks.entry(look).or_insert_with(|| snapshot.clone());
    }

    /// The row does not have it, and will not. What the file has is asked no more.
    pub(crate) fn dropped(&self, appliance: ApplianceId, look: i64) {
        if let Some(one) = self.all().get_mut(&appliance) {
            one.looks.remove(&look);
            one.written = None;
        }
    }

    pub(crate) fn forget(&self, appliance: ApplianceId) {
        self.all().remove(&appliance);
    }

    pub(crate) fn find(&self, appliance: ApplianceId, look: i64) -> Place {
        match self.all().get(&appliance) {
            Some(one) => match one.looks.get(&look) {
                Some(snapshot) => Place::Here(snapshot.clone()),
                None if one.looks.keys().next().is_some_and(|first| *first > look) => Place::Passed,
                None => Place::InTheFile,
            },
            None => Place::InTheFile,
        }
    }
}

/// Where a look's snapshot is.
pub(crate) enum Place {
    Here(Arc<Snapshot>),
    /// The row has had a newer one since it was read.
    Passed,
    /// Put by an earlier run of the program.
    InTheFile,
}

/// The same number for the same but for facts, which count on by themselves; after a start the next look brings them anew.
/// Two that differ have the same one once in the age of the world; then the file is a minute behind.
fn but_for_numbers(snapshot: &Snapshot) -> u64 {
    let said = Snapshot { at: At::UNIX_EPOCH, whole_at: None, glances: 0, clock: None, ..snapshot.without_objects() };
    let mut hasher = DefaultHasher::new();
    serde_json::to_string(&said).unwrap_or_default().hash(&mut hasher);
    for seen in &snapshot.objects {
        (&seen.object, seen.state.as_ref().map(|word| &word.0), &seen.attrs).hash(&mut hasher);
    }
    hasher.finish()
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::{
        clock::from_millis,
        object::{Attrs, ObjectRef},
        snapshot::Seen,
        state::StateWord,
    };

    const ONE: ApplianceId = ApplianceId(1);

    fn snapshot(state: &str, hits: i64) -> Arc<Snapshot> {
        let facts = Attrs::from([("hits".to_owned(), hits.into())]);
        let seen =
            Seen { object: ObjectRef::vserver("v"), attrs: Attrs::new(), state: Some(StateWord(state.into())), facts };
        Arc::new(Snapshot { objects: vec![seen], ..Snapshot::default() })
    }

    #[test]
    fn the_file_has_what_changed_and_once_a_minute_the_rest() {
        let held = Held::default();
        let mut look = 0;
        let mut is_written = |seconds: i64, snapshot: &Arc<Snapshot>| {
            look += 1;
            let at = from_millis(seconds * 1000);
            let write = held.put(ONE, look, at, snapshot);
            held.taken(ONE, look, write.then_some(at));
            write
        };
        assert!(is_written(0, &snapshot("UP", 1)), "the first");
        assert!(!is_written(10, &snapshot("UP", 2)), "numbers alone");
        assert!(is_written(20, &snapshot("DOWN", 2)));
        assert!(!is_written(79, &snapshot("DOWN", 3)));
        assert!(is_written(80, &snapshot("DOWN", 3)), "a minute");
        assert!(is_written(0, &snapshot("DOWN", 3)), "the clock was set back by more");
    }

    #[test]
    fn a_look_is_found_from_when_it_is_written_until_a_newer_one_is() {
        let held = Held::default();
        let at = from_millis(0);
        assert!(matches!(held.find(ONE, 1), Place::InTheFile));
        held.put(ONE, 1, at, &snapshot("UP", 1));
        held.taken(ONE, 1, Some(at));
        held.put(ONE, 2, at, &snapshot("UP", 2));
        assert!(matches!((held.find(ONE, 1), held.find(ONE, 2)), (Place::Here(_), Place::Here(_))));
        held.taken(ONE, 2, None);
        assert!(matches!((held.find(ONE, 1), held.find(ONE, 2)), (Place::Passed, Place::Here(_))));
        held.put(ONE, 3, at, &snapshot("UP", 3));
        held.dropped(ONE, 3);
        assert!(matches!(held.find(ONE, 3), Place::InTheFile));
        held.forget(ONE);
        assert!(matches!(held.find(ONE, 2), Place::InTheFile));
        held.found(ONE, 2, &snapshot("UP", 2));
        assert!(matches!(held.find(ONE, 2), Place::Here(_)), "it is read out of the file once");
        assert!(held.put(ONE, 4, at, &snapshot("UP", 2)), "and counts as nothing that this program wrote");
    }
}
