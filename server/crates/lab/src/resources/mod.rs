//! What each resource does. One file per resource, one line per resource in [`list`].
//!
//! A handler gets fields that the schema has already checked, changes the configuration, and writes its CLI line with
//! [`Cx::wrote`]. States, probes, `configchanged`, filters and paging are looked after elsewhere.

mod aggregates;
mod auditmessages;
mod constant;
mod csvserver;
mod dnsaddrec;
mod dnsnameserver;
mod group_views;
mod ha_actions;
mod hanode;
mod interface;
mod lbgroup;
mod lbmonitor;
mod lbvserver;
mod lbvserver_group;
mod lbvserver_members;
mod lbvserver_service;
mod list;
mod member;
mod monitor_bindings;
mod monitor_users;
mod ns_texts;
mod nsconfig;
mod nsfeature;
mod nsip;
mod nsmode;
mod nspartition;
mod parameters;
mod persistence;
mod persistent_sessions;
mod place;
mod policypatset;
mod reboot;
mod server;
mod service;
mod servicegroup;
mod session;
mod ssl_bindings;
mod sslcertkey;
mod sslvserver;
mod stat_counters;
mod stat_lb;
mod stat_service;
mod stat_system;
mod system;
mod system_bindings;
mod systemcmdpolicy;
mod systemfile;
mod systemparameter;
mod systemsession;
mod systemuser;
mod unbound;
mod vpn_bindings;
mod vpn_furniture;
mod vpn_session;
mod vpnvserver;

use crate::{
    appliance::Appliance,
    caller::Caller,
    clock::LabTime,
    ha::{Link, Order},
    json::{Item, Json},
    model::{Called, Traffic, called},
    refusal::{Outcome, Refusal},
    schema::{Attribute, Fields, Schema},
};
pub(crate) use list::{all, find, find_statistics, names};
pub(crate) use systemfile::FOLDERS;

/// `args` that change how much is read, not which objects.
const SWITCHES: &[&str] = &["all", "includemembers", "internal", "Internal", "installedversion", "detail"];

/// What a read sees.
pub(crate) struct View<'a> {
    pub appliance: &'a Appliance,
    /// The other appliance of a pair.
    pub peer: Option<&'a Appliance>,
    pub now: LabTime,
    pub caller: &'a Caller,
    /// Identifiers other than the name, for resources that are more than a filter over rows.
    pub args: Vec<(String, String)>,
    /// `statbindings=yes`: statistics with those of their members inside.
    pub nested: bool,
    /// `clearstats=basic` or `full`: counters that are shown begin anew.
    pub clears: bool,
    /// Somebody asks, who sees what is remembered beside what is configured.
    pub remembered: bool,
}

impl<'a> View<'a> {
    /// What the lab itself sees.
    pub fn plain(appliance: &'a Appliance, now: LabTime, caller: &'a Caller) -> Self {
        Self { appliance, peer: None, now, caller, args: Vec::new(), nested: false, clears: false, remembered: false }
    }

    /// What a write sees of the configuration.
    pub fn of(cx: &'a Cx) -> Self {
        Self::plain(cx.appliance, cx.now, &cx.caller)
    }

    /// Statistics that were just shown.
    fn cleared(&self, traffic: &Traffic) {
        if self.clears {
            traffic.clear();
        }
    }
}

/// What a write works on.
pub(crate) struct Cx<'a> {
    pub appliance: &'a mut Appliance,
    pub now: LabTime,
    pub caller: Caller,
    /// CLI lines of what was done.
    pub lines: Vec<String>,
    pub warnings: Vec<Refusal>,
    /// What an action has to say, for the few that do.
    pub answer: Option<Json>,
    /// What is left to the lab, because it concerns more than this appliance.
    pub orders: Vec<Order>,
    /// The other appliance of a pair, where each command runs first.
    pub link: Link<'a>,
}

impl<'a> Cx<'a> {
    pub fn new(appliance: &'a mut Appliance, now: LabTime, caller: Caller) -> Self {
        let (lines, warnings, orders) = Default::default();
        Self { appliance, now, caller, lines, warnings, answer: None, orders, link: Link::Alone }
    }
}

impl Cx<'_> {
    /// Carries out one command: asks whether the caller may give it, before anything happens, and logs how it went.
    pub fn command(&mut self, line: String, run: impl FnOnce(&mut Self) -> Outcome) -> Outcome {
        let outcome = self.appliance.judge(&self.caller, &line).and_then(|()| run(self));
        self.appliance.note(&self.caller, line, outcome.as_ref().err(), self.now);
        outcome
    }

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

/// How a resource is told in the text of the configuration.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Told {
    /// `add` for objects, `bind` for bindings, `set` for what is there once.
    Made,
    /// There by itself: `set` where something differs from the default.
    Set,
    /// Not configuration.
    Never,
}

/// One resource. What it does not implement answers 400/1240.
pub(crate) trait Resource: Sync {
    fn schema(&self) -> &'static Schema;

    /// `args` that a GET cannot do without.
    fn needed_args(&self) -> &'static [&'static str] {
        &[]
    }

    /// The attribute that an `args` key of a GET compares; none when it does not choose objects.
    fn narrows<'a>(&self, arg: &'a str) -> Option<&'a str> {
        (!SWITCHES.contains(&arg)).then_some(arg)
    }

    fn told(&self) -> Told {
        Told::Made
    }

    /// Corrects what a command says of one object, where a GET shows it otherwise; false when it is not told at all.
    fn tell(&self, _view: &View, _fields: &mut Fields) -> bool {
        true
    }

    /// Lines behind those of the objects.
    fn afterwards(&self, _view: &View) -> Vec<String> {
        Vec::new()
    }

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
