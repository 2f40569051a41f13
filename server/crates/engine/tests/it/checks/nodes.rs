//! What is seen on the nodes: how old it may be, what follows from what, what is not known.

use super::world::{Berlin, CERT, MAM, lately, now};
use model::{
    At, Freshness,
    finding::{CheckCode, Finding, Grade},
    node::{Account, Door, TroubleKind, Web},
    object::ObjectRef,
    state::Tone,
    verdict::verdict,
};

fn of(findings: &[Finding], code: CheckCode) -> Vec<&Finding> {
    findings.iter().filter(|finding| finding.code == code).collect()
}

fn outcome(berlin: &Berlin, code: CheckCode) -> Grade {
    of(&berlin.check(), code).iter().map(|finding| finding.outcome).min().unwrap()
}

fn tone(berlin: &Berlin) -> Tone {
    verdict(Some(&berlin.desired), Some((&berlin.snapshot, berlin.freshness)), &berlin.check()).tone
}

fn ago(seconds: i64) -> At {
    At::from_second(now().as_second() - seconds).unwrap()
}

/// Every reading of the nodes is from then.
fn read_at(berlin: &mut Berlin, at: At) {
    for facts in &mut berlin.nodes {
        facts.retime(|_, _| at);
    }
}

#[test]
fn where_sources_differ_both_readings_stand_with_their_times() {
    let mut berlin = Berlin::new();
    berlin.snapshot.at = ago(2);
    berlin.silent("xms03", &[8443]);
    let [finding] = berlin.trouble().try_into().unwrap();
    let readings: Vec<_> = finding.evidence.iter().map(|line| (line.text.as_str(), line.at)).collect();
    assert!(
        readings.iter().any(|(text, at)| text.contains("NetScaler") && text.ends_with("is UP.") && *at == Some(ago(2)))
    );
    assert!(readings.contains(&("Asked by Gatehouse itself, port 8443: silent. No answer in 5 s.", Some(lately()))));
    assert_eq!(finding.short(), "xms03 does not answer on 8443");
    assert_eq!(tone(&berlin), Tone::Bad);
}

#[test]
fn who_was_never_reached_may_stand_behind_a_firewall_and_is_not_green_all_the_same() {
    let mut berlin = Berlin::new();
    berlin.keys.clear();
    for facts in &mut berlin.nodes {
        *facts = model::node::NodeFacts::new(facts.address);
    }
    for server in ["xms01", "xms02", "xms03"] {
        berlin.silent(server, &[443, 8443, 4443]);
    }
    assert_eq!((outcome(&berlin, CheckCode::NodePorts), tone(&berlin)), (Grade::Warn, Tone::Warn));
}

#[test]
fn what_was_read_long_ago_or_in_the_future_is_not_checked_and_not_green() {
    for at in [ago(30), ago(3_000), ago(-600)] {
        let mut berlin = Berlin::new();
        read_at(&mut berlin, at);
        assert_eq!(berlin.trouble(), []);
        let blind = of(&berlin.check(), CheckCode::NodePorts).iter().all(|f| f.outcome == Grade::NotChecked);
        assert!(blind);
        assert_eq!(tone(&berlin), Tone::Unknown, "{at}");
    }
    // The same faults from then say nothing of now.
    let mut berlin = Berlin::new();
    berlin.silent("xms03", &[443, 8443, 4443]);
    berlin.tried("xms02", Door::Rest, TroubleKind::Database);
    berlin.lists("xms03", &[("13", "ACTIVE OLDEST")]);
    berlin.node("xms01").clock.as_mut().unwrap().value = -900;
    read_at(&mut berlin, ago(3_000));
    assert_eq!(berlin.trouble(), []);
}

#[test]
fn a_number_that_was_read_long_ago_accuses_nobody() {
    let mut berlin = Berlin::new();
    berlin.node("xms03").ids[0].id = "169090571".into();
    assert_eq!(outcome(&berlin, CheckCode::NodeIds), Grade::Fail);
    berlin.node("xms03").ids[0].at = Some(ago(1_200));
    assert_eq!(berlin.trouble(), []);
    let findings = berlin.check();
    let finding = *of(&findings, CheckCode::NodeIds).first().unwrap();
    assert_eq!(finding.outcome, Grade::NotChecked);
    assert!(finding.evidence.iter().any(|line| line.at == Some(ago(1_200))), "{finding:#?}");
    // With another key since, it may be another machine's, however lately it was read.
    let mut berlin = Berlin::new();
    berlin.node("xms03").ids[0].id = "169090571".into();
    berlin.other_key("xms03");
    let codes: Vec<_> = berlin.trouble().iter().map(|finding| finding.code).collect();
    assert_eq!(codes, [CheckCode::NodeKeys]);
    assert_eq!(outcome(&berlin, CheckCode::ServerIds), Grade::NotChecked);
}

#[test]
fn what_follows_from_a_node_that_is_off_stands_below_it_and_is_no_worse() {
    let mut berlin = Berlin::new();
    berlin.node_off("xms03");
    berlin.silent("xms03", &[443, 8443, 4443]);
    berlin.tried("xms03", Door::Ssh, TroubleKind::Unreachable);
    berlin.tried("xms03", Door::Rest, TroubleKind::Unreachable);
    for server in ["xms01", "xms02"] {
        berlin.lists(server, &[("11", "ACTIVE OLDEST"), ("12", "ACTIVE"), ("13", "DEAD")]);
    }
    let trouble = berlin.trouble();
    let told: Vec<_> = trouble.iter().map(|f| (f.code, f.outcome, f.explained_by)).collect();
    assert_eq!(
        told,
        [(CheckCode::Members, Grade::Warn, None), (CheckCode::Membership, Grade::Warn, Some(CheckCode::Members)),]
    );
    assert!(
        trouble[0].evidence.iter().any(|line| line.text.starts_with("Asked by Gatehouse itself, port 443: silent"))
    );
}

#[test]
fn a_copy_is_named_first_and_no_advice_gives_two_members_one_number() {
    let mut berlin = Berlin::new();
    berlin.node("xms03").ids[0].id = "169090571".into();
    for server in ["xms01", "xms02", "xms03"] {
        berlin.lists(server, &[("11", "ACTIVE OLDEST"), ("12", "ACTIVE")]);
    }
    let trouble = berlin.trouble();
    assert_eq!(trouble[0].code, CheckCode::NodeIds);
    assert!(trouble[0].fix.contains("Shut xms03 down"), "{trouble:#?}");
    assert!(trouble.iter().all(|finding| !finding.fix.contains("correct it there")), "{trouble:#?}");
    let rest = trouble[1..].iter().all(|finding| finding.explained_by == Some(CheckCode::NodeIds));
    assert!(rest, "what else is odd about it follows from that: {trouble:#?}");
}

#[test]
fn what_a_node_in_recovery_mode_or_with_another_address_brings_along_stands_below() {
    let mut berlin = Berlin::new();
    for server in ["xms01", "xms02"] {
        berlin.lists(server, &[("11", "ACTIVE OLDEST"), ("12", "ACTIVE")]);
    }
    let mut moved = Berlin { nodes: berlin.nodes.clone(), ..Berlin::new() };
    berlin.lists("xms03", &[("13", "DEAD")]);
    for port in [443, 8443, 4443] {
        berlin.port("xms03", port).web = Some(Web::Error { status: 503 });
    }
    let told = |berlin: &Berlin| berlin.trouble().iter().map(|f| (f.code, f.explained_by)).collect::<Vec<_>>();
    assert_eq!(
        told(&berlin),
        [(CheckCode::RecoveryMode, None), (CheckCode::Membership, Some(CheckCode::RecoveryMode))]
    );
    moved.node("xms03").ids[0].id = "169090673".into();
    moved.lists("xms03", &[("11", "ACTIVE OLDEST"), ("12", "ACTIVE"), ("113", "ACTIVE")]);
    assert_eq!(told(&moved), [(CheckCode::NodeIds, None), (CheckCode::Membership, Some(CheckCode::NodeIds))]);
    assert!(moved.trouble().iter().all(|finding| !finding.fix.contains("correct it there")));
}

#[test]
fn an_expired_certificate_that_a_plan_replaces_is_mended_by_the_plan() {
    let mut berlin = Berlin::new();
    let old = ObjectRef::cert_key("old-example");
    let mut key = berlin.seen(&ObjectRef::cert_key(CERT)).clone();
    key.object = old.clone();
    berlin.snapshot.objects.push(key);
    let mut link = berlin.seen(&ObjectRef::cert_link(CERT)).clone();
    link.object = ObjectRef::cert_link("old-example");
    berlin.snapshot.objects.push(link);
    berlin.snapshot.settle();
    berlin.fact(&old, "clientcertnotafter", "Oct  3 07:21:16 2026 GMT");
    berlin.attr(&ObjectRef::vserver_cert(MAM), "certkeyname", "old-example");
    let trouble = berlin.trouble();
    let told: Vec<_> = trouble.iter().map(|f| (f.code, f.outcome, f.explained_by)).collect();
    assert_eq!(
        told,
        [
            (CheckCode::CertificateBound, Grade::Fail, None),
            (CheckCode::CertificateValid, Grade::Fail, Some(CheckCode::CertificateBound)),
        ]
    );
    assert!(
        trouble.iter().all(|finding| finding.fix.starts_with("Plan: the plan binds wildcard-example")),
        "{trouble:#?}"
    );
}

#[test]
fn what_gatehouse_was_never_given_is_named_and_turns_nothing_red() {
    let mut berlin = Berlin::new();
    berlin.accounts.clear();
    for facts in &mut berlin.nodes {
        facts.members = None;
        facts.apns = None;
        facts.tries.retain(|door, _| *door == Door::Open);
    }
    assert_eq!((berlin.trouble(), tone(&berlin)), (Vec::new(), Tone::Good));
    let findings = berlin.check();
    for code in [CheckCode::Database, CheckCode::Membership, CheckCode::Apns] {
        let [finding] = of(&findings, code).try_into().unwrap();
        assert_eq!(finding.outcome, Grade::NotChecked);
        assert!(finding.fix.contains("account"), "{finding:#?}");
    }
    // Given and silent is something else.
    berlin.accounts.insert(Account::Rest, None);
    assert!(of(&berlin.check(), CheckCode::Database)[0].title.contains("xms01, xms02 and xms03"));
}

#[test]
fn nodes_are_judged_while_the_appliance_is_lost() {
    let mut berlin = Berlin::new();
    berlin.freshness = Freshness::Unknown;
    assert_eq!(tone(&berlin), Tone::Unknown);
    berlin.silent("xms03", &[443, 8443, 4443]);
    let [finding] = berlin.trouble().try_into().unwrap();
    assert_eq!((finding.code, finding.outcome), (CheckCode::NodePorts, Grade::Warn), "nobody says that it is UP");
    assert!(!finding.title.contains("NetScaler"), "{finding:#?}");
}

#[test]
fn who_shows_the_accepted_certificate_again_is_said_to_and_still_wants_somebody_to_look() {
    let mut berlin = Berlin::new();
    let accepted = berlin.keys.values().next().unwrap().accepted.clone().unwrap().keys.tls.unwrap();
    for (shown, expected, words) in [
        ("ee".repeat(32), Grade::Fail, "shows another certificate than was accepted."),
        (accepted, Grade::Warn, "and now shows the accepted one again."),
    ] {
        berlin.other_certificate("xms03", &shown);
        let findings = berlin.check();
        let [finding] = of(&findings, CheckCode::NodeKeys).try_into().unwrap();
        assert_eq!(finding.outcome, expected);
        assert!(finding.title.ends_with(words), "{}", finding.title);
        assert_ne!(tone(&berlin), Tone::Good);
    }
}
