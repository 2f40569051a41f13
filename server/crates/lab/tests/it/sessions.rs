//! The life of a session, and every door through which a credential may come.

use crate::common::{Bench, Reply, options};
use lab::Options;
use serde_json::json;

#[tokio::test]
async fn login_answers_in_every_known_way() {
    let bench = Bench::empty().await;
    let body = json!({ "login": { "username": "nsroot", "password": "secret", "timeout": 900 } });
    let reply = bench.send_as(None, "POST", "config/login", Some(body)).await;
    assert_eq!(reply.status, 201);
    let token = reply.json()["sessionid"].as_str().unwrap().to_owned();
    assert!(token.starts_with("##"), "{token}");
    assert!(reply.text.starts_with(r###"{ "errorcode": 0, "message": "Done", "severity": "NONE", "sessionid": "##"###));
    let cookies: Vec<_> =
        reply.headers.get_all("set-cookie").iter().map(|value| value.to_str().unwrap().to_owned()).collect();
    let encoded = token.replace('#', "%23");
    assert!(cookies.contains(&format!("NITRO_AUTH_TOKEN={encoded}; path=/nitro/v1")), "{cookies:?}");
    assert!(cookies.contains(&format!("sessionid={encoded}; path=/nitro/v1")), "{cookies:?}");
}

#[tokio::test]
async fn a_token_comes_back_in_any_disguise() {
    let bench = Bench::empty().await;
    let encoded = bench.token.replace('#', "%23");
    for cookie in [
        format!("NITRO_AUTH_TOKEN={}", bench.token),
        format!("NITRO_AUTH_TOKEN={encoded}"),
        format!("sessionid={}", bench.token),
        format!("other=1; sessionid={encoded}"),
    ] {
        assert_eq!(bench.send_as(Some(&cookie), "GET", "config/nsversion", None).await.status, 200, "{cookie}");
    }
    let pair = format!("NITRO_AUTH_TOKEN={encoded}");
    let response = bench.request("GET", "config/nsversion").header("Set-Cookie", pair).send().await.unwrap();
    assert_eq!(response.status(), 200);
}

#[tokio::test]
async fn credentials_per_request() {
    let bench = Bench::empty().await;
    let request = || bench.request("GET", "config/nsversion");
    let headers = request().header("X-NITRO-USER", "nsroot").header("X-NITRO-PASS", "secret");
    assert_eq!(headers.send().await.unwrap().status(), 200);
    assert_eq!(request().basic_auth("nsroot", Some("secret")).send().await.unwrap().status(), 200);
    let wrong = request().header("X-NITRO-USER", "nsroot").header("X-NITRO-PASS", "guess");
    Reply::from(wrong.send().await.unwrap()).await.is(401, 354, "Invalid username or password");
    let wrong = request().basic_auth("nobody", Some("secret"));
    Reply::from(wrong.send().await.unwrap()).await.fails(401, 354);
}

#[tokio::test]
async fn everything_else_needs_a_credential() {
    let bench = Bench::empty().await;
    let wrong = json!({ "login": { "username": "nsroot", "password": "guess" } });
    bench.send_as(None, "POST", "config/login", Some(wrong)).await.is(401, 354, "Invalid username or password");
    for (method, path) in [
        ("GET", "config/nsversion"),
        ("GET", "config/nonsense"),
        ("POST", "config/nsconfig?action=save"),
        ("DELETE", "config/server/x"),
        ("POST", "config/logout"),
        ("GET", "stat/lbvserver"),
    ] {
        let reply = bench.send_as(None, method, path, None).await;
        reply.fails(401, 1027);
    }
    let stale = bench.send_as(Some("sessionid=##00"), "GET", "config/nsversion", None).await;
    stale.is(401, 444, "Session expired or killed. Please login again");
}

#[tokio::test]
async fn inactivity_ends_a_session_on_the_labs_clock() {
    let mut bench = Bench::empty().await;
    bench.advance(1_799).await;
    bench.get("nsversion").await.fails(200, 0);
    bench.advance(1_799).await;
    bench.get("nsversion").await.fails(200, 0);
    bench.advance(1_800).await;
    bench.get("nsversion").await.fails(401, 444);
    bench.login().await;
    bench.get("nsversion").await.fails(200, 0);

    let body = json!({ "login": { "username": "nsroot", "password": "secret", "timeout": "60" } });
    let reply = bench.send_as(None, "POST", "config/login", Some(body)).await;
    bench.token = reply.json()["sessionid"].as_str().unwrap().to_owned();
    bench.advance(60).await;
    bench.get("nsversion").await.fails(401, 444);
}

#[tokio::test]
async fn sessions_run_out_and_log_out_gives_one_back() {
    let bench = Bench::start(Options { session_limit: 2, ..options() }).await;
    let body = json!({ "login": { "username": "nsroot", "password": "secret" } });
    let login = || bench.send_as(None, "POST", "config/login", Some(body.clone()));
    assert_eq!(login().await.status, 201);
    login().await.is(599, 445, "Session limit exceeded");
    bench.post("logout", json!({})).await.ok(201);
    bench.get("nsversion").await.fails(401, 444);
    assert_eq!(login().await.status, 201);
}

#[tokio::test]
async fn passwords_do_not_reach_the_log() {
    let bench = Bench::empty().await;
    bench.get("server?count=yes").await;
    let requests = bench.lab.requests();
    assert_eq!(requests[0].body, json!({ "login": { "username": "nsroot", "password": "***" } }));
    assert_eq!((requests[0].status, requests[0].errorcode, requests[0].session.as_deref()), (Some(201), Some(0), None));
    assert_eq!(requests[1].session.as_deref(), Some("1"));
    assert_eq!((requests[1].path.as_str(), requests[1].query.as_str()), ("/nitro/v1/config/server", "count=yes"));
    assert_eq!(requests[1].appliance, "10.0.0.10");
}
