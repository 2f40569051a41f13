//! One row for each fault of a node.

use super::{
    bench::{Bench, names, not_green},
    unknown,
};
use crate::nodes::NODES;
use lab::FaultSpec;
use model::finding::CheckCode::{
    self, Clocks, Database, Licences, Members, Membership, NodeAccess, NodeCertificate, NodeIds, NodeKeys, NodePorts,
    RecoveryMode, ServerIds, Versions,
};

/// What it takes beside the switch itself.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Way {
    /// The switch alone.
    Plain,
    /// It shows after a restart, and goes with one.
    Restarts,
    /// Somebody must accept the node's key again, for another was shown meanwhile.
    Accepted,
}

struct Row {
    fault: &'static str,
    ms: u64,
    way: Way,
    /// The rule that names it, and words of it.
    code: CheckCode,
    says: &'static str,
    /// Rules that may be red as a consequence.
    also: &'static [CheckCode],
}

const fn row(fault: &'static str, code: CheckCode, says: &'static str, also: &'static [CheckCode]) -> Row {
    Row { fault, ms: 0, way: Way::Plain, code, says, also }
}

const fn shown(fault: &'static str, code: CheckCode, says: &'static str, also: &'static [CheckCode]) -> Row {
    Row { way: Way::Accepted, ..row(fault, code, says, also) }
}

const QUARTER: u64 = 15 * 60 * 1000;

const ROWS: &[Row] = &[
    row("power_off", Members, "does not answer", &[NodePorts, NodeAccess, Membership]),
    Row { ms: 60_000, ..row("slow", Members, "does not answer", &[]) },
    row("hang", NodePorts, "does not answer Gatehouse itself", &[NodeAccess, Membership]),
    row("web_dead_tcp_up", NodePorts, "does not answer Gatehouse itself", &[NodeAccess]),
    row("db_down", Database, "database", &[NodeAccess]),
    Row { way: Way::Restarts, ..row("db_rights", RecoveryMode, "recovery mode", &[Membership, NodeAccess, NodePorts]) },
    row("recovery_mode", RecoveryMode, "recovery mode", &[Membership, NodeAccess, NodePorts]),
    row("html_errors", NodePorts, "500", &[NodeAccess]),
    row("legacy_node_id", ServerIds, "another number", &[NodeIds]),
    row("clone_ip", NodeIds, "by the number of xms01", &[ServerIds, Membership]),
    row("moved_ip", NodeIds, "says that its address is", &[ServerIds, Membership]),
    Row { ms: QUARTER, ..row("clock_skew", Clocks, "15 min ahead", &[Membership]) },
    Row { ms: QUARTER, ..row("clock_behind", Clocks, "15 min behind", &[Membership]) },
    row("port80_block", Membership, "port 80 is closed", &[]),
    Row { ms: 3_600_000, ..row("port80_flap", Membership, "port 80 is closed", &[]) },
    row("cluster_flag_off", Membership, "lustering is switched off", &[]),
    row("wrong_version", Versions, "10.15.0.7", &[]),
    row("apns_expired", CheckCode::Apns, "expired", &[]),
    row("licence_out", Licences, "used up", &[]),
    shown("new_certificate", NodeKeys, "another certificate", &[NodeCertificate, NodeAccess]),
    shown("cert_old", NodeKeys, "another certificate", &[NodeCertificate, NodeAccess]),
    shown("cert_chain_missing", NodeCertificate, "chain", &[NodeKeys, NodeAccess]),
    shown("incomplete_chain", NodeCertificate, "chain", &[NodeKeys, NodeAccess]),
    shown("expired", NodeCertificate, "expired", &[NodeKeys, NodeAccess]),
    shown("wrong_name", NodeCertificate, "xms.example.com", &[NodeKeys, NodeAccess]),
    shown("rsa1024", NodeCertificate, "1024", &[NodeKeys, NodeAccess, NodePorts]),
    row("tls10_only", NodePorts, "TLS 1.2", &[NodeAccess]),
    shown("new_host_key", NodeKeys, "another SSH host key", &[NodeAccess]),
    shown("clone_host_key", NodeKeys, "another SSH host key", &[NodeAccess]),
    shown("ssh_rsa_only", NodeKeys, "another SSH host key", &[NodeAccess]),
    row("old_kex", NodeAccess, "SSH", &[]),
];

/// What the console sees through: no fault of the service, and nothing may go red.
const HARMLESS: &[(&str, u64)] = &[
    // Each answer late, within our patience; beyond it the node is one that hangs.
    ("slow_ms", 40),
    // Of these addresses the signed number is the unsigned one.
    ("signed_node_id", 0),
    // The next login is one more, and no refusal.
    ("token_early_expiry", 1),
    ("banner", 0),
    ("early_banner", 0),
];

const TARGET: &str = "10.20.30.12";

fn spec(fault: &str, ms: u64) -> FaultSpec {
    FaultSpec { target: TARGET.into(), fault: fault.into(), ms, ..FaultSpec::default() }
}

async fn restart(bench: &Bench) {
    bench.fault(spec("power_off", 0)).await;
    bench.world.lab.lift(TARGET, "power_off").await.unwrap();
    bench.pass(60).await;
}

async fn injected(bench: &Bench, row: &Row) -> Result<(), String> {
    bench.fault(spec(row.fault, row.ms)).await;
    if row.way == Way::Restarts {
        restart(bench).await;
    }
    // Monitors need their failures, and leave nothing to see before.
    bench.pass(60).await;
    bench.looks().await;
    names(&bench.view().await, row.code, row.says, row.also)
}

async fn lifted(bench: &Bench, row: &Row) -> Result<(), String> {
    bench.world.lab.lift(TARGET, row.fault).await.unwrap();
    match row.way {
        Way::Plain => {}
        Way::Restarts => restart(bench).await,
        Way::Accepted => bench.accept_keys().await,
    }
    bench.pass(60).await;
    bench.looks().await;
    not_green(&bench.view().await).map_or(Ok(()), |why| Err(format!("after it was lifted, {why}")))
}

/// All rows, so that one failure hides no other.
async fn walk(rows: impl Iterator<Item = &'static Row>) {
    let bench = Bench::ready(lab::Options::default()).await;
    assert_eq!(not_green(&bench.view().await), None);
    let mut wrong = Vec::new();
    for row in rows {
        for step in [injected(&bench, row).await, lifted(&bench, row).await] {
            wrong.extend(step.err().map(|why| format!("{}: {why}", row.fault)));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// In three parts, which run side by side.
fn part(number: usize) -> impl Iterator<Item = &'static Row> {
    ROWS.iter().enumerate().filter(move |(place, _)| place % 3 == number).map(|(_, row)| row)
}

#[tokio::test(flavor = "multi_thread")]
async fn each_fault_of_a_node_is_named_and_goes_again() {
    walk(part(0)).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn each_fault_of_a_node_is_named_and_goes_again_too() {
    walk(part(1)).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn each_fault_of_a_node_is_named_and_goes_again_as_well() {
    walk(part(2)).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_no_fault_of_the_service_alarms_nobody() {
    let bench = Bench::ready(lab::Options::default()).await;
    let mut wrong = Vec::new();
    for (fault, ms) in HARMLESS {
        bench.fault(spec(fault, *ms)).await;
        bench.looks().await;
        wrong.extend(not_green(&bench.view().await).map(|why| format!("{fault}: {why}")));
        bench.world.lab.lift(TARGET, fault).await.unwrap();
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_switch_of_a_node_has_its_row() {
    let rows = ROWS.iter().map(|row| row.fault);
    let mut known: Vec<&str> = rows.chain(HARMLESS.iter().map(|(word, _)| *word)).collect();
    known.extend(unknown::OF_NODES.iter().map(|(word, _)| *word));
    known.sort_unstable();
    let mut all = lab::Lab::node_faults();
    all.sort_unstable();
    assert_eq!(known, all, "each switch of the lab stands in exactly one table");
    assert!(unknown::OF_NODES.iter().all(|(_, why)| why.ends_with('.')));
    assert!(NODES.iter().any(|node| node.to_string() == TARGET));
}
