//! A clock that is set hides nothing and keeps nothing alive, and is said.

use crate::support::{INTERVAL, World, restarted, world};
use model::{
    ApplianceId, Freshness,
    log::LogQuery,
    record::{Record, RecordKind},
};
use services::{ApplianceView, Origin};
use std::time::Duration;

const DAY: i64 = 24 * 3_600;

async fn seconds(world: &World, seconds: u64) {
    world.lab.advance(Duration::from_secs(seconds)).await;
}

async fn view(world: &World, id: ApplianceId) -> ApplianceView {
    world.services.appliances().show(&world.cx, id).await.unwrap()
}

async fn freshness(world: &World, id: ApplianceId) -> Freshness {
    view(world, id).await.seen.unwrap().2
}

async fn steps(world: &World) -> Vec<Record> {
    world
        .log(&world.cx, &LogQuery::default())
        .await
        .into_iter()
        .filter(|record| record.entry.kind == RecordKind::ClockStepped)
        .collect()
}

#[tokio::test]
async fn a_clock_set_back_neither_freezes_the_view_nor_makes_it_younger() {
    let world = world().await;
    let id = world.appliance().await;
    world.services.observer().look(id).await;
    seconds(&world, 8).await;
    assert_eq!(freshness(&world, id).await, Freshness::Fresh);
    world.clock.set_by(-DAY);
    assert_eq!(freshness(&world, id).await, Freshness::Fresh, "eight seconds are eight seconds");
    seconds(&world, 8).await;
    world.clock.set_by(-12);
    assert_eq!(freshness(&world, id).await, Freshness::Stale, "sixteen are not four");

    // The appliance dies: what is newer counts, though its time is earlier.
    world.lab.power_off([10, 0, 0, 10].into()).await.unwrap();
    world.services.observer().look(id).await;
    let dead = view(&world, id).await;
    assert!(dead.failure.is_some(), "the failure is not hidden by a good look from the future");
    assert_eq!(dead.seen.unwrap().2, Freshness::Stale);
    seconds(&world, 60).await;
    assert_eq!(freshness(&world, id).await, Freshness::Unknown);
    world.lab.clear_faults().await.unwrap();
    world.services.observer().look(id).await;
    let back = view(&world, id).await;
    assert!(back.failure.is_none(), "an old failure is no alert");
    assert_eq!(
        (back.seen.as_ref().unwrap().0, back.seen.unwrap().2),
        (model::Clock::now(&*world.clock), Freshness::Fresh)
    );
}

#[tokio::test]
async fn a_clock_set_forward_makes_what_was_seen_old_until_the_next_look() {
    let world = world().await;
    let id = world.appliance().await;
    world.services.observer().look(id).await;
    world.clock.set_by(DAY);
    assert_eq!(freshness(&world, id).await, Freshness::Unknown);
    world.services.observer().glance(id).await;
    assert_eq!(freshness(&world, id).await, Freshness::Fresh);
}

#[tokio::test]
async fn a_step_is_written_between_the_records_before_and_after_it_and_told() {
    let world = world().await;
    let id = world.appliance().await;
    assert!(world.services.clock_step().is_none() && steps(&world).await.is_empty());
    world.clock.set_by(-DAY);
    // Whoever comes next notices.
    world.signed_in("ada").await;
    let [step] = steps(&world).await.try_into().unwrap();
    assert!(step.entry.summary.contains("set back by 24 h"), "{}", step.entry.summary);
    assert_eq!(step.entry.detail["seconds"], -DAY);
    assert_eq!(world.services.clock_step().unwrap().sentence(), step.entry.summary);
    let all = world.log(&world.cx, &LogQuery::default()).await;
    let place = all.iter().position(|record| record.id == step.id).unwrap();
    assert_eq!(all[place - 1].entry.kind, RecordKind::SignInSucceeded, "newest first: the sign-in came after it");
    assert!(all[place + 1].entry.at > step.entry.at, "and what came before it has a later time");
    world.services.observer().look(id).await;
    world.signed_in("ada").await;
    assert_eq!(steps(&world).await.len(), 1, "once");
}

#[tokio::test]
async fn a_session_lives_no_longer_for_a_clock_that_was_ahead() {
    let world = world().await;
    world.clock.set_by(DAY);
    let origin = Origin::default();
    let token = world.services.sessions().sign_in(&origin, "ada", crate::support::PASSWORD).await.unwrap().token;
    let comes_in = async || world.services.sessions().visitor(&token, origin.clone()).await.unwrap().is_some();
    world.clock.set_by(-DAY);
    assert!(comes_in().await, "nobody is thrown out");
    seconds(&world, 12 * 3_600 + 1).await;
    assert!(!comes_in().await, "twelve hours without a request are twelve hours");
}

#[tokio::test]
async fn the_way_in_opens_again_after_its_time_whatever_the_clock() {
    let world = world().await;
    let origin = Origin { from: "10.9.9.9".into(), ..Origin::default() };
    for _ in 0..5 {
        assert!(world.services.sessions().sign_in(&origin, "ada", "wrong wrong wrong").await.is_err());
    }
    let right = async || world.services.sessions().sign_in(&origin, "ada", crate::support::PASSWORD).await.is_ok();
    world.clock.set_by(-DAY);
    assert!(!right().await, "a clock that is set does not open it");
    seconds(&world, 15 * 60 + 1).await;
    assert!(right().await, "nor keep it shut for a day");
}

#[tokio::test]
async fn what_was_seen_before_a_start_is_not_fresh_and_a_step_meanwhile_is_noticed() {
    let world = world().await;
    let id = world.appliance().await;
    world.services.observer().look(id).await;
    let token =
        world.services.sessions().sign_in(&Origin::default(), "ada", crate::support::PASSWORD).await.unwrap().token;
    let world = restarted(world, |_| {}, async {}).await;
    assert_eq!(freshness(&world, id).await, Freshness::Stale, "how long it was off, only the clock says");
    assert!(steps(&world).await.is_empty());
    assert!(world.services.sessions().visitor(&token, Origin::default()).await.unwrap().is_some());
    world.services.observer().glance(id).await;
    assert_eq!(freshness(&world, id).await, Freshness::Fresh);

    let world = restarted(world, |world| world.clock.set_by(-DAY), async {}).await;
    assert_ne!(freshness(&world, id).await, Freshness::Fresh);
    let [step] = steps(&world).await.try_into().unwrap();
    assert!(step.entry.summary.contains("not running"), "{}", step.entry.summary);
    seconds(&world, 12 * 3_600 + 1).await;
    assert!(
        world.services.sessions().visitor(&token, Origin::default()).await.unwrap().is_none(),
        "a day longer would be too long"
    );
    assert_eq!(INTERVAL, 5, "of which the freshness above is reckoned");
}
