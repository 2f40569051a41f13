//! `servicegroup` (3.7). A PUT or an action with a server and a port is about that one member.

use super::{Cx, Resource, View, absent, changes, chosen, leave, member, new_name, taken, ticks};
use crate::{
    json::Item,
    model::{Called, Config, Group, Switch, called, called_mut, needs_ssl},
    refusal::{Outcome, Refusal},
    schema::{Attribute, Fields, Schema, tables::servicegroup::SERVICEGROUP},
};

pub(super) struct ServiceGroups;

/// Attributes of a PUT that go to a member.
const OF_MEMBER: &[&str] = &["weight", "customserverid", "serverid", "hashid", "order"];

/// Attributes of a PUT that say which member it is about.
const ADDRESS: &[&str] = &["servername", "port"];

impl Resource for ServiceGroups {
    fn schema(&self) -> &'static Schema {
        &SERVICEGROUP
    }

    /// The protocol's time limits hold without being said.
    fn tell(&self, view: &View, fields: &mut Fields) -> bool {
        let Some(group) = called(&view.appliance.config.groups, fields.text("servicegroupname")) else { return false };
        for name in ["clttimeout", "svrtimeout"] {
            if !group.set.has(name) {
                fields.remove(name);
            }
        }
        true
    }

    fn rows(&self, view: &View, name: Option<&str>) -> Outcome<Vec<Item>> {
        let rows = chosen(&view.appliance.config.groups, &SERVICEGROUP, name)?;
        Ok(rows.into_iter().map(|group| item(group, view)).collect())
    }

    fn add(&self, cx: &mut Cx, fields: Fields) -> Outcome {
        let config = &mut cx.appliance.config;
        let name = fields.text("servicegroupname");
        if called(&config.groups, name).is_some() {
            return Err(taken(&SERVICEGROUP, name));
        }
        let line = SERVICEGROUP.line("add", &fields);
        let ssl = needs_ssl(fields.text("servicetype"));
        let group = Group {
            id: config.new_id(),
            switch: Switch::new(fields.get("state") != Some("DISABLED")),
            set: fields,
            members: Vec::new(),
            monitors: Vec::new(),
            effective: "DOWN",
            changed: cx.now,
        };
        config.groups.push(group);
        cx.needs_features(if ssl { &["LB", "SSL"] } else { &["LB"] });
        cx.wrote(line);
        Ok(())
    }

    fn set(&self, cx: &mut Cx, fields: Fields) -> Outcome {
        let config = &mut cx.appliance.config;
        let line = SERVICEGROUP.line("set", &fields);
        let name = fields.text("servicegroupname").to_owned();
        let group = called(&config.groups, &name).ok_or_else(|| absent(&SERVICEGROUP, &name))?;
        let mut changes = changes(&SERVICEGROUP, fields)?;
        let about = member::addressed(&config.servers, group, &changes)?;
        if let Some(bound) = monitor_weight(config, group, &mut changes)? {
            let (at, weight) = bound;
            if let Some(group) = called_mut(&mut config.groups, &name) {
                group.monitors[at].set.put("weight", weight);
            }
            if changes.names().next().is_none() {
                cx.wrote(line);
                return Ok(());
            }
        }
        let group = called_mut(&mut config.groups, &name).ok_or_else(|| absent(&SERVICEGROUP, &name))?;
        match about {
            Some(at) => group.members[at].set.merge(of_member(changes)?),
            None => group.set.merge(of_group(changes)?),
        }
        cx.wrote(line);
        Ok(())
    }

    fn unset(&self, cx: &mut Cx, key: Fields, unset: &[&'static Attribute]) -> Outcome {
        let name = key.text("servicegroupname");
        let config = &mut cx.appliance.config;
        let group = called(&config.groups, name).ok_or_else(|| absent(&SERVICEGROUP, name))?;
        let about = member::addressed(&config.servers, group, &key)?;
        let group = called_mut(&mut config.groups, name).ok_or_else(|| absent(&SERVICEGROUP, name))?;
        let of_monitor = |attribute: &&&Attribute| matches!(attribute.name, "monitor_name_svc" | "dup_weight");
        if let Some(other) = unset.iter().find(of_monitor) {
            return Err(Refusal::about(278, &[other.name]));
        }
        // What belongs to a member needs a member, and the other way round.
        let stray = unset.iter().find(|attribute| OF_MEMBER.contains(&attribute.name) != about.is_some());
        let set = match (about, stray) {
            (None, Some(stray)) => return Err(Refusal::about(1093, &[stray.cli, "serverName"])),
            (Some(_), Some(stray)) => return Err(Refusal::about(278, &[stray.name])),
            (Some(at), None) => &mut group.members[at].set,
            (None, None) => &mut group.set,
        };
        for attribute in unset {
            set.remove(attribute.name);
        }
        cx.wrote(SERVICEGROUP.unset_line(&key, unset));
        Ok(())
    }

    /// Takes the bindings of both sides along, unless `allowboundsvcremoval` forbids that (1325).
    fn delete(&self, cx: &mut Cx, name: &str, _args: Fields) -> Outcome {
        let config = &mut cx.appliance.config;
        let group = called(&config.groups, name).ok_or_else(|| absent(&SERVICEGROUP, name))?;
        let (id, line) = (group.id, SERVICEGROUP.line("rm", &group.set.clone().only(&["servicegroupname"])));
        if config.lb.get("allowboundsvcremoval") == Some("DISABLED") && config.users_of(id).next().is_some() {
            return Err(Refusal::new(1325));
        }
        config.groups.retain(|group| group.id != id);
        config.vservers.iter_mut().for_each(|vserver| vserver.groups.retain(|bound| *bound != id));
        cx.wrote(line);
        Ok(())
    }

    fn act(&self, cx: &mut Cx, action: &str, fields: Fields) -> Outcome {
        let line = SERVICEGROUP.line(action, &fields);
        let now = cx.now;
        let config = &mut cx.appliance.config;
        let name = fields.text("servicegroupname");
        let group = called(&config.groups, name).ok_or_else(|| absent(&SERVICEGROUP, name))?;
        let about = member::addressed(&config.servers, group, &fields)?;
        if action != "rename" && scales_itself(group) {
            let why = "Enabling / Disabling is not permitted as it has auto scale members";
            return Err(Refusal::about(257, &[why]));
        }
        let renamed = (action == "rename").then(|| new_name(&config.groups, &SERVICEGROUP, &fields)).transpose()?;
        let group = called_mut(&mut config.groups, name).ok_or_else(|| absent(&SERVICEGROUP, name))?;
        if let Some(newname) = renamed {
            group.set.put("servicegroupname", newname);
        } else {
            let switch = match about {
                Some(at) => &mut group.members[at].switch,
                None => &mut group.switch,
            };
            if action == "enable" {
                switch.enable();
            } else {
                let (delay, graceful) = leave(&fields);
                switch.disable(now, delay, graceful);
            }
        }
        cx.wrote(line);
        Ok(())
    }
}

/// Its members come from elsewhere, and come and go by themselves (6.2 A4): nobody's hand switches them.
fn scales_itself(group: &Group) -> bool {
    group.set.get("autoscale").is_some_and(|word| word != "DISABLED") && !group.members.is_empty()
}

/// The weight of one bound monitor, when a PUT is about that: which one, and how much.
fn monitor_weight(config: &Config, group: &Group, changes: &mut Fields) -> Outcome<Option<(usize, String)>> {
    match (changes.remove("monitor_name_svc"), changes.remove("dup_weight")) {
        (None, None) => Ok(None),
        (Some(_), None) => Err(Refusal::about(1093, &["monitorName", "weight"])),
        (None, Some(_)) => Err(Refusal::about(1093, &["weight", "monitorName"])),
        (Some(name), Some(weight)) => {
            let id = called(&config.monitors.0, &name).map(Called::id).ok_or_else(|| Refusal::about(2171, &[&name]))?;
            let at = group.monitors.iter().position(|bound| bound.monitor == id).ok_or(Refusal::new(2170))?;
            Ok(Some((at, weight)))
        }
    }
}

/// The part of a PUT that a member takes; nothing else may come along.
fn of_member(changes: Fields) -> Outcome<Fields> {
    let stray = changes.names().find(|name| !OF_MEMBER.contains(name) && !ADDRESS.contains(name));
    if let Some(stray) = stray {
        return Err(Refusal::about(278, &[stray]));
    }
    let changes = changes.only(OF_MEMBER);
    if changes.names().next().is_none() {
        return Err(Refusal::new(431));
    }
    Ok(changes)
}

/// A PUT for the group itself: what belongs to a member needs a member.
fn of_group(changes: Fields) -> Outcome<Fields> {
    let lonely = changes.names().find(|name| OF_MEMBER.contains(name));
    match lonely {
        Some(lonely) => {
            let cli = SERVICEGROUP.attribute(lonely).map_or(lonely, |attribute| attribute.cli);
            Err(Refusal::about(1093, &[cli, "serverName"]))
        }
        None => Ok(changes),
    }
}

fn item(group: &Group, view: &View) -> Item {
    let mut now = Fields::default();
    let ssl = needs_ssl(group.kind());
    if ssl && !view.appliance.config.has_feature("SSL") {
        now.put("value", "SSL feature disabled");
    }
    for (name, default) in timeouts(group.kind()) {
        if !group.set.has(name) {
            now.put(name, default);
        }
    }
    let open: u64 = group.members.iter().map(|member| member.traffic.open()).sum();
    now.put("numofconnections", open.to_string());
    now.put("state", group.switch.word());
    now.put("svrstate", if group.effective == "PARTIAL-UP" { "UP" } else { plain(group.effective) });
    now.put("servicegroupeffectivestate", group.effective);
    now.put("delay", group.switch.delay.to_string());
    now.put("graceful", if group.switch.graceful { "YES" } else { "NO" });
    now.put("statechangetimesec", group.changed.nitro());
    now.put("statechangetimemsec", group.changed.milliseconds().to_string());
    now.put("tickssincelaststatechange", ticks(view.now, group.changed));
    SERVICEGROUP.item(&group.set, &now)
}

/// Kinds that pass bytes on keep idle connections for 9000 s, those that look inside for 180 s and 360 s.
pub(super) fn timeouts(kind: &str) -> [(&'static str, &'static str); 2] {
    let looks_inside = matches!(kind, "HTTP" | "SSL");
    let (client, server) = if looks_inside { ("180", "360") } else { ("9000", "9000") };
    [("clttimeout", client), ("svrtimeout", server)]
}

/// `svrstate` knows no partial words.
fn plain(effective: &str) -> &str {
    if effective == "PARTIAL-DOWN" { "DOWN" } else { effective }
}
