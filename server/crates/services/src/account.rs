//! One's own account: what everybody may do for themselves.

use crate::{
    Failure, ReadCx, Services, Topic,
    passwords::{hash_password, verify_password},
};
use model::{
    FieldErrors,
    person::{self, SessionEnd},
    record::{Entry, RecordKind},
};
use store::{people, records, sessions, sessions::SessionLine, sign_in};

impl Services {
    /// The reader's own sessions, the one used last first; the one that asks is marked.
    pub async fn own_sessions(&self, cx: &ReadCx) -> Result<Vec<SessionLine>, Failure> {
        Ok(self.store.sessions_of(cx.person.id, self.now(), &cx.session).await?)
    }

    /// One of the reader's own, by the id of its line; it may be the present one.
    pub async fn end_own_session(&self, cx: &ReadCx, session: &str) -> Result<(), Failure> {
        self.end_one(cx, &cx.person, session).await
    }

    /// All of the reader's own but the present one.
    pub async fn end_own_other_sessions(&self, cx: &ReadCx) -> Result<(), Failure> {
        self.end_all(cx, &cx.person, Some(cx.session)).await
    }

    /// The old one is asked for, and a wrong one counts like a wrong one at sign-in: a browser left open is no way to
    /// guess. Ends the other sessions.
    pub async fn change_password(&self, cx: &ReadCx, old: &str, new: &str) -> Result<(), Failure> {
        let mut errors = FieldErrors::default();
        if old.is_empty() {
            errors.add("old", "Give your present password.");
        }
        errors.keep("password", person::check_password(new));
        if !errors.is_empty() {
            return Err(errors.into());
        }
        let _one_at_a_time = self.sign_in.lock().await;
        let (id, name, session) = (cx.person.id, cx.person.name.clone(), cx.session);
        self.slow_down("old", &name, &cx.origin, self.now()).await?;
        let found = self.store.person_by_name(&name).await?;
        let (_, hash) = found.ok_or(Failure::NotFound("such person"))?;
        if !verify_password(old.to_owned(), hash).await? {
            let what = "gave a wrong present password when changing it";
            self.refused(&cx.origin, &name, Some(&cx.person), what).await?;
            return Err(Failure::field("old", "This is not your present password. Type it again."));
        }
        let hash = hash_password(new.to_owned()).await?;
        let end = self.end(cx, SessionEnd::PasswordChanged);
        let changed = cx.entry(self.now(), RecordKind::PasswordChanged, format!("{name} changed their password."));
        self.store
            .write(move |conn| {
                Box::pin(async move {
                    people::set_password_in(conn, id, &hash).await?;
                    sign_in::forget_failures_in(conn, &name).await?;
                    let ended = sessions::end_sessions_of_in(conn, id, Some(&session), &end).await?;
                    let detail = serde_json::json!({ "person": id, "sessions_ended": ended });
                    records::append_in(conn, &Entry { detail, ..changed }).await
                })
            })
            .await?;
        self.bus.tell(Topic::Other);
        Ok(())
    }
}
