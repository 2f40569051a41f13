//! Files come late (`nitro.md` 3.22).

use super::{has, nodes, pair, plain};
use crate::common::{Bench, WHERE, pair as keys, upload};
use lab::Pair;
use serde_json::{Value, json};
use std::time::Duration;

/// Uploads a certificate and its key under new names.
async fn put_down(bench: &Bench, name: &str) {
    let (certificate, key) = keys("xms.example.com");
    upload(bench, &format!("{name}.cer"), certificate.as_bytes()).await;
    upload(bench, &format!("{name}.key"), key.serialize_pem().as_bytes()).await;
}

fn certkey(name: &str) -> Value {
    json!({ "certkey": name, "cert": format!("{name}.cer"), "key": format!("{name}.key") })
}

#[tokio::test]
async fn the_secondary_pulls_files_once_a_minute() {
    let (first, second) = plain().await;
    put_down(&first, "new").await;
    let file = format!("systemfile/new.cer?{WHERE}");
    assert!(has(&first, &file).await);
    first.advance(59).await;
    second.get(&file).await.fails(404, 258);
    first.advance(1).await;
    assert_eq!(second.word(&file, "filesize").await, first.word(&file, "filesize").await);
    first.post("sslcertkey", certkey("new")).await.ok(201);
    assert_eq!(second.word("sslcertkey/new", "serial").await, first.word("sslcertkey/new", "serial").await);
}

#[tokio::test]
async fn how_often_it_pulls_is_a_knob() {
    let (first, second) = pair(Pair { file_pull: Duration::from_secs(5), ..Pair::default() }).await;
    put_down(&first, "new").await;
    first.advance(5).await;
    assert!(has(&second, &format!("systemfile/new.cer?{WHERE}")).await);
}

#[tokio::test]
async fn files_come_at_once_when_asked_for() {
    let (first, second) = plain().await;
    put_down(&first, "new").await;
    first.post("hafiles?action=sync", json!({ "mode": ["dns"] })).await.ok(200);
    assert!(!has(&second, &format!("systemfile/new.cer?{WHERE}")).await, "not of this kind");
    first.post("hafiles?action=sync", json!({ "mode": ["ssl"] })).await.ok(200);
    assert!(has(&second, &format!("systemfile/new.key?{WHERE}")).await);
    put_down(&first, "more").await;
    // From either node, and everything when no mode is given.
    second.post("hafiles?action=sync", json!({})).await.ok(200);
    assert!(has(&second, &format!("systemfile/more.cer?{WHERE}")).await);
    first.post("hafiles?action=sync", json!({ "mode": ["nonsense"] })).await.is(
        400,
        1097,
        "Invalid argument value [nonsense]",
    );
    first.post("hafiles?action=sync", json!({ "modes": ["ssl"] })).await.fails(599, 278);
    first.get("hafiles").await.fails(400, 1240);
}

#[tokio::test]
async fn a_certificate_key_that_comes_before_its_file_is_on_the_primary_alone() {
    let (first, second) = plain().await;
    put_down(&first, "new").await;
    first.post("sslcertkey", certkey("new")).await.fails(599, 349);
    assert!(has(&first, "sslcertkey/new").await);
    second.get("sslcertkey/new").await.fails(404, 258);
    // Repeating the step is refused; a synchronisation repairs it, once the files are there.
    first.post("sslcertkey", certkey("new")).await.fails(409, 273);
    first.post("hafiles?action=sync", json!({ "mode": ["ssl"] })).await.ok(200);
    assert_eq!(nodes(&first).await[1]["hasync"], "IN PROGRESS");
    first.advance(10).await;
    assert_eq!(nodes(&first).await[1]["hasync"], "SUCCESS");
    assert_eq!(second.word("sslcertkey/new", "serial").await, first.word("sslcertkey/new", "serial").await);
}

#[tokio::test]
async fn an_update_with_a_file_that_is_late_leaves_the_old_certificate_on_the_secondary() {
    let (first, second) = plain().await;
    let old = first.word("sslcertkey/wildcard-example", "serial").await;
    put_down(&first, "renewed").await;
    let body =
        json!({ "certkey": "wildcard-example", "cert": "renewed.cer", "key": "renewed.key", "nodomaincheck": true });
    first.post("sslcertkey?action=update", body).await.fails(599, 349);
    let new = first.word("sslcertkey/wildcard-example", "serial").await;
    assert_ne!(new, old);
    assert_eq!(second.word("sslcertkey/wildcard-example", "serial").await, old);
    first.advance(70).await;
    assert_eq!(
        second.word("sslcertkey/wildcard-example", "serial").await,
        new,
        "the minute brought file and synchronisation"
    );
}

#[tokio::test]
async fn what_a_failover_leaves_behind_is_lost() {
    let (first, second) = plain().await;
    put_down(&first, "new").await;
    first.post("sslcertkey", certkey("new")).await.fails(599, 349);
    first.lab.failover().unwrap();
    first.advance(10).await;
    first.get("sslcertkey/new").await.fails(404, 258);
    second.get("sslcertkey/new").await.fails(404, 258);
    assert!(has(&first, &format!("systemfile/new.cer?{WHERE}")).await, "files on the secondary only stay");
    assert!(!has(&second, &format!("systemfile/new.cer?{WHERE}")).await);
}

#[tokio::test]
async fn an_upload_on_the_secondary_is_refused_like_any_write() {
    let (_first, second) = plain().await;
    let body = json!({ "filename": "x.cer", "filelocation": "/nsconfig/ssl", "filecontent": "eA==" });
    second.post("systemfile", body).await.fails(599, 368);
}
