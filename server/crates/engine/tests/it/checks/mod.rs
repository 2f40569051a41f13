//! Every rule with what it must see and what it must leave alone.

mod faults;
mod nodes;
mod world;

use self::world::{Berlin, group, input, now, said, vserver};
use crate::common::listener;
use engine::{check, checks::Input};
use model::{
    Freshness,
    clock::from_millis,
    finding::{CheckCode, Finding, Grade, Remedy},
    node::{PortFact, Told},
    object::{Kind, ObjectRef},
    read_error::{ReadError, ReadErrorKind},
    state::StateWord,
    unread::Unread,
};
use proptest::prelude::*;
use std::{
    collections::{BTreeMap, BTreeSet},
    net::Ipv4Addr,
};

#[test]
fn a_cluster_that_is_right_passes_every_rule() {
    let findings = Berlin::new().check();
    assert_eq!(Berlin::new().trouble(), []);
    let blind: Vec<_> = findings.iter().filter(|f| f.outcome == Grade::NotChecked).map(|f| f.code).collect();
    assert_eq!(blind, [CheckCode::CheckIns, CheckCode::Directory], "what no source tells is named, and nothing else");
    let codes: BTreeSet<CheckCode> = findings.iter().map(|finding| finding.code).collect();
    let silent: Vec<_> = CheckCode::ALL.into_iter().filter(|code| !codes.contains(code)).collect();
    assert_eq!(silent, [CheckCode::Readable], "all has been read, so nothing is said about that");
}

#[test]
fn a_node_that_is_off_is_one_finding_with_the_last_words_of_its_monitors() {
    let mut berlin = Berlin::new();
    berlin.node_off("xms02");
    let [finding] = berlin.trouble().try_into().unwrap();
    assert_eq!((finding.node, finding.evidence.len()), (Some(Ipv4Addr::new(10, 20, 30, 12)), 6));
    let heard = finding.evidence.iter().filter(|line| line.text.contains("Time out during TCP")).count();
    assert_eq!(heard, 3, "{finding:#?}");
    assert_eq!(finding.objects.len(), 3);
}

#[test]
fn an_answer_from_before_is_told_with_its_time() {
    let mut berlin = Berlin::new();
    berlin.node_off("xms02");
    let answered = PortFact { sha256: Some("0a".repeat(32)), ..PortFact::default() };
    let silent = PortFact::default();
    let before = |seconds: i64| from_millis(now().as_millisecond() - seconds * 1000);
    berlin.snapshot.at = now();
    berlin.nodes[1].ports =
        BTreeMap::from([(443, Told::new(before(42), answered)), (8443, Told::new(before(1), silent))]);
    let [finding] = berlin.trouble().try_into().unwrap();
    let says = |text: &str, at| finding.evidence.iter().any(|line| line.text == text && line.at == Some(at));
    assert!(says("Asked by Gatehouse itself, port 443: answers.", before(42)), "{finding:#?}");
    assert!(says("Asked by Gatehouse itself, port 8443: silent.", before(1)), "{finding:#?}");
}

#[test]
fn what_follows_from_all_nodes_being_off_is_told_there() {
    let mut berlin = Berlin::new();
    berlin.everything_down();
    let [finding] = berlin.trouble().try_into().unwrap();
    let vservers = finding.objects.iter().filter(|object| object.kind == Kind::LbVserver).count();
    assert_eq!(vservers, 3, "{finding:#?}");
}

#[test]
fn what_is_kept_off_says_by_whom_and_is_no_failure() {
    let objects =
        [vserver(443), group(443), ObjectRef::server("xms02"), ObjectRef::member(&listener(443).group, "xms02", 443)];
    for object in objects {
        let mut berlin = Berlin::new();
        berlin.desired = crate::common::keeping_off(&berlin.desired, object.clone());
        // Not yet done, or undone by hand.
        let [finding] = berlin.trouble().try_into().unwrap_or_else(|all| panic!("{object}: {all:#?}"));
        assert!(finding.title.contains("is to be kept disabled") && finding.fix.starts_with("Plan:"), "{finding:#?}");
        berlin.attr(&object, "state", "DISABLED");
        berlin.state(&object, "OUT OF SERVICE");
        if object == group(443) {
            berlin.state(&vserver(443), "DOWN");
            for server in ["xms01", "xms02", "xms03"] {
                berlin.state(&ObjectRef::member(&listener(443).group, server, 443), "OUT OF SERVICE");
            }
        }
        if object.kind == Kind::Server {
            for member in berlin.members("xms02") {
                berlin.state(&member, "OUT OF SERVICE");
            }
        }
        let [finding] = berlin.trouble().try_into().unwrap_or_else(|all| panic!("{object}: {all:#?}"));
        assert_eq!(finding.outcome, Grade::Warn);
        assert!(finding.title.contains("kept disabled on purpose"), "{finding:#?}");
        assert!(
            finding.evidence.iter().any(|line| line.text.contains("ada") && line.text.contains("the node is rebuilt"))
        );
        // By hand, without a word: somebody has to act.
        berlin.desired = berlin.desired.with_on(&object);
        let [finding] = berlin.trouble().try_into().unwrap_or_else(|all| panic!("{object}: {all:#?}"));
        assert!(finding.title.contains("switched off by hand") && finding.fix.starts_with("Plan:"), "{finding:#?}");
    }
}

#[test]
fn what_a_plan_does_not_mend_remains() {
    let mut berlin = Berlin::new();
    let all: Vec<ObjectRef> = berlin.snapshot.objects.iter().map(|seen| seen.object.clone()).collect();
    berlin.owned.extend(all);
    berlin.node_off("xms03");
    berlin.attr(&vserver(443), "state", "DISABLED");
    berlin.state(&vserver(443), "OUT OF SERVICE");
    berlin.attr(&ObjectRef::server("xms02"), "state", "DISABLED");
    for member in berlin.members("xms02") {
        berlin.state(&member, "OUT OF SERVICE");
    }
    berlin.attr(&vserver(8443), "timeout", "2");
    berlin.server_id("xms01", "7");
    berlin.snapshot.unsaved = Some(true);
    assert!(berlin.trouble().len() >= 5, "{:#?}", berlin.trouble());
    let plan = engine::plan(&berlin.desired, &berlin.snapshot, &berlin.owned);
    let judged = input(&berlin, &berlin.snapshot);
    let remains = engine::remains(&judged, &plan);
    // A finding offers the plan where the plan takes it away, and only there.
    for finding in engine::remedies::with_plan(berlin.trouble(), &judged, &plan) {
        let offers = finding.remedies.first() == Some(&Remedy::Plan);
        assert_eq!(offers, !finding.title.contains("xms03"), "{finding:#?}");
    }
    let said: Vec<&str> = remains.iter().map(|remains| remains.sentence.as_str()).collect();
    assert_eq!(
        said,
        ["Node xms03 (10.20.30.13) does not answer: all its 3 members are DOWN."],
        "{:#?}",
        plan.operations
    );
    // A plan that does nothing mends nothing.
    let nothing = model::plan::Plan { operations: Vec::new(), ..plan };
    assert_eq!(engine::remains(&judged, &nothing).len(), berlin.trouble().len());
    assert_eq!(engine::remedies::with_plan(berlin.trouble(), &judged, &nothing), berlin.trouble());
}

#[test]
fn the_last_node_of_a_group_is_a_failure() {
    let mut berlin = Berlin::new();
    let port = |server: &str| ObjectRef::member(&listener(443).group, server, 443);
    for server in ["xms01", "xms02", "xms03"] {
        berlin.fact(&port(server), "state", "DISABLED");
        berlin.state(&port(server), "OUT OF SERVICE");
    }
    berlin.state(&group(443), "DOWN");
    berlin.state(&vserver(443), "DOWN");
    let trouble = berlin.trouble();
    assert_eq!(trouble.len(), 3, "{trouble:#?}");
    assert!(trouble.iter().all(|finding| finding.outcome == Grade::Fail && finding.code == CheckCode::Members));
}

#[test]
fn signed_and_unsigned_ids_are_the_same_and_the_node_s_own_word_counts() {
    let mut berlin = Berlin::new();
    for (node, facts) in berlin.desired.nodes.iter_mut().zip(&mut berlin.nodes) {
        let high = node.address.to_bits() | 0x8000_0000;
        node.address = Ipv4Addr::from_bits(high);
        node.id = Some(high.cast_signed().to_string());
        facts.address = high.into();
        facts.ids = said(node.address, &high.to_string()).ids;
    }
    for (index, node) in berlin.desired.nodes.clone().iter().enumerate() {
        let server = format!("xms0{}", index + 1);
        berlin.attr(&ObjectRef::server(&server), "ipaddress", &node.address.to_string());
        berlin.server_id(&server, node.id.as_deref().unwrap());
    }
    let ids = |berlin: &Berlin| {
        let is_id = |code: &CheckCode| matches!(code, CheckCode::ServerIds | CheckCode::NodeIds);
        berlin.trouble().iter().map(|finding| finding.code).filter(is_id).collect::<Vec<_>>()
    };
    assert_eq!(ids(&berlin), []);
    // The node was given another number since.
    berlin.nodes[0].ids = said(berlin.desired.nodes[0].address, "77").ids;
    assert_eq!(ids(&berlin), [CheckCode::ServerIds, CheckCode::NodeIds], "and its address gives another");
}

#[test]
fn what_cannot_be_read_is_not_checked() {
    let mut berlin = Berlin::new();
    for (kind, resource) in [
        (Kind::VserverCert, "sslvserver_sslcertkey_binding"),
        (Kind::AppController, "vpnvserver_appcontroller_binding"),
        (Kind::SessionAction, "vpnsessionaction"),
        (Kind::AddressRecord, "dnsaddrec"),
    ] {
        berlin.snapshot.objects.retain(|seen| seen.object.kind != kind);
        let sentence = format!("{resource}: Not authorized to execute this command.");
        berlin.snapshot.unread.push(Unread { kind: Some(kind), sentence });
    }
    for facts in &mut berlin.nodes {
        facts.ids.retain(|fact| fact.at.is_none());
    }
    assert_eq!(berlin.trouble(), []);
    let findings = berlin.check();
    for code in [
        CheckCode::CertificateBound,
        CheckCode::AppController,
        CheckCode::SessionAction,
        CheckCode::AddressRecord,
        CheckCode::NodeIds,
        CheckCode::Readable,
    ] {
        let outcomes: Vec<_> = findings.iter().filter(|f| f.code == code).map(|f| f.outcome).collect();
        assert!(!outcomes.is_empty() && outcomes.iter().all(|o| *o == Grade::NotChecked), "{code:?} {outcomes:?}");
    }
}

#[test]
fn what_is_only_described_is_no_fault() {
    let mut berlin = Berlin::new();
    berlin.snapshot.objects.retain(|seen| matches!(seen.object.kind, Kind::Gateway | Kind::CertKey | Kind::CertLink));
    for token in ["LB", "SSL", "SSLVPN"] {
        berlin.add(ObjectRef::feature(token));
    }
    assert_eq!(berlin.trouble(), []);
    let findings = berlin.check();
    let applied = findings.iter().find(|finding| finding.code == CheckCode::Applied).unwrap();
    assert_eq!((applied.outcome, applied.evidence.len()), (Grade::NotChecked, 3));
    assert!(check(&Input { desired: None, ..input(&berlin, &berlin.snapshot) }).is_empty());
}

#[test]
fn what_was_right_when_it_was_seen_last_is_one_sentence() {
    let mut berlin = Berlin::new();
    berlin.freshness = Freshness::Stale;
    let of_appliance = |berlin: &Berlin| -> Vec<Finding> {
        let nodes = Berlin { freshness: Freshness::Unknown, ..Berlin::new() }.check();
        let codes: BTreeSet<CheckCode> = nodes.iter().map(|finding| finding.code).collect();
        berlin.check().into_iter().filter(|f| f.code == CheckCode::Sight || !codes.contains(&f.code)).collect()
    };
    let [only] = of_appliance(&berlin).try_into().unwrap();
    assert_eq!((only.code, only.outcome), (CheckCode::Sight, Grade::NotChecked), "one sentence for all that was right");
    assert!(only.evidence[0].text.contains("checks passed"), "{only:#?}");
    berlin.node_off("xms02");
    assert_eq!(berlin.trouble().len(), 1, "what was wrong is still the last that is known");
    berlin.freshness = Freshness::Unknown;
    let [only] = of_appliance(&berlin).try_into().unwrap();
    assert_eq!((only.code, only.outcome), (CheckCode::Sight, Grade::NotChecked));
    berlin.failure = Some((now(), ReadError::new(ReadErrorKind::Unreachable, "The connection was refused.")));
    let [lost] = berlin.trouble().try_into().unwrap();
    assert_eq!((lost.code, lost.outcome), (CheckCode::Sight, Grade::Fail), "that it cannot be read is known");
    assert_eq!((lost.evidence[0].text.as_str(), lost.evidence[0].at), ("The connection was refused.", Some(now())));
    let never = check(&Input { seen: None, failure: None, ..input(&berlin, &berlin.snapshot) });
    assert!(never.iter().any(|f| f.code == CheckCode::Sight && f.outcome == Grade::NotChecked));
}

const WORDS: [&str; 8] =
    ["UP", "DOWN", "OUT OF SERVICE", "GOING OUT OF SERVICE", "PARTIAL-UP", "", "Unknown", "UPPISH"];

proptest! {
    /// Any part of the cluster in any state: rules answer, the worst first, and no state that is not UP passes.
    #[test]
    fn no_snapshot_breaks_the_rules_and_unknown_is_never_green(
        gone in prop::collection::vec(any::<bool>(), 64),
        words in prop::collection::vec(0..WORDS.len(), 64),
        bare in any::<bool>(),
        owned in any::<bool>(),
    ) {
        let mut berlin = Berlin::new();
        if owned {
            berlin.owned = berlin.snapshot.objects.iter().map(|seen| seen.object.clone()).collect();
        }
        let mut index = 0;
        berlin.snapshot.objects.retain(|_| { index += 1; !gone[index % gone.len()] });
        for (seen, word) in berlin.snapshot.objects.iter_mut().zip(&words) {
            if seen.state.is_some() {
                seen.state = Some(StateWord(WORDS[*word].into())).filter(|word| !word.0.is_empty());
            }
            if bare {
                seen.attrs.clear();
                seen.facts.clear();
            }
        }
        let findings = berlin.check();
        let roots: Vec<_> = findings.iter().filter(|finding| finding.explained_by.is_none()).collect();
        prop_assert!(roots.is_sorted_by_key(|finding| finding.outcome), "{findings:#?}");
        for (index, finding) in findings.iter().enumerate() {
            let above = |code| findings[..index].iter().any(|other| other.code == code);
            prop_assert!(finding.explained_by.is_none_or(above), "a cause stands above: {findings:#?}");
        }
        prop_assert!(findings.iter().all(|finding| finding.title.ends_with('.')), "{findings:#?}");
        let all_up = |kind: Kind, wanted: usize| {
            let all: Vec<_> = berlin.snapshot.of_kind(kind).collect();
            all.len() >= wanted && all.iter().all(|seen| seen.state.as_ref().is_some_and(StateWord::is_up))
        };
        let passes = |code| findings.iter().any(|finding| finding.code == code && finding.outcome == Grade::Pass);
        let applied = berlin.desired.listeners().filter(|listener| {
            let object = ObjectRef::vserver(&listener.vserver);
            berlin.snapshot.find(&object).is_some() || berlin.owned.contains(&object)
        }).count();
        prop_assert!(!passes(CheckCode::VirtualServers) || all_up(Kind::LbVserver, applied));
        prop_assert!(!passes(CheckCode::Gateway) || all_up(Kind::Gateway, 1));
        let model::verdict::Verdict { tone, .. } = model::verdict::verdict(
            Some(&berlin.desired), Some((&berlin.snapshot, Freshness::Fresh)), &findings,
        );
        if tone == model::state::Tone::Good {
            prop_assert!(all_up(Kind::LbVserver, 3) && all_up(Kind::ServiceGroup, 3) && all_up(Kind::Member, 9));
        }
    }
}
