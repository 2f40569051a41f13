//! What a clock that was set back would keep alive for too long.

use crate::{Conn, Error, Store};
use jiff::SignedDuration;
use model::{At, clock::from_millis};

/// Times by which something ends are told by the new clock from now on. Records are never touched.
pub async fn move_times_in(conn: &mut Conn, by: SignedDuration) -> Result<(), Error> {
    let ms = i64::try_from(by.as_millis()).map_err(|_| Error::mistake("a clock was set by more than there is time"))?;
    for statement in [
        "UPDATE sessions SET created = created + $1, last_seen = last_seen + $1, expires = expires + $1,
                             was_until = was_until + $1",
        "UPDATE persons SET last_seen = last_seen + $1 WHERE last_seen IS NOT NULL",
        "UPDATE sign_in_failures SET at = at + $1",
        "UPDATE sign_in_delays SET begun = begun + $1, until = until + $1",
        "UPDATE form_tokens SET at = at + $1",
        "UPDATE drafts SET at = at + $1",
        "UPDATE draft_secrets SET at = at + $1",
    ] {
        sqlx::query(statement).bind(ms).execute(&mut *conn).await?;
    }
    Ok(())
}

impl Store {
    /// The time of the record that was written last; `None`: there is none.
    pub async fn last_record_at(&self) -> Result<Option<At>, Error> {
        let at: Option<i64> = sqlx::query_scalar("SELECT at FROM records ORDER BY id DESC LIMIT 1")
            .fetch_optional(self.readers())
            .await?;
        Ok(at.map(from_millis))
    }
}
