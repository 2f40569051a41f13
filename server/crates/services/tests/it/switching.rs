//! Enabled and disabled over the lab: what was switched off by hand is seen, planned, mended and taken back; what is off on
//! purpose is left alone and says so.

use crate::support::{World, world};
use model::{
    ApplianceId, ClusterId, PlanId,
    desired::KeepOffForm,
    finding::{Finding, Grade, Remedy},
    object::{Kind, ObjectRef},
    plan::{Plan, Verb},
    run::RunStatus,
    state::Tone,
};
use reqwest::Method;
use services::{Failure, SwitchStanding};
use std::time::Duration;

const VSERVER: &str = "xms-berlin-mdm-443";
const GROUP: &str = "xms-berlin-mdm-443-sg";

/// A switch that somebody turns by hand.
struct Case {
    object: ObjectRef,
    path: &'static str,
    body: &'static str,
    /// What the page says.
    told: &'static str,
}

fn cases() -> [Case; 4] {
    [
        Case {
            object: ObjectRef::vserver(VSERVER),
            path: "lbvserver?action=disable",
            body: r#"{"lbvserver":{"name":"xms-berlin-mdm-443"}}"#,
            told: "virtual server xms-berlin-mdm-443 was switched off by hand",
        },
        Case {
            object: ObjectRef::server("xms02"),
            path: "server?action=disable",
            body: r#"{"server":{"name":"xms02"}}"#,
            told: "Server xms02 (10.20.30.12) was switched off by hand",
        },
        Case {
            object: ObjectRef::group(GROUP),
            path: "servicegroup?action=disable",
            body: r#"{"servicegroup":{"servicegroupname":"xms-berlin-mdm-443-sg"}}"#,
            told: "service group xms-berlin-mdm-443-sg was switched off by hand",
        },
        Case {
            object: ObjectRef::member(GROUP, "xms03", 443),
            path: "servicegroup?action=disable",
            body: r#"{"servicegroup":{"servicegroupname":"xms-berlin-mdm-443-sg","servername":"xms03","port":443}}"#,
            told: "member xms03:443 of xms-berlin-mdm-443-sg was switched off by hand",
        },
    ]
}

async fn look(world: &World, appliance: ApplianceId) {
    world.lab.advance(Duration::from_secs(30)).await;
    world.services.observer().glance(appliance).await;
}

async fn planned(world: &World, id: ClusterId) -> (PlanId, Plan) {
    let plan = world.services.plans().make(&world.cx.writer().unwrap(), id).await.unwrap();
    (plan, world.services.plans().show(&world.cx, plan).await.unwrap().plan)
}

async fn trouble(world: &World, id: ClusterId) -> Vec<Finding> {
    let view = world.services.clusters().show(&world.cx, id).await.unwrap();
    view.findings.into_iter().filter(|finding| finding.outcome < Grade::NotChecked).collect()
}

async fn standing(world: &World, id: ClusterId, object: &ObjectRef) -> SwitchStanding {
    let view = world.services.switches().show(&world.cx, id).await.unwrap();
    view.switches.into_iter().find(|switch| switch.object == *object).unwrap().standing
}

fn lines(plan: &Plan) -> Vec<&str> {
    plan.operations.iter().map(|op| op.cli.as_str()).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn each_kind_switched_off_by_hand_is_seen_planned_mended_and_taken_back() {
    let world = world().await;
    let (id, appliance) = world.set_up().await;
    for Case { object, path, body, told } in cases() {
        world.raw(Method::POST, path, body).await;
        look(&world, appliance).await;
        let found = trouble(&world, id).await;
        let finding = found.iter().find(|finding| finding.title.contains(told));
        assert!(finding.is_some_and(|finding| finding.fix.starts_with("Plan:")), "{object}: {found:#?}");
        assert_eq!(finding.unwrap().remedies.first(), Some(&Remedy::Plan), "{object}: a plan mends it");
        assert_eq!(standing(&world, id, &object).await, SwitchStanding::OffByHand);

        let (number, plan) = planned(&world, id).await;
        let verbs: Vec<Verb> = plan.operations.iter().map(|op| op.verb).collect();
        assert_eq!(verbs, [Verb::Enable, Verb::Save], "{object}: {:?}", lines(&plan));
        assert_eq!((&plan.operations[0].object, plan.counts().change), (&object, 1));
        assert!(plan.remains.is_empty(), "{object}: {:#?}", plan.remains);
        let done = world.applied(number).await;
        assert_eq!(done.run.status, RunStatus::Succeeded, "{}", done.run.note);
        look(&world, appliance).await;
        assert!(trouble(&world, id).await.is_empty(), "{object}: {:#?}", trouble(&world, id).await);
        assert!(planned(&world, id).await.1.is_empty());

        let back = world.services.plans().make_undo(&world.cx.writer().unwrap(), done.run.act).await.unwrap();
        let undone = world.applied(back).await;
        assert_eq!(undone.run.status, RunStatus::Succeeded, "{}", undone.run.note);
        look(&world, appliance).await;
        assert_eq!(standing(&world, id, &object).await, SwitchStanding::OffByHand, "{object}");
        // And on again, for the next one.
        world.applied(planned(&world, id).await.0).await;
        look(&world, appliance).await;
        assert!(trouble(&world, id).await.is_empty());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_kept_off_on_purpose_is_disabled_by_a_plan_and_no_failure() {
    let world = world().await;
    let (id, appliance) = world.set_up().await;
    let writer = world.cx.writer().unwrap();
    for Case { object, .. } in cases() {
        let form = KeepOffForm { reason: "the node is rebuilt".into(), ..KeepOffForm::of(&object) };
        world.services.switches().keep_off(&writer, id, &form).await.unwrap();
        let (number, plan) = planned(&world, id).await;
        assert_eq!(plan.operations.iter().map(|op| op.verb).collect::<Vec<_>>(), [Verb::Disable, Verb::Save]);
        assert!(plan.operations[0].reason.contains("ada keeps it disabled"), "{}", plan.operations[0].reason);
        world.applied(number).await;
        look(&world, appliance).await;
        let found = trouble(&world, id).await;
        assert!(found.iter().all(|finding| finding.outcome == Grade::Warn), "{object}: {found:#?}");
        let about = found.iter().find(|finding| finding.title.contains("kept disabled on purpose")).unwrap();
        assert!(about.objects.contains(&object), "{about:#?}");
        assert!(!about.remedies.contains(&Remedy::Plan), "no plan undoes what somebody wants: {about:#?}");
        assert_eq!(standing(&world, id, &object).await, SwitchStanding::KeptOff);
        let plan = planned(&world, id).await.1;
        assert!(plan.is_empty() && !plan.remains.is_empty(), "it says what is not in service: {plan:#?}");

        world.services.switches().keep_on(&writer, id, &form).await.unwrap();
        let (number, plan) = planned(&world, id).await;
        assert_eq!(plan.operations[0].verb, Verb::Enable, "{:?}", lines(&plan));
        world.applied(number).await;
        look(&world, appliance).await;
        assert!(trouble(&world, id).await.is_empty(), "{object}: {:#?}", trouble(&world, id).await);
    }
    world.services.nodes().observe(id, 0).await;
    let last = world.services.clusters().show(&world.cx, id).await.unwrap().verdict();
    assert_eq!(last, (Tone::Good, "UP, 9 of 9 members UP".to_owned()));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_plan_names_what_it_does_not_mend_and_never_calls_it_right() {
    let world = world().await;
    let (id, appliance) = world.set_up().await;
    world.lab.power_off([10, 20, 30, 12].into()).await.unwrap();
    look(&world, appliance).await;
    // Nothing of the set-up differs, and something of ours may be unsaved.
    world.raw(Method::PUT, "server", r#"{"server":{"name":"xms02","comment":"look at it"}}"#).await;
    let (_, plan) = planned(&world, id).await;
    assert_eq!(lines(&plan), ["save ns config"]);
    assert!(!plan.operations[0].reason.contains("as it should be"), "{}", plan.operations[0].reason);
    let said: Vec<&str> = plan.remains.iter().map(|remains| remains.sentence.as_str()).collect();
    assert_eq!(said, ["Node xms02 (10.20.30.12) does not answer: all its 3 members are DOWN."]);
    // Beside something that the plan does mend.
    world.raw(Method::POST, "lbvserver?action=disable", r#"{"lbvserver":{"name":"xms-berlin-mdm-443"}}"#).await;
    let (_, plan) = planned(&world, id).await;
    assert_eq!(lines(&plan), ["enable lb vserver xms-berlin-mdm-443", "save ns config"]);
    assert_eq!(plan.remains.len(), 1, "{:#?}", plan.remains);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reason_is_asked_for_and_what_is_not_of_the_set_up_is_not_switched() {
    let world = world().await;
    let (id, _) = world.set_up().await;
    let writer = world.cx.writer().unwrap();
    let said = |result: Result<(), Failure>, field: &str| match result {
        Err(Failure::Fields(errors)) => errors.get(field).map(str::to_owned),
        other => panic!("{other:?}"),
    };
    let empty = KeepOffForm::of(&ObjectRef::vserver(VSERVER));
    assert!(said(world.services.switches().keep_off(&writer, id, &empty).await, "reason").is_some());
    let other = KeepOffForm { reason: "why not".into(), ..KeepOffForm::of(&ObjectRef::vserver("theirs")) };
    assert!(said(world.services.switches().keep_off(&writer, id, &other).await, "").is_some());
    assert!(planned(&world, id).await.1.is_empty(), "nothing was saved");
    let view = world.services.switches().show(&world.cx, id).await.unwrap();
    let count = |kind: Kind| view.switches.iter().filter(|switch| switch.object.kind == kind).count();
    assert_eq!([Kind::LbVserver, Kind::ServiceGroup, Kind::Server, Kind::Member].map(count), [3, 3, 3, 9]);
    assert!(view.switches.iter().all(|switch| switch.standing == SwitchStanding::Enabled));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_run_that_disables_and_is_moved_under_refuses() {
    let world = world().await;
    let (id, _) = world.set_up().await;
    let writer = world.cx.writer().unwrap();
    let object = ObjectRef::vserver(VSERVER);
    let form = KeepOffForm { reason: "maintenance".into(), ..KeepOffForm::of(&object) };
    world.services.switches().keep_off(&writer, id, &form).await.unwrap();
    let (number, _) = planned(&world, id).await;
    // Somebody else is faster.
    world.raw(Method::POST, "lbvserver?action=disable", r#"{"lbvserver":{"name":"xms-berlin-mdm-443"}}"#).await;
    let run = world.applied(number).await;
    assert_eq!(run.run.status, RunStatus::Failed);
    let moved = "state of virtual server xms-berlin-mdm-443 was ENABLED and is now DISABLED.";
    assert!(run.run.note.contains(moved), "{}", run.run.note);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_several_people_say_at_once_is_all_kept() {
    let world = world().await;
    let (id, _) = world.set_up().await;
    let writer = world.cx.writer().unwrap();
    let forms: Vec<KeepOffForm> =
        cases().iter().map(|case| KeepOffForm { reason: "at once".into(), ..KeepOffForm::of(&case.object) }).collect();
    let saved =
        futures::future::join_all(forms.iter().map(|form| world.services.switches().keep_off(&writer, id, form))).await;
    assert!(saved.iter().all(Result::is_ok), "{saved:?}");
    let view = world.services.switches().show(&world.cx, id).await.unwrap();
    assert_eq!(view.switches.iter().filter(|switch| switch.kept.is_some()).count(), 4);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_switch_that_was_not_seen_lately_is_green_for_nobody() {
    let world = world().await;
    let (id, appliance) = world.set_up().await;
    look(&world, appliance).await;
    let marks = async || {
        let view = world.services.switches().show(&world.cx, id).await.unwrap();
        view.switches.iter().map(|switch| view.mark(switch)).collect::<Vec<_>>()
    };
    assert!(marks().await.iter().all(|mark| *mark == (Tone::Good, "enabled".to_owned())));
    world.lab.power_off([10, 0, 0, 10].into()).await.unwrap();
    for _ in 0..2 {
        look(&world, appliance).await;
    }
    assert!(marks().await.iter().all(|mark| *mark == (Tone::Unknown, "unknown, was enabled".to_owned())));
}
