//! Enabled and disabled: what was switched by hand is put right, and what is off on purpose stays off.

use crate::{
    common::{Owned, apply, berlin, berlin_made, by_hand, cli, keeping_off, look, own, planned, run},
    fake::{FakeAppliance, MemoryJournal},
};
use engine::{Mode, RunOutcome, fingerprint, moved, switches, switches::SwitchStanding, undo};
use model::{
    object::{Kind, ObjectRef},
    plan::{Inverse, Plan, Verb},
    run::OpState,
};
use serde_json::json;

const GROUP: &str = "xms-berlin-mdm-443-sg";
const MEMBER: &str = "servicegroup_servicegroupmember_binding";

fn member(server: &str) -> ObjectRef {
    ObjectRef::member(GROUP, server, 443)
}

/// One of each kind that can be switched, with the lines that switch it on and off.
fn each() -> [(ObjectRef, &'static str, &'static str); 4] {
    let vserver = "xms-berlin-mdm-443";
    [
        (ObjectRef::vserver(vserver), "enable lb vserver xms-berlin-mdm-443", "disable lb vserver xms-berlin-mdm-443"),
        (ObjectRef::server("xms02"), "enable server xms02", "disable server xms02"),
        (
            ObjectRef::group(GROUP),
            "enable serviceGroup xms-berlin-mdm-443-sg",
            "disable serviceGroup xms-berlin-mdm-443-sg",
        ),
        (
            member("xms03"),
            "enable serviceGroup xms-berlin-mdm-443-sg xms03 443",
            "disable serviceGroup xms-berlin-mdm-443-sg xms03 443",
        ),
    ]
}

fn is_on(appliance: &FakeAppliance, object: &ObjectRef) -> bool {
    appliance.row(object).is_some_and(|row| row["state"] == "ENABLED")
}

fn undone(appliance: &FakeAppliance, done: &Plan, owned: &mut Owned) -> Plan {
    let states = vec![OpState::Confirmed; done.operations.len()];
    let back = undo(done, &states, "run 1", &look(appliance), owned);
    let journal = MemoryJournal::new();
    assert_eq!(run(appliance, &back, &journal, Mode::Fresh), RunOutcome::Succeeded, "{back:#?}");
    own(owned, &back, &journal.states(&back));
    back
}

#[test]
fn what_was_switched_off_by_hand_is_planned_enabled_and_taken_back() {
    for (object, on, off) in each() {
        let (appliance, mut owned) = berlin_made();
        by_hand(&appliance, "disable", &object).unwrap();
        appliance.set_saved();
        let plan = planned(&appliance, &berlin(), &owned);
        assert_eq!(cli(&plan), [on, "save ns config"]);
        assert_eq!((plan.counts().change, plan.operations[0].verb.mark()), (1, "~"));
        assert!(plan.operations[0].reason.contains("switched it off by hand"), "{}", plan.operations[0].reason);
        let call = &plan.operations[0].call;
        assert_eq!((call.method.word(), call.action.as_deref()), ("POST", Some("enable")));
        assert!(matches!(plan.operations[0].inverse, Inverse::Do { verb: Verb::Disable, .. }));
        let done = apply(&appliance, &berlin(), &mut owned);
        assert!(is_on(&appliance, &object), "{object}");
        assert!(planned(&appliance, &berlin(), &owned).is_empty());
        let back = undone(&appliance, &done, &mut owned);
        assert_eq!(cli(&back), [off, "save ns config"]);
        assert!(!is_on(&appliance, &object), "{object}");
        // And the undo of the undo.
        undone(&appliance, &back, &mut owned);
        assert!(is_on(&appliance, &object), "{object}");
    }
}

#[test]
fn what_is_kept_off_is_disabled_says_why_and_is_no_drift_afterwards() {
    for (object, on, off) in each() {
        let (appliance, mut owned) = berlin_made();
        let desired = keeping_off(&berlin(), object.clone());
        let plan = apply(&appliance, &desired, &mut owned);
        assert_eq!(cli(&plan), [off, "save ns config"]);
        let reason = &plan.operations[0].reason;
        assert!(
            reason.contains("ada keeps it disabled since 2026-01-05 08:00:00 UTC: the node is rebuilt."),
            "{reason}"
        );
        assert!(planned(&appliance, &desired, &owned).is_empty());
        // Somebody enables it all the same; then the reason is gone.
        by_hand(&appliance, "enable", &object).unwrap();
        assert_eq!(cli(&planned(&appliance, &desired, &owned))[0], off);
        by_hand(&appliance, "disable", &object).unwrap();
        assert_eq!(cli(&planned(&appliance, &desired.with_on(&object), &owned))[0], on);
    }
}

#[test]
fn what_is_new_and_kept_off_is_made_disabled() {
    let (appliance, mut owned) = (FakeAppliance::new(), Owned::new());
    let mut desired = berlin();
    for (object, ..) in each() {
        desired = keeping_off(&desired, object);
    }
    let plan = apply(&appliance, &desired, &mut owned);
    let made = plan.operations.iter().filter(|op| op.cli.contains("-state DISABLED")).count();
    assert_eq!(made, 4, "{:#?}", cli(&plan));
    assert!(!plan.operations.iter().any(|op| op.verb == Verb::Disable));
    assert!(planned(&appliance, &desired, &owned).is_empty());
}

#[test]
fn what_stays_off_on_an_enabled_server_is_disabled_again() {
    let (appliance, mut owned) = berlin_made();
    let desired = keeping_off(&berlin(), member("xms02"));
    apply(&appliance, &desired, &mut owned);
    by_hand(&appliance, "disable", &ObjectRef::server("xms02")).unwrap();
    let plan = apply(&appliance, &desired, &mut owned);
    assert_eq!(
        cli(&plan),
        ["enable server xms02", "disable serviceGroup xms-berlin-mdm-443-sg xms02 443", "save ns config"]
    );
    assert!(!is_on(&appliance, &member("xms02")) && is_on(&appliance, &ObjectRef::server("xms02")));
    assert!(planned(&appliance, &desired, &owned).is_empty());
    // It was off before, so an undo has nothing to do for it.
    let back = undone(&appliance, &plan, &mut owned);
    assert_eq!(cli(&back), ["disable server xms02", "save ns config"]);
    assert!(!is_on(&appliance, &member("xms02")));
}

#[test]
fn what_is_bound_to_a_server_on_its_way_back_is_disabled_after_it() {
    let (appliance, mut owned) = berlin_made();
    appliance.lose(&member("xms02"));
    owned.remove(&member("xms02"));
    by_hand(&appliance, "disable", &ObjectRef::server("xms02")).unwrap();
    let desired = keeping_off(&berlin(), member("xms02"));
    let plan = apply(&appliance, &desired, &mut owned);
    assert_eq!(
        cli(&plan),
        [
            "bind serviceGroup xms-berlin-mdm-443-sg xms02 443",
            "enable server xms02",
            "disable serviceGroup xms-berlin-mdm-443-sg xms02 443",
            "save ns config"
        ]
    );
    assert!(planned(&appliance, &desired, &owned).is_empty());
}

/// A member of others on `xms02`, in a group of theirs.
fn shared(appliance: &FakeAppliance) -> ObjectRef {
    appliance.load("servicegroup", json!({ "servicegroupname": "theirs", "servicetype": "SSL_BRIDGE" })).unwrap();
    let body = json!({ "servicegroupname": "theirs", "servername": "xms02", "port": 443 });
    appliance.load(MEMBER, body).unwrap();
    ObjectRef::member("theirs", "xms02", 443)
}

#[test]
fn a_server_that_others_use_is_enabled_with_a_word_and_not_disabled() {
    let (appliance, mut owned) = berlin_made();
    let theirs = shared(&appliance);
    let server = ObjectRef::server("xms02");
    let plan = planned(&appliance, &keeping_off(&berlin(), server.clone()), &owned);
    assert!(plan.conflicts[0].sentence.contains("also take out of service"), "{plan:#?}");
    assert!(!plan.conflicts[0].adoptable && !plan.operations.iter().any(|op| op.verb == Verb::Disable), "{plan:#?}");

    by_hand(&appliance, "disable", &server).unwrap();
    let plan = planned(&appliance, &berlin(), &owned);
    assert!(plan.conflicts.is_empty() && plan.operations[0].reason.contains("theirs"), "{plan:#?}");
    let done = apply(&appliance, &berlin(), &mut owned);
    let back = undo(&done, &[OpState::Confirmed; 2], "run 1", &look(&appliance), &owned);
    assert!(back.is_empty() && back.notes[0].contains("which is not this cluster's"), "{back:#?}");

    // What they disabled themselves would come back with the server.
    by_hand(&appliance, "disable", &server).unwrap();
    by_hand(&appliance, "disable", &theirs).unwrap();
    let plan = planned(&appliance, &berlin(), &owned);
    assert!(
        !plan.conflicts[0].adoptable && plan.conflicts[0].sentence.contains("member xms02:443 of theirs"),
        "{plan:#?}"
    );
}

#[test]
fn a_server_of_others_is_switched_after_consent_alone() {
    let (appliance, mut owned) = (FakeAppliance::new(), Owned::new());
    appliance.load("server", json!({ "name": "web2", "ipaddress": "10.20.30.12", "state": "DISABLED" })).unwrap();
    let plan = planned(&appliance, &berlin(), &owned);
    assert_eq!(
        plan.conflicts.iter().map(|c| (&c.object, c.adoptable)).collect::<Vec<_>>(),
        [(&ObjectRef::server("web2"), true)]
    );
    assert!(plan.conflicts[0].sentence.contains("state from DISABLED to ENABLED"), "{}", plan.conflicts[0].sentence);
    owned.insert(ObjectRef::server("web2"));
    apply(&appliance, &berlin(), &mut owned);
    assert!(is_on(&appliance, &ObjectRef::server("web2")));
}

#[test]
fn a_member_out_of_service_with_its_server_or_group_is_not_enabled_by_itself() {
    for above in [ObjectRef::server("xms02"), ObjectRef::group(GROUP)] {
        let (appliance, mut owned) = berlin_made();
        let desired = keeping_off(&berlin(), above.clone());
        apply(&appliance, &desired, &mut owned);
        // Some builds show the member itself as disabled then.
        by_hand(&appliance, "disable", &member("xms02")).unwrap();
        appliance.set_saved();
        assert!(planned(&appliance, &desired, &owned).is_empty(), "{above}");
    }
}

#[test]
fn the_fingerprint_covers_switches_and_says_what_moved() {
    for (object, ..) in each() {
        let (appliance, _) = berlin_made();
        let before = look(&appliance);
        by_hand(&appliance, "disable", &object).unwrap();
        let after = look(&appliance);
        assert_ne!(fingerprint(&before), fingerprint(&after), "{object}");
        let said: Vec<String> = moved(&before, &after).iter().map(model::run::MovedField::sentence).collect();
        assert_eq!(said, [format!("state of {object} was ENABLED and is now DISABLED.")]);
    }
}

#[test]
fn the_list_says_how_each_stands() {
    let (appliance, mut owned) = berlin_made();
    let desired = keeping_off(&berlin(), member("xms01"));
    apply(&appliance, &desired, &mut owned);
    let desired = keeping_off(&desired, member("xms03"));
    by_hand(&appliance, "disable", &ObjectRef::server("xms02")).unwrap();
    let all = switches(&desired, &look(&appliance), &owned);
    let of = |object: &ObjectRef| all.iter().find(|switch| switch.object == *object).unwrap().standing.clone();
    assert_eq!(all.iter().map(|switch| switch.object.kind).collect::<std::collections::BTreeSet<_>>().len(), 4);
    assert_eq!(all[0].object.kind, Kind::LbVserver);
    assert_eq!(of(&ObjectRef::server("xms01")), SwitchStanding::Enabled);
    assert_eq!(of(&ObjectRef::server("xms02")), SwitchStanding::OffByHand);
    assert_eq!(of(&member("xms02")), SwitchStanding::Through(ObjectRef::server("xms02")));
    assert_eq!((of(&member("xms01")), of(&member("xms03"))), (SwitchStanding::KeptOff, SwitchStanding::StillOn));
    let none = switches(&desired, &look(&FakeAppliance::new()), &owned);
    assert!(none.iter().all(|switch| switch.standing == SwitchStanding::NotThere) && !none.is_empty());
}

#[test]
fn an_undo_that_enables_a_server_leaves_what_was_off_by_itself_off() {
    let (appliance, mut owned) = berlin_made();
    by_hand(&appliance, "disable", &member("xms02")).unwrap();
    let desired = keeping_off(&berlin(), ObjectRef::server("xms02"));
    let done = apply(&appliance, &desired, &mut owned);
    let back = undone(&appliance, &done, &mut owned);
    assert_eq!(
        cli(&back),
        ["enable server xms02", "disable serviceGroup xms-berlin-mdm-443-sg xms02 443", "save ns config"]
    );
    assert!(is_on(&appliance, &ObjectRef::server("xms02")) && !is_on(&appliance, &member("xms02")));
    // With a member of others on it that is off by itself, it stays as it is.
    let done = apply(&appliance, &desired, &mut owned);
    let theirs = shared(&appliance);
    by_hand(&appliance, "disable", &theirs).unwrap();
    let back = undo(&done, &[OpState::Confirmed; 2], "run 1", &look(&appliance), &owned);
    assert!(back.is_empty() && back.notes[0].contains("member xms02:443 of theirs"), "{back:#?}");
}
