//! How things are done: to their end, whoever asked may go away meanwhile; and once, however often they are asked for with the
//! same key. Every door has this from here. What takes time, between two records, is in `long_act`.

use crate::{Failure, ReadCx, ground::Ground};
use std::{future::Future, sync::Arc, time::Duration};
use store::tokens::FormToken;
use tokio::{
    sync::Notify,
    time::{Instant, timeout_at},
};
use tracing::Instrument;

/// How long a second asking waits for what the first comes to.
const SECOND: Duration = Duration::from_secs(20);

/// Does the work in a task of its own. Whoever asked may go away, by a closed tab, a cut line or a second click: what was
/// begun is finished.
pub(crate) async fn to_its_end<T: Send + 'static>(
    work: impl Future<Output = Result<T, Failure>> + Send + 'static,
) -> Result<T, Failure> {
    tokio::spawn(work.in_current_span())
        .await
        .unwrap_or_else(|error| Err(Failure::Internal(format!("The task of a request ended: {error}."))))
}

/// For doors, which do whatever they do by this.
#[derive(Clone)]
pub struct Acting {
    pub(crate) ground: Arc<Ground>,
    /// What was asked for with a key has come to something: whoever asked twice may hear it too.
    pub(crate) told_once: Arc<Notify>,
}

impl Acting {
    /// Does the work in a task of its own, whoever asked may go away.
    pub async fn to_its_end<T: Send + 'static>(
        &self,
        work: impl Future<Output = Result<T, Failure>> + Send + 'static,
    ) -> Result<T, Failure> {
        to_its_end(work).await
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
        let (Self { ground, told_once }, person) = (self.clone(), Some(cx.person().id));
        to_its_end(async move {
            // A second click arrives while the first is still at work: it waits for what that one comes to.
            let deadline = Instant::now() + SECOND;
            loop {
                let told = told_once.notified();
                match ground.store.use_form_token(&key, person, ground.now()).await? {
                    FormToken::Fresh => break,
                    FormToken::Used { went_to: Some(answer) } => return Ok(Some(answer)),
                    FormToken::Used { went_to: None } => {}
                }
                if timeout_at(deadline, told).await.is_err() {
                    return Ok(None);
                }
            }
            let answer = work.await?;
            ground.store.form_token_went_to(&key, &answer).await?;
            told_once.notify_waiters();
            Ok(Some(answer))
        })
        .await
    }
}
