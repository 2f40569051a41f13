//! What the API shows of the cluster: gateways, certificates, licences, directories, devices.

use crate::nodes::support::Desk;
use serde_json::{Value, json};

#[tokio::test]
async fn gateways_have_one_default_at_most() {
    let desk = Desk::open().await;
    let token = desk.login(2).await;
    let call =
        async |method: &str, path: &str, body: Option<Value>| desk.call(2, Some(&token), method, path, body).await;
    let list = async || call("GET", "netscaler", None).await.json()["agList"].clone();
    assert_eq!(list().await[0]["callback"][0]["ip"], "198.51.100.21");
    let body =
        json!({ "name": "second", "url": "https://gw2.example.com", "passwordRequired": "false", "default": "true" });
    let reply = call("POST", "netscaler", Some(body.clone())).await;
    assert_eq!(reply.json(), json!({ "status": 0, "message": "Success", "agList": [] }));
    assert_eq!(call("POST", "netscaler", Some(body)).await.status, 500, "the name is taken");
    let defaults =
        async || list().await.as_array().unwrap().iter().map(|gateway| gateway["default"].clone()).collect::<Vec<_>>();
    assert_eq!(defaults().await, [false, true]);
    assert_eq!(call("PUT", "netscaler/default/1", None).await.status, 200);
    assert_eq!(defaults().await, [true, false]);
    let id = list().await[1]["id"].as_str().unwrap().to_owned();
    let body = json!({ "name": "third", "url": "https://gw3.example.com", "passwordRequired": true });
    assert_eq!(call("PUT", &format!("netscaler/{id}"), Some(body)).await.status, 200);
    assert_eq!(list().await[1]["name"], "third");
    assert_eq!(call("DELETE", &format!("netscaler/{id}"), None).await.status, 200);
    assert_eq!((call("DELETE", "netscaler/99", None).await.status, list().await.as_array().unwrap().len()), (500, 1));
    assert_eq!(call("POST", "netscaler", Some(json!({ "name": "x" }))).await.status, 400);
}

#[tokio::test]
async fn what_expires_counts_days_by_the_labs_clock() {
    let desk = Desk::open().await;
    let days = async || {
        let token = desk.login(0).await;
        let get = async |path: &str| desk.call(0, Some(&token), "GET", path, None).await.json();
        let (certificates, end, licences) =
            (get("certificates").await, get("licenses/getexpirationdate").await, get("licenses").await);
        let listener = &certificates["certificate"][0];
        assert_eq!(
            (&listener["validTo"], &listener["isActive"], &listener["privateKey"]),
            (&json!("2026-02-14"), &json!(true), &json!("true"))
        );
        assert_eq!(listener["certDetails"]["signatureAlgo"], "SHA256withECDSA", "as on the wire");
        assert!(listener["certDetails"]["serialNum"].as_str().unwrap().len() > 20, "{listener}");
        assert_eq!(certificates["apnsCheckObj"]["certExpired"], false);
        let list = &licences["cpLicenseServer"]["licenseList"][0];
        assert_eq!((&list["expirationDate"], &list["sadate"]), (&json!("30-JAN-2027"), &json!("2027.0130")));
        assert_eq!(licences["cpLicenseServer"]["isRestartLpeNeeded"], Value::Null);
        (listener["remainingDays"].clone(), end["daysBeforeExpire"].clone())
    };
    assert_eq!(days().await, (json!(40), json!(390)));
    desk.minutes(10 * 24 * 60).await;
    assert_eq!(days().await, (json!(30), json!(380)));
    let token = desk.login(0).await;
    let ldap = desk.call(0, Some(&token), "GET", "ldap", None).await.json();
    assert_eq!((ldap["adList"].as_array().unwrap().len(), &ldap["adList"][0]["password"]), (2, &json!("")));
    let body = |port: Value| Some(json!({ "serverAddress": "10.20.30.5", "remotePort": port }));
    for (port, connected) in [(json!("27000"), true), (json!(1), false)] {
        let reply = desk.call(0, Some(&token), "POST", "licenses/testserver", body(port)).await.json();
        assert_eq!(reply["isConnected"], connected);
    }
}

#[tokio::test]
async fn devices_are_counted_filtered_and_paged() {
    let desk = Desk::open().await;
    let token = desk.login(0).await;
    let filter = async |body: Value| desk.call(0, Some(&token), "POST", "device/filter", Some(body)).await;
    let reply = filter(json!({
        "start": 0, "limit": 1, "sortColumn": "ID", "sortOrder": "ASC", "enableCount": "true",
        "filterIds": "['device.mode.enterprise.managed']",
    }));
    let reply = reply.await.json();
    assert_eq!((&reply["totalCount"], &reply["matchedRecords"]), (&json!(1310), &json!(1204)));
    let first = &reply["filteredDevicesDataList"][0];
    assert_eq!(
        (&first["id"], &first["lastAccess"], &first["platform"]),
        (&json!(1), &json!("1/5/26 7:00 AM"), &json!("iOS"))
    );
    assert_eq!(reply["currentFilter"]["selectedFilters"], json!(["device.mode.enterprise.managed"]));
    assert_eq!(reply["currentFilter"]["detail"][0]["nodes"][4]["value"], 1204);
    assert_eq!(reply["currentFilter"]["detail"][0]["value"], 1310, "a group has all of its filters");
    for odd in [json!([]), json!("x"), json!({ "start": {} })] {
        assert_eq!(filter(odd.clone()).await.status, 400, "{odd}");
    }
    let one = desk.call(0, Some(&token), "GET", "device/17", None).await.json();
    assert_eq!(one["device"]["blueToothMacAccress"], "02:00:00:00:00:11");

    let all = filter(json!({})).await.json();
    assert_eq!((&all["matchedRecords"], all["filteredDevicesDataList"].as_array().unwrap().len()), (&json!(1310), 10));
    assert_eq!(all["currentFilter"]["detail"][0]["nodes"][4]["value"], -1);
    let page = filter(json!({ "start": "1300", "limit": "50" })).await.json();
    assert_eq!(page["filteredDevicesDataList"].as_array().unwrap().len(), 10);
    let last = filter(json!({ "sortOrder": "DESC", "limit": 1 })).await.json();
    assert_eq!(last["filteredDevicesDataList"][0]["id"], 1310);
    let one = filter(json!({ "search": "USER0042" })).await.json();
    assert_eq!((&one["matchedRecords"], &one["filteredDevicesDataList"][0]["id"]), (&json!(1), &json!(42)));

    let count = async |ids: &str| {
        filter(json!({ "limit": 0, "filterIds": ids })).await.json()["matchedRecords"].as_u64().unwrap()
    };
    let (ios, android) = (count("['device.platform.ios']").await, count("[\"device.platform.android\"]").await);
    assert_eq!(count("['device.platform.ios','device.platform.android']").await, ios + android, "either");
    let both = count("['device.platform.ios','device.mode.mam.managed']").await;
    assert!(both > 0 && both <= 30, "both: {both}");
    assert!(count("['device.inactive.time.7.days']").await > count("['device.inactive.time.30.days']").await);
    assert_eq!(count("['device.no.such']").await, 0);
    assert_eq!(filter(json!({ "filterIds": ["device.platform.ios"] })).await.status, 400, "a list is not a string");
}

#[tokio::test]
async fn devices_are_sorted_named_and_acted_on() {
    let desk = Desk::open().await;
    let token = desk.login(0).await;
    let call =
        async |method: &str, path: &str, body: Option<Value>| desk.call(0, Some(&token), method, path, body).await;
    let body = json!({ "limit": 1, "sortColumn": "LASTAUTENTICATED", "sortOrder": "ASC", "enableCount": true });
    let reply = call("POST", "device/filter", Some(body)).await.json();
    assert_eq!(reply["filteredDevicesDataList"][0]["inactivityDays"], "41", "the longest away");
    let counted = reply["currentFilter"]["detail"].to_string();
    assert!(counted.contains("device.status.enrollment.program.registred"), "misspelt as in life");
    assert_eq!(call("GET", "device/17", None).await.json()["device"]["id"], 17);
    for id in ["0", "1311", "x"] {
        let reply = call("GET", &format!("device/{id}"), None).await;
        assert_eq!((reply.status, &reply.json()["status"]), (500, &json!(1001)), "{id}");
    }
    assert_eq!(call("POST", "device/lock", Some(json!([1, "2"]))).await.json()["status"], 0);
    let failed = call("POST", "device/lock", Some(json!([1, 9999]))).await.json();
    assert_eq!((&failed["status"], &failed["message"]), (&json!(-1), &Value::Null), "no message at the top");
    let list = &failed["deviceActionMessages"]["devicesActionParameters"]["messageList"];
    assert_eq!((list.as_array().unwrap().len(), &list[0]["id"]), (1, &json!("9999")));
}
