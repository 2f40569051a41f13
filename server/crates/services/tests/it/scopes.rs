//! What is out of scope does not exist: answered exactly as what was never there.

use crate::support::{World, mdm_form, world};
use model::{
    ActNo, ApplianceId, ClusterId, PlanId, RecordId,
    desired::Step,
    person::{RightsForm, Role, Scope},
    plan::ApplyForm,
    run::RunStatus,
};
use services::{Failure, LogQuery, ReadCx, StepForm};
use std::collections::BTreeSet;

fn only(ids: &[ClusterId]) -> Scope {
    Scope::Only(ids.iter().copied().collect())
}

/// The sentence of a refusal that must be "not there".
fn absent<T: std::fmt::Debug>(result: Result<T, Failure>) -> String {
    match result {
        Err(failure @ Failure::NotFound(_)) => failure.to_string(),
        other => panic!("{other:?}"),
    }
}

/// Berlin with a run, Hamburg without; both on one appliance.
async fn two_clusters(world: &World) -> (ApplianceId, ClusterId, ClusterId, PlanId, ActNo) {
    let berlin = world.cluster().await;
    let appliance = world.services.clusters().show(&world.cx, berlin).await.unwrap().appliance.id;
    let hamburg = world.other_cluster(appliance).await;
    let writer = world.cx.writer().unwrap();
    let plan = world.services.plans().make(&writer, berlin).await.unwrap();
    let mut heard = world.services.listen();
    let act = world.services.runs().apply(&writer, plan, &ApplyForm::default()).await.unwrap();
    while world.services.runs().show(&world.cx, act).await.unwrap().run.status == RunStatus::Running {
        heard.recv().await.unwrap();
    }
    (appliance, berlin, hamburg, plan, act)
}

#[tokio::test(flavor = "multi_thread")]
async fn every_way_to_another_cluster_is_no_way() {
    let world = world().await;
    let (_, berlin, hamburg, plan, act) = two_clusters(&world).await;
    let services = &world.services;
    let olga = world.person("olga", Role::Operator, &only(&[hamburg])).await;
    let writer = olga.writer().unwrap();
    let records = world.log(&world.cx, &LogQuery { cluster: Some(berlin), ..LogQuery::default() }).await;

    assert_eq!(
        absent(services.clusters().show(&olga, berlin).await),
        absent(services.clusters().show(&world.cx, ClusterId(99)).await)
    );
    assert_eq!(
        absent(services.plans().show(&olga, plan).await),
        absent(services.plans().show(&world.cx, PlanId(99)).await)
    );
    assert_eq!(
        absent(services.runs().show(&olga, act).await),
        absent(services.runs().show(&world.cx, ActNo(9_999)).await)
    );
    for record in &records {
        assert_eq!(
            absent(services.log().record(&olga, record.id).await),
            absent(services.log().record(&world.cx, RecordId(9_999)).await)
        );
    }
    assert_eq!(
        absent(services.setup().show(&olga, berlin).await),
        absent(services.setup().show(&world.cx, ClusterId(99)).await)
    );
    let commands = world.lab.cli().len();
    absent(services.clusters().look_again(&writer, berlin).await);
    absent(services.setup().save_step(&writer, berlin, &StepForm::Mdm(mdm_form()), None).await);
    absent(services.plans().make(&writer, berlin).await);
    absent(services.plans().adopt(&writer, plan, &[0]).await);
    absent(services.runs().apply(&writer, plan, &ApplyForm::default()).await);
    absent(services.setup().leave_out(&writer, berlin, Step::Mdm, None).await);
    absent(services.setup().back_to_version(&writer, berlin, 1, None).await);
    absent(services.runs().resume(&writer, act).await);
    absent(services.plans().make_undo(&writer, act).await);
    assert_eq!(world.lab.cli().len(), commands);

    assert!(services.clusters().show(&olga, hamburg).await.is_ok(), "her own is there");
}

#[tokio::test(flavor = "multi_thread")]
async fn lists_show_what_is_in_scope() {
    let world = world().await;
    let (appliance, berlin, hamburg, ..) = two_clusters(&world).await;
    let services = &world.services;
    let titles = async |cx: &ReadCx| {
        services.clusters().list(cx).await.unwrap().into_iter().map(|view| view.cluster.title).collect::<Vec<_>>()
    };
    let olga = world.person("olga", Role::Operator, &only(&[hamburg])).await;
    assert_eq!(titles(&olga).await, ["Hamburg"]);
    assert_eq!(titles(&world.cx).await, ["Berlin", "Hamburg"]);
    assert_eq!(services.appliances().list(&olga).await.unwrap().len(), 1, "the one with her cluster");
    assert!(services.appliances().show(&olga, appliance).await.is_ok());

    let log = world.log(&olga, &LogQuery::default()).await;
    assert!(!log.is_empty());
    let own = |record: &model::record::Record| {
        record.entry.cluster == Some(hamburg)
            || (record.entry.cluster.is_none()
                && (record.entry.actor.person == Some(olga.person().id)
                    || record.entry.detail["person"] == olga.person().id.0))
    };
    assert!(log.iter().all(own), "{log:?}");
    assert!(log.iter().any(|record| record.entry.kind.code() == "person.added"), "what was done to her");
    assert!(!format!("{log:?}").contains("Berlin"));
    let choices = services.log().choices(&olga).await.unwrap();
    assert_eq!(choices.clusters, [(hamburg, "Hamburg".to_owned())]);
    assert!(world.log(&world.cx, &LogQuery::default()).await.len() > log.len());
    for (field, form) in [
        ("cluster", model::log::LogForm { cluster: berlin.to_string(), ..Default::default() }),
        ("cluster", model::log::LogForm { cluster: "99".into(), ..Default::default() }),
        ("person", model::log::LogForm { person: "nobody".into(), ..Default::default() }),
    ] {
        match services.log().query(&olga, &form).await {
            Err(Failure::Fields(errors)) => assert!(errors.get(field).is_some(), "{errors:?}"),
            other => panic!("{other:?}"),
        }
    }

    let nowhere = world.person("nora", Role::Viewer, &only(&[berlin])).await;
    let admin = world.cx.admin().unwrap();
    let others = model::appliance::ApplianceForm { title: "Second".into(), ..world.appliance_form() };
    let second = services.appliances().add(&admin, &others, crate::support::SECRET).await.unwrap();
    assert_eq!(services.appliances().list(&nowhere).await.unwrap().len(), 1);
    absent(services.appliances().show(&nowhere, second).await);
    assert_eq!(services.appliances().list(&world.cx).await.unwrap().len(), 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn another_scope_holds_from_the_next_request() {
    let world = world().await;
    let (_, berlin, hamburg, plan, _) = two_clusters(&world).await;
    let services = &world.services;
    let olga = world.person("olga", Role::Operator, &only(&[berlin])).await;
    services.plans().show(&olga, plan).await.unwrap();
    let rights = RightsForm::of(Role::Viewer, &only(&[hamburg]));
    let mut heard = services.listen();
    services.team().change_rights(&world.cx.admin().unwrap(), olga.person().id, &rights).await.unwrap();
    assert!(heard.try_recv().is_ok(), "open pages are told");
    let olga = services.sessions().reader_again(&olga).await.unwrap().unwrap();
    assert_eq!((olga.role(), olga.scope()), (Role::Viewer, &only(&[hamburg])));
    absent(services.plans().show(&olga, plan).await);
    let log = world.log(&olga, &LogQuery::default()).await;
    assert!(!format!("{log:?}").contains("Berlin"), "nor does the record of the change name what she lost");
    let page = services.log().acts(&olga, &LogQuery::default(), None).await.unwrap();
    let told: Vec<String> = page.acts.iter().map(|view| view.act.title()).collect();
    let rights = told.iter().find(|title| title.contains("is now")).unwrap_or_else(|| panic!("{told:?}"));
    assert!(rights.contains("Hamburg") && rights.contains(&format!("cluster {berlin}")), "{rights}");
    assert!(!told.concat().contains("Berlin"), "{told:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn who_waits_is_not_told_of_clusters_out_of_scope() {
    let world = world().await;
    let berlin = world.cluster().await;
    let appliance = world.services.clusters().show(&world.cx, berlin).await.unwrap().appliance.id;
    let hamburg = world.other_cluster(appliance).await;
    let services = &world.services;
    let olga = world.person("olga", Role::Operator, &only(&[hamburg])).await;
    let form = model::desired::MdmForm { vip: "10.20.40.52".into(), ..model::desired::MdmForm::fresh("Hamburg") };
    services.setup().save_step(&olga.writer().unwrap(), hamburg, &StepForm::Mdm(form), None).await.unwrap();
    let hers = services.plans().make(&olga.writer().unwrap(), hamburg).await.unwrap();
    let plan = services.plans().make(&world.cx.writer().unwrap(), berlin).await.unwrap();
    // The first write is never answered, so the run holds the appliance.
    let stalled = lab::FaultSpec {
        target: "10.0.0.10".into(),
        fault: "hang_before".into(),
        times: 1,
        method: Some("POST".into()),
        resource: Some("server".into()),
        ..lab::FaultSpec::default()
    };
    world.lab.fault(stalled).await.unwrap();
    services.runs().apply(&world.cx.writer().unwrap(), plan, &ApplyForm::default()).await.unwrap();
    let Err(Failure::Refused(refusal)) =
        services.runs().apply(&olga.writer().unwrap(), hers, &ApplyForm::default()).await
    else {
        panic!("one writer at a time");
    };
    let sentence = refusal.sentence();
    assert!(sentence.contains("Another run") && !sentence.contains("Berlin"), "{sentence}");
}

/// In `services`, things are loaded by number in `scope.rs`. Whoever needs one elsewhere is either at work in the
/// background, where nobody asks, or has forgotten the scope.
#[test]
fn nobody_else_loads_by_number() {
    let background: BTreeSet<(&str, &str)> = [
        ("pool/mod.rs", "appliance("),
        ("timetable.rs", "appliances("),
        // What the key opens, asked at the start and at a restore: nobody's page.
        ("copies/keyed.rs", "appliances("),
        ("copies/keyed.rs", "clusters("),
        // Whose account is ours on the appliance that was just looked at.
        ("foreign.rs", "appliance("),
        // The nodes' own observer, and what it and those whom `nodes` let in work on.
        ("nodes/target.rs", "cluster("),
        ("nodes/target.rs", "appliance("),
        ("nodes/target.rs", "clusters("),
        ("nodes/target.rs", "appliances("),
        // Whom a look concerns, and what changed.
        ("watch.rs", "cluster("),
        // Which clusters a scope may name: for admins, who see all.
        ("team.rs", "clusters("),
    ]
    .into();
    let loads = ["cluster(", "clusters(", "appliance(", "appliances(", "plan(", "plan_of_run(", "record("];
    let mut seen = 0;
    let root = std::path::Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/src"));
    for path in sources(root) {
        let name = path.strip_prefix(root).unwrap().to_string_lossy().into_owned();
        if name == "scope.rs" {
            continue;
        }
        let text: String = std::fs::read_to_string(&path).unwrap().split_whitespace().collect();
        for load in loads.iter().filter(|load| text.contains(&format!("store.{load}"))) {
            assert!(background.contains(&(name.as_str(), *load)), "{name} asks the store for {load}…) without a scope");
            seen += 1;
        }
    }
    assert_eq!(seen, background.len(), "the list of exceptions is not longer than it must be");
}

pub fn sources(folder: &std::path::Path) -> Vec<std::path::PathBuf> {
    let mut files = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() { files.extend(sources(&path)) } else { files.push(path) }
    }
    files
}
