//! The session: one login for all, renewed when it ends, given up when the account is refused.

use crate::support::{Answer, DONE, Server, credentials, json, limits, logged_in, raw, refused};
use futures::future::join_all;
use nitro::{
    Client, Error, Limits, OnError, Phase, Request,
    resource::{HaRole, LbVserver, Server as ServerObject},
};
use serde_json::json;
use std::{
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};
use tokio::sync::Barrier;

fn client(server: &Server) -> Client {
    Client::with_limits(&server.endpoint(), credentials(), limits()).unwrap()
}

fn add() -> Request {
    Request::add("server", json!({"name": "xms01", "ipaddress": "10.0.20.11"}))
}

#[tokio::test]
async fn logs_in_once_and_sends_the_token() {
    let server = Server::start(|asked| if asked.is_login() { logged_in() } else { json("200 OK", DONE) }).await;
    let client = client(&server);
    assert!(client.get::<LbVserver>().await.unwrap().is_empty());
    client.perform(&add()).await.unwrap();
    assert_eq!(
        server.lines(),
        ["POST /nitro/v1/config/login", "GET /nitro/v1/config/lbvserver", "POST /nitro/v1/config/server"]
    );
    let asked = server.asked();
    assert_eq!(asked[0].body, r#"{"login":{"password":"geheim","timeout":900,"username":"nsroot"}}"#);
    assert!(!asked[0].headers.contains_key("cookie"));
    assert_eq!(asked[1].headers["cookie"], "NITRO_AUTH_TOKEN=##1C8F");
    assert_eq!(asked[2].headers["content-type"], "application/json");
    assert_eq!(asked[2].body, r#"{"server":{"ipaddress":"10.0.20.11","name":"xms01"}}"#);
}

#[tokio::test]
async fn takes_the_token_from_a_cookie() {
    let server = Server::start(|asked| {
        if asked.is_login() {
            Answer::Bytes(raw("201 Created", "Set-Cookie: sessionid=%23%23AB; path=/nitro/v1\r\n", ""))
        } else {
            json("200 OK", DONE)
        }
    })
    .await;
    client(&server).perform(&add()).await.unwrap();
    assert_eq!(server.asked()[1].headers["cookie"], "NITRO_AUTH_TOKEN=##AB");
}

#[tokio::test]
async fn a_login_without_a_token_is_an_error() {
    let server = Server::start(|_| json("201 Created", DONE)).await;
    let error = client(&server).perform(&add()).await.unwrap_err();
    assert!(matches!(error, Error::Login(_)), "{error:?}");
    assert!(!error.maybe_sent(), "the write itself was never sent");
}

#[tokio::test]
async fn many_callers_share_one_login_and_four_places() {
    let barrier = Arc::new(Barrier::new(4));
    let (now, most) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicUsize::new(0)));
    let server = {
        let (now, most) = (Arc::clone(&now), Arc::clone(&most));
        Server::start_async(move |asked| {
            let (barrier, now, most) = (Arc::clone(&barrier), Arc::clone(&now), Arc::clone(&most));
            Box::pin(async move {
                if asked.is_login() {
                    return logged_in();
                }
                most.fetch_max(now.fetch_add(1, Ordering::SeqCst) + 1, Ordering::SeqCst);
                barrier.wait().await;
                now.fetch_sub(1, Ordering::SeqCst);
                json("200 OK", DONE)
            })
        })
        .await
    };
    let client = client(&server);
    let results = join_all((0..16).map(|_| client.get::<LbVserver>())).await;
    assert!(results.iter().all(Result::is_ok), "{results:?}");
    assert_eq!(server.logins(), 1);
    assert_eq!(most.load(Ordering::SeqCst), 4);
}

#[tokio::test]
async fn many_callers_share_one_failed_login() {
    let server = Server::start(|_| refused("599 Netscaler specific error", 445, "Session limit exceeded")).await;
    let client = client(&server);
    let results = join_all((0..8).map(|_| client.get::<LbVserver>())).await;
    assert!(results.iter().all(|result| result.as_ref().is_err_and(Error::sessions_exhausted)));
    assert_eq!(server.logins(), 1);
    assert!(client.get::<LbVserver>().await.is_err());
    assert_eq!(server.logins(), 2, "a later call tries again");
}

/// A session that is killed `times` times.
async fn dying(times: usize, status: &'static str, body: &'static str) -> (Server, Client) {
    let left = Arc::new(AtomicUsize::new(times));
    let server = Server::start(move |asked| {
        if asked.is_login() {
            return logged_in();
        }
        let dead = left.fetch_update(Ordering::SeqCst, Ordering::SeqCst, |left| left.checked_sub(1)).is_ok();
        if dead { json(status, body) } else { json("200 OK", DONE) }
    })
    .await;
    let client = client(&server);
    (server, client)
}

const EXPIRED: &str =
    r#"{ "errorcode": 444, "message": "Session expired or killed. Please login again", "severity": "ERROR" }"#;

#[tokio::test]
async fn an_ended_session_is_renewed_once_for_writes_too() {
    for (status, body) in [("401 Unauthorized", EXPIRED), ("200 OK", EXPIRED), ("401 Unauthorized", "<html>")] {
        let (server, client) = dying(1, status, body).await;
        client.perform(&add()).await.unwrap();
        assert_eq!(
            server.lines(),
            [
                "POST /nitro/v1/config/login",
                "POST /nitro/v1/config/server",
                "POST /nitro/v1/config/login",
                "POST /nitro/v1/config/server"
            ]
        );
    }
}

#[tokio::test]
async fn a_session_that_ends_again_and_again_is_an_error() {
    let (server, client) = dying(9, "401 Unauthorized", EXPIRED).await;
    let error = client.perform(&add()).await.unwrap_err();
    assert!(error.session_expired() && !error.maybe_sent() && !error.is_auth());
    assert_eq!(server.logins(), 2);
}

#[tokio::test]
async fn callers_with_the_same_dead_token_renew_it_once() {
    let (barrier, arrived) = (Arc::new(Barrier::new(4)), Arc::new(AtomicUsize::new(0)));
    let server = Server::start_async(move |asked| {
        let (barrier, arrived) = (Arc::clone(&barrier), Arc::clone(&arrived));
        Box::pin(async move {
            if asked.is_login() {
                return logged_in();
            }
            // The first four are told together that the session is gone.
            if arrived.fetch_add(1, Ordering::SeqCst) < 4 {
                barrier.wait().await;
                return json("401 Unauthorized", EXPIRED);
            }
            json("200 OK", DONE)
        })
    })
    .await;
    let client = client(&server);
    let results = join_all((0..4).map(|_| client.get::<LbVserver>())).await;
    assert!(results.iter().all(Result::is_ok), "{results:?}");
    assert_eq!(server.logins(), 2);
}

#[tokio::test]
async fn a_bulk_write_says_what_to_do_after_a_refusal() {
    let server = Server::start(|asked| if asked.is_login() { logged_in() } else { json("201 Created", "") }).await;
    let bulk = Request::add("server", json!([{"name": "a"}, {"name": "b"}])).on_error(OnError::Continue);
    client(&server).perform(&bulk).await.unwrap();
    assert_eq!(server.asked()[1].headers["x-nitro-onerror"], "continue");
    assert_eq!(server.asked()[1].body, r#"{"server":[{"name":"a"},{"name":"b"}]}"#);
}

#[tokio::test]
async fn a_refused_account_is_not_tried_again_until_somebody_says_so() {
    let server = Server::start(|_| refused("401 Unauthorized", 354, "Invalid username or password")).await;
    let client = client(&server);
    let first = client.get::<LbVserver>().await.unwrap_err();
    assert!(first.is_auth() && !first.session_expired());
    assert_eq!(first.code(), Some(354));
    assert!(matches!(first, Error::Credentials { asked: true, .. }));
    assert!(client.is_locked().await);
    for _ in 0..3 {
        let later = client.clone().perform(&add()).await.unwrap_err();
        assert!(matches!(later, Error::Credentials { asked: false, .. }) && !later.maybe_sent());
    }
    assert_eq!(server.asked().len(), 1);
    client.retry_credentials().await;
    assert!(client.get::<LbVserver>().await.unwrap_err().is_auth());
    assert_eq!(server.asked().len(), 2);
}

#[tokio::test]
async fn a_bare_401_to_a_login_locks_as_well() {
    let server = Server::start(|_| Answer::Bytes(raw("401 Unauthorized", "", ""))).await;
    let client = client(&server);
    assert!(client.get::<LbVserver>().await.unwrap_err().is_auth());
    assert!(client.get::<LbVserver>().await.unwrap_err().is_auth());
    assert_eq!(server.asked().len(), 1);
}

#[tokio::test]
async fn waiting_callers_do_not_try_a_refused_account() {
    let server = Server::start(|_| refused("401 Unauthorized", 354, "Invalid username or password")).await;
    let client = client(&server);
    let results = join_all((0..8).map(|_| client.get::<LbVserver>())).await;
    assert!(results.iter().all(|result| result.as_ref().is_err_and(Error::is_auth)));
    assert_eq!(server.logins(), 1);
}

/// Fails `times` times, then answers.
async fn failing(times: usize, failure: fn() -> Answer) -> (Server, Client) {
    let left = Arc::new(AtomicUsize::new(times));
    let server = Server::start(move |asked| {
        if asked.is_login() {
            return logged_in();
        }
        let fail = left.fetch_update(Ordering::SeqCst, Ordering::SeqCst, |left| left.checked_sub(1)).is_ok();
        if fail { failure() } else { json("200 OK", DONE) }
    })
    .await;
    let client = client(&server);
    (server, client)
}

#[tokio::test]
async fn reads_are_repeated_twice_at_most() {
    for failure in [|| Answer::Bytes(raw("503 Service Unavailable", "", "<html>")), || Answer::Cut(Vec::new())] {
        let (server, client) = failing(2, failure).await;
        client.get::<LbVserver>().await.unwrap();
        assert_eq!(server.asked().len(), 4);
        let (server, client) = failing(3, failure).await;
        assert!(client.get::<LbVserver>().await.is_err());
        assert_eq!(server.asked().len(), 4);
    }
}

#[tokio::test]
async fn writes_are_never_repeated() {
    let (server, client) = failing(1, || Answer::Cut(Vec::new())).await;
    let error = client.perform(&add()).await.unwrap_err();
    assert!(matches!(error, Error::Transport { .. }) && error.maybe_sent(), "{error:?}");
    assert_eq!(server.asked().len(), 2);

    let (server, client) = failing(1, || Answer::Bytes(raw("503 Service Unavailable", "", ""))).await;
    assert_eq!(client.perform(&add()).await.unwrap_err(), Error::NotReady);
    assert_eq!(server.asked().len(), 2);

    let half = || Answer::Cut(b"HTTP/1.1 201 Created\r\nContent-Length: 100\r\n\r\n{ \"errorcode\"".to_vec());
    let (_server, client) = failing(1, half).await;
    let error = client.perform(&add()).await.unwrap_err();
    assert!(matches!(error, Error::Transport { .. }) && error.maybe_sent(), "{error:?}");
}

#[tokio::test]
async fn a_write_without_an_answer_is_in_doubt_and_one_that_was_refused_is_not() {
    let saves = Arc::new(AtomicUsize::new(0));
    let server = Server::start(move |asked| {
        if asked.is_login() {
            logged_in()
        } else if !asked.path.contains("action=save") {
            refused("409 Conflict", 273, "Resource already exists")
        } else if saves.fetch_add(1, Ordering::SeqCst) == 0 {
            Answer::Stall(Vec::new())
        } else {
            Answer::Stall(b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n{".to_vec())
        }
    })
    .await;
    // A limit of its own, so that a slow machine does not run out of time at the login.
    let limits = Limits { save: Duration::from_millis(500), ..limits() };
    let client = Client::with_limits(&server.endpoint(), credentials(), limits).unwrap();
    for expected in [Phase::Answer, Phase::Body] {
        let late = client.perform(&Request::save()).await.unwrap_err();
        assert!(matches!(&late, Error::Timeout { phase, .. } if *phase == expected), "{late:?}");
        assert!(late.maybe_sent());
    }
    let refusal = client.perform(&add()).await.unwrap_err();
    assert!(refusal.already_exists() && !refusal.maybe_sent());
}

/// A run that waits for an answer without end looks as if it were at work.
#[tokio::test]
async fn an_answer_that_never_ends_is_waited_for_no_longer_than_one_that_never_begins() {
    let server = Server::start(|asked| {
        if asked.is_login() {
            return logged_in();
        }
        Answer::Trickle(b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n".to_vec())
    })
    .await;
    let brief = Duration::from_millis(500);
    let limits = Limits { save: brief, whole: brief, ..limits() };
    let client = Client::with_limits(&server.endpoint(), credentials(), limits).unwrap();
    let late = client.perform(&Request::save()).await.unwrap_err();
    assert!(matches!(&late, Error::Timeout { phase: Phase::Body, .. }) && late.maybe_sent(), "{late:?}");
    // `read` is for each piece of an answer to a question; all of it has a limit too.
    let limits = Limits { read: brief, ..limits };
    let client = Client::with_limits(&server.endpoint(), credentials(), limits).unwrap();
    let late = client.perform(&Request::get("nsrunningconfig")).await.unwrap_err();
    assert!(matches!(&late, Error::Timeout { phase: Phase::Body, write: false, .. }), "{late:?}");
    // What a save, its reading back and a question for the role may take together at most.
    let usual = Limits::default();
    assert!(usual.save + usual.read + usual.connect < Duration::from_secs(100));
}

#[tokio::test]
async fn one_object_or_none_or_a_refusal_are_three_things() {
    let server = Server::start(|asked| match asked.path.rsplit('/').next() {
        Some("login") => logged_in(),
        Some("xms01") => json("200 OK", r#"{"errorcode":0,"server":[{"name":"xms01","new":1}]}"#),
        Some("gone") => refused("404 Not Found", 258, "No such resource [name, gone]"),
        Some("keyless") => json("200 OK", DONE),
        _ => refused("403 Forbidden", 2138, "Not authorized to execute this command [show server]"),
    })
    .await;
    let client = client(&server);
    let item = client.get_one::<ServerObject>("xms01").await.unwrap();
    assert_eq!(item.name, "xms01");
    assert_eq!(item.raw["new"], 1);
    assert_eq!(client.get_opt::<ServerObject>("gone").await.unwrap(), None);
    assert_eq!(client.get_opt::<ServerObject>("keyless").await.unwrap(), None);
    assert!(client.get_one::<ServerObject>("keyless").await.unwrap_err().is_absent());
    assert!(client.get_opt::<ServerObject>("secret").await.unwrap_err().not_permitted());
}

#[tokio::test]
async fn logs_out_once_and_in_again_when_needed() {
    let server = Server::start(|asked| if asked.is_login() { logged_in() } else { json("200 OK", DONE) }).await;
    let client = client(&server);
    client.logout().await.unwrap();
    assert!(server.asked().is_empty(), "there was no session");
    client.perform(&add()).await.unwrap();
    client.logout().await.unwrap();
    client.logout().await.unwrap();
    let asked = server.asked();
    assert_eq!(asked.len(), 3);
    assert_eq!((asked[2].path.as_str(), asked[2].body.as_str()), ("/nitro/v1/config/logout", r#"{"logout":{}}"#));
    assert_eq!(asked[2].headers["cookie"], "NITRO_AUTH_TOKEN=##1C8F");
    client.perform(&add()).await.unwrap();
    assert_eq!(server.logins(), 2);
}

#[tokio::test]
async fn greets() {
    let server = Server::start(|asked| match asked.path.rsplit('/').next() {
        Some("login") => logged_in(),
        Some("nsversion") => json("200 OK", include_str!("fixtures/nsversion.json")),
        _ => json("200 OK", include_str!("fixtures/hanode.json")),
    })
    .await;
    let greeting = client(&server).test().await.unwrap();
    assert_eq!(greeting.version.unwrap().to_string(), "13.0 build 79.1002");
    assert_eq!(greeting.role, Some(HaRole::Primary));
    let peer = greeting.peer.unwrap();
    assert_eq!((peer.address.as_deref(), peer.role), (Some("10.0.0.11"), Some(HaRole::Secondary)));
    assert_eq!(greeting.fingerprint, None);
}

#[tokio::test]
async fn greets_with_an_account_that_may_not_see_the_pair() {
    let server = Server::start(|asked| match asked.path.rsplit('/').next() {
        Some("login") => logged_in(),
        Some("nsversion") => json("200 OK", include_str!("fixtures/nsversion.json")),
        _ => refused("403 Forbidden", 2138, "Not authorized to execute this command [show ha node]"),
    })
    .await;
    let greeting = client(&server).test().await.unwrap();
    assert_eq!((greeting.role, greeting.peer), (None, None));
}

#[tokio::test]
async fn nonsense_is_not_sent() {
    let server = Server::start(|_| logged_in()).await;
    let client = client(&server);
    let mut nameless = Request::remove("server", "x");
    nameless.name = None;
    for request in [Request::get("../login"), Request::get("server").named(""), Request::remove("server", ""), nameless]
    {
        let error = client.perform(&request).await.unwrap_err();
        assert!(matches!(error, Error::Build(_)) && !error.maybe_sent());
    }
    assert!(server.asked().is_empty());
}

#[tokio::test]
async fn can_be_used_from_many_tasks() {
    let server = Server::start(|asked| if asked.is_login() { logged_in() } else { json("200 OK", DONE) }).await;
    let client = client(&server);
    let task = tokio::spawn({
        let client = client.clone();
        async move { client.get::<LbVserver>().await }
    });
    assert!(task.await.unwrap().is_ok());
    assert!(!format!("{client:?}").contains("geheim"));
}
