//! The golden vectors of the NITRO reference, section 6.1, as far as their resources are here.

use crate::common::{BIND, Bench, MEMBER};
use serde_json::json;

#[tokio::test]
async fn nothing_found_has_no_key() {
    let bench = Bench::empty().await;
    let reply = bench.get("lbvserver").await;
    assert_eq!(reply.status, 200);
    assert_eq!(reply.text, r#"{ "errorcode": 0, "message": "Done", "severity": "NONE" }"#);
    bench.get("lbvserver/nope").await.is(404, 258, "No such resource [name, nope]");
    bench.get("servicegroup/nope").await.is(404, 258, "No such resource [serviceGroupName, nope]");
    bench.group("sg", "SSL").await;
    let bound = bench.get(&format!("{MEMBER}/sg")).await;
    assert_eq!(bound.text, r#"{ "errorcode": 0, "message": "Done", "severity": "NONE" }"#);
    bench.get(&format!("{MEMBER}/nope")).await.fails(404, 258);
}

#[tokio::test]
async fn a_second_add_is_refused() {
    let bench = Bench::empty().await;
    bench.server("xms01", "10.20.30.11").await;
    let again = bench.post("server", json!({ "name": "xms01", "ipaddress": "10.20.30.11" })).await;
    again.is(409, 273, "Resource already exists [name, xms01]");
    let twin = bench.post("server", json!({ "name": "other", "ipaddress": "10.20.30.11" })).await;
    twin.is(409, 273, "Resource already exists [ipaddress, 10.20.30.11]");
    // Another traffic domain is another network.
    let elsewhere = json!({ "name": "elsewhere", "ipaddress": "10.20.30.11", "td": 7 });
    bench.post("server", elsewhere).await.ok(201);
    bench.group("sg", "SSL").await;
    let body = json!({ "servicegroupname": "sg", "servername": "xms01", "port": 8443 });
    bench.put(MEMBER, body.clone()).await.ok(201);
    bench.put(MEMBER, body.clone()).await.is(409, 273, "Resource already exists");
    bench.post(MEMBER, body).await.fails(409, 273);
}

#[tokio::test]
async fn arguments_that_exclude_or_need_each_other() {
    let bench = Bench::empty().await;
    bench.server("xms01", "10.0.20.11").await;
    bench.group("sg", "SSL_BRIDGE").await;
    bench.member("sg", "xms01", 443).await;
    let path = format!("{MEMBER}/sg?args=servername:xms01,ip:10.0.20.11,port:443");
    bench.delete(&path).await.is(400, 1092, "Arguments cannot both be specified [serverName, IP]");
    bench.delete(&format!("{MEMBER}/sg")).await.is(400, 1095, "Required argument missing [serverName]");
    let weight = json!({ "name": "vs", "servicegroupname": "sg", "weight": 1 });
    bench.put(BIND, weight).await.is(400, 1093, "Argument pre-requisite missing [weight, serviceName]");
}

#[tokio::test]
async fn virtual_servers_have_their_rules() {
    let bench = Bench::empty().await;
    let vserver = |extra: serde_json::Value| {
        let mut body = json!({ "name": "vs", "servicetype": "SSL_BRIDGE", "ipv46": "10.20.40.51", "port": 443 });
        body.as_object_mut().unwrap().extend(extra.as_object().unwrap().clone());
        body
    };
    let nowhere = vserver(json!({ "ipv46": "0.0.0.0", "port": 8443 }));
    bench.post("lbvserver", nowhere).await.is(599, 257, "Operation not permitted");
    let custom = vserver(json!({ "persistencetype": "CUSTOMSERVERID" }));
    bench.post("lbvserver", custom).await.is(599, 1332, "Invalid Persistence type");
    let backup = vserver(json!({ "lbmethod": "LEASTCONNECTION", "backuplbmethod": "LEASTCONNECTION" }));
    bench.post("lbvserver", backup).await.fails(599, 1334);
    let never = vserver(json!({ "persistencetype": "SOURCEIP", "timeout": 0 }));
    bench.post("lbvserver", never).await.fails(599, 2136);

    let lower = vserver(json!({ "servicetype": "ssl_bridge", "port": "443" }));
    bench.post("lbvserver", lower).await.ok(201);
    let item = bench.item("lbvserver/vs").await;
    assert_eq!((&item["servicetype"], &item["port"]), (&json!("SSL_BRIDGE"), &json!(443)));
    assert!(item.get("state").is_none(), "the administrative state is never returned");
    bench.post("lbvserver", vserver(json!({ "name": "other" }))).await.fails(409, 273);

    bench.put("lbvserver", json!({ "name": "vs" })).await.is(400, 431, "No arguments to set");
    bench.put("lbvserver", json!({ "name": "vs", "port": 8443 })).await.is(599, 278, "Invalid argument [port]");
    bench.put("lbvserver", json!({ "name": "vs", "timeout": 20 })).await.ok(200);
    bench.put("lbvserver/vs", json!({ "timeout": "30" })).await.ok(200);
    assert_eq!(bench.word("lbvserver/vs", "timeout").await, json!(30));
    bench.post("lbvserver?action=unset", json!({ "name": "vs", "timeout": true })).await.ok(200);
    assert_eq!(bench.word("lbvserver/vs", "timeout").await, json!(2));
}

#[tokio::test]
async fn attributes_are_checked_before_anything_happens() {
    let bench = Bench::empty().await;
    let add = |body| bench.post("lbvserver", body);
    add(json!({ "name": "vs", "servicetype": "SSL", "colour": "red" })).await.is(599, 278, "Invalid argument [colour]");
    add(json!({ "name": "vs", "servicetype": "SSL", "curstate": "UP" })).await.is(
        599,
        278,
        "Invalid argument [curstate]",
    );
    add(json!({ "servicetype": "SSL" })).await.is(400, 1095, "Required argument missing [name]");
    add(json!({ "name": "vs" })).await.is(400, 1095, "Required argument missing [serviceType]");
    add(json!({ "name": "vs", "servicetype": "SLL" })).await.is(400, 1097, "Invalid argument value [SLL]");
    add(json!({ "name": "vs", "servicetype": "SSL", "timeout": 1441 })).await.fails(400, 1108);
    add(json!({ "name": "vs", "servicetype": "SSL", "persistencetype": true })).await.is(
        400,
        1097,
        "Invalid argument value [true]",
    );
    add(json!({ "name": "vs", "servicetype": "SSL", "ipv46": "10.0.0" })).await.fails(400, 1110);
    add(json!({ "name": " vs", "servicetype": "SSL" })).await.fails(400, 1053);
    add(json!({ "name": "v/s", "servicetype": "SSL" })).await.fails(400, 1075);
    let weight = json!({ "servicegroupname": "sg", "servername": "xms01", "port": 443, "weight": 0 });
    bench.put(MEMBER, weight).await.fails(400, 1109);
    assert_eq!(bench.get("lbvserver").await.json().get("lbvserver"), None);
}

#[tokio::test]
async fn both_ends_of_a_binding_must_exist_and_fit() {
    let bench = Bench::empty().await;
    bench.group("ssl", "SSL").await;
    bench.group("bridge", "SSL_BRIDGE").await;
    bench.vserver("vs", "SSL_BRIDGE", "10.20.40.51", 443).await;
    let bind = |vserver: &str, group: &str| bench.put(BIND, json!({ "name": vserver, "servicegroupname": group }));
    bind("nope", "bridge").await.is(404, 258, "No such resource [name, nope]");
    bind("vs", "nope").await.is(404, 258, "No such resource [serviceGroupName, nope]");
    bind("vs", "ssl").await.fails(599, 1304);
    bind("vs", "bridge").await.ok(201);
    bind("vs", "bridge").await.fails(409, 273);
    let item = bench.item(&format!("{BIND}/vs")).await;
    assert_eq!(
        item,
        json!({ "name": "vs", "servicegroupname": "bridge", "stateflag": "536936464", "servicename": "bridge" })
    );
    bench.delete(&format!("{BIND}/vs?args=servicegroupname:ssl")).await.fails(404, 1303);
    bench.delete(&format!("{BIND}/vs?args=servicegroupname:bridge")).await.ok(200);
}

#[tokio::test]
async fn one_address_cannot_be_twice_under_one_virtual_server() {
    let bench = Bench::empty().await;
    bench.chain().await;
    bench.group("other", "SSL_BRIDGE").await;
    bench.member("other", "xms01", 443).await;
    bench.put(BIND, json!({ "name": "vs", "servicegroupname": "other" })).await.fails(599, 428);
    bench.delete(&format!("{MEMBER}/other?args=servername:xms01,port:443")).await.ok(200);
    bench.bind("vs", "other").await;
    let body = json!({ "servicegroupname": "other", "ip": "10.20.30.11", "port": 443 });
    bench.put(MEMBER, body).await.fails(599, 428);
}

#[tokio::test]
async fn deletes() {
    let bench = Bench::empty().await;
    bench.chain().await;
    bench.delete("server/xms01").await.is(599, 315, "Resource in use");
    bench.delete(&format!("{MEMBER}/sg?args=ip:10.20.30.11,port:443")).await.ok(200);
    bench.delete(&format!("{MEMBER}/sg?args=servername:xms01,port:443")).await.is(404, 344, "No Service");
    bench.delete("server/xms01").await.ok(200);
    bench.delete("server/xms01").await.is(404, 258, "No such resource [name, xms01]");
    bench.delete("lbvserver/vs").await.ok(200);
    bench.get("servicegroup/sg").await.fails(200, 0);
    bench.delete("servicegroup/sg").await.ok(200);
    bench.delete("servicegroup/sg").await.fails(404, 258);
}

#[tokio::test]
async fn actions_take_what_they_take() {
    let bench = Bench::empty().await;
    bench.chain().await;
    let member = json!({ "servicegroupname": "sg", "servername": "xms01", "port": 443 });
    bench.post("servicegroup?action=disable", member.clone()).await.ok(200);
    bench.post("servicegroup?action=enable", member).await.ok(200);
    let delay = json!({ "servicegroupname": "sg", "delay": 5 });
    bench.post("servicegroup?action=enable", delay).await.is(599, 278, "Invalid argument [delay]");
    bench.post("lbvserver?action=Enable", json!({ "name": "vs" })).await.fails(400, 1240);
    bench.post("nsconfig?action=clear", json!({ "force": true })).await.fails(400, 1095);
    bench.put("hanode", json!({ "id": 0, "ipaddress": "10.0.0.9" })).await.is(599, 278, "Invalid argument [ipaddress]");
    bench.post("server?action=rename", json!({ "name": "xms01", "newname": "node1" })).await.ok(200);
    assert_eq!(bench.word(&format!("{MEMBER}/sg"), "servername").await, "node1");
    bench.group("other", "SSL").await;
    let onto = json!({ "servicegroupname": "other", "newname": "sg" });
    bench.post("servicegroup?action=rename", onto).await.fails(409, 273);
}

#[tokio::test]
async fn a_member_is_changed_through_its_group() {
    let bench = Bench::empty().await;
    bench.chain().await;
    let change = json!({ "servicegroupname": "sg", "servername": "xms01", "port": 443, "customserverid": "167777291" });
    bench.put("servicegroup", change).await.ok(200);
    let item = bench.item(&format!("{MEMBER}/sg")).await;
    assert_eq!(
        (&item["customserverid"], &item["weight"], &item["port"]),
        (&json!("167777291"), &json!("1"), &json!(443))
    );
    let lonely = json!({ "servicegroupname": "sg", "weight": 5 });
    bench.put("servicegroup", lonely).await.fails(400, 1093);
    let unset = |body| bench.post("servicegroup?action=unset", body);
    unset(json!({ "servicegroupname": "sg", "servername": "xms01", "port": 443, "customserverid": true }))
        .await
        .ok(200);
    assert_eq!(bench.word(&format!("{MEMBER}/sg"), "customserverid").await, "None");
    unset(json!({ "servicegroupname": "sg", "customserverid": true })).await.fails(400, 1093);
    unset(json!({ "servicegroupname": "sg", "servername": "xms01", "port": 443, "comment": true }))
        .await
        .fails(599, 278);
    unset(json!({ "servicegroupname": "sg", "servername": "xms01", "port": 443 })).await.fails(400, 431);
    unset(json!({ "servicegroupname": "sg", "servername": "xms01", "port": 444, "weight": true }))
        .await
        .fails(404, 344);
    let unknown = json!({ "servicegroupname": "sg", "servername": "xms01", "port": 444, "weight": 5 });
    bench.put("servicegroup", unknown).await.fails(404, 344);
}

#[tokio::test]
async fn a_member_by_address_makes_its_server() {
    let bench = Bench::empty().await;
    bench.group("sg", "SSL_BRIDGE").await;
    bench.put(MEMBER, json!({ "servicegroupname": "sg", "ip": "10.20.30.12", "port": 443 })).await.ok(201);
    assert_eq!(bench.word("server/10.20.30.12", "ipaddress").await, "10.20.30.12");
    assert_eq!(bench.word(&format!("{MEMBER}/sg"), "servername").await, "10.20.30.12");
}

#[tokio::test]
async fn addresses_come_and_go_with_virtual_servers() {
    let bench = Bench::empty().await;
    bench.get("nsip?args=ipaddress:10.20.40.51").await.fails(404, 258);
    bench.chain().await;
    let item = bench.item("nsip?args=ipaddress:10.20.40.51").await;
    assert_eq!((&item["type"], &item["iptype"], &item["vipvsercount"]), (&json!("VIP"), &json!(["VIP"]), &json!("1")));
    assert_eq!(item["netmask"], "255.255.255.255");
    bench.delete("lbvserver/vs").await.ok(200);
    bench.get("nsip?args=ipaddress:10.20.40.51").await.fails(404, 258);
    assert_eq!(bench.word("nsip?filter=type:NSIP", "ipaddress").await, "10.0.0.10");
}

#[tokio::test]
async fn warnings_are_silent_unless_asked_for() {
    let bench = Bench::empty().await;
    bench.group("silent", "SSL").await;
    let body = json!({ "servicegroupname": "loud", "servicetype": "SSL" });
    let reply = bench.post("servicegroup?warning=yes", body).await;
    reply.ok(209);
    assert_eq!(reply.headers["x-nitro-warning"], "1067 - Feature(s) not enabled [LB, SSL]");
    assert_eq!(bench.word("servicegroup/loud", "value").await, "SSL feature disabled");
}

#[tokio::test]
async fn idempotent_adds_update() {
    let bench = Bench::empty().await;
    let body = json!({ "name": "xms01", "ipaddress": "10.20.30.11", "comment": "first" });
    bench.post("server?idempotent=yes", body.clone()).await.ok(201);
    bench.post("server?idempotent=yes", body).await.ok(201);
    let body = json!({ "name": "xms01", "ipaddress": "10.20.30.11", "comment": "second" });
    bench.post("server?idempotent=yes", body).await.ok(201);
    assert_eq!(bench.word("server/xms01", "comment").await, "second");
}

#[tokio::test]
async fn ssl_virtual_servers_find_members_by_their_id() {
    let bench = Bench::empty().await;
    let rule = "HTTP.REQ.COOKIE.VALUE(\"ACNODEID\")";
    let body = json!({ "name": "mam", "servicetype": "SSL", "ipv46": "10.20.40.52", "port": 8443,
        "persistencetype": "CUSTOMSERVERID", "rule": rule, "timeout": 0 });
    bench.post("lbvserver", body).await.ok(201);
    let item = bench.item("lbvserver/mam").await;
    assert_eq!((&item["persistencetype"], &item["rule"]), (&json!("CUSTOMSERVERID"), &json!(rule)));
    bench.post("lbvserver?action=unset", json!({ "name": "mam", "rule": true })).await.ok(200);
    assert_eq!(bench.item("lbvserver/mam").await.get("rule"), None);
    bench.put("lbvserver", json!({ "name": "mam", "persistencetype": "SOURCEIP" })).await.fails(599, 2136);
    bench.put("lbvserver", json!({ "name": "mam", "persistencetype": "SOURCEIP", "timeout": 20 })).await.ok(200);
    bench.post("lbvserver?action=unset", json!({ "name": "mam", "weight": true })).await.is(
        599,
        278,
        "Invalid argument [weight]",
    );
}
