//! Requests as text: method, path, query, body (`nitro.md` 1.1, 1.10, 2.1, 4.3).

use nitro::{Method, Request};
use serde_json::json;

fn line(request: &Request) -> String {
    request.to_string()
}

#[test]
fn reads() {
    assert_eq!(line(&Request::get("lbvserver")), "GET /nitro/v1/config/lbvserver");
    assert_eq!(line(&Request::get("lbvserver").named("vs1")), "GET /nitro/v1/config/lbvserver/vs1");
    assert_eq!(line(&Request::stat("hanode")), "GET /nitro/v1/stat/hanode");
    assert_eq!(line(&Request::get("lbvserver").counted()), "GET /nitro/v1/config/lbvserver?count=yes");
    assert_eq!(
        line(&Request::get("lbvserver").attrs(["name", "curstate"])),
        "GET /nitro/v1/config/lbvserver?attrs=name,curstate"
    );
    assert_eq!(
        line(&Request::get("lbvserver_servicegroup_binding").bulk_bindings()),
        "GET /nitro/v1/config/lbvserver_servicegroup_binding?bulkbindings=yes"
    );
    assert_eq!(
        line(&Request::get("lbvserver").filter("servicetype", "SSL_BRIDGE").filter("port", "443")),
        "GET /nitro/v1/config/lbvserver?filter=servicetype:SSL_BRIDGE,port:443"
    );
    assert!(!Request::get("lbvserver").is_write());
}

#[test]
fn values_are_encoded_once_and_names_twice() {
    assert_eq!(
        line(&Request::get("lbvserver").filter("name", "/_XM_LB/")),
        "GET /nitro/v1/config/lbvserver?filter=name:%2F_XM_LB%2F"
    );
    assert_eq!(
        line(&Request::unbind(
            "vpnvserver_appcontroller_binding",
            "_XM_ag",
            [("appcontroller", "https://xms.example.com:8443")]
        )),
        "DELETE /nitro/v1/config/vpnvserver_appcontroller_binding/_XM_ag?args=appcontroller:https%3A%2F%2Fxms.example.com%3A8443"
    );
    assert_eq!(line(&Request::remove("server", "web 1/a")), "DELETE /nitro/v1/config/server/web%25201%252Fa");
}

#[test]
fn writes() {
    let add = Request::add("server", json!({"name": "xms01", "ipaddress": "10.0.20.11"}));
    assert_eq!(line(&add), "POST /nitro/v1/config/server");
    assert_eq!(add.body, Some(json!({"server": {"name": "xms01", "ipaddress": "10.0.20.11"}})));

    let set = Request::set("lbvserver", json!({"name": "vs", "timeout": 20}));
    assert_eq!(line(&set), "PUT /nitro/v1/config/lbvserver");

    let unset = Request::unset("lbvserver", json!({"name": "vs"}), ["rule", "comment"]);
    assert_eq!(line(&unset), "POST /nitro/v1/config/lbvserver?action=unset");
    assert_eq!(unset.body, Some(json!({"lbvserver": {"name": "vs", "rule": true, "comment": true}})));

    let enable = Request::act("nsfeature", "enable", json!({"feature": ["LB", "SSL", "SSLVPN"]}));
    assert_eq!(line(&enable), "POST /nitro/v1/config/nsfeature?action=enable");
    assert_eq!(enable.body, Some(json!({"nsfeature": {"feature": ["LB", "SSL", "SSLVPN"]}})));

    let bind = Request::bind("lbvserver_servicegroup_binding", json!({"name": "vs", "servicegroupname": "sg"}));
    assert_eq!(line(&bind), "PUT /nitro/v1/config/lbvserver_servicegroup_binding");

    let unbind =
        Request::unbind("servicegroup_servicegroupmember_binding", "sg", [("servername", "xms01"), ("port", "8443")]);
    assert_eq!(
        line(&unbind),
        "DELETE /nitro/v1/config/servicegroup_servicegroupmember_binding/sg?args=servername:xms01,port:8443"
    );
    assert_eq!(unbind.body, None);

    assert_eq!(line(&Request::save()), "POST /nitro/v1/config/nsconfig?action=save");
    assert_eq!(Request::save().body, Some(json!({"nsconfig": {}})));

    let careful = Request::add("lbvserver", json!([{"name": "a"}, {"name": "b"}])).with_warnings();
    assert_eq!(line(&careful), "POST /nitro/v1/config/lbvserver?warning=yes");
    for request in [add, set, unset, enable, bind, unbind, Request::save(), careful] {
        assert!(request.is_write());
    }
}

#[test]
fn is_stored_and_read_again() {
    let request = Request::get("nsip").arg("ipaddress", "10.0.10.51").attrs(["type"]);
    let text = serde_json::to_string(&request).unwrap();
    assert_eq!(text, r#"{"method":"GET","resource":"nsip","args":[["ipaddress","10.0.10.51"]],"attrs":["type"]}"#);
    assert_eq!(serde_json::from_str::<Request>(&text).unwrap(), request);
    assert_eq!(request.method, Method::Get);
}

#[test]
fn debug_shows_no_secret() {
    let request = Request::add(
        "systemfile",
        json!({"filename": "k.key", "filelocation": "/nsconfig/ssl", "filecontent": "S0VZ", "fileencoding": "BASE64"}),
    );
    let text = format!("{request:?}");
    assert!(text.contains("k.key") && !text.contains("S0VZ"), "{text}");
    let bulk = Request::add("sslcertkey", json!([{"certkey": "c", "passplain": "geheim"}]));
    assert!(!format!("{bulk:?}").contains("geheim"));
}
