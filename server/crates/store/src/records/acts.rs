//! The log by acts: where an act stands in the list is its newest record that fits. What happened last is on top, nothing
//! happens out of sight, and what a page ends with is a number that new records do not move.

use super::{
    conditions::Conditions,
    filter::{Filter, LogScope},
    row::read,
    search::{PAGE_BUDGET, Walk},
};
use crate::{Conn, Error, column};
use model::{ActNo, At, RecordId, act::Act, clock::from_millis, record::Record};
use sqlx::{QueryBuilder, Sqlite};
use std::collections::{BTreeMap, HashMap, HashSet};

/// A page of acts.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct FoundActs {
    pub acts: Vec<Act>,
    /// There are more: ask for what is before this number.
    pub older: Option<RecordId>,
    /// Records before this one, with its time, were not looked through, though the page is not full.
    pub searched_to: Option<(RecordId, At)>,
}

/// Records that one page may go through: an act of a thousand calls is one line. Those found by words are shown within
/// their acts and cost more to find, so that fewer fill a page.
const MOST_RECORDS: usize = 20_000;
const MOST_BY_WORDS: usize = 300;
/// Of the records that fit, an act shows so many at most.
const MOST_FOUND: usize = 5;

/// An act on its way into the page.
#[derive(Default)]
struct Gathered {
    found: Vec<RecordId>,
    in_all: usize,
}

pub(super) async fn acts(conn: &mut Conn, filter: &Filter) -> Result<FoundActs, Error> {
    let mut walk = Walk::begin(conn, filter, Some(PAGE_BUDGET)).await?;
    let (mut order, mut gathered): (Vec<ActNo>, HashMap<ActNo, Gathered>) = <_>::default();
    let (mut earlier, mut looked, mut part) = (HashSet::new(), 0, filter.limit as usize + 1);
    let most = if filter.query.words.is_empty() { MOST_RECORDS } else { MOST_BY_WORDS };
    let mut page = FoundActs::default();
    'page: loop {
        let hits = walk.next(conn, part).await?;
        let Some(last) = hits.last().copied() else {
            page.searched_to = timed(conn, walk.reached()).await?;
            break;
        };
        looked += hits.len();
        part = (part * 2).min(1_000);
        let new: Vec<ActNo> = hits.iter().map(|hit| hit.act).filter(|act| !gathered.contains_key(act)).collect();
        earlier.extend(on_earlier_pages(conn, filter, &new).await?);
        for hit in hits.into_iter().filter(|hit| !earlier.contains(&hit.act)) {
            if !gathered.contains_key(&hit.act) {
                if order.len() == filter.limit as usize {
                    page.older = Some(RecordId(hit.id.0 + 1));
                    break 'page;
                }
                order.push(hit.act);
            }
            let act = gathered.entry(hit.act).or_default();
            act.in_all += 1;
            if act.found.len() < MOST_FOUND {
                act.found.push(hit.id);
            }
        }
        if looked >= MOST_RECORDS || (looked >= most && !order.is_empty()) {
            page.older = walk.reached().map(|_| last.id);
            break;
        }
    }
    page.acts = lines(conn, &filter.sight, &order, gathered).await?;
    Ok(page)
}

async fn timed(conn: &mut Conn, id: Option<RecordId>) -> Result<Option<(RecordId, At)>, Error> {
    let Some(id) = id else { return Ok(None) };
    let at: Option<i64> =
        sqlx::query_scalar("SELECT at FROM records WHERE id = $1").bind(id.0).fetch_optional(conn).await?;
    Ok(at.map(|at| (id, from_millis(at))))
}

/// Which of the acts were on the pages before this one: those with a newer record that fits.
async fn on_earlier_pages(conn: &mut Conn, filter: &Filter, acts: &[ActNo]) -> Result<Vec<ActNo>, Error> {
    let Some(before) = filter.query.before else { return Ok(Vec::new()) };
    let newer: Vec<i64> = sqlx::query_scalar(
        "SELECT DISTINCT value FROM json_each($1)
         WHERE EXISTS (SELECT 1 FROM records INDEXED BY records_act WHERE act = value AND records.id >= $2)",
    )
    .bind(column::json(&acts)?)
    .bind(before.0)
    .fetch_all(&mut *conn)
    .await?;
    // Few: those that went on while the page before this one was full.
    let mut shown = Vec::new();
    for act in newer.into_iter().map(ActNo) {
        let mut own = Filter { act: Some(act), ..filter.clone() };
        own.query.before = None;
        if !Walk::of_act_since(&own, before)?.next(conn, 1).await?.is_empty() {
            shown.push(act);
        }
    }
    Ok(shown)
}

async fn lines(
    conn: &mut Conn,
    sight: &LogScope,
    order: &[ActNo],
    mut gathered: HashMap<ActNo, Gathered>,
) -> Result<Vec<Act>, Error> {
    let mut query = QueryBuilder::<Sqlite>::new(
        "SELECT act, min(records.id), max(records.id), count(*), count(*) FILTER (WHERE kind = 'call.intent')
         FROM json_each(",
    );
    query.push_bind(column::json(&order)?);
    query.push(") AS wanted CROSS JOIN records INDEXED BY records_act ON act = wanted.value WHERE true");
    let seen = Filter { sight: sight.clone(), ..Filter::default() };
    Conditions::of(&seen)?.push_tests(&mut query, None, false);
    query.push(" GROUP BY act");
    let counted: Vec<(i64, i64, i64, u32, u32)> = query.build_query_as().fetch_all(&mut *conn).await?;

    let ends = counted.iter().flat_map(|(_, first, last, ..)| [*first, *last]).map(RecordId);
    let mut wanted: Vec<RecordId> = ends.chain(gathered.values().flat_map(|act| act.found.iter().copied())).collect();
    wanted.sort_unstable();
    wanted.dedup();
    let records: BTreeMap<RecordId, Record> =
        read(conn, &wanted).await?.into_iter().map(|record| (record.id, record)).collect();
    let counted: HashMap<ActNo, _> =
        counted.into_iter().map(|(act, first, last, all, calls)| (ActNo(act), (first, last, all, calls))).collect();
    let line = |act: &ActNo| {
        let (first, last, all, calls) = *counted.get(act)?;
        let Gathered { found, in_all } = gathered.remove(act)?;
        Some(Act {
            act: *act,
            first: records.get(&RecordId(first))?.clone(),
            last: records.get(&RecordId(last))?.clone(),
            records: all,
            calls,
            found: found.iter().filter_map(|id| records.get(id).cloned()).collect(),
            found_in_all: in_all,
        })
    };
    Ok(order.iter().filter_map(line).collect())
}
