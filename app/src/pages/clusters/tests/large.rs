//! A cluster of a thousand nodes: what is shown of it, and how large its documents are.

use super::{html, world::*};
use crate::{
    live::{Element, Node, Tree},
    pages::{
        clusters::{checks::ChecksPanel, members::MembersPanel},
        listing::field,
    },
};
use leptos::prelude::*;
use model::{
    desired::{Form, NodesForm},
    excerpt::{DRAWN, LINES, LISTED},
    finding::{CheckCode, Finding},
    listing::{A_PAGE, ListForm},
    object::Kind,
    state::StateWord,
};
use services::ClusterView;
use std::sync::Arc;

/// DESIGN 8: a document that a browser paints at once.
const MOST_ELEMENTS: usize = 5_000;

/// Of so many nodes, in three groups each; `down` of them are off, the last ones.
fn cluster(count: usize, down: usize) -> ClusterView {
    let lines: Vec<String> = (0..count)
        .map(|n| format!("10.20.{}.{} xms{:04} {}", 60 + n / 250, n % 250 + 1, n + 1, 169_090_560 + n))
        .collect();
    let desired = NodesForm { nodes: lines.join("\n") }.apply(&desired()).unwrap();
    let mut snapshot = snapshot(&desired, true);
    let off: Vec<_> = desired.nodes.iter().skip(count - down).cloned().collect();
    for seen in snapshot.objects.iter_mut().filter(|seen| seen.object.kind == Kind::Member) {
        if off.iter().any(|node| node.name == seen.object.part(1)) {
            seen.state = Some(StateWord("DOWN".into()));
        }
    }
    let about = |node: &model::desired::Node| {
        let title = format!("Node {} ({}) does not answer.", node.name, node.address);
        let finding = Finding::warn(CheckCode::Members, title).because("It is off.").mend("Start it.");
        (0..50).fold(finding, |finding, n| finding.seen_at(format!("Line {n}"), ago(3))).of_node(node.address)
    };
    let pass = |n: usize| Finding::pass(CheckCode::VirtualServers, format!("Thing {n} is UP."));
    let mut view = view(true);
    view.nodes = desired.nodes.iter().map(|node| model::node::NodeFacts::new(node.address)).collect();
    view.findings = off.iter().map(about).chain((0..200).map(pass)).collect();
    view.desired = Some(desired);
    view.sighting.seen.as_mut().unwrap().1 = Arc::new(snapshot);
    view
}

fn elements(html: &str) -> usize {
    fn count(element: &Element) -> usize {
        let inner = element.children.iter().map(|child| match child {
            Node::Element(child) => count(child),
            Node::Text(_) => 0,
        });
        1 + inner.sum::<usize>()
    }
    count(Tree::parse(html.to_owned()).unwrap().root())
}

fn members(view: ClusterView, address: &str) -> String {
    let form = ListForm::read(field(address));
    Owner::new().with(|| view! { <MembersPanel view form /> }.into_view().to_html())
}

fn checks(view: ClusterView, address: &str) -> String {
    let form = ListForm::read(field(address));
    Owner::new().with(|| view! { <ChecksPanel view form may_operate=true /> }.into_view().to_html())
}

#[test]
fn a_thousand_nodes_are_a_page_of_bounded_size_however_they_do() {
    for down in [0, 3, 1_000] {
        let page = html(cluster(1_000, down));
        let count = elements(&page);
        assert!(count < MOST_ELEMENTS, "{down} down: {count} elements");
        assert!(page.len() < 500_000, "{down} down: {} bytes", page.len());
    }
}

#[test]
fn the_three_that_are_off_stand_first_and_the_rest_is_said() {
    let page = html(cluster(1_000, 3));
    for off in ["xms0998", "xms0999", "xms1000"] {
        let places = page.matches(&format!(">{off}<")).count() + page.matches(&format!(">{off} ")).count();
        assert!(places >= 7, "{off} is drawn, told, and in four tables: {places}");
    }
    assert_eq!(page.matches("data-node=\"").count(), DRAWN);
    assert!(page.contains("1000 members are UP") || page.contains("2991 of 3000 members are UP"), "all are counted");
    assert!(
        page.contains(&format!("{} more nodes", 1_000 - DRAWN))
            && page.contains(&format!("{} more nodes", 1_000 - LISTED))
    );
    assert_eq!(page.matches(&format!("{} more members are UP.", 1_000 - LISTED)).count(), 3, "one a group");
    assert!(page.contains("href=\"/clusters/7/members\"") && page.contains("href=\"/clusters/7/checks?state=good\""));
    assert!(page.contains(&format!("{} more like these.", 50 - LINES)), "evidence is cut as well");
}

#[test]
fn a_usual_cluster_is_shown_whole() {
    for count in [2, 12] {
        let page = html(cluster(count, 1));
        assert!(!page.contains("more nodes") && !page.contains("more members") && !page.contains("/members"), "{page}");
        assert_eq!(page.matches("data-node=\"").count(), count);
        let table = page.split("<h2>Nodes</h2>").nth(1).unwrap().split("</table>").next().unwrap();
        let places: Vec<_> = (1..=count).map(|n| table.find(&format!("xms{n:04}")).unwrap()).collect();
        assert!(places.is_sorted(), "in the order of the set-up");
    }
}

#[test]
fn each_node_is_on_one_page_of_all_nodes_the_worst_first() {
    let view = cluster(1_000, 3);
    let pages: Vec<String> = (1..=20).map(|n| members(view.clone(), &format!("/?page={n}"))).collect();
    for page in &pages {
        assert_eq!(page.matches("<th scope=\"row\"").count(), A_PAGE);
        let count = elements(page);
        assert!(count < MOST_ELEMENTS, "{count} elements");
    }
    for n in 1..=1_000 {
        let name = format!(">xms{n:04}<");
        assert_eq!(pages.iter().filter(|page| page.contains(&name)).count(), 1, "{name}");
    }
    let place = |name: &str| pages[0].find(&format!(">{name}<")).unwrap();
    assert!(place("xms0998") < place("xms1000") && place("xms1000") < place("xms0001"));
    let off = members(view.clone(), "/?state=bad");
    assert_eq!(off.matches("<th scope=\"row\"").count(), 3);
    assert_eq!(off.matches("MAM 8443 DOWN").count(), 3);
    let one = members(view, "/?text=10.20.63.7");
    assert!(one.contains(">xms0757<") && !one.contains("no page"), "{one}");
}

#[test]
fn all_findings_are_there_page_by_page() {
    let view = cluster(1_000, 1_000);
    let first = checks(view.clone(), "/?state=trouble");
    assert!(elements(&first) < MOST_ELEMENTS);
    assert_eq!(first.matches("class=\"finding\"").count(), LISTED);
    assert!(first.contains(&format!("1–{LISTED} of 1000")), "{first}");
    let one = checks(view, "/?text=xms0500");
    assert_eq!(one.matches("class=\"finding\"").count(), 1);
}

#[test]
fn a_member_that_is_no_node_is_among_all_of_them() {
    let mut view = cluster(30, 0);
    let snapshot = Arc::make_mut(&mut view.sighting.seen.as_mut().unwrap().1);
    // Under the address of a node: it is another one all the same.
    snapshot.objects.push(seen(
        model::object::ObjectRef::server("zz-web7"),
        "ENABLED",
        &[("ipaddress", "10.20.60.1")],
        &[],
    ));
    let member = model::object::ObjectRef::member("xms-berlin-mdm-443-sg", "zz-web7", 443);
    snapshot.objects.push(seen(member, "UP", &[], &[("state", "ENABLED")]));
    snapshot.settle();
    let page = members(view, "/?text=zz-web7");
    assert_eq!(page.matches("<th scope=\"row\"").count(), 1);
    assert!(page.contains("not in this set-up") && page.contains("zz-web7"), "{page}");
}
