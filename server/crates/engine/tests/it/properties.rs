//! For any legal desired state and any starting state (invariants 3 and 5).

use crate::{
    common::{Owned, assert_order, by_hand, keeping_off, look, node, own, planned, run},
    fake::{FakeAppliance, MemoryJournal},
};
use engine::{Mode, Perform, RunOutcome, kinds, plan, plan::operation::build};
use futures::executor::block_on;
use model::{
    desired::{CertFiles, Desired, Dns, Gateway, Listener, Mam, Mdm, Node, Persistence},
    object::{Attrs, Kind, ObjectRef},
    plan::{Inverse, Method, Operation, Plan, Verb},
    snapshot::Snapshot,
};
use proptest::{prelude::*, sample::subsequence, test_runner::FileFailurePersistence};
use serde_json::json;

/// What somebody did to an appliance, with numbers to choose the object by.
#[derive(Clone, Debug)]
enum Event {
    /// `lbMethod` or `timeout` of a virtual server, weight of a member, health monitor of a group.
    Method(usize),
    Timeout(usize, u16),
    Weight(usize, u8),
    Unmonitored(usize),
    FeatureOff(bool),
    MemberLost(usize),
    BindingLost(usize),
    /// Gatehouse no longer owns this one of its objects.
    Forgotten(usize),
    /// A server of others, perhaps with the address of a node.
    Server {
        name: u8,
        last: u8,
    },
    Group {
        name: u8,
    },
    /// A member of others in any group, with any server.
    Member {
        group: usize,
        server: usize,
        port: u16,
    },
    Vserver {
        name: u8,
        vip: u8,
        port: u16,
    },
    /// Any group behind any virtual server.
    Binding {
        vserver: usize,
        group: usize,
    },
    /// Another certificate, store, pointer or address, by somebody else.
    Certificate(usize),
    Store,
    Pointer,
    Record(u8),
    /// Anything that has a switch, ours or not, by hand.
    Switched {
        n: usize,
        on: bool,
    },
    Saved,
}

fn event() -> impl Strategy<Value = Event> {
    let some = || 0usize..64;
    prop_oneof![
        some().prop_map(Event::Method),
        (some(), 2u16..90).prop_map(|(n, minutes)| Event::Timeout(n, minutes)),
        (some(), 1u8..101).prop_map(|(n, weight)| Event::Weight(n, weight)),
        some().prop_map(Event::Unmonitored),
        any::<bool>().prop_map(Event::FeatureOff),
        some().prop_map(Event::MemberLost),
        some().prop_map(Event::BindingLost),
        some().prop_map(Event::Forgotten),
        (0u8..4, 1u8..13).prop_map(|(name, last)| Event::Server { name, last }),
        (0u8..4).prop_map(|name| Event::Group { name }),
        (some(), some(), ports()).prop_map(|(group, server, port)| Event::Member { group, server, port }),
        (0u8..4, 0u8..6, ports()).prop_map(|(name, vip, port)| Event::Vserver { name, vip, port }),
        some().prop_map(Event::Certificate),
        Just(Event::Store),
        Just(Event::Pointer),
        (50u8..58).prop_map(Event::Record),
        (some(), some()).prop_map(|(vserver, group)| Event::Binding { vserver, group }),
        (some(), proptest::bool::weighted(0.3)).prop_map(|(n, on)| Event::Switched { n, on }),
        (some(), proptest::bool::weighted(0.3)).prop_map(|(n, on)| Event::Switched { n, on }),
        Just(Event::Saved),
    ]
}

fn ports() -> impl Strategy<Value = u16> {
    prop_oneof![Just(443u16), Just(8443), 1u16..=65534]
}

fn nodes() -> impl Strategy<Value = Vec<Node>> {
    let addresses = subsequence((1u8..13).collect::<Vec<_>>(), 1..=6).prop_shuffle();
    let names = subsequence((1u8..13).collect::<Vec<_>>(), 6).prop_shuffle();
    (addresses, names).prop_map(|(addresses, names)| {
        addresses.iter().zip(names).map(|(last, name)| node(&format!("xms{name:02}"), *last)).collect()
    })
}

fn listeners() -> impl Strategy<Value = Vec<Listener>> {
    let ports = subsequence(vec![443u16, 8443, 80, 9443], 0..=3);
    (ports, 0u8..2, 0u8..2).prop_map(|(ports, vserver, group)| {
        let name = |port: &u16| Listener {
            port: *port,
            vserver: format!("xms-{vserver}-mdm-{port}"),
            group: format!("xms-{group}-mdm-{port}-sg"),
        };
        ports.iter().map(name).collect()
    })
}

fn desired() -> impl Strategy<Value = Desired> {
    let persistence = prop_oneof![Just(Persistence::SourceIp), Just(Persistence::SslSession)];
    let timeout = prop_oneof![Just(2u16), Just(20), 2u16..=1440];
    let mdm = (0u8..2, persistence, timeout, listeners()).prop_map(|(vip, persistence, timeout, listeners)| Mdm {
        vip: [10, 20, 40, 50 + vip].into(),
        persistence,
        timeout,
        listeners,
    });
    let kept = proptest::collection::vec(0usize..64, 0..3);
    let fqdn = prop_oneof![3 => Just("xms.example.com"), 1 => Just("mdm.example.com")];
    (fqdn, nodes(), proptest::option::weighted(0.8, mdm), proptest::option::of(mam()), edges(), kept).prop_map(
        |(fqdn, nodes, mdm, mam, (gateway, dns), kept)| {
            keeping_some_off(Desired { nodes, mdm, mam, gateway, dns, ..Desired::blank(fqdn) }, &kept)
        },
    )
}

/// Some of what the set-up has, out of service on purpose.
fn keeping_some_off(desired: Desired, numbers: &[usize]) -> Desired {
    let wanted = engine::wanted::target(&desired, &Snapshot::default()).wanted;
    let switched: Vec<_> = wanted.into_iter().map(|w| w.object).filter(|object| object.kind.has_switch()).collect();
    let picked = numbers.iter().filter_map(|n| switched.get(n % switched.len().max(1)));
    picked.fold(desired, |desired, object| keeping_off(&desired, object.clone()))
}

/// Names that no MDM listener has, so that a set-up contradicts itself only where the address does.
fn mam() -> impl Strategy<Value = Mam> {
    let files = |n: u8| CertFiles {
        upload: n.into(),
        cert: format!("up{n}.cer"),
        key: format!("up{n}.key"),
        chain: vec![(format!("ca{n}"), format!("ca{n}.cer"))],
        sha256: String::new(),
    };
    (0u8..2, 0u8..2, 0u8..3).prop_map(move |(vip, name, certificate)| Mam {
        vip: [10, 20, 40, 53 + vip].into(),
        listener: Listener { port: 8443, vserver: format!("mam{name}"), group: format!("mam{name}-sg") },
        certificate: if certificate == 0 { "wildcard-example".into() } else { format!("up{certificate}") },
        files: (certificate > 0).then(|| files(certificate)),
    })
}

fn edges() -> impl Strategy<Value = (Option<Gateway>, Option<Dns>)> {
    let gateway = any::<bool>().prop_map(|action| Gateway {
        vserver: crate::common::GATEWAY.into(),
        actions: action.then(|| crate::common::ACTION.to_owned()).into_iter().collect(),
    });
    let dns = any::<bool>().prop_map(|record| Dns { record });
    (proptest::option::of(gateway), proptest::option::of(dns))
}

fn pick(snapshot: &Snapshot, kind: Kind, n: usize) -> Option<ObjectRef> {
    let all: Vec<&ObjectRef> = snapshot.of_kind(kind).map(|seen| &seen.object).collect();
    all.get(n % all.len().max(1)).map(|object| (*object).clone())
}

/// Lets it happen; what the appliance refuses did not happen.
fn happen(appliance: &FakeAppliance, owned: &mut Owned, event: &Event) -> Option<()> {
    let now = look(appliance);
    let put = |resource, body| appliance.other(Method::Put, resource, None, body).ok();
    match event {
        Event::Method(n) => {
            let name = pick(&now, Kind::LbVserver, *n)?.part(0).to_owned();
            put("lbvserver", json!({ "name": name, "lbmethod": "ROUNDROBIN" }))
        }
        Event::Timeout(n, minutes) => {
            let name = pick(&now, Kind::LbVserver, *n)?.part(0).to_owned();
            put("lbvserver", json!({ "name": name, "timeout": minutes.to_string() }))
        }
        Event::Weight(n, weight) => {
            let member = pick(&now, Kind::Member, *n)?;
            let (group, server, port) = (member.part(0), member.part(1), member.part(2));
            let body = json!({ "servicegroupname": group, "servername": server, "port": port, "weight": weight });
            put("servicegroup", body)
        }
        Event::Unmonitored(n) => {
            let name = pick(&now, Kind::ServiceGroup, *n)?.part(0).to_owned();
            put("servicegroup", json!({ "servicegroupname": name, "healthmonitor": "no" }))
        }
        Event::FeatureOff(ssl) => {
            appliance.lose(&ObjectRef::feature(if *ssl { "SSL" } else { "LB" }));
            Some(())
        }
        Event::MemberLost(n) => {
            appliance.lose(&pick(&now, Kind::Member, *n)?);
            Some(())
        }
        Event::BindingLost(n) => {
            appliance.lose(&pick(&now, Kind::LbVserverGroup, *n)?);
            Some(())
        }
        Event::Forgotten(n) => {
            let object = owned.iter().nth(n % owned.len().max(1)).cloned()?;
            owned.remove(&object).then_some(())
        }
        Event::Server { name, last } => appliance
            .load("server", json!({ "name": format!("s{name}"), "ipaddress": format!("10.20.30.{last}") }))
            .ok(),
        Event::Group { name } => {
            let body =
                json!({ "servicegroupname": format!("g{name}"), "servicetype": "SSL_BRIDGE", "comment": "theirs" });
            appliance.load("servicegroup", body).ok()
        }
        Event::Member { group, server, port } => {
            let group = pick(&now, Kind::ServiceGroup, *group)?.part(0).to_owned();
            let server = pick(&now, Kind::Server, *server)?.part(0).to_owned();
            let body = json!({ "servicegroupname": group, "servername": server, "port": port });
            appliance.load("servicegroup_servicegroupmember_binding", body).ok()
        }
        Event::Vserver { name, vip, port } => {
            let (name, address) = (format!("v{name}"), format!("10.20.40.{}", 50 + vip));
            let body = json!({ "name": name, "servicetype": "SSL_BRIDGE", "ipv46": address, "port": port });
            appliance.load("lbvserver", body).ok()
        }
        Event::Binding { vserver, group } => {
            let vserver = pick(&now, Kind::LbVserver, *vserver)?.part(0).to_owned();
            let group = pick(&now, Kind::ServiceGroup, *group)?.part(0).to_owned();
            let body = json!({ "name": vserver, "servicegroupname": group });
            appliance.load("lbvserver_servicegroup_binding", body).ok()
        }
        Event::Certificate(n) => {
            let name = pick(&now, Kind::LbVserver, *n)?.part(0).to_owned();
            let body = json!({ "vservername": name, "certkeyname": "wildcard-example" });
            appliance.load("sslvserver_sslcertkey_binding", body).ok()
        }
        Event::Store => put(
            "vpnsessionaction",
            json!({ "name": crate::common::ACTION, "storefronturl": "https://theirs.example.com" }),
        ),
        Event::Pointer => {
            let body = json!({ "name": crate::common::GATEWAY, "appcontroller": "https://theirs.example.com:8443" });
            appliance.load("vpnvserver_appcontroller_binding", body).ok()
        }
        Event::Record(last) => {
            let body = json!({ "hostname": "xms.example.com", "ipaddress": format!("10.20.40.{last}") });
            appliance.load("dnsaddrec", body).ok()
        }
        Event::Switched { n, on } => {
            let switched = now.objects.iter().map(|seen| &seen.object).filter(|object| object.kind.has_switch());
            let all: Vec<&ObjectRef> = switched.collect();
            by_hand(appliance, if *on { "enable" } else { "disable" }, all.get(n % all.len().max(1))?)
        }
        Event::Saved => {
            appliance.set_saved();
            Some(())
        }
    }
}

/// An appliance with a past: perhaps an earlier set-up of ours, and what others did since.
fn past(earlier: Option<&Desired>, events: &[Event]) -> (FakeAppliance, Owned) {
    let (appliance, mut owned) = (crate::common::furnished(), Owned::new());
    if let Some(earlier) = earlier {
        // The session action is the Gateway's: somebody consents to it first.
        owned.extend(planned(&appliance, earlier, &owned).conflicts.into_iter().map(|conflict| conflict.object));
        crate::common::apply(&appliance, earlier, &mut owned);
    }
    for event in events {
        let _ = happen(&appliance, &mut owned, event);
    }
    (appliance, owned)
}

/// The plan after consent to everything that may be adopted.
fn consented(appliance: &FakeAppliance, desired: &Desired, owned: &mut Owned) -> Plan {
    let plan = planned(appliance, desired, owned);
    owned.extend(plan.conflicts.iter().filter(|conflict| conflict.adoptable).map(|conflict| conflict.object.clone()));
    planned(appliance, desired, owned)
}

/// Takes everything back, last first, in the plan's own words.
fn undo(appliance: &FakeAppliance, plan: &Plan) {
    for op in plan.operations.iter().rev() {
        if let Inverse::Do { verb, attrs } = &op.inverse {
            let gone = matches!(verb, Verb::Remove | Verb::Unbind);
            let (attrs, before) = if gone { (Attrs::new(), attrs.clone()) } else { (attrs.clone(), Attrs::new()) };
            let back = build(op.seq, *verb, op.object.clone(), attrs, before, "Taken back.".into());
            let asleep = look(appliance);
            let answer = block_on(appliance.perform(&back));
            assert!(answer.is_ok(), "{}: {answer:?}", back.cli);
            // A server that is enabled wakes all that stands on it; an undo puts back to sleep what slept by itself.
            let slept = asleep.of_kind(Kind::Member).filter(|seen| kinds::is_off(&seen.attrs));
            for member in slept.filter(|_| *verb == Verb::Enable && op.object.kind == Kind::Server) {
                assert_eq!(by_hand(appliance, "disable", &member.object), Some(()));
            }
        }
    }
}

fn without_features(snapshot: Snapshot) -> Vec<(ObjectRef, Attrs)> {
    let objects = snapshot.objects.into_iter().filter(|seen| seen.object.kind != Kind::Feature);
    objects.map(|seen| (seen.object, seen.attrs)).collect()
}

fn config(cases: u32) -> ProptestConfig {
    let failure_persistence = Some(Box::new(FileFailurePersistence::Off) as Box<_>);
    ProptestConfig { cases, failure_persistence, ..ProptestConfig::default() }
}

proptest! {
    #![proptest_config(config(128))]

    #[test]
    fn applying_leads_to_the_desired_state_and_touches_nothing_of_others(
        earlier in proptest::option::weighted(0.8, desired()),
        events in proptest::collection::vec(event(), 0..10),
        wanted in desired(),
    ) {
        let (appliance, mut owned) = past(earlier.as_ref(), &events);
        let plan = consented(&appliance, &wanted, &mut owned);
        prop_assert_eq!(&plan, &engine::plan(&wanted, &look(&appliance), &owned), "the same again");
        prop_assert!(plan.conflicts.iter().all(|conflict| !conflict.adoptable));
        let journal = MemoryJournal::new();
        let before = (look(&appliance), appliance.rows(), appliance.sent().len());
        if !plan.conflicts.is_empty() {
            let outcome = run(&appliance, &plan, &journal, Mode::Fresh);
            let refused = matches!(outcome, RunOutcome::Failed { seq: 0, .. });
            prop_assert!(refused);
            prop_assert_eq!(appliance.sent().len(), before.2);
            return Ok(());
        }
        assert_order(&plan, &before.0);
        let outcome = run(&appliance, &plan, &journal, Mode::Fresh);
        prop_assert_eq!(outcome, RunOutcome::Succeeded);
        let after = appliance.rows();
        for (object, row) in before.1.iter().filter(|(object, _)| !owned.contains(object)) {
            prop_assert_eq!(after.get(object), Some(row), "{} is not ours", object);
        }
        own(&mut owned, &plan, &journal.states(&plan));
        let again = planned(&appliance, &wanted, &owned);
        prop_assert!(again.is_empty() && again.conflicts.is_empty(), "{:#?}", again);
        // What is there and wanted has all that is wanted, by the appliance's own spelling.
        let target = engine::wanted::target(&wanted, &look(&appliance));
        let is_off = |object: ObjectRef| target.find(&object).is_some_and(|wanted| kinds::is_off(&wanted.attrs));
        for target in &target.wanted {
            let seen = look(&appliance);
            let seen = seen.find(&target.object);
            let mut seen = seen.map(|seen| seen.attrs.clone());
            // Where nothing is remembered a timeout means nothing, and is left as it is.
            if target.attrs.get("persistencetype") == Some(&"CUSTOMSERVERID".into()) {
                seen.as_mut().and_then(|attrs| attrs.remove("timeout"));
            }
            let mut attrs = kinds::normalise(target.object.kind, &target.attrs);
            // Out of service with its server or its group, whatever it is itself.
            let (group, server) = (ObjectRef::group(target.object.part(0)), ObjectRef::server(target.object.part(1)));
            if target.object.kind == Kind::Member && (is_off(group) || is_off(server)) {
                attrs.remove(kinds::STATE);
                seen.as_mut().and_then(|attrs| attrs.remove(kinds::STATE));
            }
            prop_assert_eq!(seen, Some(attrs));
        }
    }

    #[test]
    fn inverses_in_reverse_lead_back(
        earlier in proptest::option::weighted(0.8, desired()),
        events in proptest::collection::vec(event(), 0..6),
        wanted in desired(),
    ) {
        let (appliance, mut owned) = past(earlier.as_ref(), &events);
        let plan = consented(&appliance, &wanted, &mut owned);
        prop_assume!(plan.conflicts.is_empty());
        // What was in a file was never read.
        let lost = |op: &Operation| op.verb == Verb::Remove && op.object.kind == Kind::CertFile;
        prop_assume!(!plan.operations.iter().any(lost));
        let before = without_features(look(&appliance));
        let outcome = run(&appliance, &plan, &MemoryJournal::new(), Mode::Fresh);
        prop_assert_eq!(outcome, RunOutcome::Succeeded);
        undo(&appliance, &plan);
        prop_assert_eq!(without_features(look(&appliance)), before);
    }

    #[test]
    fn planning_does_not_depend_on_the_order_of_reading(
        earlier in desired(),
        events in proptest::collection::vec(event(), 0..6),
        wanted in desired(),
        turn in 0usize..20,
    ) {
        let (appliance, owned) = past(Some(&earlier), &events);
        let snapshot = look(&appliance);
        let mut turned = snapshot.clone();
        let by = turn % turned.objects.len().max(1);
        turned.objects.rotate_left(by);
        prop_assert_eq!(engine::fingerprint(&turned), engine::fingerprint(&snapshot));
        turned.settle();
        prop_assert_eq!(plan(&wanted, &turned, &owned), plan(&wanted, &snapshot, &owned));
    }

    #[test]
    fn normalising_any_text_does_not_panic_and_twice_is_once(text in "\\PC{0,12}", number in any::<i64>(), float in any::<f64>()) {
        for kind in Kind::ALL {
            for value in [json!(text), json!(number), json!(float), json!(null), json!([text]), json!(number.to_string())] {
                let object: serde_json::Map<_, _> =
                    kinds::of(kind).fields().map(|name| (name.to_owned(), value.clone())).collect();
                let once = kinds::normalise_json(kind, &object);
                prop_assert_eq!(&kinds::normalise(kind, &once), &once);
            }
        }
    }
}
