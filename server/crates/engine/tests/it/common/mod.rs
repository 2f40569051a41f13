//! A cluster of three nodes and the words that all tests use.

use crate::fake::{FakeAppliance, MemoryJournal};
use engine::{Mode, Observe, RunOutcome, execute, plan};
use futures::executor::block_on;
use model::{
    desired::{CertFiles, Desired, Dns, Gateway, KeptOff, Listener, Mam, Mdm, Node, Persistence},
    object::{Attrs, Kind, ObjectRef, Value},
    plan::{Method, Operation, Plan, Verb},
    run::OpState,
    snapshot::Snapshot,
};
use serde_json::json;
use std::{collections::BTreeSet, net::Ipv4Addr};

pub type Owned = BTreeSet<ObjectRef>;

pub fn node(name: &str, last: u8) -> Node {
    let address = Ipv4Addr::new(10, 20, 30, last);
    Node { name: name.into(), address, id: Some(address.to_bits().to_string()) }
}

pub fn listener(port: u16) -> Listener {
    Listener { port, vserver: format!("xms-berlin-mdm-{port}"), group: format!("xms-berlin-mdm-{port}-sg") }
}

pub fn berlin() -> Desired {
    Desired {
        fqdn: "xms.example.com".into(),
        nodes: vec![node("xms01", 11), node("xms02", 12), node("xms03", 13)],
        mdm: Some(Mdm {
            vip: Ipv4Addr::new(10, 20, 40, 51),
            persistence: Persistence::SourceIp,
            timeout: 20,
            listeners: vec![listener(443)],
        }),
        ..Desired::default()
    }
}

/// The whole procedure: both addresses, the certificate, the Gateway, the record.
pub fn whole() -> Desired {
    let mam = Mam {
        vip: Ipv4Addr::new(10, 20, 40, 52),
        listener: Listener {
            port: 8443,
            vserver: "xms-berlin-mam-8443".into(),
            group: "xms-berlin-mam-8443-sg".into(),
        },
        certificate: "wildcard-example".into(),
        files: None,
    };
    Desired {
        mam: Some(mam),
        gateway: Some(Gateway { vserver: GATEWAY.into(), actions: vec![ACTION.into()] }),
        dns: Some(Dns { record: true }),
        ..berlin_with(|mdm| mdm.listeners.push(listener(8443)))
    }
}

/// The certificate of [`whole`], uploaded instead of found.
pub fn uploaded() -> Desired {
    let mut desired = whole();
    if let Some(mam) = &mut desired.mam {
        mam.certificate = "xms-2027".into();
        mam.files = Some(CertFiles {
            upload: 7,
            cert: "xms-2027.cer".into(),
            key: "xms-2027.key".into(),
            chain: vec![("xms-2027-ca".into(), "xms-2027-ca.cer".into())],
            sha256: "0a".repeat(32),
        });
    }
    desired
}

pub const GATEWAY: &str = "_XM_ag.example.com";
pub const ACTION: &str = "AC_OS_10.20.40.40";

/// What the procedure presupposes: a Gateway with its session action, and a certificate key.
pub fn furnished() -> FakeAppliance {
    let appliance = FakeAppliance::new();
    furnish(&appliance);
    appliance
}

pub fn furnish(appliance: &FakeAppliance) {
    let load = |resource: &str, body| appliance.load(resource, body).expect("an appliance that was furnished once");
    load("vpnvserver", json!({ "name": GATEWAY, "ipv46": "10.20.40.40", "port": 443 }));
    load("vpnsessionaction", json!({ "name": ACTION, "storefronturl": "https://old-xms.example.com:8443" }));
    for part in ["cer", "key"] {
        let name = format!("wildcard-example.{part}");
        load("systemfile", json!({ "filename": name, "filelocation": "/nsconfig/ssl", "filecontent": "eA==" }));
    }
    let files = json!({ "certkey": "wildcard-example", "cert": "wildcard-example.cer", "key": "wildcard-example.key" });
    load("sslcertkey", files);
}

/// `desired` with this object kept out of service.
pub fn keeping_off(desired: &Desired, object: ObjectRef) -> Desired {
    let since = model::clock::from_millis(1_767_600_000_000);
    desired.with_off(KeptOff { object, reason: "the node is rebuilt".into(), by: "ada".into(), since })
}

/// Somebody switches an object by hand: `enable` or `disable`.
pub fn by_hand(appliance: &FakeAppliance, action: &str, object: &ObjectRef) -> Option<()> {
    let (name, second, port) = (object.part(0), object.part(1), object.part(2));
    let (resource, body) = match object.kind {
        Kind::Server => ("server", json!({ "name": name })),
        Kind::ServiceGroup => ("servicegroup", json!({ "servicegroupname": name })),
        Kind::Member => ("servicegroup", json!({ "servicegroupname": name, "servername": second, "port": port })),
        Kind::LbVserver => ("lbvserver", json!({ "name": name })),
        _ => return None,
    };
    appliance.other(Method::Post, resource, Some(action), body).ok()
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
        Kind::VserverCert => vec![ObjectRef::vserver(object.part(0))],
        Kind::CertLink => vec![ObjectRef::cert_key(object.part(0))],
        Kind::AppController => vec![ObjectRef::gateway(object.part(0))],
        _ => Vec::new(),
    };
    for (index, op) in plan.operations.iter().enumerate() {
        assert_eq!(op.seq as usize, index + 1);
        match op.verb {
            Verb::FeatureOn | Verb::Add | Verb::Bind => {
                for end in ends(&op.object) {
                    assert!(there.contains(&end), "{} before {end}", briefly(op));
                }
                assert!(there.insert(op.object.clone()), "{} twice", briefly(op));
            }
            Verb::Set | Verb::Unset | Verb::Enable | Verb::Disable => {
                assert!(there.contains(&op.object), "{}", briefly(op));
            }
            Verb::Unbind | Verb::Remove => {
                assert!(there.remove(&op.object), "{}", briefly(op));
                let hanging = there.iter().find(|object| ends(object).contains(&op.object));
                assert_eq!(hanging, None, "{} from under it", briefly(op));
            }
            Verb::Save => assert_eq!(index + 1, plan.operations.len(), "the save is last"),
        }
    }
}
