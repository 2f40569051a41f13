//! The form for a new appliance: one form for testing, pinning and adding. What was typed as password stays, encrypted,
//! for a minute, so that nobody types it again for having looked at a certificate.

use super::{Appliances, Tested};
use crate::{AdminCx, Failure, ReadCx, pool};
use jiff::{SignedDuration, ToSpan};
use model::{ApplianceId, At, appliance::ApplianceForm};
use secrecy::{ExposeSecret, SecretString};
use std::time::Duration;

/// How long a typed password is kept.
const KEPT: SignedDuration = SignedDuration::from_mins(1);

/// How long whoever added an appliance waits for its first look: its page is then whole at once.
const FIRST_LOOK: Duration = Duration::from_secs(10);

impl Appliances {
    /// Connects, and keeps the password for the next sending of the caller's form of this name.
    pub async fn try_new(
        &self,
        cx: &AdminCx,
        name: &str,
        form: &ApplianceForm,
        password: &str,
    ) -> Result<Tested, Failure> {
        let secret = self.typed_or_kept(cx, name, form, password).await?;
        let tested = self.test(cx, form, secret.expose_secret()).await;
        self.drop_refused(cx, name, &tested).await?;
        tested
    }

    /// Adds it, and waits a moment for what it looks like.
    pub async fn add_new(
        &self,
        cx: &AdminCx,
        name: &str,
        form: &ApplianceForm,
        password: &str,
    ) -> Result<ApplianceId, Failure> {
        let secret = self.typed_or_kept(cx, name, form, password).await?;
        let added = self.add(cx, form, secret.expose_secret()).await;
        self.drop_refused(cx, name, &added).await?;
        let id = added?;
        let look = tokio::spawn({
            let observer = self.observer.clone();
            async move { observer.look(id).await }
        });
        // One that is slow is looked at all the same; its page says then that it was not seen yet.
        let _ = tokio::time::timeout(FIRST_LOOK, look).await;
        Ok(id)
    }

    /// Until when the form's typed password is kept; `None`: there is none.
    pub async fn password_kept_until(&self, cx: &ReadCx, name: &str) -> Result<Option<At>, Failure> {
        let (until, now) = (|at: At| at.checked_add(KEPT).unwrap_or(at), self.ground.now());
        let kept = self.ground.store.draft_secret(&cx.owner(), name).await?;
        // One from the future was typed before the clock was set back: nobody can say how long ago.
        Ok(kept.filter(|(_, at)| *at <= now).map(|(_, at)| until(at)).filter(|until| *until > now))
    }

    /// What was typed now, or a moment ago for the same account at the same address.
    async fn typed_or_kept(
        &self,
        cx: &ReadCx,
        name: &str,
        form: &ApplianceForm,
        password: &str,
    ) -> Result<SecretString, Failure> {
        let Ok(spec) = form.parse() else {
            // Its fields say what is wrong, and where a password would go is not known.
            return Ok(SecretString::from(password));
        };
        let about = format!("draft:{}:{name}:{}", cx.owner(), pool::about(&spec));
        if !password.is_empty() {
            let (now, sealed) = (self.ground.now(), self.ground.vault.seal(password, &about)?);
            let over = now.checked_sub(1.minutes()).unwrap_or(At::UNIX_EPOCH);
            self.ground.store.put_draft_secret(&cx.owner(), name, sealed, now, over).await?;
            return Ok(SecretString::from(password));
        }
        if self.password_kept_until(cx, name).await?.is_none() {
            return Ok(SecretString::from(""));
        }
        let Some((sealed, _)) = self.ground.store.draft_secret(&cx.owner(), name).await? else {
            return Ok(SecretString::from(""));
        };
        self.ground.vault.unseal(&sealed, &about).map_err(|_| {
            Failure::field(
                "password",
                "The password that was typed before belongs to another address or account, so it is not sent to this one. \
                 Type it again.",
            )
        })
    }

    /// A password that was refused is of no use to the form's next sending.
    async fn drop_refused<T>(&self, cx: &ReadCx, name: &str, tried: &Result<T, Failure>) -> Result<(), Failure> {
        if let Err(Failure::Fields(errors)) = tried
            && errors.get("password").is_some()
        {
            self.ground.store.drop_draft_secret(&cx.owner(), name).await?;
        }
        Ok(())
    }
}
