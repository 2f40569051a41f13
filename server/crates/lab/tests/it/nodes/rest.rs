//! The public REST API on 4443.

use crate::nodes::support::{Desk, Reply};
use serde_json::{Value, json};

#[tokio::test]
async fn a_token_is_two_equal_halves_without_an_envelope() {
    let desk = Desk::open().await;
    let reply = desk.try_login(0, "administrator", &desk.node(0).password).await;
    assert_eq!(reply.status, 200);
    let body = reply.json();
    assert_eq!(body.as_object().unwrap().len(), 1);
    let (first, second) = body["auth_token"].as_str().unwrap().split_once(':').unwrap();
    assert_eq!((first.len(), first), (26, second));
    assert!(first.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit()));
}

#[tokio::test]
async fn wrong_credentials_and_missing_rights_are_refused_differently() {
    let desk = Desk::open().await;
    let password = desk.node(0).password.clone();
    for (user, password) in [("administrator", "wrong"), ("nobody", password.as_str()), ("admin", password.as_str())] {
        let reply = desk.try_login(0, user, password).await;
        assert_eq!((reply.status, &reply.json()["status"]), (401, &json!(99901)), "{user}");
    }
    desk.try_login(0, "support", &password).await.is_page(403);
    assert_eq!(desk.state(0)["xms"]["attempts"], json!({ "rest": 4, "rest_refused": 4, "cli": 0, "cli_refused": 0 }));
    let body = Some(json!("not an object"));
    assert_eq!(desk.call(0, None, "POST", "authentication/login", body).await.status, 401);
}

#[tokio::test]
async fn tokens_belong_to_one_node_and_end_with_logout() {
    let desk = Desk::open().await;
    let token = desk.login(0).await;
    let get = async |at, token| desk.call(at, token, "GET", "netscaler", None).await.status;
    assert_eq!(
        (get(0, Some(token.as_str())).await, get(1, Some(token.as_str())).await, get(0, None).await),
        (200, 401, 401)
    );
    let body = Some(json!({ "login": "administrator" }));
    let reply = desk.call(0, Some(&token), "POST", "authentication/logout", body).await;
    assert_eq!((reply.status, reply.json()), (200, json!({ "Status": "user administrator logged out successfully." })));
    assert_eq!(get(0, Some(token.as_str())).await, 401);
}

#[tokio::test]
async fn inactivity_ends_a_token_by_the_labs_clock() {
    let desk = Desk::open().await;
    let token = desk.login(0).await;
    let get = async || desk.call(0, Some(&token), "GET", "ldap", None).await;
    for _ in 0..3 {
        desk.minutes(14).await;
        assert_eq!(get().await.status, 200, "each call begins the time again");
    }
    desk.minutes(15).await;
    let reply = get().await;
    assert_eq!((reply.status, &reply.json()["status"]), (401, &json!(99903)));
}

#[tokio::test]
async fn a_static_token_ends_whatever_happens() {
    let profile = "[[site.users]]\nname = \"administrator\"\napi = true\n\
        [[site.properties]]\nname = \"xms.publicapi.timeout.type\"\nvalue = \"STATIC_TIMEOUT\"\ndefault = \"\"\ndisplay = \"\"\n\
        [[site.properties]]\nname = \"xms.publicapi.static.timeout\"\nvalue = \"20\"\ndefault = \"\"\ndisplay = \"\"\n\
        [rest]\nexpired_token = { http = 403 }";
    let desk = Desk::profiled(profile).await;
    let token = desk.login(0).await;
    let get = async || desk.call(0, Some(&token), "GET", "ldap", None).await;
    desk.minutes(19).await;
    assert_eq!(get().await.status, 200);
    desk.minutes(1).await;
    get().await.is_page(403);
}

async fn property(desk: &Desk, at: usize, token: &str, name: &str) -> Value {
    let body = json!({ "start": "0", "limit": "50", "orderBy": "name", "sortOrder": "asc", "searchStr": name });
    let reply = desk.call(at, Some(token), "POST", "serverproperties/filter", Some(body)).await.json();
    assert_eq!((&reply["status"], &reply["message"]), (&json!(0), &json!("Success")));
    reply["allEwProperties"][0].clone()
}

fn says_restart(reply: &Reply) {
    let body = reply.json();
    assert_eq!((reply.status, &body["status"]), (200, &json!(0)));
    assert!(body["message"].as_str().unwrap().contains("Restart all nodes"), "{body}");
}

#[tokio::test]
async fn properties_are_stored_for_all_and_in_force_after_a_restart() {
    let desk = Desk::open().await;
    let (first, second) = (desk.login(0).await, desk.login(1).await);
    let pending = |at: usize| desk.state(at)["xms"]["restart_pending"].clone();
    assert_eq!(property(&desk, 0, &first, "Inactivity.TIMEOUT").await["value"], "15");
    assert_eq!(pending(0), false);
    let name = "xms.publicapi.inactivity.timeout";
    let body = json!({ "name": name, "value": 60, "displayName": "d", "description": "e" });
    says_restart(&desk.call(0, Some(&first), "PUT", "serverproperties", Some(body)).await);
    let found = property(&desk, 1, &second, name).await;
    assert_eq!(
        (&found["value"], &found["displayName"], &found["defaultValue"]),
        (&json!("60"), &json!("d"), &json!("15"))
    );
    assert_eq!([pending(0), pending(1), pending(2)], [true, true, true]);
    desk.minutes(15).await;
    assert_eq!(desk.call(0, Some(&first), "GET", "ldap", None).await.status, 401, "15 minutes are still in force");

    let power = desk.lab.power_off(crate::nodes::support::NODES[0]).await;
    power.unwrap();
    desk.lab.clear_faults().await.unwrap();
    assert_eq!([pending(0), pending(1)], [false, true]);
    let third = desk.login(0).await;
    desk.minutes(59).await;
    assert_eq!(desk.call(0, Some(&third), "GET", "ldap", None).await.status, 200);
}

#[tokio::test]
async fn properties_come_and_go() {
    let desk = Desk::open().await;
    let token = desk.login(0).await;
    let call = async |method: &str, path: &str, body: Value| desk.call(0, Some(&token), method, path, Some(body)).await;
    let body = json!({ "name": "a.b", "value": "1", "displayName": "", "description": "" });
    says_restart(&call("POST", "serverproperties", body.clone()).await);
    assert_eq!(call("POST", "serverproperties", body).await.status, 500);
    assert_eq!(call("PUT", "serverproperties", json!({ "name": "no.such", "value": "1" })).await.status, 500);
    assert_eq!(call("PUT", "serverproperties", json!({ "name": "a.b" })).await.status, 400);
    let refused = call("DELETE", "serverproperties", json!({ "names": ["a.b"] })).await;
    assert_eq!((refused.status, &refused.json()["message"]), (400, &json!("unrecognized field names")));
    says_restart(&call("DELETE", "serverproperties", json!(["a.b"])).await);
    assert_eq!(property(&desk, 0, &token, "a.b").await, Value::Null);
    says_restart(&call("POST", "serverproperties/reset", json!({ "names": ["xms.publicapi.timeout.type"] })).await);
    assert_eq!(property(&desk, 0, &token, "timeout.type").await["value"], "STATIC_TIMEOUT");
    let all = desk.call(0, Some(&token), "GET", "serverproperties", None).await.json();
    assert!(all["allEwProperties"].as_array().unwrap().len() > 5);
}

#[tokio::test]
async fn what_is_not_there_is_the_web_servers_404() {
    let desk = Desk::open().await;
    let token = desk.login(0).await;
    for (method, path) in [("GET", "environment"), ("GET", "cluster"), ("PATCH", "netscaler"), ("GET", "")] {
        desk.call(0, Some(&token), method, path, None).await.is_page(404);
    }
    desk.send(desk.page(0, ":8443/xenmobile/api/v1/netscaler").header("auth_token", token)).await.is_page(404);
    let broken = desk.http.post(format!("{}/xenmobile/api/v1/device/filter", desk.node(0).management)).body("{");
    let token = desk.login(0).await;
    assert_eq!(desk.send(broken.header("auth_token", token)).await.status, 400);
}

#[tokio::test]
async fn the_token_has_another_name_when_the_profile_says_so() {
    let desk = Desk::profiled("[rest]\ntoken_key = \"auth-token\"").await;
    let body = desk.try_login(0, "administrator", &desk.node(0).password).await.json();
    let token = body["auth-token"].as_str().unwrap();
    assert_eq!(desk.call(0, Some(token), "GET", "ldap", None).await.status, 200);
}
