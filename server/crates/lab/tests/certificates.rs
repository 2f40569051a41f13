//! Files, certificate keys, and the virtual servers that show them: NITRO reference 3.13, 3.14 and 6.1.

#![expect(clippy::unwrap_used, reason = "helpers of tests fail the test")]

mod common;

use base64::{Engine, prelude::BASE64_STANDARD};
use common::{Bench, CERT, upload};
use lab::FaultSpec;
use serde_json::{Value, json};

const WHERE: &str = "args=filelocation:%2Fnsconfig%2Fssl";

/// A key pair of its own: the certificate and its key as PEM.
fn pair(name: &str) -> (String, rcgen::KeyPair) {
    let made = rcgen::generate_simple_self_signed(vec![name.to_owned()]).unwrap();
    (made.cert.pem(), made.signing_key)
}

#[tokio::test]
async fn the_seed_has_one_that_fits_one_expired_and_one_with_the_wrong_name() {
    let bench = Bench::empty().await;
    let fits = bench.item("sslcertkey/wildcard-example").await;
    for (name, value) in [
        ("cert", json!("wildcard-example.cer")),
        ("key", json!("wildcard-example.key")),
        ("inform", json!("PEM")),
        ("signaturealg", json!("ecdsa-with-SHA256")),
        ("certificatetype", json!(["CLNT_CERT", "SRVR_CERT"])),
        ("issuer", json!("C=US,O=Example,CN=Example Issuing CA")),
        ("subject", json!("C=US,O=Example,CN=*.example.com")),
        ("clientcertnotbefore", json!("Dec  6 00:00:00 2025 GMT")),
        ("clientcertnotafter", json!("Jan  5 00:00:00 2027 GMT")),
        ("daystoexpiration", json!(364)),
        ("publickey", json!("id-ecPublicKey")),
        ("publickeysize", json!(256)),
        ("version", json!(3)),
        ("status", json!("Valid")),
        ("sandns", json!("*.example.com, example.com")),
        ("expirymonitor", json!("ENABLED")),
        ("notificationperiod", json!("30")),
        ("linkcertkeyname", json!("Example-Issuing-CA")),
        ("bundle", json!("NO")),
    ] {
        assert_eq!(fits[name], value, "{name}");
    }
    assert!(fits["serial"].as_str().unwrap().chars().all(|c| c.is_ascii_digit() || c.is_ascii_uppercase()));
    let expired = bench.item("sslcertkey/expired-example").await;
    assert_eq!((&expired["status"], &expired["daystoexpiration"]), (&json!("Expired"), &json!(0)));
    let wrong = bench.item("sslcertkey/wrong-name-example").await;
    assert_eq!((&wrong["sandns"], &wrong["status"]), (&json!("www.example.net"), &json!("Valid")));
    let ca = bench.item("sslcertkey/Example-Issuing-CA").await;
    assert_eq!((&ca["certificatetype"], ca.get("key")), (&json!(["ROOT_CERT"]), None));
    let listing = bench.get(&format!("systemfile?{WHERE}")).await.json();
    assert_eq!(listing["systemfile"].as_array().unwrap().len(), 7);

    let mut bench = bench;
    bench.advance(400 * 24 * 60 * 60).await;
    bench.login().await;
    assert_eq!(bench.word("sslcertkey/wildcard-example", "status").await, "Expired", "by the lab's clock");
}

#[tokio::test]
async fn files_come_and_go() {
    let bench = Bench::empty().await;
    let file = json!({ "filename": "x.cer", "filelocation": "/nsconfig/ssl", "filecontent": "YWJj" });
    bench.post("systemfile", file.clone()).await.ok(201);
    bench.post("systemfile", file).await.is(409, 1642, "Cannot create output file. File already exists");
    let item = bench.item(&format!("systemfile/x.cer?{WHERE}")).await;
    assert_eq!((&item["filecontent"], &item["filesize"]), (&json!("YWJj"), &json!("3")));
    let listing = bench.get(&format!("systemfile?{WHERE}")).await.json();
    assert!(listing["systemfile"].as_array().unwrap().iter().all(|row| row.get("filecontent").is_none()));
    bench.get("systemfile").await.is(400, 1095, "Required argument missing [fileLocation]");
    bench.get("systemfile/x.cer").await.fails(400, 1095);
    bench.delete("systemfile/x.cer").await.fails(400, 1095);
    bench.get("systemfile/x.cer?args=filelocation:%2Fvar%2Ftmp").await.fails(404, 258);
    bench.delete(&format!("systemfile/x.cer?{WHERE}")).await.ok(200);
    bench.delete(&format!("systemfile/x.cer?{WHERE}")).await.fails(404, 258);
    bench.get(&format!("systemfile/x.cer?{WHERE}")).await.fails(404, 258);

    let add = |name: String, location: &str, content: &str| {
        bench.post("systemfile", json!({ "filename": name, "filelocation": location, "filecontent": content }))
    };
    add("n".repeat(64), "/nsconfig/ssl", "").await.fails(400, 1106);
    add("n".repeat(63), "/nsconfig/ssl/", "").await.ok(201);
    add("n".to_owned(), &format!("/{}", "n".repeat(127)), "").await.fails(400, 1106);
    add("n".to_owned(), "/nowhere", "").await.fails(404, 258);
    add("../n".to_owned(), "/nsconfig/ssl", "").await.fails(400, 1097);
    add("n".to_owned(), "/nsconfig/ssl", "no base64").await.fails(400, 1097);
    let log = serde_json::to_string(&bench.lab.requests()).unwrap();
    assert!(!log.contains("YWJj"), "what is in a file is nobody's business");
    assert_eq!(bench.get("nsconfig").await.json()["nsconfig"]["configchanged"], false);
}

#[tokio::test]
async fn certificates_are_read_from_their_files() {
    let bench = Bench::empty().await;
    let (cert, key) = pair("one.example.com");
    let (other, _) = pair("two.example.com");
    upload(&bench, "one.cer", cert.as_bytes()).await;
    upload(&bench, "one.key", key.serialize_pem().as_bytes()).await;
    upload(&bench, "two.cer", other.as_bytes()).await;
    upload(&bench, "junk.key", b"no key at all").await;
    upload(&bench, "one.der", &key.serialize_der()).await;
    let add = |name: &str, cert: &str, key: &str| {
        bench.post("sslcertkey", json!({ "certkey": name, "cert": cert, "key": key }))
    };
    let missing = "Input file(s) not present or not accessible in current partition";
    add("one", "nope.cer", "one.key").await.is(599, 1647, missing);
    add("one", "one.cer", "nope.key").await.fails(599, 1647);
    add("one", "one.cer", "/var/tmp/one.key").await.fails(599, 1647);
    add("one", "two.cer", "one.key").await.is(599, 1538, "Certificate and private key do not match");
    add("one", "one.cer", "junk.key").await.fails(599, 1537);
    add("one", "one.key", "one.key").await.is(404, 1540, "Certificate does not exist");
    let pfx = json!({ "certkey": "one", "cert": "one.cer", "inform": "PFX" });
    bench.post("sslcertkey", pfx).await.fails(599, 460);
    add("one", "one.cer", "/nsconfig/ssl/one.key").await.ok(201);
    add("ONE", "one.cer", "one.key").await.is(409, 273, "Resource already exists [certkeyName, ONE]");
    assert_eq!(bench.word("sslcertkey/one", "certificatetype").await, json!(["CLNT_CERT", "SRVR_CERT"]));

    let period = json!({ "certkey": "one", "notificationperiod": 60 });
    bench.put("sslcertkey", period).await.ok(200);
    assert_eq!(bench.word("sslcertkey/one", "notificationperiod").await, "60");
    bench.put("sslcertkey", json!({ "certkey": "one", "cert": "two.cer" })).await.is(
        599,
        278,
        "Invalid argument [cert]",
    );
    bench.post("sslcertkey?action=unset", json!({ "certkey": "one", "notificationperiod": true })).await.ok(200);
    assert_eq!(bench.word("sslcertkey/one", "notificationperiod").await, "30");

    let late = json!({ "certkey": "late", "cert": "expired-example.cer", "key": "expired-example.key" });
    let reply = bench.post("sslcertkey?warning=yes", late).await;
    reply.ok(209);
    assert_eq!(reply.headers["x-nitro-warning"], "1589 - The certificate has expired");
}

#[tokio::test]
async fn pass_phrases_open_keys() {
    let bench = Bench::empty().await;
    let (cert, key) = pair("one.example.com");
    let plain = pkcs8::PrivateKeyInfoRef::try_from(key.serialized_der()).unwrap();
    let scheme =
        pkcs8::pkcs5::pbes2::Parameters::generate_pbkdf2_sha256_aes256cbc(1_000, b"saltsalt", [7; 16]).unwrap();
    let sealed = plain.encrypt_with_params(scheme, "open sesame").unwrap();
    let sealed = sealed.to_pem("ENCRYPTED PRIVATE KEY", pkcs8::LineEnding::LF).unwrap();
    upload(&bench, "one.cer", cert.as_bytes()).await;
    upload(&bench, "one.key", sealed.as_bytes()).await;
    let add = |extra: Value| {
        let mut body = json!({ "certkey": "one", "cert": "one.cer", "key": "one.key" });
        body.as_object_mut().unwrap().extend(extra.as_object().unwrap().clone());
        bench.post("sslcertkey", body)
    };
    let needed = "Invalid private key, or PEM pass phrase required for this private key";
    add(json!({})).await.is(599, 1537, needed);
    add(json!({ "passplain": "wrong" })).await.is(599, 1614, "Invalid password");
    add(json!({ "passplain": "open sesame" })).await.ok(201);
    assert_eq!(bench.item("sslcertkey/one").await.get("passplain"), None);
    let told = format!("{:?} {:?}", bench.lab.requests(), bench.lab.cli());
    assert!(!told.contains("sesame"));
    assert!(told.contains("add ssl certKey one -cert one.cer -key one.key -password"));
}

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
    let content = BASE64_STANDARD.encode("x");
    let file = json!({ "filename": "x", "filelocation": "/nsconfig/ssl", "filecontent": content });
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
