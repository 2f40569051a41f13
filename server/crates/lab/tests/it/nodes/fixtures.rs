//! The fixtures of the reference.

use crate::nodes::{
    shell::Shell,
    support::{Desk, NODES, VERSION},
};
use lab::{Options, fixtures};
use serde_json::json;

async fn id(desk: &Desk, at: usize) -> String {
    let mut shell = Shell::open(desk, at, false).await;
    shell.until("[0 - 5] ").await;
    shell.ask("1", "[0 - 5] ").await;
    let status = shell.ask("1", "[0 - 5] ").await;
    status.strip_prefix("Current Node ID: ").unwrap().lines().next().unwrap().to_owned()
}

#[tokio::test]
async fn the_first_one_is_what_the_lab_starts_with() {
    let desk = Desk::open().await;
    assert_eq!([id(&desk, 0).await, id(&desk, 1).await, id(&desk, 2).await], ["169090571", "169090572", "169090573"]);
    let token = desk.login(0).await;
    let get = async |path: &str| desk.call(0, Some(&token), "GET", path, None).await.json();
    let certificates = get("certificates").await;
    let days = |use_as: &str| {
        let all = certificates["certificate"].as_array().unwrap();
        all.iter().find(|one| one["description"] == use_as).unwrap()["remainingDays"].clone()
    };
    assert_eq!((days("listener"), days("apns")), (json!(40), json!(200)));
    assert_eq!(get("netscaler").await["agList"].as_array().unwrap().len(), 1);
    assert_eq!(get("ldap").await["adList"].as_array().unwrap().len(), 2);
    let licence = get("licenses").await["cpLicenseServer"]["licenseList"][0].clone();
    assert_eq!((&licence["licensesInUse"], &licence["licensesAvailable"]), (&json!(812), &json!(188)));
    let devices = desk.call(0, Some(&token), "POST", "device/filter", Some(json!({}))).await.json();
    assert_eq!(devices["totalCount"], 1310);
    assert_eq!(desk.version(0).await.json()["message"], "10.16.0.48");
}

#[tokio::test]
async fn the_second_one_has_a_clone_and_a_node_that_moved() {
    let desk = Desk::profiled(fixtures::CLONED).await;
    let ids = async || [id(&desk, 0).await, id(&desk, 1).await, id(&desk, 2).await];
    let wrong = ["169090571", "169090571", "169090673"];
    assert_eq!(ids().await, wrong);
    let keys = (Shell::open(&desk, 0, false).await.fingerprint, Shell::open(&desk, 1, false).await.fingerprint);
    assert_eq!(keys.0, keys.1);
    desk.lab.clear_faults().await.unwrap();
    assert_eq!(ids().await, ["169090571", "169090572", "169090573"]);
    desk.lab.reset(lab::Seed::Empty).await.unwrap();
    assert_eq!(ids().await, wrong, "a reset brings the fixture back");
    let options = Options { nodes: vec![NODES[0]], profile: Some(fixtures::CLONED.to_owned()), ..Options::default() };
    assert!(lab::start(options).await.err().unwrap().to_string().contains("node 2"));
}

#[tokio::test]
async fn the_third_one_is_not_xenmobile_10() {
    let desk = Desk::profiled(fixtures::XENMOBILE_9).await;
    let page = desk.send(desk.page(0, "/")).await;
    assert!(page.text.contains("CG_CSRFTOKEN") && page.text.contains("XenMobile App Controller"));
    let call = desk.http.post(format!("{}/ControlPoint/rest/newlogin", desk.node(0).management));
    let reply = desk.send(call.body(r#"{"ncglogin":{"adminid":"a","password":"b"}}"#)).await;
    assert_eq!(reply.json()["errorcode"], "-1");
    for path in [VERSION, "/zdm/login_xdm_uc.jsp", ":8443/zdm/cxf/public/getserverinfo"] {
        desk.send(desk.page(0, path).header("Referer", "x")).await.is_page(404);
    }
    desk.try_login(0, "administrator", "x").await.is_page(404);
}
