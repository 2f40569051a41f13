//! The first-time-use wizard: a node that joins, one that makes an island, and those that may not.

use crate::nodes::{
    cluster::sees,
    shell::Shell,
    support::{Desk, Reply},
};
use lab::XmsDescription;
use serde_json::Value;

/// What is typed into the wizard, question by question.
struct Answers<'a> {
    ip: &'a str,
    passphrase: &'a str,
    fips: &'a str,
    database: &'a str,
    pki: &'a str,
}

const MEMBER: Answers<'_> =
    Answers { ip: "10.20.30.14", passphrase: "lab-passphrase", fips: "n", database: "xmsdb", pki: "lab-pki" };

async fn add(desk: &Desk) -> XmsDescription {
    let control = desk.lab.description().control.clone();
    let reply = desk.http.post(format!("{control}/nodes")).body(r#"{"ip":"10.20.30.14"}"#).send().await.unwrap();
    assert_eq!(reply.status(), 201);
    let again = desk.http.post(format!("{control}/nodes")).body(r#"{"ip":"10.20.30.14"}"#).send().await.unwrap();
    assert_eq!(again.status(), 400);
    let node = &desk.lab.state()["nodes"][3];
    assert_eq!((&node["ip"], &node["xms"]["set_up"]), (&Value::from("10.20.30.14"), &Value::from(false)));
    let body: Value = serde_json::from_str(&reply.text().await.unwrap()).unwrap();
    let text = |key: &str| body[key].as_str().unwrap().to_owned();
    XmsDescription {
        ip: text("ip").parse().unwrap(),
        node_id: text("node_id"),
        management: text("management"),
        enrolment: text("enrolment"),
        ssh: body["ssh"].as_str().map(str::to_owned),
        user: text("user"),
        password: text("password"),
        cli_user: text("cli_user"),
        cli_password: text("cli_password"),
        fingerprint: text("fingerprint"),
        ssh_fingerprint: text("ssh_fingerprint"),
    }
}

/// As far as the database's name; what the wizard said after it, and the shell.
async fn to_the_database(node: &XmsDescription, answers: &Answers<'_>) -> (String, Shell) {
    let mut shell = Shell::at(node, &node.cli_password, false).await;
    assert!(shell.until("New password for admin: ").await.starts_with("First-time use"));
    shell.ask("typo", ": ").await;
    assert_eq!(shell.ask("not the same", ": ").await, "Invalid input.\nRe-enter new password: ");
    shell.ask("typo", "]: ").await;
    assert!(shell.ask("nowhere", "]: ").await.starts_with("Invalid input."));
    shell.walk(&[(answers.ip, ": "), ("255.255.255.0", ": "), ("10.20.30.1", ": "), ("10.20.30.3", ": ")]).await;
    shell.ask("", "[y/n] ").await;
    let again = shell.ask("n", "]: ").await;
    assert!(again.contains("IP address"), "the network is asked for again: {again}");
    shell.walk(&[(answers.ip, ": "), ("", ": "), ("10.20.30.1", ": "), ("10.20.30.3", ": "), ("", "[y/n] ")]).await;
    shell.walk(&[("y", "[y/n] "), ("n", "Passphrase: "), (answers.passphrase, "Re-enter passphrase: ")]).await;
    shell
        .walk(&[(answers.passphrase, "[y/n] "), (answers.fips, "[mi/po] "), ("mi", "[y/n] "), ("n", "Server: ")])
        .await;
    shell.walk(&[("sql.example.com", "]: "), ("", ": "), ("xms", ": "), ("wrong", ": ")]).await;
    let refused = shell.ask(answers.database, "Server: ").await;
    assert!(refused.starts_with("Login failed for the database user."), "{refused}");
    shell.walk(&[("10.20.30.2", "]: "), ("1433", ": "), ("xms", ": "), ("lab-sql", "Database name: ")]).await;
    let said = shell.ask(answers.database, "[y/n] ").await;
    (said, shell)
}

async fn comes_back(desk: &Desk, shell: Shell) -> String {
    let said = shell.rest().await;
    while desk.lab.state()["nodes"][3]["power"] != "restarting" {
        tokio::task::yield_now().await;
    }
    desk.minutes(3).await;
    assert_eq!(desk.lab.state()["nodes"][3]["power"], "on");
    said
}

async fn log_in(desk: &Desk, node: &XmsDescription, password: &str) -> Reply {
    let body = serde_json::json!({ "login": "administrator", "password": password }).to_string();
    let url = format!("{}/xenmobile/api/v1/authentication/login", node.management);
    desk.send(desk.http.post(url).header("Content-Type", "application/json").body(body)).await
}

#[tokio::test]
async fn a_node_joins_with_the_same_answers() {
    let desk = Desk::open().await;
    let node = add(&desk).await;
    desk.http.get(&node.management).send().await.unwrap_err();
    assert_eq!(sees(&desk, 0).await, [11, 12, 13]);
    let (said, mut shell) = to_the_database(&node, &MEMBER).await;
    assert!(said.starts_with("Database already exists\n"), "{said}");
    assert!(!said.contains("host name"), "no question that the database answers");
    shell.ask("y", "Certificate password: ").await;
    shell.type_in(&format!("{}\n", MEMBER.pki)).await;
    assert!(comes_back(&desk, shell).await.contains("Initial configuration is complete"));
    assert_eq!((sees(&desk, 0).await, sees(&desk, 3 - 1).await), (vec![11, 12, 13, 14], vec![11, 12, 13, 14]));
    let mut shell = Shell::at(&node, "typo", false).await;
    let greeting = shell.until("Choice: [0 - 5] ").await;
    assert!(greeting.starts_with("Last login on xms.example.com\n"), "the cluster's name: {greeting}");
    shell.ask("1", "[0 - 5] ").await;
    assert!(shell.ask("1", "[0 - 5] ").await.starts_with("Current Node ID: 169090574\n"));
    assert_eq!(log_in(&desk, &node, &node.password).await.status, 200, "the accounts of the one database");
    desk.lab.reset(lab::Seed::Empty).await.unwrap();
    assert_eq!(desk.lab.state()["nodes"].as_array().unwrap().len(), 3);
}

#[tokio::test]
async fn another_database_makes_an_island() {
    let desk = Desk::open().await;
    let node = add(&desk).await;
    let (said, mut shell) = to_the_database(&node, &Answers { database: "typo", ..MEMBER }).await;
    assert_eq!(said, "Enable cluster? [y/n] ", "nothing exists already");
    let hint = shell.ask("y", ": ").await;
    assert!(hint.contains("port 80"), "{hint}");
    shell.walk(&[("island.example.com", ": "), ("", ": "), ("", ": "), ("", ": ")]).await;
    shell.walk(&[("", "[y/n] "), ("n", "[y/n] "), ("n", "Certificate password: "), ("one", ": "), ("two", ": ")]).await;
    shell.walk(&[("three", "[administrator]: "), ("", ": "), ("own", ": ")]).await;
    shell.type_in("own\n").await;
    assert!(comes_back(&desk, shell).await.contains("https://island.example.com:4443/"));
    assert_eq!(sees(&desk, 0).await, [11, 12, 13]);
    assert_eq!(desk.lab.state()["nodes"][3]["xms"]["fqdn"], "island.example.com");
    assert_eq!(log_in(&desk, &node, &node.password).await.status, 401);
    let token = log_in(&desk, &node, "own").await.json()["auth_token"].as_str().unwrap().to_owned();
    // What is changed here is not seen there.
    let call = async |base: &str, token: &str, method: &str, path: &str| {
        let url = format!("{base}/xenmobile/api/v1/{path}");
        desk.send(desk.http.request(method.parse().unwrap(), url).header("auth_token", token)).await.json()
    };
    let home = desk.login(0).await;
    let count = |list: Value| list["agList"].as_array().unwrap().len();
    assert_eq!(count(call(&node.management, &token, "GET", "netscaler").await), 0);
    assert_eq!(count(call(&desk.node(0).management, &home, "GET", "netscaler").await), 1);
    // And what is there has numbers of its own (F01).
    let numbers = |list: Value| -> Vec<String> {
        list["certificate"].as_array().unwrap().iter().map(|one| one["id"].to_string()).collect()
    };
    let here = numbers(call(&node.management, &token, "GET", "certificates").await);
    let there = numbers(call(&desk.node(0).management, &home, "GET", "certificates").await);
    assert!(!here.is_empty() && here.iter().all(|id| !there.contains(id)), "{here:?} {there:?}");
}

#[tokio::test]
async fn other_secrets_are_refused_and_asked_for_again() {
    let desk = Desk::open().await;
    let node = add(&desk).await;
    for answers in
        [Answers { passphrase: "other", ..MEMBER }, Answers { fips: "y", ..MEMBER }, Answers { pki: "other", ..MEMBER }]
    {
        let (said, mut shell) = to_the_database(&node, &answers).await;
        assert!(said.starts_with("Database already exists\n"));
        shell.ask("y", "Certificate password: ").await;
        let refused = shell.ask(answers.pki, "New password for admin: ").await;
        assert!(refused.starts_with("The settings do not match"), "{refused}");
        assert_eq!(desk.lab.state()["nodes"][3]["xms"]["set_up"], false);
    }
}

#[tokio::test]
async fn an_address_that_is_taken_gives_two_nodes_one_id() {
    let desk = Desk::open().await;
    let node = add(&desk).await;
    let (_, mut shell) = to_the_database(&node, &Answers { ip: "10.20.30.12", ..MEMBER }).await;
    shell.ask("y", "Certificate password: ").await;
    shell.type_in("lab-pki\n").await;
    comes_back(&desk, shell).await;
    let mut shell = Shell::at(&node, "typo", false).await;
    shell.until("[0 - 5] ").await;
    shell.ask("1", "[0 - 5] ").await;
    let status = shell.ask("1", "[0 - 5] ").await;
    assert!(status.starts_with("Current Node ID: 169090572\n"), "{status}");
    assert_eq!(status.matches("node: 10.20.30.12 ").count(), 1, "one row for one ID: {status}");
}
