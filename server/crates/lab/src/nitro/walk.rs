//! A walk through every resource and every attribute: what does not belong is refused, with a code that says why, and
//! nothing changes.

use super::internally;
use crate::{
    Options, Version,
    appliance::Appliance,
    clock::{Clock, ClockMode},
    engine::Queue,
    faults::Faults,
    journal::Journal,
    refusal::Refusal,
    resources::{Resource, all},
    schema::{Access, Attribute, Kind, Schema, Shape, versions},
    shared::World,
};
use serde_json::{Map, Value, json};
use tokio::sync::watch;

/// These two are answered before anything is looked up.
const SESSIONS: &[&str] = &["login", "logout"];

const UNKNOWN: &str = "nosuchattribute";

pub(super) struct Walk {
    pub world: World,
    untouched: String,
    steps: usize,
}

impl Walk {
    pub fn begin() -> Self {
        let clock = Clock::start(ClockMode::Manual);
        let now = clock.now();
        let world = World {
            clock,
            appliances: vec![Appliance::new([10, 0, 0, 10].into(), "ns01", &Options::default(), "secret", now)],
            queue: Queue::default(),
            faults: Faults::default(),
            journal: Journal::default(),
            settled: watch::Sender::default(),
            rolled_at: now,
        };
        let untouched = format!("{:?}", world.appliances[0].config);
        Self { world, untouched, steps: 0 }
    }

    pub fn send(&mut self, method: &str, path: &str, body: &str) -> Result<(), Refusal> {
        self.steps += 1;
        internally(&mut self.world, 0, method, path, body)
    }

    /// One request that must be refused with one of these codes and leave everything as it was.
    fn refuses(&mut self, method: &str, path: &str, body: &str, codes: &[u16]) {
        let outcome = self.send(method, path, body);
        let code = outcome.as_ref().err().map(|refusal| refusal.code);
        assert!(code.is_some_and(|code| codes.contains(&code)), "{method} {path} {body}: {outcome:?}, not {codes:?}");
        let appliance = &self.world.appliances[0];
        assert!(!appliance.dirty, "{method} {path} {body} counts as a change");
        assert_eq!(format!("{:?}", appliance.config), self.untouched, "{method} {path} {body}");
    }
}

/// A value that the attribute takes.
fn sample(attribute: &Attribute) -> Value {
    match attribute.kind {
        Kind::Text | Kind::Texts => "x".repeat(attribute.length.0.max(1)).into(),
        Kind::Name { .. } => "a1".into(),
        Kind::Ip | Kind::Addresses => "10.20.40.99".into(),
        Kind::Choice(words) => words[0].into(),
        Kind::Double | Kind::Integer => attribute.range.map_or(1, |(low, _)| low).into(),
        Kind::Boolean => true.into(),
    }
}

/// Values that it does not take, and the codes that say so.
fn wrong(attribute: &Attribute) -> Vec<(Value, Vec<u16>)> {
    let mut values =
        vec![(Value::Null, vec![1234]), (json!({ "a": 1 }), vec![1234]), (json!([{ "a": 1 }]), vec![1234])];
    match attribute.kind {
        Kind::Text | Kind::Texts => {
            let (low, high) = attribute.length;
            values.push(("x".repeat(high + 1).into(), vec![1106]));
            values.extend((low > 0).then(|| ("".into(), vec![1107])));
        }
        Kind::Name { .. } => {
            values.push(("x".repeat(attribute.length.1 + 1).into(), vec![1106]));
            values.extend([("".into(), vec![1107]), ("a/b".into(), vec![1075]), (" a".into(), vec![1053])]);
        }
        Kind::Ip | Kind::Addresses => values.extend([("10.0.0".into(), vec![1110]), ("10.0.0.256".into(), vec![1110])]),
        Kind::Choice(_) => values.extend([("no such word".into(), vec![1097]), (7.into(), vec![1097])]),
        Kind::Boolean => values.extend([("maybe".into(), vec![1097]), (7.into(), vec![1097])]),
        Kind::Double | Kind::Integer => {
            values.extend([("many".into(), vec![1097]), (true.into(), vec![1097]), (json!(1.5), vec![1097])]);
            if let Some((low, high)) = attribute.range {
                values.extend([((low - 1).into(), vec![1109]), ((high + 1).into(), vec![1108])]);
                values.push(((high + 1).to_string().into(), vec![1108]));
            }
        }
    }
    values
}

pub(super) fn wrapped(schema: &Schema, body: &Map<String, Value>) -> String {
    json!({ schema.name: body }).to_string()
}

/// The least that an operation needs.
fn least(schema: &Schema, needed: impl Fn(&Attribute) -> bool) -> Map<String, Value> {
    let needed = schema.attributes.iter().filter(|attribute| needed(attribute));
    needed.map(|attribute| (attribute.name.to_owned(), sample(attribute))).collect()
}

pub(super) fn with(body: &Map<String, Value>, name: &str, value: Value) -> Map<String, Value> {
    let mut body = body.clone();
    body.insert(name.to_owned(), value);
    body
}

/// Whether the release of the walk does not have the attribute, or not yet there.
pub(super) fn lacks(schema: &Schema, attribute: &Attribute, adds: bool) -> bool {
    let body = with(&Map::new(), attribute.name, Value::Null);
    versions::admit(Version::default(), schema, adds, &body).is_err()
}

/// Tries everything that one operation must not take.
fn operation(
    walk: &mut Walk,
    schema: &Schema,
    (method, path): (&str, &str),
    least: &Map<String, Value>,
    takes: impl Fn(&Attribute) -> bool,
) {
    walk.refuses(method, path, &wrapped(schema, &with(least, UNKNOWN, 1.into())), &[278]);
    for attribute in schema.attributes {
        if !takes(attribute) || lacks(schema, attribute, method == "POST") {
            let body = with(least, attribute.name, sample(attribute));
            walk.refuses(method, path, &wrapped(schema, &body), &[278]);
            continue;
        }
        for (value, codes) in wrong(attribute) {
            let body = with(least, attribute.name, value);
            walk.refuses(method, path, &wrapped(schema, &body), &codes);
        }
    }
    for missing in least.keys() {
        let mut body = least.clone();
        body.remove(missing);
        walk.refuses(method, path, &wrapped(schema, &body), &[1095]);
    }
}

fn unset(walk: &mut Walk, schema: &Schema) {
    let path = format!("{}?action=unset", schema.name);
    let key = least(schema, Attribute::names);
    walk.refuses("POST", &path, &wrapped(schema, &with(&key, UNKNOWN, true.into())), &[278]);
    walk.refuses("POST", &path, &wrapped(schema, &key), &[431]);
    for attribute in schema.attributes {
        match attribute.access {
            Access::Both if lacks(schema, attribute, false) => {
                let body = with(&key, attribute.name, true.into());
                walk.refuses("POST", &path, &wrapped(schema, &body), &[278]);
            }
            Access::Both => {
                let body = with(&key, attribute.name, false.into());
                walk.refuses("POST", &path, &wrapped(schema, &body), &[1097]);
            }
            Access::Add | Access::Act | Access::Read => {
                let body = with(&key, attribute.name, true.into());
                walk.refuses("POST", &path, &wrapped(schema, &body), &[278]);
            }
            Access::Key | Access::Identity | Access::Set => {}
        }
    }
}

/// What a DELETE takes, an `action=rm` takes as attributes, and nothing else.
fn removing(walk: &mut Walk, schema: &Schema) {
    let path = format!("{}?action=rm", schema.name);
    if schema.shape == Shape::Single {
        return walk.refuses("POST", &path, &wrapped(schema, &Map::new()), &[1240]);
    }
    let key = least(schema, |attribute| attribute.access == Access::Key);
    walk.refuses("POST", &path, &wrapped(schema, &with(&key, UNKNOWN, 1.into())), &[278]);
    for attribute in schema.attributes.iter().filter(|attribute| attribute.access != Access::Key) {
        let body = with(&key, attribute.name, sample(attribute));
        if !schema.delete_args.contains(&attribute.name) {
            walk.refuses("POST", &path, &wrapped(schema, &body), &[278]);
        } else if !lacks(schema, attribute, false) {
            for (value, codes) in wrong(attribute) {
                walk.refuses("POST", &path, &wrapped(schema, &with(&key, attribute.name, value)), &codes);
            }
        }
    }
    if schema.key().is_some() {
        walk.refuses("POST", &path, &wrapped(schema, &Map::new()), &[1095]);
    }
}

fn reading(walk: &mut Walk, resource: &dyn Resource) {
    let schema = resource.schema();
    walk.refuses("DELETE", &format!("{}/a1?args={UNKNOWN}:1", schema.name), "", &[278]);
    walk.refuses("POST", &format!("{}?action=frobnicate", schema.name), &wrapped(schema, &Map::new()), &[1240]);
    if schema.shape == Shape::Single {
        return;
    }
    walk.refuses("GET", &format!("{}?bulkbindings=yes&args={UNKNOWN}:1", schema.name), "", &[278]);
    let needed: Vec<String> = resource.needed_args().iter().map(|name| format!("{name}:1")).collect();
    let args = if needed.is_empty() { String::new() } else { format!("&args={}", needed.join(",")) };
    // Doors without a GET say so before they look at a filter.
    let path = format!("{}?bulkbindings=yes{args}&filter={UNKNOWN}:1", schema.name);
    walk.refuses("GET", &path, "", &[278, 1240, 258]);
}

#[test]
fn what_does_not_belong_is_refused_and_changes_nothing() {
    let mut walk = Walk::begin();
    for resource in all() {
        let schema = resource.schema();
        if SESSIONS.contains(&schema.name) {
            continue;
        }
        let required = least(schema, |attribute| attribute.required);
        let takes = |attribute: &Attribute| {
            matches!(attribute.access, Access::Key | Access::Identity | Access::Both | Access::Add)
        };
        operation(&mut walk, schema, ("POST", schema.name), &required, takes);
        if schema.shape == Shape::Binding {
            operation(&mut walk, schema, ("PUT", schema.name), &required, takes);
        } else if !schema.can_be_set() {
            let key = least(schema, Attribute::names);
            let named = schema.shape == Shape::Named;
            walk.refuses("PUT", schema.name, &wrapped(schema, &key), &[if named { 1074 } else { 1240 }]);
            if named {
                let path = format!("{}?idempotent=yes", schema.name);
                walk.refuses("POST", &path, &wrapped(schema, &required), &[1074]);
            }
            unset(&mut walk, schema);
        } else {
            let key = least(schema, Attribute::names);
            let takes = |attribute: &Attribute| {
                matches!(attribute.access, Access::Key | Access::Identity | Access::Both | Access::Set)
            };
            operation(&mut walk, schema, ("PUT", schema.name), &key, takes);
            unset(&mut walk, schema);
        }
        for action in schema.actions {
            let takes = |attribute: &Attribute| action.takes.contains(&attribute.name);
            let key = least(schema, |attribute| attribute.names() && takes(attribute));
            let path = format!("{}?action={}", schema.name, action.name);
            operation(&mut walk, schema, ("POST", &path), &key, takes);
        }
        removing(&mut walk, schema);
        reading(&mut walk, resource);
    }
    assert!(walk.steps > 5_000, "{} steps", walk.steps);
}

/// Tables say the same thing once: no name twice, no default that the attribute itself would refuse.
#[test]
fn tables_are_sound() {
    for resource in all() {
        let schema = resource.schema();
        let mut seen = Vec::new();
        for attribute in schema.attributes {
            assert!(!seen.contains(&attribute.name), "{} has {} twice", schema.name, attribute.name);
            seen.push(attribute.name);
            let open = !matches!(attribute.access, Access::Read | Access::Act);
            // ENABLED shows as UP while all is well.
            let shows_health = (schema.name, attribute.name) == ("hanode", "hastatus");
            if let Some(default) = attribute.default.filter(|_| open && !shows_health) {
                // What nobody has set may lie outside of what can be set: `hashid` 0, `port` 0.
                let numeric = matches!(attribute.kind, Kind::Double | Kind::Integer);
                let taken = attribute.accept_text(default);
                let zero = numeric && default.parse::<i64>().is_ok();
                assert!(zero || taken.is_ok(), "{}.{}: {default}: {taken:?}", schema.name, attribute.name);
            }
        }
        for action in schema.actions {
            for name in action.takes {
                assert!(schema.attribute(name).is_some(), "{}?action={}: {name}", schema.name, action.name);
            }
        }
        for name in schema.delete_args {
            assert!(schema.attribute(name).is_some(), "{}: args {name}", schema.name);
        }
    }
}
