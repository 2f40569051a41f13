//! What is described and what was applied are two things: drafts alarm nobody, an undo takes the set-up along, every
//! version can be gone back to, and what was not read is not known.

use crate::support::{World, mdm_form, world};
use model::{
    ClusterId,
    desired::{MdmForm, Step},
    finding::Grade,
    plan::ApplyForm,
    run::RunStatus,
    state::Tone,
};
use services::{Failure, StepForm};

fn mdm(timeout: u16) -> StepForm {
    StepForm::Mdm(MdmForm { timeout: timeout.to_string(), ..mdm_form() })
}

/// A look at the cluster's appliance that begins now, and its end.
async fn looked(world: &World, id: ClusterId) {
    let appliance = world.services.clusters().show(&world.cx, id).await.unwrap().appliance.id;
    world.services.observer().look(appliance).await;
}

async fn applied(world: &World, id: ClusterId) -> model::ActNo {
    let plan = world.services.plans().make(&world.cx.writer().unwrap(), id).await.unwrap();
    let done = world.applied(plan).await;
    assert_eq!(done.run.status, RunStatus::Succeeded, "{}", done.run.note);
    done.run.act
}

#[tokio::test(flavor = "multi_thread")]
async fn a_draft_alarms_nobody() {
    let world = world().await;
    let id = world.cluster().await;
    applied(&world, id).await;
    looked(&world, id).await;
    let before = world.services.clusters().show(&world.cx, id).await.unwrap();
    assert!(before.pending.is_empty());
    world.save(id, mdm(25)).await.unwrap();
    let after = world.services.clusters().show(&world.cx, id).await.unwrap();
    assert_eq!(after.verdict(), before.verdict());
    let troubled = |view: &services::ClusterView| -> Vec<String> {
        let worse = view.findings.iter().filter(|finding| finding.outcome < Grade::NotChecked);
        worse.map(|finding| finding.title.clone()).collect()
    };
    assert_eq!(troubled(&after), troubled(&before));
    assert_eq!(after.pending, ["How many minutes a device is remembered is 25; it was 20."]);
    let setup = world.services.setup().show(&world.cx, id).await.unwrap();
    assert_eq!(setup.desired.mdm.as_ref().unwrap().timeout, 25, "the set-up shows the draft");
    assert_eq!(setup.state(Step::Mdm).word(), "planned");
    applied(&world, id).await;
    assert!(world.services.clusters().show(&world.cx, id).await.unwrap().pending.is_empty());

    // The same difference made by somebody on the appliance is drift.
    let body = r#"{"lbvserver":{"name":"xms-berlin-mdm-443","timeout":"7"}}"#;
    world.raw(reqwest::Method::PUT, "lbvserver", body).await;
    looked(&world, id).await;
    let setup = world.services.setup().show(&world.cx, id).await.unwrap();
    assert_eq!(setup.state(Step::Mdm).word(), "drifted");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_undo_takes_the_set_up_back_and_nothing_is_left_to_do() {
    let world = world().await;
    let id = world.cluster().await;
    let (services, writer) = (&world.services, world.cx.writer().unwrap());
    applied(&world, id).await;
    let first = services.setup().show(&world.cx, id).await.unwrap();
    world.save(id, mdm(25)).await.unwrap();
    let second = applied(&world, id).await;

    let back = services.plans().make_undo(&writer, second).await.unwrap();
    let seen = services.plans().show(&world.cx, back).await.unwrap().take_back.unwrap();
    assert_eq!(seen.number, first.version);
    assert_eq!(seen.changes, ["How many minutes a device is remembered is 20; it was 25."]);
    let form = ApplyForm { take_back: "yes".into(), ..ApplyForm::default() };
    let undone = world.applied_with(back, &form).await;
    assert_eq!(undone.run.status, RunStatus::Succeeded, "{}", undone.run.note);
    let setup = services.setup().show(&world.cx, id).await.unwrap();
    assert_eq!((setup.version, &setup.desired), (first.version + 2, &first.desired));
    assert!(setup.versions[0].applied, "it is what stands on the appliance");
    assert!(services.clusters().show(&world.cx, id).await.unwrap().pending.is_empty());
    let again = services.plans().make(&writer, id).await.unwrap();
    assert!(services.plans().show(&world.cx, again).await.unwrap().plan.is_empty(), "the undo is not undone");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_undo_without_the_set_up_leaves_a_draft() {
    let world = world().await;
    let id = world.cluster().await;
    let (services, writer) = (&world.services, world.cx.writer().unwrap());
    let first = applied(&world, id).await;
    world.save(id, mdm(25)).await.unwrap();
    let second = applied(&world, id).await;
    // An older run is not what stands: the set-up cannot go back with it.
    let older = services.plans().make_undo(&writer, first).await.unwrap();
    let older = services.plans().show(&world.cx, older).await.unwrap();
    assert_eq!((older.take_back, older.set_up_stays), (None, true));

    let back = services.plans().make_undo(&writer, second).await.unwrap();
    assert_eq!(world.applied(back).await.run.status, RunStatus::Succeeded);
    let view = services.clusters().show(&world.cx, id).await.unwrap();
    assert_eq!(view.desired.unwrap().mdm.unwrap().timeout, 20, "judged by what stands");
    assert_eq!(view.pending, ["How many minutes a device is remembered is 25; it was 20."]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_step_is_left_out_and_brought_back() {
    let world = world().await;
    let id = world.whole().await;
    let (services, writer) = (&world.services, world.cx.writer().unwrap());
    applied(&world, id).await;
    looked(&world, id).await;
    let whole = services.setup().show(&world.cx, id).await.unwrap();
    assert_eq!(whole.without(Step::Gateway).map(|gone| gone.len()), Some(0), "what was made for it stays");
    assert!(whole.without(Step::Mdm).is_some_and(|gone| !gone.is_empty()), "MAM stays, so MDM goes");
    assert!(matches!(services.setup().leave_out(&writer, id, Step::Groups, None).await, Err(Failure::Refused(_))));

    services.setup().leave_out(&writer, id, Step::Gateway, Some(whole.version)).await.unwrap();
    let without = services.setup().show(&world.cx, id).await.unwrap();
    assert_eq!((without.desired.gateway.clone(), without.version), (None, whole.version + 1));
    assert_eq!(without.state(Step::Gateway).word(), "not described");
    let plan = services.plans().make(&writer, id).await.unwrap();
    assert!(services.plans().show(&world.cx, plan).await.unwrap().plan.is_empty());

    let line = &without.versions[1];
    assert_eq!(
        (line.number, line.back.as_slice()),
        (whole.version, &["The Gateway step is described.".to_owned()][..])
    );
    let refused = services.setup().back_to_version(&writer, id, whole.version, Some(whole.version)).await;
    assert!(matches!(refused, Err(Failure::Fields(_))), "somebody saved since the page was drawn: {refused:?}");
    services.setup().back_to_version(&writer, id, whole.version, Some(without.version)).await.unwrap();
    let back = services.setup().show(&world.cx, id).await.unwrap();
    assert_eq!((back.version, back.desired), (without.version + 1, whole.desired));
    assert!(matches!(services.setup().back_to_version(&writer, id, 99, None).await, Err(Failure::NotFound(_))));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_not_read_is_not_known() {
    let world = world().await;
    let id = world.whole().await;
    applied(&world, id).await;
    looked(&world, id).await;
    let setup = world.services.setup().show(&world.cx, id).await.unwrap();
    assert!(setup.nothing_to_do());
    let fault = lab::FaultSpec { target: "10.0.0.10".into(), fault: "power_off".into(), ..lab::FaultSpec::default() };
    world.lab.fault(fault).await.unwrap();
    looked(&world, id).await;
    let setup = world.services.setup().show(&world.cx, id).await.unwrap();
    assert!(!setup.is_known() && !setup.nothing_to_do() && setup.to_do().is_none());
    assert!(setup.seen_at().is_some(), "when it was seen last is told");
    for step in &Step::ALL[1..] {
        assert_eq!(setup.state(*step).word(), "unknown", "{step:?}");
        assert_eq!((setup.operations(*step), setup.in_sync(*step), setup.conflicts(*step).len()), (None, None, 0));
    }
    assert_ne!(setup.prerequisites_standing().0, Tone::Good);
    assert!(setup.without(Step::Mdm).is_none());
}
