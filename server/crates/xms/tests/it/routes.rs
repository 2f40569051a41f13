//! Maps, SOCKS5, limits, connections that fail; over HTTP. SSH has its own in `shell`.

use crate::support::{Asked, Server, client, credentials, fixture, json, mapped, node, profile, socks};
use std::time::Duration;
use tokio::net::TcpListener;
use xms::{Client, ConnectBy, ConnectCause, Error, Limits, Node, Phase};

fn usual(asked: &Asked) -> Vec<u8> {
    if asked.is_login() { fixture("login.json") } else { fixture("ldap.json") }
}

fn logical() -> Node {
    Node { fqdn: Some("mdm.example.test".to_owned()), plain: true, ..Node::at("10.20.30.11") }
}

#[tokio::test]
async fn a_map_changes_the_way_but_not_the_name() {
    let server = Server::start(usual).await;
    let node = Node { connect_by: mapped("10.20.30.11:4443", server.addr), ..logical() };
    client(&node).directories().await.unwrap();
    assert!(server.asked().iter().all(|asked| asked.headers["host"] == "mdm.example.test:4443"));
}

#[tokio::test]
async fn a_proxy_is_asked_for_the_node_and_never_for_the_clusters_name() {
    let server = Server::start(usual).await;
    let (proxy, asked) = socks(Some(server.addr)).await;
    let node = Node { connect_by: ConnectBy::Socks5(proxy.to_string()), ..logical() };
    client(&node).directories().await.unwrap();
    assert!(asked.lock().unwrap().iter().all(|asked| asked == "10.20.30.11:4443"));
    assert_eq!(server.asked()[0].headers["host"], "mdm.example.test:4443");
}

#[tokio::test]
async fn a_proxy_that_refuses_is_told_from_a_node_that_does() {
    let (proxy, _) = socks(None).await;
    let node_behind = Node { connect_by: ConnectBy::Socks5(proxy.to_string()), ..logical() };
    let error = client(&node_behind).directories().await.unwrap_err();
    // The proxy says that the node refused: that is the node's refusal, by way of the proxy.
    assert!(matches!(&error, Error::Connect { cause: ConnectCause::Refused, via: Some(_), .. }), "{error:?}");
    assert!(error.sentence().contains("refused the connection"), "{}", error.sentence());
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let addr = listener.local_addr().unwrap();
    drop(listener);
    let behind_nothing = Node { connect_by: ConnectBy::Socks5(addr.to_string()), ..logical() };
    let error = client(&behind_nothing).directories().await.unwrap_err();
    assert!(matches!(&error, Error::Connect { cause: ConnectCause::Proxy, via: Some(_), .. }), "{error:?}");
    let error = client(&node(addr)).directories().await.unwrap_err();
    assert!(matches!(&error, Error::Connect { cause: ConnectCause::Refused, .. }), "{error:?}");
    assert!(error.is_unreachable());
}

#[tokio::test]
async fn an_endless_answer_is_cut() {
    let server =
        Server::start(
            |asked| if asked.is_login() { fixture("login.json") } else { json("200 OK", &" ".repeat(9_000)) },
        )
        .await;
    let limits = Limits { body: 8_000, ..Limits::default() };
    let client = Client::new(&server.node(), credentials(), profile(), limits).unwrap();
    let error = client.directories().await.unwrap_err();
    assert!(matches!(&error, Error::Decode { reason, .. } if reason.contains("longer")), "{error:?}");
}

#[tokio::test]
async fn a_node_that_says_nothing_costs_the_time_limit_only() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let silent = Node { plain: true, ..node(listener.local_addr().unwrap()) };
    let limits = Limits { read: Duration::from_millis(50), ..Limits::default() };
    let client = Client::new(&silent, credentials(), profile(), limits).unwrap();
    let error = client.directories().await.unwrap_err();
    let Error::Login(inner) = &error else { panic!("{error:?}") };
    assert!(matches!(**inner, Error::Timeout { phase: Phase::Answer, .. }));
    assert!(!client.is_locked().await);
}
