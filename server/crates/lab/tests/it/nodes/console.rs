//! The console's pages and internal calls, and app management.

use crate::nodes::support::{Desk, NODES, VERSION};
use serde_json::json;

#[tokio::test]
async fn the_login_page_is_on_three_ports() {
    let desk = Desk::open().await;
    let on_443 = desk.state(0)["ports"]["443"]["at"].as_str().unwrap().to_owned();
    for base in [&desk.node(0).management, &desk.node(0).enrolment, &format!("https://{on_443}")] {
        let reply = desk.send(desk.http.get(format!("{base}/zdm/login_xdm_uc.jsp"))).await;
        assert_eq!(reply.status, 200);
        assert!(reply.text.starts_with("<!DOCTYPE html>") && reply.text.contains("<title>XenMobile"));
        assert!(reply.text.contains("Citrix Systems") && reply.cookie("JSESSIONID").is_some());
    }
}

#[tokio::test]
async fn the_version_wants_a_referer_and_comes_in_two_forms() {
    let desk = Desk::open().await;
    assert_eq!(desk.version(0).await.json(), json!({ "status": 0, "message": "10.16.0.48", "result": null }));
    let xml = desk.send(desk.page(0, &format!(":8443{VERSION}")).header("Referer", "x")).await;
    assert_eq!(xml.text, "<result><message>10.16.0.48</message><status>0</status><result/></result>");
    desk.send(desk.page(0, VERSION)).await.is_page(403);
    for (accept, json) in
        [("APPLICATION/JSON", true), ("text/xml, application/json;q=0.5", false), ("*/*", false), ("", false)]
    {
        let asked = desk.page(0, &format!(":8443{VERSION}")).header("Referer", "x").header("Accept", accept);
        assert_eq!(desk.send(asked).await.text.starts_with('{'), json, "{accept}");
    }
}

#[tokio::test]
async fn server_info_is_what_devices_ask_first() {
    let desk = Desk::open().await;
    let reply = desk.send(desk.page(1, ":8443/zdm/cxf/public/getserverinfo")).await;
    assert_eq!((reply.status, reply.header("content-type")), (200, "application/xml"));
    assert!(reply.text.contains("<result><serverInfo><enrollmentConfig><enrollmentEnabled>true"));
}

#[tokio::test]
async fn a_console_session_is_a_new_cookie() {
    let desk = Desk::open().await;
    let log_in = async |password: &str, accept: &str| {
        let url = format!("{}/zdm/cxf/login", desk.node(0).management);
        let form = format!("login=administrator&password={password}");
        let request = desk.http.post(url).header("Content-Type", "application/x-www-form-urlencoded").body(form);
        desk.send(request.header("Accept", accept)).await
    };
    let password = desk.node(0).password.clone();
    assert_eq!(log_in("wrong", "application/json").await.status, 401);
    let reply = log_in(&password, "application/json").await;
    assert_eq!(reply.json(), json!({ "status": "OK" }));
    assert!(log_in(&password, "*/*").await.text.contains("<status>OK"));
    let updates = "/controlpoint/rest/releasemgmt/allupdates";
    assert_eq!(desk.send(desk.page(0, updates)).await.status, 401);
    let cookie = format!("a=b; JSESSIONID={}", reply.cookie("JSESSIONID").unwrap());
    let reply = desk.send(desk.page(0, updates).header("Cookie", &cookie)).await;
    assert_eq!(reply.json()["message"], "Success");
    assert!(reply.text.contains("\"release\":\"10.16.0.10100\""));
    assert_eq!(desk.send(desk.page(1, updates).header("Cookie", &cookie)).await.status, 401, "another node");
    desk.send(desk.page(0, "/controlpoint/rest/cluster/info").header("Cookie", &cookie)).await.is_page(404);
}

#[tokio::test]
async fn cluster_information_is_there_when_a_profile_names_it() {
    let desk = Desk::profiled("[console]\ncluster_page = \"/controlpoint/rest/cluster/info\"").await;
    let page = "/controlpoint/rest/cluster/info";
    assert_eq!(desk.send(desk.page(0, page)).await.status, 401);
    let url = format!("{}/zdm/cxf/login", desk.node(0).management);
    let form = format!("login=administrator&password={}", desk.node(0).password);
    let session = desk.send(desk.http.post(url).body(form)).await.cookie("JSESSIONID").unwrap();
    let request = || desk.page(0, page).header("Cookie", format!("JSESSIONID={session}"));
    desk.lab.power_off(NODES[1]).await.unwrap();
    let members = desk.send(request()).await.json()["clusterMembers"].clone();
    let start = 1_767_600_000_000_i64;
    let first = json!({
        "nodeId": "169090571", "nodeName": "10.20.30.11", "status": "ACTIVE", "role": "OLDEST",
        "firstCheckIn": start, "nextCheckIn": start + 30_000,
    });
    assert_eq!((&members[0], &members[1]["status"], &members[2]["role"]), (&first, &json!("DEAD"), &json!("NONE")));
    desk.lab.power_off(NODES[0]).await.unwrap();
    desk.lab.clear_faults().await.unwrap();
    assert_eq!(desk.send(request()).await.status, 401, "sessions are in memory");
}

#[tokio::test]
async fn an_app_session_stays_on_the_node_that_made_it() {
    let desk = Desk::open().await;
    let store = ":8443/Citrix/StoreWeb/";
    let first = desk.send(desk.page(0, store)).await;
    assert_eq!((first.status, first.cookie("ACNODEID").unwrap().as_str()), (200, "169090571"));
    let cookie = format!("JSESSIONID={}; ACNODEID=169090571", first.cookie("JSESSIONID").unwrap());
    let again = desk.send(desk.page(0, store).header("Cookie", &cookie)).await;
    assert_eq!((again.status, again.cookie("ACNODEID")), (200, None), "set once");
    assert_eq!(desk.send(desk.page(1, store).header("Cookie", &cookie)).await.status, 401);
    let torn = format!("JSESSIONID={}; ACNODEID=1", first.cookie("JSESSIONID").unwrap());
    assert_eq!(desk.send(desk.page(0, store).header("Cookie", &torn)).await.status, 401);
    let other = desk.send(desk.page(1, store)).await;
    assert_eq!(other.cookie("ACNODEID").unwrap(), "169090572");
    desk.lab.power_off(NODES[0]).await.unwrap();
    let moved = desk.send(desk.page(1, store).header("Cookie", &cookie)).await;
    assert_eq!((moved.status, moved.cookie("ACNODEID").unwrap().as_str()), (200, "169090572"), "the session died");
}

#[tokio::test]
async fn answers_carry_the_time_of_the_lab() {
    let desk = Desk::open().await;
    assert_eq!(desk.version(0).await.header("date"), "Mon, 05 Jan 2026 08:00:00 GMT");
    desk.minutes(3).await;
    assert_eq!(desk.version(0).await.header("date"), "Mon, 05 Jan 2026 08:03:00 GMT");
    let head = desk.http.head(format!("{}/zdm/login_xdm_uc.jsp", desk.node(0).management));
    let head = desk.send(head).await;
    assert_eq!((head.status, head.header("date"), head.text.as_str()), (200, "Mon, 05 Jan 2026 08:03:00 GMT", ""));
}
