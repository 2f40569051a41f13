//! Changes of ours that may explain what is seen of an appliance: runs at work, and those that ended well a short while ago.
//! Held in memory only: after a restart nothing is under way, and nothing is explained by what was.

use model::{ActNo, ApplianceId, ClusterId, cluster::Cluster, expected::Work, noted::Noted, plan::Operation};
use std::{
    collections::HashMap,
    sync::{Mutex, MutexGuard, PoisonError},
};

#[derive(Default)]
pub(crate) struct UnderWay(Mutex<HashMap<ApplianceId, Vec<Change>>>);

struct Change {
    act: ActNo,
    cluster: ClusterId,
    work: Work,
}

impl UnderWay {
    fn all(&self) -> MutexGuard<'_, HashMap<ApplianceId, Vec<Change>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub fn begins(&self, cluster: &Cluster, act: ActNo, operations: &[Operation]) {
        let mut all = self.all();
        let changes = all.entry(cluster.appliance).or_default();
        changes.retain(|change| change.act != act);
        changes.push(Change { act, cluster: cluster.id, work: Work::of(act, operations) });
    }

    /// It explains no more, unless it ended well: `well` says when, and a number that no look has yet.
    pub fn ends(&self, appliance: ApplianceId, act: ActNo, well: Option<(Noted, i64)>) {
        let mut all = self.all();
        let Some(changes) = all.get_mut(&appliance) else { return };
        let ended = |mut change: Change| {
            if change.act == act {
                let (at, look) = well?;
                change.work = change.work.ended(at, look);
            }
            Some(change)
        };
        *changes = std::mem::take(changes).into_iter().filter_map(ended).collect();
    }

    /// What may explain something of this cluster.
    pub fn of(&self, cluster: &Cluster, now: Noted) -> Vec<Work> {
        let mut all = self.all();
        let Some(changes) = all.get_mut(&cluster.appliance) else { return Vec::new() };
        changes.retain(|change| !change.work.has_lapsed(now));
        let works = changes.iter();
        works
            .map(|change| if change.cluster == cluster.id { change.work.clone() } else { change.work.beside() })
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::clock::from_millis;

    fn at(second: i64) -> Noted {
        Noted { at: from_millis(second * 1000), ahead_ms: 0, run: 1 }
    }

    fn cluster(id: i64) -> Cluster {
        let (title, fqdn) = (String::new(), String::new());
        Cluster { id: ClusterId(id), title, fqdn, appliance: ApplianceId(1) }
    }

    #[test]
    fn a_run_that_has_ended_explains_nothing_unless_it_ended_well_and_that_for_a_while() {
        let (changes, ours) = (UnderWay::default(), cluster(1));
        changes.begins(&ours, ActNo(7), &[]);
        assert_eq!(changes.of(&ours, at(9_999)), [Work::of(ActNo(7), &[])], "at work, however long");
        assert_eq!(changes.of(&cluster(2), at(100)), [Work::of(ActNo(7), &[]).beside()]);
        changes.ends(ours.appliance, ActNo(7), None);
        assert!(changes.of(&ours, at(100)).is_empty(), "whatever its records say, nobody is at work");

        changes.begins(&ours, ActNo(7), &[]);
        changes.begins(&ours, ActNo(7), &[]);
        changes.ends(ours.appliance, ActNo(7), Some((at(100), 5)));
        assert_eq!(changes.of(&ours, at(130)).len(), 1);
        assert!(changes.of(&ours, at(131)).is_empty());
        let elsewhere = Cluster { appliance: ApplianceId(2), ..ours };
        assert!(changes.of(&elsewhere, at(100)).is_empty());
    }
}
