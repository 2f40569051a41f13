//! How each cluster stands: judged after a look or a change, once for all who read it, and anew only when something was told
//! about it or what it rests on has grown older by a border (`model::freshness`).

use crate::{Failure, ReadCx, Services, Topic, clusters::Judged};
use model::{At, ClusterId, Reckoning, cluster::Cluster, finding::Tally, standing::Standing, state::Tone};
use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
};

/// The last ones, with what they rest on.
#[derive(Default)]
pub struct Standings(Mutex<HashMap<ClusterId, Kept>>);

#[derive(Clone)]
struct Kept {
    at: Reckoning,
    until: At,
    news: u64,
    cluster: Cluster,
    judged: Arc<Judged>,
}

impl Kept {
    /// A clock that was set, however little, judges anew.
    fn is_so(&self, news: u64, now: Reckoning) -> bool {
        self.news == news && self.at.ahead_ms == now.ahead_ms && (self.at.now..self.until).contains(&now.now)
    }
}

impl Standings {
    fn get(&self, cluster: &Cluster, news: u64, now: Reckoning) -> Option<Arc<Judged>> {
        let all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let kept = all.get(&cluster.id).filter(|kept| kept.cluster == *cluster && kept.is_so(news, now))?;
        Some(kept.judged.clone())
    }

    fn put(&self, kept: Kept) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).insert(kept.cluster.id, kept);
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
        let (news, at) = (self.news_of(&cluster), self.reckoning());
        if let Some(judged) = self.standings.get(&cluster, news, at) {
            return Ok(judged);
        }
        let judged = Arc::new(self.judge_now(cluster.clone()).await?);
        self.keep_judged(cluster, news, at, &judged);
        Ok(judged)
    }

    /// Counted before it is judged: what is told meanwhile makes it old at once.
    pub(crate) fn news_of(&self, cluster: &Cluster) -> u64 {
        let id = cluster.id;
        self.bus.news(&[Topic::Observed(cluster.appliance), Topic::Nodes(id), Topic::Cluster(id), Topic::Other])
    }

    pub(crate) fn keep_judged(&self, cluster: Cluster, news: u64, at: Reckoning, judged: &Arc<Judged>) {
        self.standings.put(Kept { at, until: judged.until, news, cluster, judged: judged.clone() });
    }
}
