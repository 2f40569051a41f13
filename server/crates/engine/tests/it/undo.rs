//! Undo: what a run did is taken back, what others have come to use is not.

use crate::{
    common::{ACTION, Owned, apply, attrs, berlin, berlin_with, furnished, look, own, planned, run, uploaded},
    fake::{FakeAppliance, Fault, MemoryJournal},
};
use engine::{Mode, RunOutcome, plan::operation::build, removal, undo};
use model::{
    object::{Attrs, Kind, ObjectRef},
    plan::{Method, Plan, Verb},
    run::OpState,
    snapshot::{Seen, Snapshot},
};
use serde_json::json;
use std::collections::BTreeSet;

/// Everything but the features, which stay on.
fn without_features(snapshot: &Snapshot) -> Vec<(ObjectRef, Attrs)> {
    let objects = snapshot.objects.iter().filter(|seen| seen.object.kind != Kind::Feature);
    objects.map(|seen| (seen.object.clone(), seen.attrs.clone())).collect()
}

fn all_confirmed(plan: &Plan) -> Vec<OpState> {
    vec![OpState::Confirmed; plan.operations.len()]
}

/// Undoes `done` and gives the plan that did it.
fn undone(appliance: &FakeAppliance, done: &Plan, owned: &mut Owned) -> Plan {
    let back = undo(done, &all_confirmed(done), "run 1", &look(appliance), owned);
    let journal = MemoryJournal::new();
    assert_eq!(run(appliance, &back, &journal, Mode::Fresh), RunOutcome::Succeeded, "{back:#?}");
    own(owned, &back, &journal.states(&back));
    back
}

#[test]
fn a_whole_set_up_is_taken_back_to_the_start() {
    let (appliance, mut owned) = (FakeAppliance::new(), Owned::new());
    let start = without_features(&look(&appliance));
    let done = apply(&appliance, &berlin(), &mut owned);
    let back = undone(&appliance, &done, &mut owned);
    assert_eq!(without_features(&look(&appliance)), start);
    assert!(owned.is_empty(), "{owned:?}");
    assert_eq!(back.operations.last().map(|op| op.verb), Some(Verb::Save));
    assert!(back.notes.iter().any(|note| note.contains("A feature stays on")), "{:?}", back.notes);
    let first = &back.operations[0];
    assert_eq!(first.cli, "unbind lb vserver xms-berlin-mdm-443 xms-berlin-mdm-443-sg");
    assert!(first.reason.starts_with("Takes back operation 11 of run 1: Bind"), "{}", first.reason);
}

#[test]
fn the_whole_procedure_is_taken_back_to_the_start() {
    let (appliance, mut owned) = (furnished(), Owned::from([ObjectRef::session_action(ACTION)]));
    let start = without_features(&look(&appliance));
    let done = apply(&appliance, &uploaded(), &mut owned);
    assert!(planned(&appliance, &uploaded(), &owned).is_empty());
    let back = undone(&appliance, &done, &mut owned);
    assert_eq!(without_features(&look(&appliance)), start);
    assert_eq!(
        back.operations[0].cli,
        r#"set vpn sessionAction AC_OS_10.20.40.40 -storefronturl "https://old-xms.example.com:8443""#
    );
}

#[test]
fn a_change_is_taken_back_to_the_values_before() {
    let (appliance, mut owned) = (FakeAppliance::new(), Owned::new());
    apply(&appliance, &berlin(), &mut owned);
    let before = without_features(&look(&appliance));
    let done = apply(&appliance, &berlin_with(|mdm| mdm.timeout = 45), &mut owned);
    let back = undone(&appliance, &done, &mut owned);
    assert_eq!(without_features(&look(&appliance)), before);
    assert!(back.operations[0].cli.contains("-timeout 20"), "{}", back.operations[0].cli);
}

#[test]
fn what_had_no_value_before_is_reset() {
    let vserver = ObjectRef::vserver("vs");
    let rule = attrs(&[("rule", "HTTP.REQ.COOKIE.VALUE(\"ACNODEID\")".into())]);
    let op = build(1, Verb::Set, vserver.clone(), rule.clone(), Attrs::new(), String::new());
    let (appliance, owned) = (FakeAppliance::new(), Owned::from([vserver.clone()]));
    let mut snapshot = look(&appliance);
    snapshot.objects.push(Seen { object: vserver, attrs: rule, state: None, facts: Attrs::new() });
    snapshot.settle();
    let done = Plan { operations: vec![op], ..planned(&appliance, &berlin(), &Owned::new()) };
    let back = undo(&done, &[OpState::Confirmed], "run 1", &snapshot, &owned);
    assert_eq!(back.operations[0].verb, Verb::Unset, "{back:#?}");
    assert_eq!(back.operations[0].call.action.as_deref(), Some("unset"));
}

#[test]
fn what_others_use_stays_and_the_plan_says_so() {
    let (appliance, mut owned) = (FakeAppliance::new(), Owned::new());
    let done = apply(&appliance, &berlin(), &mut owned);
    appliance.load("servicegroup", json!({ "servicegroupname": "theirs", "servicetype": "SSL_BRIDGE" })).unwrap();
    appliance
        .load(
            "servicegroup_servicegroupmember_binding",
            json!({ "servicegroupname": "theirs", "servername": "xms01", "port": 443 }),
        )
        .unwrap();
    let back = undone(&appliance, &done, &mut owned);
    assert!(look(&appliance).find(&ObjectRef::server("xms01")).is_some());
    assert!(look(&appliance).find(&ObjectRef::server("xms02")).is_none());
    assert!(back.notes.iter().any(|note| note.contains("server xms01 stays")), "{:?}", back.notes);
}

#[test]
fn what_somebody_changed_or_took_since_is_left_alone() {
    let (appliance, mut owned) = (FakeAppliance::new(), Owned::new());
    apply(&appliance, &berlin(), &mut owned);
    let done = apply(&appliance, &berlin_with(|mdm| mdm.timeout = 45), &mut owned);
    appliance.other(Method::Put, "lbvserver", None, json!({ "name": "xms-berlin-mdm-443", "timeout": 60 })).unwrap();
    let back = undo(&done, &all_confirmed(&done), "run 2", &look(&appliance), &owned);
    assert!(back.is_empty(), "{back:#?}");
    assert!(back.notes.iter().any(|note| note.contains("timeout is 60, not 45")), "{:?}", back.notes);

    let back = undo(&done, &all_confirmed(&done), "run 2", &look(&appliance), &Owned::new());
    assert!(back.notes.iter().any(|note| note.contains("not Gatehouse's any more")), "{:?}", back.notes);
}

#[test]
fn a_run_that_stopped_half_way_is_taken_back_as_far_as_it_came() {
    let (appliance, mut owned) = (FakeAppliance::new(), Owned::new());
    let start = without_features(&look(&appliance));
    let plan = planned(&appliance, &berlin(), &owned);
    let journal = MemoryJournal::new();
    // Two of the three members were not reached or refused.
    appliance.fail_within(5, 1, Fault::Refuse(315));
    assert!(matches!(run(&appliance, &plan, &journal, Mode::Fresh), RunOutcome::Failed { .. }));
    appliance.heal();
    let states = journal.states(&plan);
    own(&mut owned, &plan, &states);
    let back = undo(&plan, &states, "run 1", &look(&appliance), &owned);
    let journal = MemoryJournal::new();
    assert_eq!(run(&appliance, &back, &journal, Mode::Fresh), RunOutcome::Succeeded);
    assert_eq!(without_features(&look(&appliance)), start);
}

#[test]
fn a_group_that_others_put_behind_their_virtual_server_keeps_its_members() {
    let (appliance, mut owned) = (FakeAppliance::new(), Owned::new());
    let done = apply(&appliance, &berlin(), &mut owned);
    appliance
        .load("lbvserver", json!({ "name": "theirs", "servicetype": "SSL_BRIDGE", "ipv46": "10.9.9.9", "port": 443 }))
        .unwrap();
    appliance
        .load(
            "lbvserver_servicegroup_binding",
            json!({ "name": "theirs", "servicegroupname": "xms-berlin-mdm-443-sg" }),
        )
        .unwrap();
    let back = undone(&appliance, &done, &mut owned);
    let left = look(&appliance);
    assert_eq!(left.members("xms-berlin-mdm-443-sg").count(), 3, "{back:#?}");
    assert!(left.find(&ObjectRef::vserver("xms-berlin-mdm-443")).is_none(), "ours goes all the same");
}

#[test]
fn undoing_an_undo_brings_the_change_back() {
    let (appliance, mut owned) = (FakeAppliance::new(), Owned::new());
    apply(&appliance, &berlin_with(|mdm| mdm.timeout = 2), &mut owned);
    let done = apply(&appliance, &berlin(), &mut owned);
    let after = without_features(&look(&appliance));
    let back = undone(&appliance, &done, &mut owned);
    undone(&appliance, &back, &mut owned);
    assert_eq!(without_features(&look(&appliance)), after);
}

#[test]
fn a_cluster_that_leaves_takes_everything_of_its_own_and_nothing_of_others() {
    let (appliance, mut owned) = (furnished(), Owned::from([ObjectRef::session_action(ACTION)]));
    let start: Vec<ObjectRef> = look(&appliance).objects.into_iter().map(|seen| seen.object).collect();
    apply(&appliance, &uploaded(), &mut owned);
    let going = removal(&look(&appliance), &owned, &BTreeSet::new());
    assert!(going.conflicts.is_empty(), "{going:#?}");
    assert!(
        going.operations.iter().all(|op| matches!(op.verb, Verb::Remove | Verb::Unbind | Verb::Save)),
        "{going:#?}"
    );
    let journal = MemoryJournal::new();
    assert_eq!(run(&appliance, &going, &journal, Mode::Fresh), RunOutcome::Succeeded, "{going:#?}");
    own(&mut owned, &going, &journal.states(&going));
    let left: Vec<ObjectRef> = without_features(&look(&appliance)).into_iter().map(|(object, _)| object).collect();
    assert!(
        start.iter().filter(|object| object.kind != Kind::Feature).all(|object| left.contains(object)),
        "of others"
    );
    assert!(left.iter().all(|object| start.contains(object)), "of ours: {left:?}");
    assert!(owned.iter().all(|object| object.kind == Kind::SessionAction), "{owned:?}");
    assert!(going.notes.iter().any(|note| note.contains("What it had before is not known here")), "{:?}", going.notes);
    assert!(removal(&look(&appliance), &owned, &BTreeSet::new()).operations.is_empty(), "once");
}
