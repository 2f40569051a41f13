//! Nothing is lost: whatever an item holds is in `raw` as it was written, and each typed field is what its documented
//! reading of the raw value gives.

use nitro::{
    Item, Object, Resource, de,
    resource::{
        HaNode, LbVserver, LbVserverServiceGroupBinding, Login, NsConfig, NsFeature, NsIp, NsVersion, Server,
        ServiceGroup, ServiceGroupEntityMonBinding, ServiceGroupMember, StateWord,
    },
    response::{Answer, Expect, decode},
};
use proptest::prelude::*;
use serde_json::{Value, json};

/// How the appliance may spell anything.
fn spelling() -> impl Strategy<Value = Value> {
    prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<u64>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<u16>().prop_map(|number| json!(number.to_string())),
        any::<u64>().prop_map(|number| json!(number.to_string())),
        (0_u32..100_000).prop_map(|number| json!(f64::from(number))),
        (0_u32..100_000).prop_map(|number| json!(format!("{number}.0"))),
        (0_u32..1000).prop_map(|number| json!(f64::from(number) / 8.0)),
        prop::sample::select(vec![
            "UP",
            "DOWN",
            "up",
            "OUT OF SERVICE",
            "UP-ISH",
            "NS_EMPTY_STR",
            "ENABLED",
            "DISABLED",
            "YES",
            "NO",
            "ON",
            "OFF",
            "SSL_BRIDGE",
            "4294967294",
            "18446744073709551615",
            "*",
            "",
            "None",
            "\"None\"",
            "true",
        ])
        .prop_map(Value::from),
        ".{0,12}".prop_map(Value::from),
        prop::collection::vec(".{0,4}", 0..3).prop_map(Value::from),
        Just(json!({"nested": [{"a": 1.0}]})),
    ]
}

/// An object with any of these attributes and some that nobody knows.
fn object(keys: &'static [&'static str]) -> impl Strategy<Value = Object> {
    let known = prop::collection::vec((prop::sample::select(keys), spelling()), 0..12);
    let new = prop::collection::vec(("[a-z_]{1,10}", spelling()), 0..4);
    (known, new).prop_map(|(known, new)| {
        let known = known.into_iter().map(|(key, value)| (key.to_owned(), value));
        known.chain(new).collect()
    })
}

/// Reads it through the wire. Without its key it is no item, and says so; otherwise nothing of it is gone.
fn through<T: Resource>(object: &Object) -> Option<Item<T>> {
    let body = json!({"errorcode": 0, "message": "Done", "severity": "NONE", T::NAME: [object]}).to_string();
    let answer = Answer { status: 200, content_type: None, warning: None, body: body.as_bytes() };
    let reply = decode(answer, Expect::Items, T::NAME).unwrap();
    assert_eq!(reply.items.as_slice(), std::slice::from_ref(object));
    let keyed = T::KEYS.iter().all(|key| object.get(*key).is_some_and(|value| !value.is_null() && *value != json!("")));
    match reply.typed::<T>() {
        Ok(mut items) => {
            assert!(keyed);
            let item = items.swap_remove(0);
            assert_eq!(item.raw, *object, "raw is what was written");
            Some(item)
        }
        Err(error) => {
            assert!(!keyed, "{error}: {object:?}");
            None
        }
    }
}

fn at<'a>(object: &'a Object, key: &str) -> &'a Value {
    object.get(key).unwrap_or(&Value::Null)
}

fn words(object: &Object, pairs: &[(&str, Option<String>)]) {
    for (key, word) in pairs {
        let written = de::as_text(at(object, key));
        // Other than in case and blanks around it, the word is the one that was written.
        let same = match (&written, word) {
            (Some(written), Some(word)) => written.trim().eq_ignore_ascii_case(word.trim()),
            (None, None) => true,
            _ => false,
        };
        assert!(same, "{key}: {written:?} was read as {word:?}");
    }
}

fn numbers(object: &Object, pairs: &[(&str, Option<u64>)]) {
    for (key, number) in pairs {
        assert_eq!(de::as_u64(at(object, key)), *number, "{key}");
    }
}

fn texts(object: &Object, pairs: &[(&str, Option<&str>)]) {
    for (key, text) in pairs {
        assert_eq!(de::as_text(at(object, key)).as_deref(), *text, "{key}");
    }
}

proptest! {
    #[test]
    fn lbvserver(raw in object(&[
        "name", "servicetype", "ipv46", "port", "curstate", "effectivestate", "value", "health", "totalservices",
        "activeservices", "timeout", "persistencetype", "persistencebackup", "rule", "trofspersistence", "td", "range",
        "tickssincelaststatechange",
    ])) {
        if let Some(vs) = through::<LbVserver>(&raw) {
            texts(&raw, &[("ipv46", vs.ipv46.as_deref()), ("value", vs.ssl_problem.as_deref()), ("rule", vs.rule.as_deref())]);
            numbers(&raw, &[
                ("totalservices", vs.totalservices), ("activeservices", vs.activeservices), ("timeout", vs.timeout),
                ("td", vs.td), ("range", vs.range), ("tickssincelaststatechange", vs.tickssincelaststatechange),
            ]);
            words(&raw, &[
                ("servicetype", vs.servicetype.as_ref().map(ToString::to_string)),
                ("curstate", vs.curstate.as_ref().map(ToString::to_string)),
                ("effectivestate", vs.effectivestate.as_ref().map(ToString::to_string)),
                ("persistencetype", vs.persistencetype.as_ref().map(ToString::to_string)),
                ("persistencebackup", vs.persistencebackup.as_ref().map(ToString::to_string)),
            ]);
            prop_assert_eq!(vs.port.map(u64::from), de::as_u64(at(&raw, "port")).filter(|port| *port <= 65_535));
            prop_assert_eq!(vs.health, de::as_f64(at(&raw, "health")));
            let up = vs.curstate.as_ref().is_some_and(StateWord::is_up);
            prop_assert_eq!(up, at(&raw, "curstate").as_str().is_some_and(|word| word.trim().eq_ignore_ascii_case("UP")));
        }
    }

    #[test]
    fn servicegroup(raw in object(&[
        "servicegroupname", "servicetype", "state", "servicegroupeffectivestate", "svrstate", "healthmonitor",
        "monthreshold", "clttimeout", "svrtimeout", "maxclient", "usip", "cip", "autoscale", "comment", "value",
    ])) {
        if let Some(group) = through::<ServiceGroup>(&raw) {
            numbers(&raw, &[
                ("monthreshold", group.monthreshold), ("clttimeout", group.clttimeout), ("svrtimeout", group.svrtimeout),
                ("maxclient", group.maxclient),
            ]);
            texts(&raw, &[("autoscale", group.autoscale.as_deref()), ("comment", group.comment.as_deref())]);
            words(&raw, &[
                ("state", group.state.as_ref().map(ToString::to_string)),
                ("svrstate", group.svrstate.as_ref().map(ToString::to_string)),
                ("servicegroupeffectivestate", group.servicegroupeffectivestate.as_ref().map(ToString::to_string)),
            ]);
        }
    }

    #[test]
    fn member(raw in object(&[
        "servicegroupname", "servername", "ip", "port", "svrstate", "state", "weight", "customserverid", "serverid",
        "hashid", "delay", "graceful", "statechangetimesec",
    ])) {
        if let Some(member) = through::<ServiceGroupMember>(&raw) {
            numbers(&raw, &[
                ("weight", member.weight), ("serverid", member.serverid), ("hashid", member.hashid), ("delay", member.delay),
            ]);
            texts(&raw, &[
                ("servername", member.servername.as_deref()), ("ip", member.ip.as_deref()),
                ("customserverid", member.customserverid.as_deref()),
                ("statechangetimesec", member.statechangetimesec.as_deref()),
            ]);
            words(&raw, &[("svrstate", member.svrstate.as_ref().map(ToString::to_string))]);
        }
    }

    #[test]
    fn everything_else(raw in object(&[
        "name", "ipaddress", "id", "version", "mode", "feature", "lb", "state", "type", "td", "hastatus", "hasync",
        "haprop", "masterstatetime", "configchanged", "systemtype", "systemtime", "servicegroupname", "monitor_name",
        "monitor_state", "servicegroupentname2", "passive", "port", "weight", "sessionid", "comment",
    ])) {
        if let Some(node) = through::<HaNode>(&raw) {
            numbers(&raw, &[("id", node.id), ("masterstatetime", node.masterstatetime)]);
            texts(&raw, &[("hastatus", node.hastatus.as_deref()), ("hasync", node.hasync.as_deref())]);
            words(&raw, &[("state", node.state.as_ref().map(ToString::to_string))]);
        }
        if let Some(ip) = through::<NsIp>(&raw) {
            words(&raw, &[("type", ip.kind.as_ref().map(ToString::to_string))]);
            numbers(&raw, &[("td", ip.td)]);
        }
        if let Some(config) = through::<NsConfig>(&raw) {
            prop_assert_eq!(config.configchanged, de::as_bool(at(&raw, "configchanged")));
            prop_assert_eq!(config.systemtime, de::as_i64(at(&raw, "systemtime")));
        }
        if let Some(monitor) = through::<ServiceGroupEntityMonBinding>(&raw) {
            words(&raw, &[("monitor_state", monitor.monitor_state.as_ref().map(ToString::to_string))]);
            prop_assert_eq!(monitor.passive, de::as_bool(at(&raw, "passive")));
        }
        let _ = (through::<Server>(&raw), through::<NsVersion>(&raw), through::<LbVserverServiceGroupBinding>(&raw));
        let _ = (through::<NsFeature>(&raw), through::<Login>(&raw).is_some());
    }

    #[test]
    fn keys_in_camel_case_are_the_same_attributes(port in any::<u16>(), word in "[A-Z ]{1,9}") {
        let raw = json!({"serviceGroupName": "sg", "Port": port, "svrState": word, "customServerID": "7"});
        let raw = raw.as_object().unwrap();
        let item: Item<ServiceGroupMember> = Item::read(raw.clone()).unwrap();
        prop_assert_eq!((item.servicegroupname.as_str(), item.port), ("sg", Some(port)));
        prop_assert_eq!(item.custom_server_id(), Some("7"));
        prop_assert_eq!(item.svrstate.as_ref().map(StateWord::is_up), Some(word.trim() == "UP"));
        prop_assert_eq!(&item.raw, raw);
    }
}
