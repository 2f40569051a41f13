//! Berlin as it was seen, everything as it should be, and ways to spoil it.

use crate::common::{ACTION, GATEWAY, Owned, listener, whole};
use engine::{check, checks::Input};
use model::{
    At, Freshness,
    appliance::{HalfSeen, Heard, Which},
    certkey::CertFacts,
    clock::from_millis,
    desired::Desired,
    finding::{Finding, Grade},
    node::{
        Accepted, Account, Apns, Directory, Door, IdFact, KeyChange, Keys, Licence, Licences, MANAGEMENT_PORT, Member,
        Members, NodeFacts, NodeKeys, PortFact, Source, Told, Trouble, TroubleKind, Web,
    },
    object::{Attrs, Kind, ObjectRef, Value},
    pair::Pair,
    read_error::ReadError,
    snapshot::{Seen, Snapshot},
    state::StateWord,
};
use std::{collections::BTreeMap, net::Ipv4Addr};

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
    pub keys: BTreeMap<Ipv4Addr, NodeKeys>,
    pub accounts: BTreeMap<Account, Option<At>>,
    pub freshness: Freshness,
    pub failure: Option<(At, ReadError)>,
}

pub fn now() -> At {
    "2026-11-01T00:00:00Z".parse().unwrap()
}

fn object(object: ObjectRef, state: &str, attrs: &[(&str, Value)], facts: &[(&str, &str)]) -> Seen {
    let state = (!state.is_empty()).then(|| StateWord(state.into()));
    let facts: Attrs = facts.iter().map(|(name, value)| ((*name).to_owned(), (*value).into())).collect();
    Seen { object, attrs: crate::common::attrs(attrs), state, facts }
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
                &[("persistencetype", "CUSTOMSERVERID".into()), ("rule", engine::wanted::NODE_COOKIE.into())]
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
        let mut snapshot = Snapshot {
            at: now(),
            clock: Some(0),
            role: "Primary".into(),
            unsaved: Some(false),
            objects,
            ..Snapshot::default()
        };
        snapshot.pair = Some(Pair {
            address: "10.0.0.11".into(),
            role: "Secondary".into(),
            status: "UP".into(),
            sync: "SUCCESS".into(),
            passes_on: Some(true),
            ..Pair::default()
        });
        snapshot.settle();
        let all: Vec<Ipv4Addr> = desired.nodes.iter().map(|node| node.address).collect();
        let nodes = all.iter().map(|address| well(*address, &all)).collect();
        let keys = all.iter().map(|address| (*address, accepted())).collect();
        let accounts = Account::ALL.into_iter().map(|account| (account, None)).collect();
        let owned = Owned::new();
        Self { desired, snapshot, owned, nodes, keys, accounts, freshness: Freshness::Fresh, failure: None }
    }

    pub fn check(&self) -> Vec<Finding> {
        let findings = check(&Input { seen: Some((&self.snapshot, self.freshness)), ..input(self, &self.snapshot) });
        // By its key it is known since when each is so: two that share one would share that time as well.
        let mut keys: Vec<String> = findings.iter().filter(|one| one.is_trouble()).map(Finding::key).collect();
        keys.sort_unstable();
        if let Some([twice, _]) = keys.windows(2).find(|pair| pair[0] == pair[1]) {
            panic!("two findings with the key {twice}: {findings:#?}");
        }
        findings
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

    /// What is known of a node, by its name on the appliance.
    pub fn node(&mut self, server: &str) -> &mut NodeFacts {
        let index = self.desired.nodes.iter().position(|node| node.name == server).unwrap();
        &mut self.nodes[index]
    }

    pub fn address(&self, server: &str) -> Ipv4Addr {
        self.desired.nodes.iter().find(|node| node.name == server).unwrap().address
    }

    /// Its ports take connections and say nothing.
    /// What each half of the pair said, asked by its own address.
    pub fn halves(&mut self, heard: [Heard; 2]) {
        let (each, at) = ([Which::First, Which::Second].into_iter().zip(heard), self.snapshot.at);
        self.snapshot.halves = each.map(|(which, heard)| HalfSeen { which, at, heard }).collect();
    }

    pub fn silent(&mut self, server: &str, ports: &[u16]) {
        for port in ports {
            let fact = PortFact { problem: Some("No answer in 5 s.".into()), ..PortFact::default() };
            self.node(server).ports.insert(*port, Told::new(lately(), fact));
        }
    }

    pub fn port(&mut self, server: &str, port: u16) -> &mut PortFact {
        &mut self.node(server).ports.get_mut(&port).unwrap().value
    }

    /// Whom it lists, and as what.
    pub fn lists(&mut self, server: &str, list: &[(&str, &str)]) {
        let member = |(last, word): &(&str, &str)| {
            let (status, role) = word.split_once(' ').unwrap_or((word, "NONE"));
            Member { address: format!("10.20.30.{last}"), status: status.into(), role: role.into() }
        };
        let members = Members { list: list.iter().map(member).collect(), source: Source::Ssh };
        self.node(server).members = Some(told(members));
    }

    pub fn tried(&mut self, server: &str, door: Door, kind: TroubleKind) {
        let trouble = Trouble::new(kind, "It did not work.");
        self.node(server).tries.insert(door, Told::new(lately(), Some(trouble)));
    }

    /// Another host key than the accepted one, a moment ago.
    pub fn other_key(&mut self, server: &str) {
        let address = self.address(server);
        let keys = Keys { tls: None, ssh: Some("ssh-ed25519 SHA256:two".into()) };
        self.keys.get_mut(&address).unwrap().changed = Some(KeyChange { at: now(), keys });
    }

    /// Another certificate than the accepted one was shown a moment ago; the last look saw `now_shown`.
    pub fn other_certificate(&mut self, server: &str, now_shown: &str) {
        let address = self.address(server);
        self.node(server).ports.get_mut(&MANAGEMENT_PORT).unwrap().value.sha256 = Some(now_shown.into());
        let keys = Keys { tls: Some("ee".repeat(32)), ssh: None };
        self.keys.get_mut(&address).unwrap().changed = Some(KeyChange { at: now(), keys });
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
        self.check().into_iter().filter(|finding| finding.outcome < Grade::NotChecked).collect()
    }
}

/// Read a moment ago.
pub fn lately() -> At {
    At::from_second(now().as_second() - 4).unwrap()
}

/// A node that says so of its number, and nothing else.
pub fn said(address: Ipv4Addr, id: &str) -> NodeFacts {
    let mut facts = NodeFacts::new(address);
    facts.ids.insert(0, IdFact { source: Source::Ssh, id: id.into(), at: Some(lately()), doubt: None });
    facts
}

fn told<T>(value: T) -> Told<T> {
    Told::new(lately(), value)
}

fn port(web: Option<Web>) -> Told<PortFact> {
    let certificate = CertFacts {
        subject: Some("CN=xms.example.com".into()),
        issuer: Some("CN=Example CA".into()),
        names: Some(vec!["xms.example.com".into()]),
        not_before: Some("2026-01-01T00:00:00Z".parse().unwrap()),
        not_after: Some("2027-11-01T00:00:00Z".parse().unwrap()),
        ..CertFacts::default()
    };
    let fact = PortFact {
        sha256: Some("0a".repeat(32)),
        subject: Some("CN=xms.example.com".into()),
        certificate: Some(certificate),
        rsa_bits: Some(2048),
        chain: 2,
        web,
        ..PortFact::default()
    };
    Told::new(lately(), fact)
}

/// A node that is well, and lists these.
fn well(address: Ipv4Addr, all: &[Ipv4Addr]) -> NodeFacts {
    let serves = Some(Web::Serves { enrolment: None });
    let enrols = Some(Web::Serves { enrolment: Some(true) });
    let member = |other: &Ipv4Addr| Member {
        address: other.to_string(),
        status: "ACTIVE".into(),
        role: if Some(other) == all.first() { "OLDEST" } else { "NONE" }.into(),
    };
    let licence = Licence {
        product: "CXM_ENTU_UD".into(),
        in_use: Some(812),
        available: Some(188),
        days_left: Some(390),
        ..Licence::default()
    };
    NodeFacts {
        version: Some(told("10.16.0.48".into())),
        members: Some(told(Members { list: all.iter().map(member).collect(), source: Source::Ssh })),
        devices: Some(told(1310)),
        ports: [(443, port(None)), (8443, port(enrols)), (4443, port(serves))].into(),
        clock: Some(told(0)),
        apns: Some(told(Apns {
            name: Some("APNs".into()),
            ends: Some("2027-03-01T00:00:00Z".parse().unwrap()),
            expired: Some(false),
            ..Apns::default()
        })),
        licences: Some(told(Licences { configured: Some(true), grace_days: Some(0), list: vec![licence] })),
        directories: Some(told(vec![Directory {
            domain: "example.com".into(),
            servers: vec!["10.20.30.5:389".into()],
            default: true,
        }])),
        tries: Door::ALL.into_iter().map(|door| (door, Told::new(lately(), None))).collect(),
        ..said(address, &address.to_bits().to_string())
    }
}

fn accepted() -> NodeKeys {
    let keys = Keys { tls: Some("0a".repeat(32)), ssh: Some("ssh-ed25519 SHA256:one".into()) };
    let accepted = Accepted { at: from_millis(0), by: None, by_name: "ada".into(), keys };
    NodeKeys { accepted: Some(accepted), ..NodeKeys::default() }
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
        keys: &berlin.keys,
        accounts: &berlin.accounts,
        failure: berlin.failure.as_ref().map(|(at, error)| (*at, error)),
        fqdn: FQDN,
        now: now(),
        interval: 10,
    }
}
