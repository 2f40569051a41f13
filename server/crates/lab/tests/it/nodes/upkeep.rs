//! What a cluster's administrator changes through the API: certificates, licences, directories, accounts, roles.

use crate::nodes::support::{Desk, NODES, Reply, builder};
use p12_keystore::{Certificate, KeyStore, KeyStoreEntry, PrivateKey, PrivateKeyChain};
use rcgen::{BasicConstraints, CertificateParams, DnType, IsCa, Issuer, KeyPair};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

/// A multipart body, as plain as it gets.
async fn upload(desk: &Desk, token: &str, path: &str, data: Value, file: &[u8]) -> Reply {
    let mut body = format!(
        "--cut\r\nContent-Disposition: form-data; name=\"certImportData\"\r\n\r\n{data}\r\n--cut\r\n\
        Content-Disposition: form-data; name=\"uploadFile\"; filename=\"f\"\r\nContent-Type: application/octet-stream\r\n\r\n"
    )
    .into_bytes();
    body.extend(file);
    body.extend(b"\r\n--cut--\r\n");
    let request = desk.http.post(format!("{}/xenmobile/api/v1/{path}", desk.node(0).management));
    let request = request.header("auth_token", token).header("Content-Type", "multipart/form-data; boundary=cut");
    desk.send(request.body(body)).await
}

struct Paper {
    leaf: rcgen::Certificate,
    authority: rcgen::Certificate,
    key: KeyPair,
}

fn paper() -> Paper {
    let mut authority = CertificateParams::new(Vec::new()).unwrap();
    authority.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    authority.distinguished_name.push(DnType::CommonName, "Example CA");
    let authority_key = KeyPair::generate().unwrap();
    let signed = authority.self_signed(&authority_key).unwrap();
    let key = KeyPair::generate().unwrap();
    let mut leaf = CertificateParams::new(vec!["xms.example.com".to_owned()]).unwrap();
    leaf.distinguished_name.push(DnType::CommonName, "xms.example.com");
    let leaf = leaf.signed_by(&key, &Issuer::new(authority, authority_key)).unwrap();
    Paper { leaf, authority: signed, key }
}

fn pfx(paper: &Paper, password: &str) -> Vec<u8> {
    let certificates = [&paper.leaf, &paper.authority].map(|one| Certificate::from_der(one.der()).unwrap());
    let key = PrivateKey::from_der(&paper.key.serialize_der()).unwrap();
    let mut store = KeyStore::new();
    store.add_entry("listener", KeyStoreEntry::PrivateKeyChain(PrivateKeyChain::new(vec![1_u8], key, certificates)));
    store.writer(password).write().unwrap()
}

async fn shown(desk: &Desk, at: usize) -> String {
    let client = builder().tls_info(true).build().unwrap();
    let response = client.get(&desk.node(at).management).send().await.unwrap();
    let leaf = response.extensions().get::<reqwest::tls::TlsInfo>().unwrap().peer_certificate().unwrap().to_vec();
    hex::encode(Sha256::digest(leaf))
}

async fn restart(desk: &Desk, at: usize) {
    desk.lab.power_off(NODES[at]).await.unwrap();
    desk.lab.clear_faults().await.unwrap();
}

#[tokio::test]
async fn a_new_listener_is_listed_at_once_and_shown_after_a_restart() {
    let desk = Desk::open().await;
    let token = desk.login(0).await;
    let paper = paper();
    let new = hex::encode(Sha256::digest(paper.leaf.der()));
    let old = desk.node(0).fingerprint.clone();
    let data = |password: &str| {
        json!({ "password": password, "alias": "", "useAs": "listener", "uploadType": "keystore",
            "keystoreType": "PKCS12", "description": "2026" })
    };
    let path = "certificates/import/keystore/listener";
    let file = pfx(&paper, "secret");
    let refused = upload(&desk, &token, path, data("wrong"), &file).await;
    assert_eq!((refused.status, &refused.json()["status"]), (500, &json!(99913)));
    assert_eq!(upload(&desk, &token, path, data("secret"), b"nonsense").await.status, 500);
    assert_eq!(upload(&desk, &token, path, data("secret"), &file).await.json()["status"], 0);
    let list = desk.call(0, Some(&token), "GET", "certificates", None).await.json()["certificate"].clone();
    let find = |text: &str| list.as_array().unwrap().iter().find(|one| one["description"] == text).unwrap().clone();
    assert_eq!((&find("2026")["isActive"], &find("listener")["isActive"]), (&json!(true), &json!(false)));
    assert_eq!([shown(&desk, 0).await, shown(&desk, 1).await], [old.clone(), old.clone()]);
    assert_eq!(desk.state(1)["xms"]["restart_pending"], true);
    restart(&desk, 1).await;
    assert_eq!([shown(&desk, 0).await, shown(&desk, 1).await], [old, new], "one node still shows the old one");
    let (other, body) = (desk.login(1).await, json!({ "id": find("2026")["id"] }));
    let export = desk.call(1, Some(&other), "POST", "certificates/export", Some(body)).await;
    assert_eq!(export.header("content-type"), "application/octet-stream");
    assert!(export.text.starts_with("-----BEGIN CERTIFICATE-----\n"));
}

#[tokio::test]
async fn a_single_file_leaves_the_chain_behind() {
    let desk = Desk::open().await;
    let token = desk.login(0).await;
    let paper = paper();
    let pem = format!("{}{}{}", paper.leaf.pem(), paper.authority.pem(), paper.key.serialize_pem());
    let path = "certificates/import/certificate/listener";
    assert_eq!(upload(&desk, &token, path, json!({ "useAs": "listener" }), pem.as_bytes()).await.status, 200);
    let count = async || {
        let reply = desk.call(0, Some(&token), "GET", "certificates", None).await.json();
        reply["certificate"].as_array().unwrap().len()
    };
    assert_eq!(count().await, 4, "the leaf and no more");
    let without_key = upload(&desk, &token, path, json!({ "useAs": "listener" }), paper.leaf.pem().as_bytes()).await;
    assert_eq!(without_key.status, 500);
    let body = json!({ "commonName": "xms.example.com" });
    for method in ["GET", "POST"] {
        let reply = desk.call(0, Some(&token), method, "certificates/csr", Some(body.clone())).await.json();
        assert!(reply["csr"].as_str().unwrap().starts_with("-----BEGIN CERTIFICATE REQUEST-----"));
    }
    let delete = async |body: Value| desk.call(0, Some(&token), "DELETE", "certificates", Some(body)).await.status;
    assert_eq!((delete(json!(["2"])).await, delete(json!(["99"])).await, delete(json!({})).await), (500, 500, 400));
    assert_eq!(delete(json!([1])).await, 200, "the listener that was");
    assert_eq!(count().await, 3);
}

#[tokio::test]
async fn licences_have_a_server_and_a_switch() {
    let desk = Desk::open().await;
    let token = desk.login(0).await;
    let call =
        async |method: &str, path: &str, body: Option<Value>| desk.call(0, Some(&token), method, path, body).await;
    let server = async || call("GET", "licenses", None).await.json()["cpLicenseServer"].clone();
    let body = json!({ "serverAddress": "10.20.30.99", "remotePort": "27001" });
    assert_eq!(call("POST", "licenses", Some(body)).await.status, 200);
    let seen = server().await;
    assert_eq!((&seen["serverAddress"], &seen["remotePort"]), (&json!("10.20.30.99"), &json!(27001)));
    assert_eq!(call("DELETE", "licenses", None).await.status, 200);
    assert_eq!(server().await["isServerConfigured"], false);
    assert_eq!(call("GET", "licenses/activate/local", None).await.status, 200, "it changes state although it is a GET");
    assert_eq!((&server().await["isServerConfigured"], &server().await["serverType"]), (&json!(true), &json!("local")));
    assert_eq!(call("GET", "licenses/activate/other", None).await.status, 500);
    let file = b"SERVER this_host ANY\nINCREMENT CXM_ENTU_UD CITRIX 2027.1201 permanent 10\n";
    assert_eq!(upload(&desk, &token, "licenses/upload", json!({}), file).await.status, 200);
    assert_eq!(upload(&desk, &token, "licenses/upload", json!({}), b"nonsense").await.status, 400);
}

#[tokio::test]
async fn directories_come_and_go_and_keep_their_domain() {
    let desk = Desk::open().await;
    let token = desk.login(0).await;
    let call =
        async |method: &str, path: &str, body: Option<Value>| desk.call(0, Some(&token), method, path, body).await;
    let list = async || call("GET", "ldap", None).await.json()["adList"].as_array().unwrap().clone();
    let body = json!({ "domain": "new.example.com", "primaryHost": "10.20.30.10", "port": "636", "useSecure": "true",
        "username": "svc", "password": "secret", "userBaseDN": "dc=new", "groupBaseDN": "dc=new" });
    assert_eq!(call("POST", "ldap/msactivedirectory", Some(body.clone())).await.status, 200);
    assert_eq!(call("POST", "ldap/msactivedirectory", Some(body)).await.status, 500);
    assert_eq!(call("POST", "ldap/msactivedirectory", Some(json!({ "domain": "x" }))).await.status, 400);
    let seen = list().await[2].clone();
    assert_eq!((&seen["port"], &seen["useSecure"], &seen["password"]), (&json!(636), &json!(true), &json!("")));
    let path = "ldap/msactivedirectory/new.example.com";
    assert_eq!(call("PUT", path, Some(json!({ "domain": "other.example.com" }))).await.status, 400);
    assert_eq!(call("PUT", "ldap/default/new.example.com", None).await.status, 200);
    assert_eq!(list().await.iter().filter(|entry| entry["defaultDomain"] == true).count(), 1);
    assert_eq!(call("DELETE", "ldap/new.example.com", None).await.status, 500, "the default stays");
    assert_eq!(call("DELETE", "ldap/example.com", None).await.status, 200);
    assert_eq!(call("DELETE", "ldap/example.com", None).await.status, 500);
}

#[tokio::test]
async fn users_have_roles_and_roles_have_rights() {
    let desk = Desk::open().await;
    let token = desk.login(0).await;
    let call =
        async |method: &str, path: &str, body: Option<Value>| desk.call(0, Some(&token), method, path, body).await;
    let roles = call("GET", "rbac/roles", None).await.json();
    assert_eq!(roles["roles"], json!(["ADMIN", "DEVICE_PROVISIONING", "SUPPORT", "USER"]));
    assert!(call("GET", "rbac/permissiontree", None).await.text.contains("PUBLIC_API_ACCESS"));
    let role = |granted: bool| {
        json!({ "name": "API", "permissions": [{ "permission": "perm-access-PUBLIC_API_ACCESS-", "granted": granted }],
            "adGroups": [] })
    };
    assert_eq!(call("POST", "rbac/role", Some(role(true))).await.status, 200);
    let user = json!({ "username": "anna", "password": "one", "role": "API", "groups": ["MSP"], "attributes": {} });
    assert_eq!(call("POST", "localusersgroups", Some(user.clone())).await.status, 200);
    assert_eq!(call("POST", "localusersgroups", Some(user)).await.status, 500);
    assert_eq!(desk.try_login(1, "Anna", "one").await.status, 200, "on every node at once");
    let hers = desk.try_login(0, "anna", "one").await.json()["auth_token"].as_str().unwrap().to_owned();
    assert_eq!(desk.call(0, Some(&hers), "GET", "ldap", None).await.status, 200);
    assert_eq!(call("PUT", "rbac/role", Some(role(false))).await.status, 200);
    desk.call(0, Some(&hers), "GET", "ldap", None).await.is_page(403);
    desk.try_login(0, "anna", "one").await.is_page(403);
    assert_eq!(call("DELETE", "rbac/role/API", None).await.status, 500, "somebody has it");
    let reset = json!({ "username": "anna", "password": "two" });
    assert_eq!(call("PUT", "localusersgroups/resetpassword", Some(reset)).await.status, 200);
    assert_eq!(desk.try_login(0, "anna", "one").await.status, 401);
    let edit = json!({ "username": "anna", "password": "", "role": "ADMIN", "attributes": {} });
    assert_eq!(call("PUT", "localusersgroups", Some(edit)).await.status, 200);
    assert_eq!(desk.try_login(0, "anna", "two").await.status, 200, "an empty password keeps the old one");
    let unknown = call("GET", "localusersgroups/nobody", None).await;
    assert_eq!((unknown.status, &unknown.json()["status"]), (500, &json!(1250)));
    assert_eq!(call("GET", "localusersgroups/console-svc@example.com", None).await.status, 500, "not a local one");
    assert_eq!(call("DELETE", "groups/local/MSP", None).await.status, 500, "she is in it");
    assert_eq!(call("DELETE", "localusersgroups", Some(json!({ "x": 1 }))).await.status, 400);
    assert_eq!(call("DELETE", "localusersgroups", Some(json!(["anna"]))).await.status, 200);
    assert_eq!(call("DELETE", "groups/local/MSP", None).await.status, 200);
    assert_eq!(call("POST", "groups/local/New%20ones", None).await.status, 200);
    assert_eq!(call("GET", "groups/local", None).await.json()["groups"], json!(["AllUsers", "New ones"]));
}

#[tokio::test]
async fn of_each_kind_of_notifier_one_is_in_use() {
    let desk = Desk::open().await;
    let token = desk.login(0).await;
    let call =
        async |method: &str, path: &str, body: Option<Value>| desk.call(0, Some(&token), method, path, body).await;
    let list = async || call("GET", "notificationserver", None).await.json()["list"].as_array().unwrap().clone();
    assert_eq!(
        call("POST", "notificationserver/smtp", Some(json!({ "name": "second", "server": "x" }))).await.status,
        200
    );
    assert_eq!(call("POST", "notificationserver/sms", Some(json!({ "name": "texts" }))).await.status, 200);
    let id = list().await[1]["id"].to_string();
    assert_eq!(call("PUT", &format!("notificationserver/activate/smtp/{id}"), None).await.status, 200);
    let used: Vec<Value> = list().await.iter().map(|server| server["isActive"].clone()).collect();
    assert_eq!(used, [false, true, false]);
    assert_eq!(call("DELETE", &format!("notificationserver/{id}"), None).await.status, 500);
    assert_eq!(call("DELETE", "notificationserver/1", None).await.status, 200);
    assert_eq!(call("PUT", &format!("notificationserver/smtp/{id}"), Some(json!({ "server": "y" }))).await.status, 200);
    assert_eq!(list().await[0]["server"], "y");
}

#[tokio::test]
async fn what_is_only_read_has_its_own_shapes() {
    let desk = Desk::open().await;
    let token = desk.login(0).await;
    let call =
        async |method: &str, path: &str, body: Option<Value>| desk.call(0, Some(&token), method, path, body).await;
    let status = call("GET", "deliverygroups/getdeploymentstatus/AllUsers", None).await.json();
    assert_eq!(
        status,
        json!({ "name": "AllUsers", "nbSuccess": 1288, "nbFailure": 9, "nbPending": 13 }),
        "no envelope"
    );
    assert_eq!(call("POST", "deliverygroups/filter", Some(json!({}))).await.json()["dgListData"]["totalCount"], 1);
    assert_eq!(call("GET", "enrollment/info", None).await.json()["enrollmentInfo"]["defaultMode"], "classic");
    assert_eq!(call("GET", "enrollment/modes", None).await.json()["modes"].as_array().unwrap().len(), 2);
    call("GET", "environment", None).await.is_page(404);
    let devices = async |url: &str, limit: usize| {
        let body = json!({ "limit": limit, "filterIds": "['device.platform.ios']" }).to_string();
        let request = desk.http.post(format!("{}{url}", desk.node(0).management)).header("auth_token", &token);
        let reply = desk.send(request.header("Content-Type", "application/json").body(body)).await.json();
        reply["filteredDevicesDataList"].as_array().unwrap().len()
    };
    assert_eq!(devices("/xenmobile/api/v1/device/filter", 300).await, 300);
    assert_eq!(devices("/xenmobile/api/v1/device/filter/v2", 300).await, 300);
    assert_eq!(devices("/api/endpoint-management/devices/filter", 300).await, 100, "no more at once");
}

#[tokio::test]
async fn a_body_must_be_json_by_name_when_the_profile_says_so() {
    let desk = Desk::profiled("[rest.wrong_content_type]\nhttp = 415").await;
    let token = desk.login(0).await;
    let request = || desk.http.post(format!("{}/xenmobile/api/v1/device/filter", desk.node(0).management));
    desk.send(request().header("auth_token", &token).body("{}")).await.is_page(415);
    assert_eq!(desk.call(0, Some(&token), "POST", "device/filter", Some(json!({}))).await.status, 200);
}

#[tokio::test]
async fn settings_are_stored_at_once_and_in_force_after_a_restart() {
    let desk = Desk::open().await;
    let token = desk.login(0).await;
    let body = json!({ "name": "hibernate.c3p0.max_size", "value": 500 });
    desk.call(0, Some(&token), "PUT", "serverproperties", Some(body)).await;
    let waiting = |at: usize| desk.state(at)["xms"]["effective_until_restart"].clone();
    assert_eq!(waiting(1), json!({ "hibernate.c3p0.max_size": "200" }));
    restart(&desk, 1).await;
    assert_eq!((waiting(0), waiting(1)), (json!({ "hibernate.c3p0.max_size": "200" }), json!({})));
}
