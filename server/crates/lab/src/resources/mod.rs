//! What each resource does. One file per resource, one line per resource in [`ALL`].
//!
//! A handler gets fields that the schema has already checked, changes the configuration, and writes its CLI line with
//! [`Cx::wrote`]. States, probes, `configchanged`, filters and paging are looked after elsewhere.

mod aggregates;
mod group_views;
mod hanode;
mod lbvserver;
mod lbvserver_group;
mod lbvserver_members;
mod member;
mod nsconfig;
mod nsfeature;
mod nsip;
mod persistence;
mod server;
mod servicegroup;
mod session;
mod system;

use crate::{
    appliance::Appliance,
    clock::LabTime,
    json::Item,
    model::{Called, called},
    refusal::{Outcome, Refusal},
    schema::{Attribute, Fields, Schema},
};

/// Every resource that the lab knows. A name that is not here answers 404/1232.
static ALL: &[&dyn Resource] = &[
    &session::Login,
    &session::Logout,
    &system::NsVersion,
    &system::NsHardware,
    &nsfeature::NsFeature,
    &nsconfig::NsConfig,
    &hanode::HaNode,
    &nsip::NsIp,
    &server::Servers,
    &server::ServerGroups,
    &servicegroup::ServiceGroups,
    &member::Members,
    &group_views::EntityMonitors,
    &group_views::GroupUsers,
    &aggregates::GroupAggregate,
    &lbvserver::LbVservers,
    &lbvserver_group::VserverGroups,
    &lbvserver_members::VserverMembers,
    &aggregates::VserverAggregate,
];

/// The resource called `name` in a URL.
pub(crate) fn find(name: &str) -> Option<&'static dyn Resource> {
    ALL.iter().find(|resource| resource.schema().name == name).copied()
}

/// What a read sees.
pub(crate) struct View<'a> {
    pub appliance: &'a Appliance,
    pub now: LabTime,
}

/// What a write works on.
pub(crate) struct Cx<'a> {
    pub appliance: &'a mut Appliance,
    pub now: LabTime,
    /// CLI lines of what was done.
    pub lines: Vec<String>,
    pub warnings: Vec<Refusal>,
}

impl Cx<'_> {
    /// A change of the configuration has been made.
    pub fn wrote(&mut self, line: String) {
        self.lines.push(line);
        self.appliance.dirty = true;
        self.appliance.changed_at = self.now;
    }

    /// Warns that what was just made stays out of work (1067), if a feature is off.
    pub fn needs_features(&mut self, tokens: &[&str]) {
        let off: Vec<&str> = tokens.iter().copied().filter(|token| !self.appliance.config.has_feature(token)).collect();
        if !off.is_empty() {
            self.warnings.push(Refusal::about(1067, &off));
        }
    }
}

/// One resource. What it does not implement answers 400/1240.
pub(crate) trait Resource: Sync {
    fn schema(&self) -> &'static Schema;

    /// GET: one object or parent when `name` is given (258 when there is none), else all.
    fn rows(&self, view: &View, name: Option<&str>) -> Outcome<Vec<Item>>;

    /// POST of an object; POST or PUT of a binding.
    fn add(&self, _cx: &mut Cx, _fields: Fields) -> Outcome {
        Err(Refusal::new(1240))
    }

    /// PUT of an object.
    fn set(&self, _cx: &mut Cx, _fields: Fields) -> Outcome {
        Err(Refusal::new(1240))
    }

    fn unset(&self, _cx: &mut Cx, _key: Fields, _unset: &[&'static Attribute]) -> Outcome {
        Err(Refusal::new(1240))
    }

    fn delete(&self, _cx: &mut Cx, _name: &str, _args: Fields) -> Outcome {
        Err(Refusal::new(1240))
    }

    /// An action that the schema lists.
    fn act(&self, _cx: &mut Cx, _action: &str, _fields: Fields) -> Outcome {
        Err(Refusal::new(1240))
    }
}

/// The rows to show: all, or the one called `name`.
fn chosen<'a, T: Called>(rows: &'a [T], schema: &Schema, name: Option<&str>) -> Outcome<Vec<&'a T>> {
    match name {
        None => Ok(rows.iter().collect()),
        Some(name) => called(rows, name).map(|row| vec![row]).ok_or_else(|| absent(schema, name)),
    }
}

/// 258 with the name of the key as the CLI spells it.
fn absent(schema: &Schema, name: &str) -> Refusal {
    Refusal::absent(schema.key().map_or("name", |key| key.cli), name)
}

/// 273 for a name that is taken.
fn taken(schema: &Schema, name: &str) -> Refusal {
    Refusal::about(273, &[schema.key().map_or("name", |key| key.cli), name])
}

/// The new name of a rename, if it is free.
fn new_name<T: Called>(rows: &[T], schema: &Schema, fields: &Fields) -> Outcome<String> {
    let name = fields.get("newname").ok_or_else(|| Refusal::about(1095, &["newName"]))?;
    match called(rows, name) {
        Some(_) => Err(taken(schema, name)),
        None => Ok(name.to_owned()),
    }
}

/// The part of a PUT that is not the key; 431 when there is none.
fn changes(schema: &Schema, mut fields: Fields) -> Outcome<Fields> {
    if let Some(key) = schema.key() {
        fields.remove(key.name);
    }
    if fields.names().next().is_none() { Err(Refusal::new(431)) } else { Ok(fields) }
}

/// `delay` and `graceful` of a disable.
fn leave(fields: &Fields) -> (i64, bool) {
    (fields.number("delay").unwrap_or(0), fields.get("graceful") == Some("YES"))
}

/// Ticks of 10 ms.
fn ticks(now: LabTime, since: LabTime) -> String {
    (now.since(since) / 10).to_string()
}
