//! Facts added to the NITRO reference later, section 6.2: each a vector of its own.

use crate::common::{BIND, Bench, CERT, WHERE, options, upload};
use lab::{Choices, Options, RecordExists, RecordRows, Version};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::json;

const NO_SET: &str = "Invalid value [set command not present for this resource]";
const HOST: &str = "xms.example.com";

async fn with_choices(choices: Choices) -> Bench {
    Bench::start(Options { choices, ..options() }).await
}

#[tokio::test]
async fn what_is_only_made_and_removed_has_no_set() {
    let bench = Bench::empty().await;
    let record = json!({ "hostname": HOST, "ipaddress": "10.20.40.52" });
    bench.put("dnsaddrec", record.clone()).await.is(400, 1074, NO_SET);
    bench.post("dnsaddrec?idempotent=yes", record.clone()).await.is(400, 1074, NO_SET);
    assert_eq!(bench.get("dnsaddrec").await.json().get("dnsaddrec"), None, "nothing came of it");
    bench.post("dnsaddrec", record).await.ok(201);
    // Its siblings: whatever cannot be changed where it is.
    bench.put("policypatset", json!({ "name": "p" })).await.is(400, 1074, NO_SET);
    bench.post("policypatset?idempotent=yes", json!({ "name": "p" })).await.is(400, 1074, NO_SET);
    bench.put("systemfile", json!({ "filename": "x", "filelocation": "/nsconfig/ssl" })).await.is(400, 1074, NO_SET);
    // Builds that do not know the option read over it.
    let old = Bench::start(Options { version: Version::V10_5, ..options() }).await;
    old.post("dnsaddrec?idempotent=yes", json!({ "hostname": HOST, "ipaddress": "10.20.40.52" })).await.ok(201);
}

#[tokio::test]
async fn a_record_that_is_there_is_an_address_in_use() {
    let record = || json!({ "hostname": HOST, "ipaddress": "10.20.40.52" });
    let bench = Bench::empty().await;
    bench.post("dnsaddrec", record()).await.ok(201);
    bench.post("dnsaddrec", record()).await.is(409, 304, "Address already in use");
    bench.post("dnsaddrec", json!({ "hostname": HOST, "ipaddress": "10.20.40.53" })).await.ok(201);
    let other = with_choices(Choices { record_exists: RecordExists::Exists, ..Choices::default() }).await;
    other.post("dnsaddrec", record()).await.ok(201);
    other.post("dnsaddrec", record()).await.is(409, 273, "Resource already exists [IPAddress, 10.20.40.52]");
}

#[tokio::test]
async fn a_record_may_be_listed_as_something_remembered() {
    for (rows, all, adns) in
        [(RecordRows::Proxy, &["PROXY"][..], &[][..]), (RecordRows::Both, &["ADNS", "PROXY"], &["ADNS"])]
    {
        let bench = with_choices(Choices { record_rows: rows, ..Choices::default() }).await;
        bench.post("dnsaddrec", json!({ "hostname": HOST, "ipaddress": "10.20.40.52" })).await.ok(201);
        let kinds = async |path: &str| -> Vec<String> {
            let reply = bench.get(path).await.json();
            let rows = reply["dnsaddrec"].as_array().cloned().unwrap_or_default();
            rows.iter().map(|row| row["authtype"].as_str().unwrap().to_owned()).collect()
        };
        assert_eq!(kinds("dnsaddrec").await, all, "{rows:?}");
        assert_eq!(kinds(&format!("dnsaddrec/{HOST}")).await, all, "{rows:?}");
        assert_eq!(kinds("dnsaddrec?args=type:ADNS").await, adns, "{rows:?}");
        assert_eq!(kinds("dnsaddrec?args=type:PROXY").await, ["PROXY"], "{rows:?}");
        // Whatever the list says, it is configured once.
        let text = bench.get("nsrunningconfig").await.json()["nsrunningconfig"]["response"].to_string();
        assert_eq!(text.matches("add dns addRec xms.example.com 10.20.40.52").count(), 1, "{text}");
        bench.post("dnsaddrec", json!({ "hostname": HOST, "ipaddress": "10.20.40.52" })).await.fails(409, 304);
        bench.delete(&format!("dnsaddrec/{HOST}?args=ipaddress:10.20.40.52")).await.ok(200);
        assert_eq!(kinds("dnsaddrec").await, Vec::<String>::new());
    }
}

#[tokio::test]
async fn a_group_that_scales_itself_is_switched_by_nobody() {
    let bench = Bench::empty().await;
    bench.features(&["LB", "SSL"]).await;
    bench.post("server", json!({ "name": "nodes", "domain": "nodes.example.com" })).await.ok(201);
    let group = json!({ "servicegroupname": "sg", "servicetype": "SSL", "autoscale": "DNS" });
    bench.post("servicegroup", group).await.ok(201);
    let whole = || json!({ "servicegroupname": "sg" });
    let member = || json!({ "servicegroupname": "sg", "servername": "nodes", "port": 8443 });
    bench.post("servicegroup?action=disable", whole()).await.ok(200);
    bench.post("servicegroup?action=enable", whole()).await.ok(200);
    bench.member("sg", "nodes", 8443).await;
    let sentence = "Operation not permitted [Enabling / Disabling is not permitted as it has auto scale members]";
    for path in ["servicegroup?action=enable", "servicegroup?action=disable"] {
        bench.post(path, whole()).await.is(599, 257, sentence);
        bench.post(path, member()).await.is(599, 257, sentence);
    }
    assert_eq!(bench.word("servicegroup/sg", "state").await, "ENABLED");
    bench.post("servicegroup?action=rename", json!({ "servicegroupname": "sg", "newname": "sg2" })).await.ok(200);
}

#[tokio::test]
async fn only_a_cas_certificate_is_unbound_with_its_checks() {
    let bench = Bench::empty().await;
    bench.mam("mam", "sg").await;
    let bind = |body| bench.put(CERT, body);
    bind(json!({ "vservername": "mam", "certkeyname": "wildcard-example", "snicert": true })).await.ok(201);
    bind(json!({ "vservername": "mam", "certkeyname": "Example-Issuing-CA", "ca": true })).await.ok(201);
    let unbind = async |args: &str| bench.delete(&format!("{CERT}/mam?args={args}")).await;
    let sni = "certkeyname:wildcard-example,snicert:true";
    let refusal = "Argument pre-requisite missing [ocspCheck, CA]";
    unbind(&format!("{sni},ca:false,ocspcheck:Optional")).await.is(400, 1093, refusal);
    unbind(&format!("{sni},crlcheck:Optional")).await.is(400, 1093, "Argument pre-requisite missing [crlCheck, CA]");
    unbind(sni).await.ok(200);
    unbind("certkeyname:Example-Issuing-CA,ca:true,ocspcheck:Optional").await.ok(200);
    bench.post("lbmonitor", json!({ "monitorname": "m", "type": "TCP", "secure": "YES" })).await.ok(201);
    let shown = json!({ "monitorname": "m", "certkeyname": "wildcard-example" });
    bench.put("lbmonitor_sslcertkey_binding", shown).await.ok(201);
    let path = "lbmonitor_sslcertkey_binding/m?args=certkeyname:wildcard-example";
    bench.delete(&format!("{path},ocspcheck:Optional")).await.is(400, 1093, refusal);
    bench.delete(path).await.ok(200);
}

#[tokio::test]
async fn several_are_removed_by_an_action() {
    let bench = Bench::empty().await;
    bench.chain().await;
    bench.vserver("other", "HTTP", "10.20.40.60", 80).await;
    let gone = json!([{ "name": "vs" }, { "name": "other" }]);
    bench.post("lbvserver?action=rm", gone).await.ok(200);
    assert_eq!(bench.get("lbvserver").await.json().get("lbvserver"), None);
    // One, and each absence as a DELETE tells it.
    bench.post("lbvserver?action=rm", json!({ "name": "vs" })).await.is(404, 258, "No such resource [name, vs]");
    bench.server("spare", "10.20.30.12").await;
    let reply = bench.post("server?action=rm", json!([{ "name": "spare" }, { "name": "xms01" }])).await;
    reply.is(207, 1243, "Bulk operation failed");
    assert_eq!(reply.json()["response"][0]["errorcode"], 315, "a member's server is in use");
    // Bindings, and what is removed by more than its name.
    bench.vserver("vs", "SSL_BRIDGE", "10.20.40.51", 443).await;
    bench.bind("vs", "sg").await;
    let bindings = json!([{ "name": "vs", "servicegroupname": "sg" }]);
    bench.post(&format!("{BIND}?action=rm"), bindings.clone()).await.ok(200);
    bench.post(&format!("{BIND}?action=rm"), bindings).await.fails(404, 1303);
    upload(&bench, "x.cer", b"x").await;
    bench.post("systemfile?action=rm", json!({ "filename": "x.cer", "filelocation": "/nsconfig/ssl" })).await.ok(200);
    bench.get(&format!("systemfile/x.cer?{WHERE}")).await.fails(404, 258);
    // What cannot be deleted is not removed either, and nothing else than its name and `args` belongs there.
    bench.post("nsconfig?action=rm", json!({})).await.fails(400, 1240);
    bench.post("lbvserver?action=rm", json!({ "name": "vs", "port": 443 })).await.is(
        599,
        278,
        "Invalid argument [port]",
    );
    let lines: Vec<String> = bench.lab.cli().into_iter().map(|record| record.line).collect();
    assert!(lines.contains(&"rm lb vserver other".to_owned()), "{lines:?}");
    assert!(lines.contains(&"unbind lb vserver vs sg".to_owned()), "{lines:?}");
}

#[tokio::test]
async fn what_is_too_long_is_told_with_its_limit() {
    let bench = Bench::empty().await;
    let file = json!({ "filename": "n".repeat(64), "filelocation": "/nsconfig/ssl", "filecontent": "eA==" });
    bench.post("systemfile", file).await.is(400, 1106, "String length exceeds maximum [fileName, 63]");
    let server = json!({ "name": "n".repeat(128), "ipaddress": "10.0.0.1" });
    bench.post("server", server).await.is(400, 1106, "String length exceeds maximum [name, 127]");
}

#[tokio::test]
async fn old_releases_want_short_names_of_certificate_keys() {
    let name = "wildcard-example-com-2026-berlin";
    assert_eq!(name.len(), 32);
    let add = |name: &str| json!({ "certkey": name, "cert": "wildcard-example.cer", "key": "wildcard-example.key" });
    let refusal = "String length exceeds maximum [certkeyName, 31]";
    for version in [Version::V10_5, Version::V12_1] {
        let bench = Bench::start(Options { version, ..options() }).await;
        bench.post("sslcertkey", add(name)).await.is(400, 1106, refusal);
        bench.post("sslcertkey", add(&name[..31])).await.ok(201);
        bench.mam("mam", "sg").await;
        bench.put(CERT, json!({ "vservername": "mam", "certkeyname": name })).await.is(400, 1106, refusal);
        let link = json!({ "certkey": &name[..31], "linkcertkeyname": name });
        bench.post("sslcertkey?action=link", link).await.is(
            400,
            1106,
            "String length exceeds maximum [linkCertKeyName, 31]",
        );
    }
    for version in [Version::V13_0, Version::V14_1] {
        let bench = Bench::start(Options { version, ..options() }).await;
        bench.post("sslcertkey", add(name)).await.ok(201);
    }
}

#[tokio::test]
async fn names_have_characters_beyond_ascii() {
    let bench = Bench::empty().await;
    let name = "Let’s Encrypt Müller";
    upload(&bench, "ca.cer", crate::common::pair("ca.example.com").0.as_bytes()).await;
    bench.post("sslcertkey", json!({ "certkey": name, "cert": "ca.cer" })).await.ok(201);
    bench.post("sslcertkey?action=unlink", json!({ "certkey": "wildcard-example" })).await.ok(200);
    let link = json!({ "certkey": "wildcard-example", "linkcertkeyname": name });
    bench.post("sslcertkey?action=link", link).await.ok(200);
    assert_eq!(bench.word("sslcertkey/wildcard-example", "linkcertkeyname").await, name);
    let twice = (0..2).fold(name.to_owned(), |text, _| utf8_percent_encode(&text, NON_ALPHANUMERIC).to_string());
    assert_eq!(bench.word(&format!("sslcertkey/{twice}"), "certkey").await, name);
    bench.post("sslcertkey?action=unlink", json!({ "certkey": "wildcard-example" })).await.ok(200);
    bench.delete(&format!("sslcertkey/{twice}")).await.ok(200);
    bench.post("server", json!({ "name": "a\u{7f}b", "ipaddress": "10.0.0.1" })).await.fails(400, 1075);
}

#[tokio::test]
async fn policies_of_virtual_servers_can_be_asked_for() {
    let bench = Bench::empty().await;
    bench.chain().await;
    let nothing = r#"{ "errorcode": 0, "message": "Done", "severity": "NONE" }"#;
    for kind in ["appfwpolicy", "rewritepolicy", "responderpolicy", "cachepolicy", "cmppolicy", "transformpolicy"] {
        for path in [format!("lbvserver_{kind}_binding/vs"), format!("lbvserver_{kind}_binding?bulkbindings=yes")] {
            let reply = bench.get(&path).await;
            assert_eq!((reply.status, reply.text.as_str()), (200, nothing), "{path}");
        }
        bench.get(&format!("lbvserver_{kind}_binding/nope")).await.is(404, 258, "No such resource [name, nope]");
    }
    bench.post("csvserver", json!({ "name": "cs", "servicetype": "HTTP" })).await.ok(201);
    assert_eq!(bench.get("csvserver_rewritepolicy_binding/cs").await.text, nothing);
    assert_eq!(bench.get("vpnvserver_cachepolicy_binding/_XM_ag.example.com").await.text, nothing);
}
