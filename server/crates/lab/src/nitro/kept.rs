//! A walk through every attribute that can be written: what is accepted is kept, and a GET shows it. No silent success.

use super::walk::{Walk, lacks, with, wrapped};
use crate::{
    caller::Caller,
    resources::{Resource, View, all},
    schema::{Access, Attribute, Kind, Schema, Shape},
};
use serde_json::{Map, Value, json};

/// What others need to refer to.
const BEFORE: &[(&str, &str)] = &[
    ("nsfeature?action=enable", r#"{"nsfeature":{"feature":["LB","SSL","CS","SSLVPN"]}}"#),
    ("server", r#"{"server":{"name":"before","ipaddress":"10.20.30.77"}}"#),
    ("lbvserver", r#"{"lbvserver":{"name":"before","servicetype":"HTTP","ipv46":"10.20.40.77","port":80}}"#),
];

/// Never taken together with what every object here is made of.
const ELSEWHERE: &[(&str, &str)] = &[("service", "servername")];

/// Bodies with which an object can be made; each attribute is tried with all of them.
fn bases(schema: &Schema) -> Vec<Map<String, Value>> {
    let of_kinds = |kinds: &[&str], base: Value| -> Vec<Value> {
        let kind = if schema.name == "lbmonitor" { "type" } else { "servicetype" };
        kinds.iter().map(|word| json!(with(base.as_object().unwrap(), kind, (*word).into()))).collect()
    };
    let at = json!({ "name": "a1", "ipv46": "10.20.40.99", "port": 81 });
    let bases = match schema.name {
        "server" => {
            vec![json!({ "name": "a1", "ipaddress": "10.20.30.99" }), json!({ "name": "a1", "domain": "a.example" })]
        }
        "service" => of_kinds(&["HTTP", "SSL", "TCP"], json!({ "name": "a1", "ip": "10.20.30.99", "port": 80 })),
        "servicegroup" => of_kinds(&["HTTP", "SSL", "TCP"], json!({ "servicegroupname": "a1" })),
        "lbvserver" => of_kinds(&["HTTP", "SSL", "TCP", "SSL_BRIDGE"], at),
        "lbmonitor" => of_kinds(words(schema, "type"), json!({ "monitorname": "a1" })),
        "csvserver" => of_kinds(&["HTTP", "SSL"], at),
        "vpnvserver" => of_kinds(&["SSL"], at),
        "lbgroup" | "vpnsessionaction" | "policypatset" => vec![json!({ "name": "a1" })],
        "systemuser" => vec![json!({ "username": "a1", "password": "secret" })],
        "systemgroup" => vec![json!({ "groupname": "a1" })],
        _ => Vec::new(),
    };
    bases.into_iter().filter_map(|base| base.as_object().cloned()).collect()
}

/// What a choice can be.
fn words(schema: &Schema, name: &str) -> &'static [&'static str] {
    match schema.attribute(name).map(|attribute| attribute.kind) {
        Some(Kind::Choice(words)) => words,
        _ => panic!("{name} of {} is no choice", schema.name),
    }
}

/// Values at the edges of what an attribute takes.
fn samples(attribute: &Attribute) -> Vec<Value> {
    match attribute.kind {
        _ if attribute.name == "respcode" => vec!["200".into(), "200-204".into()],
        Kind::Text | Kind::Texts => vec!["x".repeat(attribute.length.0.max(1)).into()],
        Kind::Name { .. } => vec!["before".into()],
        Kind::Ip | Kind::Addresses => vec!["10.20.40.98".into()],
        Kind::Choice(words) => words.iter().map(|word| (*word).into()).collect(),
        Kind::Double | Kind::Integer => {
            let (low, high) = attribute.range.unwrap_or((1, 100));
            vec![low.into(), 10.clamp(low, high).into(), high.into()]
        }
        Kind::Boolean => vec![true.into(), false.into()],
    }
}

/// What a GET shows of it, as the text of a list with one entry or of a single value.
fn shown(walk: &Walk, resource: &dyn Resource, name: &str) -> Option<String> {
    let caller = Caller::lab();
    let view = View::plain(&walk.world.appliances[0], walk.world.clock.now(), &caller);
    let key = (resource.schema().shape != Shape::Single).then_some("a1");
    let text = resource.rows(&view, key).ok()?.first()?.text(name)?;
    Some(text.trim_start_matches("[ \"").trim_end_matches("\" ]").to_owned())
}

fn begin() -> Walk {
    let mut walk = Walk::begin();
    for (path, body) in BEFORE {
        walk.send("POST", path, body).unwrap();
    }
    walk
}

/// Makes an object with the attribute, or changes it later. Whether it was taken; what is taken must show.
fn tried(
    resource: &dyn Resource,
    base: &Map<String, Value>,
    attribute: &Attribute,
    value: &Value,
    later: bool,
) -> bool {
    let schema = resource.schema();
    let mut walk = begin();
    let outcome = if later {
        let mut change: Map<String, Value> = Map::new();
        if schema.shape != Shape::Single {
            // Some monitors are nothing without the attribute.
            if walk.send("POST", schema.name, &wrapped(schema, base)).is_err() {
                return false;
            }
            let names = base.iter().filter(|(name, _)| schema.attribute(name).is_some_and(Attribute::names));
            change.extend(names.map(|(name, value)| (name.clone(), value.clone())));
        }
        walk.send("PUT", schema.name, &wrapped(schema, &with(&change, attribute.name, value.clone())))
    } else {
        walk.send("POST", schema.name, &wrapped(schema, &with(base, attribute.name, value.clone())))
    };
    if outcome.is_ok() {
        let said = attribute.accept(value).unwrap();
        let shown = shown(&walk, resource, attribute.name);
        assert_eq!(
            shown.as_deref(),
            Some(said.as_str()),
            "{}.{}, later {later}, {base:?}",
            schema.name,
            attribute.name
        );
    }
    outcome.is_ok()
}

#[test]
fn what_is_accepted_is_kept_and_shown() {
    let (mut taken, mut never) = (0, Vec::new());
    for resource in all() {
        let schema = resource.schema();
        let settings = schema.attributes.iter().any(|attribute| attribute.access == Access::Both);
        let single = schema.shape == Shape::Single && settings && schema.name != "reboot";
        let bases = if single { vec![Map::new()] } else { bases(schema) };
        for attribute in schema.attributes.iter().filter(|attribute| !attribute.hidden && !attribute.secret) {
            if bases.is_empty() || !matches!(attribute.access, Access::Both | Access::Add) {
                continue;
            }
            let changes = attribute.access == Access::Both;
            let mut ever = bases.iter().any(|base| base.contains_key(attribute.name));
            for base in bases.iter().filter(|base| !base.contains_key(attribute.name)) {
                for value in samples(attribute) {
                    let at_once = !single && tried(resource, base, attribute, &value, false);
                    let later = changes && tried(resource, base, attribute, &value, true);
                    taken += usize::from(at_once) + usize::from(later);
                    ever |= at_once || later;
                }
            }
            let excused = lacks(schema, attribute, !single) || ELSEWHERE.contains(&(schema.name, attribute.name));
            if !ever && !excused {
                never.push(format!("{}.{}", schema.name, attribute.name));
            }
        }
    }
    assert!(never.is_empty(), "nothing makes the lab take {never:?}");
    assert!(taken > 3_000, "{taken} taken");
}
