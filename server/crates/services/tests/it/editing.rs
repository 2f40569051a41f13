//! Appliances and clusters as they change, and how they go.

use crate::support::{SECRET, World, world};
use model::{
    ApplianceId, ClusterId, FieldErrors,
    appliance::ApplianceForm,
    cluster::{ClusterForm, RemovalForm},
    desired::{Step, StepForm},
    plan::ApplyForm,
    read_error::ReadErrorKind,
    record::RecordKind,
    run::RunStatus,
};
use services::{Failure, LogQuery};

fn fields<T: std::fmt::Debug>(result: Result<T, Failure>) -> FieldErrors {
    match result {
        Err(Failure::Fields(errors)) => errors,
        other => panic!("{other:?}"),
    }
}

fn refused<T: std::fmt::Debug>(result: Result<T, Failure>) -> String {
    match result {
        Err(Failure::Refused(refusal)) => refusal.sentence(),
        other => panic!("{other:?}"),
    }
}

impl World {
    async fn edit(&self, id: ApplianceId, form: &ApplianceForm, password: &str) -> Result<(), Failure> {
        self.services.appliances().edit(&self.cx.admin().unwrap(), id, form, password, false).await
    }

    /// The newest record of a kind, as text.
    async fn told(&self, kind: RecordKind) -> String {
        let query = LogQuery { kind: Some(kind), ..LogQuery::default() };
        let records = self.log(&self.cx, &query).await;
        serde_json::to_string(&records[0].entry).unwrap()
    }

    async fn remove(&self, id: ClusterId, confirm: &str, objects: &str) -> Result<(), Failure> {
        let form = RemovalForm { confirm: confirm.into(), objects: objects.into() };
        self.services.clusters().remove(&self.cx.admin().unwrap(), id, &form).await
    }
}

#[tokio::test]
async fn a_rotated_password_is_entered_and_the_console_sees_again() {
    let world = world().await;
    let id = world.appliance().await;
    let killed = lab::FaultSpec {
        target: "10.0.0.10".into(),
        fault: "session_killed".into(),
        times: 1,
        ..lab::FaultSpec::default()
    };
    world.lab.fault(killed).await.unwrap();
    world.lab.set_password("rotated-SECRET");
    world.services.observer().look(id).await;
    assert!(world.services.appliances().show(&world.cx, id).await.unwrap().credential_refused_at.is_some());

    let form = world.appliance_form();
    assert!(fields(world.edit(id, &form, "wrong").await).get("password").is_some());
    world.edit(id, &form, "rotated-SECRET").await.unwrap();
    world.services.observer().look(id).await;
    let view = world.services.appliances().show(&world.cx, id).await.unwrap();
    assert_eq!(view.credential_refused_at, None);
    let (seen_at, ..) = view.seen.expect("seen");
    assert!(view.failure.is_none_or(|(at, _)| at <= seen_at), "the newest look is a good one");

    let told = world.told(RecordKind::ApplianceChanged).await;
    assert!(told.contains("\"password_changed\":true") && told.contains("Lab was changed: password."), "{told}");
    let all = world.log(&world.cx, &LogQuery::default()).await;
    let all = serde_json::to_string(&all).unwrap();
    assert!(!all.contains("rotated-SECRET") && !all.contains(SECRET), "no password in the log");
    // A form that changes nothing leaves no record.
    let before = world.log(&world.cx, &LogQuery::default()).await.len();
    world.edit(id, &form, "").await.unwrap();
    assert_eq!(world.log(&world.cx, &LogQuery::default()).await.len(), before);
}

#[tokio::test]
async fn another_certificate_is_shown_beside_the_old_one_and_replaced_by_a_recorded_act() {
    let world = world().await;
    let id = world.appliance().await;
    let good = world.appliance_form();
    // As it was before somebody renewed it: the pin does not fit.
    let stale = ApplianceForm { pin: model::appliance::fingerprint_text(&"0a".repeat(32)), ..good.clone() };
    let admin = world.cx.admin().unwrap();
    world.services.appliances().edit(&admin, id, &stale, "", true).await.unwrap();
    assert!(world.told(RecordKind::ApplianceChanged).await.contains("It was not tested."));
    world.services.observer().look(id).await;
    let view = world.services.appliances().show(&world.cx, id).await.unwrap();
    assert!(view.failure.unwrap().1.kind == ReadErrorKind::KeyChanged);
    let logins = world.count("POST", "/login");

    let renamed_and_more = ApplianceForm { title: "Lab 2".into(), via: good.via.clone(), ..stale.clone() };
    world.edit(id, &renamed_and_more, "").await.expect("another name alone is not tested");
    let Err(Failure::Untrusted { sha256, problem: Some(_), .. }) = world.edit(id, &stale, SECRET).await else {
        panic!("another certificate is said to be another one");
    };
    assert_eq!(sha256, good.pin);
    assert_eq!(world.count("POST", "/login"), logins, "no password went to whom nobody trusts");
    world.edit(id, &good, "").await.unwrap();
    let told = world.told(RecordKind::ApplianceChanged).await;
    assert!(told.contains(&format!("trusted certificate {} → {}", stale.pin, good.pin)), "{told}");
    world.services.observer().look(id).await;
    assert!(world.services.appliances().show(&world.cx, id).await.unwrap().seen.is_some());
}

#[tokio::test]
async fn a_kept_password_goes_to_no_other_address_and_no_other_account() {
    let world = world().await;
    let id = world.appliance().await;
    let good = world.appliance_form();
    let other_account = ApplianceForm { user: "somebody".into(), ..good.clone() };
    let elsewhere = ApplianceForm { address: "https://10.0.0.99".into(), ..good.clone() };
    for form in [&other_account, &elsewhere] {
        let errors = fields(world.edit(id, form, "").await);
        assert!(errors.get("password").is_some_and(|sentence| sentence.contains("kept password")), "{errors:?}");
    }
    // A typed one is tried there, and nothing is saved where nobody answers.
    let errors = fields(world.edit(id, &elsewhere, SECRET).await);
    assert!(errors.get("address").is_some(), "{errors:?}");
    assert_eq!(world.services.appliances().show(&world.cx, id).await.unwrap().appliance.spec.first.host, "10.0.0.10");
    // A pasted address of its own pages is the same address.
    let pasted = ApplianceForm { address: "https://10.0.0.10/menu/neo".into(), ..good };
    world.edit(id, &pasted, "").await.unwrap();
}

#[tokio::test]
async fn what_was_seen_elsewhere_is_not_shown_for_another_address() {
    let world = world().await;
    let id = world.appliance().await;
    let off = ApplianceForm { address: "https://10.0.0.99".into(), ..world.appliance_form() };
    world.services.appliances().edit(&world.cx.admin().unwrap(), id, &off, SECRET, true).await.unwrap();
    world.services.observer().look(id).await;
    let view = world.services.appliances().show(&world.cx, id).await.unwrap();
    assert!(view.seen.is_none() && view.failure.is_some(), "nobody answers there");
}

#[tokio::test(flavor = "multi_thread")]
async fn another_name_moves_the_set_up_along_and_outdates_its_plans() {
    let world = world().await;
    let id = world.whole().await;
    let plan = world.services.plans().make(&world.cx.writer().unwrap(), id).await.unwrap();
    let cluster = world.services.clusters().show(&world.cx, id).await.unwrap().cluster;
    let form = ClusterForm { title: "Berlin 2".into(), fqdn: "xms2.example.com".into(), ..ClusterForm::of(&cluster) };
    world.services.clusters().edit(&world.cx.admin().unwrap(), id, &form, false).await.unwrap();

    let view = world.services.clusters().show(&world.cx, id).await.unwrap();
    assert_eq!((view.cluster.title.as_str(), view.cluster.fqdn.as_str()), ("Berlin 2", "xms2.example.com"));
    let desired = view.desired.unwrap();
    assert_eq!(desired.fqdn, "xms2.example.com");
    assert!(desired.gateway.is_some() && desired.dns.is_some());
    let setup = world.services.setup().show(&world.cx, id).await.unwrap();
    let said = "The cluster's name is xms2.example.com; it was xms.example.com.";
    assert!(setup.versions[0].changes.iter().any(|change| change.starts_with(said)), "{:?}", setup.versions[0]);
    assert!(
        refused(world.services.runs().apply(&world.cx.writer().unwrap(), plan, &ApplyForm::default()).await)
            .contains("changed after this plan")
    );
    let told = world.told(RecordKind::ClusterChanged).await;
    assert!(told.contains("name Berlin → Berlin 2; FQDN xms.example.com → xms2.example.com"), "{told}");
    let twin = ClusterForm { title: "berlin 2".into(), fqdn: "mdm.example.org".into(), ..form.clone() };
    let other = world.other_cluster(view.appliance.id).await;
    let errors = fields(world.services.clusters().edit(&world.cx.admin().unwrap(), other, &twin, false).await);
    assert!(errors.get("title").is_some());
    // A name is one cluster's on an appliance.
    let same = ClusterForm { title: "Hamburg".into(), ..form };
    let errors = fields(world.services.clusters().edit(&world.cx.admin().unwrap(), other, &same, false).await);
    assert!(errors.get("fqdn").is_some_and(|said| said.contains("Berlin 2")), "{errors:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_cluster_is_removed_by_a_plan_first_and_stays_named_in_the_log() {
    let world = world().await;
    let id = world.whole().await;
    let admin = world.cx.admin().unwrap();
    let plan = world.services.plans().make(&world.cx.writer().unwrap(), id).await.unwrap();
    assert_eq!(world.applied(plan).await.run.status, RunStatus::Succeeded);
    let appliance = world.services.clusters().show(&world.cx, id).await.unwrap().appliance.id;

    assert!(fields(world.remove(id, "Hamburg", "leave").await).get("confirm").is_some());
    let errors = fields(world.remove(id, "berlin", "").await);
    assert!(errors.get("objects").is_some_and(|sentence| sentence.contains("stand on Lab")), "{errors:?}");
    assert!(refused(world.services.appliances().remove(&admin, appliance, "Lab").await).contains("needed by Berlin"));

    let plan = world.services.plans().make_removal(&admin, id).await.unwrap();
    let view = world.services.plans().show(&world.cx, plan).await.unwrap();
    assert!(view.plan.conflicts.is_empty() && view.plan.counts().remove > 20, "{:?}", view.plan.counts());
    assert_eq!((view.plan.counts().add, view.plan.counts().change), (0, 0));
    assert_eq!(world.applied(plan).await.run.status, RunStatus::Succeeded);
    let left = world.services.clusters().removal(&admin, id).await.unwrap().owned;
    assert!(
        left.iter()
            .all(|object| object.to_string().contains("session action") || object.to_string().contains("feature")),
        "{left:?}"
    );

    world.remove(id, "Berlin", "leave").await.unwrap();
    assert!(matches!(world.services.clusters().show(&world.cx, id).await, Err(Failure::NotFound(_))));
    assert!(matches!(world.services.plans().show(&world.cx, plan).await, Err(Failure::NotFound(_))));
    assert!(world.services.clusters().list(&world.cx).await.unwrap().is_empty());
    let told = world.told(RecordKind::ClusterRemoved).await;
    assert!(told.contains("Berlin (xms.example.com) was removed."), "{told}");
    let choices = world.services.log().choices(&world.cx).await.unwrap();
    assert_eq!(choices.clusters, [(id, "Berlin (removed)".to_owned())]);
    let query = LogQuery { kind: Some(RecordKind::ClusterRemoved), ..LogQuery::default() };
    let record = world.log(&world.cx, &query).await.remove(0);
    let about = world.services.log().record(&world.cx, record.id).await.unwrap().about;
    assert_eq!(about.cluster.unwrap().1.unwrap().to_string(), "Berlin (removed)");

    assert!(fields(world.services.appliances().remove(&admin, appliance, "").await).get("confirm").is_some());
    world.services.appliances().remove(&admin, appliance, "lab").await.unwrap();
    assert!(world.services.appliances().list(&world.cx).await.unwrap().is_empty());
    // Its session is left in the background, which is no look; one that was under way ends first.
    let looks = || world.lab.requests().iter().filter(|request| request.method == "GET").count();
    world.services.observer().look(appliance).await;
    let before = looks();
    world.services.observer().look(appliance).await;
    assert_eq!(looks(), before, "nobody looks at it any more");
    // Its name is free again.
    let id = world.appliance().await;
    assert!(id != appliance);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_cluster_moves_only_when_it_is_said_what_becomes_of_the_old_objects() {
    let world = world().await;
    let id = world.cluster().await;
    let admin = world.cx.admin().unwrap();
    let plan = world.services.plans().make(&world.cx.writer().unwrap(), id).await.unwrap();
    assert_eq!(world.applied(plan).await.run.status, RunStatus::Succeeded);
    let other = ApplianceForm { title: "Second".into(), ..world.appliance_form() };
    let second = world.services.appliances().add(&admin, &other, SECRET).await.unwrap();
    let cluster = world.services.clusters().show(&world.cx, id).await.unwrap().cluster;
    let form = ClusterForm { appliance: second.to_string(), ..ClusterForm::of(&cluster) };

    let errors = fields(world.services.clusters().edit(&admin, id, &form, false).await);
    assert!(errors.get("appliance").is_some_and(|sentence| sentence.contains("stand on Lab")), "{errors:?}");
    let commands = world.lab.cli().len();
    world.services.clusters().edit(&admin, id, &form, true).await.unwrap();
    assert_eq!(world.lab.cli().len(), commands, "nothing is changed on either");
    let view = world.services.clusters().show(&world.cx, id).await.unwrap();
    assert_eq!((view.appliance.id, view.owned.len()), (second, 0));
    let told = world.told(RecordKind::ClusterChanged).await;
    assert!(told.contains("appliance Lab → Second") && told.contains("were left on Lab and forgotten"), "{told}");
    let nowhere = ClusterForm { appliance: "99".into(), ..form };
    assert!(fields(world.services.clusters().edit(&admin, id, &nowhere, true).await).get("appliance").is_some());
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_pulled_away_from_under_a_run() {
    let world = world().await;
    let id = world.cluster().await;
    let admin = world.cx.admin().unwrap();
    let view = world.services.clusters().show(&world.cx, id).await.unwrap();
    let plan = world.services.plans().make(&world.cx.writer().unwrap(), id).await.unwrap();
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
    world.services.runs().apply(&world.cx.writer().unwrap(), plan, &ApplyForm::default()).await.unwrap();
    let direct = ApplianceForm { title: "Another".into(), ..world.appliance_form() };
    let renamed = ClusterForm { title: "Bonn".into(), ..ClusterForm::of(&view.cluster) };
    let sentences = [
        refused(world.edit(view.appliance.id, &direct, "").await),
        refused(world.services.clusters().edit(&admin, id, &renamed, false).await),
        refused(world.remove(id, "Berlin", "leave").await),
    ];
    for sentence in sentences {
        assert!(sentence.contains("ada has been writing to this appliance"), "{sentence}");
    }
    assert_eq!(world.services.clusters().show(&world.cx, id).await.unwrap().cluster, view.cluster);
}

#[tokio::test(flavor = "multi_thread")]
async fn that_a_cluster_got_another_name_is_nobodys_save_of_a_step() {
    let world = world().await;
    let id = world.whole().await;
    let admin = world.cx.admin().unwrap();
    let setup = world.services.setup().show(&world.cx, id).await.unwrap();
    let cluster = setup.view.cluster.clone();
    let renamed = ClusterForm { fqdn: "other.example.com".into(), ..ClusterForm::of(&cluster) };
    world.services.clusters().edit(&admin, id, &renamed, false).await.unwrap();
    let now = world.services.setup().show(&world.cx, id).await.unwrap();
    assert!(now.version > setup.version, "the name is a part of the set-up, so that older plans are outdated");
    let form = StepForm::of(Step::Gateway, &setup.desired).unwrap();
    let writer = world.cx.writer().unwrap();
    world.services.setup().save_step(&writer, id, &form, Some(setup.version)).await.unwrap();
}
