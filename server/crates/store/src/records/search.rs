//! From the newest record back to those that fit, in steps. Whatever is asked for, a step costs no more than its budget:
//! before it, each filter and the words are asked how far back so many of their records reach; what reaches furthest
//! leads, and the others are tests.

use super::{
    conditions::{Conditions, Word},
    filter::{Filter, LogScope},
    matches::{Matches, Portion},
    row::read,
    spans::{Span, spans},
};
use crate::{Conn, Error};
use model::{ActNo, RecordId, record::Record};
use sqlx::{QueryBuilder, Row as _, Sqlite};

/// What was found, newest first.
#[derive(Clone, Debug, PartialEq)]
pub struct Found {
    pub records: Vec<Record>,
    /// Older records than this one were not looked through, though fewer were found than were asked for.
    pub searched_to: Option<RecordId>,
}

/// Records that the first steps may look through, and all later ones. A test that costs more counts for more.
const BUDGETS: [u32; 3] = [1_024, 8_192, 32_768];
/// What one page may cost in all: some tens of milliseconds.
pub(super) const PAGE_BUDGET: u64 = 40_000;
/// Those in which the words stand are looked at by so many, for each that is wanted.
const PORTION: usize = 4;

/// A record that fits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Hit {
    pub id: RecordId,
    pub act: ActNo,
}

/// What leads from record to record.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Lead {
    Numbers,
    Narrowing(usize),
    /// These, as JSON, in which the words stand.
    Words(String),
    /// Three letters of the words, which are tested.
    Part(String),
}

#[derive(Debug)]
struct Step {
    lead: Lead,
    /// So far it goes.
    oldest: i64,
    cost: u64,
}

#[derive(Debug)]
pub(super) struct Walk {
    conditions: Conditions,
    /// What is still to be looked through, the newest last.
    spans: Vec<Span>,
    matches: Option<Matches>,
    steps: usize,
    spent: u64,
    /// What it may cost; `None`: it goes to the end.
    budget: Option<u64>,
}

impl Walk {
    pub async fn begin(conn: &mut Conn, filter: &Filter, budget: Option<u64>) -> Result<Self, Error> {
        let (spans, conditions) = (spans(conn, filter).await?, Conditions::of(filter)?);
        let matches = Matches::of(conn, &conditions).await?;
        Ok(Self { conditions, spans, matches, steps: 0, spent: 0, budget })
    }

    /// Through one act alone, and no further back than to a record.
    pub fn of_act_since(filter: &Filter, oldest: RecordId) -> Result<Self, Error> {
        let spans = vec![Span { oldest: oldest.0, newest: i64::MAX - 1 }];
        let conditions = Conditions::of(filter)?;
        Ok(Self { conditions, spans, matches: None, steps: 0, spent: 0, budget: None })
    }

    /// The next ones that fit, at least one and at most so many; none at the end, or where the budget is spent.
    pub async fn next(&mut self, conn: &mut Conn, limit: usize) -> Result<Vec<Hit>, Error> {
        while let Some(span) = self.spans.last().copied() {
            if self.budget.is_some_and(|budget| self.spent >= budget) {
                break;
            }
            let step = self.step(conn, span, limit).await?;
            let hits = self.hits(conn, &step, span, limit).await?;
            self.steps += 1;
            self.spent += step.cost;
            let looked = match hits.last() {
                Some(last) if hits.len() >= limit => last.id.0,
                _ => step.oldest,
            };
            self.spans.pop();
            if looked > span.oldest {
                self.spans.push(Span { newest: looked - 1, ..span });
            }
            if !hits.is_empty() {
                return Ok(hits);
            }
        }
        Ok(Vec::new())
    }

    /// Everything from this record on was looked through, and older ones were not; `None`: nothing is left.
    pub fn reached(&self) -> Option<RecordId> {
        self.spans.last().map(|span| RecordId(span.newest + 1))
    }

    #[cfg(test)]
    pub fn in_a_longer_log(self) -> Self {
        Self { matches: None, ..self }
    }

    #[cfg(test)]
    pub const fn steps(&self) -> usize {
        self.steps
    }

    async fn step(&mut self, conn: &mut Conn, span: Span, limit: usize) -> Result<Step, Error> {
        let Conditions { narrowings, words, .. } = &self.conditions;
        // The records of one act are few, and all are tested.
        if narrowings.first().is_some_and(|first| first.ways.iter().any(|way| way.index == "records_act")) {
            return Ok(Step { lead: Lead::Narrowing(0), oldest: span.oldest, cost: 0 });
        }
        let alone = match narrowings.as_slice() {
            [] => Some(Lead::Numbers),
            [one] if !one.ways.is_empty() => Some(Lead::Narrowing(0)),
            _ => None,
        };
        if let Some(lead) = alone.filter(|_| words.is_empty()) {
            // Nearly everything on its way fits.
            return Ok(Step { lead, oldest: span.oldest, cost: 0 });
        }
        if let Some(step) = self.by_the_words(span, limit)? {
            return Ok(step);
        }
        let budget = BUDGETS[self.steps.min(BUDGETS.len() - 1)];
        let all = Span { oldest: self.spans.first().map_or(span.oldest, |oldest| oldest.oldest), ..span };
        let mut by_words = i64::MAX;
        if let Some(matches) = &mut self.matches {
            by_words = matches.ask(conn, all, budget).await?;
        }
        let mut best = Step { lead: Lead::Numbers, oldest: i64::MAX, cost: u64::from(budget) };
        if by_words > all.oldest {
            let (mut query, asked) = self.question(span, budget);
            let row = query.build().fetch_one(conn).await?;
            for (column, lead) in asked.into_iter().enumerate() {
                // Fewer than were asked for: all that there is.
                let oldest = row.try_get::<Option<i64>, _>(column)?.unwrap_or(span.oldest);
                if oldest < best.oldest {
                    best = Step { lead, oldest, ..best };
                }
            }
        }
        if let Some(matches) = self.matches.as_mut().filter(|_| by_words <= best.oldest) {
            matches.lead();
        }
        Ok(self.by_the_words(span, limit)?.unwrap_or(best))
    }

    /// Where they lead.
    fn by_the_words(&self, span: Span, limit: usize) -> Result<Option<Step>, Error> {
        let Some(matches) = &self.matches else { return Ok(None) };
        let portion = matches.portion(span, limit.saturating_mul(PORTION))?;
        Ok(portion.map(|Portion { numbers, cost, oldest }| Step { lead: Lead::Words(numbers), oldest, cost }))
    }

    /// Who reaches how far back for that budget: a column for each that may lead.
    fn question(&self, span: Span, budget: u32) -> (QueryBuilder<Sqlite>, Vec<Lead>) {
        let Conditions { narrowings, words, .. } = &self.conditions;
        let reading: u32 = 1 + words.iter().map(Word::cost).sum::<u32>();
        let at_most = |cost: u32| i64::from((budget / cost).max(1));

        let mut asked = vec![Lead::Numbers];
        let mut query = QueryBuilder::<Sqlite>::new("SELECT ");
        query.push_bind((span.newest - at_most(reading) + 1).max(span.oldest));
        for (at, narrowing) in narrowings.iter().enumerate().filter(|(_, narrowing)| !narrowing.ways.is_empty()) {
            query.push(", (");
            for (number, way) in narrowing.ways.iter().enumerate() {
                let union = if number == 0 { "" } else { " UNION " };
                query.push(union).push("SELECT records.id FROM records").push(along(way.index)).push(" WHERE ");
                way.test.push(&mut query);
                within(&mut query, " AND records.id", span.oldest, span);
            }
            let cost = if narrowing.ways.len() > 1 { reading + 1 } else { reading };
            query.push(" ORDER BY 1 DESC LIMIT 1 OFFSET ").push_bind(at_most(cost)).push(")");
            asked.push(Lead::Narrowing(at));
        }
        let parts = if self.matches.is_none() { self.conditions.trigrams() } else { Vec::new() };
        for three in parts {
            query.push(", (SELECT rowid FROM records_text WHERE records_text MATCH ").push_bind(three.clone());
            within(&mut query, " AND rowid", span.oldest, span);
            query.push(" ORDER BY rowid DESC LIMIT 1 OFFSET ").push_bind(at_most(reading)).push(")");
            asked.push(Lead::Part(three));
        }
        (query, asked)
    }

    async fn hits(&self, conn: &mut Conn, step: &Step, span: Span, limit: usize) -> Result<Vec<Hit>, Error> {
        let mut query = self.statement(step, span);
        query.push_bind(i64::try_from(limit).unwrap_or(i64::MAX));
        let rows: Vec<(i64, i64)> = query.build_query_as().fetch_all(conn).await?;
        Ok(rows.into_iter().map(|(id, act)| Hit { id: RecordId(id), act: ActNo(act) }).collect())
    }

    /// All but the limit's number.
    fn statement(&self, step: &Step, span: Span) -> QueryBuilder<Sqlite> {
        let mut query = QueryBuilder::new("");
        let select = "SELECT records.id, act FROM records";
        match &step.lead {
            Lead::Words(numbers) => {
                query.push("SELECT records.id, act FROM json_each(").push_bind(numbers.clone());
                query.push(") AS found CROSS JOIN records ON records.id = found.value WHERE ");
                within(&mut query, "records.id", step.oldest, span);
                self.conditions.push_tests(&mut query, None, true);
                query.push(" ORDER BY 1 DESC LIMIT ");
            }
            Lead::Part(three) => {
                query.push(
                    "SELECT records.id, act FROM records_text CROSS JOIN records ON records.id = records_text.rowid",
                );
                query.push(" WHERE records_text MATCH ").push_bind(three.clone());
                within(&mut query, " AND records_text.rowid", step.oldest, span);
                self.conditions.push_tests(&mut query, None, false);
                query.push(" ORDER BY records_text.rowid DESC LIMIT ");
            }
            Lead::Narrowing(leading) => {
                for (number, way) in self.conditions.narrowings[*leading].ways.iter().enumerate() {
                    query.push(if number == 0 { "" } else { " UNION " }).push(select).push(along(way.index));
                    query.push(" WHERE ");
                    way.test.push(&mut query);
                    within(&mut query, " AND records.id", step.oldest, span);
                    self.conditions.push_tests(&mut query, Some(*leading), false);
                }
                query.push(" ORDER BY 1 DESC LIMIT ");
            }
            Lead::Numbers => {
                query.push(select).push(along("")).push(" WHERE ");
                within(&mut query, "records.id", step.oldest, span);
                self.conditions.push_tests(&mut query, None, false);
                query.push(" ORDER BY 1 DESC LIMIT ");
            }
        }
        query
    }
}

/// Which index, said aloud: there are no statistics from which SQLite could know. Without one, the table.
fn along(index: &'static str) -> String {
    if index.is_empty() { " NOT INDEXED".to_owned() } else { format!(" INDEXED BY {index}") }
}

fn within(query: &mut QueryBuilder<Sqlite>, column: &'static str, oldest: i64, span: Span) {
    query.push(column).push(" BETWEEN ").push_bind(oldest).push(" AND ").push_bind(span.newest);
}

/// The one before, and the one after: backwards the walk, forwards each way's nearest.
pub(super) async fn beside(
    conn: &mut Conn,
    id: RecordId,
    sight: &LogScope,
) -> Result<(Option<RecordId>, Option<RecordId>), Error> {
    let mut filter = Filter { sight: sight.clone(), ..Filter::default() };
    filter.query.before = Some(id);
    let mut walk = Walk::begin(conn, &filter, Some(PAGE_BUDGET)).await?;
    let before = walk.next(conn, 1).await?.first().map(|hit| hit.id);
    let mut query = QueryBuilder::<Sqlite>::new("");
    for narrowing in &walk.conditions.narrowings {
        for (number, way) in narrowing.ways.iter().enumerate() {
            query.push(if number == 0 { "SELECT min(id) FROM (" } else { " UNION ALL " });
            query.push("SELECT min(records.id) AS id FROM records").push(along(way.index)).push(" WHERE ");
            way.test.push(&mut query);
            query.push(" AND records.id > ").push_bind(id.0);
        }
    }
    if query.sql().as_str().is_empty() {
        query.push("SELECT min(id) FROM (SELECT records.id FROM records NOT INDEXED WHERE records.id > ");
        query.push_bind(id.0);
        // Nobody goes further by leafing through.
        query.push(" AND records.id <= ").push_bind(id.0.saturating_add(i64::from(BUDGETS[1])));
        walk.conditions.push_tests(&mut query, None, false);
        query.push(" ORDER BY records.id LIMIT 1");
    }
    let after: Option<i64> = query.push(")").build_query_scalar().fetch_one(conn).await?;
    Ok((before, after.map(RecordId)))
}

pub(super) async fn search(conn: &mut Conn, filter: &Filter) -> Result<Found, Error> {
    let limit = filter.limit as usize;
    let mut walk = Walk::begin(conn, filter, Some(PAGE_BUDGET)).await?;
    let mut ids = Vec::new();
    while ids.len() < limit {
        let hits = walk.next(conn, limit - ids.len()).await?;
        if hits.is_empty() {
            break;
        }
        ids.extend(hits.into_iter().map(|hit| hit.id));
    }
    let searched_to = if ids.len() < limit { walk.reached() } else { None };
    Ok(Found { records: read(conn, &ids).await?, searched_to })
}

#[cfg(test)]
mod tests;
