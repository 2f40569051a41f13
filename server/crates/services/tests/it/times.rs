//! What ends by itself, to the second, by a clock that is set by hand: freshness, sessions, waits, and what is swept away;
//! each also when somebody sets that clock.

use crate::support::{INTERVAL, PASSWORD, World, world};
use model::{Freshness, fields::Typed, plan::ApplyForm};
use services::Origin;
use std::{collections::BTreeMap, time::Duration};

const HOUR: u64 = 3_600;
const DAY: u64 = 24 * HOUR;
const BACK_A_DAY: i64 = -86_400;

async fn seconds(world: &World, seconds: u64) {
    world.lab.advance(Duration::from_secs(seconds)).await;
}

async fn rows(world: &World, of: &str) -> i64 {
    world.rows(of).await
}

async fn session(world: &World) -> String {
    world.services.sessions().sign_in(&Origin::default(), "ada", PASSWORD).await.unwrap().token
}

async fn is_in(world: &World, token: &str) -> bool {
    world.services.sessions().visitor(token, Origin::default()).await.unwrap().is_some()
}

#[tokio::test]
async fn what_a_page_shows_is_fresh_for_two_intervals_and_unknown_after_ten() {
    let world = world().await;
    let id = world.appliance().await;
    let interval = u64::from(INTERVAL);
    let shown = async || world.services.appliances().show(&world.cx, id).await.unwrap().seen.unwrap().2;
    for set_back in [false, true] {
        world.services.observer().look(id).await;
        seconds(&world, 2 * interval).await;
        if set_back {
            world.clock.set_by(BACK_A_DAY);
        }
        assert_eq!(shown().await, Freshness::Fresh);
        seconds(&world, 1).await;
        assert_eq!(shown().await, Freshness::Stale, "set back: {set_back}");
        seconds(&world, 8 * interval - 1).await;
        assert_eq!(shown().await, Freshness::Stale);
        seconds(&world, 1).await;
        assert_eq!(shown().await, Freshness::Unknown, "set back: {set_back}");
    }
    world.services.observer().look(id).await;
    world.clock.set_by(i64::from(2 * INTERVAL) + 1);
    assert_eq!(shown().await, Freshness::Stale, "set forward, it is only older");
}

#[tokio::test]
async fn a_session_ends_after_twelve_hours_without_a_request() {
    let world = world().await;
    let token = session(&world).await;
    seconds(&world, 12 * HOUR - 1).await;
    assert!(is_in(&world, &token).await);
    // The request counts.
    seconds(&world, 12 * HOUR - 1).await;
    assert!(is_in(&world, &token).await);
    seconds(&world, 12 * HOUR).await;
    assert!(!is_in(&world, &token).await);

    let token = session(&world).await;
    seconds(&world, 6 * HOUR).await;
    world.clock.set_by(BACK_A_DAY);
    seconds(&world, 6 * HOUR - 1).await;
    assert!(is_in(&world, &token).await, "a clock that is set back throws nobody out");
    seconds(&world, 12 * HOUR).await;
    assert!(!is_in(&world, &token).await, "nor keeps anybody in");
    let token = session(&world).await;
    world.clock.set_by(12 * 3_600);
    assert!(!is_in(&world, &token).await, "forward, nobody can tell it from twelve hours of sleep");
}

#[tokio::test]
async fn a_session_ends_after_seven_days_whatever_it_does() {
    let world = world().await;
    for set_back in [false, true] {
        let token = session(&world).await;
        for half_day in 0..14 {
            seconds(&world, 12 * HOUR - 1).await;
            if set_back && half_day == 6 {
                world.clock.set_by(BACK_A_DAY);
            }
            assert!(is_in(&world, &token).await, "{half_day}, set back: {set_back}");
        }
        seconds(&world, 13).await;
        assert!(is_in(&world, &token).await, "a second before the end");
        seconds(&world, 1).await;
        assert!(!is_in(&world, &token).await, "the last request was a moment ago, set back: {set_back}");
    }
}

#[tokio::test]
async fn wrong_passwords_make_wait_for_a_minute_and_count_for_an_hour() {
    let world = world().await;
    let origin = Origin { from: "10.9.9.9".into(), ..Origin::default() };
    let wrong = async |times: usize| {
        for _ in 0..times {
            assert!(world.services.sessions().sign_in(&origin, "ada", "wrong wrong wrong").await.is_err());
        }
    };
    let right = async || world.services.sessions().sign_in(&origin, "ada", PASSWORD).await.is_ok();
    wrong(5).await;
    seconds(&world, 59).await;
    assert!(!right().await);
    seconds(&world, 1).await;
    assert!(right().await);
    // Coming in forgets them; what is an hour old is forgotten too.
    wrong(4).await;
    seconds(&world, HOUR + 1).await;
    wrong(4).await;
    assert!(right().await, "four and four are not five");
    // A clock that was set does not open the way before its time, nor keep it shut.
    wrong(5).await;
    world.clock.set_by(BACK_A_DAY);
    seconds(&world, 59).await;
    assert!(!right().await);
    seconds(&world, 1).await;
    assert!(right().await);
    wrong(5).await;
    world.clock.set_by(-BACK_A_DAY);
    assert!(right().await, "forward, the minute is over");
}

#[tokio::test]
async fn failures_are_kept_for_a_day_and_no_longer_though_nobody_fails_again() {
    let world = world().await;
    let guess = async |from: &str| {
        let origin = Origin { from: from.into(), ..Origin::default() };
        assert!(world.services.sessions().sign_in(&origin, "ada", "wrong wrong wrong").await.is_err());
    };
    guess("10.9.9.1").await;
    seconds(&world, 1).await;
    world.clock.set_by(BACK_A_DAY);
    guess("10.9.9.2").await;
    assert_eq!(rows(&world, "sign_in_failures").await, 2, "the one from before the clock was set still counts");
    // Nobody fails any more: the sweep alone takes them.
    seconds(&world, DAY - 1).await;
    world.services.sweep().await.unwrap();
    assert_eq!(rows(&world, "sign_in_failures").await, 2, "a day");
    seconds(&world, 1).await;
    world.services.sweep().await.unwrap();
    assert_eq!(rows(&world, "sign_in_failures").await, 1);
    seconds(&world, 1).await;
    world.services.sweep().await.unwrap();
    assert_eq!(rows(&world, "sign_in_failures").await, 0);
}

#[tokio::test]
async fn a_sweep_takes_sessions_that_are_over_and_no_others() {
    let world = world().await;
    let old = session(&world).await;
    seconds(&world, 6 * HOUR).await;
    let young = session(&world).await;
    seconds(&world, 6 * HOUR).await;
    world.clock.set_by(BACK_A_DAY);
    // Nobody has come since it was set: the sweep itself has to notice, or all of them would be from the future.
    world.services.sweep().await.unwrap();
    assert!(is_in(&world, &young).await && !is_in(&world, &old).await);
    assert!(world.services.sessions().end_of(&old).await.unwrap().is_some(), "its browser is told why");
    assert_eq!(rows(&world, "sessions").await, 1);
    seconds(&world, 12 * HOUR).await;
    world.services.sweep().await.unwrap();
    assert_eq!(rows(&world, "sessions").await, 0);
}

#[tokio::test]
async fn a_sweep_takes_forms_when_nobody_can_send_them_any_more() {
    let world = world().await;
    let (services, form) = (&world.services, "cluster:new");
    let draft = BTreeMap::from([("title".to_owned(), "Berlin".to_owned())]);
    services.forms().keep(&world.cx, form, Typed { values: draft.clone(), ..Typed::default() }).await.unwrap();
    services.acting().once(&world.cx, "a token".into(), async { Ok("/clusters/1".to_owned()) }).await.unwrap();
    // What somebody sent whose session was over.
    let old = session(&world).await;
    seconds(&world, 12 * HOUR).await;
    let ended = services.sessions().end_of(&old).await.unwrap().unwrap();
    let lapsed = services.sessions().lapsed(&old, &ended).await.unwrap().unwrap();
    assert!(services.forms().keep_for_return(&lapsed, "cluster:new", draft).await.unwrap());

    world.clock.set_by(BACK_A_DAY);
    services.sweep().await.unwrap();
    assert_eq!((rows(&world, "drafts").await, rows(&world, "form_tokens").await), (2, 1), "nothing is from the future");
    seconds(&world, 4 * HOUR).await;
    services.sweep().await.unwrap();
    assert!(services.forms().waits_for_return(&lapsed).await.unwrap(), "four hours");
    seconds(&world, 1).await;
    services.sweep().await.unwrap();
    assert_eq!(rows(&world, "drafts").await, 1);
    assert!(services.forms().typed(&world.cx, form).await.unwrap().is_some());

    seconds(&world, 8 * DAY - 16 * HOUR - 2).await;
    services.sweep().await.unwrap();
    assert_eq!(rows(&world, "form_tokens").await, 1, "it could be sent twice still");
    seconds(&world, 2).await;
    services.sweep().await.unwrap();
    assert_eq!(rows(&world, "form_tokens").await, 0);
    seconds(&world, 22 * DAY - 1).await;
    services.sweep().await.unwrap();
    assert_eq!(rows(&world, "drafts").await, 1, "thirty days");
    seconds(&world, 2).await;
    services.sweep().await.unwrap();
    assert_eq!(rows(&world, "drafts").await, 0);
}

#[tokio::test]
async fn a_typed_password_is_gone_after_a_minute_whatever_the_clock() {
    let world = world().await;
    let form = "appliance:new";
    let admin = world.cx.admin().unwrap();
    for set in [0, BACK_A_DAY, 600] {
        world
            .services
            .appliances()
            .try_new(&admin, form, &world.appliance_form(), crate::support::SECRET)
            .await
            .unwrap();
        world.clock.set_by(set);
        world.services.sweep().await.unwrap();
        assert_eq!(rows(&world, "draft_secrets").await, i64::from(set <= 0), "{set}");
        seconds(&world, 61).await;
        world.services.sweep().await.unwrap();
        assert_eq!(rows(&world, "draft_secrets").await, 0, "{set}");
        assert_eq!(world.services.appliances().password_kept_until(&world.cx, form).await.unwrap(), None);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_sweep_takes_what_plans_were_made_from_once_they_have_run_or_are_old() {
    let world = world().await;
    let id = world.cluster().await;
    let writer = world.cx.writer().unwrap();
    let kept = async || rows(&world, "plan_snapshots").await;
    let ran = world.services.plans().make(&writer, id).await.unwrap();
    let waits = world.services.plans().make(&writer, id).await.unwrap();
    world.services.sweep().await.unwrap();
    assert_eq!(kept().await, 2, "nothing has run, nothing is old");
    world.applied_with(ran, &ApplyForm::default()).await;
    world.services.sweep().await.unwrap();
    assert_eq!(kept().await, 1, "what has run well needs it no more");
    assert!(world.services.plans().show(&world.cx, ran).await.is_ok(), "the plan itself stays");

    // Plans are written once, with the time of the clock as it was.
    for (set_by, left, what) in [
        (-29 * BACK_A_DAY, 1, "twenty-nine days"),
        (BACK_A_DAY, 1, "back a day"),
        (-2 * BACK_A_DAY, 1, "thirty days"),
        (1, 0, "a second more"),
    ] {
        world.clock.set_by(set_by);
        world.services.sweep().await.unwrap();
        assert_eq!(kept().await, left, "{what}");
    }
    let view = world.services.plans().show(&world.cx, waits).await.unwrap();
    assert!(!view.plan.operations.is_empty(), "it says the same without it");
}
