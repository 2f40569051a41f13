//! What is looked for, taken apart: tests that a record must pass, and ways along indexes by which those that pass one of
//! the filters are met, newest first.

use super::filter::{Filter, LogScope};
use crate::{Error, column};
use model::{log::LogQuery, record::RecordKind};
use sqlx::{QueryBuilder, Sqlite};

/// A piece of a statement, and values that are bound and never written into it.
#[derive(Clone, Debug)]
enum Piece {
    Sql(&'static str),
    Number(i64),
    Text(String),
}

/// One test of a record, with its values.
#[derive(Clone, Debug, Default)]
pub(super) struct Test(Vec<Piece>);

impl Test {
    fn sql(mut self, sql: &'static str) -> Self {
        self.0.push(Piece::Sql(sql));
        self
    }

    fn number(mut self, number: i64) -> Self {
        self.0.push(Piece::Number(number));
        self
    }

    fn text(mut self, text: impl Into<String>) -> Self {
        self.0.push(Piece::Text(text.into()));
        self
    }

    fn then(mut self, other: &Self) -> Self {
        self.0.extend(other.0.iter().cloned());
        self
    }

    pub fn push(&self, query: &mut QueryBuilder<Sqlite>) {
        for piece in &self.0 {
            match piece {
                Piece::Sql(sql) => query.push(*sql),
                Piece::Number(number) => query.push_bind(*number),
                Piece::Text(text) => query.push_bind(text.clone()),
            };
        }
    }
}

/// Along one index: what passes the test, in the order of the numbers.
#[derive(Clone, Debug)]
pub(super) struct Way {
    pub index: &'static str,
    pub test: Test,
}

/// One of the filters.
#[derive(Clone, Debug)]
pub(super) struct Narrowing {
    pub test: Test,
    /// Together they meet all that pass the test, and nothing else. Empty: no index knows.
    pub ways: Vec<Way>,
}

/// A word that must occur in a record.
#[derive(Clone, Debug)]
pub(super) struct Word(pub String);

/// The text of a record as `records_text` has it.
const TEXT: &str = "(summary || coalesce((SELECT char(10) || group_concat(atom, char(10))
                                          FROM json_tree(entry, '$.detail') WHERE atom IS NOT NULL), ''))";

impl Word {
    /// The index knows parts of three characters and more.
    pub fn is_indexed(&self) -> bool {
        self.0.chars().count() >= 3
    }

    /// In one record. The index is not asked: where nothing fits it goes through the whole log for an answer.
    fn test(&self) -> Test {
        let test = Test::default().sql(TEXT);
        if self.0.is_ascii() {
            test.sql(" LIKE ").text(containing(&self.0)).sql(" ESCAPE '\\'")
        } else {
            // `LIKE` compares without regard to case in ASCII alone.
            test.sql(" GLOB ").text(in_any_case(&self.0))
        }
    }

    /// What testing a record costs, where going on to the next one costs one.
    pub fn cost(&self) -> u32 {
        if self.0.is_ascii() { 8 } else { 24 }
    }
}

#[derive(Clone, Debug)]
pub(super) struct Conditions {
    pub narrowings: Vec<Narrowing>,
    /// Exactly from when to when; roughly that is known by number (`spans`).
    pub times: Vec<Test>,
    pub words: Vec<Word>,
}

impl Conditions {
    pub fn of(filter: &Filter) -> Result<Self, Error> {
        let LogQuery { words, person, cluster, appliance, kind, outcome, from, until, before: _ } = &filter.query;
        let mut narrowings = Vec::new();
        let mut equal = |column: &'static str, index, value: Piece| {
            let test = Test(vec![Piece::Sql(column), value]);
            narrowings.push(Narrowing { test: test.clone(), ways: vec![Way { index, test }] });
        };
        if let Some(id) = filter.id {
            // The table itself is in the order of the numbers.
            equal("records.id = ", "", Piece::Number(id.0));
        }
        if let Some(act) = filter.act {
            equal("act = ", "records_act", Piece::Number(act.0));
        }
        if let Some(kind) = kind {
            equal("kind = ", "records_kind", Piece::Text(kind.code().to_owned()));
        }
        if let Some(name) = person {
            equal("person_name = ", "records_person", Piece::Text(name.clone()));
        }
        if let Some(cluster) = cluster {
            equal("cluster = ", "records_cluster", Piece::Number(cluster.0));
        }
        if let Some(appliance) = appliance {
            equal("appliance = ", "records_appliance", Piece::Number(appliance.0));
        }
        if let Some(outcome) = outcome {
            equal("outcome = ", "records_outcome", Piece::Text(column::code(outcome)?));
        }
        narrowings.extend(sight(&filter.sight)?);
        let mut times = Vec::new();
        if let Some(from) = from {
            times.push(Test::default().sql("at >= ").number(from.as_millisecond()));
        }
        if let Some(until) = until {
            times.push(Test::default().sql("at < ").number(until.as_millisecond()));
        }
        Ok(Self { narrowings, times, words: words.iter().cloned().map(Word).collect() })
    }

    /// The words that the index knows, in its own language: each a phrase, all of them.
    pub fn phrases(&self) -> Option<String> {
        let phrases: Vec<String> =
            self.words.iter().filter(|word| word.is_indexed()).map(|word| phrase(&word.0)).collect();
        (!phrases.is_empty()).then(|| phrases.join(" "))
    }

    /// What testing a record for those words costs that the index does not know.
    pub fn unindexed_cost(&self) -> u32 {
        self.words.iter().filter(|word| !word.is_indexed()).map(Word::cost).sum()
    }

    /// Parts of three characters that the index compares.
    pub fn parts(&self) -> usize {
        self.words.iter().map(|word| word.0.chars().count().saturating_sub(2)).sum()
    }

    /// Every three characters that follow one another in the words; not more than so many, because each is asked for.
    pub fn trigrams(&self) -> Vec<String> {
        let mut all: Vec<String> = Vec::new();
        for word in self.words.iter().filter(|word| word.is_indexed()) {
            let chars: Vec<char> = word.0.chars().collect();
            for three in chars.windows(3) {
                let three = phrase(&three.iter().collect::<String>());
                if !all.contains(&three) {
                    all.push(three);
                }
            }
        }
        // Any of them is right, and the rarest unknown: some of each part of what was typed.
        let every = all.len().div_ceil(MOST_TRIGRAMS).max(1);
        all.into_iter().step_by(every).collect()
    }

    /// All tests but one narrowing's own; the words' only where the index of the text does not do it.
    pub fn push_tests(&self, query: &mut QueryBuilder<Sqlite>, but: Option<usize>, indexed: bool) {
        let narrowings = self.narrowings.iter().enumerate().filter(|(at, _)| Some(*at) != but);
        for test in narrowings.map(|(_, narrowing)| &narrowing.test).chain(&self.times) {
            query.push(" AND ");
            test.push(query);
        }
        for word in self.words.iter().filter(|word| !(indexed && word.is_indexed())) {
            query.push(" AND ");
            word.test().push(query);
        }
    }
}

const MOST_TRIGRAMS: usize = 16;

/// Several clusters have a way each; with more than so many one may see most of the log anyway, and each is tested.
const MOST_WAYS: usize = 64;

/// What a reader may see; `None`: everything.
fn sight(sight: &LogScope) -> Result<Option<Narrowing>, Error> {
    let LogScope::Only { clusters, .. } = sight else { return Ok(None) };
    let beside = beside_clusters(sight)?;
    let mut test =
        Test::default().sql("(cluster IN (SELECT value FROM json_each(").text(column::json(clusters)?).sql("))");
    for way in &beside {
        test = test.sql(" OR (").then(&way.test).sql(")");
    }
    let mut ways = Vec::new();
    if clusters.len() <= MOST_WAYS {
        ways.extend(clusters.iter().map(|cluster| Way {
            index: "records_cluster",
            test: Test::default().sql("cluster = ").number(cluster.0),
        }));
        ways.extend(beside);
    }
    Ok(Some(Narrowing { test: test.sql(")"), ways }))
}

/// What readers who are limited to some clusters see beside these: what they did, and what is about them, where it is about
/// no cluster, and about no other appliance than theirs.
pub(super) fn beside_clusters(sight: &LogScope) -> Result<Vec<Way>, Error> {
    let LogScope::Only { person, appliances, .. } = sight else { return Ok(Vec::new()) };
    let about: Vec<_> =
        RecordKind::ALL.iter().filter(|kind| kind.is_about_a_person()).map(|kind| kind.code()).collect();
    let (about, appliances) = (column::json(&about)?, column::json(appliances)?);
    let on_theirs = Test::default()
        .sql(" AND (appliance IS NULL OR appliance IN (SELECT value FROM json_each(")
        .text(appliances)
        .sql(")))");
    let own = Test::default().sql("cluster IS NULL AND person = ").number(person.0).then(&on_theirs);
    let of_them = Test::default()
        .sql("cluster IS NULL AND (entry ->> '$.detail.person') = ")
        .number(person.0)
        .sql(" AND kind IN (SELECT value FROM json_each(")
        .text(about)
        .sql("))")
        .then(&on_theirs);
    Ok(vec![Way { index: "records_own", test: own }, Way { index: "records_about", test: of_them }])
}

/// The text anywhere, its own `%` and `_` taken literally.
fn containing(text: &str) -> String {
    let literal = text.replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_");
    format!("%{literal}%")
}

/// The text anywhere, each letter large or small.
fn in_any_case(text: &str) -> String {
    let mut pattern = String::from("*");
    for letter in text.chars() {
        let mut cases = vec![letter];
        for case in [small(letter), large(letter), small(large(letter)), large(small(letter))] {
            if !cases.contains(&case) {
                cases.push(case);
            }
        }
        if cases.len() > 1 || "*?[".contains(letter) {
            pattern.push('[');
            pattern.extend(cases);
            pattern.push(']');
        } else {
            pattern.push(letter);
        }
    }
    pattern + "*"
}

/// A letter that becomes several is compared as it is.
fn small(letter: char) -> char {
    let mut small = letter.to_lowercase();
    small.next().filter(|_| small.next().is_none()).unwrap_or(letter)
}

fn large(letter: char) -> char {
    let mut large = letter.to_uppercase();
    large.next().filter(|_| large.next().is_none()).unwrap_or(letter)
}

/// The text as one phrase of the search's own language. Control characters would end it early.
fn phrase(text: &str) -> String {
    let plain: String = text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    format!("\"{}\"", plain.replace('"', "\"\""))
}
