//! What takes time, between the record of its begin and that of its end.

use crate::{Failure, acting::to_its_end, ground::Ground};
use futures::FutureExt;
use model::{
    ActNo, At,
    record::{Entry, Outcome, RecordKind},
};
use std::{panic::AssertUnwindSafe, sync::Arc};

/// Something that takes time and has begun.
#[derive(Clone)]
pub(crate) struct LongAct {
    /// In the log.
    pub number: ActNo,
    pub begun: Entry,
    /// The kind of the record that ends it.
    pub ends_as: RecordKind,
}

impl LongAct {
    /// The record of its end. Who makes one writes it.
    pub(crate) fn ended(&self, at: At, outcome: Outcome, summary: String) -> Entry {
        Entry { at, kind: self.ends_as, act: Some(self.number), outcome: Some(outcome), summary, ..self.begun.clone() }
    }
}

impl Ground {
    /// `begun` is in the log before it begins, and it is done to its end. Where it goes well, the work writes the record of
    /// that with what it made; where it does not, even by a panic, this does, with `not_done` before the reason.
    pub async fn long_act<T, W>(
        self: &Arc<Self>,
        begun: Entry,
        ends_as: RecordKind,
        not_done: String,
        work: impl FnOnce(LongAct) -> W + Send + 'static,
    ) -> Result<T, Failure>
    where
        T: Send + 'static,
        W: Future<Output = Result<T, Failure>> + Send,
    {
        let ground = self.clone();
        to_its_end(async move {
            let act = LongAct { number: ground.store.append(&begun).await?.act, begun, ends_as };
            let done = AssertUnwindSafe(work(act.clone())).catch_unwind().await;
            let done = done.unwrap_or_else(|_| Err(Failure::Internal("Its task ended abnormally.".into())));
            if let Err(failure) = &done {
                let summary = format!("{not_done} {}", failure.reason());
                ground.store.append(&act.ended(ground.now(), Outcome::Failed, summary)).await?;
            }
            done
        })
        .await
    }
}

#[cfg(test)]
mod tests {
    use crate::{Failure, Origin, cx::entry, ground::testing::ground};
    use model::record::{Outcome, RecordKind};

    #[tokio::test]
    async fn even_what_panics_has_an_end_in_the_log() {
        let folder = tempfile::tempdir().unwrap();
        let ground = ground(folder.path()).await;
        let ada = Origin { from: "10.0.0.9".into(), ..Origin::default() }.actor("ada");
        let begun = entry(ada, ground.now(), RecordKind::PlanBegun, "Plan for Berlin begun.");
        let not_done = "Plan for Berlin was not made.".to_owned();
        let work = async |_| -> Result<(), Failure> { panic!("as somebody's mistake would") };
        let failed = ground.long_act(begun, RecordKind::PlanEnded, not_done, work).await;
        assert!(matches!(failed, Err(Failure::Internal(_))), "{failed:?}");
        let newest = ground.store.list(store::records::Filter { limit: 10, ..Default::default() }).await.unwrap();
        let [ended, begun] = &newest[..] else { panic!("{newest:?}") };
        assert_eq!(
            (ended.act, ended.entry.kind, ended.entry.outcome),
            (begun.act, RecordKind::PlanEnded, Some(Outcome::Failed))
        );
        assert_eq!(begun.entry.kind, RecordKind::PlanBegun);
        assert_eq!(ended.entry.summary, "Plan for Berlin was not made. Its task ended abnormally.");
        assert_eq!(ended.entry.actor, begun.entry.actor);
    }
}
