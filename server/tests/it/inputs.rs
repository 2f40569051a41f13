//! Bad input on every form: a sentence beside its field, what was typed stays, and never a 500.

use crate::support::{Browser, Console, NODES, PASSWORD, SECRET, lab, location, mdm_fields};

/// Door, the form's page, what is sent, the field with the sentence, and a part of it. The first pair that is sent with
/// the field's name is what must still stand there.
type Case = (&'static str, &'static str, &'static [(&'static str, &'static str)], &'static str, &'static str);

const NODES_PAGE: &str = "/clusters/1/setup/nodes";
const MDM: &str = "/clusters/1/setup/mdm";
const MAM: &str = "/clusters/1/setup/mam";
const GROUPS: &str = "/clusters/1/setup/groups";
const GATEWAY: &str = "/clusters/1/setup/gateway";
const DNS: &str = "/clusters/1/setup/dns";
const TEAM: &str = "/team/new";

const CASES: &[Case] = &[
    ("/rpc/add_appliance", "/appliances/new", &[("title", "")], "title", "name"),
    ("/rpc/add_appliance", "/appliances/new", &[("address", "10.0.0")], "address", "no IPv4 address"),
    ("/rpc/add_appliance", "/appliances/new", &[("address", "ftp://10.0.0.10")], "address", "not spoken by"),
    ("/rpc/add_appliance", "/appliances/new", &[("address", "10.0.0.10:99999")], "address", "no port"),
    ("/rpc/add_appliance", "/appliances/new", &[("user", "")], "user", "account"),
    ("/rpc/add_appliance", "/appliances/new", &[("connect", "pigeon")], "connect", ""),
    ("/rpc/add_appliance", "/appliances/new", &[("connect", "socks5"), ("via", "nowhere")], "via", "host and port"),
    ("/rpc/add_cluster", "/clusters/new", &[("title", "")], "title", "name"),
    ("/rpc/add_cluster", "/clusters/new", &[("title", "Berlin")], "title", "already a cluster called Berlin"),
    ("/rpc/add_cluster", "/clusters/new", &[("fqdn", "")], "fqdn", "xms.example.com"),
    ("/rpc/add_cluster", "/clusters/new", &[("fqdn", "xms")], "fqdn", "no domain"),
    ("/rpc/add_cluster", "/clusters/new", &[("fqdn", "10.20.40.51")], "fqdn", "address"),
    ("/rpc/add_cluster", "/clusters/new", &[("fqdn", "a_b.example.com")], "fqdn", "cannot be a part"),
    ("/rpc/add_cluster", "/clusters/new", &[("appliance", "")], "appliance", "Choose"),
    ("/rpc/add_cluster", "/clusters/new", &[("appliance", "77")], "appliance", "does not exist"),
    ("/rpc/save_nodes", NODES_PAGE, &[("nodes", "")], "nodes", "at least one node"),
    ("/rpc/save_nodes", NODES_PAGE, &[("nodes", "10.20.30")], "nodes", "no IPv4 address"),
    ("/rpc/save_nodes", NODES_PAGE, &[("nodes", "10.20.30.11\n10.20.30.11")], "nodes", "twice"),
    ("/rpc/save_nodes", NODES_PAGE, &[("nodes", "10.20.30.11 a b")], "nodes", "no node ID"),
    ("/rpc/save_nodes", NODES_PAGE, &[("nodes", "10.20.30.11 a 7\n10.20.30.12 b 7")], "nodes", "another node"),
    ("/rpc/save_nodes", NODES_PAGE, &[("nodes", "10.20.40.51 a 7")], "nodes", "virtual server"),
    ("/rpc/save_mdm", MDM, &[("vip", "vip")], "vip", "no IPv4 address"),
    ("/rpc/save_mdm", MDM, &[("vip", "224.0.0.1")], "vip", "cannot be the address"),
    ("/rpc/save_mdm", MDM, &[("vip", "10.20.30.11")], "vip", "address of a node"),
    ("/rpc/save_mdm", MDM, &[("vip", "10.20.40.52")], "vip", "MAM address"),
    ("/rpc/save_mdm", MDM, &[("persistence", "COOKIEINSERT")], "persistence", "SOURCEIP and SSLSESSION"),
    ("/rpc/save_mdm", MDM, &[("timeout", "1")], "timeout", "out of range"),
    ("/rpc/save_mdm", MDM, &[("timeout", "soon")], "timeout", "no number of minutes"),
    ("/rpc/save_mdm", MDM, &[("vserver_443", "bad name[1]")], "vserver_443", "not allowed"),
    ("/rpc/save_mdm", MDM, &[("vserver_8443", "xms-berlin-mdm-443")], "vserver_8443", "other virtual server"),
    ("/rpc/save_mdm", MDM, &[("vserver_443", "xms-berlin-mam-8443")], "vserver_443", "MAM virtual server"),
    ("/rpc/save_mam", MAM, &[("vip", "")], "vip", "Give the address"),
    ("/rpc/save_mam", MAM, &[("vip", "10.20.40.51")], "vip", "MDM address"),
    ("/rpc/save_mam", MAM, &[("vip", "2001:db8::1")], "vip", "IPv6"),
    ("/rpc/save_mam", MAM, &[("vserver", "_XM_MAM")], "vserver", "wizard"),
    ("/rpc/save_mam", MAM, &[("certificate", "")], "certificate", "Choose the certificate"),
    ("/rpc/save_groups", GROUPS, &[("mdm_443", "")], "mdm_443", "a name"),
    ("/rpc/save_groups", GROUPS, &[("mam_8443", "xms-berlin-mdm-443-sg")], "mam_8443", "another group"),
    ("/rpc/save_groups", GROUPS, &[("mdm_8443", "1st")], "mdm_8443", "begin with a letter"),
    ("/rpc/save_gateway", GATEWAY, &[("gateway", "")], "gateway", "Choose the Gateway"),
    ("/rpc/save_dns", DNS, &[("record", "perhaps")], "record", "Choose whether"),
    ("/rpc/add_person", TEAM, &[("name", "")], "name", "name"),
    ("/rpc/add_person", TEAM, &[("name", "two words")], "name", "no blanks"),
    ("/rpc/add_person", TEAM, &[("name", "ada")], "name", "already a person"),
    ("/rpc/add_person", TEAM, &[("password", "short")], "password", "at least 12"),
    ("/rpc/add_person", TEAM, &[("role", "king")], "role", ""),
    ("/rpc/change_password", "/account", &[("password", "short")], "password", "at least 12"),
    (
        "/rpc/save_node_access",
        "/clusters/1/nodes",
        &[("rest_user", "rest"), ("rest_password", "")],
        "rest_password",
        "",
    ),
    ("/rpc/paste_node_status", "/clusters/1/nodes", &[("text", "hello")], "text", ""),
];

/// What the rest of a door's form says: well filled in, so that there is one thing to complain about.
fn filled_in(door: &str) -> Vec<(&'static str, &'static str)> {
    match door {
        "/rpc/add_appliance" => vec![
            ("intent", "test"),
            ("title", "Other"),
            ("address", "10.0.0.10"),
            ("user", "nsroot"),
            ("password", SECRET),
            ("connect", "direct"),
            ("via", ""),
            ("pin", ""),
        ],
        "/rpc/add_cluster" => vec![("title", "Hamburg"), ("fqdn", "mdm.example.org"), ("appliance", "1")],
        "/rpc/save_nodes" => vec![("cluster", "1"), ("intent", "save"), ("nodes", NODES)],
        "/rpc/save_mdm" => mdm_fields().to_vec(),
        "/rpc/save_mam" => vec![
            ("cluster", "1"),
            ("intent", "save"),
            ("vip", "10.20.40.52"),
            ("vserver", "xms-berlin-mam-8443"),
            ("certificate", "wildcard-example"),
        ],
        "/rpc/save_groups" => vec![
            ("cluster", "1"),
            ("intent", "save"),
            ("mdm_443", "xms-berlin-mdm-443-sg"),
            ("mdm_8443", "xms-berlin-mdm-8443-sg"),
            ("mam_8443", "xms-berlin-mam-8443-sg"),
        ],
        "/rpc/save_gateway" => vec![("cluster", "1"), ("intent", "save"), ("gateway", "_XM_ag.example.com")],
        "/rpc/save_dns" => vec![("cluster", "1"), ("intent", "save"), ("record", "make")],
        "/rpc/add_person" => {
            vec![("name", "olga"), ("password", PASSWORD), ("role", "operator"), ("scope", "all")]
        }
        "/rpc/change_password" => vec![("old", PASSWORD), ("password", "another good one")],
        "/rpc/save_node_access" => vec![("cluster", "1"), ("rest_user", ""), ("ssh_user", "")],
        "/rpc/paste_node_status" => vec![("cluster", "1"), ("address", "10.20.30.11"), ("text", "")],
        other => panic!("{other} has no form here"),
    }
}

const SECRET_FIELDS: [&str; 3] = ["password", "old", "rest_password"];

#[tokio::test(flavor = "multi_thread")]
async fn every_bad_input_has_a_sentence_beside_its_field_and_none_is_a_500() {
    assert!(CASES.len() >= 40, "{}", CASES.len());
    let lab = lab().await;
    let folder = tempfile::tempdir().unwrap();
    let console = Console::start(&folder.path().join("data")).await;
    let mut ada = Browser::new(&console.base);
    ada.first_use(console.first_use.as_deref().unwrap()).await;
    ada.add_appliance(&lab).await;
    ada.plan_mdm().await;
    ada.led("/rpc/save_mam", &filled_in("/rpc/save_mam")).await;
    for (door, page, edits, field, part) in CASES {
        let mut fields = filled_in(door);
        for (name, value) in *edits {
            match fields.iter_mut().find(|(other, _)| other == name) {
                Some(pair) => pair.1 = value,
                None => fields.push((name, value)),
            }
        }
        let response = ada.send(door, &fields).await;
        assert!(response.status().is_redirection(), "{door} {edits:?}: {}", response.status());
        assert_eq!(location(&response), *page, "{door} {edits:?}");
        let text = ada.page(page).await;
        let said = text
            .split(&format!("id=\"{field}-error\""))
            .nth(1)
            .unwrap_or_else(|| panic!("{door} {edits:?}: nothing is said beside {field}"));
        let said = said.split("</p>").next().unwrap();
        assert!(said.contains(part), "{door} {edits:?}: “{part}” in {said}");
        for (name, value) in *edits {
            let kept = text.contains(&escaped(value)) || value.is_empty();
            let secret = SECRET_FIELDS.contains(name);
            // Of a list, what is no choice cannot stand in it; the sentence says what to choose.
            let listed = ["persistence", "connect", "appliance", "record", "role"].contains(name);
            assert!(secret || listed || kept, "{door}: {name} = {value} is lost");
        }
    }
    let log = console.log();
    assert!(!log.contains("could not be dealt with"), "{log}");
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('"', "&quot;")
}
