//! Which lines of an appliance's own log were read already.

use crate::{Conn, Error, Store};
use model::{ApplianceId, At, clock::from_millis};

/// Marks that are kept of one appliance: eight times what it shows at once.
const KEPT: i64 = 2_048;

/// SHA-256 of a line.
pub type Mark = [u8; 32];

/// Notes the marks, and tells which of them are new, in the same order.
pub async fn new_lines_in(conn: &mut Conn, appliance: ApplianceId, marks: &[Mark]) -> Result<Vec<Mark>, Error> {
    let mut new = Vec::new();
    for mark in marks {
        let inserted =
            sqlx::query("INSERT INTO appliance_lines (appliance, mark) VALUES ($1, $2) ON CONFLICT DO NOTHING")
                .bind(appliance.0)
                .bind(mark.as_slice())
                .execute(&mut *conn)
                .await?;
        if inserted.rows_affected() > 0 {
            new.push(*mark);
        }
    }
    sqlx::query(
        "DELETE FROM appliance_lines
         WHERE appliance = $1 AND id <= (SELECT id FROM appliance_lines WHERE appliance = $1 ORDER BY id DESC
                                         LIMIT 1 OFFSET $2)",
    )
    .bind(appliance.0)
    .bind(KEPT)
    .execute(conn)
    .await?;
    Ok(new)
}

/// Any line of this appliance was read before.
pub async fn knows_lines_in(conn: &mut Conn, appliance: ApplianceId) -> Result<bool, Error> {
    Ok(sqlx::query_scalar("SELECT EXISTS (SELECT 1 FROM appliance_lines WHERE appliance = $1)")
        .bind(appliance.0)
        .fetch_one(conn)
        .await?)
}

impl Store {
    /// When Gatehouse itself sent something to the appliance, the newest so many times.
    pub async fn own_calls(&self, appliance: ApplianceId, limit: u32) -> Result<Vec<At>, Error> {
        let times: Vec<i64> = sqlx::query_scalar(
            "SELECT at FROM records INDEXED BY records_appliance
             WHERE appliance = $1 AND kind IN ('call.intent', 'call.result', 'pair_sync.begun', 'pair_sync.ended')
             ORDER BY id DESC LIMIT $2",
        )
        .bind(appliance.0)
        .bind(limit)
        .fetch_all(self.readers())
        .await?;
        Ok(times.into_iter().map(from_millis).collect())
    }
}
