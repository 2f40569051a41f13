//! The rest of the menus: each entry says or does something true.

use crate::nodes::{
    shell::{Shell, admits},
    support::{Desk, NODES},
};

const MAIN: &str = "Choice: [0 - 5] ";
const THREE: &str = "Choice: [0 - 3] ";
const FOUR: &str = "Choice: [0 - 4] ";
const ONE: &str = "Choice: [0 - 1] ";
const SEVEN: &str = "Choice: [0 - 7] ";
const SYSTEM: &str = "Choice: [0 - 10] ";
const SURE: &str = "[y/n] ";

async fn at(desk: &Desk, node: usize, way: &[(&str, &str)]) -> Shell {
    let mut shell = Shell::open(desk, node, false).await;
    shell.until(MAIN).await;
    shell.walk(way).await;
    shell
}

async fn power(desk: &Desk, node: usize, word: &str) {
    while desk.state(node)["power"] != word {
        tokio::task::yield_now().await;
    }
}

#[tokio::test]
async fn the_network_tools_know_the_labs_network() {
    let desk = Desk::open().await;
    let mut shell = at(&desk, 0, &[("3", THREE), ("1", SEVEN)]).await;
    let information = shell.ask("1", SEVEN).await;
    assert!(
        information.contains("inet addr:10.20.30.11  Mask:255.255.255.0")
            && information.contains("10.20.30.3, 10.20.30.4")
    );
    assert!(
        shell.ask("2", SEVEN).await.contains("0.0.0.0 via 10.20.30.1 dev eth0\n10.20.30.0/255.255.255.0 dev eth0\n")
    );
    let arp = shell.ask("3", SEVEN).await;
    assert!(arp.contains("10.20.30.12 ether 02:00:0a:14:1e:0c") && !arp.contains("10.20.30.11 "), "{arp}");
    for (host, expected) in [
        ("10.20.30.12", "4 received"),
        ("xms03", "PING xms03 (10.20.30.13): 4 packets transmitted, 4 received"),
        ("10.0.0.10", "4 received"),
        ("10.20.0.10", "4 received"),
        ("sql.example.com", "(10.20.30.2)"),
        ("10.9.9.9", "0 received"),
        ("nobody.example.com", "nobody.example.com: unknown host"),
    ] {
        shell.ask("4", "Host: ").await;
        let said = shell.ask(host, SEVEN).await;
        assert!(said.contains(expected), "{host}: {said}");
    }
    shell.ask("5", "Host: ").await;
    assert!(shell.ask("10.0.0.10", SEVEN).await.starts_with("1  10.20.30.1\n2  10.0.0.10\n"), "by the gateway");
    shell.ask("6", "Host: ").await;
    assert!(shell.ask("gw.example.com", SEVEN).await.starts_with("Name: gw.example.com\nAddress: 198.51.100.21\n"));
    assert!(shell.ask("7", SEVEN).await.contains("port 22: 1 connections\n"));
    desk.lab.power_off(NODES[1]).await.unwrap();
    shell.ask("4", "Host: ").await;
    assert!(shell.ask("10.20.30.12", SEVEN).await.contains("0 received"));
    assert!(!shell.ask("3", SEVEN).await.contains("10.20.30.12"));
}

#[tokio::test]
async fn the_database_is_tested_with_what_is_typed() {
    let desk = Desk::open().await;
    let mut shell = at(&desk, 0, &[("0", FOUR)]).await;
    shell.ask("3", SURE).await;
    assert!(shell.ask("n", FOUR).await.starts_with("Cancelled."));
    let mut attempt = async |server: &str, password: &str, name: &str| {
        shell.walk(&[("3", SURE), ("y", "]: "), ("", SURE), ("n", "]: "), (server, "]: "), ("", "]: ")]).await;
        shell.walk(&[("", "Password: "), (password, "]: "), (name, FOUR)]).await
    };
    assert!(attempt("", "lab-sql", "").await.starts_with("The database can be reached."));
    assert!(attempt("", "wrong", "").await.starts_with("Login failed"));
    assert!(attempt("10.20.30.99", "lab-sql", "").await.starts_with("The database server cannot be reached."));
    assert!(attempt("", "lab-sql", "other").await.starts_with("There is no such database."));
    desk.fault(0, "db_down", 0).await;
    assert!(attempt("", "lab-sql", "").await.starts_with("The database server cannot be reached."));
    desk.lab.clear_faults().await.unwrap();
    assert!(shell.ask("4", FOUR).await.contains("Management HTTPS: 4443\n"));
}

#[tokio::test]
async fn another_address_holds_after_a_restart() {
    let desk = Desk::open().await;
    let mut shell = at(&desk, 2, &[("0", FOUR)]).await;
    shell.walk(&[("1", SURE), ("y", "]: "), ("10.20.30.23", "]: "), ("", "]: "), ("", "]: "), ("", ": ")]).await;
    assert!(shell.ask("", FOUR).await.starts_with("The changes take effect after a restart."));
    assert_eq!(desk.state(2)["xms"]["network"]["ip"], "10.20.30.13");
    shell.walk(&[("0", MAIN), ("2", SYSTEM), ("8", SURE)]).await;
    shell.type_in("y\n").await;
    shell.rest().await;
    power(&desk, 2, "restarting").await;
    desk.minutes(3).await;
    assert_eq!(desk.state(2)["xms"]["network"]["ip"], "10.20.30.23");
    let mut shell = at(&desk, 2, &[("1", MAIN)]).await;
    assert!(shell.ask("1", MAIN).await.starts_with("Current Node ID: 169090583\n"), "its ID went with the address");
    let proxy = reqwest::Proxy::all(format!("socks5h://{}", desk.lab.description().socks)).unwrap();
    let client = crate::nodes::support::builder().proxy(proxy).build().unwrap();
    assert!(client.get("https://10.20.30.23:8443/zdm/login_xdm_uc.jsp").send().await.unwrap().status().is_success());
    client.get("https://10.20.30.13:8443/zdm/login_xdm_uc.jsp").send().await.unwrap_err();
}

#[tokio::test]
async fn the_systems_settings_are_kept_over_a_restart() {
    let desk = Desk::open().await;
    let mut shell = at(&desk, 0, &[("2", SYSTEM)]).await;
    shell.ask("2", "zone: ").await;
    assert!(shell.ask("Mars/Base", SYSTEM).await.starts_with("Invalid input."));
    shell.ask("2", "zone: ").await;
    shell.ask("europe/zurich", SYSTEM).await;
    assert!(shell.ask("1", SYSTEM).await.starts_with("Mon Jan  5 09:00:00 2026\n"));
    shell.ask("4", "name): ").await;
    shell.ask("10.20.30.12 second", SYSTEM).await;
    assert!(shell.ask("4", "name): ").await.contains("10.20.30.12 second\n"));
    assert!(shell.ask("nonsense", SYSTEM).await.starts_with("Invalid input."));
    shell.ask("6", "none: ").await;
    shell.ask("proxy.example.com:3128", SYSTEM).await;
    assert!(shell.ask("6", "none: ").await.contains("proxy.example.com:3128"));
    shell.ask("", SYSTEM).await;
    assert!(shell.ask("3", SYSTEM).await.contains("/dev/sda1"));
    let old = desk.node(0).cli_password.clone();
    let change = [("7", "Current password: "), ("wrong", ": "), ("fresh", ": "), ("fresh", SYSTEM)];
    assert!(shell.walk(&change).await.starts_with("The passwords do not match."));
    let change = [("7", "Current password: "), (old.as_str(), ": "), ("fresh", ": "), ("fresh", SYSTEM)];
    assert!(shell.walk(&change).await.starts_with("The password was changed."));
    assert!(shell.ask("10", THREE).await.starts_with("Advanced Settings\n"));
    assert!(shell.ask("1", THREE).await.contains("TLS13_AES_256_GCM_SHA384"));
    assert!(shell.ask("2", THREE).await.starts_with("TLSv1.2, TLSv1.3\n"));
    assert!(shell.ask("3", THREE).await.starts_with("Database connections: 200\n"));
    shell.walk(&[("0", SYSTEM), ("8", SURE)]).await;
    shell.type_in("y\n").await;
    shell.rest().await;
    power(&desk, 0, "restarting").await;
    desk.minutes(3).await;
    assert!(!admits(&desk, "admin", &old).await && admits(&desk, "admin", "fresh").await);
    let mut shell = Shell::at(desk.node(0), "fresh", false).await;
    shell.until(MAIN).await;
    shell.ask("2", SYSTEM).await;
    assert!(shell.ask("1", SYSTEM).await.starts_with("Mon Jan  5 09:03:00 2026\n"));
    shell.walk(&[("0", MAIN), ("3", THREE), ("2", ONE)]).await;
    assert!(shell.ask("1", ONE).await.contains("| INFO | main | com.example.xdm.Server | server started\n"));
}

#[tokio::test]
async fn bundles_go_where_somebody_takes_them() {
    let desk = Desk::open().await;
    let mut shell = at(&desk, 0, &[("3", THREE), ("3", THREE)]).await;
    let mut send = async |entry: &str, host: &str, password: &str| {
        shell.walk(&[(entry, "Host: "), (host, ": "), ("bundle", ": "), (password, ": "), ("/in", THREE)]).await
    };
    assert!(send("2", "10.20.30.9", "lab-bundle").await.starts_with("Generate a support bundle first."));
    let mut shell = at(&desk, 0, &[("3", THREE), ("3", THREE)]).await;
    assert!(shell.ask("1", THREE).await.starts_with("support-bundle-2026-01-05.zip was generated."));
    let mut send = async |entry: &str, host: &str, password: &str| {
        shell.walk(&[(entry, "Host: "), (host, ": "), ("bundle", ": "), (password, ": "), ("/in", THREE)]).await
    };
    assert!(send("2", "files.example.com", "lab-bundle").await.contains("uploaded to files.example.com"));
    assert!(send("3", "10.20.30.9", "wrong").await.contains("permission denied"));
    assert!(send("3", "10.20.30.12", "lab-bundle").await.contains("connection refused"));
}
