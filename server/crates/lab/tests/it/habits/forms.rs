//! Python clients of the first years: everything is a form posted to `/nitro/v1/config/`, the session is a cookie, and
//! a JSON text with an `errorcode` is read out of every answer.

use super::{Raw, ask, form};
use crate::common::Bench;
use serde_json::json;

const FORM: &str = "Content-type: application/x-www-form-urlencoded\r\n";

async fn post(bench: &Bench, token: &str, text: &str) -> Raw {
    let cookie = if token.is_empty() { String::new() } else { format!("Cookie: sessionid={token}\r\n") };
    ask(bench, "POST", "/nitro/v1/config/", &format!("{FORM}{cookie}"), &form(text)).await
}

async fn login(bench: &Bench, text: &str) -> String {
    let reply = post(bench, "", text).await;
    assert_eq!((reply.line.as_str(), &reply.json()["errorcode"]), ("HTTP/1.1 201 Created", &json!(0)));
    reply.json()["sessionid"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn every_answer_to_a_form_has_a_text_to_read() {
    let bench = Bench::empty().await;
    let token = login(&bench, r#"{"login": {"username": "nsroot", "password": "secret"}}"#).await;
    let server = r#"{"server": {"name": "web 1", "ipaddress": "10.0.0.1"}}"#;
    let rename = r#"{"params": {"action": "rename"}, "server": {"name": "web 1", "newname": "web2"}}"#;
    let save = r#"{"params": {"action": "save"}, "nsconfig": {}}"#;
    for (text, line, code) in [
        (server, "HTTP/1.1 201 Created", 0),
        (server, "HTTP/1.1 409 Conflict", 273),
        (rename, "HTTP/1.1 200 OK", 0),
        (save, "HTTP/1.1 200 OK", 0),
        (r#"{"logout": {}}"#, "HTTP/1.1 201 Created", 0),
        (save, "HTTP/1.1 401 Unauthorized", 444),
    ] {
        let reply = post(&bench, &token, text).await;
        assert_eq!((reply.line.as_str(), &reply.json()["errorcode"]), (line, &json!(code)), "{text}");
    }
}

/// `urllib.urlencode` of a dictionary inside a dictionary prints Python, not JSON.
#[tokio::test]
async fn a_form_may_hold_a_printed_python_dictionary() {
    let bench = Bench::empty().await;
    let token = login(&bench, "{'login': {'username': 'nsroot', 'password': 'secret'}}").await;
    let add = post(&bench, &token, "{'server': {u'name': u'web1', 'ipaddress': '10.0.0.1'}}").await;
    assert_eq!(add.line, "HTTP/1.1 201 Created");
    let off = post(&bench, &token, "{'params': {'action': 'disable'}, 'server': {'name': 'web1'}}").await;
    assert_eq!(off.json()["message"], "Done");
    assert_eq!(bench.word("server/web1", "state").await, "DISABLED");
    let wrong = post(&bench, "", "{'login': {'username': 'nsroot', 'password': 'wrong'}}").await;
    assert_eq!((wrong.line.as_str(), &wrong.json()["errorcode"]), ("HTTP/1.1 401 Unauthorized", &json!(354)));
}

/// An update goes as JSON to the bare address, with the token in the body and in a *request* header `Set-Cookie`.
#[tokio::test]
async fn an_update_names_its_resource_in_the_body_only() {
    let bench = Bench::empty().await;
    let token = login(&bench, r#"{"login": {"username": "nsroot", "password": "secret"}}"#).await;
    bench.post("server", json!({ "name": "web1", "ipaddress": "10.0.0.1" })).await.ok(201);
    let body = json!({ "sessionid": token, "server": { "name": "web1", "ipaddress": "10.0.0.2" } }).to_string();
    let headers = format!("{FORM}Set-Cookie: NITRO_AUTH_TOKEN={token}\r\n");
    let reply = ask(&bench, "PUT", "/nitro/v1/config/", &headers, &body).await;
    assert_eq!((reply.line.as_str(), &reply.json()["errorcode"]), ("HTTP/1.1 200 OK", &json!(0)));
    assert_eq!(bench.word("server/web1", "ipaddress").await, "10.0.0.2");
}

/// A delete repeats the name in `args`; a binding's delete and a lookup may have it only there.
#[tokio::test]
async fn a_name_may_stand_in_args() {
    let bench = Bench::empty().await;
    for name in ["web1", "web2"] {
        let ip = format!("10.0.0.{}", &name[3..]);
        bench.post("server", json!({ "name": name, "ipaddress": ip })).await.ok(201);
    }
    assert_eq!(bench.word("server?args=name:web1", "ipaddress").await, "10.0.0.1");
    bench.get("server?args=name:nope").await.fails(404, 258);
    bench.delete("server/web1?args=name:web2").await.fails(599, 278);
    bench.delete("server/web1?args=name:web1").await.ok(200);
    bench.post("servicegroup", json!({ "servicegroupname": "sg", "servicetype": "HTTP" })).await.ok(201);
    let member = json!({ "servicegroupname": "sg", "servername": "web2", "port": 80 });
    bench.post("servicegroup_servicegroupmember_binding", member).await.ok(201);
    let path = "servicegroup_servicegroupmember_binding?args=servicegroupname:sg,servername:web2,port:80";
    bench.delete(path).await.ok(200);
    bench.delete(path).await.fails(404, 344);
    bench.get("systemfile?args=filelocation:%2Fnsconfig%2Flicense,filename:none.lic").await.fails(404, 258);
}
