//! `lbpersistentsessions` (3.21) and the cookies that need no table.

use crate::{
    common::Bench,
    traffic::support::{Device, IDS, MAM, MDM, STORE},
};
use serde_json::json;

async fn check_in(bench: &Bench, ip: &str) {
    let device = Device::at(bench, ip);
    assert_eq!(device.http.put(format!("{MDM}/zdm/ios/mdm/checkin")).send().await.unwrap().status(), 200);
}

/// When the connections of earlier clients are over, the time runs.
async fn quiet(bench: &Bench) {
    while bench.stat("lbvserver/mdm").await["establishedconn"] != "0" {
        tokio::task::yield_now().await;
    }
}

#[tokio::test]
async fn entries_run_down_and_are_renewed_by_use() {
    let bench = Bench::empty().await;
    bench.mdm(json!({ "persistencetype": "SOURCEIP", "timeout": 20 })).await;
    assert!(bench.sessions("").await.is_empty());
    check_in(&bench, "198.51.100.51").await;
    quiet(&bench).await;
    bench.advance(70).await;
    let row = bench.item("lbpersistentsessions?args=vserver:mdm").await;
    let expected = json!({ "type": "1", "typestring": "SOURCEIP", "srcip": "198.51.100.51", "srcipv6": "::",
        "destip": "10.20.30.11", "destipv6": "::", "flags": false, "destport": 443, "vservername": "mdm",
        "timeout": "1130", "referencecount": "0", "persistenceparam": "" });
    assert_eq!(row, expected, "the example of 3.21");
    assert_eq!(bench.stat("lbvserver/mdm").await["curpersistencesessions"], "1");

    check_in(&bench, "198.51.100.51").await;
    quiet(&bench).await;
    assert_eq!(bench.word("lbpersistentsessions", "timeout").await, "1200");
    bench.advance(1199).await;
    assert_eq!(bench.word("lbpersistentsessions", "timeout").await, "1");
    bench.advance(1).await;
    assert!(bench.sessions("?args=vserver:mdm").await.is_empty());
    assert_eq!(bench.stat("lbvserver/mdm").await["curpersistencesessions"], "0");
}

#[tokio::test]
async fn an_entry_does_not_end_while_a_connection_uses_it() {
    let mut bench = Bench::empty().await;
    bench.mdm(json!({ "persistencetype": "SOURCEIP", "timeout": 2 })).await;
    let stream = crate::traffic::bridge::through_proxy(&bench, [10, 20, 40, 51], 443).await;
    bench.advance(3600).await;
    bench.login().await;
    let row = bench.item("lbpersistentsessions").await;
    assert_eq!((&row["timeout"], &row["referencecount"]), (&json!("0"), &json!("1")), "run down, and in use");
    drop(stream);
    quiet(&bench).await;
    assert_eq!(bench.word("lbpersistentsessions", "timeout").await, "120");
}

#[tokio::test]
async fn entries_are_counted_by_virtual_server_and_cleared_as_asked() {
    let bench = Bench::empty().await;
    bench.mdm(json!({ "persistencetype": "SOURCEIP", "timeout": 20 })).await;
    let fill = async || {
        for ip in ["198.51.100.51", "198.51.100.52", "198.51.100.53"] {
            check_in(&bench, ip).await;
        }
        let device = Device::at(&bench, "198.51.100.51");
        assert_eq!(device.http.get(format!("{MDM}:8443/zdm/login_xdm_uc.jsp")).send().await.unwrap().status(), 200);
    };
    fill().await;
    let count = async |query: &str| {
        bench.get(&format!("lbpersistentsessions{query}")).await.json()["lbpersistentsessions"][0]["__count"].clone()
    };
    assert_eq!((count("?count=yes").await, count("?args=vserver:mdm&count=yes").await), (json!("4"), json!("3")));
    bench.get("lbpersistentsessions?args=vserver:nope").await.is(404, 258, "No such resource [vServer, nope]");
    let mine = bench.sessions("?filter=srcip:198.51.100.51").await;
    assert_eq!(mine.len(), 2);

    let saved = bench.post("nsconfig?action=save", json!({})).await.status;
    assert_eq!(saved, 200);
    let clear = async |body| bench.post("lbpersistentsessions?action=clear", body).await;
    clear(json!({ "vserver": "mdm", "persistenceparameter": "198.51.100.52" })).await.ok(200);
    assert_eq!(count("?args=vserver:mdm&count=yes").await, json!("2"));
    clear(json!({ "persistenceparameter": "198.51.100.52" })).await.fails(400, 1093);
    clear(json!({ "vserver": "nope" })).await.fails(404, 258);
    clear(json!({ "vserver": "mdm" })).await.ok(200);
    assert!(bench.sessions("?args=vserver:mdm").await.is_empty());
    assert_eq!(bench.sessions("").await.len(), 1, "the other virtual server's stay");
    fill().await;
    clear(json!({})).await.ok(200);
    assert!(bench.sessions("").await.is_empty(), "an empty object clears all there is");
    assert_eq!(bench.get("nsconfig").await.json()["nsconfig"]["configchanged"], false, "nothing was configured");
    let lines: Vec<String> = bench.lab.cli().into_iter().map(|record| record.line).collect();
    assert!(
        lines.contains(&"clear lb persistentSessions mdm -persistenceParameter 198.51.100.52".to_owned()),
        "{lines:?}"
    );
}

#[tokio::test]
async fn entries_go_with_what_they_are_about() {
    let bench = Bench::empty().await;
    bench.mdm(json!({ "persistencetype": "SOURCEIP", "timeout": 20 })).await;
    check_in(&bench, "198.51.100.51").await;
    // Another type leaves the entries of the old one to time out.
    bench.put("lbvserver", json!({ "name": "mdm", "persistencetype": "SSLSESSION" })).await.ok(200);
    assert_eq!(bench.sessions("").await.len(), 1);
    bench.delete("lbvserver/mdm").await.ok(200);
    assert!(bench.sessions("").await.is_empty());
}

#[tokio::test]
async fn a_masked_address_makes_one_client_of_many() {
    let bench = Bench::empty().await;
    bench.mdm(json!({ "persistencetype": "SOURCEIP", "persistmask": "255.255.255.0" })).await;
    for ip in ["198.51.100.51", "198.51.100.52", "192.0.2.1"] {
        check_in(&bench, ip).await;
    }
    let found: Vec<_> = bench.sessions("").await.iter().map(|row| row["srcip"].clone()).collect();
    assert_eq!(found, [json!("192.0.2.0"), json!("198.51.100.0")]);
}

#[tokio::test]
async fn a_cookie_of_the_appliance_s_own_needs_no_table() {
    let bench = Bench::empty().await;
    bench.mam_of(&IDS).await;
    bench.put("lbvserver", json!({ "name": "mam", "persistencetype": "COOKIEINSERT", "timeout": 0 })).await.ok(200);
    let mut device = Device::at(&bench, "198.51.100.51");
    let first = device.get(&format!("{MAM}{STORE}")).await;
    let cookies: Vec<_> = first.headers.get_all("set-cookie").iter().map(|line| line.to_str().unwrap()).collect();
    assert!(cookies[2].starts_with("NSC_mam=") && cookies[2].ends_with(";path=/;httponly"), "{cookies:?}");
    for _ in 0..4 {
        let reply = device.get(&format!("{MAM}{STORE}")).await;
        assert_eq!((reply.status, reply.headers.get("set-cookie")), (200, None), "it is known now");
    }
    bench.put("lbvserver", json!({ "name": "mam", "timeout": 10, "cookiename": "place" })).await.ok(200);
    let reply = Device::at(&bench, "198.51.100.52").get(&format!("{MAM}{STORE}")).await;
    let cookie = reply.headers.get_all("set-cookie").iter().next_back().unwrap().to_str().unwrap();
    assert!(cookie.starts_with("place=") && cookie.contains(";expires=Mon, 05 Jan 2026 08:10:00 GMT;"), "{cookie}");
    assert!(bench.sessions("").await.is_empty());
}

#[tokio::test]
async fn what_a_rule_finds_can_be_kept_in_the_table() {
    let bench = Bench::empty().await;
    bench.mam_of(&IDS).await;
    let rule = json!({ "name": "mam", "persistencetype": "RULE", "rule": "HTTP.REQ.HEADER(\"X-Device\")" });
    bench.put("lbvserver", rule).await.ok(200);
    let device = Device::at(&bench, "198.51.100.51");
    for _ in 0..3 {
        for name in ["a", "b"] {
            let request = device.http.get(format!("{MAM}{STORE}")).header("X-Device", name);
            assert_eq!(request.send().await.unwrap().status(), 200);
        }
    }
    let rows = bench.sessions("").await;
    let found: Vec<_> = rows.iter().map(|row| (row["persistenceparam"].clone(), row["destip"].clone())).collect();
    assert_eq!(found, [(json!("a"), json!("10.20.30.11")), (json!("b"), json!("10.20.30.12"))]);
}

#[tokio::test]
async fn the_mam_virtual_server_has_no_entries_after_traffic() {
    let bench = Bench::empty().await;
    bench.mam_of(&IDS).await;
    let mut device = Device::at(&bench, "198.51.100.51");
    for _ in 0..3 {
        assert_eq!(device.get(&format!("{MAM}{STORE}")).await.status, 200);
    }
    let reply = bench.get("lbpersistentsessions?args=vserver:mam").await;
    assert_eq!(
        (reply.status, reply.text.as_str()),
        (200, r#"{ "errorcode": 0, "message": "Done", "severity": "NONE" }"#)
    );
    assert_eq!(bench.stat("lbvserver/mam").await["curpersistencesessions"], "0");
}
