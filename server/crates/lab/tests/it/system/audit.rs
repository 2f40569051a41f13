//! The log of commands (3.23).

use super::{Somebody, choose};
use crate::common::Bench;
use serde_json::json;

const ALL: &str = "auditmessages?args=loglevel:ALL,numofmesgs:256";

async fn lines(bench: &Bench, path: &str) -> Vec<String> {
    let answer = bench.get(path).await.json();
    let rows = answer["auditmessages"].as_array().cloned().unwrap_or_default();
    rows.iter().map(|row| row["value"].as_str().unwrap().to_owned()).collect()
}

#[tokio::test]
async fn every_command_is_in_the_log_with_its_author_and_its_outcome() {
    let bench = Bench::empty().await;
    let console = Somebody::new(&bench, "xmconsole").await;
    console.post("server", json!({ "name": "xms01", "ipaddress": "10.20.30.11" })).await.ok(201);
    console.post("server", json!({ "name": "xms01", "ipaddress": "10.20.30.11" })).await.fails(409, 273);
    console.get("lbvserver").await.fails(200, 0);
    console.post("systemuser", json!({ "username": "x", "password": "hush" })).await.fails(403, 2138);
    let lines = lines(&bench, ALL).await;
    let find =
        |words: &str| lines.iter().find(|line| line.contains(words)).unwrap_or_else(|| panic!("{words}: {lines:#?}"));
    let added = find("Command \"add server xms01 10.20.30.11\" - Status \"Success\"");
    assert!(added.contains(" ns01 0-PPE-0 : default API CMD_EXECUTED "), "{added}");
    assert!(added.contains("01/05/2026:08:00:00 GMT") && added.contains("10.0.0.10"), "{added}");
    assert!(added.contains("User xmconsole - ADM_User NONE - Remote_ip 127.0.0.1 - "), "{added}");
    find("Command \"add server xms01 10.20.30.11\" - Status \"ERROR: Resource already exists [name, xms01]\"");
    find("Command \"show lb vserver\" - Status \"Success\"");
    find("Status \"ERROR: Not authorized to execute this command");
    find("Command \"login xmconsole ********\"");
    assert!(lines.iter().all(|line| !line.contains("hush") && !line.contains("secret")), "{lines:#?}");
}

#[tokio::test]
async fn the_window_is_short_and_a_busy_appliance_fills_it() {
    let bench = Bench::empty().await;
    for _ in 0..30 {
        bench.get("nsversion").await.fails(200, 0);
    }
    assert_eq!(lines(&bench, "auditmessages").await.len(), 20);
    bench.get("auditmessages?args=numofmesgs:257").await.fails(400, 1108);
    bench.get("auditmessages?args=loglevel:LOUD").await.fails(400, 1097);
    bench.server("xms01", "10.20.30.11").await;
    assert!(lines(&bench, ALL).await.iter().any(|line| line.contains("add server xms01")));
    choose(&bench, json!({ "audit_noise": 200 })).await;
    for _ in 0..3 {
        bench.get("nsversion").await.fails(200, 0);
    }
    let crowded = lines(&bench, ALL).await;
    assert!(crowded.len() <= 256 && crowded.iter().all(|line| !line.contains("add server xms01")));
    assert!(crowded.iter().any(|line| line.contains("SSL_HANDSHAKE_SUCCESS")));
    let informational = lines(&bench, "auditmessages?args=loglevel:WARNING,numofmesgs:256").await;
    assert!(!informational.is_empty() && informational.iter().all(|line| line.contains("local0.warn")));
}

#[tokio::test]
async fn old_releases_write_other_lines() {
    let bench = Bench::empty().await;
    choose(&bench, json!({ "audit_format": "old", "audit_oldest_first": true })).await;
    bench.server("xms01", "10.20.30.11").await;
    let lines = lines(&bench, ALL).await;
    let line = lines.last().unwrap();
    assert!(
        lines
            .iter()
            .any(|line| line.contains(": UI CMD_EXECUTED : User nsroot - Remote_ip 127.0.0.1 - Command \"add server"))
    );
    assert!(!line.contains("ADM_User"), "{line}");
}

#[tokio::test]
async fn somebody_else_changes_something_and_the_log_says_who() {
    let bench = Bench::empty().await;
    let order = json!({ "user": "jdoe", "method": "POST", "path": "server",
        "body": { "server": { "name": "theirs", "ipaddress": "10.20.30.99" } } });
    let url = format!("{}/foreign", bench.lab.description().control);
    let reply = bench.http.post(&url).body(order.to_string()).send().await.unwrap();
    assert_eq!(reply.status(), 200);
    bench.get("server/theirs").await.fails(200, 0);
    assert_eq!(bench.get("nsconfig").await.json()["nsconfig"]["configchanged"], true);
    let lines = lines(&bench, ALL).await;
    let line = lines.iter().find(|line| line.contains("add server theirs")).unwrap();
    assert!(
        line.contains(" GUI CMD_EXECUTED ") && line.contains("User jdoe - ADM_User NONE - Remote_ip 10.0.99.5"),
        "{line}"
    );
    let again = bench.http.post(url).body(order.to_string()).send().await.unwrap();
    assert_eq!(again.status(), 400);
    assert!(again.text().await.unwrap().contains("Resource already exists"));
}

#[tokio::test]
async fn what_comes_over_from_the_primary_is_nobodys_own_command() {
    let options = lab::Options { pair: Some(lab::Pair::default()), ..crate::common::options() };
    let bench = Bench::start(options).await;
    bench.server("xms01", "10.20.30.11").await;
    let second = &bench.lab.description().netscaler[1];
    let ask = bench.http.get(format!("{}/nitro/v1/config/{ALL}", second.http));
    let ask = ask.header("X-NITRO-USER", "nsroot").header("X-NITRO-PASS", "secret");
    let text = ask.send().await.unwrap().text().await.unwrap();
    let line =
        text.split("\"value\"").find(|line| line.contains("add server xms01")).unwrap_or_else(|| panic!("{text}"));
    assert!(line.contains("User #nsinternal#") && line.contains("Remote_ip 10.0.0.10"), "{line}");
}
