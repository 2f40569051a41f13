//! One row for each fault of a node.

use crate::{bench::Bench, judged::names, pages, support::NODES, unknown, walk::walk};
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
    /// What is red, from the top of the page: that rule and what follows, and nothing else.
    red: &'static [CheckCode],
}

const fn row(fault: &'static str, code: CheckCode, says: &'static str, red: &'static [CheckCode]) -> Row {
    Row { fault, ms: 0, way: Way::Plain, code, says, red }
}

const fn shown(fault: &'static str, code: CheckCode, says: &'static str, red: &'static [CheckCode]) -> Row {
    Row { way: Way::Accepted, ..row(fault, code, says, red) }
}

const QUARTER: u64 = 15 * 60 * 1000;

/// The three make the same lists, so that each is named.
const SPLIT: &str = "Clustering is switched off on a node, port 80 is closed between them";

const ROWS: &[Row] = &[
    row("power_off", Members, "does not answer: all its 3 members are DOWN.", &[Members, Membership]),
    Row { ms: 60_000, ..row("slow", Members, "does not answer: all its 3 members are DOWN.", &[Members]) },
    row("hang", NodePorts, "did not answer within 5 seconds", &[NodePorts, Membership]),
    row("web_dead_tcp_up", NodePorts, "a web server that hangs or has died still lets it", &[NodePorts]),
    row("db_down", Database, "xms02 (10.20.30.12) does not reach its database.", &[Database]),
    Row {
        way: Way::Restarts,
        ..row("db_rights", RecoveryMode, "its database account may not alter the schema", &[RecoveryMode, Membership])
    },
    row("recovery_mode", RecoveryMode, "xms02 (10.20.30.12) is in recovery mode.", &[RecoveryMode, Membership]),
    row("html_errors", NodePorts, "Asked by Gatehouse itself, port 8443: HTTP 500.", &[NodePorts]),
    row("legacy_node_id", ServerIds, "another number", &[ServerIds, NodeIds]),
    row("clone_ip", NodeIds, "It is a copy of xms01", &[NodeIds, Membership]),
    row("moved_ip", NodeIds, "says that its address is 10.20.30.112.", &[NodeIds, Membership]),
    Row { ms: QUARTER, ..row("clock_skew", Clocks, "is about 15 min ahead of the others", &[Clocks, Membership]) },
    Row { ms: QUARTER, ..row("clock_behind", Clocks, "is about 15 min behind the others", &[Clocks, Membership]) },
    row("port80_block", Membership, SPLIT, &[Membership]),
    Row { ms: 3_600_000, ..row("port80_flap", Membership, SPLIT, &[Membership]) },
    row("cluster_flag_off", Membership, SPLIT, &[Membership]),
    row("wrong_version", Versions, "10.15.0.7 on xms02", &[Versions]),
    row("apns_expired", CheckCode::Apns, "Apple's push certificate has expired.", &[CheckCode::Apns]),
    row("licence_out", Licences, "All licences are used up", &[Licences]),
    // Another key than the accepted one may be somebody else's machine: that comes first, unless devices cannot use it.
    shown("new_certificate", NodeKeys, "shows another certificate than was accepted.", &[NodeKeys, NodeCertificate]),
    shown("cert_old", NodeCertificate, "One that was not still shows the old one", &[NodeKeys, NodeCertificate]),
    shown("cert_chain_missing", NodeCertificate, "without the chain.", &[NodeKeys, NodeCertificate]),
    shown("incomplete_chain", NodeCertificate, "without the chain.", &[NodeKeys, NodeCertificate]),
    shown("expired", NodeCertificate, "has expired.", &[NodeCertificate, NodeKeys]),
    shown("wrong_name", NodeCertificate, "is not for xms.example.com.", &[NodeCertificate, NodeKeys]),
    shown("rsa1024", NodeCertificate, "The key of xms02 has only 1024 bits.", &[NodeKeys, NodeCertificate]),
    row("tls10_only", NodePorts, "offers no TLS version that is still safe.", &[NodePorts]),
    shown("new_host_key", NodeKeys, "shows another SSH host key than was accepted.", &[NodeKeys]),
    shown("clone_host_key", NodeKeys, "shows another SSH host key than was accepted.", &[NodeKeys]),
    shown("ssh_rsa_only", NodeKeys, "Shown: SSH host key ssh-rsa", &[NodeKeys]),
    row("old_kex", NodeAccess, "xms02 cannot be asked by SSH.", &[NodeAccess]),
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

async fn ready() -> Bench {
    Bench::ready(lab::Options::default()).await
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
    let view = bench.view().await;
    names(&view, row.code, row.says, row.red)?;
    pages::name(bench, &view, row.code, row.says).await
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
    pages::are_well(bench).await.map_err(|why| format!("after it was lifted, {why}"))
}

#[tokio::test(flavor = "multi_thread")]
async fn each_fault_of_a_node_is_named_and_goes_again() {
    walk(ROWS.iter().map(|row| (row.fault, row)), ready, async |bench, _, row| {
        injected(bench, row).await?;
        lifted(bench, row).await
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_no_fault_of_the_service_alarms_nobody() {
    walk(HARMLESS.iter().copied(), ready, async |bench, fault, ms| {
        bench.fault(spec(fault, ms)).await;
        bench.looks().await;
        let well = pages::are_well(bench).await;
        bench.world.lab.lift(TARGET, fault).await.unwrap();
        well
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_cannot_be_known_is_called_unknown_and_never_well() {
    walk(unknown::OF_NODES.iter().map(|row| (row.fault, row)), ready, async |bench, _, row| {
        bench.fault(spec(row.fault, 0)).await;
        bench.looks().await;
        let well = pages::call_unknown(bench, row.code, row.says).await;
        bench.world.lab.lift(TARGET, row.fault).await.unwrap();
        well
    })
    .await;
}

#[test]
fn every_switch_of_a_node_has_its_row() {
    let rows = ROWS.iter().map(|row| row.fault);
    let mut known: Vec<&str> = rows.chain(HARMLESS.iter().map(|(word, _)| *word)).collect();
    known.extend(unknown::OF_NODES.iter().map(|row| row.fault));
    known.sort_unstable();
    let mut all = lab::Lab::node_faults();
    all.sort_unstable();
    assert_eq!(known, all, "each switch of the lab stands in exactly one table");
    assert!(NODES.iter().any(|node| node.to_string() == TARGET));
}
