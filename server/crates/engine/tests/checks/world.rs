//! Berlin as it was seen, everything as it should be, and ways to spoil it.

use crate::common::{self, ACTION, GATEWAY, Owned, listener, whole};
use engine::{check, checks::Input};
use model::{
    At, Freshness,
    clock::from_millis,
    desired::Desired,
    finding::{Finding, Outcome},
    node::{IdFact, NodeFacts, Source},
    object::{Attrs, Kind, ObjectRef, Value},
    pair::Pair,
    snapshot::{Seen, Snapshot},
    state::StateWord,
};
use std::net::Ipv4Addr;

pub const MAM: &str = "xms-berlin-mam-8443";
pub const MAM_GROUP: &str = "xms-berlin-mam-8443-sg";
pub const CERT: &str = "wildcard-example";
pub const FQDN: &str = "xms.example.com";

/// A cluster as it was seen, and the time. Cases spoil it.
pub struct Berlin {
    pub desired: Desired,
    pub snapshot: Snapshot,
    pub owned: Owned,
    pub nodes: Vec<NodeFacts>,
    pub freshness: Freshness,
}

pub fn now() -> At {
    "2026-11-01T00:00:00Z".parse().unwrap()
}

fn object(object: ObjectRef, state: &str, attrs: &[(&str, Value)], facts: &[(&str, &str)]) -> Seen {
    let state = (!state.is_empty()).then(|| StateWord(state.into()));
    let facts: Attrs = facts.iter().map(|(name, value)| ((*name).to_owned(), (*value).into())).collect();
    Seen { object, attrs: common::attrs(attrs), state, facts }
}

impl Berlin {
    /// Everything as it should be.
    pub fn new() -> Self {
        let desired = whole();
        let mut objects: Vec<Seen> =
            ["LB", "SSL", "SSLVPN"].map(|token| object(ObjectRef::feature(token), "", &[], &[])).into();
        for node in &desired.nodes {
            let address = node.address.to_string().into();
            objects.push(object(ObjectRef::server(&node.name), "ENABLED", &[("ipaddress", address)], &[]));
        }
        for listener in desired.listeners() {
            let mam = listener.vserver == MAM;
            let stay: &[(&str, Value)] = if mam {
                &[("persistencetype", "CUSTOMSERVERID".into()), ("rule", engine::target::NODE_COOKIE.into())]
            } else {
                &[("persistencetype", "SOURCEIP".into()), ("timeout", Value::Number(20))]
            };
            let kind = ("servicetype", Value::from(if mam { "SSL" } else { "SSL_BRIDGE" }));
            let vip = if mam { "10.20.40.52" } else { "10.20.40.51" };
            let place = [kind.clone(), ("ipv46", vip.into()), ("port", listener.port.into())];
            let attrs: Vec<_> = place.into_iter().chain(stay.iter().cloned()).collect();
            objects.push(object(ObjectRef::vserver(&listener.vserver), "UP", &attrs, &[]));
            objects.push(object(ObjectRef::group(&listener.group), "UP", &[kind], &[("state", "ENABLED")]));
            objects.push(object(ObjectRef::vserver_group(&listener.vserver, &listener.group), "", &[], &[]));
            for node in &desired.nodes {
                let member = ObjectRef::member(&listener.group, &node.name, listener.port);
                let id = node.id.clone().filter(|_| mam).map(|id| ("customserverid", Value::Text(id)));
                let id: Vec<_> = id.into_iter().collect();
                objects.push(object(member, "UP", &id, &[("state", "ENABLED")]));
            }
        }
        let certificate = [
            ("subject", "CN=*.example.com"),
            ("issuer", "CN=Example CA"),
            ("sandns", "*.example.com, example.com"),
            ("clientcertnotbefore", "May 17 07:21:16 2026 GMT"),
            ("clientcertnotafter", "May 17 07:21:16 2027 GMT"),
            ("status", "Valid"),
        ];
        let link = |name: &str| [("linkcertkeyname", Value::from(name))];
        objects.extend([
            object(ObjectRef::cert_key(CERT), "", &[], &certificate),
            object(ObjectRef::cert_link(CERT), "", &link("example-ca"), &[]),
            object(ObjectRef::vserver_cert(MAM), "", &[("certkeyname", CERT.into())], &[]),
            object(ObjectRef::gateway(GATEWAY), "UP", &[("ipv46", "10.20.40.40".into())], &[]),
            object(ObjectRef::app_controller(GATEWAY, "https://xms.example.com:8443"), "", &[], &[]),
            object(
                ObjectRef::session_action(ACTION),
                "",
                &[("storefronturl", "https://xms.example.com:8443/".into())],
                &[],
            ),
            object(ObjectRef::address_record(FQDN, "10.20.40.52"), "", &[], &[]),
        ]);
        let mut snapshot =
            Snapshot { at: now(), role: "Primary".into(), unsaved: Some(false), objects, ..Snapshot::default() };
        snapshot.pair = Some(Pair {
            address: "10.0.0.11".into(),
            role: "Secondary".into(),
            status: "UP".into(),
            sync: "SUCCESS".into(),
            passes_on: Some(true),
            ..Pair::default()
        });
        snapshot.settle();
        let nodes = desired.nodes.iter().map(|node| said(node.address, &node.address.to_bits().to_string())).collect();
        Self { desired, snapshot, owned: Owned::new(), nodes, freshness: Freshness::Fresh }
    }

    pub fn check(&self) -> Vec<Finding> {
        check(&Input { seen: Some((&self.snapshot, self.freshness)), ..input(self, &self.snapshot) })
    }

    pub fn seen(&mut self, object: &ObjectRef) -> &mut Seen {
        self.snapshot.objects.iter_mut().find(|seen| seen.object == *object).unwrap()
    }

    pub fn state(&mut self, object: &ObjectRef, word: &str) {
        self.seen(object).state = Some(StateWord(word.into()));
    }

    pub fn fact(&mut self, object: &ObjectRef, name: &str, value: &str) {
        self.seen(object).facts.insert(name.into(), value.into());
    }

    pub fn attr(&mut self, object: &ObjectRef, name: &str, value: &str) {
        self.seen(object).attrs.insert(name.into(), value.into());
    }

    pub fn remove(&mut self, object: &ObjectRef) {
        self.snapshot.objects.retain(|seen| seen.object != *object);
    }

    pub fn add(&mut self, reference: ObjectRef) {
        self.snapshot.objects.push(object(reference, "", &[], &[]));
        self.snapshot.settle();
    }

    pub fn members(&self, server: &str) -> Vec<ObjectRef> {
        let all = self.snapshot.of_kind(Kind::Member).map(|seen| seen.object.clone());
        all.filter(|object| object.part(1) == server).collect()
    }

    pub fn node_off(&mut self, server: &str) {
        for member in self.members(server) {
            self.state(&member, "DOWN");
            self.fact(&member, "probe", "tcp-default: Failure - Time out during TCP connection establishment stage");
        }
    }

    pub fn everything_down(&mut self) {
        for kind in [Kind::Member, Kind::ServiceGroup, Kind::LbVserver] {
            let all: Vec<_> = self.snapshot.of_kind(kind).map(|seen| seen.object.clone()).collect();
            for object in all {
                self.state(&object, "DOWN");
            }
        }
    }

    pub fn server_id(&mut self, server: &str, id: &str) {
        self.attr(&ObjectRef::member(MAM_GROUP, server, 8443), "customserverid", id);
    }

    /// What is worse than a pass and was checked.
    pub fn trouble(&self) -> Vec<Finding> {
        self.check().into_iter().filter(|finding| finding.outcome < Outcome::NotChecked).collect()
    }
}

pub fn said(address: Ipv4Addr, id: &str) -> NodeFacts {
    let mut facts = NodeFacts::new(address);
    let ids = vec![IdFact { source: Source::Ssh, id: id.into(), at: Some(from_millis(1)), doubt: None }];
    facts.absorb(NodeFacts { ids, ..NodeFacts::new(address) });
    facts
}

pub fn vserver(port: u16) -> ObjectRef {
    ObjectRef::vserver(&listener(port).vserver)
}

pub fn group(port: u16) -> ObjectRef {
    ObjectRef::group(&listener(port).group)
}

pub fn input<'a>(berlin: &'a Berlin, snapshot: &'a Snapshot) -> Input<'a> {
    Input {
        desired: Some(&berlin.desired),
        seen: Some((snapshot, Freshness::Fresh)),
        owned: &berlin.owned,
        nodes: &berlin.nodes,
        fqdn: FQDN,
        now: now(),
    }
}
