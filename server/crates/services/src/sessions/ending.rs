//! How sessions end before their time: those that somebody names, one's own or another's.

use super::Sessions;
use crate::{Failure, ReadCx, Topic, cx::entry};
use model::{
    person::{Person, SessionEnd},
    record::{Entry, RecordKind},
};
use store::{records, sessions, sessions::Ended};

impl Sessions {
    /// By the id of its line. One that is over already leaves no record.
    pub(crate) async fn end_one(&self, cx: &ReadCx, whose: &Person, session: &str) -> Result<(), Failure> {
        let (id, session) = (whose.id, session.to_owned());
        let end = self.end(cx, SessionEnd::Ended);
        let ended = self.session_ended(cx, whose, format!("A session of {} was ended.", whose.name));
        self.ground
            .store
            .write(move |conn| {
                Box::pin(async move {
                    if sessions::end_session_of_in(conn, id, &session, &end).await? {
                        records::append_in(conn, &ended).await?;
                    }
                    Ok(())
                })
            })
            .await?;
        self.ground.bus.tell(Topic::People);
        Ok(())
    }

    pub(crate) async fn end_all(
        &self,
        cx: &ReadCx,
        whose: &Person,
        keep: Option<store::TokenHash>,
    ) -> Result<(), Failure> {
        let (id, name) = (whose.id, whose.name.clone());
        let end = self.end(cx, SessionEnd::Ended);
        let ended = self.session_ended(cx, whose, "");
        self.ground
            .store
            .write(move |conn| {
                Box::pin(async move {
                    let count = sessions::end_sessions_of_in(conn, id, keep.as_ref(), &end).await?;
                    if count > 0 {
                        let others = if keep.is_some() { "other " } else { "" };
                        let summary = if count == 1 {
                            format!("The one {others}session of {name} was ended.")
                        } else {
                            format!("{count} {others}sessions of {name} were ended.")
                        };
                        records::append_in(conn, &Entry { summary, ..ended }).await?;
                    }
                    Ok(())
                })
            })
            .await?;
        self.ground.bus.tell(Topic::People);
        Ok(())
    }

    /// What whoever comes back with the old session is told.
    pub(crate) fn end(&self, cx: &ReadCx, why: SessionEnd) -> Ended {
        Ended { person: None, why, by: cx.person.name.clone(), at: self.ground.now() }
    }

    fn session_ended(&self, cx: &ReadCx, whose: &Person, summary: impl Into<String>) -> Entry {
        let mut ended = entry(cx.actor(), self.ground.now(), RecordKind::SessionEnded, summary);
        ended.detail = serde_json::json!({ "person": whose.id });
        ended
    }
}
