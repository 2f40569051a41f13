//! The session: one login for all, renewed when it ends, given up when the account is refused.

use crate::support::{Asked, Server, credentials, fixture, json, profile};
use futures::future::join_all;
use std::sync::{
    Arc,
    atomic::{AtomicUsize, Ordering},
};
use xms::{Account, Door, Error, Request, rest::properties};

const LOGIN: &str = r#"{"auth_token": "t1:t1"}"#;

fn usual(asked: &Asked) -> Vec<u8> {
    match asked.path.rsplit('/').next().unwrap() {
        "login" => fixture("login.json"),
        "logout" => fixture("logout.json"),
        "netscaler" => fixture("netscaler.json"),
        "certificates" => fixture("certificates.json"),
        "licenses" => fixture("licenses.json"),
        "getexpirationdate" => fixture("getexpirationdate.json"),
        "testserver" => fixture("testserver.json"),
        "ldap" => fixture("ldap.json"),
        "filter" if asked.path.contains("device") => fixture("device_filter.json"),
        "filter" | "serverproperties" => fixture("serverproperties.json"),
        _ => json("404 Not Found", "<html>"),
    }
}

#[tokio::test]
async fn everything_is_read_in_one_session() {
    let server = Server::start(usual).await;
    let client = server.client();
    assert_eq!(client.gateways().await.unwrap().len(), 2);
    assert_eq!(client.certificates().await.unwrap().list.len(), 3);
    assert_eq!(client.licences().await.unwrap().remote_port, Some(27000));
    assert_eq!(client.licence_expiry().await.unwrap().days_before_expire, Some(47));
    assert_eq!(client.licence_server_reached("10.20.30.5", 27000).await.unwrap(), Some(true));
    assert_eq!(client.directories().await.unwrap().len(), 1);
    assert_eq!(client.device_count(&[], false).await.unwrap().total, Some(1310));
    assert_eq!(client.lifetime().await.unwrap(), Some(xms::rest::Lifetime::Inactivity(30)));
    assert_eq!(client.properties("").await.unwrap().len(), 3);
    client.logout().await.unwrap();
    client.logout().await.unwrap();
    let asked = server.asked();
    assert_eq!(server.logins(), 1);
    assert_eq!(asked[0].body, r#"{"login":"console-svc","password":"geheim"}"#);
    assert!(!asked[0].headers.contains_key("auth_token"));
    let token = "m1v7k0p3q9r2t5x8y4z6a1b2c3:m1v7k0p3q9r2t5x8y4z6a1b2c3";
    assert!(asked[1..].iter().all(|asked| asked.headers["auth_token"] == token));
    assert!(asked.iter().all(|asked| asked.headers["content-type"] == "application/json"));
    let last = asked.last().unwrap();
    assert_eq!((last.path.ends_with("/logout"), last.body.as_str()), (true, r#"{"login":"console-svc"}"#));
}

#[tokio::test]
async fn many_callers_share_one_login() {
    let server = Server::start(usual).await;
    let client = server.client();
    let all = join_all((0..16).map(|_| client.directories())).await;
    assert!(all.iter().all(Result::is_ok));
    assert_eq!(server.logins(), 1);
}

#[tokio::test]
async fn a_refused_account_is_not_tried_again_until_somebody_says_so() {
    for refusal in [
        json("401 Unauthorized", r#"{"status": 99901, "message": "Invalid credentials"}"#),
        json("403 Forbidden", ""),
        json("400 Bad Request", r#"{"status": "7", "message": "Invalid credentials"}"#),
    ] {
        let server = Server::start(move |_| refusal.clone()).await;
        let client = server.client();
        let all = join_all((0..8).map(|_| client.directories())).await;
        let asked = all.iter().filter(|one| matches!(one, Err(Error::Credentials { asked: true, .. }))).count();
        assert_eq!((asked, server.logins()), (1, 1));
        assert!(all.iter().all(|one| one.as_ref().unwrap_err().is_auth()) && client.is_locked().await);
        let error = client.login().await.unwrap_err();
        assert!(matches!(error, Error::Credentials { door: Door::Rest, asked: false, .. }));
        assert_eq!(server.logins(), 1);
        client.retry_credentials().await;
        client.login().await.unwrap_err();
        assert_eq!(server.logins(), 2);
    }
}

#[tokio::test]
async fn an_account_that_one_node_refused_is_not_shown_to_the_next() {
    let servers = [
        Server::start(|_| json("401 Unauthorized", r#"{"status": 1, "message": "no"}"#)).await,
        Server::start(|_| json("401 Unauthorized", r#"{"status": 1, "message": "no"}"#)).await,
        Server::start(|_| json("401 Unauthorized", r#"{"status": 1, "message": "no"}"#)).await,
    ];
    let account = Account::from(credentials());
    let client =
        |server: &Server| xms::Client::new(&server.node(), account.clone(), profile(), xms::Limits::default()).unwrap();
    let clients = servers.each_ref().map(client);
    let all = join_all(clients.iter().map(xms::Client::login)).await;
    assert!(all.iter().all(|one| one.as_ref().unwrap_err().is_auth()));
    assert_eq!(servers.iter().map(Server::logins).sum::<usize>(), 1, "one attempt at all nodes together");
    account.retry().await;
    assert!(clients[2].login().await.unwrap_err().is_auth());
    assert_eq!(servers[2].logins() + servers[1].logins() + servers[0].logins(), 2);
}

#[tokio::test]
async fn a_server_in_trouble_does_not_lock_the_account() {
    for trouble in [
        json("500 Internal Server Error", r#"{"status": 1, "message": "No database"}"#),
        json("503 Service Unavailable", "<html>proxy</html>"),
        json("200 OK", "<html>login here</html>"),
        json("200 OK", r#"{"status": 0, "message": "Success"}"#),
    ] {
        let server = Server::start(move |_| trouble.clone()).await;
        let client = server.client();
        let error = client.directories().await.unwrap_err();
        assert!(matches!(error, Error::Login(_)) && !error.maybe_sent() && !error.is_auth(), "{error:?}");
        assert!(!client.is_locked().await);
        assert_eq!(server.lines(), ["POST /authentication/login"], "the request itself is never sent");
    }
}

#[tokio::test]
async fn a_token_that_has_ended_is_renewed_once_for_all() {
    let logins = Arc::new(AtomicUsize::new(0));
    let count = Arc::clone(&logins);
    let server = Server::start(move |asked| {
        if asked.is_login() {
            let number = count.fetch_add(1, Ordering::SeqCst);
            return json("200 OK", &format!(r#"{{"auth_token": "t{number}"}}"#));
        }
        if asked.headers["auth_token"] == "t0" {
            json("401 Unauthorized", r#"{"status": 5, "message": "expired"}"#)
        } else {
            fixture("ldap.json")
        }
    })
    .await;
    let client = server.client();
    client.login().await.unwrap();
    let all = join_all((0..8).map(|_| client.directories())).await;
    assert!(all.iter().all(Result::is_ok), "{all:?}");
    assert_eq!(logins.load(Ordering::SeqCst), 2);
}

#[tokio::test]
async fn a_new_token_that_is_refused_is_reported_and_not_a_loop() {
    let server =
        Server::start(|asked| if asked.is_login() { json("200 OK", LOGIN) } else { json("401 Unauthorized", "") })
            .await;
    let error = server.client().directories().await.unwrap_err();
    assert!(error.session_expired() && !error.is_auth(), "{error:?}");
    assert_eq!(server.lines(), ["POST /authentication/login", "GET /ldap"]);
}

#[tokio::test]
async fn a_missing_right_costs_one_login_and_no_more() {
    let server =
        Server::start(|asked| if asked.path.ends_with("/ldap") { json("403 Forbidden", "") } else { usual(asked) })
            .await;
    let client = server.client();
    client.gateways().await.unwrap();
    for _ in 0..3 {
        assert!(client.directories().await.unwrap_err().not_permitted());
    }
    assert_eq!(server.logins(), 2, "one more to tell it from a token that has ended");
    client.gateways().await.unwrap();
    assert!(!client.is_locked().await);
}

#[tokio::test]
async fn writes_say_what_they_change_and_are_not_repeated() {
    let server = Server::start(|asked| if asked.is_login() { json("200 OK", LOGIN) } else { Vec::new() }).await;
    let client = server.client();
    let property =
        properties::ServerProperty { name: "a.b".to_owned(), value: Some("1".to_owned()), ..Default::default() };
    let request = properties::set(&property);
    assert!(request.write);
    let error = client.perform(&request).await.unwrap_err();
    assert!(error.maybe_sent(), "{error:?}");
    assert_eq!(server.lines(), ["POST /authentication/login", "PUT /serverproperties"]);
    assert_eq!(server.asked()[1].body, r#"{"description":"","displayName":"","name":"a.b","value":"1"}"#);
}

#[test]
fn paths_cannot_be_broken_out_of() {
    let request = xms::rest::gateways::remove("1/../../x?y#z");
    assert_eq!(request.full_path(), "/xenmobile/api/v1/netscaler/1%2F%2E%2E%2F%2E%2E%2Fx%3Fy%23z");
    assert_eq!(format!("{:?}", Request::get("/ldap", "x")), "GET /xenmobile/api/v1/ldap");
}
