//! How each cluster stands: judged after a look or a change, once for all who read it, and anew only when something was told
//! about it or what it rests on has grown older by a border (`model::freshness`).

use crate::{Topic, ground::Ground, judged::Judged};
use model::{At, ClusterId, Reckoning, cluster::Cluster, verdict::Verdict};
use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

/// The last ones, with what they rest on.
pub(crate) struct Standings {
    ground: Arc<Ground>,
    kept: Mutex<HashMap<ClusterId, Kept>>,
}

struct Kept {
    basis: Basis,
    judged: Arc<Judged>,
}

/// What a judgement is so for, and until when.
struct Basis {
    cluster: Cluster,
    news: News,
    at: Reckoning,
    until: At,
}

/// How often something was told about what a cluster rests on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct News {
    /// By looks: whoever looked judges what it means.
    looks: u64,
    /// By people.
    changes: u64,
}

impl Basis {
    /// A clock that was set, however little, judges anew.
    fn holds(&self, cluster: &Cluster, news: News, now: Reckoning) -> bool {
        self.news == news && self.holds_for_a_list(cluster, news, now)
    }

    /// A list does not wait for a look that is being judged.
    fn holds_for_a_list(&self, cluster: &Cluster, news: News, now: Reckoning) -> bool {
        (&self.cluster, self.news.changes, self.at.ahead_ms) == (cluster, news.changes, now.ahead_ms)
            && (self.at.now..self.until).contains(&now.now)
    }
}

impl Standings {
    pub fn new(ground: Arc<Ground>) -> Self {
        Self { ground, kept: Mutex::default() }
    }

    fn all(&self) -> MutexGuard<'_, HashMap<ClusterId, Kept>> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The last judgement, while it is so.
    pub fn kept_judged(&self, cluster: &Cluster) -> Option<Arc<Judged>> {
        let (news, now) = (self.news_of(cluster), self.ground.reckoning());
        self.all().get(&cluster.id).filter(|kept| kept.basis.holds(cluster, news, now)).map(|kept| kept.judged.clone())
    }

    /// The last judgement, while nothing else is so than what looks see: that is judged right then, and whoever reads is told.
    pub fn kept_for_a_list(&self, cluster: &Cluster) -> Option<Arc<Judged>> {
        let (news, now) = (self.news_of(cluster), self.ground.reckoning());
        let holds = |kept: &&Kept| kept.basis.holds_for_a_list(cluster, news, now);
        self.all().get(&cluster.id).filter(holds).map(|kept| kept.judged.clone())
    }

    /// The last judgement, whatever came since, said the same but for its numbers.
    pub fn was_judged(&self, id: ClusterId, verdict: &Verdict) -> bool {
        self.all().get(&id).is_some_and(|kept| {
            let last = kept.judged.as_it_was().whole_verdict();
            (last.tone, &last.subject) == (verdict.tone, &verdict.subject)
        })
    }

    /// Counted before it is judged: what is told meanwhile makes it old at once.
    pub fn news_of(&self, cluster: &Cluster) -> News {
        let (id, bus) = (cluster.id, &self.ground.bus);
        News {
            looks: bus.news(&[Topic::Observed(cluster.appliance), Topic::Nodes(id)]),
            changes: bus.news(&[Topic::Cluster(id), Topic::Other]),
        }
    }

    /// Nobody asks for it any more.
    pub fn forget(&self, id: ClusterId) {
        self.all().remove(&id);
    }

    pub fn keep(&self, cluster: Cluster, news: News, at: Reckoning, judged: &Arc<Judged>) {
        let basis = Basis { cluster, news, at, until: judged.until };
        self.all().insert(basis.cluster.id, Kept { basis, judged: judged.clone() });
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::{ApplianceId, clock::from_millis};

    #[test]
    fn one_counts_until_something_is_told_or_a_border_is_passed_or_the_clock_was_set() {
        let (title, fqdn) = ("Berlin".to_owned(), "b.example".to_owned());
        let berlin = Cluster { id: ClusterId(1), title, fqdn, appliance: ApplianceId(1) };
        let by = |ms, ahead_ms| Reckoning { now: from_millis(ms), ahead_ms };
        let (at, until) = (by(1_000_000, 0), from_millis(1_007_000));
        let told = |looks, changes| News { looks, changes };
        let basis = Basis { cluster: berlin.clone(), news: told(7, 2), at, until };
        let holds = |looks, ms, ahead_ms| basis.holds(&berlin, told(looks, 2), by(ms, ahead_ms));
        assert!(holds(7, 1_000_000, 0) && holds(7, 1_006_999, 0));
        assert!(!holds(8, 1_001_000, 0), "something was told");
        assert!(!holds(7, 1_007_000, 0), "something is worth less by now");
        assert!(!holds(7, 999_999, 0), "it is before it");
        assert!(!holds(7, 1_001_000, -1_000), "the clock was set");
        let renamed = Cluster { title: "Bonn".into(), ..berlin.clone() };
        assert!(!basis.holds(&renamed, told(7, 2), by(1_001_000, 0)));
        let listed = |looks, changes, ms| basis.holds_for_a_list(&berlin, told(looks, changes), by(ms, 0));
        assert!(listed(8, 2, 1_001_000), "a list does not wait for what a look means");
        assert!(!listed(7, 3, 1_001_000) && !listed(8, 2, 1_007_000), "but for what somebody did, and for time");
    }
}
