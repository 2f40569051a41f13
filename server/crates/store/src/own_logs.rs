//! Whether appliances' own logs could be read, in `observed.db`.

use crate::{Error, Store, column};
use model::{ApplianceId, At, clock::from_millis, own_log::OwnLog};

impl Store {
    /// What came of asking last.
    pub async fn note_own_log(&self, appliance: ApplianceId, asked: At, told: OwnLog) -> Result<(), Error> {
        let told = column::code(&told)?;
        self.observed
            .writer
            .write(move |conn| {
                Box::pin(async move {
                    sqlx::query(
                        "INSERT INTO own_logs (appliance, asked, told) VALUES ($1, $2, $3)
                         ON CONFLICT (appliance) DO UPDATE SET asked = excluded.asked, told = excluded.told",
                    )
                    .bind(appliance.0)
                    .bind(asked.as_millisecond())
                    .bind(told)
                    .execute(conn)
                    .await?;
                    Ok(())
                })
            })
            .await
    }

    /// `None`: it was not asked yet.
    pub async fn own_log(&self, appliance: ApplianceId) -> Result<Option<(At, OwnLog)>, Error> {
        let row: Option<(i64, String)> = sqlx::query_as("SELECT asked, told FROM own_logs WHERE appliance = $1")
            .bind(appliance.0)
            .fetch_optional(&self.observed.readers)
            .await?;
        row.map(|(asked, told)| Ok((from_millis(asked), column::from_code(&told, "an appliance's own log")?)))
            .transpose()
    }
}
