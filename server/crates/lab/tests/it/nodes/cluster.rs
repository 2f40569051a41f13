//! Who sees whom: flags, port 80, white lists, database, clocks.

use crate::nodes::{
    shell::Shell,
    support::{Desk, NODES, builder},
};
use std::time::Duration;

const MAIN: &str = "Choice: [0 - 5] ";
const CONFIGURATION: &str = "Choice: [0 - 4] ";

/// The last parts of the addresses that a node lists as running.
pub async fn sees(desk: &Desk, at: usize) -> Vec<u8> {
    let mut shell = Shell::open(desk, at, false).await;
    shell.until(MAIN).await;
    shell.ask("1", MAIN).await;
    let text = shell.ask("5", MAIN).await;
    let members = text.lines().filter_map(|line| line.strip_prefix("Member "));
    members.map(|line| line.split(':').next().unwrap().rsplit('.').next().unwrap().parse().unwrap()).collect()
}

async fn all_see(desk: &Desk) -> [Vec<u8>; 3] {
    [sees(desk, 0).await, sees(desk, 1).await, sees(desk, 2).await]
}

fn whole() -> [Vec<u8>; 3] {
    [vec![11, 12, 13], vec![11, 12, 13], vec![11, 12, 13]]
}

/// The answers to the firewall's questions, of which only those about port 80 say something.
async fn firewall(desk: &Desk, at: usize, enabled: &str, list: &str) -> String {
    let mut shell = Shell::open(desk, at, false).await;
    shell.until(MAIN).await;
    shell.ask("0", CONFIGURATION).await;
    assert_eq!(shell.ask("2", ": ").await, "HTTP port [80]: ");
    assert_eq!(shell.ask("", "[y/n] ").await, "Enable HTTP? [y/n] ");
    shell.ask(enabled, ": ").await;
    shell.ask(list, ": ").await;
    for _ in 0..3 {
        shell.walk(&[("", "[y/n] "), ("", ": "), ("", ": ")]).await;
    }
    shell.walk(&[("", "[y/n] "), ("", ": "), ("", CONFIGURATION)]).await
}

#[tokio::test]
async fn each_thing_that_parts_two_nodes_parts_them_alone() {
    let desk = Desk::open().await;
    assert_eq!(all_see(&desk).await, whole());
    for (word, ms) in [("cluster_flag_off", 0), ("port80_block", 0), ("clock_skew", 61_000), ("clock_behind", 61_000)] {
        desk.fault(2, word, ms).await;
        assert_eq!(all_see(&desk).await, [vec![11, 12], vec![11, 12], vec![13]], "{word}");
        desk.lab.clear_faults().await.unwrap();
        assert_eq!(all_see(&desk).await, whole(), "{word} is over");
    }
    desk.fault(2, "clock_behind", 60_000).await;
    assert_eq!(all_see(&desk).await, whole(), "just within the limit");
    desk.fault(0, "clock_skew", 1_000).await;
    assert_eq!(all_see(&desk).await, [vec![11, 12], vec![11, 12, 13], vec![12, 13]], "every pair by itself");
}

#[tokio::test]
async fn the_firewall_and_its_list_hold_for_both_ways() {
    let desk = Desk::open().await;
    let said = firewall(&desk, 0, "", "10.20.30.0/24").await;
    assert!(said.starts_with("Saved.\nHTTP: port 80, enabled y, white list: 10.20.30.0/24\n"), "{said}");
    assert_eq!(all_see(&desk).await, whole());
    firewall(&desk, 0, "", "10.20.30.13").await;
    assert_eq!(all_see(&desk).await, [vec![11, 13], vec![12, 13], vec![11, 12, 13]], "one list is enough to part two");
    firewall(&desk, 0, "", "c").await;
    assert_eq!(all_see(&desk).await, whole());
    firewall(&desk, 1, "n", "").await;
    assert_eq!(all_see(&desk).await, [vec![11, 13], vec![12], vec![11, 13]]);
    let refused = firewall(&desk, 1, "y", "nonsense").await;
    assert!(refused.starts_with("Invalid input.\n"), "{refused}");
    assert_eq!(sees(&desk, 1).await, [12], "nothing of it was taken");
}

#[tokio::test]
async fn the_members_own_list_is_followed() {
    let desk = Desk::open().await;
    let mut shell = Shell::open(&desk, 0, false).await;
    shell.until(MAIN).await;
    shell.ask("1", MAIN).await;
    shell.ask("3", "restriction: ").await;
    assert!(shell.ask("10.20.30.300", MAIN).await.starts_with("Invalid input."));
    shell.ask("3", "restriction: ").await;
    shell.ask("10.20.30.11, 10.20.30.12", MAIN).await;
    assert_eq!(all_see(&desk).await, [vec![11, 12], vec![11, 12, 13], vec![12, 13]]);
}

#[tokio::test]
async fn port_80_flaps_by_the_labs_clock() {
    let desk = Desk::open().await;
    desk.fault(1, "port80_flap", 60_000).await;
    let mut seen = Vec::new();
    for _ in 0..4 {
        seen.push(sees(&desk, 0).await.len());
        desk.minutes(1).await;
    }
    assert_eq!(seen, [2, 3, 2, 3]);
    desk.lab.clear_faults().await.unwrap();
    desk.minutes(2).await;
    assert_eq!(sees(&desk, 0).await.len(), 3);
}

#[tokio::test]
async fn a_hanging_node_is_dead_to_the_others() {
    let desk = Desk::open().await;
    desk.fault(0, "hang", 0).await;
    assert_eq!(sees(&desk, 1).await, [12, 13]);
    desk.lab.clear_faults().await.unwrap();
    assert_eq!(sees(&desk, 1).await.len(), NODES.len());
}

#[tokio::test]
async fn a_blocked_port_80_is_closed_to_others_and_the_rest_is_open() {
    let desk = Desk::open().await;
    let proxy = reqwest::Proxy::all(format!("socks5h://{}", desk.lab.description().socks)).unwrap();
    let client = builder().proxy(proxy).timeout(Duration::from_millis(300)).build().unwrap();
    let error = async |url: &str| client.get(url).send().await.unwrap_err();
    assert!(error("http://10.20.30.12/").await.is_timeout(), "it listens and says nothing");
    desk.fault(1, "port80_block", 0).await;
    assert!(error("http://10.20.30.12/").await.is_connect());
    assert_eq!(desk.version(1).await.status, 200);
    let direct = desk.state(1)["ports"]["80"]["at"].as_str().unwrap().to_owned();
    assert!(!error(&format!("http://{direct}/")).await.is_timeout());
}
