//! Whether the database is still what it was made to be.

use crate::{Error, Store, schema, settings::set_setting_in};
use model::{RecordId, health::ConsoleTrouble};

/// What a look at the log shows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LogState {
    pub troubles: Vec<ConsoleTrouble>,
    /// The newest record; 0 where there is none.
    pub newest: RecordId,
}

/// Written now and then, for no other reason than to see whether it can be.
const PROBE: &str = "written_at";

impl Store {
    /// The guards of the log, and whether its numbers follow one another from the first.
    pub async fn log_state(&self) -> Result<LogState, Error> {
        let made = self.gatehouse.made.clone();
        self.read(move |conn| {
            Box::pin(async move {
                let mut troubles = Vec::new();
                let guards = schema::missing(conn, &made, schema::TRIGGER).await?;
                if !guards.is_empty() {
                    troubles.push(ConsoleTrouble::GuardsMissing(guards));
                }
                let (count, newest): (i64, i64) =
                    sqlx::query_as("SELECT count(*), coalesce(max(id), 0) FROM records").fetch_one(&mut *conn).await?;
                if count < newest {
                    troubles.push(ConsoleTrouble::RecordsMissing(newest - count));
                }
                Ok(LogState { troubles, newest: RecordId(newest) })
            })
        })
        .await
    }

    /// Whether anything is stored that only the key opens.
    pub async fn has_secrets(&self) -> Result<bool, Error> {
        let any = "SELECT EXISTS (SELECT 1 FROM appliances WHERE length(secret) > 0)
                       OR EXISTS (SELECT 1 FROM node_accounts) OR EXISTS (SELECT 1 FROM uploads)";
        let any: i64 = sqlx::query_scalar(any).fetch_one(self.readers()).await?;
        Ok(any != 0)
    }

    /// Whether anything can be written: a small thing is. Says nothing where nothing is wrong.
    pub async fn probe(&self, now: model::At) -> Result<(), Error> {
        let now = now.to_string();
        self.write(move |conn| Box::pin(async move { set_setting_in(conn, PROBE, &now).await })).await
    }
}
