//! Certificate keys in use: links, bindings, the SSL side of virtual servers. NITRO reference 3.13, 3.14 and 6.1.

use crate::common::{Bench, CERT, WHERE, pair, upload};
use lab::FaultSpec;
use serde_json::{Value, json};

#[tokio::test]
async fn links_updates_and_deletes() {
    let bench = Bench::empty().await;
    let act = |action: &str, body: Value| {
        let path = format!("sslcertkey?action={action}");
        let (bench, body) = (&bench, body);
        async move { bench.post(&path, body).await }
    };
    bench.delete("sslcertkey/Example-Issuing-CA").await.fails(599, 1541);
    act("unlink", json!({ "certkey": "expired-example" })).await.ok(200);
    act("unlink", json!({ "certkey": "expired-example" })).await.fails(404, 1542);
    assert_eq!(bench.item("sslcertkey/expired-example").await.get("linkcertkeyname"), None);
    let link = json!({ "certkey": "expired-example", "linkcertkeyname": "Example-Issuing-CA" });
    act("link", link.clone()).await.ok(200);
    act("link", link).await.fails(409, 273);
    act("link", json!({ "certkey": "expired-example", "linkcertkeyname": "nope" })).await.fails(404, 1540);
    bench.delete("sslcertkey/wildcard-example").await.fails(599, 1541);

    let before = bench.word("sslcertkey/wildcard-example", "serial").await;
    let (cert, key) = pair("new.example.com");
    upload(&bench, "new.cer", cert.as_bytes()).await;
    upload(&bench, "new.key", key.serialize_pem().as_bytes()).await;
    let half = json!({ "certkey": "wildcard-example", "cert": "new.cer" });
    act("update", half).await.fails(599, 1538);
    let whole = json!({ "certkey": "wildcard-example", "cert": "new.cer", "key": "new.key", "nodomaincheck": true });
    act("update", whole).await.ok(200);
    let after = bench.item("sslcertkey/wildcard-example").await;
    assert_ne!(after["serial"], before);
    assert_eq!((&after["cert"], &after["linkcertkeyname"]), (&json!("new.cer"), &json!("Example-Issuing-CA")));
    assert_eq!(bench.word(&format!("{CERT}/_XM_ag.example.com"), "certkeyname").await, "wildcard-example");

    bench.delete("sslcertkey/wrong-name-example").await.ok(200);
    bench.delete("sslcertkey/wrong-name-example").await.fails(404, 1540);
    bench.get("sslcertkey/wrong-name-example").await.fails(404, 258);
    let lines: Vec<String> = bench.lab.cli().into_iter().map(|record| record.line).collect();
    assert_eq!(
        lines,
        [
            "unlink ssl certKey expired-example",
            "link ssl certKey expired-example Example-Issuing-CA",
            r#"add system file new.cer -fileLocation "/nsconfig/ssl""#,
            r#"add system file new.key -fileLocation "/nsconfig/ssl""#,
            "update ssl certKey wildcard-example -cert new.cer -key new.key -noDomainCheck",
            "rm ssl certKey wrong-name-example",
        ]
    );
}

#[tokio::test]
async fn a_bound_certificate_brings_an_ssl_virtual_server_up() {
    let bench = Bench::empty().await;
    bench.mam("mam", "sg_mam").await;
    bench.advance(5).await;
    let look = async || {
        let item = bench.item("lbvserver/mam").await;
        (item["curstate"].clone(), item["value"].clone())
    };
    assert_eq!(look().await, (json!("DOWN"), json!("Certkey not bound")));
    assert_eq!(bench.get(&format!("{CERT}/mam")).await.json().get(CERT), None, "200 without a key");
    let bind = |name: &str| bench.put(CERT, json!({ "vservername": "mam", "certkeyname": name }));
    bind("nope").await.fails(404, 1540);
    bind("Example-Issuing-CA").await.is(599, 1547, "Certificate is not a server certificate");
    bind("wrong-name-example").await.ok(201);
    assert_eq!(look().await, (json!("UP"), Value::Null));
    bind("wrong-name-example").await.fails(409, 273);
    bench.post("nsfeature?action=disable", json!({ "feature": ["SSL"] })).await.ok(200);
    assert_eq!(look().await, (json!("DOWN"), json!("SSL feature disabled")));
    bench.features(&["SSL"]).await;
    let body = json!({ "vservername": "mam", "certkeyname": "wildcard-example" });
    let reply = bench.put(&format!("{CERT}?warning=yes"), body).await;
    reply.ok(209);
    assert_eq!(reply.headers["x-nitro-warning"], "1546 - Current certificate replaces the previous binding");
    assert_eq!(
        bench.item(&format!("{CERT}/mam")).await,
        json!({ "vservername": "mam", "certkeyname": "wildcard-example", "crlcheck": "Optional",
            "ocspcheck": "Optional", "cleartextport": 0, "ca": false, "snicert": false, "skipcaname": false })
    );
    bench.put(CERT, json!({ "vservername": "mam", "certkeyname": "Example-Issuing-CA", "ca": true })).await.ok(201);
    let users = bench.get("sslcertkey_sslvserver_binding/wildcard-example").await.json();
    let users = users["sslcertkey_sslvserver_binding"].as_array().unwrap().clone();
    assert_eq!(users.iter().map(|row| &row["servername"]).collect::<Vec<_>>(), ["mam", "_XM_ag.example.com"]);
    assert_eq!(bench.item("sslvserver_binding/mam").await[CERT].as_array().unwrap().len(), 2);
    let all = bench.get(&format!("{CERT}?bulkbindings=yes")).await.json();
    assert_eq!(all[CERT].as_array().unwrap().len(), 3);
    bench.get(CERT).await.fails(400, 1095);
    assert_eq!(bench.word(&format!("{CERT}/mam?filter=ca:true"), "certkeyname").await, "Example-Issuing-CA");

    let unbind = |args: &str| {
        let path = format!("{CERT}/mam{args}");
        let bench = &bench;
        async move { bench.delete(&path).await }
    };
    unbind("").await.is(400, 1095, "Required argument missing [certkeyName]");
    unbind("?args=certkeyname:wrong-name-example").await.fails(404, 1542);
    unbind("?args=certkeyname:Example-Issuing-CA").await.fails(404, 1542);
    unbind("?args=certkeyname:Example-Issuing-CA,ca:true").await.ok(200);
    unbind("?args=certkeyname:wildcard-example").await.ok(200);
    assert_eq!(look().await, (json!("DOWN"), json!("Certkey not bound")));
    let lines: Vec<String> = bench.lab.cli().into_iter().map(|record| record.line).collect();
    assert!(lines.contains(&"bind ssl vserver mam -certkeyName Example-Issuing-CA -CA".to_owned()), "{lines:?}");
}

#[tokio::test]
async fn ssl_sides_exist_by_themselves() {
    let bench = Bench::empty().await;
    bench.chain().await;
    bench.mam("mam", "sg_mam").await;
    let body = json!({ "vservername": "vs", "certkeyname": "wildcard-example" });
    bench.put(CERT, body).await.is(599, 1544, "Object's protocol type is not SSL [vs]");
    bench.get(&format!("{CERT}/nope")).await.is(404, 461, "No such Vserver [nope]");
    bench.put(CERT, json!({ "vservername": "nope", "certkeyname": "wildcard-example" })).await.fails(404, 461);
    let all = bench.get("sslvserver").await.json();
    let names: Vec<&Value> = all["sslvserver"].as_array().unwrap().iter().map(|row| &row["vservername"]).collect();
    assert_eq!(names, ["mam", "_XM_ag.example.com"]);
    bench.put("sslvserver", json!({ "vservername": "mam", "tls1": "disabled", "tls11": "DISABLED" })).await.ok(200);
    bench.post("sslvserver?action=unset", json!({ "vservername": "mam", "tls1": true })).await.ok(200);
    let item = bench.item("sslvserver/mam").await;
    assert_eq!(
        (&item["tls1"], &item["tls11"], &item["tls12"]),
        (&json!("ENABLED"), &json!("DISABLED"), &json!("ENABLED"))
    );
    bench.put("sslvserver", json!({ "vservername": "mam", "sslprofile": "strict" })).await.ok(200);
    bench.put("sslvserver", json!({ "vservername": "mam", "tls1": "DISABLED" })).await.fails(599, 3679);
    bench.post("sslvserver", json!({ "vservername": "mam" })).await.fails(400, 1240);
    bench.delete("lbvserver/mam").await.ok(200);
    bench.get("sslvserver/mam").await.fails(404, 461);
    // The certificate was bound to nothing but the gateway; without that it can go.
    bench.delete("vpnvserver/_XM_ag.example.com").await.ok(200);
    bench.delete("sslcertkey/wildcard-example").await.ok(200);
}

#[tokio::test]
async fn a_fault_can_strike_an_upload() {
    let bench = Bench::empty().await;
    let fault = FaultSpec {
        target: "netscaler".to_owned(),
        fault: "unavailable".to_owned(),
        times: 1,
        resource: Some("systemfile".to_owned()),
        ..FaultSpec::default()
    };
    bench.lab.fault(fault).await.unwrap();
    let file = json!({ "filename": "x", "filelocation": "/nsconfig/ssl", "filecontent": "eA==" });
    assert_eq!(bench.post("systemfile", file.clone()).await.status, 503);
    bench.post("systemfile", file).await.ok(201);
}

#[tokio::test]
async fn a_reset_brings_the_same_files_back() {
    let bench = Bench::empty().await;
    let serial = bench.word("sslcertkey/wildcard-example", "serial").await;
    bench.delete(&format!("systemfile/wildcard-example.cer?{WHERE}")).await.ok(200);
    bench.lab.reset(lab::Seed::SetUp).await.unwrap();
    let mut bench = bench;
    bench.login().await;
    assert_eq!(bench.word("sslcertkey/wildcard-example", "serial").await, serial);
    assert_eq!(
        bench.word(&format!("systemfile/wildcard-example.cer?{WHERE}"), "filename").await,
        "wildcard-example.cer"
    );
}
