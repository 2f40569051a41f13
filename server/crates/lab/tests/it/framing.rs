//! What stands on the wire, byte by byte, and what old clients send.

use crate::common::{Bench, Reply, client, options};
use lab::{Choices, Options};
use serde_json::json;
use std::{net::SocketAddr, time::Duration};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

/// Sends text and reads until the other side closes.
async fn raw(bench: &Bench, request: &str) -> String {
    let address: SocketAddr = bench.base.trim_start_matches("http://").parse().unwrap();
    let mut stream = TcpStream::connect(address).await.unwrap();
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut text = String::new();
    stream.read_to_string(&mut text).await.unwrap();
    text
}

async fn call(bench: &Bench, method: &str, path: &str, body: &str) -> String {
    let token = &bench.token;
    let length = body.len();
    let request = format!(
        "{method} /nitro/v1/config/{path} HTTP/1.1\r\nHost: lab\r\nConnection: close\r\n\
         Cookie: NITRO_AUTH_TOKEN={token}\r\nContent-Length: {length}\r\n\r\n{body}"
    );
    raw(bench, &request).await
}

#[tokio::test]
async fn status_lines_have_the_appliances_words() {
    let bench = Bench::empty().await;
    let server = r#"{"server":{"name":"xms01","ipaddress":"10.20.30.11"}}"#;
    let both = r#"{"server":[{"name":"xms01","ipaddress":"10.20.30.11"},{"name":"xms02","ipaddress":"10.20.30.12"}]}"#;
    for (method, path, body, line) in [
        ("GET", "nsversion", "", "HTTP/1.1 200 OK\r\n"),
        ("POST", "server", server, "HTTP/1.1 201 Created\r\n"),
        ("POST", "server", server, "HTTP/1.1 409 Conflict\r\n"),
        ("POST", "server", both, "HTTP/1.1 207 Multi Status\r\n"),
        ("PUT", "server", r#"{"server":{"name":"xms01","td":1}}"#, "HTTP/1.1 599 Netscaler specific error\r\n"),
        ("PUT", "server", r#"{"server":{"name":"xms01"}}"#, "HTTP/1.1 400 Bad Request\r\n"),
        ("GET", "server/nope", "", "HTTP/1.1 404 Not Found\r\n"),
        ("PATCH", "server/xms01", "{}", "HTTP/1.1 405 Method Not Allowed\r\n"),
        (
            "POST",
            "servicegroup?warning=yes",
            r#"{"servicegroup":{"servicegroupname":"sg","servicetype":"SSL"}}"#,
            "HTTP/1.1 209 X-NITRO-WARNING\r\n",
        ),
    ] {
        let text = call(&bench, method, path, body).await;
        assert!(text.starts_with(line), "{method} {path}: {text}");
    }
    let text = raw(&bench, "GET /nitro/v1/config/nsversion HTTP/1.1\r\nHost: lab\r\nConnection: close\r\n\r\n").await;
    assert!(text.starts_with("HTTP/1.1 401 Unauthorized\r\n"), "{text}");
}

#[tokio::test]
async fn headers_and_bodies_look_like_the_captures() {
    let bench = Bench::empty().await;
    let text = call(&bench, "GET", "lbvserver", "").await;
    for header in [
        "Server: Apache\r\n",
        "X-Frame-Options: SAMEORIGIN\r\n",
        "Expires: Thu, 19 Nov 1981 08:52:00 GMT\r\n",
        "Cache-Control: no-store, no-cache, must-revalidate, post-check=0, pre-check=0\r\n",
        "Pragma: no-cache\r\n",
        "Content-Type: application/json; charset=utf-8\r\n",
    ] {
        assert!(text.contains(header), "{header}: {text}");
    }
    assert!(text.ends_with("\r\n\r\n{ \"errorcode\": 0, \"message\": \"Done\", \"severity\": \"NONE\" }"), "{text}");
    let text = call(&bench, "POST", "server", r#"{"server":{"name":"a","ipaddress":"10.0.0.1"}}"#).await;
    assert!(text.ends_with("Content-Length: 0\r\n\r\n") || text.ends_with("\r\n\r\n"), "{text}");
    let text = call(&bench, "GET", "server/nope", "").await;
    let body = r#"{ "errorcode": 258, "message": "No such resource [name, nope]", "severity": "ERROR" }"#;
    assert!(text.ends_with(body), "{text}");
}

#[tokio::test]
async fn malformed_requests_have_their_numbers() {
    let bench = Bench::empty().await;
    let send = async |path: &str, body: &'static str| {
        let cookie = format!("sessionid={}", bench.token);
        let request = bench.request("POST", path).header("Cookie", cookie).body(body);
        Reply::from(request.send().await.unwrap()).await
    };
    send("config/server", "{").await.is(400, 1233, "Invalid JSON input");
    send("config/server", "<server/>").await.fails(400, 1233);
    send("config/server", "[]").await.fails(400, 1234);
    send("config/server", r#"{"server":{"name":["a"]}}"#).await.fails(400, 1234);
    send("config/nonsense", r#"{"nonsense":{}}"#).await.is(404, 1232, "Invalid object name [nonsense]");
    send("config/server?action=frobnicate", r#"{"server":{}}"#).await.fails(400, 1240);
    send("config/nsversion", r#"{"nsversion":{}}"#).await.fails(400, 1240);
    bench.get("nonsense").await.fails(404, 1232);
    bench.delete("server").await.is(400, 1095, "Required argument missing [name]");
    let cookie = format!("sessionid={}", bench.token);
    bench.send_as(Some(&cookie), "GET", "stat/nonsense", None).await.fails(404, 1232);
    let elsewhere = bench.http.get(format!("{}/menu/neo", bench.base)).send().await.unwrap();
    assert_eq!(elsewhere.status(), 404);
}

#[tokio::test]
async fn content_types_of_all_ages_are_read() {
    let bench = Bench::empty().await;
    let send = async |kind: &str, body: &'static str| {
        let request = bench.request("POST", "config/server").header("Cookie", format!("sessionid={}", bench.token));
        let request = request.header("Content-Type", kind).body(body);
        Reply::from(request.send().await.unwrap()).await
    };
    let vendor = "application/vnd.com.citrix.netscaler.server+json";
    send(vendor, r#"{"server":{"name":"a","ipaddress":"10.0.0.1"}}"#).await.ok(201);
    let list = "application/vnd.com.citrix.netscaler.server_list+json";
    send(list, r#"{"server":[{"name":"b","ipaddress":"10.0.0.2"}]}"#).await.ok(201);
    let form = "application/x-www-form-urlencoded";
    send(form, r#"{"server":{"name":"c","ipaddress":"10.0.0.3"}}"#).await.ok(201);
    let other = "application/vnd.com.citrix.netscaler.lbvserver+json";
    send(other, r#"{"server":{"name":"d","ipaddress":"10.0.0.4"}}"#).await.fails(400, 1233);
}

#[tokio::test]
async fn very_old_clients_post_forms() {
    let bench = Bench::empty().await;
    let post = |json: serde_json::Value| {
        let body = format!("object={}", json.to_string().replace('%', "%25").replace('+', "%2B").replace('&', "%26"));
        bench.request("POST", "config/").header("Content-Type", "application/x-www-form-urlencoded").body(body).send()
    };
    let reply =
        Reply::from(post(json!({ "login": { "username": "nsroot", "password": "secret" } })).await.unwrap()).await;
    let token = reply.json()["sessionid"].clone();
    let server = json!({ "sessionid": token, "server": { "name": "a", "ipaddress": "10.0.0.1" } });
    Reply::from(post(server).await.unwrap()).await.is(201, 0, "Done");
    let off = json!({ "params": { "action": "disable" }, "sessionid": token, "server": { "name": "a" } });
    Reply::from(post(off).await.unwrap()).await.is(200, 0, "Done");
    assert_eq!(bench.word("server/a", "state").await, "DISABLED");
}

#[tokio::test]
async fn https_has_a_certificate_of_its_own() {
    let bench = Bench::empty().await;
    let entry = &bench.lab.description().netscaler[0];
    assert_eq!(entry.fingerprint.len(), 64);
    let response = client()
        .get(format!("{}/nitro/v1/config/nsversion", entry.https))
        .basic_auth("nsroot", Some("secret"))
        .send()
        .await
        .unwrap();
    assert_eq!(response.status(), 200);
    let strict = reqwest::Client::builder().no_proxy().build().unwrap();
    strict.get(&entry.https).send().await.unwrap_err();
}

#[tokio::test]
async fn bulk_requests_tell_each_fate() {
    let bench = Bench::empty().await;
    bench.server("xms01", "10.20.30.11").await;
    let items = json!([
        { "name": "xms01", "ipaddress": "10.20.30.11" },
        { "name": "xms02", "ipaddress": "10.20.30.12" },
    ]);
    let send = |on_error: &'static str| {
        let request = bench.request("POST", "config/server").header("Cookie", format!("sessionid={}", bench.token));
        request.header("X-NITRO-ONERROR", on_error).body(json!({ "server": items }).to_string()).send()
    };
    let reply = Reply::from(send("exit").await.unwrap()).await;
    reply.is(207, 1243, "Bulk operation failed");
    assert_eq!(reply.json()["response"].as_array().unwrap().len(), 1);
    bench.get("server/xms02").await.fails(404, 258);
    let reply = Reply::from(send("continue").await.unwrap()).await;
    assert_eq!(
        reply.text,
        "{ \"errorcode\": 1243, \"message\": \"Bulk operation failed\", \"severity\": \"ERROR\", \"response\": [ \
         { \"errorcode\": 273, \"message\": \"Resource already exists [name, xms01]\", \"severity\": \"ERROR\" }, \
         { \"errorcode\": 0, \"message\": \"Done\", \"severity\": \"NONE\" } ] }"
    );
    bench.get("server/xms02").await.fails(200, 0);
}

#[tokio::test]
async fn bulk_requests_tell_warnings_too() {
    let bench = Bench::empty().await;
    let two = json!([{ "name": "w1", "servicetype": "HTTP" }, { "name": "w2", "servicetype": "HTTP" }]);
    let reply = bench.send("POST", "lbvserver?warning=yes", Some(json!({ "lbvserver": two }))).await;
    assert_eq!(
        (reply.status, reply.headers["x-nitro-warning"].to_str().unwrap()),
        (209, "1067 - Feature(s) not enabled [LB]")
    );
    let xml = "application/vnd.com.citrix.netscaler.server+xml";
    let asked = bench.request("POST", "config/server").header("Cookie", format!("sessionid={}", bench.token));
    let asked = asked.header("Content-Type", xml).body(r#"{"server":{"name":"x"}}"#);
    Reply::from(asked.send().await.unwrap()).await.fails(400, 1233);
}

#[tokio::test]
async fn bulk_requests_roll_back_whole() {
    let bench = Bench::empty().await;
    let items = json!([
        { "name": "xms02", "ipaddress": "10.20.30.12" },
        { "name": "xms03", "ipaddress": "10.20.30.12" },
    ]);
    let send = |method: &'static str| {
        let request = bench.request(method, "config/server").header("Cookie", format!("sessionid={}", bench.token));
        request.header("X-NITRO-ONERROR", "rollback").body(json!({ "server": items }).to_string()).send()
    };
    Reply::from(send("POST").await.unwrap()).await.fails(207, 1243);
    bench.get("server/xms02").await.fails(404, 258);
    assert!(bench.lab.cli().is_empty(), "{:?}", bench.lab.cli());
    assert_eq!(bench.get("nsconfig").await.json()["nsconfig"]["configchanged"], false);
    Reply::from(send("PUT").await.unwrap()).await.fails(207, 1242);
    let good = json!([{ "name": "a", "ipaddress": "10.0.0.1" }, { "name": "b", "ipaddress": "10.0.0.2" }]);
    bench.post("server", good).await.ok(201);
}

#[tokio::test]
async fn a_rollback_that_fails_says_so_and_leaves_what_was_made() {
    let choices = Choices { rollback_fails: true, ..Choices::default() };
    let bench = Bench::start(Options { choices, ..options() }).await;
    let items = json!([{ "name": "a", "ipaddress": "10.20.30.12" }, { "name": "b", "ipaddress": "10.20.30.12" }]);
    let request = bench.request("POST", "config/server").header("Cookie", format!("sessionid={}", bench.token));
    let request = request.header("X-NITRO-ONERROR", "rollback").body(json!({ "server": items }).to_string());
    let reply = Reply::from(request.send().await.unwrap()).await;
    reply.is(207, 1241, "Rollback failed. Manually correct the configuration");
    bench.get("server/a").await.fails(200, 0);
}

#[tokio::test]
async fn two_saves_at_once() {
    let bench = Bench::start(Options { latency: Duration::from_millis(200), ..options() }).await;
    bench.server("xms01", "10.20.30.11").await;
    assert_eq!(bench.get("nsconfig").await.json()["nsconfig"]["configchanged"], true);
    let save = || bench.post("nsconfig?action=save", json!({}));
    let (first, second) = tokio::join!(save(), save());
    let mut statuses = [(first.status, first.code()), (second.status, second.code())];
    statuses.sort_unstable();
    assert_eq!(statuses, [(200, Some(0)), (599, Some(293))]);
    assert_eq!(bench.get("nsconfig").await.json()["nsconfig"]["configchanged"], false);
    save().await.ok(200);
}

#[tokio::test]
async fn many_at_once_lose_nothing() {
    let bench = Bench::empty().await;
    let adds = (1..=40).map(|n| {
        let body = json!({ "name": format!("s{n}"), "ipaddress": format!("10.20.31.{n}") });
        bench.post("server", body)
    });
    for reply in futures::future::join_all(adds).await {
        reply.ok(201);
    }
    assert_eq!(bench.word("server?count=yes", "__count").await, "40");
    let twins = (0..10).map(|_| bench.post("server", json!({ "name": "one", "ipaddress": "10.20.32.1" })));
    let replies = futures::future::join_all(twins).await;
    assert_eq!(replies.iter().filter(|reply| reply.status == 201).count(), 1);
    assert_eq!(replies.iter().filter(|reply| reply.status == 409).count(), 9);
    assert_eq!(bench.lab.cli().len(), 41);
}
