//! Doors that are closed or ask for more, sessions and their ends (1.3, 1.4).

use super::{Somebody, choose, log_in};
use crate::common::{Bench, Reply};
use lab::FaultSpec;
use serde_json::json;

#[tokio::test]
async fn a_killed_session_is_over() {
    let bench = Bench::empty().await;
    let other = Somebody::new(&bench, "xmreader").await;
    let sessions = bench.get("systemsession").await.json();
    let sessions = sessions["systemsession"].as_array().unwrap();
    let find = |user: &str| sessions.iter().find(|session| session["username"] == user).unwrap();
    assert_eq!((&find("nsroot")["currentconn"], &find("xmreader")["currentconn"]), (&json!(true), &json!(false)));
    assert_eq!(
        (&find("xmreader")["clienttype"], &find("xmreader")["partitionname"]),
        (&json!("API"), &json!("default"))
    );
    assert!(find("xmreader")["expirytime"].is_i64());
    bench.post("systemsession?action=kill", json!({ "sid": find("xmreader")["sid"] })).await.ok(200);
    other.get("nsversion").await.is(401, 444, "Session expired or killed. Please login again");

    let other = Somebody::new(&bench, "xmreader").await;
    bench.post("systemsession?action=kill", json!({ "all": true })).await.ok(200);
    other.get("nsversion").await.fails(401, 444);
    bench.get("nsversion").await.fails(200, 0);
}

#[tokio::test]
async fn header_log_ins_can_be_switched_off() {
    let bench = Bench::empty().await;
    bench.put("systemparameter", json!({ "basicauth": "DISABLED" })).await.ok(200);
    let message = "Authentication Failed: Use of Basic Authentication is Disabled.";
    let headers =
        bench.request("GET", "config/nsversion").header("X-NITRO-USER", "nsroot").header("X-NITRO-PASS", "secret");
    Reply::from(headers.send().await.unwrap()).await.is(401, 1244, message);
    let basic = bench.request("GET", "config/nsversion").basic_auth("nsroot", Some("secret"));
    Reply::from(basic.send().await.unwrap()).await.is(401, 1244, message);
    bench.get("nsversion").await.fails(200, 0);
}

#[tokio::test]
async fn a_new_password_may_be_asked_for_and_a_second_factor_too() {
    let bench = Bench::empty().await;
    choose(&bench, json!({ "force_password_change": true, "challenged": ["xmreader"] })).await;
    log_in(&bench, json!({ "username": "nsroot", "password": "secret" })).await.fails(401, 1046);
    log_in(&bench, json!({ "username": "nsroot", "password": "guess" })).await.fails(401, 354);
    let body = json!({ "username": "nsroot", "password": "secret", "new_password": "better" });
    assert_eq!(log_in(&bench, body).await.status, 201);
    log_in(&bench, json!({ "username": "nsroot", "password": "secret" })).await.fails(401, 354);
    assert_eq!(log_in(&bench, json!({ "username": "nsroot", "password": "better" })).await.status, 201);
    let challenged = log_in(&bench, json!({ "username": "xmreader", "password": "secret" })).await;
    challenged.is(401, 1034, "Login challenged");
}

#[tokio::test]
async fn a_user_has_so_many_sessions_and_all_together_have_so_many() {
    let bench = Bench::empty().await;
    bench.put("systemuser", json!({ "username": "xmreader", "maxsession": 1 })).await.ok(200);
    let log_in = |user: &'static str| log_in(&bench, json!({ "username": user, "password": "secret" }));
    assert_eq!(log_in("xmreader").await.status, 201);
    log_in("xmreader").await.is(599, 445, "Session limit exceeded");
    bench.put("systemparameter", json!({ "maxclient": 20 })).await.ok(200);
    for _ in 0..18 {
        assert_eq!(log_in("xmconsole").await.status, 201);
    }
    log_in("xmconsole").await.is(599, 446, "Connection limit to CFE exceeded");
}

#[tokio::test]
async fn a_restricted_timeout_is_the_users_own() {
    let bench = Bench::empty().await;
    bench.put("systemparameter", json!({ "restrictedtimeout": "ENABLED" })).await.ok(200);
    bench.put("systemuser", json!({ "username": "xmreader", "timeout": 600 })).await.ok(200);
    let reply = log_in(&bench, json!({ "username": "xmreader", "password": "secret", "timeout": 86_400 })).await;
    let cookie = format!("NITRO_AUTH_TOKEN={}", reply.json()["sessionid"].as_str().unwrap());
    bench.advance(599).await;
    bench.send_as(Some(&cookie), "GET", "config/nsversion", None).await.fails(200, 0);
    bench.advance(600).await;
    bench.send_as(Some(&cookie), "GET", "config/nsversion", None).await.fails(401, 444);
}

#[tokio::test]
async fn a_session_cookie_may_have_another_name() {
    let bench = Bench::empty().await;
    let fault = "renamed_session_cookie".to_owned();
    bench
        .lab
        .fault(FaultSpec { target: "netscaler".to_owned(), fault, times: 1, ..FaultSpec::default() })
        .await
        .unwrap();
    let reply = log_in(&bench, json!({ "username": "nsroot", "password": "secret" })).await;
    assert_eq!((reply.status, reply.json().get("sessionid")), (201, None));
    let cookies = reply.headers.get_all("set-cookie").iter().map(|value| value.to_str().unwrap().to_owned());
    let pair = cookies
        .filter(|cookie| !cookie.starts_with("SESSID="))
        .map(|cookie| cookie.split(';').next().unwrap().to_owned());
    let [pair] = pair.collect::<Vec<_>>().try_into().unwrap();
    bench.send_as(Some(&pair), "GET", "config/nsversion", None).await.fails(200, 0);
    let (_, value) = pair.split_once('=').unwrap();
    let usual = format!("NITRO_AUTH_TOKEN={value}");
    bench.send_as(Some(&usual), "GET", "config/nsversion", None).await.fails(401, 444);
}

#[tokio::test]
async fn a_removed_user_is_out_at_once() {
    let bench = Bench::empty().await;
    let reader = Somebody::new(&bench, "xmreader").await;
    bench.delete("systemuser/xmreader").await.ok(200);
    reader.get("nsversion").await.fails(401, 444);
    log_in(&bench, json!({ "username": "xmreader", "password": "secret" })).await.fails(401, 354);
}
