//! Whether a plan may act, and that nothing comes between the question and the act: many at once, many rounds.

use crate::support::{World, mdm_form, world};
use model::{
    ActNo, ClusterId, PlanId,
    desired::{DnsForm, GroupsForm, MdmForm},
    object::ObjectRef,
    plan::ApplyForm,
    record::RecordKind,
    run::RunStatus,
};
use services::{Failure, LogQuery, StepForm};

fn mdm(timeout: u16) -> StepForm {
    StepForm::Mdm(MdmForm { timeout: timeout.to_string(), ..mdm_form() })
}

async fn version(world: &World, id: ClusterId) -> i64 {
    world.services.setup().show(&world.cx, id).await.unwrap().version
}

#[tokio::test(flavor = "multi_thread")]
async fn two_steps_saved_at_once_are_both_saved() {
    let world = world().await;
    let id = world.cluster().await;
    let writer = world.cx.writer().unwrap();
    for round in 0..30_u16 {
        let drawn = version(&world, id).await;
        let record = if round % 2 == 0 { "make" } else { "none" };
        let (mdm, dns) = (mdm(10 + round), StepForm::Dns(DnsForm { record: record.into() }));
        let (one, other) = tokio::join!(
            world.services.setup().save_step(&writer, id, &mdm, Some(drawn)),
            world.services.setup().save_step(&writer, id, &dns, Some(drawn)),
        );
        one.unwrap();
        other.unwrap();
        let setup = world.services.setup().show(&world.cx, id).await.unwrap();
        assert_eq!(setup.version, drawn + 2);
        assert_eq!(setup.desired.mdm.unwrap().timeout, 10 + round);
        assert_eq!(setup.desired.dns.unwrap().record, round % 2 == 0);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn of_two_savings_of_one_step_one_is_told_of_the_other() {
    let world = world().await;
    let id = world.cluster().await;
    let writer = world.cx.writer().unwrap();
    for round in 0..15_u16 {
        let drawn = version(&world, id).await;
        let (one, other) = (mdm(100 + 2 * round), mdm(101 + 2 * round));
        let (one, other) = tokio::join!(
            world.services.setup().save_step(&writer, id, &one, Some(drawn)),
            world.services.setup().save_step(&writer, id, &other, Some(drawn)),
        );
        let told =
            |result: &Result<(), Failure>| matches!(result, Err(Failure::Fields(errors)) if errors.get("").is_some());
        assert!(one.is_ok() != other.is_ok() && (told(&one) || told(&other)), "{one:?} {other:?}");
        assert_eq!(version(&world, id).await, drawn + 1);
    }
}

async fn ended(world: &World, act: ActNo) -> RunStatus {
    let mut heard = world.services.listen();
    loop {
        let status = world.services.runs().show(&world.cx, act).await.unwrap().run.status;
        if status != RunStatus::Running {
            return status;
        }
        heard.recv().await.unwrap();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn no_run_begins_after_a_newer_version_was_saved() {
    let world = world().await;
    let id = world.cluster().await;
    let writer = world.cx.writer().unwrap();
    for round in 0..20_u16 {
        world.save(id, mdm(200 + 2 * round)).await.unwrap();
        let plan = world.services.plans().make(&writer, id).await.unwrap();
        let newer = mdm(201 + 2 * round);
        let typed = ApplyForm::default();
        let (run, saved) = tokio::join!(
            world.services.runs().apply(&writer, plan, &typed),
            world.services.setup().save_step(&writer, id, &newer, None),
        );
        saved.unwrap();
        let newest = async |kind| {
            let query = LogQuery { kind: Some(kind), ..LogQuery::default() };
            world.log(&world.cx, &query).await[0].id
        };
        let saved = newest(RecordKind::DesiredSaved).await;
        match run {
            Ok(act) => {
                let begun = newest(RecordKind::RunBegun).await;
                assert!(begun < saved, "run {act} began ({begun}) after version was saved ({saved})");
                ended(&world, act).await;
            }
            Err(Failure::Refused(refusal)) => assert!(refusal.sentence().contains("set-up was changed"), "{refusal:?}"),
            Err(other) => panic!("{other:?}"),
        }
    }
}

/// Two groups of others with the names that the set-up wants.
async fn blocked(world: &World) -> (ClusterId, PlanId) {
    let id = world.cluster().await;
    for body in [
        r#"{"servicegroup":{"servicegroupname":"xms-berlin-mdm-443-sg","servicetype":"SSL_BRIDGE"}}"#,
        r#"{"servicegroup":{"servicegroupname":"xms-berlin-mdm-8443-sg","servicetype":"SSL_BRIDGE"}}"#,
    ] {
        world.raw(reqwest::Method::POST, "servicegroup", body).await;
    }
    (id, world.services.plans().make(&world.cx.writer().unwrap(), id).await.unwrap())
}

#[tokio::test(flavor = "multi_thread")]
async fn only_what_is_ticked_is_adopted() {
    let world = world().await;
    let (id, plan) = blocked(&world).await;
    let (services, writer) = (&world.services, world.cx.writer().unwrap());
    let view = services.plans().show(&world.cx, plan).await.unwrap();
    assert_eq!((view.adoptable(), view.plan.conflicts.len()), (vec![0, 1], 2));
    match services.plans().adopt(&writer, plan, &[]).await {
        Err(Failure::Fields(errors)) => assert!(errors.get("objects").is_some(), "{errors:?}"),
        other => panic!("{other:?}"),
    }
    assert!(matches!(services.plans().adopt(&writer, plan, &[7]).await, Err(Failure::Fields(_))));
    let first = view.plan.conflicts[0].object.clone();
    let next = services.plans().adopt(&writer, plan, &[0]).await.unwrap();
    assert_eq!(services.clusters().show(&world.cx, id).await.unwrap().owned, [first].into());
    let view = services.plans().show(&world.cx, next).await.unwrap();
    assert_eq!(view.plan.conflicts.len(), 1, "the other one was not handed over");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_only_adopted_is_never_removed_unasked() {
    let world = world().await;
    let (id, plan) = blocked(&world).await;
    let (services, writer) = (&world.services, world.cx.writer().unwrap());
    let plan = services.plans().adopt(&writer, plan, &[0, 1]).await.unwrap();
    assert_eq!(world.applied(plan).await.run.status, RunStatus::Succeeded);
    let groups = GroupsForm { mdm_443: "other-443".into(), mdm_8443: "other-8443".into(), mam_8443: String::new() };
    world.save(id, StepForm::Groups(groups)).await.unwrap();
    let plan = services.plans().make(&writer, id).await.unwrap();
    let view = services.plans().show(&world.cx, plan).await.unwrap();
    let adopted = [ObjectRef::group("xms-berlin-mdm-443-sg"), ObjectRef::group("xms-berlin-mdm-8443-sg")];
    assert!(view.plan.removals().all(|op| !adopted.contains(&op.object)), "{:?}", view.plan.operations);
    assert_eq!(view.plan.kept, adopted);
    assert_eq!(world.applied(plan).await.run.status, RunStatus::Succeeded);

    // Asked for, one of them goes.
    let plan = services.plans().make(&writer, id).await.unwrap();
    let view = services.plans().show(&world.cx, plan).await.unwrap();
    assert!(view.plan.is_empty() && view.plan.kept == adopted, "{:?}", view.plan);
    let plan = services.plans().adopt(&writer, plan, &[1]).await.unwrap();
    let view = services.plans().show(&world.cx, plan).await.unwrap();
    let gone: Vec<&ObjectRef> = view.plan.removals().map(|op| &op.object).collect();
    assert_eq!((gone, view.plan.kept.as_slice()), (vec![&adopted[1]], &adopted[..1]));
    assert_eq!(world.applied(plan).await.run.status, RunStatus::Succeeded);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_outdated_or_applied_plan_adopts_nothing() {
    let world = world().await;
    let (id, plan) = blocked(&world).await;
    let (services, writer) = (&world.services, world.cx.writer().unwrap());
    world.save(id, mdm(44)).await.unwrap();
    match services.plans().adopt(&writer, plan, &[0, 1]).await {
        Err(Failure::Refused(refusal)) => assert!(refusal.sentence().contains("version"), "{refusal:?}"),
        other => panic!("{other:?}"),
    }
    assert!(services.clusters().show(&world.cx, id).await.unwrap().owned.is_empty());
    let plan = services.plans().make(&writer, id).await.unwrap();
    let plan = services.plans().adopt(&writer, plan, &[0, 1]).await.unwrap();
    world.applied(plan).await;
    assert!(matches!(services.plans().adopt(&writer, plan, &[0]).await, Err(Failure::Refused(_))));
}
