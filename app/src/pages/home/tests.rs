//! The list of clusters, drawn.

use super::*;
use crate::live::{Element, Node, Tree};
use model::{
    ApplianceId, ClusterId, Freshness, clock::from_millis, finding::Tally, fleet::Otherwise, listing::A_PAGE,
    outage::Outage,
};

/// DESIGN 8: a document that a browser paints at once.
const MOST_ELEMENTS: usize = 5_000;

fn line(number: i64, tone: Tone) -> FleetLine {
    FleetLine {
        cluster: ClusterId(number),
        title: format!("Cluster {number:03}"),
        fqdn: format!("xms{number}.example.com"),
        appliance: ApplianceId(number),
        appliance_title: format!("NetScaler {number:03}"),
        tone,
        words: "UP, 9 of 9 members UP".into(),
        since: Some(model::since::Since { at: from_millis(0), or_earlier: true }),
        tally: Tally { fails: 2, warns: 1, ..Tally::default() },
        pending: 2,
        certificate_days: Some(12),
        unsaved: Some(true),
        seen: Some((from_millis(0), Freshness::Stale)),
        unanswered: None,
    }
}

fn fleet(count: i64) -> Vec<FleetLine> {
    let tones = [Tone::Good, Tone::Bad, Tone::Good, Tone::Unknown, Tone::Warn, Tone::Quiet];
    (1..=count).map(|n| line(n, tones[usize::try_from(n).unwrap() % 6])).collect()
}

fn html(lines: Vec<FleetLine>, address: &str) -> String {
    html_in(lines, address, None)
}

fn html_in(lines: Vec<FleetLine>, address: &str, outage: Option<Outage>) -> String {
    let form = FleetForm::read(crate::pages::listing::field(address));
    let fleet = FleetPage::of(lines, &form, outage, from_millis(9_000));
    Owner::new().with(|| {
        let around = fleet.has_filters().then(|| looked_for(&fleet));
        let page = HomePage { fleet, first: None, clock: None };
        view! { <div>{around} <Clusters page /></div> }.into_view().to_html()
    })
}

fn elements(element: &Element) -> usize {
    let inner = element.children.iter().map(|child| match child {
        Node::Element(child) => elements(child),
        Node::Text(_) => 0,
    });
    1 + inner.sum::<usize>()
}

fn rows(html: &str) -> usize {
    html.matches("<th scope=\"row\"").count()
}

#[test]
fn five_hundred_clusters_are_ten_pages_and_the_worst_are_on_the_first() {
    let page = html(fleet(500), "/");
    let tree = Tree::parse(page.clone()).unwrap();
    let count = elements(tree.root());
    assert!(count < MOST_ELEMENTS, "{count} elements");
    assert_eq!(rows(&page), A_PAGE);
    assert!(page.contains(">Failing<") && !page.contains(">Well<"), "{page}");
    assert!(page.contains("1–50 of 500") && page.contains("href=\"/?page=2\"") && !page.contains("Previous"));
    let last = html(fleet(500), "/?page=10");
    assert!(last.contains(">Well<") && !last.contains(">Failing<") && !last.contains(">Next<"));
}

#[test]
fn few_clusters_are_a_calm_table() {
    let page = html(fleet(12), "/");
    assert_eq!(rows(&page), 12);
    for loud in ["<form", "<nav", "<h2", "<select"] {
        assert!(!page.contains(loud), "{loud}: {page}");
    }
    assert!(html(fleet(13), "/").contains("<nav"), "one more is many");
}

#[test]
fn what_is_looked_for_stays_in_every_link_and_in_the_form() {
    let page = html(fleet(500), "/?text=cluster+1&state=bad&order=name&page=x");
    assert!(page.contains("value=\"cluster 1\"") && page.contains("“x” is no page"), "{page}");
    let kept = "/?text=cluster%201&amp;order=name&amp;state=unknown";
    assert!(page.contains(kept), "{page}");
    let (_, state) = page.split_once("name=\"state\"").unwrap_or_else(|| panic!("the state stays: {page}"));
    assert!(
        state.split('>').next().unwrap().contains("value=\"bad\"") || page.contains("value=\"bad\" name=\"state\"")
    );
    let none = html(fleet(500), "/?text=nowhere");
    assert!(none.contains("None of 500 clusters fits") && rows(&none) == 0, "{none}");
}

#[test]
fn a_name_in_the_address_is_only_text() {
    let page = html(fleet(20), "/?text=%3C/title%3E%3Cscript%3E&state=%3Cb%3E&order=%22%3E");
    assert!(!page.contains("<script") && !page.contains("<b>&") && page.contains("&lt;/title"), "{page}");
}

#[test]
fn everything_that_is_known_of_a_cluster_stands_in_its_line() {
    let page = html(fleet(1), "/");
    for told in [
        "data-key=\"1\"",
        "xms1.example.com",
        "since ",
        "2 failures",
        "1 warning",
        "2 changes are described",
        "12 days",
        "unsaved changes",
        "stale",
    ] {
        assert!(page.contains(told), "{told}: {page}");
    }
}

#[test]
fn that_no_appliance_answers_is_said_once_and_the_rows_are_counted_under_it() {
    let silent = |number| FleetLine {
        unanswered: Some(Otherwise { tone: Tone::Unknown, words: "not seen lately".into(), tally: Tally::default() }),
        words: "The NetScaler cannot be read · not seen lately".into(),
        ..line(number, Tone::Bad)
    };
    let outage = Outage { asked: Some(3), since: Some(from_millis(0)) };
    let page = html_in((1..=3).map(silent).collect(), "/", Some(outage));
    assert_eq!(page.matches("None of the 3 appliances that are asked answers.").count(), 1, "{page}");
    assert!(page.contains("3 clusters are not known for this reason alone.") && page.contains("firewall"), "{page}");
    assert!(!page.contains("The NetScaler cannot be read") && !page.contains("data-tone=\"bad\" data-icon"), "{page}");
    assert_eq!((page.matches("not seen lately").count(), rows(&page)), (3, 3), "and are still there");

    // Where one answers, each speaks for itself.
    let page = html((1..=3).map(silent).collect(), "/");
    assert_eq!(page.matches("The NetScaler cannot be read").count(), 3);
    assert!(!page.contains("answers."), "{page}");
}
