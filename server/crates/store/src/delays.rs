//! Which sign-ins are being delayed: for the log, the team's page, and the admin who lifts one.

use crate::{Conn, Error, Store, sign_in::Attempt};
use model::{
    At, PersonId,
    clock::from_millis,
    delay::{Delay, DelaySubject},
};

/// More are not listed; they delay all the same, because the count of failures does.
const MOST: i64 = 500;

/// One delay as it is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DelayRow {
    pub id: i64,
    pub about: DelaySubject,
    pub attempt: Attempt,
    /// Whose name it is.
    pub person: Option<PersonId>,
    pub begun: At,
    pub until: At,
    /// Wrong passwords so far.
    pub wrong: i64,
}

type Row = (i64, String, Vec<u8>, String, String, Option<i64>, i64, i64, i64);

/// What of an attempt this kind of delay goes by.
fn key(about: DelaySubject, attempt: &Attempt) -> (&[u8], &str, &str) {
    let (name, from) = (attempt.name.as_slice(), attempt.from.as_str());
    match about {
        DelaySubject::NameFromAddress => (name, from, ""),
        DelaySubject::Name => (name, "", ""),
        DelaySubject::Address => (&[], from, ""),
        DelaySubject::Device => (name, "", attempt.device.as_deref().unwrap_or_default()),
    }
}

fn delay(row: Row) -> Result<DelayRow, Error> {
    let (id, about, name, from, device, person, begun, until, wrong) = row;
    Ok(DelayRow {
        id,
        about: DelaySubject::from_code(&about)
            .ok_or_else(|| Error::corrupt(format!("delay {id} is about “{about}”")))?,
        attempt: Attempt {
            name: name.try_into().unwrap_or_default(),
            from,
            device: (!device.is_empty()).then_some(device),
        },
        person: person.map(PersonId),
        begun: from_millis(begun),
        until: from_millis(until),
        wrong,
    })
}

/// Begun, or longer than it was. False where there are too many already.
pub async fn put_delay_in(
    conn: &mut Conn,
    attempt: &Attempt,
    person: Option<PersonId>,
    delay: &Delay,
    now: At,
) -> Result<bool, Error> {
    let (name, from, device) = key(delay.about, attempt);
    let done = sqlx::query(
        "INSERT INTO sign_in_delays (about, name_hash, from_addr, device, person, begun, until, wrong)
         SELECT $1, $2, $3, $4, $5, $6, $7, $8 WHERE (SELECT count(*) FROM sign_in_delays) < $9
         ON CONFLICT (about, name_hash, from_addr, device)
         DO UPDATE SET until = excluded.until, wrong = excluded.wrong, told = 0",
    )
    .bind(delay.about.code())
    .bind(name)
    .bind(from)
    .bind(device)
    .bind(person.filter(|_| delay.about != DelaySubject::Address).map(|person| person.0))
    .bind(now.as_millisecond())
    .bind(delay.until.as_millisecond())
    .bind(delay.failures)
    .bind(MOST)
    .execute(conn)
    .await?;
    Ok(done.rows_affected() > 0)
}

/// True for the first try that the delay keeps out since it began or grew.
pub async fn kept_out_in(conn: &mut Conn, attempt: &Attempt, about: DelaySubject) -> Result<bool, Error> {
    let (name, from, device) = key(about, attempt);
    let done = sqlx::query(
        "UPDATE sign_in_delays SET told = 1
         WHERE about = $1 AND name_hash = $2 AND from_addr = $3 AND device = $4 AND told = 0",
    )
    .bind(about.code())
    .bind(name)
    .bind(from)
    .bind(device)
    .execute(conn)
    .await?;
    Ok(done.rows_affected() > 0)
}

/// What tells one delay from another, as one text.
pub fn key_text(about: DelaySubject, attempt: &Attempt) -> String {
    let (name, from, device) = key(about, attempt);
    format!("{} {name:02x?} {from} {device}", about.code())
}

const COLUMNS: &str = "SELECT id, about, name_hash, from_addr, device, person, begun, until, wrong FROM sign_in_delays";

/// Those that ended by themselves, taken out.
pub async fn take_ended_in(conn: &mut Conn, now: At) -> Result<Vec<DelayRow>, Error> {
    let rows: Vec<Row> = sqlx::query_as(sqlx::AssertSqlSafe(format!("{COLUMNS} WHERE until <= $1 ORDER BY until")))
        .bind(now.as_millisecond())
        .fetch_all(&mut *conn)
        .await?;
    sqlx::query("DELETE FROM sign_in_delays WHERE until <= $1").bind(now.as_millisecond()).execute(conn).await?;
    rows.into_iter().map(delay).collect()
}

/// One, taken out, with the failures that it rests on. `None`: it is over already.
pub async fn lift_in(conn: &mut Conn, id: i64) -> Result<Option<DelayRow>, Error> {
    let row: Option<Row> = sqlx::query_as(sqlx::AssertSqlSafe(format!("{COLUMNS} WHERE id = $1")))
        .bind(id)
        .fetch_optional(&mut *conn)
        .await?;
    let Some(row) = row.map(delay).transpose()? else { return Ok(None) };
    sqlx::query("DELETE FROM sign_in_delays WHERE id = $1").bind(id).execute(&mut *conn).await?;
    let (name, from, device) = key(row.about, &row.attempt);
    sqlx::query(
        "DELETE FROM sign_in_failures
         WHERE ($1 = x'' OR name_hash = $1) AND ($2 = '' OR from_addr = $2)
           AND CASE WHEN $3 = '' THEN device IS NULL ELSE device = $3 END",
    )
    .bind(name)
    .bind(from)
    .bind(device)
    .execute(conn)
    .await?;
    Ok(Some(row))
}

impl Store {
    pub async fn a_delay_is_over(&self, now: At) -> Result<bool, Error> {
        Ok(sqlx::query_scalar("SELECT EXISTS (SELECT 1 FROM sign_in_delays WHERE until <= $1)")
            .bind(now.as_millisecond())
            .fetch_one(self.readers())
            .await?)
    }

    /// Those that have not ended, the one that ends last first.
    pub async fn delays(&self, now: At) -> Result<Vec<DelayRow>, Error> {
        let query = sqlx::AssertSqlSafe(format!("{COLUMNS} WHERE until > $1 ORDER BY until DESC"));
        let rows: Vec<Row> = sqlx::query_as(query).bind(now.as_millisecond()).fetch_all(self.readers()).await?;
        rows.into_iter().map(delay).collect()
    }
}
