//! The configuration objects around groups and virtual servers: single services, parameters, addresses, modes, and
//! what hangs at a gateway.

use crate::common::{Bench, NODES, options};
use lab::{Options, Version};
use serde_json::{Value, json};

const BINDING: &str = "lbvserver_service_binding";

#[tokio::test]
async fn a_single_service_is_probed_and_balanced() {
    let bench = Bench::empty().await;
    bench.features(&["LB", "SSL"]).await;
    bench.server("xms01", "10.20.30.11").await;
    let named = json!({ "name": "svc1", "servername": "xms01", "servicetype": "SSL_BRIDGE", "port": 443 });
    bench.post("service", named.clone()).await.ok(201);
    bench.post("service", named).await.is(409, 273, "Resource already exists [name, svc1]");
    let twin = json!({ "name": "twin", "servername": "xms01", "servicetype": "SSL_BRIDGE", "port": 443 });
    bench.post("service", twin).await.fails(409, 273);
    let by_ip = json!({ "name": "svc2", "ip": "10.20.30.12", "servicetype": "SSL_BRIDGE", "port": "443" });
    bench.post("service", by_ip).await.ok(201);
    assert_eq!(bench.word("server/10.20.30.12", "ipaddress").await, "10.20.30.12");
    let both = json!({ "name": "svc3", "ip": "10.20.30.12", "servername": "xms01", "servicetype": "TCP", "port": 1 });
    bench.post("service", both).await.fails(400, 1092);

    let item = bench.item("service/svc1").await;
    assert_eq!((&item["svrstate"], &item["monitor_state"]), (&json!("DOWN"), &json!("Unknown")));
    bench.advance(0).await;
    let item = bench.item("service/svc1").await;
    assert_eq!(
        (&item["svrstate"], &item["ipaddress"], &item["port"]),
        (&json!("UP"), &json!("10.20.30.11"), &json!(443))
    );
    assert_eq!((&item["clttimeout"], &item["customserverid"]), (&json!(9000), &json!("None")));
    assert_eq!(bench.word("service_lbmonitor_binding/svc1", "monitor_name").await, "tcp-default");

    bench.vserver("vs", "SSL_BRIDGE", "10.20.40.51", 443).await;
    bench.put(BINDING, json!({ "name": "vs", "servicename": "svc1", "weight": 3 })).await.ok(201);
    bench.put(BINDING, json!({ "name": "vs", "servicename": "svc1" })).await.fails(409, 273);
    bench.put(BINDING, json!({ "name": "vs", "servicename": "svc2" })).await.ok(201);
    bench.put(BINDING, json!({ "name": "vs", "servicename": "no" })).await.is(
        404,
        258,
        "No such resource [serviceName, no]",
    );
    let both = json!({ "name": "vs", "servicename": "svc1", "servicegroupname": "sg" });
    bench.put(BINDING, both).await.is(400, 1092, "Arguments cannot both be specified [serviceName, serviceGroupName]");
    let item = bench.item("lbvserver/vs").await;
    assert_eq!(
        (&item["curstate"], &item["totalservices"], &item["health"]),
        (&json!("UP"), &json!("2"), &json!("100"))
    );
    let cookie = format!("sessionid={}", bench.token);
    let statistics = bench.send_as(Some(&cookie), "GET", "stat/service/svc1", None).await.json();
    let row = &statistics["service"][0];
    assert_eq!((&row["state"], &row["primaryport"], &row["maxclients"]), (&json!("UP"), &json!(443), &json!("0")));
    bench.lab.power_off(NODES[0]).await.unwrap();
    bench.advance(60).await;
    assert_eq!(bench.word("lbvserver/vs", "health").await, "25", "one of four");
    bench.put("lbvserver", json!({ "name": "vs", "servicename": "svc1", "weight": 1 })).await.ok(200);
    assert_eq!(bench.word("lbvserver/vs", "health").await, "50");

    assert_eq!(bench.word("svcbindings/svc1", "vservername").await, "vs");
    assert_eq!(bench.item("lbvserver_binding/vs").await[BINDING][1]["servicename"], "svc2");
    assert_eq!(bench.item("server_binding/xms01").await["server_service_binding"][0]["servicename"], "svc1");
    bench.delete("server/xms01").await.fails(599, 315);

    bench.group("sg", "SSL_BRIDGE").await;
    bench.member("sg", "xms01", 443).await;
    let group = json!({ "name": "vs", "servicegroupname": "sg" });
    bench.put("lbvserver_servicegroup_binding", group).await.fails(599, 428);

    bench.post("service?action=disable", json!({ "name": "svc2" })).await.ok(200);
    assert_eq!(bench.word("service/svc2", "svrstate").await, "OUT OF SERVICE");
    bench.post("service?action=enable", json!({ "name": "svc2", "delay": 1 })).await.fails(599, 278);
    bench.delete(&format!("{BINDING}/vs?args=servicename:svc1")).await.ok(200);
    bench.delete(&format!("{BINDING}/vs?args=servicename:svc1")).await.fails(404, 1303);
    bench.delete("service/svc1").await.ok(200);
    bench.delete("service/svc1").await.is(404, 258, "No such resource [name, svc1]");
}

#[tokio::test]
async fn a_service_has_monitors_of_its_own() {
    let bench = Bench::empty().await;
    let body = json!({ "name": "svc", "ip": "10.20.30.11", "servicetype": "SSL_BRIDGE", "port": 443 });
    bench.post("service", body).await.ok(201);
    let bound = json!({ "name": "svc", "monitor_name": "ping", "weight": 5 });
    bench.put("service_lbmonitor_binding", bound).await.ok(201);
    bench.put("service", json!({ "name": "svc", "monitor_name_svc": "ping", "weight": 7 })).await.ok(200);
    bench.advance(0).await;
    let row = bench.item("service_lbmonitor_binding/svc").await;
    assert_eq!(
        (&row["monitor_name"], &row["monitor_state"], &row["weight"]),
        (&json!("ping"), &json!("UP"), &json!("7"))
    );
    assert_eq!(bench.word("lbmonbindings_service_binding/ping", "servicename").await, "svc");
    bench.put("service", json!({ "name": "svc", "weight": 7 })).await.fails(400, 1093);
    let door = json!({ "monitorname": "tcp", "servicename": "svc" });
    bench.put("lbmonitor_service_binding", door).await.ok(201);
    bench.delete("lbmonitor_service_binding/tcp?args=servicename:svc").await.ok(200);
    bench.delete("service_lbmonitor_binding/svc?args=monitor_name:ping").await.ok(200);
    bench.put("service", json!({ "name": "svc", "customserverid": "11" })).await.ok(200);
    assert_eq!(bench.word("service/svc", "customserverid").await, "11");
    let unset = json!({ "name": "svc", "customserverid": true });
    bench.post("service?action=unset", unset).await.ok(200);
    assert_eq!(bench.word("service/svc", "customserverid").await, "None");
    bench.post("service?action=unset", json!({ "name": "svc", "weight": true })).await.fails(599, 278);
}

#[tokio::test]
async fn what_is_bound_can_be_kept_from_being_removed() {
    let bench = Bench::empty().await;
    bench.chain().await;
    bench
        .post("service", json!({ "name": "svc", "ip": "10.20.30.12", "servicetype": "SSL_BRIDGE", "port": 443 }))
        .await
        .ok(201);
    bench.put(BINDING, json!({ "name": "vs", "servicename": "svc" })).await.ok(201);
    assert_eq!(bench.get("lbparameter").await.json()["lbparameter"]["allowboundsvcremoval"], "ENABLED");
    bench.put("lbparameter", json!({ "allowboundsvcremoval": "disabled" })).await.ok(200);
    bench.delete("servicegroup/sg").await.fails(599, 1325);
    bench.delete("service/svc").await.fails(599, 1325);
    bench.post("lbparameter?action=unset", json!({ "allowboundsvcremoval": true })).await.ok(200);
    bench.delete("servicegroup/sg").await.ok(200);
    bench.delete("service/svc").await.ok(200);
    assert_eq!(bench.word("lbvserver/vs", "totalservices").await, "0");
    bench.put("lbparameter", json!({})).await.is(400, 431, "No arguments to set");
    bench.delete("lbparameter").await.fails(400, 1095);
}

#[tokio::test]
async fn the_weight_of_a_groups_monitor_is_set_through_the_group() {
    let bench = Bench::empty().await;
    bench.group("sg", "SSL_BRIDGE").await;
    let binding = "servicegroup_lbmonitor_binding";
    bench.put(binding, json!({ "servicegroupname": "sg", "monitor_name": "ping" })).await.ok(201);
    let set = |name: &str| json!({ "servicegroupname": "sg", "monitor_name_svc": name, "dup_weight": 9 });
    bench.put("servicegroup", set("ping")).await.ok(200);
    assert_eq!(bench.word(&format!("{binding}/sg"), "weight").await, "9");
    bench.put("servicegroup", set("tcp")).await.fails(404, 2170);
    bench.put("servicegroup", set("nope")).await.fails(404, 2171);
    bench.put("servicegroup", json!({ "servicegroupname": "sg", "dup_weight": 9 })).await.fails(400, 1093);
    let unset = json!({ "servicegroupname": "sg", "dup_weight": true });
    bench.post("servicegroup?action=unset", unset).await.is(599, 278, "Invalid argument [dup_weight]");
}

#[tokio::test]
async fn addresses_can_be_added_changed_and_removed() {
    let bench = Bench::empty().await;
    bench.put("nshostname", json!({ "hostname": "ns01", "ownernode": "255" })).await.ok(200);
    bench.put("nshostname", json!({ "hostname": "ns01", "ownernode": 3 })).await.fails(400, 1097);
    bench.delete("nsip/10.20.0.10?args=td:5").await.fails(404, 258);
    bench.post("nsip", json!({ "ipaddress": "10.20.0.11" })).await.is(400, 1095, "Required argument missing [netmask]");
    let body = |mask: &str| json!({ "ipaddress": "10.20.0.11", "netmask": mask });
    bench.post("nsip", body("255.0.255.0")).await.is(400, 1111, "Invalid netmask [netmask, 255.0.255.0]");
    bench.post("nsip", body("255.255.0.0")).await.ok(201);
    bench.post("nsip", body("255.255.0.0")).await.is(409, 273, "Resource already exists [IPAddress, 10.20.0.11]");
    let item = bench.item("nsip?args=ipaddress:10.20.0.11").await;
    assert_eq!(
        (&item["type"], &item["iptype"], &item["mgmtaccess"]),
        (&json!("SNIP"), &json!(["SNIP"]), &json!("DISABLED"))
    );
    bench.put("nsip", json!({ "ipaddress": "10.20.0.11", "mgmtaccess": "ENABLED", "gui": "SECUREONLY" })).await.ok(200);
    let item = bench.item("nsip/10.20.0.11").await;
    assert_eq!((&item["mgmtaccess"], &item["gui"]), (&json!("ENABLED"), &json!("SECUREONLY")));
    bench.put("nsip", json!({ "ipaddress": "10.20.0.11", "type": "VIP" })).await.is(
        599,
        278,
        "Invalid argument [type]",
    );
    bench.post("nsip?action=disable", json!({ "ipaddress": "10.20.0.11" })).await.ok(200);
    assert_eq!(bench.word("nsip/10.20.0.11", "state").await, "DISABLED");
    bench.post("nsip?action=enable", json!({ "ipaddress": "10.20.0.11" })).await.ok(200);
    bench.post("nsip?action=disable", json!({ "ipaddress": "10.0.0.10" })).await.fails(599, 2392);
    bench.delete("nsip/10.0.0.10").await.fails(599, 257);
    bench.delete("nsip/10.20.0.11?args=td:0").await.ok(200);
    bench.delete("nsip/10.20.0.11").await.is(404, 258, "No such resource [IPAddress, 10.20.0.11]");
    bench.get("nsip?args=ipaddress:10.20.0.11").await.fails(404, 258);

    let vip = json!({ "ipaddress": "10.20.40.60", "netmask": "255.255.255.255", "type": "VIP" });
    bench.post("nsip", vip).await.ok(201);
    bench.vserver("vs", "TCP", "10.20.40.60", 80).await;
    assert_eq!(bench.word("nsip/10.20.40.60", "vipvsercount").await, "1");
    bench.delete("nsip/10.20.40.60").await.fails(599, 315);
    bench.delete("lbvserver/vs").await.ok(200);
    assert_eq!(bench.word("nsip/10.20.40.60", "vipvsercount").await, "0", "added by hand, so it stays");
    bench.delete("nsip/10.20.40.60").await.ok(200);
}

#[tokio::test]
async fn the_appliance_tells_about_itself() {
    let bench = Bench::empty().await;
    let name = bench.item("nshostname").await;
    assert_eq!((&name["hostname"], &name["ownernode"]), (&json!("ns01"), &json!("255")));
    bench.put("nshostname", json!({ "hostname": "adc1" })).await.ok(200);
    assert_eq!(bench.word("nshostname", "hostname").await, "adc1");
    let capacity = bench.get("nscapacity").await.json();
    assert_eq!(
        (&capacity["nscapacity"]["edition"], &capacity["nscapacity"]["actualbandwidth"]),
        (&json!("Platinum"), &json!("3000"))
    );
    let modes = bench.get("nsmode").await.json();
    assert_eq!((&modes["nsmode"]["usnip"], &modes["nsmode"]["mbf"]), (&json!(true), &json!(false)));
    bench.post("nsmode?action=enable", json!({ "mode": ["MACbasedforwarding", "USIP"] })).await.ok(200);
    bench.post("nsmode?action=disable", json!({ "mode": ["USNIP"] })).await.ok(200);
    let modes = bench.get("nsmode").await.json();
    assert_eq!(modes["nsmode"]["mode"], json!(["FR", "USIP", "MBF", "Edge", "L3", "PMTUD"]));
    bench.post("nsmode?action=enable", json!({ "mode": ["WARP"] })).await.is(
        400,
        1097,
        "Invalid argument value [WARP]",
    );
    let interfaces = bench.get("Interface").await.json();
    assert_eq!(interfaces["Interface"].as_array().map(Vec::len), Some(2));
    assert_eq!(bench.get("Interface/1%252F1").await.json()["Interface"][0]["id"], "1/1");
    let small = bench.get("interface").await.json();
    assert_eq!(small["Interface"], interfaces["Interface"], "plug-ins ask in small letters, exporters likewise");
    bench.get("clusterinstance").await.is(200, 0, "Done");
    let license = bench.get("nslicense").await.json();
    assert_eq!((&license["nslicense"]["rdpproxy"], &license["nslicense"]["modelid"]), (&json!(true), &json!("3000")));
}

#[tokio::test]
async fn a_gateway_has_more_than_app_controllers() {
    let bench = Bench::empty().await;
    let gateway = "_XM_ag.example.com";
    let sta = json!({ "name": gateway, "staserver": "https://xms.example.com:8443" });
    bench.put("vpnvserver_staserver_binding", sta.clone()).await.ok(201);
    bench.put("vpnvserver_staserver_binding", sta).await.fails(409, 273);
    let row = bench.item(&format!("vpnvserver_staserver_binding/{gateway}")).await;
    assert_eq!((&row["staauthid"], &row["stastate"]), (&json!(""), &json!("DOWN")));
    let policy = |name: &str| json!({ "name": gateway, "policy": name, "priority": 10 });
    let binding = "vpnvserver_vpnclientlessaccesspolicy_binding";
    bench.put(binding, policy("ns_cvpn_owa_policy")).await.ok(201);
    bench.put(binding, policy("nope")).await.is(404, 258, "No such resource [policy, nope]");
    let theme = |name: &str| json!({ "name": gateway, "portaltheme": name });
    bench.put("vpnvserver_vpnportaltheme_binding", theme("X1")).await.ok(201);
    bench.put("vpnvserver_vpnportaltheme_binding", theme("RfWebUI")).await.ok(201);
    let all = bench.item(&format!("vpnvserver_binding/{gateway}")).await;
    assert_eq!(all["vpnvserver_vpnportaltheme_binding"].as_array().map(Vec::len), Some(1));
    assert_eq!(all[binding][0]["priority"], "10");
    bench.post("vpnvserver?action=check", json!({ "name": gateway })).await.ok(200);
    bench.post("vpnvserver?action=check", json!({ "name": "nope" })).await.fails(404, 258);
    let path = "vpnvserver_staserver_binding";
    bench.delete(&format!("{path}/{gateway}?args=staserver:https%3A%2F%2Fxms.example.com%3A8443")).await.ok(200);
    bench
        .delete(&format!("{path}/{gateway}?args=staserver:https%3A%2F%2Fxms.example.com%3A8443"))
        .await
        .fails(404, 258);

    let url = "https://xms.example.com:8443";
    let global = "vpnglobal_appcontroller_binding";
    bench.get(global).await.is(200, 0, "Done");
    bench.put(global, json!({ "appcontroller": url })).await.ok(201);
    bench.put(global, json!({ "appcontroller": url })).await.fails(409, 273);
    assert_eq!(bench.word(global, "appcontroller").await, url);
    bench.delete(global).await.fails(400, 1095);
    bench.delete(&format!("{global}?args=appcontroller:https%3A%2F%2Fxms.example.com%3A8443")).await.ok(200);
    bench.get(global).await.is(200, 0, "Done");

    let global = "vpnglobal_staserver_binding";
    bench.put(global, json!({ "staserver": "http://sta.example.com" })).await.ok(201);
    assert_eq!(
        bench.item(global).await,
        json!({ "staserver": "http://sta.example.com", "staauthid": "", "stastate": "DOWN" })
    );
    bench.put(global, json!({ "staserver": "sta" })).await.is(400, 1097, "Invalid argument value [sta]");

    assert_eq!(bench.get("vpnparameter").await.json()["vpnparameter"]["sesstimeout"], "30");
    bench.put("vpnparameter", json!({ "sesstimeout": 60 })).await.ok(200);
    assert_eq!(bench.get("vpnparameter").await.json()["vpnparameter"]["sesstimeout"], "60");
}

#[tokio::test]
async fn pattern_sets_have_an_attribute_with_a_capital() {
    let bench = Bench::empty().await;
    let binding = "policypatset_pattern_binding";
    let domains = "ns_cvpn_default_inet_domains";
    assert_eq!(bench.word(&format!("policypatset/{domains}"), "builtin").await, json!(["MODIFIABLE"]));
    bench.put(binding, json!({ "name": domains, "String": "xms.example.com" })).await.ok(201);
    bench.put(binding, json!({ "name": domains, "string": "x" })).await.is(599, 278, "Invalid argument [string]");
    bench.put(binding, json!({ "name": domains, "String": "xms.example.com" })).await.fails(409, 273);
    assert_eq!(
        bench.item(&format!("{binding}/{domains}")).await,
        json!({ "name": domains, "String": "xms.example.com", "index": "1", "charset": "ASCII" })
    );
    bench.post("policypatset", json!({ "name": "mine" })).await.ok(201);
    bench.put(binding, json!({ "name": "mine", "String": "a", "index": 7 })).await.ok(201);
    bench.put(binding, json!({ "name": "mine", "String": "b" })).await.ok(201);
    let rows = bench.item("policypatset_binding/mine").await;
    assert_eq!(rows[binding][1]["index"], "8");
    bench.delete(&format!("{binding}/mine?args=String:a")).await.ok(200);
    bench.delete(&format!("{binding}/mine?args=String:a")).await.fails(404, 258);
    bench.delete("policypatset/mine").await.ok(200);
    bench.delete(&format!("policypatset/{domains}")).await.fails(599, 257);
}

#[tokio::test]
async fn content_switching_takes_an_address_like_any_other() {
    let bench = Bench::empty().await;
    bench.features(&["LB", "SSL"]).await;
    let body = json!({ "name": "cs", "servicetype": "SSL", "ipv46": "10.20.40.61", "port": 443 });
    let warning = bench.post("csvserver?warning=yes", body.clone()).await;
    assert_eq!(
        (warning.status, warning.headers["x-nitro-warning"].to_str().unwrap()),
        (209, "1067 - Feature(s) not enabled [CS]")
    );
    bench.post("csvserver", body).await.fails(409, 273);
    let other = json!({ "name": "lb", "servicetype": "SSL", "ipv46": "10.20.40.61", "port": 443 });
    bench.post("lbvserver", other).await.fails(409, 273);
    bench.features(&["CS"]).await;
    let item = bench.item("csvserver/cs").await;
    assert_eq!((&item["curstate"], &item["value"]), (&json!("DOWN"), &json!("Certkey not bound")));
    let certificate = json!({ "vservername": "cs", "certkeyname": "wildcard-example" });
    bench.put("sslvserver_sslcertkey_binding", certificate).await.ok(201);
    assert_eq!(bench.word("csvserver/cs", "curstate").await, "UP");
    assert_eq!(bench.word("nsip/10.20.40.61", "type").await, "VIP");
    bench.vserver("lb", "SSL", "10.20.40.62", 443).await;
    let target = json!({ "name": "cs", "lbvserver": "lb" });
    bench.put("csvserver_lbvserver_binding", target).await.ok(201);
    assert_eq!(bench.word("csvserver_cspolicy_binding/cs?count=yes", "__count").await, "0");
    bench.get("csvserver_cspolicy_binding/nobody").await.fails(404, 258);
    assert_eq!(bench.word("csvserver/cs", "lbvserver").await, "lb");
    bench.delete("csvserver_lbvserver_binding/cs?args=lbvserver:lb").await.ok(200);
    bench.post("csvserver?action=disable", json!({ "name": "cs" })).await.ok(200);
    assert_eq!(bench.word("csvserver/cs", "curstate").await, "OUT OF SERVICE");
    bench.delete("csvserver/cs").await.ok(200);
    bench.get("nsip/10.20.40.61").await.fails(404, 258);
}

#[tokio::test]
async fn name_servers_are_kept_and_never_up() {
    let bench = Bench::empty().await;
    bench.post("dnsnameserver", json!({ "ip": "10.20.0.53" })).await.ok(201);
    bench.post("dnsnameserver", json!({ "ip": "10.20.0.53" })).await.fails(409, 273);
    let item = bench.item("dnsnameserver").await;
    assert_eq!((&item["nameserverstate"], &item["port"], &item["type"]), (&json!("DOWN"), &json!(53), &json!("UDP")));
    bench.post("dnsnameserver?action=disable", json!({ "ip": "10.20.0.53" })).await.ok(200);
    assert_eq!(bench.word("dnsnameserver/10.20.0.53", "state").await, "DISABLED");
    bench.delete("dnsnameserver/10.20.0.53").await.ok(200);
    assert_eq!(bench.get("dnsnameserver").await.json().get("dnsnameserver"), None::<&Value>);
}

#[tokio::test]
async fn newer_attributes_are_kept() {
    let bench = Bench::start(Options { version: Version::V14_1, ..options() }).await;
    bench.chain().await;
    let member = json!({ "servicegroupname": "sg", "ip": "10.20.30.12", "port": 443, "order": 2, "dbsttl": 5 });
    bench.put("servicegroup_servicegroupmember_binding", member).await.ok(201);
    let row = bench.item("servicegroup_servicegroupmember_binding/sg?filter=ip:10.20.30.12").await;
    assert_eq!((&row["order"], &row["dbsttl"]), (&json!("2"), &json!(5)));
    let set = json!({ "servicegroupname": "sg", "servername": "xms01", "port": 443, "order": 1 });
    bench.put("servicegroup", set).await.ok(200);
    bench.group("late", "SSL_BRIDGE").await;
    let bound = json!({ "name": "vs", "servicegroupname": "late", "order": 3 });
    bench.put("lbvserver_servicegroup_binding", bound).await.ok(201);
    assert_eq!(bench.item("lbvserver_servicegroup_binding/vs?filter=servicegroupname:late").await["order"], "3");
    let item = bench.item("servicegroup/sg").await;
    assert_eq!(
        (&item["orderstr"], &item["dbsttl"], &item["nameserver"]),
        (&json!("Default"), &json!(0), &json!("0.0.0.0"))
    );
}

#[tokio::test]
async fn a_profile_on_an_ssl_virtual_server_takes_its_settings_over() {
    let bench = Bench::empty().await;
    bench.features(&["LB", "SSL"]).await;
    bench.vserver("mam", "SSL", "10.20.40.52", 8443).await;
    bench.put("sslvserver", json!({ "vservername": "mam", "tls1": "DISABLED", "sendclosenotify": "NO" })).await.ok(200);
    let item = bench.item("sslvserver/mam").await;
    assert_eq!(
        (&item["tls1"], &item["sendclosenotify"], &item["maxage"]),
        (&json!("DISABLED"), &json!("NO"), &json!("0"))
    );
    bench.put("sslvserver", json!({ "vservername": "mam", "sslprofile": "strict" })).await.ok(200);
    bench.put("sslvserver", json!({ "vservername": "mam", "tls1": "ENABLED" })).await.fails(599, 3679);
}

#[tokio::test]
async fn without_persistence_the_timeout_is_the_default_again() {
    let bench = Bench::empty().await;
    let body = json!({ "name": "vs", "servicetype": "SSL_BRIDGE", "ipv46": "10.20.40.51", "port": 443,
        "persistencetype": "SOURCEIP", "timeout": 20, "listenpriority": 5 });
    bench.post("lbvserver", body).await.ok(201);
    assert_eq!(bench.word("lbvserver/vs", "listenpriority").await, 5);
    let none = bench.put("lbvserver?warning=yes", json!({ "name": "vs", "persistencetype": "NONE" })).await;
    let warning = none.headers["x-nitro-warning"].to_str().unwrap();
    assert_eq!((none.status, warning), (209, "2369 - Unsetting Persistency, changing timeout to default"));
    assert_eq!(bench.word("lbvserver/vs", "timeout").await, 2);
}
