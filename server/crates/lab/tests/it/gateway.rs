//! Gateways, their session objects and address records: NITRO reference 3.15, 3.16, 3.26.

use crate::common::{Bench, CERT};
use serde_json::{Value, json};

const GATEWAY: &str = "_XM_ag.example.com";
const CONTROLLER: &str = "vpnvserver_appcontroller_binding";
const POLICY: &str = "vpnvserver_vpnsessionpolicy_binding";
const ACTION: &str = "AC_OS_10.20.40.40";

fn lines(bench: &Bench) -> Vec<String> {
    bench.lab.cli().into_iter().map(|record| record.line).collect()
}

#[tokio::test]
async fn the_seeded_gateway_is_up_with_a_certificate_and_a_session_action() {
    let bench = Bench::empty().await;
    let gateway = bench.item(&format!("vpnvserver/{GATEWAY}")).await;
    for (name, value) in [
        ("servicetype", json!("SSL")),
        ("ipv46", json!("10.20.40.40")),
        ("port", json!(443)),
        ("range", json!("1")),
        ("type", json!("CONTENT")),
        ("curstate", json!("UP")),
        ("status", json!(1)),
        ("authentication", json!("ON")),
        ("maxaaausers", json!("0")),
        ("deploymenttype", json!("MOBILITY")),
    ] {
        assert_eq!(gateway[name], value, "{name}");
    }
    assert_eq!(gateway.get("value"), None);
    assert_eq!(bench.word(&format!("{CERT}/{GATEWAY}"), "certkeyname").await, "wildcard-example");
    assert_eq!(bench.word("nsip?args=ipaddress:10.20.40.40", "type").await, "VIP");
    // The walk of 3.26: gateway, binding, policy, action.
    let bound = bench.item(&format!("{POLICY}/{GATEWAY}")).await;
    assert_eq!((&bound["policy"], &bound["priority"]), (&json!("PL_OS_10.20.40.40"), &json!("100")));
    let policy = bench.item("vpnsessionpolicy/PL_OS_10.20.40.40").await;
    assert_eq!((&policy["action"], &policy["expressiontype"]), (&json!(ACTION), &json!("Advanced Policy")));
    let action = bench.item(&format!("vpnsessionaction/{ACTION}")).await;
    assert_eq!(action["storefronturl"], "https://old-xms.example.com:8443");
    assert_eq!((&action["sesstimeout"], action.get("emailhome")), (&json!("1440"), None));
    let foreign = bench.word("vpnsessionaction/AC_storefront", "storefronturl").await;
    assert_eq!(foreign, "https://storefront.example.com/Citrix/StoreWeb");
    assert_eq!(bench.get(&format!("{CONTROLLER}/{GATEWAY}")).await.json().get(CONTROLLER), None);
    let config = bench.get("nsconfig").await.json();
    assert_eq!(config["nsconfig"]["configchanged"], false);
}

#[tokio::test]
async fn app_controllers_are_urls_and_two_may_coexist() {
    let bench = Bench::empty().await;
    let bind = |name: &str, url: &str| bench.put(CONTROLLER, json!({ "name": name, "appcontroller": url }));
    bind(GATEWAY, "https://xms.example.com:8443").await.ok(201);
    bind(GATEWAY, "https://xms.example.com:8443").await.fails(409, 273);
    bind(GATEWAY, "https://new.example.com:8443").await.ok(201);
    bind("nope", "https://xms.example.com:8443").await.is(404, 258, "No such resource [name, nope]");
    for bad in ["xms.example.com", "ftp://xms", "https://", "https://xms:port", "https://xms/path", "https://xms:0"] {
        bind(GATEWAY, bad).await.fails(400, 1097);
    }
    let rows = bench.get(&format!("{CONTROLLER}/{GATEWAY}")).await.json();
    assert_eq!(
        rows[CONTROLLER][0],
        json!({ "name": GATEWAY, "acttype": "0", "appcontroller": "https://xms.example.com:8443" })
    );
    assert_eq!(rows[CONTROLLER].as_array().unwrap().len(), 2);
    let filter = "filter=appcontroller:https%3A%2F%2Fnew.example.com%3A8443";
    assert_eq!(bench.item(&format!("{CONTROLLER}/{GATEWAY}?{filter}")).await["name"], GATEWAY);
    assert_eq!(
        bench.get(&format!("{CONTROLLER}?bulkbindings=yes&{filter}")).await.json()[CONTROLLER][0]["name"],
        GATEWAY
    );
    let all = bench.item(&format!("vpnvserver_binding/{GATEWAY}")).await;
    assert_eq!((all[CONTROLLER].as_array().unwrap().len(), all[POLICY].as_array().unwrap().len()), (2, 1));

    let path = format!("{CONTROLLER}/{GATEWAY}?args=appcontroller:https%3A%2F%2Fxms.example.com%3A8443");
    bench.delete(&path).await.ok(200);
    bench.delete(&path).await.fails(404, 258);
    bench.delete(&format!("{CONTROLLER}/{GATEWAY}")).await.is(400, 1095, "Required argument missing [appController]");
    assert_eq!(
        lines(&bench),
        [
            r#"bind vpn vserver _XM_ag.example.com -appController "https://xms.example.com:8443""#,
            r#"bind vpn vserver _XM_ag.example.com -appController "https://new.example.com:8443""#,
            r#"unbind vpn vserver _XM_ag.example.com -appController "https://xms.example.com:8443""#,
        ]
    );
}

#[tokio::test]
async fn without_its_feature_or_certificate_a_gateway_says_so() {
    let bench = Bench::empty().await;
    let path = format!("vpnvserver/{GATEWAY}");
    let look = async || {
        let item = bench.item(&path).await;
        (item["curstate"].clone(), item["value"].clone())
    };
    bench.post("nsfeature?action=disable", json!({ "feature": ["SSLVPN"] })).await.ok(200);
    assert_eq!(look().await, (json!("DOWN"), json!("SSLVPN feature disabled")));
    let body = json!({ "name": GATEWAY, "appcontroller": "https://xms.example.com:8443" });
    let reply = bench.put(&format!("{CONTROLLER}?warning=yes"), body).await;
    reply.ok(209);
    assert_eq!(reply.headers["x-nitro-warning"], "1067 - Feature(s) not enabled [SSLVPN]");
    bench.features(&["SSLVPN"]).await;
    assert_eq!(look().await, (json!("UP"), Value::Null));
    bench.delete(&format!("{CERT}/{GATEWAY}?args=certkeyname:wildcard-example")).await.ok(200);
    assert_eq!(look().await, (json!("DOWN"), json!("Certkey not bound")));
    bench.post("vpnvserver?action=disable", json!({ "name": GATEWAY })).await.ok(200);
    assert_eq!(look().await.0, "OUT OF SERVICE");
}

#[tokio::test]
async fn gateways_can_be_made_changed_and_removed() {
    let bench = Bench::empty().await;
    let add = |name: &str, ip: &str| {
        bench.post("vpnvserver", json!({ "name": name, "servicetype": "SSL", "ipv46": ip, "port": 443 }))
    };
    add(GATEWAY, "10.20.40.42").await.fails(409, 273);
    add("other", "10.20.40.40").await.fails(409, 273);
    add("other", "0.0.0.0").await.fails(599, 257);
    add("other", "10.20.40.42").await.ok(201);
    let lb = |name: &str, ip: &str| {
        bench.post("lbvserver", json!({ "name": name, "servicetype": "SSL_BRIDGE", "ipv46": ip, "port": 443 }))
    };
    lb("vs", "10.20.40.42").await.fails(409, 273);
    lb("other", "10.20.40.43").await.fails(409, 273);
    bench.put("vpnvserver", json!({ "name": "other", "port": 8443 })).await.is(599, 278, "Invalid argument [port]");
    bench.put("vpnvserver", json!({ "name": "other", "ipv46": "10.20.40.40" })).await.fails(409, 273);
    bench.put("vpnvserver", json!({ "name": "other", "comment": "two words" })).await.ok(200);
    bench.post("vpnvserver?action=unset", json!({ "name": "other", "comment": true })).await.ok(200);
    bench.post("vpnvserver?action=rename", json!({ "name": "other", "newname": "second" })).await.ok(200);
    // One action may serve two gateways.
    let share = json!({ "name": "second", "policy": "PL_OS_10.20.40.40", "priority": 10 });
    bench.put(POLICY, share.clone()).await.ok(201);
    bench.put(POLICY, share).await.fails(409, 273);
    bench.put(POLICY, json!({ "name": "second", "policy": "nope" })).await.fails(404, 258);
    let both = bench.get(&format!("{POLICY}?bulkbindings=yes&filter=policy:PL_OS_10.20.40.40")).await.json();
    assert_eq!(both[POLICY].as_array().unwrap().len(), 2);
    bench.delete(&format!("{POLICY}/second?args=policy:PL_OS_10.20.40.40")).await.ok(200);
    bench.delete(&format!("{POLICY}/second?args=policy:PL_OS_10.20.40.40")).await.fails(404, 258);
    bench.delete("vpnvserver/second").await.ok(200);
    bench.get("nsip?args=ipaddress:10.20.40.42").await.fails(404, 258);
}

#[tokio::test]
async fn session_objects() {
    let bench = Bench::empty().await;
    let set = json!({ "name": ACTION, "storefronturl": "https://xms.example.com:8443" });
    bench.put("vpnsessionaction", set).await.ok(200);
    assert_eq!(
        bench.word(&format!("vpnsessionaction/{ACTION}"), "storefronturl").await,
        "https://xms.example.com:8443"
    );
    bench.put("vpnsessionaction", json!({ "name": ACTION })).await.fails(400, 431);
    let long = json!({ "name": ACTION, "storefronturl": format!("https://{}", "x".repeat(248)) });
    bench.put("vpnsessionaction", long).await.fails(400, 1106);
    bench.put("vpnsessionaction", json!({ "name": ACTION, "storefronturl": "" })).await.fails(400, 1107);
    bench.post("vpnsessionaction?action=unset", json!({ "name": ACTION, "storefronturl": true })).await.ok(200);
    assert_eq!(bench.item(&format!("vpnsessionaction/{ACTION}")).await.get("storefronturl"), None);
    bench.delete(&format!("vpnsessionaction/{ACTION}")).await.is(599, 1070, "Object in use, cannot delete");
    bench.delete("vpnsessionpolicy/PL_OS_10.20.40.40").await.fails(599, 1070);
    bench.post("vpnsessionpolicy", json!({ "name": "p", "rule": "true", "action": "nope" })).await.fails(404, 258);
    bench.put("vpnsessionpolicy", json!({ "name": "PL_storefront", "action": ACTION })).await.ok(200);
    bench.delete("vpnsessionaction/AC_storefront").await.ok(200);
    bench.delete("vpnsessionpolicy/PL_storefront").await.ok(200);
    bench.delete("vpnsessionpolicy/PL_storefront").await.fails(404, 258);
    assert_eq!(
        lines(&bench),
        [
            r#"set vpn sessionAction AC_OS_10.20.40.40 -storefronturl "https://xms.example.com:8443""#,
            "unset vpn sessionAction AC_OS_10.20.40.40 -storefronturl",
            "set vpn sessionPolicy PL_storefront -action AC_OS_10.20.40.40",
            "rm vpn sessionAction AC_storefront",
            "rm vpn sessionPolicy PL_storefront",
        ]
    );
}

#[tokio::test]
async fn address_records_are_asked_for_by_type() {
    let bench = Bench::empty().await;
    for (kind, code) in [("ADNS", 0), ("adns", 0), ("ALL", 0), ("PROXY", 0), ("FOO", 1097)] {
        assert_eq!(bench.get(&format!("dnsaddrec?args=type:{kind}")).await.code(), Some(code), "{kind}");
    }
    bench.post("dnsaddrec", json!({ "hostname": "a.example.com", "ipaddress": "10.0.0.9" })).await.ok(201);
    assert_eq!(bench.word("dnsaddrec?args=type:adns", "authtype").await, "ADNS");
    assert!(bench.get("dnsaddrec?args=type:PROXY").await.json()["dnsaddrec"].is_null());
}

#[tokio::test]
async fn address_records() {
    let bench = Bench::empty().await;
    let add = |host: &str, ip: Value| bench.post("dnsaddrec", json!({ "hostname": host, "ipaddress": ip }));
    bench.get("dnsaddrec/xms.example.com").await.is(404, 258, "No such resource [hostName, xms.example.com]");
    assert_eq!(bench.get("dnsaddrec").await.json().get("dnsaddrec"), None);
    add("xms.example.com", json!("10.20.40.52")).await.ok(201);
    assert_eq!(
        bench.item("dnsaddrec/XMS.example.com.").await,
        json!({ "hostname": "xms.example.com", "ipaddress": "10.20.40.52", "ttl": "3600", "authtype": "ADNS" })
    );
    add("XMS.example.com.", json!("10.20.40.52")).await.fails(409, 304);
    let slow = json!({ "hostname": "xms.example.com", "ipaddress": ["10.20.40.53", "10.20.40.54"], "ttl": 60 });
    bench.post("dnsaddrec", slow).await.ok(201);
    let rows = bench.get("dnsaddrec/xms.example.com").await.json()["dnsaddrec"].clone();
    assert_eq!((rows.as_array().unwrap().len(), &rows[0]["ttl"]), (3, &json!("60")), "one TTL for the name");
    assert_eq!(bench.get("dnsaddrec?args=type:ADNS").await.json()["dnsaddrec"].as_array().unwrap().len(), 3);
    bench.get("dnsaddrec?args=type:PROXY").await.is(200, 0, "Done");
    bench.put("dnsaddrec", json!({ "hostname": "xms.example.com" })).await.fails(400, 1074);

    add("-bad-.example.com", json!("10.0.0.1")).await.is(400, 1823, "Invalid domain name syntax [-bad-.example.com]");
    add("x", json!("10.0.0")).await.fails(400, 1110);
    bench.post("dnsaddrec", json!({ "hostname": "x", "ipaddress": "10.0.0.1", "ttl": -1 })).await.fails(400, 1109);
    bench.post("dnsaddrec", json!({ "hostname": "x" })).await.is(400, 1095, "Required argument missing [IPAddress]");
    let many: Vec<String> = (1..=26).map(|last| format!("10.1.0.{last}")).collect();
    add("x", json!(many)).await.is(599, 1963, "Cannot exceed more than 25 IP addresses.");
    add("x", json!(many[..25])).await.ok(201);
    add("x", json!(many[25])).await.fails(599, 1963);

    bench.delete("dnsaddrec/xms.example.com?args=ipaddress:10.20.40.53").await.ok(200);
    bench.delete("dnsaddrec/xms.example.com?args=ipaddress:10.20.40.53").await.fails(404, 1801);
    bench.delete("dnsaddrec/xms.example.com?args=ipaddress:10.20.40.52,ipaddress:10.20.40.54").await.ok(200);
    bench.delete("dnsaddrec/xms.example.com").await.fails(404, 258);
    bench.delete("dnsaddrec/x").await.ok(200);
    let told = lines(&bench);
    assert_eq!(told[0], "add dns addRec xms.example.com 10.20.40.52");
    assert_eq!(told[1], "add dns addRec xms.example.com 10.20.40.53 10.20.40.54 -TTL 60");
    assert_eq!(
        told[3..],
        [
            "rm dns addRec xms.example.com 10.20.40.53",
            "rm dns addRec xms.example.com 10.20.40.52 10.20.40.54",
            "rm dns addRec x",
        ]
    );
}
