//! The SOCKS5 proxy: logical addresses, as they come and go.

use crate::common::{Bench, NODES, builder};
use serde_json::json;
use std::net::Ipv4Addr;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

/// The reply code of a CONNECT by IPv4 address, and the stream behind it.
pub async fn connect(bench: &Bench, ip: Ipv4Addr, port: u16) -> (u8, TcpStream) {
    let mut request = vec![5, 1, 0, 1];
    request.extend(ip.octets());
    request.extend(port.to_be_bytes());
    exchange(bench, &request).await
}

async fn connect_name(bench: &Bench, name: &str, port: u16) -> u8 {
    let mut request = vec![5, 1, 0, 3, u8::try_from(name.len()).unwrap()];
    request.extend(name.as_bytes());
    request.extend(port.to_be_bytes());
    exchange(bench, &request).await.0
}

async fn exchange(bench: &Bench, request: &[u8]) -> (u8, TcpStream) {
    let mut stream = TcpStream::connect(&bench.lab.description().socks).await.unwrap();
    stream.write_all(&[5, 1, 0]).await.unwrap();
    let mut agreed = [0; 2];
    stream.read_exact(&mut agreed).await.unwrap();
    assert_eq!(agreed, [5, 0]);
    stream.write_all(request).await.unwrap();
    let mut reply = [0; 10];
    stream.read_exact(&mut reply).await.unwrap();
    assert_eq!((reply[0], reply[3]), (5, 1));
    (reply[1], stream)
}

/// Closes our side and waits for the node's; then it has counted us.
pub async fn finish(mut stream: TcpStream) {
    stream.shutdown().await.unwrap();
    stream.read_to_end(&mut Vec::new()).await.unwrap();
}

#[tokio::test]
async fn the_appliance_is_at_its_logical_address() {
    let bench = Bench::empty().await;
    let proxy = format!("socks5://{}", bench.lab.description().socks);
    let client = builder().proxy(reqwest::Proxy::all(proxy).unwrap()).build().unwrap();
    for base in ["https://10.0.0.10", "http://10.0.0.10"] {
        let response = client.get(format!("{base}/nitro/v1/config/nsversion")).basic_auth("nsroot", Some("secret"));
        assert_eq!(response.send().await.unwrap().status(), 200, "{base}");
    }
    assert_eq!(connect_name(&bench, "10.0.0.10", 443).await, 0);
    assert_eq!(connect_name(&bench, "ns01", 443).await, 0);
    assert_eq!(connect_name(&bench, "10.0.0.10", 22).await, 5);
}

#[tokio::test]
async fn nodes_are_there_while_they_are_on() {
    let bench = Bench::empty().await;
    let (code, stream) = connect(&bench, NODES[0], 8443).await;
    assert_eq!(code, 0);
    finish(stream).await;
    assert_eq!(bench.lab.connections(NODES[0], 8443), 1);
    assert_eq!(connect_name(&bench, "xms02", 4443).await, 0);
    assert_eq!(connect(&bench, NODES[0], 22).await.0, 0);
    assert_eq!(connect(&bench, NODES[0], 5701).await.0, 5);
    bench.lab.power_off(NODES[0]).await.unwrap();
    assert_eq!(connect(&bench, NODES[0], 8443).await.0, 5);
    bench.lab.clear_faults().await.unwrap();
    assert_eq!(connect(&bench, NODES[0], 8443).await.0, 0);
    assert_eq!(connect(&bench, Ipv4Addr::new(192, 0, 2, 1), 443).await.0, 4);
    assert_eq!(connect_name(&bench, "nowhere.example.com", 443).await, 4);
}

#[tokio::test]
async fn a_vip_comes_and_goes_with_its_virtual_server() {
    let bench = Bench::empty().await;
    let vip = Ipv4Addr::new(10, 20, 40, 51);
    assert_eq!(connect(&bench, vip, 443).await.0, 4);
    bench.chain().await;
    assert_eq!(connect(&bench, vip, 443).await.0, 5, "not UP yet");
    bench.advance(0).await;
    let before = bench.lab.connections(NODES[0], 443);
    let (code, stream) = connect(&bench, vip, 443).await;
    assert_eq!(code, 0);
    finish(stream).await;
    assert_eq!(bench.lab.connections(NODES[0], 443), before + 1);
    assert_eq!(bench.word("lbvserver/vs", "hits").await, "1");
    assert_eq!(connect(&bench, vip, 8443).await.0, 5);
    bench.post("lbvserver?action=disable", json!({ "name": "vs" })).await.ok(200);
    assert_eq!(connect(&bench, vip, 443).await.0, 5);
    bench.delete("lbvserver/vs").await.ok(200);
    assert_eq!(connect(&bench, vip, 443).await.0, 4);
}

#[tokio::test]
async fn members_take_turns() {
    let bench = Bench::set_up().await;
    let vserver = bench.word("lbvserver", "name").await;
    bench.put("lbvserver", json!({ "name": vserver, "persistencetype": "NONE" })).await.ok(200);
    let before = NODES.map(|node| bench.lab.connections(node, 443));
    for _ in 0..6 {
        let (code, stream) = connect(&bench, Ipv4Addr::new(10, 20, 40, 41), 443).await;
        assert_eq!(code, 0);
        finish(stream).await;
    }
    assert_eq!(NODES.map(|node| bench.lab.connections(node, 443)), before.map(|count| count + 2));
}

#[tokio::test]
async fn only_connect_and_a_user_name_is_an_address() {
    let bench = Bench::empty().await;
    let mut stream = TcpStream::connect(&bench.lab.description().socks).await.unwrap();
    // GSSAPI is offered, and nothing else.
    stream.write_all(&[5, 1, 1]).await.unwrap();
    let mut answer = [0; 2];
    stream.read_exact(&mut answer).await.unwrap();
    assert_eq!(answer, [5, 0xFF]);
    for (name, status) in [("198.51.100.9", 0), ("2001:db8::9", 0), ("somebody", 1)] {
        let mut stream = TcpStream::connect(&bench.lab.description().socks).await.unwrap();
        stream.write_all(&[5, 2, 0, 2]).await.unwrap();
        stream.read_exact(&mut answer).await.unwrap();
        assert_eq!(answer, [5, 2], "it wants to be heard");
        let mut login = vec![1, u8::try_from(name.len()).unwrap()];
        login.extend(name.as_bytes());
        login.extend([1, b'x']);
        stream.write_all(&login).await.unwrap();
        stream.read_exact(&mut answer).await.unwrap();
        assert_eq!(answer, [1, status], "{name}");
    }
    let bind = [5, 2, 0, 1, 10, 0, 0, 10, 1, 187];
    assert_eq!(exchange(&bench, &bind).await.0, 7);
}
