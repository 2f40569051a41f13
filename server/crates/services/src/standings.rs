//! How each cluster stands, for titles and icons of all open pages: judged once for all of them, and again only after
//! something was told about the cluster.

use crate::{Failure, ReadCx, Services, Topic};
use model::{ClusterId, Reckoning, cluster::Cluster, finding::Tally, standing::Standing, state::Tone};
use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
};

/// What is old makes a verdict stale by itself, so one does not count for long.
const KEPT_MS: i64 = 2_000;

/// The last ones, with what they rest on.
#[derive(Default)]
pub struct Standings(Mutex<HashMap<ClusterId, Kept>>);

#[derive(Clone)]
struct Kept {
    at: Reckoning,
    news: u64,
    standing: Standing,
}

impl Standings {
    fn get(&self, cluster: ClusterId, news: u64, now: Reckoning) -> Option<Standing> {
        let kept = self.0.lock().unwrap_or_else(PoisonError::into_inner).get(&cluster).cloned()?;
        (kept.news == news && is_young(kept.at, now)).then_some(kept.standing)
    }

    fn put(&self, kept: Kept) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).insert(kept.standing.cluster, kept);
    }
}

/// By the time that only passes: a clock that is set back keeps nothing, and one that was set judges anew.
fn is_young(at: Reckoning, now: Reckoning) -> bool {
    let set = now.ahead_ms.saturating_sub(at.ahead_ms);
    let passed = now.now.as_millisecond().saturating_sub(at.now.as_millisecond()).saturating_sub(set);
    (0..KEPT_MS).contains(&passed) && set.abs() < KEPT_MS
}

impl Services {
    /// One for each cluster that the reader may see, by title.
    pub async fn standings(&self, cx: &ReadCx) -> Result<Vec<Standing>, Failure> {
        let mut standings = Vec::new();
        for cluster in self.clusters_in_scope(cx).await? {
            standings.push(self.standing(cluster).await);
        }
        Ok(standings)
    }

    async fn standing(&self, cluster: Cluster) -> Standing {
        let topics = [Topic::Observed(cluster.appliance), Topic::Nodes(cluster.id), Topic::Other];
        // Counted before it is judged: what is told meanwhile makes it old at once.
        let (news, at) = (self.bus.news(&topics), self.reckoning());
        if let Some(standing) = self.standings.get(cluster.id, news, at) {
            return standing;
        }
        let (id, title) = (cluster.id, cluster.title.clone());
        let standing = match self.cluster_view(cluster, 0).await {
            Ok(view) => {
                let (tone, words) = view.verdict();
                Standing { cluster: id, title, tone, words, tally: view.tally() }
            }
            Err(failure) => {
                tracing::error!(cluster.id = id.0, "How the cluster stands could not be read: {failure}");
                let words = "not known, because it could not be read".to_owned();
                Standing { cluster: id, title, tone: Tone::Unknown, words, tally: Tally::default() }
            }
        };
        self.standings.put(Kept { at, news, standing: standing.clone() });
        standing
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::clock::from_millis;

    #[test]
    fn one_counts_until_something_is_told_or_time_has_passed_or_the_clock_was_set() {
        let kept = Standings::default();
        let cluster = ClusterId(1);
        let (title, words) = ("Berlin".to_owned(), "UP".to_owned());
        let standing = Standing { cluster, title, tone: Tone::Good, words, tally: Tally::default() };
        let by = |ms, ahead_ms| Reckoning { now: from_millis(ms), ahead_ms };
        kept.put(Kept { at: by(1_000_000, 0), news: 7, standing: standing.clone() });
        let got = |news, ms, ahead_ms| kept.get(cluster, news, by(ms, ahead_ms));
        assert_eq!(got(7, 1_001_000, 0), Some(standing));
        assert_eq!(got(8, 1_001_000, 0), None, "something was told");
        assert_eq!(got(7, 1_002_000, 0), None, "it may be stale by now");
        assert_eq!(got(7, 996_000, -5_000), None, "the clock was set back");
        assert_eq!(got(7, 1_001_000, -10_000), None, "it was set back by nearly as much as has passed");
        assert_eq!(got(7, 1_041_000, 40_000), None, "it was set forward");
        assert_eq!(kept.get(ClusterId(2), 7, by(1_000_000, 0)), None);
    }
}
