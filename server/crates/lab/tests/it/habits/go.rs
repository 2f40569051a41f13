//! The vendor's Go client and what is built on it: whole status lines are compared, an add is idempotent by a flag, the
//! token goes out in a *request* header `Set-Cookie`, every request has a content type, and a GET a length of zero.

use super::{Raw, ask};
use crate::common::{Bench, MEMBER};
use serde_json::json;

async fn go(bench: &Bench, method: &str, path: &str, body: &str) -> Raw {
    let headers = format!(
        "User-Agent: Go-http-client/1.1\r\nAccept: application/json\r\nContent-Type: application/json\r\n\
         Set-Cookie: NITRO_AUTH_TOKEN={}\r\nAccept-Encoding: gzip\r\n",
        bench.token
    );
    ask(bench, method, &format!("/nitro/v1/config/{path}"), &headers, body).await
}

#[tokio::test]
async fn status_lines_are_compared_as_texts() {
    let bench = Bench::empty().await;
    let server = "{\"server\":{\"name\":\"web1\",\"ipaddress\":\"10.0.0.1\"}}\n";
    for (method, path, body, line) in [
        ("GET", "server/web1", "", "404 Not Found"),
        ("POST", "server?idempotent=yes", server, "201 Created"),
        ("POST", "server?idempotent=yes", server, "201 Created"),
        ("POST", "server", server, "409 Conflict"),
        ("PUT", "server/web1", "{\"server\":{\"name\":\"web1\",\"comment\":\"<&>\"}}\n", "200 OK"),
        ("PUT", "server/web1", "{\"server\":{\"name\":\"web1\",\"td\":1}}\n", "599 Netscaler specific error"),
        ("POST", "server?action=disable", "{\"server\":{\"name\":\"web1\"}}\n", "200 OK"),
        ("POST", "nsfeature?action=enable", "{\"nsfeature\":{\"feature\":[\"LB\",\"SSL\"]}}\n", "200 OK"),
        ("POST", "nsconfig?action=save", "{\"nsconfig\":{}}\n", "200 OK"),
        ("DELETE", "server/web1", "", "200 OK"),
        ("DELETE", "server/web1", "", "404 Not Found"),
    ] {
        let reply = go(&bench, method, path, body).await;
        assert_eq!(reply.line, format!("HTTP/1.1 {line}"), "{method} {path}: {}", reply.body);
    }
}

/// A code is sought as a text in the body, with the blank in it.
#[tokio::test]
async fn the_blank_after_the_colon_is_part_of_the_contract() {
    let bench = Bench::empty().await;
    let reply = go(&bench, "GET", "server/none", "").await;
    assert!(reply.body.contains("\"errorcode\": 258,"), "{}", reply.body);
}

/// First `args` are tried, then the same as a filter; in both the separators are encoded like the rest.
#[tokio::test]
async fn a_binding_is_sought_by_args_and_then_by_filter() {
    let bench = Bench::empty().await;
    bench.chain().await;
    let query = "servername%3Axms01,port%3A443";
    let first = go(&bench, "GET", &format!("{MEMBER}/sg?args={query}"), "").await;
    assert!(!first.line.ends_with("200 OK") || first.json()[MEMBER].is_array(), "{}", first.body);
    let second = go(&bench, "GET", &format!("{MEMBER}/sg?filter={query}"), "").await;
    assert_eq!(second.json()[MEMBER][0]["port"], 443, "{}", second.body);
    for line in ["HTTP/1.1 200 OK", "HTTP/1.1 404 Not Found"] {
        assert_eq!(go(&bench, "DELETE", &format!("{MEMBER}/sg?args={query}"), "").await.line, line);
    }
}

/// The unbind call has a slash too many.
#[tokio::test]
async fn an_unbind_comes_with_a_doubled_slash() {
    let bench = Bench::empty().await;
    bench.chain().await;
    let path = "/lbvserver_servicegroup_binding/vs?args=servicegroupname:sg";
    assert_eq!(go(&bench, "DELETE", path, "").await.line, "HTTP/1.1 200 OK");
    bench.get("lbvserver_servicegroup_binding/vs").await.is(200, 0, "Done");
}

/// The password must not go along with a login, and the session is dropped on 444 and 1027 only.
#[tokio::test]
async fn a_lost_session_has_its_number() {
    let bench = Bench::empty().await;
    let login = r#"{"login":{"username":"nsroot","password":"secret","timeout":900}}"#;
    let headers = "Accept: application/json\r\nContent-Type: application/json\r\n";
    let reply = ask(&bench, "POST", "/nitro/v1/config/login", headers, login).await;
    let token = reply.json()["sessionid"].as_str().unwrap().to_owned();
    bench.advance(901).await;
    let cookie = format!("{headers}Set-Cookie: NITRO_AUTH_TOKEN={token}\r\n");
    let lost = ask(&bench, "GET", "/nitro/v1/config/nsversion", &cookie, "").await;
    assert_eq!((lost.line.as_str(), &lost.json()["errorcode"]), ("HTTP/1.1 401 Unauthorized", &json!(444)));
    let never = ask(&bench, "GET", "/nitro/v1/config/nsversion", headers, "").await;
    assert_eq!((never.line.as_str(), &never.json()["errorcode"]), ("HTTP/1.1 401 Unauthorized", &json!(1027)));
}
