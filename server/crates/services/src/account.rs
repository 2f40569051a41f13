//! One's own account: what everybody may do for themselves.

use crate::{
    Failure, ReadCx, Topic,
    delays::Delays,
    ground::Ground,
    passwords::{hash_password, verify_password},
    random,
    sessions::Sessions,
};
use model::{
    FieldErrors,
    person::{self, SessionEnd},
    record::{Entry, RecordKind},
};
use std::sync::Arc;
use store::{people, records, sessions, sessions::SessionLine, sign_in};

#[derive(Clone)]
pub struct OwnAccount {
    pub(crate) ground: Arc<Ground>,
    pub(crate) sessions: Sessions,
    pub(crate) delays: Delays,
}

impl OwnAccount {
    /// The reader's own sessions, the one used last first; the one that asks is marked.
    pub async fn sessions(&self, cx: &ReadCx) -> Result<Vec<SessionLine>, Failure> {
        Ok(self
            .ground
            .store
            .sessions_of(cx.person.id, self.ground.now(), self.sessions.lives, cx.session().as_ref())
            .await?)
    }

    /// One of the reader's own, by the id of its line; it may be the present one.
    pub async fn end_session(&self, cx: &ReadCx, session: &str) -> Result<(), Failure> {
        self.sessions.end_one(cx, &cx.person, session).await
    }

    /// All of the reader's own but the present one.
    pub async fn end_other_sessions(&self, cx: &ReadCx) -> Result<(), Failure> {
        self.sessions.end_all(cx, &cx.person, cx.session()).await
    }

    /// The old one is asked for, and a wrong one counts like a wrong one at sign-in: a browser left open is no way to
    /// guess. Ends the other sessions.
    /// Gives the present session's new token.
    pub async fn change_password(&self, cx: &ReadCx, old: &str, new: &str) -> Result<String, Failure> {
        let mut errors = FieldErrors::default();
        if old.is_empty() {
            errors.add("old", "Give your present password.");
        }
        errors.keep("password", person::check_password(new, &cx.person.name));
        if !old.is_empty() && spelled_alike(old, new) {
            errors.add("password", "This is the password that you gave as the present one. Choose another.");
        }
        if !errors.is_empty() {
            return Err(errors.into());
        }
        let _one_at_a_time = self.sessions.one_at_a_time().await;
        let (id, name, session) = (cx.person.id, cx.person.name.clone(), cx.own_session()?);
        // What strangers try at the sign-in page is no matter of somebody who is signed in.
        let attempt =
            self.sessions.attempt_on(&cx.origin, &name, Some(format!("session:{}", hex::encode(&session[..16]))));
        self.delays.not_delayed("old", &cx.origin, &attempt, Some(&cx.person)).await?;
        let found = self.ground.store.person_by_name(&name).await?;
        let (_, hash) = found.ok_or(Failure::NotFound("such person"))?;
        if !verify_password(old.to_owned(), hash).await? {
            let what = "gave a wrong present password when changing it";
            self.sessions.refused(&cx.origin, &attempt, Some(&cx.person), what).await?;
            return Err(Failure::field("old", "This is not your present password. Type it again."));
        }
        let hash = hash_password(new.to_owned()).await?;
        let token = random::token()?;
        let fresh = random::hash(&token);
        let end = self.sessions.end(cx, SessionEnd::PasswordChanged);
        let changed =
            cx.entry(self.ground.now(), RecordKind::PasswordChanged, format!("{name} changed their password."));
        self.ground
            .store
            .write(move |conn| {
                Box::pin(async move {
                    people::set_password_in(conn, id, &hash).await?;
                    sign_in::forget_failures_in(conn, &attempt).await?;
                    let ended = sessions::end_sessions_of_in(conn, id, Some(&session), &end).await?;
                    sessions::renew_session_in(conn, &session, &fresh, None).await?;
                    let detail = serde_json::json!({ "person": id, "sessions_ended": ended });
                    records::append_in(conn, &Entry { detail, ..changed }).await
                })
            })
            .await?;
        self.ground.bus.tell(Topic::People);
        Ok(token)
    }
}

/// The same but for what a keyboard or a hurry adds.
fn spelled_alike(one: &str, other: &str) -> bool {
    person::spelled(one).to_lowercase() == person::spelled(other).to_lowercase()
}
