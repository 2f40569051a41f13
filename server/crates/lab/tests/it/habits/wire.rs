//! HTTP as libraries of all ages speak it.

use super::{ask, send};
use crate::common::Bench;
use serde_json::json;

const LOGIN: &str = "X-NITRO-USER: nsroot\r\nX-NITRO-PASS: secret\r\n";

#[tokio::test]
async fn requests_of_all_shapes_reach_the_same_place() {
    let bench = Bench::empty().await;
    bench.post("server", json!({ "name": "a b#c", "ipaddress": "10.0.0.1" })).await.ok(201);
    let base = &bench.base;
    for (line, headers) in [
        ("GET /nitro/v1/config/server/a%2520b%2523c HTTP/1.1".to_owned(), LOGIN),
        ("GET /nitro/v1/config/server/a%20b%23c/ HTTP/1.1".to_owned(), LOGIN),
        ("GET //nitro/v1//config/server/a%2520b%2523c HTTP/1.1".to_owned(), LOGIN),
        (format!("GET {base}/nitro/v1/config/server/a%2520b%2523c HTTP/1.1"), LOGIN),
        ("GET /nitro/v1/config/server/a%2520b%2523c?attrs=ipaddress&view=detail HTTP/1.0".to_owned(), LOGIN),
        (
            "GET /nitro/v1/config/server/a%2520b%2523c HTTP/1.1".to_owned(),
            "x-nitro-user:nsroot\r\nx-nitro-pass:secret\r\n",
        ),
        (
            "GET /nitro/v1/config/server/a%2520b%2523c HTTP/1.1".to_owned(),
            "Authorization: basic bnNyb290OnNlY3JldA==\r\n",
        ),
        (
            "GET /nitro/v1/config/server/a%2520b%2523c HTTP/1.1".to_owned(),
            "X-NITRO-USER: nsroot\r\nX-NITRO-PASS: secret\r\nContent-Type: application/vnd.com.citrix.netscaler.server+json\r\n",
        ),
    ] {
        let reply = send(&bench, &format!("{line}\r\nHost: ns\r\nConnection: close\r\n{headers}\r\n")).await;
        assert!(reply.line.ends_with(" 200 OK"), "{line}: {}", reply.line);
        assert_eq!(reply.json()["server"][0]["ipaddress"], "10.0.0.1", "{line}");
    }
}

#[tokio::test]
async fn bodies_come_in_chunks_or_after_a_question() {
    let bench = Bench::empty().await;
    let chunks = "1e\r\n{\"server\":{\"name\":\"a\",\"ipaddre\r\n10\r\nss\":\"10.0.0.1\"}}\r\n0\r\n\r\n";
    let request = format!(
        "POST /nitro/v1/config/server HTTP/1.1\r\nHost: ns\r\nConnection: close\r\n{LOGIN}Transfer-Encoding: chunked\r\n\r\n{chunks}"
    );
    let reply = send(&bench, &request).await;
    assert_eq!(reply.line, "HTTP/1.1 201 Created", "{}", reply.body);
    let asked = ask(
        &bench,
        "POST",
        "/nitro/v1/config/server",
        &format!("{LOGIN}Expect: 100-continue\r\n"),
        r#"{"server":{"name":"b","ipaddress":"10.0.0.2"}}"#,
    )
    .await;
    // The interim answer stands before the final one; a client that sent its body at once sees both.
    assert!(asked.line == "HTTP/1.1 201 Created" || asked.body.starts_with("HTTP/1.1 201 Created"), "{}", asked.line);
    assert_eq!(bench.word("server/b", "ipaddress").await, "10.0.0.2");
}

#[tokio::test]
async fn a_head_has_the_headers_of_a_get_and_nothing_else() {
    let bench = Bench::empty().await;
    let get = ask(&bench, "GET", "/nitro/v1/config/nsversion", LOGIN, "").await;
    let head = ask(&bench, "HEAD", "/nitro/v1/config/nsversion", LOGIN, "").await;
    assert_eq!((head.line.as_str(), head.body.as_str()), ("HTTP/1.1 200 OK", ""));
    let length = format!("Content-Length: {}", get.body.len());
    assert!(get.head.contains(&length) && head.head.contains(&length), "{}", head.head);
    let options = ask(&bench, "OPTIONS", "/nitro/v1/config/nsversion", LOGIN, "").await;
    assert_eq!(options.line, "HTTP/1.1 405 Method Not Allowed");
}

/// Discovery: what is there at all.
#[tokio::test]
async fn the_bare_places_list_what_is_behind_them() {
    let bench = Bench::empty().await;
    for (path, key, some) in [
        ("/nitro/v1/config", "configobjects", "lbvserver"),
        ("/nitro/v1/config/", "configobjects", "servicegroup_servicegroupmember_binding"),
        ("/nitro/v1/stat", "statobjects", "lbvserver"),
        ("/nitro/v1/stat/", "statobjects", "system"),
    ] {
        let reply = ask(&bench, "GET", path, LOGIN, "").await;
        let listed = reply.json()[key]["objects"].as_array().cloned().unwrap_or_default();
        assert!(listed.contains(&json!(some)), "{path}: {}", reply.body);
    }
    let stranger = ask(&bench, "GET", "/nitro/v1/config", "", "").await;
    assert_eq!(stranger.line, "HTTP/1.1 401 Unauthorized");
}

/// One client asks for the version before it has credentials, on a connection that it goes on using.
#[tokio::test]
async fn a_refusal_does_not_close_the_connection() {
    let bench = Bench::empty().await;
    let first = "GET /nitro/v1/config/nsversion HTTP/1.1\r\nHost: ns\r\n\r\n";
    let second = format!("GET /nitro/v1/config/nsversion HTTP/1.1\r\nHost: ns\r\nConnection: close\r\n{LOGIN}\r\n");
    let reply = send(&bench, &format!("{first}{second}")).await;
    assert_eq!(reply.line, "HTTP/1.1 401 Unauthorized");
    assert!(reply.body.contains("\"errorcode\": 1027") && reply.body.contains("HTTP/1.1 200 OK"), "{}", reply.body);
}
