//! Wrong passwords: who waits, for how long, what the log says of it, and that strangers keep nobody out.

use crate::support::{PASSWORD, World, world};
use model::{
    person::{Role, Scope},
    record::{Record, RecordKind},
};
use services::{Failure, LogQuery, Origin, SignedIn};

fn from(address: &str) -> Origin {
    Origin { from: address.into(), ..Origin::default() }
}

async fn tries(world: &World, origin: &Origin, name: &str, times: usize) {
    for _ in 0..times {
        assert!(world.services.sessions().sign_in(origin, name, "a wrong guess").await.is_err());
    }
}

fn waits(result: Result<SignedIn, Failure>) -> bool {
    match result {
        Ok(_) => false,
        Err(Failure::Fields(errors)) => errors.0.values().any(|text| text.contains("Too many wrong passwords")),
        Err(other) => panic!("{other}"),
    }
}

async fn comes_in(world: &World, origin: &Origin, name: &str) -> bool {
    !waits(world.services.sessions().sign_in(origin, name, PASSWORD).await)
}

/// Newest first.
async fn log(world: &World, kind: RecordKind) -> Vec<Record> {
    world.log(&world.cx, &LogQuery { kind: Some(kind), ..LogQuery::default() }).await
}

async fn minutes(world: &World, minutes: u64) {
    world.lab.advance(std::time::Duration::from_secs(60 * minutes + 1)).await;
}

#[tokio::test]
async fn whoever_guesses_waits_longer_and_longer_and_the_log_says_so() {
    let world = world().await;
    world.person("vera", Role::Viewer, &Scope::All).await;
    let stranger = from("10.66.0.1");
    tries(&world, &stranger, "vera", 5).await;
    assert!(!comes_in(&world, &stranger, "vera").await);
    assert!(comes_in(&world, &from("10.66.0.2"), "vera").await, "somewhere else she is not kept out");
    assert!(comes_in(&world, &stranger, "ada").await, "nor anybody else there");
    tries(&world, &stranger, "vera", 40).await;
    assert_eq!(log(&world, RecordKind::SignInRefused).await.len(), 5, "tries that are kept out are no guesses");
    assert_eq!(log(&world, RecordKind::SignInKeptOut).await.len(), 1, "one stands for all");

    minutes(&world, 1).await;
    tries(&world, &stranger, "vera", 1).await;
    minutes(&world, 1).await;
    assert!(!comes_in(&world, &stranger, "vera").await, "two minutes by now");
    minutes(&world, 1).await;
    assert!(comes_in(&world, &stranger, "vera").await);
    tries(&world, &stranger, "vera", 4).await;
    assert!(comes_in(&world, &stranger, "vera").await, "whoever came in begins anew");

    let begun: Vec<String> =
        log(&world, RecordKind::SignInDelayed).await.into_iter().map(|record| record.entry.summary).collect();
    assert_eq!(begun.len(), 2, "{begun:?}");
    assert!(begun[1].contains("vera from 10.66.0.1 waits until") && begun[1].contains("after 5 wrong"), "{begun:?}");
    assert!(begun[0].contains("after 6 wrong"), "{begun:?}");
    let ended = log(&world, RecordKind::SignInDelayEnded).await;
    assert_eq!(ended.len(), 2);
    assert!(ended[1].entry.summary.contains("41 tries were kept out"), "{}", ended[1].entry.summary);
    assert_eq!(ended[1].entry.detail["kept_out"], 41);
}

#[tokio::test]
async fn a_device_is_counted_by_itself() {
    let world = world().await;
    world.person("vera", Role::Viewer, &Scope::All).await;
    let first = world.services.sessions().sign_in(&from("10.1.0.1"), "vera", PASSWORD).await.unwrap();
    let device = from("10.66.0.1").presenting(None, Some(first.device.clone()));
    tries(&world, &from("10.66.0.1"), "vera", 9).await;
    for n in 0..40 {
        tries(&world, &from(&format!("10.67.0.{n}")), "vera", 1).await;
    }
    assert!(!comes_in(&world, &from("10.99.0.1"), "vera").await, "many addresses guess at one name");
    assert!(comes_in(&world, &device, "vera").await, "her own browser is no stranger");
    assert!(!comes_in(&world, &from("10.66.0.1").presenting(None, Some("0".repeat(65))), "vera").await);
    // For somebody else it is a stranger's.
    tries(&world, &device, "ada", 5).await;
    assert!(!comes_in(&world, &device, "ada").await);

    tries(&world, &device, "vera", 5).await;
    assert!(!comes_in(&world, &device, "vera").await, "it may be in wrong hands");
    minutes(&world, 1).await;
    assert!(comes_in(&world, &device, "vera").await);
}

#[tokio::test]
async fn an_address_is_slowed_down_and_not_shut() {
    let world = world().await;
    let office = from("2001:db8:1:2::7");
    for n in 0..20 {
        tries(&world, &office, &format!("nobody{n}"), 1).await;
    }
    assert!(!comes_in(&world, &from("2001:db8:1:2:ffff::1"), "ada").await, "one network is one stranger");
    assert!(comes_in(&world, &from("2001:db8:1:3::7"), "ada").await);
    minutes(&world, 1).await;
    assert!(comes_in(&world, &office, "ada").await, "a minute, however many tried");
    let delays = log(&world, RecordKind::SignInDelayed).await;
    assert!(delays[0].entry.summary.contains("any name from 2001:db8:1:2::/64"), "{}", delays[0].entry.summary);
}

#[tokio::test]
async fn an_admin_lifts_a_delay() {
    let world = world().await;
    let admin = world.cx.admin().unwrap();
    world.person("vera", Role::Viewer, &Scope::All).await;
    let stranger = from("10.66.0.1");
    tries(&world, &stranger, "vera", 7).await;
    let delays = world.services.delays().list(&admin).await.unwrap();
    assert_eq!((delays.len(), delays[0].what.as_str(), delays[0].wrong), (1, "vera from 10.66.0.1", 5));
    assert_eq!(delays[0].kept_out, 2);
    world.services.delays().lift(&admin, delays[0].id).await.unwrap();
    assert!(comes_in(&world, &stranger, "vera").await);
    world.services.delays().lift(&admin, delays[0].id).await.unwrap();
    let lifted = log(&world, RecordKind::SignInDelayLifted).await;
    assert_eq!((lifted.len(), lifted[0].entry.actor.name.as_str()), (1, "ada"), "once");
    assert!(world.services.delays().list(&admin).await.unwrap().is_empty());
}
