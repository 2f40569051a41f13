//! Every resource from an answer as nitro.md 3.x shows it, and from the oddities of other versions.

use nitro::{
    Error, Item, Reply, Resource,
    resource::{
        AdminState, GroupState, HaNode, HaRole, IpType, LbVserver, LbVserverServiceGroupBinding, Login, NsConfig,
        NsFeature, NsIp, NsVersion, Persistence, Server, ServiceGroup, ServiceGroupEntityMonBinding,
        ServiceGroupMember, ServiceType, StateWord, SystemType,
    },
    response::{Answer, Expect, decode},
};

fn reply<T: Resource>(body: &str) -> Reply {
    let answer = Answer { status: 200, content_type: None, warning: None, body: body.as_bytes() };
    decode(answer, Expect::Items, T::NAME).unwrap()
}

fn items<T: Resource>(body: &str) -> Vec<Item<T>> {
    reply::<T>(body).typed().unwrap()
}

fn one<T: Resource>(body: &str) -> Item<T> {
    let mut items = items(body);
    assert_eq!(items.len(), 1);
    items.remove(0)
}

/// Wraps items in the frame.
fn framed<T: Resource>(items: &str) -> String {
    format!(r#"{{ "errorcode": 0, "message": "Done", "severity": "NONE", "{}": {items} }}"#, T::NAME)
}

#[test]
fn nsversion() {
    let version = one::<NsVersion>(include_str!("fixtures/nsversion.json"));
    assert_eq!(version.mode.as_deref(), Some("1"));
    assert_eq!(version.parse().unwrap().release(), "13.0");
}

#[test]
fn nsfeature() {
    let features = one::<NsFeature>(include_str!("fixtures/nsfeature.json"));
    assert_eq!(features.feature, ["LB", "SSL", "SSLVPN", "REWRITE"]);
    assert_eq!(features.is_on("SSLVPN"), Some(true));
    assert_eq!(features.is_on("CS"), Some(false));
    assert_eq!(features.is_on("GSLB"), Some(false));
    // Flags alone, and nothing at all.
    let flags = one::<NsFeature>(&framed::<NsFeature>(r#"{ "lb": "true", "ssl": false }"#));
    assert_eq!((flags.is_on("LB"), flags.is_on("SSL"), flags.is_on("CS")), (Some(true), Some(false), None));
}

#[test]
fn nsconfig() {
    let config = one::<NsConfig>(include_str!("fixtures/nsconfig.json"));
    assert_eq!(config.systemtype, Some(SystemType::Ha));
    assert_eq!(config.configchanged, Some(true));
    assert_eq!(config.systemtime, Some(1_733_308_262));
    assert_eq!(config.lastconfigchangedtime.as_deref(), Some("Wed Dec  4 10:30:15 2024"));
    assert_eq!(config.primaryip.as_deref(), Some("10.0.0.10"));
    let old = one::<NsConfig>(&framed::<NsConfig>(r#"[{ "ipaddress": "10.0.0.10" }]"#));
    assert_eq!(old.configchanged, None, "unknown is not the same as saved");
}

#[test]
fn hanode() {
    let nodes = items::<HaNode>(include_str!("fixtures/hanode.json"));
    assert!(nodes[0].is_self() && !nodes[1].is_self());
    assert_eq!(nodes[0].state, Some(HaRole::Primary));
    assert_eq!(nodes[0].masterstatetime, Some(86_400));
    assert_eq!(nodes[1].hasync.as_deref(), Some("SUCCESS"));
    assert_eq!(nodes[1].haprop, Some(true));
    assert!(!nodes[1].is_syncing());
    // A node whose number cannot be read is not taken for the one that answers.
    assert!(!one::<HaNode>(&framed::<HaNode>(r#"[{ "id": "x", "hasync": "IN PROGRESS" }]"#)).is_self());
}

#[test]
fn nsip() {
    let ip = one::<NsIp>(include_str!("fixtures/nsip.json"));
    assert_eq!((ip.ipaddress.as_str(), ip.kind.clone()), ("10.0.10.51", Some(IpType::Vip)));
    assert_eq!((ip.vipvsercount, ip.vipvserdowncount, ip.td), (Some(1), Some(0), Some(0)));
    assert_eq!((ip.state.clone(), ip.mgmtaccess), (Some(AdminState::Enabled), Some(false)));
}

#[test]
fn server() {
    let server = one::<Server>(include_str!("fixtures/server.json"));
    assert_eq!((server.name.as_str(), server.ipaddress.as_deref()), ("xms01", Some("10.0.20.11")));
    assert_eq!(server.tickssincelaststatechange, Some(91_234));
    assert_eq!(server.raw["domainresolveretry"], 5);
}

#[test]
fn servicegroup() {
    let group = one::<ServiceGroup>(include_str!("fixtures/servicegroup.json"));
    assert_eq!(group.servicetype, Some(ServiceType::Ssl));
    assert_eq!(group.servicegroupeffectivestate, Some(GroupState::Down));
    assert_eq!(group.ssl_problem.as_deref(), Some("SSL feature disabled"));
    assert_eq!((group.clttimeout, group.maxclient), (Some(180), Some(0)));
    assert_eq!((group.healthmonitor, group.usip, group.downstateflush), (Some(true), Some(false), Some(true)));
    assert_eq!(group.comment, None);
}

#[test]
fn member() {
    let member = one::<ServiceGroupMember>(include_str!("fixtures/servicegroup_servicegroupmember_binding.json"));
    assert_eq!((member.servername.as_deref(), member.port), (Some("xms01"), Some(8443)));
    assert_eq!((member.weight, member.serverid, member.hashid), (Some(1), Some(0), Some(0)));
    assert_eq!(member.custom_server_id(), Some("167777291"));
    assert!(member.svrstate.as_ref().unwrap().is_up());
    for default in [r#""None""#, r#""\"None\"""#, r#""""#, "null"] {
        let body =
            framed::<ServiceGroupMember>(&format!(r#"[{{ "servicegroupname": "sg", "customserverid": {default} }}]"#));
        assert_eq!(one::<ServiceGroupMember>(&body).custom_server_id(), None, "{default}");
    }
}

#[test]
fn lbvserver() {
    let vserver = one::<LbVserver>(include_str!("fixtures/lbvserver.json"));
    assert_eq!(vserver.name, "_XM_LB_MDM_xms.example.com_10.0.10.51_443");
    assert_eq!(vserver.servicetype, Some(ServiceType::SslBridge));
    assert_eq!((vserver.port, vserver.timeout, vserver.range), (Some(443), Some(2), Some(1)));
    assert_eq!(vserver.persistencetype, Some(Persistence::SslSession));
    assert_eq!(vserver.health, Some(100.0));
    assert_eq!((vserver.totalservices, vserver.clttimeout), (Some(2), Some(180)));
    assert_eq!(vserver.rule, None);
    assert_eq!(vserver.trofspersistence, Some(true));
    assert_eq!(vserver.raw["vsvrbindsvcip"], "10.0.10.51");
}

#[test]
fn newer_builds_print_floats_and_new_words() {
    let vserver = one::<LbVserver>(&framed::<LbVserver>(
        r#"{ "name": "vs", "port": 443.0, "timeout": "2.0", "health": 66.5, "servicetype": "QUIC_BRIDGE",
             "curstate": "DOWN WHEN GOING OUT OF SERVICE", "persistencetype": null, "td": "many" }"#,
    ));
    assert_eq!((vserver.port, vserver.timeout, vserver.health), (Some(443), Some(2), Some(66.5)));
    assert_eq!(vserver.servicetype, Some(ServiceType::Other("QUIC_BRIDGE".to_owned())));
    assert_eq!(vserver.curstate, Some(StateWord::DownWhenGoingOutOfService));
    assert_eq!((vserver.persistencetype.clone(), vserver.td), (None, None));
    assert_eq!(vserver.raw["td"], "many");
}

#[test]
fn bindings() {
    let binding = one::<LbVserverServiceGroupBinding>(include_str!("fixtures/lbvserver_servicegroup_binding.json"));
    assert_eq!((binding.name.as_str(), binding.servicegroupname.as_str()), ("vs", "sg"));
    let monitor = one::<ServiceGroupEntityMonBinding>(include_str!(
        "fixtures/servicegroup_servicegroupentitymonbindings_binding.json"
    ));
    assert_eq!(monitor.member(), Some(("sg_xm_mam_8443", "xms01", 8443)));
    assert_eq!(monitor.monitor_state, Some(StateWord::Down));
    assert_eq!((monitor.monitorcurrentfailedprobes, monitor.passive), (Some(3), Some(false)));
}

#[test]
fn login() {
    let answer = Answer { status: 201, content_type: None, warning: None, body: include_bytes!("fixtures/login.json") };
    let reply = decode(answer, Expect::Done, Login::NAME).unwrap();
    assert_eq!(reply.raw["sessionid"], "##1C8FBF0E5");
}

#[test]
fn nothing_there_is_an_empty_list_for_every_kind() {
    const EMPTY: &str = r#"{ "errorcode": 0, "message": "Done", "severity": "NONE" }"#;
    assert!(items::<LbVserver>(EMPTY).is_empty());
    assert!(items::<ServiceGroup>(EMPTY).is_empty());
    assert!(items::<Server>(EMPTY).is_empty());
    assert!(items::<NsIp>(EMPTY).is_empty());
    assert!(items::<HaNode>(EMPTY).is_empty());
    assert!(items::<ServiceGroupMember>(EMPTY).is_empty());
    assert!(items::<LbVserverServiceGroupBinding>(EMPTY).is_empty());
    assert!(items::<ServiceGroupEntityMonBinding>(EMPTY).is_empty());
}

#[test]
fn an_item_without_its_key_is_an_error_that_says_so() {
    for item in [r#"[{ "port": 443 }]"#, r#"[{ "name": null }]"#, r#"[{ "name": "" }]"#] {
        let error = reply::<LbVserver>(&framed::<LbVserver>(item)).typed::<LbVserver>().unwrap_err();
        let Error::Decode { reason, .. } = error else { panic!() };
        assert!(reason.contains("name"), "{reason}");
    }
}
