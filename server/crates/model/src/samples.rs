//! Plans and records of next to nothing, and a whole set-up, for tests to fill in.

use crate::{
    ActNo, RecordId,
    clock::from_millis,
    desired::{Desired, DnsForm, Form, GatewayForm, MamForm, MdmForm, NodesForm},
    object::{Attrs, ObjectRef},
    plan::{Call, Inverse, Method, Operation, Plan, Verb},
    record::{Actor, Entry, Outcome, Record, RecordKind},
};

/// Nothing is to be done.
pub fn plan() -> Plan {
    Plan {
        fingerprint: String::new(),
        operations: Vec::new(),
        unchanged: Vec::new(),
        conflicts: Vec::new(),
        notes: Vec::new(),
        kept: Vec::new(),
        cuts: Vec::new(),
        remains: Vec::new(),
    }
}

/// The first operation of a plan.
pub fn operation(verb: Verb, object: ObjectRef) -> Operation {
    let call = Call {
        method: Method::Put,
        resource: "lbvserver".into(),
        name: None,
        args: Vec::new(),
        action: None,
        body: None,
    };
    Operation {
        seq: 1,
        verb,
        object,
        attrs: Attrs::new(),
        before: Attrs::new(),
        reason: String::new(),
        call,
        cli: String::new(),
        inverse: Inverse::Stays(String::new()),
    }
}

/// Of act 1, a second after the record before it.
pub fn record(id: i64, kind: RecordKind, outcome: Option<Outcome>, detail: serde_json::Value) -> Record {
    let entry = Entry {
        at: from_millis(id * 1000),
        kind,
        act: Some(ActNo(1)),
        actor: Actor::gatehouse(),
        cluster: None,
        appliance: None,
        outcome,
        summary: format!("Summary {id}."),
        detail,
    };
    Record { id: RecordId(id), act: ActNo(1), entry }
}

/// Every step is described, and nothing contradicts itself.
pub fn whole() -> Desired {
    let nodes = NodesForm { nodes: "10.20.30.11 xms01 1\n10.20.30.12 xms02 2".into() };
    let nodes = nodes.apply(&Desired::blank("xms.example.com")).unwrap();
    let mdm = MdmForm { vip: "10.20.40.51".into(), ..MdmForm::fresh("b") }.apply(&nodes).unwrap();
    let mam = MamForm { vip: "10.20.40.52".into(), certificate: "w".into(), ..MamForm::fresh("b") };
    let gateway = GatewayForm { gateway: "gw".into(), actions: "a".into() }.apply(&mam.apply(&mdm).unwrap()).unwrap();
    DnsForm::fresh().apply(&gateway).unwrap()
}
