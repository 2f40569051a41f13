//! Query options, types and shapes of GET answers.

use crate::common::{BIND, Bench, MEMBER};
use serde_json::{Value, json};

async fn crowd() -> Bench {
    let bench = Bench::empty().await;
    for (name, ip) in [("xms01", "10.20.30.11"), ("xms02", "10.20.30.12"), ("db01", "10.20.31.1")] {
        bench.server(name, ip).await;
    }
    bench
}

fn names(found: &Value) -> Vec<&str> {
    found.as_array().unwrap().iter().map(|item| item["name"].as_str().unwrap()).collect()
}

#[tokio::test]
async fn count_is_a_string() {
    let bench = crowd().await;
    let reply = bench.get("server?count=yes").await;
    assert!(reply.text.ends_with(r#""server": [ { "__count": "3" } ] }"#), "{}", reply.text);
    let reply = bench.get("server?count=yes&filter=name:db01").await;
    assert_eq!(reply.json()["server"][0]["__count"], "1");
}

#[tokio::test]
async fn filters_are_exact_or_patterns() {
    let bench = crowd().await;
    for (filter, expected) in [
        ("name:xms01", vec!["xms01"]),
        ("name:%2F%5Exms%2F", vec!["xms01", "xms02"]),
        ("name%3A%2F%5Exms%2F", vec!["xms01", "xms02"]),
        ("name:%2Fxms%2F,ipaddress:10.20.30.12", vec!["xms02"]),
    ] {
        let reply = bench.get(&format!("server?filter={filter}")).await;
        assert_eq!(names(&reply.json()["server"]), expected, "{filter}");
    }
    assert_eq!(bench.get("server?filter=name:xms").await.json().get("server"), None);
    bench.get("server?filter=colour:red").await.fails(599, 278);
    bench.get("server?filter=name:%2F(%2F").await.fails(400, 1097);
}

#[tokio::test]
async fn columns_and_pages() {
    let bench = crowd().await;
    let reply = bench.get("server?attrs=name,ipaddress&pagesize=2&pageno=2").await;
    assert_eq!(reply.json()["server"], json!([{ "name": "db01", "ipaddress": "10.20.31.1" }]));
    assert_eq!(bench.get("server?pagesize=2&pageno=3").await.json().get("server"), None);
    bench.get("server?pagesize=x").await.fails(400, 1097);
    bench.vserver("vs", "SSL", "10.20.40.51", 443).await;
    let item = bench.item("lbvserver?view=summary").await;
    assert_eq!(item, json!({ "name": "vs", "servicetype": "SSL" }));
    assert_eq!(bench.word("lbvserver/vs?attrs=curstate", "name").await, "vs");
}

#[tokio::test]
async fn bindings_need_a_parent_or_the_bulk_word() {
    let bench = Bench::empty().await;
    bench.chain().await;
    bench.get(BIND).await.is(400, 1095, "Required argument missing [name]");
    let reply = bench.get(&format!("{MEMBER}?bulkbindings=yes")).await;
    assert_eq!(reply.json()[MEMBER].as_array().unwrap().len(), 1);
    bench.server("xms02", "10.20.30.12").await;
    bench.member("sg", "xms02", 443).await;
    assert_eq!(bench.word(&format!("{MEMBER}/sg?filter=servername:xms02"), "ip").await, "10.20.30.12");
    let rows = bench.get("lbvserver_servicegroupmember_binding/vs").await;
    assert_eq!(rows.json()["lbvserver_servicegroupmember_binding"].as_array().unwrap().len(), 2);
}

#[tokio::test]
async fn aggregates_nest_and_leave_empty_kinds_out() {
    let bench = Bench::empty().await;
    bench.chain().await;
    bench.vserver("lonely", "SSL_BRIDGE", "10.20.40.52", 443).await;
    let item = bench.item("lbvserver_binding/vs").await;
    assert_eq!(item[BIND][0]["servicegroupname"], "sg");
    assert_eq!(item["lbvserver_servicegroupmember_binding"][0]["ipv46"], "10.20.30.11");
    assert_eq!(bench.item("lbvserver_binding/lonely").await, json!({ "name": "lonely" }));
    assert_eq!(bench.item("servicegroup_binding/sg").await[MEMBER][0]["servername"], "xms01");
    let users = bench.item("servicegroupbindings/sg").await;
    assert_eq!((&users["vservername"], &users["port"]), (&json!("vs"), &json!(443)));
    let row = bench.item("server_servicegroup_binding/xms01").await;
    assert_eq!((&row["servicegroupname"], &row["svctype"]), (&json!("sg"), &json!("SSL_BRIDGE")));
}

#[tokio::test]
async fn types_follow_the_rule_and_its_exceptions() {
    let bench = Bench::empty().await;
    bench.chain().await;
    let vserver = bench.item("lbvserver/vs").await;
    for (name, value) in [
        ("port", json!(443)),
        ("timeout", json!(2)),
        ("status", json!(1)),
        ("clttimeout", json!("180")),
        ("range", json!("1")),
        ("td", json!("0")),
        ("health", json!("0")),
        ("totalservices", json!("1")),
        ("isgslb", json!(false)),
        ("hits", json!("0")),
        ("statechangetimesec", json!("Mon Jan  5 08:00:00 2026")),
        ("type", json!("ADDRESS")),
        ("effectivestate", json!("DOWN")),
    ] {
        assert_eq!(vserver[name], value, "{name}");
    }
    for absent in ["rule", "resrule", "comment", "netprofile", "backupvserver", "state", "value"] {
        assert_eq!(vserver.get(absent), None, "{absent}");
    }
    let group = bench.item("servicegroup/sg").await;
    for (name, value) in [
        ("clttimeout", json!(9000)),
        ("delay", json!(0)),
        ("td", json!("0")),
        ("maxclient", json!("0")),
        ("serviceconftype", json!(true)),
        ("numofconnections", json!(0)),
        ("state", json!("ENABLED")),
        ("monitor_state", json!("Unknown")),
    ] {
        assert_eq!(group[name], value, "{name}");
    }
}

#[tokio::test]
async fn singletons_are_objects() {
    let bench = Bench::empty().await;
    let version = bench.get("nsversion").await.json()["nsversion"]["version"].clone();
    assert!(version.as_str().unwrap().starts_with("NetScaler NS13.0: Build 79."), "{version}");
    assert!(bench.get("nshardware").await.json()["nshardware"].is_object());
    let feature = bench.get("nsfeature").await.json()["nsfeature"].clone();
    assert_eq!(
        (&feature["lb"], &feature["ssl"], &feature["sslvpn"]),
        (&json!(false), &json!(false), &json!(true)),
        "the gateway needs one of them"
    );
    bench.features(&["lb", "SSLVPN"]).await;
    bench.features(&["LB"]).await;
    let feature = bench.get("nsfeature").await.json()["nsfeature"].clone();
    assert_eq!((&feature["lb"], &feature["ssl"]), (&json!(true), &json!(false)));
    assert_eq!(feature["feature"], json!(["LB", "SSLVPN"]));
    bench.post("nsfeature?action=disable", json!({ "feature": ["LB"] })).await.ok(200);
    assert_eq!(bench.get("nsfeature").await.json()["nsfeature"]["feature"], json!(["SSLVPN"]));
    bench.post("nsfeature?action=enable", json!({ "feature": ["XYZ"] })).await.fails(400, 1097);
    let node = bench.item("hanode/0").await;
    assert_eq!((&node["state"], &node["hastatus"], &node["id"]), (&json!("Primary"), &json!("UP"), &json!("0")));
    assert!(node["masterstatetime"].is_number());
}

#[tokio::test]
async fn names_may_be_encoded_twice_and_slashes_doubled() {
    let bench = Bench::empty().await;
    bench.vserver("my vs #1", "SSL_BRIDGE", "10.20.40.51", 443).await;
    for path in ["my%20vs%20%231", "my%2520vs%2520%25231"] {
        assert_eq!(bench.word(&format!("lbvserver/{path}"), "name").await, "my vs #1");
    }
    assert_eq!(bench.get("/lbvserver").await.status, 200);
    assert_eq!(bench.word("lbvserver/MY%20VS%20%231", "name").await, "my vs #1");
}
