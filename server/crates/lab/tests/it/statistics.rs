//! Statistics and the licence: NITRO reference 3.17 and 3.2.

use crate::{
    common::{Bench, CERT},
    traffic::support::{Device, MAM, STORE},
};
use serde_json::{Value, json};
use std::net::Ipv4Addr;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

async fn get(bench: &Bench, path: &str) -> crate::common::Reply {
    let cookie = format!("NITRO_AUTH_TOKEN={}", bench.token);
    bench.send_as(Some(&cookie), "GET", &format!("stat/{path}"), None).await
}

async fn item(bench: &Bench, path: &str) -> Value {
    let resource = path.split(['?', '/']).next().unwrap();
    get(bench, path).await.json()[resource][0].clone()
}

/// A connection through the proxy that is really open.
async fn connect(bench: &Bench, ip: Ipv4Addr, port: u16) -> TcpStream {
    let mut stream = TcpStream::connect(&bench.lab.description().socks).await.unwrap();
    stream.write_all(&[5, 1, 0]).await.unwrap();
    stream.read_exact(&mut [0; 2]).await.unwrap();
    let mut request = vec![5, 1, 0, 1];
    request.extend(ip.octets());
    request.extend(port.to_be_bytes());
    stream.write_all(&request).await.unwrap();
    let mut reply = [0; 10];
    stream.read_exact(&mut reply).await.unwrap();
    assert_eq!(reply[1], 0);
    stream
}

#[tokio::test]
async fn counters_move_with_connections() {
    let bench = Bench::empty().await;
    bench.mam("mam", "sg_mam").await;
    bench.put(CERT, json!({ "vservername": "mam", "certkeyname": "wildcard-example" })).await.ok(201);
    bench.advance(5).await;
    let quiet = item(&bench, "lbvserver/mam").await;
    for (name, value) in [
        ("sortorder", json!("descending")),
        ("vslbhealth", json!("100")),
        ("primaryipaddress", json!("10.20.40.52")),
        ("primaryport", json!(8443)),
        ("type", json!("SSL")),
        ("state", json!("UP")),
        ("actsvcs", json!("1")),
        ("inactsvcs", json!("0")),
        ("tothits", json!("0")),
        ("hitsrate", json!(0)),
        ("totalrequests", json!("0")),
        ("curclntconnections", json!("0")),
    ] {
        assert_eq!(quiet[name], value, "{name}");
    }
    let stream = connect(&bench, Ipv4Addr::new(10, 20, 40, 52), 8443).await;
    let busy = item(&bench, "lbvserver/mam").await;
    assert_eq!((&busy["establishedconn"], &busy["curclntconnections"]), (&json!("1"), &json!("1")));
    assert_eq!((&busy["totalrequests"], &busy["tothits"]), (&json!("0"), &json!("0")), "nobody has asked for anything");
    let mut device = Device::at(&bench, "198.51.100.80");
    assert_eq!(device.get(&format!("{MAM}{STORE}")).await.status, 200);
    let busy = item(&bench, "lbvserver/mam").await;
    assert_eq!((&busy["tothits"], &busy["curclntconnections"]), (&json!("1"), &json!("2")));
    assert_eq!((&busy["totalrequests"], &busy["totalresponses"]), (&json!("1"), &json!("1")));
    let member = item(&bench, "servicegroup/sg_mam?statbindings=yes").await["servicegroupmember"][0].clone();
    assert_eq!((&member["servicegroupname"], &member["totalrequests"]), (&json!("sg_mam?mam01?8443"), &json!("1")));
    assert_eq!((&member["svrestablishedconn"], &member["curreusepool"]), (&json!("1"), &json!("1")));
    assert_eq!(item(&bench, "lbvserver/mam?statbindings=yes").await["servicegroupmember"], json!([member]));
    assert_eq!((&member["primaryipaddress"], &member["primaryport"]), (&json!("10.20.30.12"), &json!(8443)));
    assert_eq!((&member["state"], &member["requestsrate"]), (&json!("UP"), &json!(0)));
    drop(stream);
    assert_eq!(bench.word("lbvserver/mam", "hits").await, "1");
}

#[tokio::test]
async fn who_passes_bytes_on_sees_no_requests() {
    let bench = Bench::set_up().await;
    let mut stream = connect(&bench, Ipv4Addr::new(10, 20, 40, 41), 443).await;
    // Half of a record: the node waits for the rest, and the connection stays open.
    stream.write_all(&[22, 3, 1, 2, 0, 1, 0, 1]).await.unwrap();
    let seen = async || item(&bench, "lbvserver").await;
    while seen().await["totalrequestbytes"] != "8" {
        tokio::task::yield_now().await;
    }
    let vserver = seen().await;
    assert_eq!((&vserver["tothits"], &vserver["totalrequests"]), (&json!("1"), &json!("0")));
    assert_eq!((&vserver["establishedconn"], &vserver["cursrvrconnections"]), (&json!("1"), &json!("1")));
    assert_eq!(vserver["totalpktsrecvd"], "1");
}

#[tokio::test]
async fn rates_are_per_second_of_the_lab_s_clock_and_counters_can_be_cleared() {
    let bench = Bench::empty().await;
    bench.mam_of(&crate::traffic::support::IDS).await;
    let mut device = Device::at(&bench, "198.51.100.80");
    for _ in 0..21 {
        assert_eq!(device.get(&format!("{MAM}{STORE}")).await.status, 200);
    }
    let before = item(&bench, "lbvserver/mam").await;
    assert_eq!((&before["tothits"], &before["hitsrate"]), (&json!("21"), &json!(0)), "no interval is over");
    bench.advance(7).await;
    let after = item(&bench, "lbvserver/mam").await;
    assert_eq!(
        (&after["hitsrate"], &after["requestsrate"], &after["responsesrate"]),
        (&json!(3), &json!(3), &json!(3))
    );
    assert!(after["responsebytesrate"].as_u64().unwrap() > 0);
    bench.advance(7).await;
    let quiet = item(&bench, "lbvserver/mam").await;
    assert_eq!((&quiet["hitsrate"], &quiet["tothits"]), (&json!(0), &json!("21")));
    let members = "servicegroup/sg_mam?statbindings=yes";
    let shown = item(&bench, &format!("{members}&clearstats=basic")).await;
    assert_eq!(shown["servicegroupmember"][0]["totalrequests"], "21", "what is cleared is shown once more");
    assert_eq!(item(&bench, members).await["servicegroupmember"][0]["totalrequests"], "0");
    assert_eq!(item(&bench, "lbvserver/mam").await["tothits"], "21", "the virtual server's own are not");
}

#[tokio::test]
async fn groups_and_members() {
    let bench = Bench::set_up().await;
    let group = item(&bench, "servicegroup/sg_xm_mdm_443").await;
    assert_eq!(
        group,
        json!({ "servicegroupname": "sg_xm_mdm_443", "state": "ENABLED", "servicetype": "SSL_BRIDGE" }),
        "members only when asked for"
    );
    let nested = item(&bench, "servicegroup/sg_xm_mdm_443?statbindings=yes").await;
    assert_eq!(nested["servicegroupmember"].as_array().unwrap().len(), 3);
    for by in ["servername:xms02", "ip:10.20.30.12"] {
        let path = format!("servicegroupmember?args=servicegroupname:sg_xm_mdm_443,{by},port:443");
        assert_eq!(item(&bench, &path).await["primaryipaddress"], "10.20.30.12");
    }
    get(&bench, "servicegroupmember").await.fails(400, 1095);
    get(&bench, "servicegroupmember?args=servicegroupname:sg_xm_mdm_443,port:443").await.fails(400, 1095);
    let nobody = "servicegroupmember?args=servicegroupname:sg_xm_mdm_443,servername:xms02,port:80";
    get(&bench, nobody).await.fails(404, 344);
    get(&bench, "servicegroup/nope").await.fails(404, 258);
}

#[tokio::test]
async fn the_appliance_itself() {
    let mut bench = Bench::empty().await;
    let gateway = item(&bench, "vpnvserver/_XM_ag.example.com").await;
    assert_eq!((&gateway["state"], &gateway["primaryport"]), (&json!("UP"), &json!(443)));
    bench.advance(3 * 3600 + 61).await;
    bench.login().await;
    for resource in ["ns", "system"] {
        let load = get(&bench, resource).await.json()[resource].clone();
        assert_eq!((&load["timesincestart"], &load["numcpus"]), (&json!("00:03:01:01"), &json!("2")));
        assert!(load["cpuusagepcnt"].is_number());
    }
    let node = get(&bench, "hanode").await.json()["hanode"].clone();
    assert_eq!((&node["hacurstatus"], &node["hatotpktrx"]), (&json!("NO"), &json!("0")));
    get(&bench, "nonsense").await.fails(404, 1232);
    let cookie = format!("NITRO_AUTH_TOKEN={}", bench.token);
    let written = bench.send_as(Some(&cookie), "POST", "stat/lbvserver", Some(json!({ "lbvserver": {} }))).await;
    written.fails(400, 1240);
    let license = bench.get("nslicense").await.json()["nslicense"].clone();
    assert_eq!((&license["lb"], &license["ssl"], &license["sslvpn"]), (&json!(true), &json!(true), &json!(true)));
    assert_eq!((&license["f_sslvpn_users"], &license["licensingmode"]), (&json!("0"), &json!("Local")));
}
