//! The moving part of a cluster's page, drawn whole for clusters in different states.

mod large;
mod world;

use super::panel::ClusterPanel;
use leptos::prelude::*;
use model::{
    ActNo, At, Freshness,
    finding::{CheckCode, Expected, Finding, Grade},
    node::{PortFact, Told},
    object::{Kind, ObjectRef},
    read_error::{ReadError, ReadErrorKind},
    snapshot::Snapshot,
    state::StateWord,
};
use services::ClusterView;
use std::sync::Arc;
use world::*;

fn html(view: ClusterView) -> String {
    Owner::new().with(|| view! { <ClusterPanel view may_operate=false /> }.into_view().to_html())
}

/// How often a wire of this tone is drawn.
fn wires(html: &str, tone: &str) -> usize {
    html.matches(&format!("<g data-tone=\"{tone}\" class=\"map-wire\">")).count()
}

#[test]
fn a_set_up_that_cannot_be_read_is_not_called_missing() {
    let empty = ClusterView { desired: None, ..view(true) };
    assert!(html(empty.clone()).contains("Nothing is described yet."));
    let unreadable = ClusterView { unreadable: Some("Version 5 of the set-up cannot be read.".into()), ..empty };
    let page = html(unreadable);
    assert!(page.contains("its set-up cannot be read") && !page.contains("Nothing is described yet."), "{page}");
}

#[test]
fn what_a_change_of_ours_explains_is_shown_with_that_and_without_advice() {
    let object = ObjectRef::vserver("xms-b-mdm-443");
    let found =
        || Finding::fail(CheckCode::VirtualServers, "It is DOWN.").because("Cut.").mend("Ping.").on(object.clone());
    let page = |by| html(ClusterView { findings: vec![Finding { expected: by, ..found() }], ..view(true) });
    let alarming = page(None);
    assert!(alarming.contains("1 failure") && alarming.contains("Cut.") && alarming.contains("Ping."), "{alarming}");
    let expected = page(Some(Expected::Run(ActNo(7))));
    assert!(expected.contains("1 expected") && expected.contains("It is DOWN.") && expected.contains("/runs/7\""));
    let finding = expected.split_once("data-check=\"virtual-servers\"").unwrap().0.rsplit_once('<').unwrap().1;
    assert!(finding.contains("data-tone=\"quiet\""), "{finding}");
    for astray in ["1 failure", "Cut.", "Ping."] {
        assert!(!expected.contains(astray), "{astray} in {expected}");
    }
    let beside = page(Some(Expected::Beside));
    assert!(beside.contains("for another cluster") && !beside.contains("/runs/"), "whose is not told");
}

#[test]
fn what_is_to_be_typed_is_drawn_as_code_in_every_part_of_a_finding() {
    let typed = |grade, title: &str| Finding { outcome: grade, ..Finding::fail(CheckCode::Saved, title) };
    let fails =
        typed(Grade::Fail, "Nobody typed `save ns config`.").because("`reboot` was typed.").mend("Type `save`.");
    let findings = vec![fails, typed(Grade::Pass, "Somebody typed `sh ns info`.")];
    let page = html(ClusterView { findings, ..view(true) });
    for typed in ["save ns config", "reboot", "save", "sh ns info"] {
        assert!(page.contains(&format!("<code>{typed}</code>")), "{typed} in {page}");
    }
    assert!(!page.contains('`'), "{page}");
}

#[test]
fn since_when_stands_with_the_verdict_and_with_each_finding() {
    let [_, (_, off), ..] = states();
    let page = html(off);
    let told: Vec<&str> = page.split("class=\"sub since\"").skip(1).collect();
    assert_eq!(told.len(), 2, "the verdict's and the one finding's: {page}");
    for text in told {
        let (text, _) = text.split_once("</span>").unwrap();
        assert!(text.contains("datetime=\"2026-11-01T07:46:00Z\"") && text.contains("14 min</time>"), "{text}");
        assert!(text.contains(" or earlier") && text.contains("at least "), "nobody had looked before: {text}");
    }
}

#[test]
fn lines_have_the_state_of_their_far_end() {
    let [(_, good), (_, off), (_, planned), (_, old)] = states();
    let (good, off, planned, old) = (html(good), html(off), html(planned), html(old));
    // Device to Gateway and two MDM addresses, Gateway to MAM, three to groups, nine to members.
    assert_eq!((wires(&good, "good"), wires(&good, "bad")), (16, 0));
    assert_eq!((wires(&off, "good"), wires(&off, "bad")), (13, 3));
    assert_eq!((wires(&planned, "good"), wires(&planned, "quiet")), (1, 15), "only the Gateway is there");
    assert_eq!((wires(&old, "good"), wires(&old, "unknown")), (0, 16));
}

/// A page without what stands in its times.
fn timeless(html: &str) -> String {
    let mut parts = html.split("<time");
    let first = parts.next().unwrap_or_default().to_owned();
    parts.fold(first, |all, part| all + part.split_once("</time>").map_or(part, |(_, rest)| rest))
}

#[test]
fn what_only_grew_older_is_drawn_as_before() {
    for (name, view) in states() {
        let mut later = view.clone();
        later.sighting.now = At::from_second(now().as_second() + 3).unwrap();
        for evidence in later.findings.iter_mut().flat_map(|finding| &mut finding.evidence) {
            evidence.at = evidence.at.map(|at| At::from_second(at.as_second() + 2).unwrap());
        }
        let (before, after) = (html(view), html(later));
        assert_ne!(before, after, "{name}: times move");
        assert_eq!(timeless(&before), timeless(&after), "{name}: and nothing else");
    }
}

#[test]
fn what_was_not_seen_lately_is_nowhere_green() {
    let [.., (_, mut old)] = states();
    // The nodes were asked long ago as well.
    old.sighting.now = At::from_second(now().as_second() + 3_600).unwrap();
    let page = html(old);
    assert!(!page.contains("data-tone=\"good\""), "{page}");
    assert!(!page.contains("1284"), "traffic of yesterday is no traffic");
    assert!(page.contains("10.20.40.52:8443"), "and its shape is still there");
}

#[test]
fn the_drawing_obeys_the_page_s_policy_and_speaks() {
    for (name, view) in states() {
        let page = html(view);
        for forbidden in [" style=", "<script", "<style", "NaN"] {
            assert!(!page.contains(forbidden), "{name}: {forbidden}");
        }
        assert!(page.contains("role=\"img\"") && page.contains("aria-label=\"The way of a device to the nodes: "));
        for told in ["10.20.40.52:8443", "xms-berlin-mdm-443-sg", "10.20.30.13", "xms03"] {
            assert!(page.matches(told).count() > 1, "{name}: {told} is drawn and told");
        }
    }
}

#[test]
fn a_record_that_leads_to_mdm_is_drawn_as_it_leads() {
    let mut view = view(true);
    change(&mut view, |snapshot| {
        snapshot.objects.retain(|seen| seen.object.kind != Kind::AddressRecord);
        snapshot.objects.push(seen(ObjectRef::address_record(FQDN, "10.20.40.51"), "", &[], &[]));
    });
    let page = html(view);
    assert_eq!((wires(&page, "good"), wires(&page, "bad")), (15, 1));
    assert!(page.contains("xms.example.com: 10.20.40.51."), "and it is told");
}

/// The tone of whatever has this text, in the drawing.
fn tone_of<'a>(page: &'a str, text: &str) -> &'a str {
    let drawing = page.split_once("<svg").and_then(|(_, rest)| rest.split_once("</svg>")).unwrap().0;
    // The last one: titles, which nobody sees, come before.
    let before = &drawing[..drawing.rfind(text).unwrap_or_else(|| panic!("{text} is not drawn"))];
    let (_, tone) = before.rsplit_once("data-tone=\"").unwrap();
    tone.split_once('"').unwrap().0
}

fn change(view: &mut ClusterView, with: impl Fn(&mut Snapshot)) {
    let (_, snapshot, _) = view.sighting.seen.as_mut().unwrap();
    let snapshot = Arc::make_mut(snapshot);
    with(snapshot);
    snapshot.settle();
}

fn state_of(view: &mut ClusterView, object: &ObjectRef, word: &str) {
    change(view, |snapshot| {
        let seen = snapshot.objects.iter_mut().find(|seen| seen.object == *object).unwrap();
        seen.state = Some(StateWord(word.into()));
    });
}

#[test]
fn a_foreign_member_is_drawn() {
    let mut view = view(true);
    change(&mut view, |snapshot| {
        let member = ObjectRef::member("xms-berlin-mdm-443-sg", "web7", 443);
        snapshot.objects.push(seen(ObjectRef::server("web7"), "ENABLED", &[("ipaddress", "10.20.30.77")], &[]));
        snapshot.objects.push(seen(member, "UP", &[], &[("state", "ENABLED")]));
    });
    let page = html(view);
    assert_eq!(tone_of(&page, "not in this set-up"), "warn");
    assert!(page.matches("10.20.30.77").count() > 1, "drawn and told");
    assert_eq!(wires(&page, "good"), 17);
}

#[test]
fn what_was_found_wrong_with_something_that_is_up_is_drawn_there() {
    let mut swapped = view(true);
    let member = |server| ObjectRef::member("xms-berlin-mam-8443-sg", server, 8443);
    swapped.findings.push(
        Finding::fail(CheckCode::ServerIds, "xms01 has the ID of xms02 and the other way round.")
            .on(member("xms01"))
            .on(member("xms02")),
    );
    let page = html(swapped);
    assert_eq!((wires(&page, "bad"), tone_of(&page, "UP, wrong ID")), (2, "bad"));
    let mut expired = view(true);
    expired.findings.push(
        Finding::fail(CheckCode::CertificateValid, "The certificate key wildcard-example has expired.")
            .on(ObjectRef::vserver("xms-berlin-mam-8443")),
    );
    let page = html(expired);
    assert_eq!(
        (wires(&page, "bad"), tone_of(&page, "UP, certificate")),
        (1, "bad"),
        "and the way of the Gateway to it"
    );
}

#[test]
fn what_was_switched_off_is_not_drawn_as_if_it_were_only_described() {
    let mut off = view(true);
    state_of(&mut off, &ObjectRef::vserver("xms-berlin-mdm-443"), "OUT OF SERVICE");
    assert_eq!(tone_of(&html(off), "OUT OF SERVICE"), "warn");
    assert_eq!(tone_of(&html(view(false)), "not there"), "quiet");
}

#[test]
fn of_url_and_record_the_wrong_one_is_red() {
    let mut view = view(true);
    change(&mut view, |snapshot| {
        snapshot.objects.retain(|seen| seen.object.kind != Kind::AddressRecord);
        snapshot.objects.push(seen(ObjectRef::address_record(FQDN, "10.20.40.77"), "", &[], &[]));
    });
    let page = html(view);
    assert_eq!((tone_of(&page, URL), tone_of(&page, "10.20.40.77")), ("good", "bad"));
}

#[test]
fn a_node_has_one_word_wherever_it_is_drawn() {
    let mut view = view(true);
    let silent = Told::new(ago(2), PortFact::default());
    view.nodes[1].ports = [(443, silent.clone()), (8443, silent.clone()), (4443, silent)].into();
    let page = html(view);
    assert_eq!(tone_of(&page, "▲ silent"), "bad");
    let active = page.matches("ACTIVE").count();
    assert_eq!(active % 2, 0, "{active}");
    assert!(page.matches(">silent<").count() >= 2, "in the table and in the words of the drawing");
}

#[test]
fn a_lost_appliance_is_one_sentence_and_nothing_is_green() {
    let mut lost = view(true);
    lost.nodes.clear();
    lost.sighting.seen.as_mut().unwrap().2 = Freshness::Stale;
    lost.sighting.failure = Some((ago(1), ReadError::new(ReadErrorKind::Unreachable, "The connection was refused.")));
    lost.findings = vec![
        Finding::fail(CheckCode::Sight, "The appliance cannot be read.").seen_at("The connection was refused.", ago(1)),
    ];
    let page = html(lost);
    assert!(!page.contains("data-tone=\"good\""), "{page}");
    assert_eq!(page.matches("The connection was refused.").count(), 1);
    assert!(page.contains("data-faded") && page.contains("How it was when it was seen last"));
    assert!(page.contains("was UP"));
}

#[test]
fn a_cause_is_drawn_above_the_failure_that_follows_from_it() {
    let mut view = view(true);
    view.findings = vec![
        Finding::warn(CheckCode::Members, "Node xms03 does not answer."),
        Finding::fail(CheckCode::Membership, "xms03 is DEAD.").explained_by(CheckCode::Members),
    ];
    let page = html(view);
    let place = |text: &str| page.find(&format!("<strong>{text}")).unwrap();
    assert!(place("Node xms03 does not answer.") < place("xms03 is DEAD."));
    assert!(page.contains("data-follows=\"members\""));
}
