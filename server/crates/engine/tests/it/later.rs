//! What real appliances were seen to do (`nitro.md` 6.2), and what a plan and a run make of it.

use crate::{
    common::{
        ACTION, Owned, apply, berlin, berlin_made, berlin_with, briefly, furnished, keeping_off, listener, look, own,
        planned, run, whole,
    },
    fake::{Entry, FakeAppliance, Fault, MemoryJournal, told},
};
use engine::{Mode, RunOutcome, removal, switches, switches::SwitchStanding, undo};
use model::{
    PlanId,
    desired::Dns,
    object::{Kind, ObjectRef},
    plan::{Plan, Verb},
    record::{Outcome, RecordKind},
    run::{OpState, Run, RunDetail},
    state::Tone,
};
use serde_json::{Value as Json, json};

const HOST: &str = "xms.example.com";
const VIP: &str = "10.20.40.52";

fn record() -> ObjectRef {
    ObjectRef::address_record(HOST, VIP)
}

/// Ticking the session action was the consent to change it.
fn ours() -> Owned {
    Owned::from([ObjectRef::session_action(ACTION)])
}

/// Of the whole plan, the record alone: it depends on nothing.
fn of_record(appliance: &FakeAppliance, owned: &Owned) -> Plan {
    let mut plan = planned(appliance, &whole(), owned);
    plan.operations.retain(|op| op.object.kind == Kind::AddressRecord);
    for (seq, op) in (1..).zip(&mut plan.operations) {
        op.seq = seq;
    }
    plan
}

fn last(journal: &MemoryJournal) -> (Outcome, String) {
    let results = journal.entries().into_iter().rev();
    let mut told = results.filter_map(|entry| match entry {
        Entry::Result { outcome, .. } => Some((outcome.outcome, outcome.note)),
        Entry::Intent { .. } => None,
    });
    told.next().unwrap_or((Outcome::Failed, String::new()))
}

#[test]
fn a_record_that_is_listed_as_remembered_is_ours_and_is_not_added_again() {
    let (appliance, mut owned) = (furnished(), ours());
    appliance.remember_records();
    let made = apply(&appliance, &whole(), &mut owned);
    assert!(owned.contains(&record()), "{made:#?}");
    let again = planned(&appliance, &whole(), &owned);
    assert!(again.is_empty() && again.conflicts.is_empty(), "{again:#?}");
    assert!(again.unchanged.contains(&record()));
    assert!(again.notes.iter().any(|note| note.contains("not added again")), "{:?}", again.notes);

    // It can be taken back, and goes where the set-up has none.
    let states = vec![OpState::Confirmed; made.operations.len()];
    let back = undo(&made, &states, "run 1", &look(&appliance), &owned);
    assert!(back.operations.iter().any(|op| op.object == record() && op.verb == Verb::Remove), "{back:#?}");
    let mut without = whole();
    without.dns = Some(Dns { record: false });
    let gone = apply(&appliance, &without, &mut owned);
    assert_eq!(
        gone.operations.iter().map(briefly).collect::<Vec<_>>(),
        ["Remove address record xms.example.com → 10.20.40.52", "Save saved configuration"]
    );
    assert_eq!(appliance.row(&record()), None);
}

#[test]
fn a_run_goes_on_after_a_record_that_is_listed_as_remembered() {
    let (appliance, owned) = (furnished(), ours());
    appliance.remember_records();
    let plan = planned(&appliance, &whole(), &owned);
    let journal = MemoryJournal::new();
    // Something after the record fails; what was confirmed still stands when the run is resumed.
    let tries = {
        let (twin, counted) = (furnished(), MemoryJournal::new());
        run(&twin, &plan, &counted, Mode::Fresh);
        twin.tries()
    };
    appliance.fail_at(tries, Fault::NotSent);
    assert!(matches!(run(&appliance, &plan, &journal, Mode::Fresh), RunOutcome::Failed { .. }));
    appliance.heal();
    assert_eq!(run(&appliance, &plan, &journal, Mode::Resume), RunOutcome::Succeeded);
}

#[test]
fn a_record_in_doubt_that_is_there_is_known_by_its_refusal() {
    for (remembers, fault) in [
        (true, Fault::LostAfter),
        (true, Fault::LostBefore),
        (false, Fault::LostAndBlind { applied: true }),
        (false, Fault::LostBefore),
    ] {
        let (appliance, mut owned) = (furnished(), ours());
        if remembers {
            appliance.remember_records();
        }
        let plan = of_record(&appliance, &owned);
        let journal = MemoryJournal::new();
        appliance.fail_at(1, fault);
        assert!(matches!(run(&appliance, &plan, &journal, Mode::Fresh), RunOutcome::InDoubt { .. }), "{fault:?}");
        appliance.heal();
        assert_eq!(run(&appliance, &plan, &journal, Mode::Resume), RunOutcome::Succeeded, "{fault:?}");
        own(&mut owned, &plan, &journal.states(&plan));
        assert!(owned.contains(&record()) && appliance.row(&record()).is_some(), "{fault:?}");
    }
}

#[test]
fn a_record_of_others_that_is_listed_as_remembered_has_a_way_out() -> Result<(), (i64, String)> {
    let (appliance, owned) = (furnished(), ours());
    appliance.load("dnsaddrec", json!({ "hostname": HOST, "ipaddress": VIP }))?;
    appliance.remember_records();
    // It may be an answer that a name server gave, so it is tried.
    let plan = of_record(&appliance, &owned);
    assert_eq!(plan.operations.len(), 1, "{plan:#?}");
    let journal = MemoryJournal::new();
    assert!(matches!(run(&appliance, &plan, &journal, Mode::Fresh), RunOutcome::Failed { .. }));
    let (outcome, note) = last(&journal);
    assert_eq!(outcome, Outcome::Refused);
    assert!(note.contains("error 304") && note.contains("flush dns proxyRecords"), "{note}");
    Ok(())
}

#[test]
fn an_address_in_use_is_a_conflict_of_a_virtual_server() {
    let desired = berlin_with(|mdm| mdm.listeners.push(listener(8443)));
    let appliance = FakeAppliance::new();
    let plan = planned(&appliance, &desired, &Owned::new());
    let at = plan.operations.iter().position(|op| op.object.kind == Kind::LbVserver);
    let (twin, journal) = (FakeAppliance::new(), MemoryJournal::new());
    // The try at which both virtual servers are sent together.
    let nth = (1..20).find(|nth| {
        let (probe, journal) = (FakeAppliance::new(), MemoryJournal::new());
        probe.fail_at(*nth, Fault::Refuse(304));
        run(&probe, &plan, &journal, Mode::Fresh);
        journal.states(&plan).iter().position(|state| *state == OpState::Failed) == at
    });
    twin.fail_at(nth.unwrap_or_default(), Fault::Refuse(304));
    assert!(matches!(run(&twin, &plan, &journal, Mode::Fresh), RunOutcome::Failed { .. }));
    let results = journal.entries().into_iter().filter_map(|entry| match entry {
        Entry::Result { outcome, .. } => Some(outcome),
        Entry::Intent { .. } => None,
    });
    let refused: Vec<_> = results.filter(|outcome| !outcome.outcome.is_done()).collect();
    // Said of the one that it is about: nothing of ours is left unclaimed.
    assert_eq!(refused[0].outcome, Outcome::Refused);
    assert!(refused[0].note.contains("error 304") && !refused[0].note.contains("adopt"), "{}", refused[0].note);
    assert!(refused[1].note.contains("Not reached"), "{}", refused[1].note);
}

/// Berlin as we made it; then somebody made its group anew, with members from elsewhere.
fn scaled(word: &str) -> (FakeAppliance, Owned) {
    let (appliance, owned) = berlin_made();
    let group = ObjectRef::group(&listener(443).group);
    appliance.lose(&group);
    let body = json!({ "servicegroupname": group.part(0), "servicetype": "SSL_BRIDGE", "autoscale": word });
    assert_eq!(appliance.load("servicegroup", body), Ok(()));
    (appliance, owned)
}

#[test]
fn a_group_whose_members_come_from_elsewhere_is_left_alone() {
    for (word, source) in [("DNS", "DNS"), ("POLICY", "a policy"), ("CLOUD", "a cloud"), ("API", "an API")] {
        let (appliance, owned) = scaled(word);
        let group = ObjectRef::group(&listener(443).group);
        // As it is; with everything of it to be switched off; with another node in it.
        let off = [group.clone(), ObjectRef::member(group.part(0), "xms01", 443)];
        let off = off.into_iter().fold(berlin(), |desired, object| keeping_off(&desired, object));
        for desired in [berlin(), off] {
            let plan = planned(&appliance, &desired, &owned);
            let conflicts: Vec<_> = plan.conflicts.iter().map(|conflict| &conflict.object).collect();
            assert_eq!(conflicts, [&group], "{plan:#?}");
            let sentence = &plan.conflicts[0].sentence;
            assert!(sentence.contains(&format!("come from {source}")), "{sentence}");
            let touched = plan.operations.iter().any(|op| {
                matches!(op.object.kind, Kind::ServiceGroup | Kind::Member) && op.object.part(0) == group.part(0)
            });
            assert!(!touched, "{plan:#?}");
        }
        let list = switches(&berlin(), &look(&appliance), &owned);
        let of_group = list.iter().filter(|switch| {
            matches!(switch.object.kind, Kind::ServiceGroup | Kind::Member) && switch.object.part(0) == group.part(0)
        });
        for switch in of_group {
            assert_eq!(switch.standing, SwitchStanding::Elsewhere(source.into()));
            assert_eq!((switch.tone(), switch.text()), (Tone::Quiet, format!("its members come from {source}")));
        }
        // Leaving the appliance takes neither the group nor its members along.
        let plan = removal(&look(&appliance), &owned, &Owned::new());
        let left = |kind: Kind| !plan.operations.iter().any(|op| op.object.kind == kind);
        assert!(left(Kind::ServiceGroup) && left(Kind::Member), "{plan:#?}");
        assert!(plan.notes.iter().any(|note| note.contains(&format!("come from {source}"))), "{:?}", plan.notes);
    }
}

#[test]
fn taking_a_run_back_leaves_a_group_alone_that_scales_itself_by_now() {
    let (appliance, owned) = scaled("DNS");
    let done = planned(&FakeAppliance::new(), &berlin(), &Owned::new());
    let states = vec![OpState::Confirmed; done.operations.len()];
    let back = undo(&done, &states, "run 1", &look(&appliance), &owned);
    let touched = back.operations.iter().any(|op| matches!(op.object.kind, Kind::ServiceGroup | Kind::Member));
    assert!(!touched && back.notes.iter().any(|note| note.contains("come from DNS")), "{back:#?}");
}

/// What is planned is sent without a look; what is in doubt is read first.
#[test]
fn a_call_whose_record_cannot_be_read_is_in_doubt_and_never_planned() {
    let plan = planned(&FakeAppliance::new(), &berlin(), &Owned::new());
    let begun = json!(RunDetail { plan: PlanId(1), fingerprint: plan.fingerprint.clone() });
    let call = |seq: u32| json!({ "seq": seq, "request": "POST x", "cli": "x" });
    let states = |calls: &[(RecordKind, Json)]| -> Vec<OpState> {
        let mut records = vec![told(RecordKind::RunBegun, None, begun.clone())];
        records.extend(calls.iter().map(|(kind, detail)| told(*kind, Some(Outcome::Succeeded), detail.clone())));
        let run = Run::fold(PlanId(1), &plan, &records).map(|run| run.operations);
        run.into_iter().flatten().map(|operation| operation.state).collect()
    };
    let (intent, result) = (RecordKind::CallIntent, RecordKind::CallResult);
    // Whose it is can be told: that one alone.
    for kind in [intent, result] {
        let found = states(&[(intent, call(1)), (result, call(1)), (kind, json!({ "seq": 2, "request": 7 }))]);
        assert_eq!(found[..3], [OpState::Confirmed, OpState::InDoubt, OpState::Planned], "{kind:?}");
    }
    // Nobody knows whose: every one that is not confirmed.
    for unread in [
        Json::Null,
        json!("text"),
        json!({ "seq": "two" }),
        json!({ "seq": 0 }),
        json!({ "seq": 4711 }),
        json!({ "seq": -1 }),
        call(4711),
    ] {
        let found = states(&[(intent, call(1)), (result, call(1)), (intent, unread.clone())]);
        assert_eq!(found[0], OpState::Confirmed, "{unread}");
        assert!(found[1..].iter().all(|state| *state == OpState::InDoubt), "{unread}: {found:?}");
    }
    // What is told later and can be read counts.
    let found = states(&[(intent, Json::Null), (intent, call(2)), (result, call(2))]);
    assert_eq!(found[..3], [OpState::InDoubt, OpState::Confirmed, OpState::InDoubt]);
}
