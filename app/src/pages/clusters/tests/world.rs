//! Clusters in different states.

use model::{
    ApplianceId, At, ClusterId, Freshness,
    appliance::{Appliance, ApplianceForm},
    cluster::Cluster,
    desired::{Desired, DnsForm, Form, GatewayForm, MamForm, MdmForm, NodesForm},
    finding::{CheckCode, Finding},
    node::{IdFact, Member, Members, NodeFacts, Source, Told},
    noted::Noted,
    object::{Attrs, Kind, ObjectRef, Value},
    since::{Sinces, Watch},
    snapshot::{Seen, Snapshot},
    state::StateWord,
};
use services::{ClusterView, Sighting};
use std::{collections::BTreeSet, net::Ipv4Addr, sync::Arc};

pub const FQDN: &str = "xms.example.com";
pub const URL: &str = "https://xms.example.com:8443";
pub const GATEWAY: &str = "_XM_ag.example.com";

pub fn now() -> At {
    "2026-11-01T08:00:00Z".parse().unwrap()
}

pub fn ago(seconds: i64) -> At {
    At::from_second(now().as_second() - seconds).unwrap()
}

pub fn desired() -> Desired {
    let nodes = "10.20.30.11 xms01 169090571\n10.20.30.12 xms02 169090572\n10.20.30.13 xms03 169090573";
    let desired = NodesForm { nodes: nodes.into() }.apply(&Desired::blank(FQDN)).unwrap();
    let desired = MdmForm { vip: "10.20.40.51".into(), ..MdmForm::fresh("Berlin") }.apply(&desired).unwrap();
    let mam = MamForm { vip: "10.20.40.52".into(), certificate: "wildcard-example".into(), ..MamForm::fresh("Berlin") };
    let desired = mam.apply(&desired).unwrap();
    let gateway = GatewayForm { gateway: GATEWAY.into(), actions: String::new() };
    DnsForm::fresh().apply(&gateway.apply(&desired).unwrap()).unwrap()
}

pub fn seen(object: ObjectRef, state: &str, attrs: &[(&str, &str)], facts: &[(&str, &str)]) -> Seen {
    let map = |pairs: &[(&str, &str)]| -> Attrs {
        pairs.iter().map(|(name, value)| ((*name).to_owned(), Value::from(*value))).collect()
    };
    let state = (!state.is_empty()).then(|| StateWord(state.into()));
    Seen { object, attrs: map(attrs), state, facts: map(facts) }
}

/// What the procedure presupposes, and with `applied` all that it makes.
pub fn snapshot(desired: &Desired, applied: bool) -> Snapshot {
    let ends = ("clientcertnotafter", "May 17 07:21:16 2027 GMT");
    let mut objects = vec![
        seen(ObjectRef::gateway(GATEWAY), "UP", &[("ipv46", "10.20.40.40"), ("port", "443")], &[]),
        seen(ObjectRef::cert_key("wildcard-example"), "", &[], &[ends]),
    ];
    if applied {
        for node in &desired.nodes {
            let address = node.address.to_string();
            objects.push(seen(ObjectRef::server(&node.name), "ENABLED", &[("ipaddress", address.as_str())], &[]));
        }
        for listener in desired.listeners() {
            let mam = listener.vserver.contains("mam");
            let (ip, kind, stay) =
                if mam { ("10.20.40.52", "SSL", "CUSTOMSERVERID") } else { ("10.20.40.51", "SSL_BRIDGE", "SOURCEIP") };
            let port = listener.port.to_string();
            let mut attrs =
                vec![("ipv46", ip), ("port", port.as_str()), ("servicetype", kind), ("persistencetype", stay)];
            let rule = ("rule", "HTTP.REQ.COOKIE.VALUE(\"ACNODEID\")");
            attrs.push(if mam { rule } else { ("timeout", "20") });
            let counters = [("connections", "1284"), ("hits", "90210"), ("hits_rate", "37")];
            objects.push(seen(ObjectRef::vserver(&listener.vserver), "UP", &attrs, &counters));
            objects.push(seen(ObjectRef::group(&listener.group), "UP", &[], &[("state", "ENABLED")]));
            objects.push(seen(ObjectRef::vserver_group(&listener.vserver, &listener.group), "", &[], &[]));
            for node in &desired.nodes {
                let id = node.id.as_deref().filter(|_| mam).map(|id| ("customserverid", id));
                let facts = [("statechangetimesec", "Sun Nov  1 07:12:09 2026"), ("connections", "428")];
                let member = ObjectRef::member(&listener.group, &node.name, listener.port);
                objects.push(seen(member, "UP", &id.into_iter().collect::<Vec<_>>(), &facts));
            }
        }
        let bound = ObjectRef::vserver_cert("xms-berlin-mam-8443");
        objects.push(seen(bound, "", &[("certkeyname", "wildcard-example")], &[]));
        objects.push(seen(ObjectRef::app_controller(GATEWAY, URL), "", &[], &[]));
        objects.push(seen(ObjectRef::address_record(FQDN, "10.20.40.52"), "", &[], &[]));
    }
    let mut snapshot = Snapshot {
        at: ago(3),
        whole_at: Some(ago(38)),
        release: "13.1 build 48.47".into(),
        role: "Primary".into(),
        unsaved: Some(false),
        objects,
        ..Snapshot::default()
    };
    snapshot.settle();
    snapshot
}

pub fn nodes(desired: &Desired) -> Vec<NodeFacts> {
    let list: Vec<Member> = (desired.nodes.iter())
        .map(|node| {
            let role = if node.name == "xms01" { "OLDEST" } else { "NONE" };
            Member { address: node.address.to_string(), status: "ACTIVE".into(), role: role.into() }
        })
        .collect();
    let told = |address: Ipv4Addr| {
        let id = IdFact { source: Source::Ssh, id: address.to_bits().to_string(), at: Some(ago(41)), doubt: None };
        let mut facts = NodeFacts::new(address);
        let members = Some(Told::new(ago(41), Members { list: list.clone(), source: Source::Ssh }));
        facts.absorb(NodeFacts {
            ids: vec![id],
            members,
            devices: Some(Told::new(ago(41), 4711)),
            ..NodeFacts::new(address)
        });
        facts
    };
    desired.nodes.iter().map(|node| told(node.address)).collect()
}

pub fn view(applied: bool) -> ClusterView {
    let desired = desired();
    let snapshot = snapshot(&desired, applied);
    let form = ApplianceForm {
        title: "Lab".into(),
        address: "https://10.0.0.10".into(),
        user: "nsroot".into(),
        connect: "direct".into(),
        ..ApplianceForm::default()
    };
    ClusterView {
        cluster: Cluster { id: ClusterId(7), title: "Berlin".into(), fqdn: FQDN.into(), appliance: ApplianceId(1) },
        appliance: Appliance { id: ApplianceId(1), spec: form.parse().unwrap() },
        nodes: if applied { nodes(&desired) } else { Vec::new() },
        desired: Some(desired),
        sighting: Sighting {
            look: Some(1),
            now: now(),
            interval: 5,
            seen: Some((ago(3), Arc::new(snapshot), Freshness::Fresh)),
            failure: None,
        },
        outage: None,
        findings: vec![Finding::pass(CheckCode::VirtualServers, "Every virtual server is UP.")],
        sinces: Sinces::default(),
        owned: BTreeSet::new(),
        kept: BTreeSet::new(),
        unreadable: None,
        pending: Vec::new(),
        plans: Vec::new(),
    }
}

/// Good, one node off, only described, not seen lately.
pub fn states() -> [(&'static str, ClusterView); 4] {
    let mut off = view(true);
    if let Some((_, snapshot, _)) = &mut off.sighting.seen {
        for seen in Arc::make_mut(snapshot).objects.iter_mut().filter(|seen| seen.object.kind == Kind::Member) {
            if seen.object.part(1) == "xms02" {
                seen.state = Some(StateWord("DOWN".into()));
                seen.facts.insert("probe".into(), "tcp-default: Failure - Time out during TCP connection".into());
            }
        }
    }
    let node = Ipv4Addr::new(10, 20, 30, 12);
    let title = "Node xms02 (10.20.30.12) does not answer: all its 3 members are DOWN.";
    off.findings.insert(
        0,
        Finding::warn(CheckCode::Members, title)
            .because(
                "The node is off, restarting, or not reachable from the appliance. The other nodes carry its share.",
            )
            .seen_at(
                "The member xms02:443 of xms-berlin-mdm-443-sg is DOWN. Its monitor heard last: tcp-default: Time out.",
                ago(3),
            )
            .mend("Look at the virtual machine and its console.")
            .of_node(node),
    );
    // It was so at the first look of all, and this is the second.
    let looked = |seconds: i64| Noted { at: ago(seconds), ahead_ms: 0, run: 1 };
    let verdict = off.whole_verdict();
    let watch = Watch::default().judged(looked(840), 5, &off.findings, &verdict, Some(1)).judged(
        looked(3),
        5,
        &off.findings,
        &verdict,
        Some(1),
    );
    off.sinces = watch.told(looked(0));
    let mut planned = view(false);
    planned.findings = vec![
        Finding::not_checked(CheckCode::Applied, "The set-up has not been applied yet.")
            .because("It is described here and was never made on the appliance, so there is nothing to check.")
            .mend("Plan the change, read the plan, and apply it."),
    ];
    let mut old = view(true);
    if let Some((_, _, freshness)) = &mut old.sighting.seen {
        *freshness = Freshness::Unknown;
    }
    old.findings =
        vec![Finding::not_checked(CheckCode::Sight, "Nothing is checked: the appliance has not been seen lately.")];
    [("good", view(true)), ("off", off), ("planned", planned), ("old", old)]
}
