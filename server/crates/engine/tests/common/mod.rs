//! A cluster of three nodes and the words that all tests use.
#![expect(dead_code, reason = "each test binary uses its own part of these helpers")]
#![expect(clippy::expect_used, reason = "helpers of tests are not seen as tests by clippy")]

use engine::{
    Mode, Observe, RunOutcome, execute, plan,
    testing::{FakeAppliance, MemoryJournal},
};
use futures::executor::block_on;
use model::{
    desired::{Desired, Listener, Mdm, Node, Persistence},
    object::{Attrs, Kind, ObjectRef, Value},
    plan::{Operation, Plan, Verb},
    run::OpState,
    snapshot::Snapshot,
};
use std::{collections::BTreeSet, net::Ipv4Addr};

pub type Owned = BTreeSet<ObjectRef>;

pub fn node(name: &str, last: u8) -> Node {
    Node { name: name.into(), address: Ipv4Addr::new(10, 20, 30, last) }
}

pub fn listener(port: u16) -> Listener {
    Listener { port, vserver: format!("xms-berlin-mdm-{port}"), group: format!("xms-berlin-mdm-{port}-sg") }
}

pub fn berlin() -> Desired {
    Desired {
        nodes: vec![node("xms01", 11), node("xms02", 12), node("xms03", 13)],
        mdm: Some(Mdm {
            vip: Ipv4Addr::new(10, 20, 40, 51),
            persistence: Persistence::SourceIp,
            timeout: 20,
            listeners: vec![listener(443)],
        }),
    }
}

/// `berlin` with its MDM step changed.
pub fn berlin_with(edit: impl FnOnce(&mut Mdm)) -> Desired {
    let mut desired = berlin();
    if let Some(mdm) = &mut desired.mdm {
        edit(mdm);
    }
    desired
}

pub fn look(appliance: &FakeAppliance) -> Snapshot {
    block_on(appliance.snapshot()).expect("the appliance can be read")
}

pub fn planned(appliance: &FakeAppliance, desired: &Desired, owned: &Owned) -> Plan {
    plan(desired, &look(appliance), owned)
}

pub fn run(appliance: &FakeAppliance, plan: &Plan, journal: &MemoryJournal, mode: Mode) -> RunOutcome {
    block_on(execute(plan, &journal.states(plan), mode, appliance, appliance, journal))
}

/// What becomes ours when these operations are confirmed, and what ceases to be.
pub fn own(owned: &mut Owned, plan: &Plan, states: &[OpState]) {
    for (op, state) in plan.operations.iter().zip(states) {
        if *state == OpState::Confirmed {
            match op.verb {
                Verb::Add | Verb::Bind => drop(owned.insert(op.object.clone())),
                Verb::Remove | Verb::Unbind => drop(owned.remove(&op.object)),
                _ => {}
            }
        }
    }
}

/// Plans, applies, and says what is owned afterwards.
pub fn apply(appliance: &FakeAppliance, desired: &Desired, owned: &mut Owned) -> Plan {
    let plan = planned(appliance, desired, owned);
    let journal = MemoryJournal::new();
    let outcome = run(appliance, &plan, &journal, Mode::Fresh);
    assert_eq!(outcome, RunOutcome::Succeeded, "{plan:#?}");
    own(owned, &plan, &journal.states(&plan));
    plan
}

/// An appliance with Berlin on it, made by us.
pub fn berlin_made() -> (FakeAppliance, Owned) {
    let (appliance, mut owned) = (FakeAppliance::new(), Owned::new());
    apply(&appliance, &berlin(), &mut owned);
    (appliance, owned)
}

pub fn cli(plan: &Plan) -> Vec<&str> {
    plan.operations.iter().map(|op| op.cli.as_str()).collect()
}

/// `+ server xms01` and so on.
pub fn briefly(op: &Operation) -> String {
    format!("{} {}", op.verb.word(), op.object)
}

pub fn attrs(pairs: &[(&str, Value)]) -> Attrs {
    pairs.iter().map(|(name, value)| ((*name).to_owned(), value.clone())).collect()
}

/// Every operation finds what it refers to, and nothing is taken from under anybody. Checked against the plan's own
/// words, not against the fake appliance.
pub fn assert_order(plan: &Plan, before: &Snapshot) {
    let mut there: BTreeSet<ObjectRef> = before.objects.iter().map(|seen| seen.object.clone()).collect();
    let ends = |object: &ObjectRef| match object.kind {
        Kind::Member => vec![ObjectRef::group(object.part(0)), ObjectRef::server(object.part(1))],
        Kind::LbVserverGroup => vec![ObjectRef::vserver(object.part(0)), ObjectRef::group(object.part(1))],
        _ => Vec::new(),
    };
    for (index, op) in plan.operations.iter().enumerate() {
        assert_eq!(op.seq as usize, index + 1);
        match op.verb {
            Verb::Enable | Verb::Add | Verb::Bind => {
                for end in ends(&op.object) {
                    assert!(there.contains(&end), "{} before {end}", briefly(op));
                }
                assert!(there.insert(op.object.clone()), "{} twice", briefly(op));
            }
            Verb::Set | Verb::Unset => assert!(there.contains(&op.object), "{}", briefly(op)),
            Verb::Unbind | Verb::Remove => {
                assert!(there.remove(&op.object), "{}", briefly(op));
                let hanging = there.iter().find(|object| ends(object).contains(&op.object));
                assert_eq!(hanging, None, "{} from under it", briefly(op));
            }
            Verb::Save => assert_eq!(index + 1, plan.operations.len(), "the save is last"),
        }
    }
}
