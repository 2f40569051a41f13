//! Refusals in the log: the first one by one, the rest as a sum, and nothing is lost at the stop.

use crate::support::{PASSWORD, world};
use model::record::RecordKind;
use services::{LogQuery, Origin, Refused};

fn origin(from: &str) -> Origin {
    Origin { from: from.into(), ..Origin::default() }
}

async fn told(world: &crate::support::World, kind: RecordKind) -> Vec<String> {
    let query = LogQuery { kind: Some(kind), ..LogQuery::default() };
    let records = world.log(&world.cx, &query).await;
    records.into_iter().map(|record| record.entry.summary).collect()
}

#[tokio::test]
async fn requests_that_are_refused_are_told_of_up_to_a_bound_and_then_summed_up() {
    let world = world().await;
    let refuse = async |origin: &Origin| {
        let refused = Refused { door: Some("/rpc/apply"), status: 401 };
        world.services.refusals().note(origin, None, refused).await.unwrap()
    };
    let mut written = 0;
    for n in 0..1_223u32 {
        written += u32::from(refuse(&origin(&format!("2001:db8::{n:x}"))).await);
    }
    assert!(refuse(&origin("192.0.2.7")).await, "others are heard beside it");
    let records = told(&world, RecordKind::RequestRefused).await;
    assert_eq!((written, records.len()), (20, 21));
    assert!(
        records[0].contains("by somebody not signed in to /rpc/apply was refused: nobody was signed in"),
        "{records:?}"
    );

    world.clock.set_by(3_601);
    assert!(refuse(&origin("192.0.2.7")).await, "a new hour");
    let records = told(&world, RecordKind::RequestRefused).await;
    let sum = "And 1,203 more refused requests from 2001:db8::/64 since the last that have records of their own.";
    assert_eq!(records[1], sum, "{records:?}");
}

#[tokio::test]
async fn sign_ins_from_everywhere_are_bounded_and_what_was_counted_outlives_the_stop() {
    let world = world().await;
    for n in 0..30u32 {
        let from = origin(&format!("2001:db8:0:{:x}::{n:x}", n % 2));
        assert!(world.services.sessions().sign_in(&from, &format!("guess-{n}"), "wrong wrong wrong").await.is_err());
    }
    let refused = told(&world, RecordKind::SignInRefused).await;
    assert!(refused.len() <= 40 && !refused.iter().any(|summary| summary.contains("guess-")), "{refused:?}");
    let ada = world.cx.person().clone();
    for _ in 0..25 {
        let refused = Refused { door: None, status: 404 };
        world.services.refusals().note(&origin("192.0.2.7"), Some(&ada), refused).await.unwrap();
    }
    let world = crate::support::restarted(world, |_| {}, async {}).await;
    let records = told(&world, RecordKind::RequestRefused).await;
    assert!(records[0].starts_with("And 5 more refused requests by ada"), "{records:?}");
    assert_eq!(records.len(), 21);
    assert!(
        world.services.sessions().sign_in(&Origin::default(), "ada", PASSWORD).await.is_ok(),
        "a stranger's failures are not hers"
    );
}
