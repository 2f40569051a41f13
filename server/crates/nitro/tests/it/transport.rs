//! Routes and limits: maps, SOCKS5, sizes, connections that fail.

use crate::support::{Answer, DONE, Server, credentials, endpoint, json, limits, logged_in, raw, socks};
use nitro::{Client, ConnectBy, ConnectCause, Endpoint, Error, Limits, Phase, Trust, resource::LbVserver};
use std::time::Duration;
use tokio::net::TcpListener;

fn client(endpoint: &Endpoint) -> Client {
    Client::with_limits(endpoint, credentials(), limits()).unwrap()
}

async fn appliance() -> Server {
    Server::start(|asked| if asked.is_login() { logged_in() } else { json("200 OK", DONE) }).await
}

#[tokio::test]
async fn a_map_changes_the_way_but_not_the_name() {
    let server = appliance().await;
    let mut endpoint = endpoint("http://ns1.corp.example:8080", Trust::SystemRoots);
    endpoint.connect_by = ConnectBy::Map(vec![
        ("ns2.corp.example:8080".to_owned(), "127.0.0.1:1".to_owned()),
        ("NS1.corp.example:8080".to_owned(), server.addr.to_string()),
    ]);
    client(&endpoint).get::<LbVserver>().await.unwrap();
    assert!(server.asked().iter().all(|asked| asked.headers["host"] == "ns1.corp.example:8080"));
}

#[tokio::test]
async fn a_socks_proxy_resolves_the_name() {
    let server = appliance().await;
    let (proxy, asked) = socks(Some(server.addr)).await;
    let mut endpoint = endpoint("http://ns1.corp.example", Trust::SystemRoots);
    endpoint.connect_by = ConnectBy::Socks5(proxy.to_string());
    client(&endpoint).get::<LbVserver>().await.unwrap();
    assert!(asked.lock().unwrap().iter().all(|asked| asked == "ns1.corp.example:80"));
    assert_eq!(server.asked()[0].headers["host"], "ns1.corp.example");
}

#[tokio::test]
async fn a_socks_proxy_that_is_not_there_is_to_blame_and_one_that_tells_of_a_refusal_is_not() {
    let (refusing, _) = socks(None).await;
    let gone = {
        let closed = TcpListener::bind("127.0.0.1:0").await.unwrap();
        closed.local_addr().unwrap()
    };
    for (proxy, blamed) in [(refusing, ConnectCause::Refused), (gone, ConnectCause::Proxy)] {
        let mut endpoint = endpoint("http://10.0.0.10", Trust::SystemRoots);
        endpoint.connect_by = ConnectBy::Socks5(proxy.to_string());
        let error = client(&endpoint).get::<LbVserver>().await.unwrap_err();
        assert!(matches!(&error, Error::Connect { cause, .. } if *cause == blamed), "{error:?}");
        assert!(!error.maybe_sent());
        assert!(error.sentence().contains(&proxy.to_string()), "{}", error.sentence());
    }
}

#[tokio::test]
async fn nobody_listening_is_a_refused_connection() {
    let closed = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let addr = closed.local_addr().unwrap();
    drop(closed);
    let endpoint = endpoint(&format!("http://{addr}"), Trust::SystemRoots);
    let error = client(&endpoint).get::<LbVserver>().await.unwrap_err();
    assert!(matches!(&error, Error::Connect { cause: ConnectCause::Refused, .. }), "{error:?}");
    assert!(error.sentence().contains(&addr.to_string()));
}

#[tokio::test]
async fn a_name_without_an_address_says_so() {
    let endpoint = endpoint("http://nowhere.invalid", Trust::SystemRoots);
    let error = client(&endpoint).get::<LbVserver>().await.unwrap_err();
    assert!(matches!(&error, Error::Connect { cause: ConnectCause::NameNotFound, .. }), "{error:?}");
}

#[tokio::test]
async fn a_handshake_that_never_ends_is_a_connect_timeout() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let endpoint = endpoint(&format!("https://{}", listener.local_addr().unwrap()), Trust::SystemRoots);
    let limits = Limits { connect: Duration::from_millis(200), ..limits() };
    let error = Client::with_limits(&endpoint, credentials(), limits).unwrap().get::<LbVserver>().await.unwrap_err();
    assert!(matches!(&error, Error::Timeout { phase: Phase::Connect, .. }), "{error:?}");
    assert!(!error.maybe_sent());
}

#[tokio::test]
async fn an_endless_answer_is_cut_off() {
    let server = Server::start(|asked| {
        if asked.is_login() { logged_in() } else { Answer::Bytes(raw("200 OK", "", "x".repeat(70_000))) }
    })
    .await;
    let limits = Limits { body: 65_536, ..limits() };
    let client = Client::with_limits(&server.endpoint(), credentials(), limits).unwrap();
    let error = client.get::<LbVserver>().await.unwrap_err();
    assert!(matches!(&error, Error::Decode { reason, .. } if reason.contains("65536")), "{error:?}");
}

#[tokio::test]
async fn a_redirect_is_not_followed() {
    let server =
        Server::start(|_| Answer::Bytes(raw("302 Found", "Location: https://evil.example/\r\n", "<html>moved</html>")))
            .await;
    let error = client(&server.endpoint()).get::<LbVserver>().await.unwrap_err();
    let Error::Login(inner) = &error else { panic!("{error:?}") };
    assert!(matches!(&**inner, Error::Decode { status: 302, .. }));
    assert_eq!(server.asked().len(), 1);
}

#[tokio::test]
async fn statuses_beyond_the_standard_are_read() {
    let server = Server::start(|asked| {
        if asked.is_login() {
            logged_in()
        } else {
            Answer::Bytes(raw("209 X-NITRO-WARNING", "X-NITRO-WARNING: 1067 - Feature(s) not enabled [LB]\r\n", DONE))
        }
    })
    .await;
    let request = nitro::Request::add("lbvserver", serde_json::json!({"name": "a"})).with_warnings();
    let reply = client(&server.endpoint()).perform(&request).await.unwrap();
    assert!(reply.warning.unwrap().feature_disabled());
}

#[tokio::test]
async fn impossible_endpoints_are_refused_before_anything_is_sent() {
    let mut bad_root = endpoint("https://ns1", Trust::Roots(vec!["not a certificate".to_owned()]));
    assert!(matches!(Client::new(&bad_root, credentials()), Err(Error::Build(_))));
    bad_root.trust = Trust::SystemRoots;
    for connect_by in [
        ConnectBy::Socks5("not a proxy".to_owned()),
        ConnectBy::Socks5("proxy.without.port".to_owned()),
        ConnectBy::Map(vec![("ns1:443".to_owned(), "10.0.0.1:443/../".to_owned())]),
    ] {
        bad_root.connect_by = connect_by;
        assert!(matches!(Client::new(&bad_root, credentials()), Err(Error::Build(_))));
    }
    bad_root.connect_by = ConnectBy::Direct;
    bad_root.base.host = "ns1/evil".to_owned();
    assert!(matches!(Client::new(&bad_root, credentials()), Err(Error::Build(_))));
}
