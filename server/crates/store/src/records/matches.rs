//! In which records the words stand, as the index of the text tells it: newest first, and so many at a time.
//!
//! The index cuts words into parts of three characters and goes through the records that have all of them. A range of
//! numbers ends that only at a record that fits: where none does, it goes on to the end of the log. So what it said is
//! kept, and whatever is asked for in one walk, it goes through the log once.

use super::{conditions::Conditions, spans::Span};
use crate::{Conn, Error, column};
use std::cmp::Reverse;

/// Entries of the parts' lists that going through the log once may cost: some tens of milliseconds. In a longer log
/// a part leads from record to record instead.
const MOST_ENTRIES: u64 = 8_000_000;
/// Parts of words for which one record costs as much as another one does where it is only counted.
const PARTS: usize = 8;

#[derive(Debug)]
pub(super) struct Matches {
    phrases: String,
    /// What one more costs.
    cost: u32,
    /// Newest first.
    known: Vec<i64>,
    /// From here on all are known, up to where the walk is.
    reached: i64,
    /// So far they lead.
    lead_to: i64,
}

/// Some of those that are known.
#[derive(Debug)]
pub(super) struct Portion {
    /// As JSON.
    pub numbers: String,
    pub cost: u64,
    /// There are no others from here on.
    pub oldest: i64,
}

impl Matches {
    /// `None`: the index does not know the words, or going through the log would cost too much.
    pub async fn of(conn: &mut Conn, conditions: &Conditions) -> Result<Option<Self>, Error> {
        let Some(phrases) = conditions.phrases() else { return Ok(None) };
        let newest: Option<i64> = sqlx::query_scalar("SELECT max(id) FROM records").fetch_one(conn).await?;
        let parts = conditions.parts();
        let entries = newest.unwrap_or_default().unsigned_abs().saturating_mul(parts as u64);
        // Beside finding it: looking at it.
        let cost = 2 + u32::try_from(parts / PARTS).unwrap_or(u32::MAX - 2) + conditions.unindexed_cost();
        let none = Self { phrases, cost, known: Vec::new(), reached: i64::MAX, lead_to: i64::MAX };
        Ok((entries <= MOST_ENTRIES).then_some(none))
    }

    /// From the newest of `span` back, as many as the budget is for, if none are known there yet. How far back all are.
    pub async fn ask(&mut self, conn: &mut Conn, span: Span, budget: u32) -> Result<i64, Error> {
        if self.reached <= span.newest {
            return Ok(self.reached);
        }
        let most = (budget / self.cost).max(1);
        let numbers: String = sqlx::query_scalar(ASKED)
            .bind(&self.phrases)
            .bind(span.oldest)
            .bind(span.newest)
            .bind(most)
            .fetch_one(conn)
            .await?;
        self.known = column::parse(&numbers, "numbers of records")?;
        self.known.sort_unstable_by_key(|number| Reverse(*number));
        let full = self.known.len() == most as usize;
        self.reached = self.known.last().copied().filter(|_| full).unwrap_or(span.oldest);
        Ok(self.reached)
    }

    /// They lead, as far as they are known.
    pub const fn lead(&mut self) {
        self.lead_to = self.reached;
    }

    /// The next ones within a span, at most so many; `None`: they do not lead there.
    pub fn portion(&self, span: Span, most: usize) -> Result<Option<Portion>, Error> {
        if self.lead_to > span.newest {
            return Ok(None);
        }
        let newer = self.known.partition_point(|number| *number > span.newest);
        let here = &self.known[newer..self.known.partition_point(|number| *number >= span.oldest)];
        let some = &here[..here.len().min(most)];
        let oldest = match some.last() {
            Some(last) if some.len() < here.len() => *last,
            _ => span.oldest.max(self.lead_to),
        };
        let cost = some.len() as u64 * u64::from(self.cost);
        Ok(Some(Portion { numbers: column::json(&some)?, cost, oldest }))
    }
}

const ASKED: &str = "SELECT json_group_array(rowid)
                     FROM (SELECT rowid FROM records_text WHERE records_text MATCH $1 AND rowid BETWEEN $2 AND $3
                           ORDER BY rowid DESC LIMIT $4)";

#[cfg(test)]
mod tests {
    use crate::{
        Conn,
        open::GATEHOUSE,
        records::{Filter, search::Walk},
    };
    use model::log::LogQuery;
    use sqlx::{Connection as _, QueryBuilder, Sqlite};

    /// The same numbers in each run.
    struct Chance(u64);

    impl Chance {
        fn below(&mut self, end: usize) -> usize {
            self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            usize::try_from(self.0 >> 33).unwrap() % end
        }
    }

    /// Few syllables, so that all parts of a phrase occur where it does not.
    const SYLLABLES: [&str; 12] = ["ser", "vice", "gro", "up ", " se", "rv", "üd", "ÜD", "-Ost", "%_", "*[", "\\]"];

    async fn filled(chance: &mut Chance) -> (Conn, Vec<String>) {
        let mut conn = Conn::connect("sqlite::memory:").await.unwrap();
        GATEHOUSE.tables.run(&mut conn).await.unwrap();
        let mut text = || (0..6).map(|_| SYLLABLES[chance.below(SYLLABLES.len())]).collect::<String>();
        let texts: Vec<String> = (0..1_500).map(|_| text()).collect();
        for (number, text) in texts.iter().enumerate() {
            sqlx::query(
                "INSERT INTO records (id, act, at, kind, person_name, summary, entry)
                 VALUES ($1, $1, $1, 'signed_out', 'gatehouse', $2,
                         json_object('at', strftime('%FT%TZ', 0.001 * $1, 'unixepoch'), 'kind', 'signed_out', 'act', $1,
                                     'actor', json_object('name', 'gatehouse'), 'summary', $2))",
            )
            .bind(i64::try_from(number).unwrap() + 1)
            .bind(text)
            .execute(&mut conn)
            .await
            .unwrap();
        }
        (conn, texts)
    }

    async fn found(conn: &mut Conn, mut walk: Walk) -> Vec<i64> {
        let mut found = Vec::new();
        loop {
            let hits = walk.next(conn, 7).await.unwrap();
            if hits.is_empty() {
                return found;
            }
            found.extend(hits.iter().map(|hit| hit.id.0));
        }
    }

    #[tokio::test]
    async fn phrases_are_found_where_they_stand_and_nowhere_else_whether_the_index_leads_or_a_part_of_them() {
        let mut chance = Chance(7);
        let (mut conn, texts) = filled(&mut chance).await;
        let (mut some, mut nowhere) = (0, 0);
        for _ in 0..120 {
            let syllables: String = (0..4).map(|_| SYLLABLES[chance.below(SYLLABLES.len())]).collect();
            let letters = syllables.chars().skip(chance.below(3)).take(1 + chance.below(9));
            let phrase: String =
                if chance.below(2) == 0 { letters.collect() } else { letters.collect::<String>().to_uppercase() };
            let fits = |text: &String| text.to_lowercase().contains(&phrase.to_lowercase());
            let mut expected: Vec<i64> = (1..).zip(&texts).filter(|(_, text)| fits(text)).map(|(id, _)| id).collect();
            expected.reverse();
            let filter = Filter::from(LogQuery { words: vec![phrase.clone()], ..LogQuery::default() });
            let walk = Walk::begin(&mut conn, &filter, None).await.unwrap();
            assert_eq!(found(&mut conn, walk).await, expected, "{phrase}");
            let walk = Walk::begin(&mut conn, &filter, None).await.unwrap().in_a_longer_log();
            assert_eq!(found(&mut conn, walk).await, expected, "{phrase}, by a part");
            some += usize::from(!expected.is_empty());
            nowhere += usize::from(expected.is_empty());
        }
        assert!(some > 60 && nowhere > 10, "{some} {nowhere}");
    }

    /// FTS5 goes through all of the log before it says so.
    #[tokio::test]
    async fn what_stands_nowhere_is_asked_for_once() {
        let (mut conn, _) = filled(&mut Chance(7)).await;
        let phrase = LogQuery { words: vec!["group service group".into()], ..LogQuery::default() };
        let mut walk = Walk::begin(&mut conn, &phrase.into(), None).await.unwrap();
        assert!(walk.next(&mut conn, 50).await.unwrap().is_empty());
        assert_eq!((walk.steps(), walk.reached()), (1, None));
    }

    #[test]
    fn one_record_is_never_tested_by_asking_the_index() {
        for word in ["server", "of", "süd", "ü"] {
            let filter = Filter::from(LogQuery { words: vec![word.into()], ..LogQuery::default() });
            let mut query = QueryBuilder::<Sqlite>::new("");
            super::Conditions::of(&filter).unwrap().push_tests(&mut query, None, false);
            let sql = query.sql().as_str().to_owned();
            assert!(!sql.is_empty() && !sql.contains("MATCH"), "{sql}");
        }
    }
}
