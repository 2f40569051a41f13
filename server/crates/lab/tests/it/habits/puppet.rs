//! Puppet's provider (Ruby, Faraday): the credentials are part of the URL and go as HTTP Basic, everything is listed
//! before anything is done, names stand in the path of a PUT and of an action too, encoded once.

use super::{Raw, ask};
use crate::common::{Bench, MEMBER};
use serde_json::{Value, json};

async fn call(bench: &Bench, method: &str, path: &str, body: Value) -> Raw {
    let kind = if body.is_null() { "" } else { "Content-Type: application/json\r\n" };
    let headers =
        format!("User-Agent: Faraday v0.9.2\r\nAuthorization: Basic bnNyb290OnNlY3JldA==\r\n{kind}Accept: */*\r\n");
    let body = if body.is_null() { String::new() } else { body.to_string() };
    ask(bench, method, &format!("/nitro/v1{path}"), &headers, &body).await
}

#[tokio::test]
async fn a_manifest_is_applied_changed_and_taken_back() {
    let bench = Bench::empty().await;
    let none = call(&bench, "GET", "/config/server", Value::Null).await;
    assert!(none.json().get("server").is_none(), "{}", none.body);
    let named = json!({ "server": { "name": "my web" } });
    let comment = json!({ "server": { "name": "my web", "comment": "x" } });
    let group = json!({ "servicegroup": { "servicegroupname": "sg", "servicetype": "HTTP" } });
    let member = json!({ MEMBER: { "servicegroupname": "sg", "servername": "my web", "port": "80" } });
    let unbind = format!("/config/{MEMBER}/sg?args=servername:my%20web,port:80");
    for (method, path, body) in [
        ("POST", "/config/server", json!({ "server": { "name": "my web", "ipaddress": "10.0.0.1" } })),
        ("PUT", "/config/server/my%20web", comment),
        ("POST", "/config/server/my%20web?action=disable", named.clone()),
        ("POST", "/config/server/my%20web?action=enable", named),
        ("POST", "/config/servicegroup", group),
        ("POST", &format!("/config/{MEMBER}/sg"), member),
        ("DELETE", &unbind, Value::Null),
        ("DELETE", "/config/servicegroup/sg", Value::Null),
        ("DELETE", "/config/server/my%20web", Value::Null),
    ] {
        let reply = call(&bench, method, path, body).await;
        assert!(
            ["HTTP/1.1 200 OK", "HTTP/1.1 201 Created"].contains(&reply.line.as_str()),
            "{path}: {} {}",
            reply.line,
            reply.body
        );
    }
}

#[tokio::test]
async fn a_wrong_password_in_the_address_is_a_401_with_json() {
    let bench = Bench::empty().await;
    let headers = "Authorization: Basic bnNyb290Ondyb25n\r\n";
    let reply = ask(&bench, "GET", "/nitro/v1/config/server", headers, "").await;
    assert_eq!((reply.line.as_str(), &reply.json()["errorcode"]), ("HTTP/1.1 401 Unauthorized", &json!(354)));
}
