//! A pair that is described by the addresses of both halves: the primary is found, whichever it is.

use crate::support::{SECRET, World, world_on};
use lab::{FaultSpec, Options, Pair};
use model::{
    ApplianceId,
    appliance::{ApplianceForm, Heard, Which},
    record::RecordKind,
    run::{OpState, RunStatus},
    snapshot::Snapshot,
};
use services::{Failure, LogQuery};
use std::{sync::Arc, time::Duration};

const ONE: &str = "10.0.0.10";
const OTHER: &str = "10.0.0.11";

async fn two() -> World {
    let mut world = world_on(Options { pair: Some(Pair::default()), ..Options::default() }).await;
    world.both = true;
    world
}

async fn seen(world: &World, id: ApplianceId) -> Arc<Snapshot> {
    world.services.appliances().show(&world.cx, id).await.unwrap().seen.unwrap().1
}

async fn glance(world: &World, id: ApplianceId) -> Arc<Snapshot> {
    world.services.observer().glance(id).await;
    seen(world, id).await
}

/// The same pair, described the other way round.
fn turned(form: ApplianceForm) -> ApplianceForm {
    ApplianceForm {
        address: form.second_address,
        connect: form.second_connect,
        via: form.second_via,
        pin: form.second_pin,
        second_address: form.address,
        second_connect: form.connect,
        second_via: form.via,
        second_pin: form.pin,
        ..form
    }
}

fn words(snapshot: &Snapshot) -> Vec<(Which, String)> {
    let word = |heard: &Heard| match heard {
        Heard::Role { role } => role.to_string(),
        Heard::Trouble { sentence } => sentence.clone(),
    };
    snapshot.halves.iter().map(|half| (half.which, word(&half.heard))).collect()
}

/// Who wrote there, by the appliance's own list.
fn written(world: &World, half: &str) -> usize {
    world.lab.cli().iter().filter(|line| line.appliance == half).count()
}

#[tokio::test(flavor = "multi_thread")]
async fn the_primary_is_found_whichever_way_round_the_pair_was_described() {
    for turn in [false, true] {
        let world = two().await;
        let form = if turn { turned(world.appliance_form()) } else { world.appliance_form() };
        let admin = world.cx.admin().unwrap();
        let tested = world.services.appliances().test(&admin, &form, SECRET).await.unwrap();
        assert!(tested.greeting.contains("Primary") && tested.greeting.contains("the other half: "), "{tested:?}");
        let id = world.services.appliances().add(&admin, &form, SECRET).await.unwrap();
        world.services.observer().look(id).await;
        let snapshot = seen(&world, id).await;
        assert_eq!((snapshot.role.to_string().as_str(), snapshot.nsip.as_str()), ("Primary", ONE));
        let role = |which| if (which == Which::First) == turn { "Secondary" } else { "Primary" };
        let expected = [Which::First, Which::Second].map(|which| (which, role(which).to_owned()));
        assert_eq!(words(&snapshot), expected);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn after_a_failover_the_next_look_is_at_the_new_primary_and_plans_are_carried_out_there() {
    let world = two().await;
    let (_, id) = world.set_up().await;
    assert_eq!(glance(&world, id).await.nsip, ONE);
    let before = written(&world, OTHER);
    world.lab.failover().unwrap();
    world.lab.advance(Duration::from_secs(30)).await;
    let snapshot = glance(&world, id).await;
    assert_eq!((snapshot.role.to_string().as_str(), snapshot.nsip.as_str()), ("Primary", OTHER), "in the same look");
    assert_eq!(snapshot.read_whole_at(), snapshot.at, "the other half's configuration is read whole");

    let berlin = world.services.clusters().list(&world.cx).await.unwrap().remove(0).cluster.id;
    world.services.clusters().show(&world.cx, berlin).await.unwrap();
    let mam = model::desired::MamForm {
        vip: "10.20.40.53".into(),
        certificate: "wildcard-example".into(),
        ..model::desired::MamForm::fresh("Berlin")
    };
    world.save(berlin, services::StepForm::Mam(mam)).await.unwrap();
    // Back again, and nobody has looked since: a plan asks for itself who is the primary.
    world.lab.failover().unwrap();
    world.lab.advance(Duration::from_secs(30)).await;
    let plan = world.services.plans().make(&world.cx.writer().unwrap(), berlin).await.unwrap();
    // And once more between plan and run.
    world.lab.failover().unwrap();
    world.lab.advance(Duration::from_secs(30)).await;
    let done = world.applied(plan).await;
    assert_eq!(done.run.status, RunStatus::Succeeded, "{}", done.run.note);
    assert!(written(&world, OTHER) > before, "it was written to the primary of that moment");
    // Its own log is another one, with lines as old as the pair: none of them is anybody's news.
    glance(&world, id).await;
    let query = LogQuery { kind: Some(RecordKind::ApplianceCommand), ..LogQuery::default() };
    assert_eq!(world.log(&world.cx, &query).await.len(), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_run_that_met_a_failover_goes_on_at_the_new_primary() {
    let world = two().await;
    let id = world.whole().await;
    let writer = world.cx.writer().unwrap();
    let plan = world.services.plans().make(&writer, id).await.unwrap();
    let spec = FaultSpec {
        target: ONE.into(),
        fault: "failover_after".into(),
        times: 1,
        after: 0,
        ms: 0,
        method: Some("POST".into()),
        resource: Some("servicegroup".into()),
        action: None,
    };
    world.lab.fault(spec).await.unwrap();
    let stopped = world.applied(plan).await;
    assert_eq!(stopped.run.status, RunStatus::Interrupted, "{}", stopped.run.note);
    assert!(stopped.run.operations.iter().all(|op| op.state != OpState::Failed));
    world.lab.advance(Duration::from_secs(30)).await;
    let resumed = world.resumed(stopped.run.act).await;
    assert_eq!(resumed.run.status, RunStatus::Succeeded, "{}", resumed.run.note);
    let groups = world.lab.cli().into_iter().filter(|line| line.appliance == OTHER);
    assert_eq!(groups.filter(|line| line.line.starts_with("add serviceGroup")).count(), 3, "and nothing twice");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_primary_that_is_gone_is_left_and_a_standby_that_is_gone_is_said() {
    let world = two().await;
    let (_, id) = world.set_up().await;
    world.lab.power_off([10, 0, 0, 11].into()).await.unwrap();
    world.services.observer().look(id).await;
    let told = words(seen(&world, id).await.as_ref());
    assert_eq!(told[0], (Which::First, "Primary".to_owned()));
    assert!(told[1].1.contains(OTHER), "{told:?}");

    world.lab.clear_faults().await.unwrap();
    world.lab.advance(Duration::from_mins(3)).await;
    world.lab.power_off([10, 0, 0, 10].into()).await.unwrap();
    world.lab.advance(Duration::from_secs(30)).await;
    let snapshot = glance(&world, id).await;
    assert_eq!((snapshot.role.to_string().as_str(), snapshot.nsip.as_str()), ("Primary", OTHER));
    world.lab.power_off([10, 0, 0, 11].into()).await.unwrap();
    assert!(!world.services.observer().glance(id).await);
    let (_, error) = world.services.appliances().show(&world.cx, id).await.unwrap().failure.unwrap();
    let sentence = error.sentence();
    assert!(sentence.contains(ONE) && sentence.contains(OTHER), "both were tried: {sentence}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refused_password_is_shown_to_one_half_alone() {
    let world = two().await;
    let id = world.appliance().await;
    world.lab.set_password("another one");
    world.lab.restart([10, 0, 0, 10].into()).unwrap();
    world.lab.restart([10, 0, 0, 11].into()).unwrap();
    world.lab.advance(Duration::from_mins(5)).await;
    let from = world.lab.requests().last().map_or(0, |request| request.seq);
    for _ in 0..3 {
        assert!(!world.services.observer().glance(id).await);
    }
    let logins = world.lab.requests_after(from);
    assert_eq!(logins.iter().filter(|request| request.path.ends_with("/login")).count(), 1, "{logins:#?}");
    assert!(world.services.appliances().show(&world.cx, id).await.unwrap().credential_refused_at.is_some());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_kept_password_goes_to_no_address_that_it_was_not_given_for() {
    let mut world = two().await;
    let pair = world.appliance_form();
    world.both = false;
    let id = world.appliance().await;
    let admin = world.cx.admin().unwrap();
    let appliances = world.services.appliances();
    let Err(Failure::Fields(errors)) = appliances.edit(&admin, id, &pair, "", false).await else {
        panic!("the other half would have got it")
    };
    assert!(errors.get("password").is_some_and(|sentence| sentence.contains("https://10.0.0.11")), "{errors:?}");
    appliances.edit(&admin, id, &pair, SECRET, false).await.unwrap();
    let spec = appliances.show(&world.cx, id).await.unwrap().appliance.spec;
    assert_eq!(spec.halves().count(), 2);
    // Fewer addresses, and each of them had it: it stays, and still opens.
    let alone = ApplianceForm {
        second_address: String::new(),
        second_via: String::new(),
        second_pin: String::new(),
        ..turned(pair)
    };
    appliances.edit(&admin, id, &alone, "", false).await.unwrap();
    world.services.observer().look(id).await;
    assert_eq!(seen(&world, id).await.nsip, OTHER);
    let query = LogQuery { kind: Some(RecordKind::ApplianceChanged), ..LogQuery::default() };
    let said = world.log(&world.cx, &query).await.remove(0).entry.summary;
    assert!(said.contains("the other half's address https://10.0.0.11 → none"), "{said}");
}

#[tokio::test(flavor = "multi_thread")]
async fn addresses_that_are_no_pair_and_certificates_are_said_beside_the_second_one() {
    let world = two().await;
    let pair = world.appliance_form();
    let admin = world.cx.admin().unwrap();
    let appliances = world.services.appliances();
    let unpinned = ApplianceForm { second_pin: String::new(), ..pair.clone() };
    let tried = appliances.test(&admin, &unpinned, SECRET).await;
    let Err(Failure::Untrusted { which: Which::Second, problem: None, .. }) = tried else { panic!("{tried:?}") };
    let nobody = ApplianceForm { second_address: "https://10.0.0.99".into(), ..pair.clone() };
    let tried = appliances.test(&admin, &nobody, SECRET).await;
    let Err(Failure::Fields(errors)) = tried else { panic!("{tried:?}") };
    assert!(errors.get("second_address").is_some() && errors.get("address").is_none(), "{errors:?}");
    let plain = world.lab.description().netscaler[0].http.trim_start_matches("http://").to_owned();
    let twice = ApplianceForm {
        second_address: "http://10.0.0.77".into(),
        second_connect: "map".into(),
        second_via: plain,
        second_pin: String::new(),
        ..pair
    };
    let tried = appliances.test(&admin, &twice, SECRET).await;
    let Err(Failure::Fields(errors)) = tried else { panic!("{tried:?}") };
    let said = errors.get("second_address").unwrap();
    assert!(said.starts_with("Both addresses lead to 10.0.0.10."), "{said}");
}

#[tokio::test(flavor = "multi_thread")]
async fn fewer_addresses_are_no_reason_to_show_a_refused_password_again() {
    let world = two().await;
    let id = world.appliance().await;
    world.lab.set_password("another one");
    world.lab.restart([10, 0, 0, 10].into()).unwrap();
    world.lab.advance(Duration::from_mins(5)).await;
    world.services.observer().glance(id).await;
    let refused =
        async || world.services.appliances().show(&world.cx, id).await.unwrap().credential_refused_at.is_some();
    assert!(refused().await);
    let from = world.lab.requests().last().map_or(0, |request| request.seq);
    let alone = ApplianceForm { second_address: String::new(), second_via: String::new(), ..world.appliance_form() };
    world.services.appliances().edit(&world.cx.admin().unwrap(), id, &alone, "", true).await.unwrap();
    assert!(refused().await, "what was refused stays refused until somebody says otherwise");
    assert!(!world.services.observer().glance(id).await);
    assert_eq!(world.lab.requests_after(from).iter().filter(|request| request.path.ends_with("/login")).count(), 0);
}

/// What a secondary is told to bring over is its own copy.
#[tokio::test(flavor = "multi_thread")]
async fn a_pair_is_synchronised_from_its_primary_alone() {
    let mut world = two().await;
    let id = world.whole().await;
    let appliance = world.services.clusters().show(&world.cx, id).await.unwrap().appliance.id;
    let standby = ApplianceForm {
        second_address: String::new(),
        second_via: String::new(),
        second_pin: String::new(),
        ..turned(world.appliance_form())
    };
    world.services.appliances().edit(&world.cx.admin().unwrap(), appliance, &standby, "", true).await.unwrap();
    world.both = false;
    let ordered = world.services.pairs().synchronise(&world.cx.writer().unwrap(), id).await;
    assert!(ordered.unwrap_err().to_string().contains("synchronised from its primary"));
    assert!(!world.lab.requests().iter().any(|request| request.path.ends_with("/hasync")));
}
