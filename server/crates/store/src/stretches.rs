//! How each cluster stood over time, in `observed.db`: a row for each change of its verdict.

use crate::{Conn, Error, Store, column};
use model::{
    ClusterId,
    since::Watch,
    stretch::{Course, Judgement, Stretch},
};

/// So many stretches of a cluster are kept. One whose verdict changes with each look keeps some hours, others years.
pub const KEPT: u32 = 2_000;

/// What cannot be read is left out: it says nothing of the others, and is overtaken by the next change.
fn read((id, text): (i64, String)) -> Option<(i64, Stretch)> {
    match column::parse(&text, &format!("stretch {id}")) {
        Ok(stretch) => Some((id, stretch)),
        Err(error) => {
            tracing::warn!("How a cluster stood for a while is not known any more: {}", error.sentence());
            None
        }
    }
}

/// The newest, where it can be read.
async fn newest_in(conn: &mut Conn, cluster: ClusterId) -> Result<Option<(i64, Stretch)>, Error> {
    let row: Option<(i64, String)> =
        sqlx::query_as("SELECT id, stretch FROM stretches WHERE cluster = $1 ORDER BY id DESC LIMIT 1")
            .bind(cluster.0)
            .fetch_optional(conn)
            .await?;
    Ok(row.and_then(read))
}

async fn note_in(conn: &mut Conn, cluster: ClusterId, judgement: Judgement, interval: u32) -> Result<bool, Error> {
    let newest = newest_in(conn, cluster).await?;
    let id = newest.as_ref().map(|(id, _)| *id);
    match judgement.after(newest.map(|(_, stretch)| stretch), interval) {
        Course::Lasts(stretch) => {
            sqlx::query("UPDATE stretches SET stretch = $2 WHERE id = $1")
                .bind(id)
                .bind(column::json(&stretch)?)
                .execute(conn)
                .await?;
            Ok(false)
        }
        Course::Begins(stretch) => {
            sqlx::query("INSERT INTO stretches (cluster, stretch) VALUES ($1, $2)")
                .bind(cluster.0)
                .bind(column::json(&stretch)?)
                .execute(&mut *conn)
                .await?;
            sqlx::query(
                "DELETE FROM stretches WHERE cluster = $1 AND id <=
                 (SELECT id FROM stretches WHERE cluster = $1 ORDER BY id DESC LIMIT 1 OFFSET $2)",
            )
            .bind(cluster.0)
            .bind(i64::from(KEPT))
            .execute(conn)
            .await?;
            Ok(true)
        }
    }
}

impl Store {
    /// Notes what was judged, with what is remembered from look to look where a look was judged. Whether that is another
    /// verdict than the one before.
    pub async fn note_judgement(
        &self,
        cluster: ClusterId,
        watch: Option<&Watch>,
        judgement: Judgement,
        interval: u32,
    ) -> Result<bool, Error> {
        let watch = watch.map(column::json).transpose()?;
        self.observed
            .writer
            .write(move |conn| {
                Box::pin(async move {
                    if let Some(watch) = watch {
                        sqlx::query(
                            "INSERT INTO watches (cluster, watch) VALUES ($1, $2)
                             ON CONFLICT (cluster) DO UPDATE SET watch = excluded.watch",
                        )
                        .bind(cluster.0)
                        .bind(watch)
                        .execute(&mut *conn)
                        .await?;
                    }
                    note_in(conn, cluster, judgement, interval).await
                })
            })
            .await
    }

    /// The newest first.
    pub async fn stretches(&self, cluster: ClusterId) -> Result<Vec<Stretch>, Error> {
        let rows: Vec<(i64, String)> =
            sqlx::query_as("SELECT id, stretch FROM stretches WHERE cluster = $1 ORDER BY id DESC")
                .bind(cluster.0)
                .fetch_all(&self.observed.readers)
                .await?;
        Ok(rows.into_iter().filter_map(read).map(|(_, stretch)| stretch).collect())
    }
}
