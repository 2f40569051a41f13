//! Trust: who is believed, who is not, and what is said about it.

use crate::support::{DONE, Identity, Server, authority, credentials, endpoint, json, limits, logged_in, params};
use nitro::{Client, ConnectBy, Endpoint, Error, Fingerprint, TlsKind, Trust, probe_certificate, resource::LbVserver};
use rcgen::{BasicConstraints, IsCa};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpListener,
};

async fn appliance(identity: &Identity) -> Server {
    Server::tls(identity.config(), |asked| if asked.is_login() { logged_in() } else { json("200 OK", DONE) }).await
}

async fn ask(endpoint: &Endpoint) -> Result<Option<Fingerprint>, Error> {
    let client = Client::with_limits(endpoint, credentials(), limits())?;
    client.get::<LbVserver>().await?;
    Ok(client.fingerprint())
}

/// Asks in vain, checks that nothing was said, and returns why.
async fn refusal(server: &Server, trust: Trust, seen: Option<Fingerprint>) -> TlsKind {
    let error = ask(&endpoint(&format!("https://{}", server.addr), trust)).await.unwrap_err();
    assert!(!error.maybe_sent());
    assert!(server.asked().is_empty(), "no password before trust");
    let Error::Tls(problem) = error else { panic!("{error:?}") };
    assert_eq!(problem.fingerprint, seen);
    assert_eq!(problem.address, server.addr.to_string());
    problem.kind
}

#[tokio::test]
async fn a_pinned_certificate_is_believed_whatever_its_name_and_date() {
    let mut old = params("something.else");
    old.not_after = rcgen::date_time_ymd(2001, 1, 1);
    let identity = Identity::self_signed(&old);
    let server = appliance(&identity).await;
    let endpoint = endpoint(&format!("https://{}", server.addr), Trust::Pinned(identity.fingerprint()));
    assert_eq!(ask(&endpoint).await.unwrap(), Some(identity.fingerprint()));
}

#[tokio::test]
async fn another_certificate_than_the_pinned_one_is_refused_and_both_are_shown() {
    let identity = Identity::self_signed(&params("127.0.0.1"));
    let expected = Fingerprint([7; 32]);
    let server = appliance(&identity).await;
    let seen = identity.fingerprint();
    let kind = refusal(&server, Trust::Pinned(expected), Some(seen)).await;
    assert_eq!(kind, TlsKind::PinMismatch { expected, seen });
}

#[tokio::test]
async fn a_copied_certificate_without_its_key_is_refused() {
    let (real, thief) = (Identity::self_signed(&params("127.0.0.1")), Identity::self_signed(&params("127.0.0.1")));
    let pin = real.fingerprint();
    let stolen = Identity { key: thief.key, ..real };
    let server = appliance(&stolen).await;
    let kind = refusal(&server, Trust::Pinned(pin), Some(pin)).await;
    assert!(matches!(&kind, TlsKind::Other(text) if text.contains("prove")), "{kind:?}");
}

#[tokio::test]
async fn a_self_signed_certificate_is_of_an_unknown_issuer() {
    let mut own_authority = params("127.0.0.1");
    own_authority.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    for params in [params("127.0.0.1"), own_authority] {
        let identity = Identity::self_signed(&params);
        let server = appliance(&identity).await;
        let seen = Some(identity.fingerprint());
        assert_eq!(refusal(&server, Trust::SystemRoots, seen).await, TlsKind::UnknownIssuer);
        assert_eq!(refusal(&server, Trust::Roots(Vec::new()), seen).await, TlsKind::UnknownIssuer);
        assert_eq!(refusal(&server, Trust::Roots(vec![authority().pem()]), seen).await, TlsKind::UnknownIssuer);
    }
}

#[tokio::test]
async fn a_chain_to_a_given_root_needs_name_and_time() {
    let authority = authority();
    let trust = || Trust::Roots(vec![authority.pem()]);

    let good = Identity::signed(&params("127.0.0.1"), &authority);
    let server = appliance(&good).await;
    ask(&endpoint(&format!("https://{}", server.addr), trust())).await.unwrap();

    let other = Identity::signed(&params("ns2.corp.example"), &authority);
    let server = appliance(&other).await;
    match refusal(&server, trust(), Some(other.fingerprint())).await {
        TlsKind::NameMismatch { expected, presented } => {
            assert_eq!(expected, "127.0.0.1");
            assert!(presented.iter().any(|name| name.contains("ns2.corp.example")), "{presented:?}");
        }
        kind => panic!("{kind:?}"),
    }

    let mut old = params("127.0.0.1");
    old.not_before = rcgen::date_time_ymd(2000, 1, 1);
    old.not_after = rcgen::date_time_ymd(2001, 1, 1);
    let old = Identity::signed(&old, &authority);
    let server = appliance(&old).await;
    assert_eq!(refusal(&server, trust(), Some(old.fingerprint())).await, TlsKind::Expired);

    let mut early = params("127.0.0.1");
    early.not_before = rcgen::date_time_ymd(2999, 1, 1);
    let early = Identity::signed(&early, &authority);
    let server = appliance(&early).await;
    assert_eq!(refusal(&server, trust(), Some(early.fingerprint())).await, TlsKind::NotYetValid);
}

#[tokio::test]
async fn the_appliances_own_certificate_may_be_given_as_root() {
    let identity = Identity::self_signed(&params("something.else"));
    let server = appliance(&identity).await;
    let endpoint = endpoint(&format!("https://{}", server.addr), Trust::Roots(vec![identity.pem.clone()]));
    ask(&endpoint).await.unwrap();
}

#[tokio::test]
async fn a_mapped_address_is_checked_by_the_configured_name() {
    let authority = authority();
    let identity = Identity::signed(&params("ns1.corp.example"), &authority);
    let server = appliance(&identity).await;
    let mut endpoint = endpoint("https://ns1.corp.example", Trust::Roots(vec![authority.pem()]));
    endpoint.connect_by = ConnectBy::Map(vec![("ns1.corp.example:443".to_owned(), server.addr.to_string())]);
    ask(&endpoint).await.unwrap();
    assert_eq!(server.asked()[0].headers["host"], "ns1.corp.example");
}

#[tokio::test]
async fn a_look_at_the_certificate_says_nothing() {
    let identity = Identity::self_signed(&params("something.else"));
    let server = appliance(&identity).await;
    let endpoint = endpoint(&format!("https://{}", server.addr), Trust::SystemRoots);
    assert_eq!(probe_certificate(&endpoint, limits()).await.unwrap(), identity.fingerprint());
    assert!(server.asked().is_empty());
    let plain = crate::support::endpoint("http://127.0.0.1", Trust::SystemRoots);
    assert!(matches!(probe_certificate(&plain, limits()).await, Err(Error::Build(_))));
}

/// Answers the first bytes with `reply`, then closes.
async fn impostor(reply: &'static [u8]) -> Endpoint {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let addr = listener.local_addr().unwrap();
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            let mut some = [0; 4096];
            let _ = stream.read(&mut some).await;
            let _ = stream.write_all(reply).await;
        }
    });
    endpoint(&format!("https://{addr}"), Trust::SystemRoots)
}

#[tokio::test]
async fn old_protocols_old_ciphers_and_no_tls_at_all_are_told_apart() {
    for (reply, expected) in [
        (&b"\x15\x03\x01\x00\x02\x02\x46"[..], TlsKind::ProtocolVersion),
        (&b"\x15\x03\x03\x00\x02\x02\x28"[..], TlsKind::NoCommonCipher),
        (&b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n"[..], TlsKind::NotTls),
        (&b"SSH-2.0-OpenSSH_8.4\r\n"[..], TlsKind::NotTls),
    ] {
        let endpoint = impostor(reply).await;
        for error in [ask(&endpoint).await.unwrap_err(), probe_certificate(&endpoint, limits()).await.unwrap_err()] {
            let Error::Tls(problem) = error else { panic!("{error:?}") };
            assert_eq!((problem.kind, problem.fingerprint), (expected.clone(), None));
        }
    }
    // TLS 1.0 in a server hello, as firmware of 10.5 answers.
    let hello = b"\x16\x03\x01\x00\x2a\x02\x00\x00\x26\x03\x01AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\x00\x00\x2f\x00";
    let error = ask(&impostor(hello).await).await.unwrap_err();
    assert!(matches!(&error, Error::Tls(problem) if problem.kind == TlsKind::ProtocolVersion), "{error:?}");
    let error = ask(&impostor(b"").await).await.unwrap_err();
    assert!(matches!(error, Error::Tls(_) | Error::Connect { .. }), "{error:?}");
}
