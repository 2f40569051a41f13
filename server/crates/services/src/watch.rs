//! Judged when seen: after each look the rules are run for each cluster that it concerns, and since when what they found is
//! so is kept (`model::since`).

use crate::{
    Failure, Topic, acting::to_its_end, ground::Ground, judged::Judged, judging::judge_now, standings::Standings,
    under_way::UnderWay,
};
use model::{ApplianceId, ClusterId, Reckoning, cluster::Cluster, stretch::Judgement};
use std::{
    collections::HashMap,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
};
use tokio::sync::broadcast::error::RecvError;

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
    /// For somebody who reads: what is judged meanwhile is waited for.
    async fn alone(&self) -> tokio::sync::MutexGuard<'_, u64> {
        self.answered.lock().await
    }

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
    pub(crate) under_way: Arc<UnderWay>,
}

impl Watch {
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
                for Cluster { id, .. } in clusters {
                    let turn = self.judges.turn(id);
                    turn.take(async {
                        if let Err(failure) = self.judge_as_it_is(id, Some(at)).await {
                            tracing::error!(cluster.id = id.0, "How it stands could not be judged: {failure}");
                        }
                    })
                    .await;
                }
            }
            // Removed while it was looked at.
            Err(store::Error::NotFound) => {}
            Err(error) => tracing::error!("The clusters could not be listed: {}", error.sentence()),
        }
    }

    /// The last judgement, while it is so; else a new one. Two who ask at once are answered by one, and who goes away
    /// meanwhile leaves no half of it.
    pub(crate) async fn judged(&self, cluster: Cluster) -> Result<Arc<Judged>, Failure> {
        if let Some(judged) = self.standings.kept_judged(&cluster) {
            return Ok(judged);
        }
        let watch = self.clone();
        to_its_end(async move {
            let turn = watch.judges.turn(cluster.id);
            let _alone = turn.alone().await;
            match watch.standings.kept_judged(&cluster) {
                Some(judged) => Ok(judged),
                None => watch.judge_and_note(cluster, None).await,
            }
        })
        .await
    }

    /// As a list has it, see [`Standings::kept_for_a_list`].
    pub(crate) async fn judged_for_a_list(&self, cluster: Cluster) -> Result<Arc<Judged>, Failure> {
        match self.standings.kept_for_a_list(&cluster) {
            Some(judged) => Ok(judged),
            None => self.judged(cluster).await,
        }
    }

    /// As it is described now: it may have been edited, or removed, while its turn was waited for.
    async fn judge_as_it_is(&self, id: ClusterId, look: Option<Reckoning>) -> Result<(), Failure> {
        match self.ground.store.cluster(id).await {
            Ok(cluster) => self.judge_and_note(cluster, look).await.map(|_| ()),
            Err(store::Error::NotFound) => Ok(()),
            Err(error) => Err(error.into()),
        }
    }

    /// Runs the rules, and notes the verdict where it is another than before. Of a look that began at `look` it notes as
    /// well since when all is so.
    async fn judge_and_note(&self, cluster: Cluster, look: Option<Reckoning>) -> Result<Arc<Judged>, Failure> {
        let id = cluster.id;
        let (news, begun) = (self.standings.news_of(&cluster), self.ground.reckoning());
        let mut judged = judge_now(&self.ground, &self.under_way, cluster.clone()).await?;
        let (store, interval, at) = (&self.ground.store, self.ground.interval, look.unwrap_or(begun));
        let (view, at) = (judged.as_it_was(), store.noted(at));
        let verdict = view.whole_verdict();
        let note = async {
            let watch = match look {
                Some(_) => {
                    let watch = store.watch(id).await?;
                    Some(watch.judged(at, interval, &view.findings, &verdict, view.sighting.look))
                }
                None if self.standings.was_judged(id, &verdict) => return Ok((None, false)),
                None => None,
            };
            let judgement = Judgement { at, verdict };
            let is_another = store.note_judgement(id, watch.as_ref(), judgement, interval).await?;
            Ok::<_, store::Error>((watch, is_another))
        };
        let is_another = match note.await {
            Ok((watch, is_another)) => {
                if let Some(watch) = watch {
                    judged.since(watch.told(store.noted(begun)));
                }
                is_another
            }
            // How it stands is known all the same, and is shown.
            Err(error) => {
                tracing::error!(cluster.id = id.0, "Since when it is as it is could not be kept: {}", error.sentence());
                false
            }
        };
        let judged = Arc::new(judged);
        self.standings.keep(cluster, news, begun, &judged);
        if is_another {
            self.ground.bus.send(Topic::Verdict(id));
        }
        Ok(judged)
    }

    /// After each change of a set-up, its plans or what it owns, though nobody reads it now; until the stop, which is told.
    /// What looks see they judge themselves, and of what is missed here, or concerns all clusters, the next look or reader
    /// makes a judgement.
    pub(crate) async fn judge_what_changes(self) {
        let mut heard = self.ground.bus.listen();
        while self.ground.not_stopping().is_ok() {
            let id = match heard.recv().await {
                Ok(Topic::Cluster(id)) => id,
                Ok(_) | Err(RecvError::Lagged(_)) => continue,
                Err(RecvError::Closed) => return,
            };
            let judged = match self.ground.store.cluster(id).await {
                Ok(cluster) => self.judged(cluster).await.map(|_| ()),
                // Removed since.
                Err(store::Error::NotFound) => Ok(()),
                Err(error) => Err(error.into()),
            };
            if let Err(failure) = judged {
                tracing::error!(cluster.id = id.0, "How it stands could not be judged: {failure}");
            }
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
