//! From which number to which: what `before` leaves, and what the blocks say can be of the times that are asked for.

use super::filter::Filter;
use crate::{Conn, Error};
use model::At;

/// Numbers of records, both included.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Span {
    pub oldest: i64,
    pub newest: i64,
}

/// Records in a block, as the trigger `records_have_blocks` counts them.
const BLOCK: i64 = 256;

/// A clock that is set to and fro makes many spans; beyond so many the rest is one.
const MOST: i64 = 64;

/// What can fit, the newest last. Within a span each time is to be looked at still.
pub(super) async fn spans(conn: &mut Conn, filter: &Filter) -> Result<Vec<Span>, Error> {
    let newest: Option<i64> = sqlx::query_scalar("SELECT max(id) FROM records").fetch_one(&mut *conn).await?;
    let before = filter.query.before.map_or(i64::MAX, |before| before.0.saturating_sub(1));
    let all = Span { oldest: 1, newest: newest.unwrap_or_default().min(before) };
    let spans = match (filter.query.from, filter.query.until) {
        (None, None) => vec![all],
        (from, until) => timely(conn, from, until).await?,
    };
    let within = |span: Span| Span { oldest: span.oldest.max(all.oldest), newest: span.newest.min(all.newest) };
    Ok(spans.into_iter().map(within).filter(|span| span.oldest <= span.newest).collect())
}

async fn timely(conn: &mut Conn, from: Option<At>, until: Option<At>) -> Result<Vec<Span>, Error> {
    let from = from.map_or(i64::MIN, At::as_millisecond);
    let until = until.map_or(i64::MAX, At::as_millisecond);
    let (Some(lowest), Some(highest), count): (Option<i64>, Option<i64>, i64) =
        sqlx::query_as("SELECT min(block), max(block), count(*) FROM record_blocks WHERE last >= $1 AND first < $2")
            .bind(from)
            .bind(until)
            .fetch_one(&mut *conn)
            .await?
    else {
        return Ok(Vec::new());
    };
    let mut spans = vec![(lowest, highest)];
    if count <= highest - lowest {
        // Blocks between them do not fit: times went back or leapt forward.
        spans = sqlx::query_as(
            "SELECT min(block), max(block)
             FROM (SELECT block, block - row_number() OVER (ORDER BY block) AS island
                   FROM record_blocks WHERE last >= $1 AND first < $2)
             GROUP BY island ORDER BY 1 DESC LIMIT $3",
        )
        .bind(from)
        .bind(until)
        .bind(MOST)
        .fetch_all(conn)
        .await?;
        spans.reverse();
        if let Some(oldest) = spans.first_mut() {
            oldest.0 = lowest;
        }
    }
    Ok(spans.into_iter().map(|(low, high)| Span { oldest: low * BLOCK, newest: high * BLOCK + BLOCK - 1 }).collect())
}
