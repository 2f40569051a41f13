//! How each cluster stands: judged after a look or a change, once for all who read it, and anew only when something was told
//! about it or what it rests on has grown older by a border (`model::freshness`).

use crate::{Failure, ReadCx, Topic, ground::Ground, judged::Judged, judging::judge_now};
use model::{At, ClusterId, Reckoning, cluster::Cluster, finding::Tally, standing::Standing, state::Tone};
use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
};

/// The last ones, with what they rest on.
#[derive(Default)]
pub(crate) struct Memory(Mutex<HashMap<ClusterId, Kept>>);

struct Kept {
    basis: Basis,
    judged: Arc<Judged>,
}

/// What a judgement is so for, and until when.
struct Basis {
    cluster: Cluster,
    news: u64,
    at: Reckoning,
    until: At,
}

impl Basis {
    /// A clock that was set, however little, judges anew.
    fn holds(&self, cluster: &Cluster, news: u64, now: Reckoning) -> bool {
        (&self.cluster, self.news, self.at.ahead_ms) == (cluster, news, now.ahead_ms)
            && (self.at.now..self.until).contains(&now.now)
    }
}

impl Memory {
    fn get(&self, cluster: &Cluster, news: u64, now: Reckoning) -> Option<Arc<Judged>> {
        let all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        all.get(&cluster.id).filter(|kept| kept.basis.holds(cluster, news, now)).map(|kept| kept.judged.clone())
    }

    fn put(&self, kept: Kept) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).insert(kept.basis.cluster.id, kept);
    }

    fn forget(&self, id: ClusterId) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).remove(&id);
    }
}

#[derive(Clone)]
pub struct Standings {
    pub(crate) ground: Arc<Ground>,
    pub(crate) memory: Arc<Memory>,
}

impl Standings {
    /// One for each cluster that the reader may see, by title.
    pub async fn list(&self, cx: &ReadCx) -> Result<Vec<Standing>, Failure> {
        let mut standings = Vec::new();
        for cluster in self.ground.clusters_in_scope(cx).await? {
            standings.push(self.standing(cluster).await);
        }
        Ok(standings)
    }

    async fn standing(&self, cluster: Cluster) -> Standing {
        let (id, title) = (cluster.id, cluster.title.clone());
        match self.judged(cluster).await {
            Ok(judged) => {
                let view = judged.as_it_was();
                let (tone, words) = view.verdict();
                Standing { cluster: id, title, tone, words, tally: view.tally() }
            }
            Err(failure) => {
                tracing::error!(cluster.id = id.0, "How the cluster stands could not be read: {failure}");
                let words = "not known, because it could not be read".to_owned();
                Standing { cluster: id, title, tone: Tone::Unknown, words, tally: Tally::default() }
            }
        }
    }

    /// The last judgement, while it is so; else a new one.
    pub(crate) async fn judged(&self, cluster: Cluster) -> Result<Arc<Judged>, Failure> {
        let (news, at) = (self.news_of(&cluster), self.ground.reckoning());
        if let Some(judged) = self.memory.get(&cluster, news, at) {
            return Ok(judged);
        }
        let judged = Arc::new(judge_now(&self.ground, cluster.clone()).await?);
        self.keep(cluster, news, at, &judged);
        Ok(judged)
    }

    /// Counted before it is judged: what is told meanwhile makes it old at once.
    pub(crate) fn news_of(&self, cluster: &Cluster) -> u64 {
        let id = cluster.id;
        self.ground.bus.news(&[Topic::Observed(cluster.appliance), Topic::Nodes(id), Topic::Cluster(id), Topic::Other])
    }

    /// Nobody asks for it any more.
    pub(crate) fn forget(&self, id: ClusterId) {
        self.memory.forget(id);
    }

    pub(crate) fn keep(&self, cluster: Cluster, news: u64, at: Reckoning, judged: &Arc<Judged>) {
        let basis = Basis { cluster, news, at, until: judged.until };
        self.memory.put(Kept { basis, judged: judged.clone() });
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
        let basis = Basis { cluster: berlin.clone(), news: 7, at, until };
        let holds = |news, ms, ahead_ms| basis.holds(&berlin, news, by(ms, ahead_ms));
        assert!(holds(7, 1_000_000, 0) && holds(7, 1_006_999, 0));
        assert!(!holds(8, 1_001_000, 0), "something was told");
        assert!(!holds(7, 1_007_000, 0), "something is worth less by now");
        assert!(!holds(7, 999_999, 0), "it is before it");
        assert!(!holds(7, 1_001_000, -1_000), "the clock was set");
        let renamed = Cluster { title: "Bonn".into(), ..berlin.clone() };
        assert!(!basis.holds(&renamed, 7, by(1_001_000, 0)));
    }
}
