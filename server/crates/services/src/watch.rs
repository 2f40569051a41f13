//! Judged when seen: after each look the rules are run for each cluster that it concerns, and since when what they found is
//! so is kept (`model::since`).

use crate::{Failure, ground::Ground, judged::Judged, judging::judge_now, standings::Standings};
use model::{ApplianceId, ClusterId, Reckoning, cluster::Cluster};
use std::{
    collections::HashMap,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
};

/// One judgement of a cluster at a time. Whoever waited while one began that had seen their look needs no other.
#[derive(Default)]
pub(crate) struct Judges(Mutex<HashMap<ClusterId, Arc<Turn>>>);

#[derive(Default)]
struct Turn {
    asked: AtomicU64,
    /// How many of those who asked have been answered.
    answered: tokio::sync::Mutex<u64>,
}

impl Judges {
    fn turn(&self, cluster: ClusterId) -> Arc<Turn> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).entry(cluster).or_default().clone()
    }
}

impl Turn {
    /// Runs `act`, unless one that began after this was asked for has ended meanwhile.
    async fn take(&self, act: impl Future<Output = ()>) {
        let mine = self.asked.fetch_add(1, Ordering::SeqCst) + 1;
        let mut answered = self.answered.lock().await;
        if *answered >= mine {
            return;
        }
        let all = self.asked.load(Ordering::SeqCst);
        act.await;
        *answered = all;
    }
}

#[derive(Clone)]
pub(crate) struct Watch {
    pub(crate) ground: Arc<Ground>,
    pub(crate) standings: Arc<Standings>,
    pub(crate) judges: Arc<Judges>,
}

impl Watch {
    /// The last judgement, while it is so; else a new one.
    pub(crate) async fn judged(&self, cluster: Cluster) -> Result<Arc<Judged>, Failure> {
        if let Some(judged) = self.standings.kept_judged(&cluster) {
            return Ok(judged);
        }
        let (news, at) = (self.standings.news_of(&cluster), self.ground.reckoning());
        let judged = Arc::new(judge_now(&self.ground, cluster.clone()).await?);
        self.standings.keep(cluster, news, at, &judged);
        Ok(judged)
    }

    /// After a look at an appliance, stored already: all clusters on it. `at`: when that look was.
    pub(crate) async fn judge_on(&self, appliance: ApplianceId, at: Reckoning) {
        self.judge_all(self.ground.store.clusters_on(appliance).await, at).await;
    }

    /// After a look at a node.
    pub(crate) async fn judge(&self, id: ClusterId, at: Reckoning) {
        self.judge_all(self.ground.store.cluster(id).await.map(|cluster| vec![cluster]), at).await;
    }

    async fn judge_all(&self, concerned: Result<Vec<Cluster>, store::Error>, at: Reckoning) {
        match concerned {
            Ok(clusters) => {
                for cluster in clusters {
                    let turn = self.judges.turn(cluster.id);
                    turn.take(self.judge_and_note(cluster, at)).await;
                }
            }
            // Removed while it was looked at.
            Err(store::Error::NotFound) => {}
            Err(error) => tracing::error!("The clusters could not be listed: {}", error.sentence()),
        }
    }

    async fn judge_and_note(&self, cluster: Cluster, at: Reckoning) {
        let id = cluster.id;
        let judge = async {
            let (news, begun) = (self.standings.news_of(&cluster), self.ground.reckoning());
            let mut judged = judge_now(&self.ground, cluster.clone()).await?;
            let view = judged.as_it_was();
            let watch = self.ground.store.watch(id).await?;
            let watch =
                watch.judged(self.ground.store.noted(at), self.ground.interval, &view.findings, view.verdict().0);
            self.ground.store.put_watch(id, &watch).await?;
            judged.since(watch.told(self.ground.store.noted(begun)));
            self.standings.keep(cluster, news, begun, &Arc::new(judged));
            Ok::<_, Failure>(())
        };
        if let Err(failure) = judge.await {
            tracing::error!(cluster.id = id.0, "Since when it is as it is could not be kept: {failure}");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::atomic::AtomicUsize;
    use tokio::{sync::oneshot, task::yield_now};

    #[tokio::test]
    async fn who_waits_while_another_begins_after_them_is_answered_by_that() {
        let (turn, acts) = (Arc::new(Turn::default()), Arc::new(AtomicUsize::new(0)));
        let (go, wait) = oneshot::channel::<()>();
        let ask = |wait: Option<oneshot::Receiver<()>>| {
            let (turn, acts) = (turn.clone(), acts.clone());
            tokio::spawn(async move {
                turn.take(async {
                    if let Some(wait) = wait {
                        wait.await.unwrap();
                    }
                    acts.fetch_add(1, Ordering::SeqCst);
                })
                .await;
            })
        };
        let first = ask(Some(wait));
        while turn.asked.load(Ordering::SeqCst) < 1 {
            yield_now().await;
        }
        let others = [ask(None), ask(None), ask(None)];
        while turn.asked.load(Ordering::SeqCst) < 4 {
            yield_now().await;
        }
        go.send(()).unwrap();
        first.await.unwrap();
        for other in others {
            other.await.unwrap();
        }
        assert_eq!(
            acts.load(Ordering::SeqCst),
            2,
            "the first had begun before the others asked; one serves all of those"
        );
        ask(None).await.unwrap();
        assert_eq!(acts.load(Ordering::SeqCst), 3);
    }
}
