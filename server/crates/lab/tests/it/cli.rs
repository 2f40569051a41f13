//! The CLI form of writes, against the table of the NITRO reference, section 4.3.

use crate::common::{BIND, Bench, CERT, MEMBER};
use serde_json::json;

const MDM: &str = "_XM_LB_MDM_xms.example.com_10.0.10.51_443";
const MDM_8443: &str = "_XM_LB_MDM_xms.example.com_10.0.10.51_8443";
const GATEWAY: &str = "_XM_ag.example.com";
const CONTROLLER: &str = "vpnvserver_appcontroller_binding";
const URL: &str = "https://xms.example.com:8443";
const MAM: &str = "_XM_MAM_LB_10.0.10.52_8443";

fn lines(bench: &Bench) -> Vec<String> {
    bench.lab.cli().into_iter().map(|record| record.line).collect()
}

/// Steps 1 to 9, 11 to 17b and 19.
async fn apply(bench: &Bench) {
    bench.features(&["LB", "SSL", "SSLVPN"]).await;
    bench.server("xms01", "10.0.20.11").await;
    bench.server("xms02", "10.0.20.12").await;
    bench.group("sg_xm_mdm_443", "SSL_BRIDGE").await;
    bench.group("sg_xm_mdm_8443", "SSL_BRIDGE").await;
    bench.group("sg_xm_mam_8443", "SSL").await;
    for (server, id) in [("xms01", "167777291"), ("xms02", "167777292")] {
        bench.member("sg_xm_mdm_443", server, 443).await;
        bench.member("sg_xm_mdm_8443", server, 8443).await;
        let body =
            json!({ "servicegroupname": "sg_xm_mam_8443", "servername": server, "port": 8443, "customserverid": id });
        bench.put(MEMBER, body).await.ok(201);
    }
    for (name, port) in [(MDM, 443), (MDM_8443, 8443)] {
        let body = json!({ "name": name, "servicetype": "SSL_BRIDGE", "ipv46": "10.0.10.51", "port": port,
            "persistencetype": "SOURCEIP", "timeout": 20 });
        bench.post("lbvserver", body).await.ok(201);
    }
    let body = json!({ "name": MAM, "servicetype": "SSL", "ipv46": "10.0.10.52", "port": 8443,
        "persistencetype": "CUSTOMSERVERID", "rule": "HTTP.REQ.COOKIE.VALUE(\"ACNODEID\")" });
    bench.post("lbvserver", body).await.ok(201);
    bench.bind(MDM, "sg_xm_mdm_443").await;
    bench.bind(MDM_8443, "sg_xm_mdm_8443").await;
    bench.bind(MAM, "sg_xm_mam_8443").await;
    bench.put(CERT, json!({ "vservername": MAM, "certkeyname": "wildcard-example" })).await.ok(201);
    bench.post("dnsaddrec", json!({ "hostname": "xms.example.com", "ipaddress": "10.0.10.52" })).await.ok(201);
    bench.put(CONTROLLER, json!({ "name": GATEWAY, "appcontroller": URL })).await.ok(201);
    bench.put("vpnsessionaction", json!({ "name": "AC_OS_10.20.40.40", "storefronturl": URL })).await.ok(200);
    bench.post("nsconfig?action=save", json!({})).await.ok(200);
}

#[tokio::test]
async fn the_procedure_reads_as_in_the_reference() {
    let bench = Bench::empty().await;
    apply(&bench).await;
    assert_eq!(
        lines(&bench),
        [
            "enable ns feature LB SSL SSLVPN",
            "add server xms01 10.0.20.11",
            "add server xms02 10.0.20.12",
            "add serviceGroup sg_xm_mdm_443 SSL_BRIDGE",
            "add serviceGroup sg_xm_mdm_8443 SSL_BRIDGE",
            "add serviceGroup sg_xm_mam_8443 SSL",
            "bind serviceGroup sg_xm_mdm_443 xms01 443",
            "bind serviceGroup sg_xm_mdm_8443 xms01 8443",
            "bind serviceGroup sg_xm_mam_8443 xms01 8443 -CustomServerID 167777291",
            "bind serviceGroup sg_xm_mdm_443 xms02 443",
            "bind serviceGroup sg_xm_mdm_8443 xms02 8443",
            "bind serviceGroup sg_xm_mam_8443 xms02 8443 -CustomServerID 167777292",
            "add lb vserver _XM_LB_MDM_xms.example.com_10.0.10.51_443 SSL_BRIDGE 10.0.10.51 443 -persistenceType SOURCEIP -timeout 20",
            "add lb vserver _XM_LB_MDM_xms.example.com_10.0.10.51_8443 SSL_BRIDGE 10.0.10.51 8443 -persistenceType SOURCEIP -timeout 20",
            r#"add lb vserver _XM_MAM_LB_10.0.10.52_8443 SSL 10.0.10.52 8443 -persistenceType CUSTOMSERVERID -rule "HTTP.REQ.COOKIE.VALUE(\"ACNODEID\")""#,
            "bind lb vserver _XM_LB_MDM_xms.example.com_10.0.10.51_443 sg_xm_mdm_443",
            "bind lb vserver _XM_LB_MDM_xms.example.com_10.0.10.51_8443 sg_xm_mdm_8443",
            "bind lb vserver _XM_MAM_LB_10.0.10.52_8443 sg_xm_mam_8443",
            "bind ssl vserver _XM_MAM_LB_10.0.10.52_8443 -certkeyName wildcard-example",
            "add dns addRec xms.example.com 10.0.10.52",
            r#"bind vpn vserver _XM_ag.example.com -appController "https://xms.example.com:8443""#,
            r#"set vpn sessionAction AC_OS_10.20.40.40 -storefronturl "https://xms.example.com:8443""#,
            "save ns config",
        ]
    );
    assert!(bench.lab.cli().iter().all(|record| record.appliance == "10.0.0.10"));
}

#[tokio::test]
async fn the_tear_down_reads_as_in_the_reference() {
    let bench = Bench::empty().await;
    apply(&bench).await;
    let before = lines(&bench).len();
    let url = "https%3A%2F%2Fxms.example.com%3A8443";
    bench.delete(&format!("{CONTROLLER}/{GATEWAY}?args=appcontroller:{url}")).await.ok(200);
    bench.delete("dnsaddrec/xms.example.com?args=ipaddress:10.0.10.52").await.ok(200);
    bench.delete(&format!("{CERT}/{MAM}?args=certkeyname:wildcard-example")).await.ok(200);
    bench.delete(&format!("{BIND}/{MDM}?args=servicegroupname:sg_xm_mdm_443")).await.ok(200);
    bench.delete(&format!("lbvserver/{MDM}")).await.ok(200);
    for server in ["xms01", "xms02"] {
        bench.delete(&format!("{MEMBER}/sg_xm_mdm_443?args=servername:{server},port:443")).await.ok(200);
    }
    for group in ["sg_xm_mdm_443", "sg_xm_mdm_8443", "sg_xm_mam_8443"] {
        bench.delete(&format!("servicegroup/{group}")).await.ok(200);
    }
    bench.delete("server/xms01").await.ok(200);
    assert_eq!(
        lines(&bench)[before..],
        [
            r#"unbind vpn vserver _XM_ag.example.com -appController "https://xms.example.com:8443""#,
            "rm dns addRec xms.example.com 10.0.10.52",
            &format!("unbind ssl vserver {MAM} -certkeyName wildcard-example"),
            &format!("unbind lb vserver {MDM} sg_xm_mdm_443"),
            &format!("rm lb vserver {MDM}"),
            "unbind serviceGroup sg_xm_mdm_443 xms01 443",
            "unbind serviceGroup sg_xm_mdm_443 xms02 443",
            "rm serviceGroup sg_xm_mdm_443",
            "rm serviceGroup sg_xm_mdm_8443",
            "rm serviceGroup sg_xm_mam_8443",
            "rm server xms01",
        ]
    );
}

#[tokio::test]
async fn changes_have_their_lines_too() {
    let bench = Bench::empty().await;
    bench.chain().await;
    let before = lines(&bench).len();
    let member = json!({ "servicegroupname": "sg", "servername": "xms01", "port": 443 });
    let drain =
        json!({ "servicegroupname": "sg", "servername": "xms01", "port": 443, "delay": 300, "graceful": "yes" });
    bench.post("servicegroup?action=disable", drain).await.ok(200);
    bench.post("servicegroup?action=enable", member).await.ok(200);
    let id = json!({ "servicegroupname": "sg", "servername": "xms01", "port": 443, "customserverid": "5" });
    bench.put("servicegroup", id).await.ok(200);
    let no_id = json!({ "servicegroupname": "sg", "servername": "xms01", "port": 443, "customserverid": true });
    bench.post("servicegroup?action=unset", no_id).await.ok(200);
    bench.put("lbvserver", json!({ "name": "vs", "trofspersistence": "DISABLED" })).await.ok(200);
    bench.put("lbvserver", json!({ "name": "vs", "ipv46": "10.20.40.52" })).await.ok(200);
    bench.put("lbvserver", json!({ "name": "vs", "comment": "two words" })).await.ok(200);
    bench.post("lbvserver?action=unset", json!({ "name": "vs", "timeout": true, "comment": true })).await.ok(200);
    bench.post("lbvserver?action=disable", json!({ "name": "vs" })).await.ok(200);
    bench.post("lbvserver?action=rename", json!({ "name": "vs", "newname": "vs 2" })).await.ok(200);
    bench.post("server?action=disable", json!({ "name": "xms01" })).await.ok(200);
    bench.post("server", json!({ "name": "x", "domain": "xms.example.com" })).await.ok(201);
    bench.post("server", json!({ "name": "x", "domain": "xms.example.com" })).await.fails(409, 273);
    bench.get("server").await;
    assert_eq!(
        lines(&bench)[before..],
        [
            "disable serviceGroup sg xms01 443 -delay 300 -graceFul YES",
            "enable serviceGroup sg xms01 443",
            "set serviceGroup sg xms01 443 -CustomServerID 5",
            "unset serviceGroup sg xms01 443 -CustomServerID",
            "set lb vserver vs -trofsPersistence DISABLED",
            "set lb vserver vs -IPAddress 10.20.40.52",
            r#"set lb vserver vs -comment "two words""#,
            "unset lb vserver vs -timeout -comment",
            "disable lb vserver vs",
            r#"rename lb vserver vs "vs 2""#,
            "disable server xms01",
            "add server x xms.example.com",
        ],
        "in order, writes that worked and nothing else"
    );
}

#[tokio::test]
async fn monitors_groups_and_services_read_as_the_command_reference_has_them() {
    let bench = Bench::empty().await;
    bench.chain().await;
    let before = lines(&bench).len();
    let monitor = json!({ "monitorname": "mon_xms", "type": "HTTP", "httprequest": "GET /", "respcode": ["200-302"],
        "secure": "YES", "interval": 10, "resptimeout": 5, "destport": 8443 });
    bench.post("lbmonitor", monitor).await.ok(201);
    let bound = json!({ "servicegroupname": "sg", "monitor_name": "mon_xms" });
    bench.put("servicegroup_lbmonitor_binding", bound).await.ok(201);
    bench.delete("servicegroup_lbmonitor_binding/sg?args=monitor_name:mon_xms").await.ok(200);
    bench.put("lbmonitor", json!({ "monitorname": "mon_xms", "type": "HTTP", "retries": 4 })).await.ok(200);
    bench.delete("lbmonitor/mon_xms?args=type:HTTP").await.ok(200);
    bench.post("lbgroup", json!({ "name": "pg", "persistencetype": "SOURCEIP", "timeout": 20 })).await.ok(201);
    bench.put("lbgroup_lbvserver_binding", json!({ "name": "pg", "vservername": "vs" })).await.ok(201);
    bench.delete("lbgroup_lbvserver_binding/pg?args=vservername:vs").await.ok(200);
    let service = json!({ "name": "svc", "servername": "xms01", "servicetype": "SSL_BRIDGE", "port": 8443 });
    bench.post("service", service).await.ok(201);
    bench.put("lbvserver_service_binding", json!({ "name": "vs", "servicename": "svc" })).await.ok(201);
    bench.delete("service/svc").await.ok(200);
    bench.post("nsip", json!({ "ipaddress": "10.20.0.11", "netmask": "255.255.0.0" })).await.ok(201);
    bench.delete("nsip/10.20.0.11").await.ok(200);
    bench.put("lbparameter", json!({ "retainservicestate": "ON" })).await.ok(200);
    bench.put("nshostname", json!({ "hostname": "adc1" })).await.ok(200);
    assert_eq!(
        lines(&bench)[before..],
        [
            "add lb monitor mon_xms HTTP -interval 10 -resptimeout 5 -destPort 8443 -secure YES -respCode 200-302 \
             -httpRequest \"GET /\"",
            "bind serviceGroup sg -monitorName mon_xms",
            "unbind serviceGroup sg -monitorName mon_xms",
            "set lb monitor mon_xms HTTP -retries 4",
            "rm lb monitor mon_xms HTTP",
            "add lb group pg -persistenceType SOURCEIP -timeout 20",
            "bind lb group pg vs",
            "unbind lb group pg vs",
            "add service svc xms01 SSL_BRIDGE 8443",
            "bind lb vserver vs svc",
            "rm service svc",
            "add ns ip 10.20.0.11 255.255.0.0",
            "rm ns ip 10.20.0.11",
            "set lb parameter -retainServiceState ON",
            "set ns hostName adc1",
        ]
    );
}
