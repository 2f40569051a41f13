//! What goes wrong inside a node, and that clearing it heals.

use crate::nodes::support::{Desk, NODES, VERSION, builder};
use lab::{FaultSpec, Seed};
use serde_json::json;
use std::time::Duration;

#[tokio::test]
async fn a_dead_web_server_still_accepts_and_looks_up_to_a_monitor() {
    let desk = Desk::with(lab::Options { seed: Seed::SetUp, ..lab::Options::default() }).await;
    desk.fault(0, "web_dead_tcp_up", 0).await;
    let client = builder().timeout(Duration::from_millis(300)).build().unwrap();
    let error = client.get(format!("{}{VERSION}", desk.node(0).management)).send().await.unwrap_err();
    assert!(error.is_timeout(), "{error:?}");
    assert_eq!(desk.lab.connections(NODES[0], 4443), 1);
    desk.minutes(1).await;
    let state = desk.lab.state()["appliances"][0]["groups"][0]["members"][0]["state"].clone();
    assert_eq!(state, "UP");
    assert!(desk.lab.connections(NODES[0], 443) > 10, "monitors go on counting");
    desk.lab.clear_faults().await.unwrap();
    assert_eq!(desk.version(0).await.status, 200);
}

#[tokio::test]
async fn without_a_database_logins_fail_and_pages_answer() {
    let desk = Desk::open().await;
    let token = desk.login(0).await;
    desk.fault(0, "db_down", 1).await;
    let reply = desk.try_login(0, "administrator", &desk.node(0).password).await;
    assert_eq!((reply.status, &reply.json()["status"]), (500, &json!(99908)));
    assert_eq!(desk.call(0, Some(&token), "GET", "netscaler", None).await.status, 500);
    assert_eq!(desk.version(0).await.status, 200);
    assert_eq!(desk.send(desk.page(0, "/zdm/login_xdm_uc.jsp")).await.status, 200);
    assert_eq!(desk.try_login(1, "administrator", &desk.node(1).password).await.status, 200, "one node only");
    desk.lab.clear_faults().await.unwrap();
    assert_eq!(desk.call(0, Some(&token), "GET", "netscaler", None).await.status, 200);
}

#[tokio::test]
async fn answers_can_be_pages_or_late() {
    let desk = Desk::open().await;
    desk.fault(0, "html_errors", 0).await;
    desk.version(0).await.is_page(500);
    desk.call(0, None, "POST", "authentication/login", Some(json!({}))).await.is_page(500);
    desk.lab.clear_faults().await.unwrap();
    desk.fault(0, "slow_ms", 60_000).await;
    let client = builder().timeout(Duration::from_millis(300)).build().unwrap();
    let late = client.get(format!("{}{VERSION}", desk.node(0).management)).header("Referer", "x").send().await;
    assert!(late.unwrap_err().is_timeout());
    desk.lab.clear_faults().await.unwrap();
    assert_eq!(desk.version(0).await.status, 200);
}

#[tokio::test]
async fn tokens_can_end_early() {
    let desk = Desk::open().await;
    let token = desk.login(0).await;
    desk.fault(0, "token_early_expiry", 60_000).await;
    assert_eq!(desk.call(0, Some(&token), "GET", "ldap", None).await.status, 200);
    desk.minutes(1).await;
    assert_eq!(desk.call(0, Some(&token), "GET", "ldap", None).await.status, 401);
    desk.login(0).await;
}

#[tokio::test]
async fn a_clock_that_is_ahead_shows_and_parts_the_cluster() {
    let desk = Desk::open().await;
    desk.fault(1, "clock_skew", 90_000).await;
    assert_eq!(desk.version(1).await.header("date"), "Mon, 05 Jan 2026 08:01:30 GMT");
    assert_eq!(desk.version(0).await.header("date"), "Mon, 05 Jan 2026 08:00:00 GMT");
    let mut shell = crate::nodes::shell::Shell::open(&desk, 0, false).await;
    shell.until("[0 - 5] ").await;
    shell.ask("1", "[0 - 5] ").await;
    let status = shell.ask("1", "[0 - 5] ").await;
    assert!(!status.contains("10.20.30.12") && status.contains("10.20.30.13 status: ACTIVE"), "{status}");
}

#[tokio::test]
async fn check_ins_can_be_refused() {
    let desk = Desk::open().await;
    let at = desk.state(0)["ports"]["443"]["at"].as_str().unwrap().to_owned();
    let check_in =
        async || desk.send(desk.http.put(format!("https://{at}/zdm/ios/mdm/checkin")).body("<plist/>")).await;
    assert_eq!(check_in().await.status, 200);
    for (word, status) in [("checkin_401", 401), ("checkin_412", 412)] {
        desk.fault(0, word, 0).await;
        assert_eq!(check_in().await.status, status);
    }
}

#[tokio::test]
async fn a_reset_heals_and_forgets() {
    let desk = Desk::open().await;
    let token = desk.login(0).await;
    let body = json!({ "name": "device.inactivity.days.threshold", "value": "9" });
    desk.call(0, Some(&token), "PUT", "serverproperties", Some(body)).await;
    for word in ["html_errors", "db_down", "clock_skew"] {
        desk.fault(0, word, 5_000).await;
    }
    desk.lab.reset(Seed::Empty).await.unwrap();
    assert_eq!(desk.version(0).await.header("date"), "Mon, 05 Jan 2026 08:00:00 GMT");
    assert_eq!(desk.call(0, Some(&token), "GET", "ldap", None).await.status, 401);
    assert_eq!(desk.state(0)["xms"]["restart_pending"], false);
    let token = desk.login(0).await;
    let search = json!({ "searchStr": "inactivity.days" });
    let reply = desk.call(0, Some(&token), "POST", "serverproperties/filter", Some(search)).await.json();
    assert_eq!(reply["allEwProperties"][0]["value"], "7");
    let spec = FaultSpec { target: NODES[0].to_string(), fault: "explode".to_owned(), ..FaultSpec::default() };
    assert!(desk.lab.fault(spec).await.unwrap_err().to_string().contains("clock_skew"));
}
