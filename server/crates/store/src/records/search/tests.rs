use super::*;
use crate::{open::GATEHOUSE, records::LogScope};
use model::{
    ApplianceId, ClusterId, PersonId,
    clock::from_millis,
    log::LogQuery,
    record::{Outcome, RecordKind},
};
use sqlx::{AssertSqlSafe, Connection as _};

fn filters() -> Vec<Filter> {
    let none = LogQuery::default;
    let some = [
        none(),
        LogQuery { kind: Some(RecordKind::CallIntent), ..none() },
        LogQuery { person: Some("ada".into()), ..none() },
        LogQuery { cluster: Some(ClusterId(1)), ..none() },
        LogQuery { appliance: Some(ApplianceId(1)), ..none() },
        LogQuery { outcome: Some(Outcome::Failed), ..none() },
        LogQuery { words: vec!["server".into(), "mam".into()], ..none() },
        LogQuery { words: vec!["süd".into(), "of".into()], ..none() },
        LogQuery { words: vec!["of".into()], ..none() },
    ];
    let times = LogQuery { from: Some(from_millis(1)), until: Some(from_millis(9)), ..none() };
    let limited = LogScope::Only {
        person: PersonId(7),
        clusters: [ClusterId(1), ClusterId(2)].into(),
        appliances: [ApplianceId(1)].into(),
    };
    let mut all = Vec::new();
    for first in &some {
        for second in some.iter().chain([&times]) {
            for sight in [LogScope::All, limited.clone()] {
                let query = LogQuery {
                    kind: first.kind.or(second.kind),
                    person: first.person.clone().or(second.person.clone()),
                    cluster: first.cluster.or(second.cluster),
                    appliance: first.appliance.or(second.appliance),
                    outcome: first.outcome.or(second.outcome),
                    words: [first.words.clone(), second.words.clone()].concat(),
                    ..second.clone()
                };
                all.push(Filter { sight, ..query.into() });
            }
        }
    }
    all.push(Filter { id: Some(RecordId(3)), ..Filter::default() });
    all.push(Filter { act: Some(ActNo(3)), ..Filter::default() });
    all
}

/// No statement goes over all records, none is sorted after it was read, whichever filter leads.
#[tokio::test]
async fn every_step_goes_along_an_index() {
    let mut conn = Conn::connect("sqlite::memory:").await.unwrap();
    GATEHOUSE.tables.run(&mut conn).await.unwrap();
    let span = Span { oldest: 1, newest: 500_000 };
    let mut leads = std::collections::BTreeSet::new();
    for filter in filters() {
        let walk = Walk { spans: vec![span], ..Walk::begin(&mut conn, &filter, None).await.unwrap() };
        let long = Walk { matches: None, spans: vec![span], ..Walk::begin(&mut conn, &filter, None).await.unwrap() };
        let mut statements = Vec::new();
        for walk in [walk, long] {
            let (question, mut asked) = walk.question(span, 512);
            statements.push((false, question.sql().as_str().to_owned()));
            asked.extend(walk.matches.is_some().then(|| Lead::Words("[7]".into())));
            for lead in asked {
                let few = matches!(lead, Lead::Words(_));
                leads.insert(format!("{lead:?}").split('"').next().unwrap_or_default().to_owned());
                let step = Step { lead, oldest: 100_000, cost: 0 };
                statements.push((few, format!("{} 50", walk.statement(&step, span).sql().as_str())));
            }
        }
        for (few, sql) in statements {
            let plan: Vec<(i64, i64, i64, String)> =
                sqlx::query_as(AssertSqlSafe(format!("EXPLAIN QUERY PLAN {sql}"))).fetch_all(&mut conn).await.unwrap();
            for (.., line) in plan {
                // The text's index says how it is asked: `=` for one number, `M` for words.
                let asked = line.rsplit(':').next().unwrap_or_default();
                let whole = line.starts_with("SCAN records") && !asked.contains('M');
                let loose = line.starts_with("SEARCH records") && !line.contains('(');
                let sorted = line.contains("TEMP B-TREE") && !few;
                assert!(!whole && !loose && !sorted, "{line}\n{sql}\n{filter:?}");
            }
        }
    }
    assert_eq!(
        leads.into_iter().collect::<Vec<_>>(),
        ["Narrowing(0)", "Narrowing(1)", "Narrowing(2)", "Numbers", "Part(", "Words("]
    );
}
