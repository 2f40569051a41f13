//! TLS on three ports with one certificate, and the way there.

use crate::nodes::{
    shell::Shell,
    support::{Desk, NODES, VERSION, builder},
};
use lab::Options;
use sha2::{Digest, Sha256};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

/// The DER of the certificate behind an address.
async fn certificate(client: &reqwest::Client, url: &str) -> Vec<u8> {
    let response = client.get(url).send().await.unwrap();
    response.extensions().get::<reqwest::tls::TlsInfo>().unwrap().peer_certificate().unwrap().to_vec()
}

fn logical(desk: &Desk) -> reqwest::Client {
    let proxy = reqwest::Proxy::all(format!("socks5h://{}", desk.lab.description().socks)).unwrap();
    builder().proxy(proxy).build().unwrap()
}

#[tokio::test]
async fn one_certificate_for_all_nodes_and_ports_on_the_name_that_devices_use() {
    let desk = Desk::open().await;
    let client = builder().tls_info(true).build().unwrap();
    let first = certificate(&client, &desk.node(0).management).await;
    for at in 0..NODES.len() {
        for port in ["443", "8443", "4443"] {
            let address = desk.state(at)["ports"][port]["at"].as_str().unwrap().to_owned();
            assert_eq!(certificate(&client, &format!("https://{address}/")).await, first, "{at}:{port}");
        }
    }
    for node in &desk.lab.description().xms {
        assert_eq!(hex::encode(Sha256::digest(&first)), node.fingerprint);
    }
    let name = b"xms.example.com";
    assert!(first.windows(name.len()).any(|part| part == name));
    assert!(!first.windows(3).any(|part| part == [0x55, 0x1D, 0x11]), "no alternative names");
    let careful = reqwest::Client::builder().no_proxy().build().unwrap();
    careful.get(format!("{}/", desk.node(0).management)).send().await.unwrap_err();
}

#[tokio::test]
async fn names_of_the_lab_lead_to_nodes_too() {
    let desk = Desk::open().await;
    let client = logical(&desk);
    for url in ["https://xms02:4443", "https://10.20.30.12:8443"] {
        let request = client.get(format!("{url}{VERSION}")).header("Referer", "x");
        assert_eq!(desk.send(request).await.status, 200, "{url}");
    }
    assert_eq!((desk.lab.connections(NODES[1], 4443), desk.lab.connections(NODES[1], 8443)), (1, 1));
}

#[tokio::test]
async fn connections_are_counted_when_they_are_accepted() {
    let desk = Desk::open().await;
    for port in ["443", "8443", "4443", "80"] {
        let address = desk.state(0)["ports"][port]["at"].as_str().unwrap().to_owned();
        let mut stream = TcpStream::connect(&address).await.unwrap();
        stream.shutdown().await.unwrap();
        assert_eq!(stream.read_to_end(&mut Vec::new()).await.unwrap(), 0, "{port}: not a byte to a monitor");
        assert_eq!(desk.lab.connections(NODES[0], port.parse().unwrap()), 1);
    }
}

#[tokio::test]
async fn dropping_a_lab_ends_its_connections() {
    let desk = Desk::open().await;
    assert_eq!(desk.version(0).await.status, 200);
    let mut ssh = TcpStream::connect(desk.node(0).ssh.clone().unwrap()).await.unwrap();
    let mut banner = [0; 8];
    ssh.read_exact(&mut banner).await.unwrap();
    assert_eq!(&banner, b"SSH-2.0-");
    let Desk { lab, http } = desk;
    let url = format!("{}{VERSION}", lab.description().xms[0].management);
    drop(lab);
    http.get(url).send().await.unwrap_err();
    // Reset or closed, whichever: it ends.
    let _ended = ssh.read_to_end(&mut Vec::new()).await;
}

#[tokio::test]
async fn a_profile_that_makes_no_sense_says_so() {
    let options = Options { profile: Some("[rest]\nspeed = 3".to_owned()), ..Options::default() };
    let error = lab::start(options).await.err().unwrap().to_string();
    assert!(error.contains("profile") && error.contains("speed"), "{error}");
}

#[tokio::test]
async fn a_node_can_show_other_keys_for_a_while() {
    let desk = Desk::open().await;
    let shown = async || {
        // A client of its own each time: a kept connection would show the old certificate.
        let client = builder().tls_info(true).build().unwrap();
        let tls = hex::encode(Sha256::digest(certificate(&client, &desk.node(0).management).await));
        (tls, Shell::open(&desk, 0, true).await.fingerprint)
    };
    let usual = (desk.node(0).fingerprint.clone(), desk.node(0).ssh_fingerprint.clone());
    assert_eq!(shown().await, usual);
    desk.fault(0, "new_certificate", 0).await;
    desk.fault(0, "new_host_key", 0).await;
    let other = shown().await;
    assert!(other.0 != usual.0 && other.1 != usual.1);
    assert_eq!(shown().await, other, "the same others each time");
    desk.lab.clear_faults().await.unwrap();
    assert_eq!(shown().await, usual);
}
