//! How each cluster stands, for titles and icons of all open pages: judged once for all of them, and again only after
//! something was told about the cluster.

use crate::{Failure, ReadCx, Services, Topic, clusters::Detail};
use jiff::SignedDuration;
use model::{At, ClusterId, cluster::Cluster, finding::Tally, standing::Standing, state::Tone};
use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
};

/// What is old makes a verdict stale by itself, so one does not count for long.
const KEPT: SignedDuration = SignedDuration::from_secs(2);

/// The last ones, with what they rest on.
#[derive(Default)]
pub struct Standings(Mutex<HashMap<ClusterId, Kept>>);

#[derive(Clone)]
struct Kept {
    at: At,
    news: u64,
    standing: Standing,
}

impl Standings {
    fn get(&self, cluster: ClusterId, news: u64, now: At) -> Option<Standing> {
        let kept = self.0.lock().unwrap_or_else(PoisonError::into_inner).get(&cluster).cloned()?;
        let age = now.duration_since(kept.at);
        let young = !age.is_negative() && age < KEPT;
        (kept.news == news && young).then_some(kept.standing)
    }

    fn put(&self, kept: Kept) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).insert(kept.standing.cluster, kept);
    }
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
        let (news, at) = (self.bus.news(&topics), self.now());
        if let Some(standing) = self.standings.get(cluster.id, news, at) {
            return standing;
        }
        let (id, title) = (cluster.id, cluster.title.clone());
        let standing = match self.cluster_view(cluster, Detail::Line).await {
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
    fn one_counts_until_something_is_told_or_time_has_passed_or_gone_back() {
        let kept = Standings::default();
        let cluster = ClusterId(1);
        let (title, words) = ("Berlin".to_owned(), "UP".to_owned());
        let standing = Standing { cluster, title, tone: Tone::Good, words, tally: Tally::default() };
        let at = from_millis(1_000_000);
        kept.put(Kept { at, news: 7, standing: standing.clone() });
        let got = |news, ms| kept.get(cluster, news, from_millis(ms));
        assert_eq!(got(7, 1_001_000), Some(standing));
        assert_eq!(got(8, 1_001_000), None, "something was told");
        assert_eq!(got(7, 1_002_000), None, "it may be stale by now");
        assert_eq!(got(7, 999_000), None, "the clock was set back");
        assert_eq!(kept.get(ClusterId(2), 7, at), None);
    }
}
