//! Searching the log: whichever way through it is taken, the same is found as by looking at every record.

use crate::support::{Place, at, place};
use model::{
    ActNo, ApplianceId, ClusterId, PersonId, RecordId,
    log::LogQuery,
    record::{Actor, Entry, Outcome, Record, RecordKind},
    words::words,
};
use store::records::{Filter, LogScope, append_in};

/// The same numbers in each run.
struct Chance(u64);

impl Chance {
    fn below(&mut self, end: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap() % end
    }

    fn of<T: Clone>(&mut self, choices: &[T]) -> T {
        choices[self.below(choices.len())].clone()
    }

    fn maybe<T>(&mut self, one_in: usize, make: impl FnOnce(&mut Self) -> T) -> Option<T> {
        (self.below(one_in) == 0).then(|| make(self))
    }
}

const PEOPLE: [(Option<i64>, &str); 4] = [(None, "gatehouse"), (Some(7), "bob"), (Some(8), "Ada"), (Some(9), "rare")];
const KINDS: [RecordKind; 5] = [
    RecordKind::CallIntent,
    RecordKind::CallResult,
    RecordKind::PersonChanged,
    RecordKind::SignInRefused,
    RecordKind::ObjectAdopted,
];
const TEXTS: [&str; 6] =
    ["Add server xms01", "server group süd", "GROUP of servers", "100% of mam_8443", "a\\b \"quoted\"", "nothing"];

/// Clocks are set: most times follow each other, some leap, and an hour comes twice.
fn random(chance: &mut Chance, number: i64) -> Entry {
    let seconds = match chance.below(400) {
        0 => 9_000_000,
        1 => 5,
        _ if number > 1_500 => number * 60 - 30_000,
        _ => number * 60,
    };
    let (person, name) = if number % 701 == 0 { PEOPLE[3] } else { chance.of(&PEOPLE[..3]) };
    let cluster = chance.maybe(2, |chance| ClusterId(1 + i64::try_from(chance.below(4)).unwrap()));
    Entry {
        at: at(seconds),
        kind: chance.of(&KINDS),
        act: None,
        actor: Actor { person: person.map(PersonId), name: name.into(), ..Actor::gatehouse() },
        cluster,
        appliance: chance.maybe(2, |chance| ApplianceId(1 + i64::try_from(chance.below(3)).unwrap())),
        outcome: chance.maybe(3, |chance| chance.of(&Outcome::ALL)),
        summary: chance.of(&TEXTS).into(),
        detail: serde_json::json!({ "person": 7 + chance.below(3), "cli": chance.of(&TEXTS), "zebra": number % 997 == 0 }),
    }
}

async fn filled(chance: &mut Chance, count: i64) -> (Place, Vec<Record>) {
    let place = place().await;
    // Acts go on while others begin.
    let mut begun: Vec<i64> = Vec::new();
    let mut entry = |number: i64| {
        let act = if begun.is_empty() {
            None
        } else {
            chance.maybe(2, |chance| chance.of(&begun[begun.len().saturating_sub(9)..]))
        };
        if act.is_none() {
            begun.push(number);
        }
        Entry { act: act.map(ActNo), ..random(chance, number) }
    };
    let entries: Vec<Entry> = (1..=count).map(&mut entry).collect();
    let written = place.store.write(move |conn| {
        Box::pin(async move {
            let mut records = Vec::new();
            for entry in &entries {
                records.push(append_in(conn, entry).await?);
            }
            Ok(records)
        })
    });
    let mut records = written.await.unwrap();
    records.reverse();
    (place, records)
}

/// What a record must be, said without an index.
fn fits(record: &Record, filter: &Filter) -> bool {
    let (entry, query) = (&record.entry, &filter.query);
    let mut text = entry.summary.clone();
    text.push('\n');
    text.push_str(entry.detail["cli"].as_str().unwrap());
    text.push('\n');
    text.push_str(&entry.detail["person"].to_string());
    let text = text.to_lowercase();
    let seen = match &filter.sight {
        LogScope::All => true,
        LogScope::Only { person, clusters, appliances } => match entry.cluster {
            Some(cluster) => clusters.contains(&cluster),
            None => {
                entry.appliance.is_none_or(|appliance| appliances.contains(&appliance))
                    && (entry.actor.person == Some(*person)
                        || (entry.kind.is_about_a_person() && entry.detail["person"] == person.0))
            }
        },
    };
    seen && query.kind.is_none_or(|kind| entry.kind == kind)
        && query.person.as_ref().is_none_or(|name| entry.actor.name.eq_ignore_ascii_case(name))
        && query.cluster.is_none_or(|cluster| entry.cluster == Some(cluster))
        && query.appliance.is_none_or(|appliance| entry.appliance == Some(appliance))
        && query.outcome.is_none_or(|outcome| entry.outcome == Some(outcome))
        && query.from.is_none_or(|from| entry.at >= from)
        && query.until.is_none_or(|until| entry.at < until)
        && query.before.is_none_or(|before| record.id < before)
        && query.words.iter().all(|word| text.contains(&word.to_lowercase()))
}

fn question(chance: &mut Chance) -> Filter {
    let clusters: Vec<i64> = (1..=4).filter(|_| chance.below(2) == 0).collect();
    let limited = LogScope::Only {
        person: PersonId(7),
        clusters: clusters.into_iter().map(ClusterId).collect(),
        appliances: [ApplianceId(2)].into(),
    };
    let typed =
        ["server", "süd", "of", "mam 8443", "of mam", "\"of mam\"", "server xms01 add", "SÜD of", "xyz", "100%", "m_8"];
    let query = LogQuery {
        words: chance.maybe(2, |chance| words(chance.of(&typed))).unwrap_or_default(),
        person: chance.maybe(4, |chance| chance.of(&PEOPLE).1.to_uppercase()),
        cluster: chance.maybe(4, |_| ClusterId(2)),
        appliance: chance.maybe(4, |_| ApplianceId(2)),
        kind: chance.maybe(4, |chance| chance.of(&KINDS)),
        outcome: chance.maybe(4, |chance| chance.of(&Outcome::ALL)),
        from: chance.maybe(4, |chance| at(60 * i64::try_from(chance.below(3_000)).unwrap())),
        until: chance.maybe(4, |chance| at(60 * i64::try_from(chance.below(3_000)).unwrap())),
        before: chance.maybe(4, |chance| RecordId(i64::try_from(chance.below(3_000)).unwrap())),
    };
    let sight = if chance.below(2) == 0 { LogScope::All } else { limited };
    Filter { sight, limit: 40, ..query.into() }
}

#[tokio::test]
async fn every_way_finds_what_looking_at_each_record_finds() {
    let mut chance = Chance(11);
    let (place, records) = filled(&mut chance, 2_600).await;
    let mut found = 0;
    for _ in 0..150 {
        let filter = question(&mut chance);
        let expected: Vec<&Record> = records.iter().filter(|record| fits(record, &filter)).collect();
        let listed = place.store.list(filter.clone()).await.unwrap();
        assert_eq!(listed.iter().collect::<Vec<_>>(), expected[..expected.len().min(40)], "{filter:?}");

        // Page by page, however far each of them comes.
        let (mut listed, mut page) = (Vec::new(), filter.clone());
        loop {
            let part = place.store.search(&page).await.unwrap();
            page.query.before = part.searched_to.or(part.records.last().map(|record| record.id));
            let over = part.searched_to.is_none() && part.records.len() < 40;
            listed.extend(part.records);
            if over {
                break;
            }
        }
        assert_eq!(listed.iter().collect::<Vec<_>>(), expected, "{filter:?}");
        found += expected.len();
    }
    assert!(found > 500, "the questions ask for nothing: {found}");
}

/// What does not occur in fifty thousand records is not searched for to their end at once, and the page says so.
#[tokio::test]
async fn a_page_looks_through_so_many_records_and_says_how_far_it_came() {
    let place = place().await;
    let written = place.store.write(|conn| {
        Box::pin(async move {
            // "ab" and "bc" in all of them, "abc" in the first alone.
            sqlx::query(
                "INSERT INTO records (id, act, at, kind, person_name, summary, entry)
                 SELECT value, value, value, 'signed_out', 'gatehouse', iif(value = 1, 'q abc q', 'q ab bc'),
                        json_object('at', strftime('%FT%TZ', value, 'unixepoch'), 'kind', 'signed_out', 'act', value,
                                    'actor', json_object('name', 'gatehouse'),
                                    'summary', iif(value = 1, 'q abc q', 'q ab bc'))
                 FROM (WITH RECURSIVE numbers (value) AS (SELECT 1 UNION ALL SELECT value + 1 FROM numbers WHERE value < 20000)
                       SELECT value FROM numbers)",
            )
            .execute(conn)
            .await?;
            Ok(())
        })
    });
    written.await.unwrap();
    let short = Filter::from(LogQuery { words: words("zz"), ..LogQuery::default() });
    let first = place.store.search(&short).await.unwrap();
    let reached = first.searched_to.expect("it went through all of them at once");
    assert!(first.records.is_empty() && reached > RecordId(10_000), "{reached}");
    let on = Filter::from(LogQuery { before: Some(reached), ..short.query.clone() });
    assert!(place.store.search(&on).await.unwrap().searched_to.unwrap() < reached);
    // A rare word costs nothing, however far back it is: its parts lead there.
    let rare = Filter::from(LogQuery { words: words("abc"), ..LogQuery::default() });
    let found = place.store.search(&rare).await.unwrap();
    assert_eq!((found.records.len(), found.searched_to), (1, None));
    assert!(place.store.list(short).await.unwrap().is_empty());
}

#[tokio::test]
async fn every_act_is_on_one_page_by_its_newest_record_that_fits() {
    let mut chance = Chance(23);
    let (place, records) = filled(&mut chance, 1_000).await;
    let (mut several, mut pages) = (0, 0);
    for _ in 0..40 {
        let filter = question(&mut chance);
        let mut expected: Vec<(ActNo, RecordId)> = Vec::new();
        for record in records.iter().filter(|record| fits(record, &filter)) {
            if expected.iter().all(|(act, _)| *act != record.act) {
                expected.push((record.act, record.id));
            }
        }
        // What is before a number is a page that begins there: acts that reach over it were on the one before.
        if let Some(before) = filter.query.before {
            let all = Filter { query: LogQuery { before: None, ..filter.query.clone() }, ..filter.clone() };
            let newer = |act: ActNo| records.iter().any(|r| r.act == act && r.id >= before && fits(r, &all));
            expected.retain(|(act, _)| !newer(*act));
        }
        let (mut listed, mut ask) = (Vec::new(), Filter { limit: 7, ..filter.clone() });
        loop {
            let page = place.store.acts(&ask).await.unwrap();
            assert!(page.acts.len() <= 7);
            for act in &page.acts {
                let whole: Vec<&Record> = records
                    .iter()
                    .filter(|record| record.act == act.act)
                    .filter(|record| fits(record, &Filter { sight: filter.sight.clone(), ..Filter::default() }))
                    .collect();
                assert_eq!(act.records as usize, whole.len());
                assert_eq!((&act.last, &act.first), (whole[0], whole[whole.len() - 1]));
                let calls = whole.iter().filter(|record| record.entry.kind == RecordKind::CallIntent).count();
                assert_eq!(act.calls as usize, calls);
                assert!(act.found_in_all >= act.found.len() && act.found.iter().all(|record| fits(record, &filter)));
                several += usize::from(act.found_in_all > 1);
            }
            listed.extend(page.acts.iter().map(|act| (act.act, act.shown().id)));
            pages += 1;
            let Some(next) = page.older.or(page.searched_to.map(|(id, _)| id)) else { break };
            assert!(ask.query.before.is_none_or(|before| next < before), "it goes on");
            ask.query.before = Some(next);
        }
        assert_eq!(listed, expected, "{filter:?}");
    }
    assert!(several > 50 && pages > 100, "{several} {pages}");
}

#[tokio::test]
async fn the_records_beside_one_are_those_that_a_reader_sees() {
    let mut chance = Chance(5);
    let (place, records) = filled(&mut chance, 200).await;
    let limited = |clusters: &[i64]| LogScope::Only {
        person: PersonId(7),
        clusters: clusters.iter().copied().map(ClusterId).collect(),
        appliances: [ApplianceId(2)].into(),
    };
    let many: Vec<i64> = (1..=2).chain(100..200).collect();
    for sight in [LogScope::All, limited(&[2]), limited(&[]), limited(&many)] {
        let filter = Filter { sight: sight.clone(), ..Filter::default() };
        let seen: Vec<RecordId> = records.iter().filter(|r| fits(r, &filter)).map(|r| r.id).collect();
        for (number, id) in seen.iter().enumerate() {
            let after = number.checked_sub(1).map(|newer| seen[newer]);
            let before = seen.get(number + 1).copied();
            assert_eq!(place.store.beside(*id, &sight).await.unwrap(), (before, after), "{id} {sight:?}");
        }
    }
}
