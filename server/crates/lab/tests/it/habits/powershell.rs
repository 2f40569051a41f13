//! PowerShell modules: a web session with both cookies, `params` beside the resource in every body (of a DELETE too),
//! and PowerShell's own way to speak HTTP.

use super::{Raw, ask};
use crate::common::Bench;
use serde_json::{Value, json};

async fn invoke(bench: &Bench, method: &str, path: &str, warning: &str, on_error: &str, payload: Value) -> Raw {
    let kind = path.split(['/', '?']).next().unwrap();
    let body = json!({ "params": { "warning": warning, "onerror": on_error }, kind: payload });
    let token = bench.token.replace('#', "%23");
    let headers = format!(
        "User-Agent: Mozilla/5.0 (Windows NT; Windows NT 10.0; en-US) WindowsPowerShell/5.1.17763.1007\r\n\
         Content-Type: application/json\r\nCookie: sessionid={token}; NITRO_AUTH_TOKEN={token}\r\n"
    );
    let body = serde_json::to_string_pretty(&body).unwrap().replace('\n', "\r\n");
    ask(bench, method, &format!("/nitro/v1/config/{path}"), &headers, &body).await
}

#[tokio::test]
async fn params_beside_the_resource_do_no_harm() {
    let bench = Bench::empty().await;
    let server = json!({ "name": "web1", "ipaddress": "10.0.0.1" });
    let name = json!({ "name": "web1" });
    for (method, path, payload, line) in [
        ("POST", "server?action=add", server.clone(), "HTTP/1.1 201 Created"),
        ("POST", "server", server, "HTTP/1.1 409 Conflict"),
        ("PUT", "server/web1", json!({ "name": "web1", "comment": "x" }), "HTTP/1.1 200 OK"),
        ("POST", "server?action=disable", name, "HTTP/1.1 200 OK"),
        ("DELETE", "server/web1", json!({}), "HTTP/1.1 200 OK"),
        ("POST", "nsconfig?action=save", json!({}), "HTTP/1.1 200 OK"),
    ] {
        let reply = invoke(&bench, method, path, "NO", "EXIT", payload).await;
        assert_eq!(reply.line, line, "{method} {path}: {}", reply.body);
    }
}

#[tokio::test]
async fn a_warning_asked_for_in_the_body_comes_in_the_body() {
    let bench = Bench::empty().await;
    let group = |name: &str| json!({ "servicegroupname": name, "servicetype": "SSL" });
    let silent = invoke(&bench, "POST", "servicegroup", "NO", "EXIT", group("a")).await;
    assert_eq!((silent.line.as_str(), silent.body.as_str()), ("HTTP/1.1 201 Created", ""));
    let warned = invoke(&bench, "POST", "servicegroup", "YES", "EXIT", group("b")).await;
    assert_eq!(warned.line, "HTTP/1.1 209 X-NITRO-WARNING");
    let told = warned.json();
    assert_eq!((&told["errorcode"], &told["severity"]), (&json!(1067), &json!("WARNING")));
    assert_eq!(bench.word("servicegroup/b", "servicetype").await, "SSL", "it is there all the same");
}

#[tokio::test]
async fn what_to_do_after_an_error_may_stand_in_the_body() {
    let bench = Bench::empty().await;
    let server = |name: &str, last: u8| json!({ "name": name, "ipaddress": format!("10.0.0.{last}") });
    bench.post("server", server("web1", 1)).await.ok(201);
    let both = json!([server("web1", 1), server("web2", 2)]);
    let exit = invoke(&bench, "POST", "server", "NO", "EXIT", both.clone()).await;
    assert_eq!(
        (exit.line.as_str(), exit.json()["response"].as_array().map(Vec::len)),
        ("HTTP/1.1 207 Multi Status", Some(1))
    );
    bench.get("server/web2").await.fails(404, 258);
    let on = invoke(&bench, "POST", "server", "NO", "CONTINUE", both).await;
    assert_eq!(
        (on.line.as_str(), on.json()["response"].as_array().map(Vec::len)),
        ("HTTP/1.1 207 Multi Status", Some(2))
    );
    assert_eq!(bench.word("server/web2", "ipaddress").await, "10.0.0.2");
}
