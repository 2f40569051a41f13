//! Files and the certificates read from them: NITRO reference 3.13, 3.28 and 6.1.

use crate::common::{Bench, WHERE, pair, upload};
use serde_json::{Value, json};

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

/// A pair from outside, with the older form of a key; the CA of the lab can make no RSA keys.
#[tokio::test]
async fn pairs_of_other_makers_are_read_too() {
    let bench = Bench::empty().await;
    upload(&bench, "rsa.cer", include_bytes!("files/rsa.cer")).await;
    upload(&bench, "rsa.key", include_bytes!("files/rsa.key")).await;
    bench.post("sslcertkey", json!({ "certkey": "rsa", "cert": "rsa.cer", "key": "rsa.key" })).await.ok(201);
    let item = bench.item("sslcertkey/rsa").await;
    for (name, value) in [
        ("signaturealg", json!("sha256WithRSAEncryption")),
        ("certificatetype", json!(["SRVR_CERT"])),
        ("serial", json!("0A1B2C")),
        ("subject", json!("C=US,O=Example, Inc.,CN=rsa.example.com")),
        ("publickey", json!("rsaEncryption")),
        ("publickeysize", json!(2048)),
        ("sandns", json!("rsa.example.com")),
        ("sanipadd", json!("10.0.0.1")),
    ] {
        assert_eq!(item[name], value, "{name}");
    }
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
