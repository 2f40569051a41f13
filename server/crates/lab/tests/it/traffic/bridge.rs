//! `SSL_BRIDGE`: bytes go through, and a client belongs to a node by its address or its TLS session (F08).

use crate::{
    common::Bench,
    traffic::support::{Device, MDM, more},
};
use rustls::{ClientConfig, RootCertStore, client::Resumption, pki_types::ServerName};
use serde_json::json;
use std::sync::Arc;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

const CHECK_IN: &str = "/zdm/ios/mdm/checkin";

/// One device's TLS: it may remember sessions, and never looks at certificates.
fn tls(versions: &[&'static rustls::SupportedProtocolVersion]) -> Arc<ClientConfig> {
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let mut config = ClientConfig::builder_with_provider(Arc::clone(&provider))
        .with_protocol_versions(versions)
        .unwrap()
        .with_root_certificates(RootCertStore::empty())
        .with_no_client_auth();
    config.dangerous().set_certificate_verifier(Arc::new(crate::traffic::tls::Anything(provider)));
    config.resumption = Resumption::in_memory_sessions(8);
    Arc::new(config)
}

/// One connection through the MDM virtual server that says one thing and ends.
async fn visit(bench: &Bench, config: &Arc<ClientConfig>) {
    let socket = through_proxy(bench, [10, 20, 40, 51], 443).await;
    let name = ServerName::try_from("xms.example.com").unwrap();
    let mut stream = tokio_rustls::TlsConnector::from(Arc::clone(config)).connect(name, socket).await.unwrap();
    stream
        .write_all(b"PUT /zdm/ios/mdm/checkin HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
        .await
        .unwrap();
    let mut text = Vec::new();
    stream.read_to_end(&mut text).await.unwrap();
    assert!(text.starts_with(b"HTTP/1.1 200"), "{}", String::from_utf8_lossy(&text));
}

pub async fn through_proxy(bench: &Bench, ip: [u8; 4], port: u16) -> TcpStream {
    let mut stream = TcpStream::connect(&bench.lab.description().socks).await.unwrap();
    stream.write_all(&[5, 1, 0]).await.unwrap();
    stream.read_exact(&mut [0; 2]).await.unwrap();
    let mut request = vec![5, 1, 0, 1];
    request.extend(ip);
    request.extend(port.to_be_bytes());
    stream.write_all(&request).await.unwrap();
    let mut reply = [0; 10];
    stream.read_exact(&mut reply).await.unwrap();
    assert_eq!(reply[1], 0);
    stream
}

#[tokio::test]
async fn the_node_s_own_certificate_is_seen_through_it() {
    let bench = Bench::empty().await;
    bench.mdm(json!({})).await;
    let socket = through_proxy(&bench, [10, 20, 40, 51], 443).await;
    let name = ServerName::try_from("xms.example.com").unwrap();
    let connector = tokio_rustls::TlsConnector::from(tls(rustls::DEFAULT_VERSIONS));
    let stream = connector.connect(name, socket).await.unwrap();
    let shown = &stream.get_ref().1.peer_certificates().unwrap()[0];
    let fingerprint = hex::encode(<sha2::Sha256 as sha2::Digest>::digest(shown));
    assert_eq!(fingerprint, bench.lab.description().xms[0].fingerprint);
}

#[tokio::test]
async fn by_source_address_a_device_stays_on_its_node_while_the_time_runs() {
    let bench = Bench::empty().await;
    bench.mdm(json!({ "persistencetype": "SOURCEIP", "timeout": 20 })).await;
    let before = bench.accepted(443);
    for device in ["198.51.100.31", "198.51.100.32", "198.51.100.33"] {
        for _ in 0..4 {
            let device = Device::at(&bench, device);
            assert_eq!(device.http.put(format!("{MDM}{CHECK_IN}")).send().await.unwrap().status(), 200);
        }
    }
    assert_eq!(more(before, bench.accepted(443)), [4, 4, 4], "three devices, three nodes");

    // The other port has a table of its own: a device may be elsewhere there.
    let device = || Device::at(&bench, "198.51.100.32");
    assert_eq!(device().http.put(format!("{MDM}{CHECK_IN}")).send().await.unwrap().status(), 200);
    let before = bench.accepted(8443);
    for _ in 0..2 {
        assert_eq!(device().http.get(format!("{MDM}:8443/zdm/login_xdm_uc.jsp")).send().await.unwrap().status(), 200);
    }
    assert_eq!(more(before, bench.accepted(8443)), [2, 0, 0]);
    let mut rows = bench.sessions("").await;
    assert_eq!(rows.len(), 4);
    rows.retain(|row| row["srcip"] == "198.51.100.32");
    let found: Vec<_> =
        rows.iter().map(|row| (row["vservername"].clone(), row["destip"].clone(), row["destport"].clone())).collect();
    assert_eq!(
        found,
        [(json!("mdm"), json!("10.20.30.12"), json!(443)), (json!("mdm_8443"), json!("10.20.30.11"), json!(8443))]
    );
}

#[tokio::test]
async fn a_tls_session_of_1_2_leads_back_and_one_of_1_3_does_not() {
    let bench = Bench::empty().await;
    bench.mdm(json!({ "persistencetype": "SSLSESSION", "timeout": 20 })).await;
    let old = tls(&[&rustls::version::TLS12]);
    let before = bench.accepted(443);
    for _ in 0..6 {
        visit(&bench, &old).await;
    }
    assert_eq!(more(before, bench.accepted(443)), [6, 0, 0], "it resumes its session, always on one node");
    let rows = bench.sessions("?args=vserver:mdm").await;
    assert_eq!((rows.len(), &rows[0]["typestring"]), (1, &json!("SSLSESSION")));
    assert_eq!(rows[0]["persistenceparam"].as_str().unwrap().len(), 64, "32 bytes");

    // The same device, after the update that gave it the new version: each connection looks like a stranger's.
    let new = tls(&[&rustls::version::TLS13]);
    let before = bench.accepted(443);
    for _ in 0..6 {
        visit(&bench, &new).await;
    }
    assert_eq!(more(before, bench.accepted(443)), [2, 2, 2], "iOS 11: an enrolment goes from node to node");
    assert_eq!(bench.sessions("?args=vserver:mdm").await.len(), 1);
}

#[tokio::test]
async fn the_source_address_helps_out_when_the_session_says_nothing() {
    let bench = Bench::empty().await;
    bench
        .mdm(json!({ "persistencetype": "SSLSESSION", "timeout": 20, "persistencebackup": "SOURCEIP",
            "backuppersistencetimeout": 10 }))
        .await;
    let new = tls(&[&rustls::version::TLS13]);
    let before = bench.accepted(443);
    for _ in 0..4 {
        visit(&bench, &new).await;
    }
    assert_eq!(more(before, bench.accepted(443)), [4, 0, 0]);
    let rows = bench.sessions("").await;
    assert_eq!((rows.len(), &rows[0]["typestring"], &rows[0]["timeout"]), (1, &json!("SOURCEIP"), &json!("600")));
}

#[tokio::test]
async fn whoever_is_no_tls_client_is_passed_on_all_the_same() {
    let bench = Bench::empty().await;
    bench.mdm(json!({ "persistencetype": "SSLSESSION" })).await;
    let mut stream = through_proxy(&bench, [10, 20, 40, 51], 443).await;
    stream.write_all(b"GET / HTTP/1.1\r\n\r\n").await.unwrap();
    // The node's alert, or its end of the connection: whatever it says to that.
    let mut answer = Vec::new();
    let _ended = stream.read_to_end(&mut answer).await;
    assert_eq!(answer.first(), Some(&21));
    let mut silent = through_proxy(&bench, [10, 20, 40, 51], 443).await;
    silent.shutdown().await.unwrap();
    assert_eq!(silent.read_to_end(&mut Vec::new()).await.unwrap(), 0);
}

#[tokio::test]
async fn connections_do_not_outlive_their_member_or_their_virtual_server() {
    for end in ["member", "vserver", "deleted"] {
        let bench = Bench::empty().await;
        bench.mdm(json!({})).await;
        let mut stream = through_proxy(&bench, [10, 20, 40, 51], 443).await;
        assert_eq!(bench.stat("lbvserver/mdm").await["establishedconn"], "1");
        match end {
            "member" => {
                let body = json!({ "servicegroupname": "sg_mdm", "servername": "xms01", "port": 443 });
                bench.post("servicegroup?action=disable", body).await.ok(200);
            }
            "vserver" => {
                bench.post("lbvserver?action=disable", json!({ "name": "mdm" })).await.ok(200);
            }
            _ => {
                bench.delete("lbvserver/mdm").await.ok(200);
            }
        }
        let error = stream.read(&mut [0; 1]).await.unwrap_err();
        assert_eq!(error.kind(), std::io::ErrorKind::ConnectionReset, "{end}");
    }
    let bench = Bench::empty().await;
    bench.mdm(json!({ "downstateflush": "DISABLED" })).await;
    let mut stream = through_proxy(&bench, [10, 20, 40, 51], 443).await;
    bench.post("lbvserver?action=disable", json!({ "name": "mdm" })).await.ok(200);
    stream.write_all(b"?").await.unwrap();
    stream.shutdown().await.unwrap();
    let _ended = stream.read_to_end(&mut Vec::new()).await.unwrap();
}
