//! How things are done: to their end, whoever asked may go away meanwhile; once, however often they are asked for with the
//! same key; and what takes time between two records. Every door has this from here.

use crate::{Failure, ReadCx, Services, long_act::LongAct};
use futures::FutureExt;
use model::record::{Entry, Outcome, RecordKind};
use std::{future::Future, panic::AssertUnwindSafe, time::Duration};
use store::tokens::FormToken;
use tokio::time::{Instant, timeout_at};
use tracing::Instrument;

/// How long a second asking waits for what the first comes to.
const SECOND: Duration = Duration::from_secs(20);

impl Services {
    /// Does the work in a task of its own. Whoever asked may go away, by a closed tab, a cut line or a second click: what was
    /// begun is finished.
    pub async fn to_its_end<T: Send + 'static>(
        &self,
        work: impl Future<Output = Result<T, Failure>> + Send + 'static,
    ) -> Result<T, Failure> {
        tokio::spawn(work.in_current_span())
            .await
            .unwrap_or_else(|error| Err(Failure::Internal(format!("The task of a request ended: {error}."))))
    }

    /// The same, once: `key` is what whoever asks made up for it, and sends again when they ask again. Gives what the work
    /// came to, in the door's own words, to the first and to all later ones; `None` where that is not known, because it is
    /// still going on, or was never told.
    pub async fn once(
        &self,
        cx: &ReadCx,
        key: String,
        work: impl Future<Output = Result<String, Failure>> + Send + 'static,
    ) -> Result<Option<String>, Failure> {
        let (services, person) = (self.clone(), Some(cx.person().id));
        self.to_its_end(async move {
            // A second click arrives while the first is still at work: it waits for what that one comes to.
            let deadline = Instant::now() + SECOND;
            loop {
                let told = services.told_once.notified();
                match services.store.use_form_token(&key, person, services.now()).await? {
                    FormToken::Fresh => break,
                    FormToken::Used { went_to: Some(answer) } => return Ok(Some(answer)),
                    FormToken::Used { went_to: None } => {}
                }
                if timeout_at(deadline, told).await.is_err() {
                    return Ok(None);
                }
            }
            let answer = work.await?;
            services.store.form_token_went_to(&key, &answer).await?;
            services.told_once.notify_waiters();
            Ok(Some(answer))
        })
        .await
    }

    /// What takes time: `begun` is in the log before it begins, and it is done to its end. Where it goes well, the work
    /// writes the record of that with what it made; where it does not, even by a panic, this does, with `not_done` before
    /// the reason.
    pub(crate) async fn long_act<T, W>(
        &self,
        begun: Entry,
        ends_as: RecordKind,
        not_done: String,
        work: impl FnOnce(Self, LongAct) -> W + Send + 'static,
    ) -> Result<T, Failure>
    where
        T: Send + 'static,
        W: Future<Output = Result<T, Failure>> + Send,
    {
        let services = self.clone();
        self.to_its_end(async move {
            let act = LongAct { number: services.store.append(&begun).await?.act, begun, ends_as };
            let done = AssertUnwindSafe(work(services.clone(), act.clone())).catch_unwind().await;
            let done = done.unwrap_or_else(|_| Err(Failure::Internal("Its task ended abnormally.".into())));
            if let Err(failure) = &done {
                let summary = format!("{not_done} {}", failure.reason());
                services.store.append(&act.ended(services.now(), Outcome::Failed, summary)).await?;
            }
            done
        })
        .await
    }
}

#[cfg(test)]
mod tests {
    use crate::{Failure, Options, Origin, Rules, Services, SystemClock};
    use model::{
        log::LogQuery,
        person::Role,
        record::{Outcome, RecordKind},
    };
    use std::sync::Arc;

    #[tokio::test]
    async fn even_what_panics_has_an_end_in_the_log() {
        let folder = tempfile::tempdir().unwrap();
        let clock = Arc::<SystemClock>::default();
        let options = Options { data: folder.path().into(), key: None, clock, interval: 10, rules: Rules::default() };
        let services = Services::open(options).await.unwrap();
        services.add_person("ada", Role::Admin, "correct horse battery").await.unwrap();
        let ada = services.at_console("ada", Origin::default()).await.unwrap();
        let begun = ada.entry(services.now(), RecordKind::PlanBegun, "Plan for Berlin begun.");
        let not_done = "Plan for Berlin was not made.".to_owned();
        let work = async |_, _| -> Result<(), Failure> { panic!("as somebody's mistake would") };
        let failed = services.long_act(begun, RecordKind::PlanEnded, not_done, work).await;
        assert!(matches!(failed, Err(Failure::Internal(_))), "{failed:?}");
        let page = services.log_acts(&ada, &LogQuery::default(), None).await.unwrap();
        let (begun, ended) = (&page.acts[0].act.first, &page.acts[0].act.last);
        assert_eq!(
            (ended.act, ended.entry.kind, ended.entry.outcome),
            (begun.act, RecordKind::PlanEnded, Some(Outcome::Failed))
        );
        assert_eq!(ended.entry.summary, "Plan for Berlin was not made. Its task ended abnormally.");
        assert_eq!(ended.entry.actor, begun.entry.actor);
    }
}
