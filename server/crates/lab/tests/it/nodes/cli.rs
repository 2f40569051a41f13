//! The menus over SSH.

use crate::nodes::{
    shell::{Shell, admits, admits_at_last},
    support::{Desk, NODES},
};
use lab::Options;
use serde_json::Value;

const MAIN: &str = "Choice: [0 - 5] ";
const SYSTEM: &str = "Choice: [0 - 10] ";
const SURE: &str = "[y/n] ";

/// Show Cluster Status of a node.
async fn status(desk: &Desk, at: usize) -> String {
    let mut shell = Shell::open(desk, at, false).await;
    shell.until(MAIN).await;
    shell.ask("1", MAIN).await;
    shell.ask("1", MAIN).await
}

/// Waits for a word of the lab's own state.
async fn power(desk: &Desk, at: usize, word: &str) {
    while desk.state(at)["power"] != word {
        tokio::task::yield_now().await;
    }
}

#[tokio::test]
async fn passwords_are_those_of_the_command_line() {
    let desk = Desk::open().await;
    let node = desk.node(0).clone();
    assert!(admits(&desk, &node.cli_user, &node.cli_password).await);
    assert!(!admits(&desk, &node.cli_user, &node.password).await, "the console's is another");
    assert!(!admits(&desk, &node.user, &node.cli_password).await);
    let attempts = desk.state(0)["xms"]["attempts"].clone();
    assert_eq!((&attempts["cli"], &attempts["cli_refused"]), (&Value::from(3), &Value::from(2)));
    assert!(admits_at_last(&desk, &node.cli_user, 2, &node.cli_password).await, "a wrong one is not the end");
}

#[tokio::test]
async fn every_node_has_a_key_of_its_own() {
    let desk = Desk::open().await;
    let (one, two) = (Shell::open(&desk, 0, false).await, Shell::open(&desk, 1, false).await);
    assert_eq!((&one.fingerprint, &two.fingerprint), (&desk.node(0).ssh_fingerprint, &desk.node(1).ssh_fingerprint));
    assert_ne!(one.fingerprint, two.fingerprint);
    assert!(!one.executes("ls").await, "a menu program is not a shell");
}

#[tokio::test]
async fn the_menus_are_those_of_the_reference() {
    let desk = Desk::open().await;
    let mut shell = Shell::open(&desk, 0, false).await;
    let main = "Main Menu\n[0] Configuration\n[1] Clustering\n[2] System\n[3] Troubleshooting\n[4] Help\n[5] Log Out\n\
        Choice: [0 - 5] ";
    assert!(shell.until(MAIN).await.ends_with(main));
    for wrong in ["6", "-1", "show", "", "1 1"] {
        assert_eq!(shell.ask(wrong, MAIN).await, main, "\"{wrong}\" prints the menu again");
    }
    let clustering = shell.ask("1", MAIN).await;
    assert!(clustering.starts_with("Clustering Menu\n[0] Back to Main Menu\n[1] Show Cluster Status\n"));
    let status = shell.ask("1", MAIN).await;
    let expected = "Current Node ID: 169090571\n\nCluster Members:\nnode: 10.20.30.11 status: ACTIVE role: OLDEST\n\
        node: 10.20.30.12 status: ACTIVE role: NONE\nnode: 10.20.30.13 status: ACTIVE role: NONE\n\nClustering Menu\n";
    assert!(status.starts_with(expected), "{status}");
    assert_eq!(shell.ask("0", MAIN).await, main);
    shell.ask("2", SYSTEM).await;
    assert!(shell.ask("1", SYSTEM).await.starts_with("Mon Jan  5 08:00:00 2026\n"));
    assert!(shell.ask("5", SYSTEM).await.starts_with("Instance name: /zdm\n"));
    shell.ask("0", MAIN).await;
    shell.type_in("5\n").await;
    assert_eq!(shell.rest().await, "");
    assert_eq!(desk.state(0)["power"], "on");
}

#[tokio::test]
async fn a_terminal_echoes_and_ends_lines_as_terminals_do() {
    let desk = Desk::open().await;
    let mut shell = Shell::open(&desk, 0, true).await;
    assert!(shell.until(MAIN).await.contains("Main Menu\r\n[0] Configuration\r\n"));
    shell.type_in("23\u{7f}\r").await;
    let text = shell.until(SYSTEM).await;
    assert!(text.starts_with("23\u{8} \u{8}\r\nSystem Menu\r\n"), "{text:?}");
    shell.end().await;
    assert_eq!(shell.rest().await, "", "the end of typing is the end");
}

#[tokio::test]
async fn a_restart_takes_the_node_down_for_a_while() {
    let desk = Desk::open().await;
    let token = desk.login(0).await;
    let mut shell = Shell::open(&desk, 0, false).await;
    shell.until(MAIN).await;
    shell.ask("2", SYSTEM).await;
    shell.ask("8", SURE).await;
    assert!(shell.ask("n", SYSTEM).await.starts_with("Cancelled."));
    shell.ask("8", SURE).await;
    shell.type_in("y\n").await;
    assert_eq!(shell.rest().await, "Restarting server...\n");
    power(&desk, 0, "restarting").await;
    desk.http.get(&desk.node(0).management).send().await.unwrap_err();

    let seen = status(&desk, 1).await;
    assert!(
        seen.contains("node: 10.20.30.11 status: DEAD role: NONE\nnode: 10.20.30.12 status: ACTIVE role: OLDEST\n"),
        "{seen}"
    );
    desk.minutes(3).await;
    assert_eq!(desk.state(0)["power"], "on");
    assert_eq!(desk.call(0, Some(&token), "GET", "ldap", None).await.status, 401, "tokens are in memory");
    desk.login(0).await;
    let seen = status(&desk, 0).await;
    assert!(
        seen.contains("node: 10.20.30.11 status: ACTIVE role: NONE\nnode: 10.20.30.12 status: ACTIVE role: OLDEST\n"),
        "{seen}"
    );
}

#[tokio::test]
async fn a_shut_down_node_disappears_and_comes_back_when_it_is_powered_on() {
    let desk = Desk::open().await;
    let mut shell = Shell::open(&desk, 2, false).await;
    shell.until(MAIN).await;
    shell.ask("2", SYSTEM).await;
    shell.ask("9", SURE).await;
    shell.type_in("y\n").await;
    shell.rest().await;
    power(&desk, 2, "off").await;
    assert!(status(&desk, 0).await.contains("10.20.30.13 status: DEAD"));
    desk.minutes(5).await;
    assert!(!status(&desk, 0).await.contains("10.20.30.13"));
    assert_eq!(desk.state(2)["power"], "off");
    desk.lab.reset(lab::Seed::Empty).await.unwrap();
    assert!(status(&desk, 0).await.contains("10.20.30.13 status: ACTIVE"));
}

#[tokio::test]
async fn a_node_without_the_cluster_flag_is_alone() {
    let desk = Desk::open().await;
    let mut shell = Shell::open(&desk, 1, false).await;
    shell.until(MAIN).await;
    shell.ask("1", MAIN).await;
    assert!(shell.ask("5", MAIN).await.starts_with("Member 10.20.30.11:80\nMember 10.20.30.12:80 this\n"));
    shell.ask("3", "restriction: ").await;
    shell.ask("10.20.30.0/24", MAIN).await;
    assert_eq!(desk.state(1)["xms"]["white_list"], "10.20.30.0/24");
    shell.ask("2", SURE).await;
    shell.type_in("y\n").await;
    assert!(shell.rest().await.contains("Port 80 is no longer needed"));
    power(&desk, 1, "restarting").await;
    desk.minutes(3).await;
    assert_eq!(desk.state(1)["xms"]["clustered"], Value::Bool(false));
    let alone = status(&desk, 1).await;
    assert!(alone.contains("10.20.30.12 status: ACTIVE role: OLDEST") && !alone.contains("10.20.30.11"), "{alone}");
    assert!(!status(&desk, 0).await.contains("10.20.30.12"));
}

#[tokio::test]
async fn node_ids_come_in_other_forms() {
    let nodes = vec![[192, 168, 0, 1].into(), NODES[1]];
    let desk = Desk::with(Options { nodes, ..Options::default() }).await;
    let fault = async |target: &str, word: &str| {
        let spec = lab::FaultSpec { target: target.to_owned(), fault: word.to_owned(), ..lab::FaultSpec::default() };
        desk.lab.fault(spec).await.unwrap();
    };
    assert!(status(&desk, 0).await.starts_with("Current Node ID: 3232235521\n"));
    fault("192.168.0.1", "signed_node_id").await;
    assert!(status(&desk, 0).await.starts_with("Current Node ID: -1062731775\n"));
    fault("10.20.30.12", "legacy_node_id").await;
    let id = status(&desk, 1).await;
    let id = id.strip_prefix("Current Node ID: ").unwrap().split('\n').next().unwrap().to_owned();
    assert_eq!(id.len(), 19);
    let page = desk.send(desk.page(1, ":8443/Citrix/")).await;
    assert_eq!(page.cookie("ACNODEID").unwrap(), id);
    desk.lab.clear_faults().await.unwrap();
    assert!(status(&desk, 1).await.starts_with("Current Node ID: 169090572\n"));
}
