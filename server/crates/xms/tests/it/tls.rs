//! Trust: the cluster's name on the node's address, pins, own authorities.

use crate::support::{Identity, Server, authority, client, fixture, json, mapped, node, params};
use xms::{Error, Fingerprint, Node, TlsKind, Trust};

async fn server(identity: &Identity) -> Server {
    Server::tls(identity.config(), |asked| if asked.is_login() { fixture("login.json") } else { fixture("ldap.json") })
        .await
}

async fn refusal(server: &Server, node: &Node) -> TlsKind {
    let error = client(node).directories().await.unwrap_err();
    assert!(server.asked().is_empty() && error.not_trusted(), "no password before trust");
    match error {
        Error::Tls(problem) => problem.kind,
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn the_clusters_name_is_checked_on_the_nodes_address() {
    let authority = authority();
    let server = server(&Identity::signed(&params("mdm.example.test"), &authority)).await;
    let trust = Trust::Roots(vec![authority.pem()]);
    let without = Node { trust: trust.clone(), ..node(server.addr) };
    assert!(matches!(refusal(&server, &without).await, TlsKind::NameMismatch { .. }));
    let other = Node { fqdn: Some("other.example.test".to_owned()), ..without.clone() };
    assert!(
        matches!(refusal(&server, &other).await, TlsKind::NameMismatch { expected, .. } if expected == "other.example.test")
    );
    let right = Node { fqdn: Some("mdm.example.test".to_owned()), ..without };
    client(&right).directories().await.unwrap();
    let host = server.asked()[0].headers["host"].clone();
    assert_eq!(host, format!("mdm.example.test:{}", server.addr.port()));
}

#[tokio::test]
async fn a_mapped_node_is_checked_by_the_same_name() {
    let authority = authority();
    let server = server(&Identity::signed(&params("mdm.example.test"), &authority)).await;
    let node = Node {
        fqdn: Some("mdm.example.test".to_owned()),
        trust: Trust::Roots(vec![authority.pem()]),
        connect_by: mapped("10.20.30.11:4443", server.addr),
        ..Node::at("10.20.30.11")
    };
    client(&node).directories().await.unwrap();
    assert_eq!(server.asked()[0].headers["host"], "mdm.example.test:4443");
}

#[tokio::test]
async fn a_pin_needs_the_certificate_and_its_key() {
    let identity = Identity::self_signed(&params("mdm.example.test"));
    let pin = identity.fingerprint();
    let pinned = server(&identity).await;
    let trusting = |server: &Server, pin| Node { trust: Trust::Pinned(pin), ..node(server.addr) };
    let client = client(&trusting(&pinned, pin));
    client.directories().await.unwrap();
    assert_eq!(client.fingerprint(), Some(pin));

    let other = server(&Identity::self_signed(&params("mdm.example.test"))).await;
    assert!(
        matches!(refusal(&other, &trusting(&other, pin)).await, TlsKind::PinMismatch { expected, .. } if expected == pin)
    );

    let stolen = Identity { key: Identity::self_signed(&params("x")).key, ..identity };
    let thief = server(&stolen).await;
    let kind = refusal(&thief, &trusting(&thief, pin)).await;
    assert!(matches!(&kind, TlsKind::Other(text) if text.contains("prove")), "{kind:?}");
}

#[tokio::test]
async fn an_unknown_issuer_is_refused_and_the_nodes_own_certificate_may_be_given() {
    let identity = Identity::self_signed(&params("mdm.example.test"));
    let server = server(&identity).await;
    assert_eq!(refusal(&server, &node(server.addr)).await, TlsKind::UnknownIssuer);
    let given = Node { trust: Trust::Roots(vec![identity.pem.clone()]), ..node(server.addr) };
    client(&given).directories().await.unwrap();
    let bad = Node { trust: Trust::Roots(vec!["no pem".to_owned()]), ..node(server.addr) };
    let bad = xms::Client::new(&bad, crate::support::credentials(), crate::support::profile(), xms::Limits::default());
    assert!(matches!(bad, Err(Error::Build(_))));
}

#[tokio::test]
async fn a_port_without_tls_says_so() {
    let server = Server::start(|_| json("400 Bad Request", "")).await;
    let pinned = Node { trust: Trust::Pinned(Fingerprint([1; 32])), ..node(server.addr) };
    let error = client(&pinned).directories().await.unwrap_err();
    assert!(matches!(error, Error::Tls(_) | Error::Connect { .. } | Error::Timeout { .. }), "{error:?}");
    assert!(!error.maybe_sent());
}
