//! The README's section "What shows it": complete, and every test that it names exists. That they ran and passed is
//! for `cargo xtask test` to say.

use crate::common::Bench;
use serde_json::{Value, json};
use std::{collections::BTreeSet, fs::read_to_string, path::Path, process::Command};

const README: &str = include_str!("../../README.md");

/// Rows of section 6.1 of the NITRO reference.
const GOLDEN: usize = 35;

/// Of its section 6.2, what an appliance answers; A10 is about other products.
const LATER: [&str; 10] = ["A1", "A2", "A3", "A4", "A5", "A6", "A7", "A8", "A9", "A11"];

/// Numbered behaviours of its section 6.
const BEHAVIOURS: usize = 27;

/// Everything in section 11 of the XMS reference that a simulator has to imitate.
const NODES: [&str; 18] = [
    "11.1", "11.2", "11.3.1", "11.3.2", "11.3.3", "11.3.4", "11.3.5", "11.3.6", "11.3.7", "11.3.8", "11.3.9",
    "11.3.10", "11.3.11", "11.4", "11.5", "11.6", "11.7", "11.8",
];

/// First column, and the tests of the last one.
type Row = (String, Vec<String>);

/// The rows of one table, by its heading.
fn rows(heading: &str) -> Vec<Row> {
    let (_, section) = README.split_once(heading).unwrap_or_else(|| panic!("no heading {heading:?} in the README"));
    let table = section.lines().skip_while(|line| !line.starts_with('|')).take_while(|line| line.starts_with('|'));
    table
        .skip(2)
        .map(|line| {
            let cells: Vec<&str> = line.trim_matches('|').split(" | ").map(str::trim).collect();
            let last = cells.last().copied().unwrap_or_default();
            let tests = last.split('`').skip(1).step_by(2).map(str::to_owned).collect();
            (cells[0].to_owned(), tests)
        })
        .collect()
}

/// What this program can run.
fn tests(more: &[&str]) -> BTreeSet<String> {
    let me = std::env::current_exe().expect("a program");
    let output = Command::new(me).arg("--list").args(more).output().expect("a list");
    let text = String::from_utf8(output.stdout).expect("text");
    text.lines().filter_map(|line| line.strip_suffix(": test")).map(str::to_owned).collect()
}

fn all_rows() -> Vec<Row> {
    [GOLDEN_TABLE, LATER_TABLE, BEHAVIOUR_TABLE, NODE_TABLE].into_iter().flat_map(rows).collect()
}

const GOLDEN_TABLE: &str = "### Golden vectors (nitro.md 6.1)";
const LATER_TABLE: &str = "### Facts added later (nitro.md 6.2)";
const BEHAVIOUR_TABLE: &str = "### Behaviours of an appliance (nitro.md 6)";
const NODE_TABLE: &str = "### Behaviours of a node (xenmobile.md 11)";

#[test]
fn every_vector_and_every_behaviour_has_its_row() {
    assert_eq!(rows(GOLDEN_TABLE).len(), GOLDEN);
    let later: Vec<String> = rows(LATER_TABLE).into_iter().map(|row| row.0).collect();
    assert_eq!(later, LATER);
    let numbers: Vec<String> = rows(BEHAVIOUR_TABLE).into_iter().map(|row| row.0).collect();
    assert_eq!(numbers, (1..=BEHAVIOURS).map(|number| number.to_string()).collect::<Vec<_>>());
    let items: Vec<String> = rows(NODE_TABLE).into_iter().map(|row| row.0).collect();
    assert_eq!(items, NODES);
}

#[test]
fn every_row_names_a_test_and_every_test_it_names_is_run() {
    let known = &tests(&[]) - &tests(&["--ignored"]);
    assert!(known.contains("proofs::every_vector_and_every_behaviour_has_its_row"), "{known:?}");
    let bare: Vec<Row> = all_rows().into_iter().filter(|row| row.1.is_empty()).collect();
    assert!(bare.is_empty(), "rows without a test: {bare:?}");
    let named: BTreeSet<String> = all_rows().into_iter().flat_map(|row| row.1).collect();
    let unknown: Vec<&String> = named.difference(&known).filter(|name| !is_unit_test(name)).collect();
    assert!(unknown.is_empty(), "the README names tests that are not there: {unknown:#?}");
}

/// Tests inside the library are not in this program; `nitro::walk::name` is in `src/nitro/walk.rs`.
fn is_unit_test(name: &str) -> bool {
    let Some((module, test)) = name.rsplit_once("::") else { return false };
    let file = module.trim_end_matches("::tests").replace("::", "/");
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("src").join(file).with_extension("rs");
    let Some((before, _)) = read_to_string(path).ok().and_then(|text| {
        let (before, after) = text.split_once(&format!("fn {test}("))?;
        Some((before.to_owned(), after.to_owned()))
    }) else {
        return false;
    };
    // The attribute is the last one before the function's name, with nothing but other attributes between.
    before.rsplit_once("test]").is_some_and(|(_, between)| !between.contains("fn "))
}

#[tokio::test]
async fn every_knob_of_the_control_api_is_in_the_readme() {
    let bench = Bench::empty().await;
    let control = bench.lab.description().control.clone();
    let node = bench.lab.description().xms[0].ip;
    let mut words: Vec<String> = Vec::new();
    for target in ["netscaler".to_owned(), node.to_string()] {
        let order = json!({ "target": target, "fault": "no such word" });
        let refusal = bench.http.post(format!("{control}/faults")).body(order.to_string()).send().await.unwrap();
        let sentence = refusal.text().await.unwrap();
        let (_, known) = sentence.split_once("known faults are ").expect("a list");
        words.extend(known.split(", ").map(|word| word.trim_matches(|c: char| !c.is_alphanumeric()).to_owned()));
    }
    assert!(words.len() > 40, "{words:?}");
    let choices = bench.http.get(format!("{control}/choices")).send().await.unwrap().text().await.unwrap();
    let choices: serde_json::Map<String, Value> = serde_json::from_str(&choices).unwrap();
    words.extend(choices.into_iter().map(|(name, _)| name));
    let missing: Vec<&String> = words.iter().filter(|word| !README.contains(&format!("`{word}`"))).collect();
    assert!(missing.is_empty(), "the README does not explain {missing:?}");
}
