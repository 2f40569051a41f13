//! What is old enough to be of no use to anybody goes; run now and then.

use crate::{Failure, forms::TOKENS_KEPT, ground::Ground, lapsed, plans::SNAPSHOTS_KEPT};
use jiff::{SignedDuration, ToSpan};
use model::At;
use store::sessions::Lives;

pub(crate) async fn sweep(ground: &Ground, lives: Lives) -> Result<(), Failure> {
    // What was written before the clock was set back is not from the future, nor over.
    ground.mind_the_clock().await?;
    let now = ground.now();
    let ago = |by: SignedDuration| now.checked_sub(by).unwrap_or(At::UNIX_EPOCH);
    ground.store.purge_sessions(now, lives).await?;
    ground.store.purge_sign_in_failures(now).await?;
    ground.store.purge_form_tokens(ago(TOKENS_KEPT)).await?;
    ground.store.purge_drafts(ago(SignedDuration::from_hours(30 * 24))).await?;
    ground.store.purge_lapsed_drafts(ago(lapsed::KEPT)).await?;
    ground.store.purge_draft_secrets(now.checked_sub(1.minutes()).unwrap_or(At::UNIX_EPOCH)).await?;
    ground.store.purge_plan_snapshots(ago(SNAPSHOTS_KEPT)).await?;
    Ok(())
}
