//! `lbgroup` and its members (3.20).

use super::{Cx, Resource, View, absent, changes, chosen, new_name, persistence, taken};
use crate::{
    Version,
    json::Item,
    model::{Called, Config, Id, LbGroup, PERSISTENCE, Vserver, called, called_mut},
    refusal::{Outcome, Refusal},
    schema::{
        Attribute, Fields, Schema,
        tables::lbgroup::{LBGROUP as TABLE, LBGROUP_LBVSERVER as MEMBER},
    },
};

pub(super) struct LbGroups;
pub(super) struct LbGroupMembers;

impl Resource for LbGroups {
    fn schema(&self) -> &'static Schema {
        &TABLE
    }

    fn rows(&self, view: &View, name: Option<&str>) -> Outcome<Vec<Item>> {
        let rows = chosen(&view.appliance.config.lbgroups, &TABLE, name)?;
        Ok(rows.into_iter().map(|group| TABLE.item(&group.set, &Fields::default())).collect())
    }

    fn add(&self, cx: &mut Cx, fields: Fields) -> Outcome {
        let config = &mut cx.appliance.config;
        let name = fields.text("name");
        if called(&config.lbgroups, name).is_some() {
            return Err(taken(&TABLE, name));
        }
        let line = TABLE.line("add", &fields);
        let group = LbGroup { id: config.new_id(), set: fields, members: Vec::new() };
        check(cx.appliance.version, config, &group)?;
        config.lbgroups.push(group);
        cx.needs_features(&["LB"]);
        cx.wrote(line);
        Ok(())
    }

    fn set(&self, cx: &mut Cx, fields: Fields) -> Outcome {
        let config = &mut cx.appliance.config;
        let line = TABLE.line("set", &fields);
        let name = fields.text("name").to_owned();
        let mut group = called(&config.lbgroups, &name).cloned().ok_or_else(|| absent(&TABLE, &name))?;
        let changes = changes(&TABLE, fields)?;
        let persistence = changes.names().any(|name| PERSISTENCE.contains(&name));
        group.set.merge(changes);
        if persistence && group.leaves_members_alone() {
            return Err(Refusal::new(2417));
        }
        check(cx.appliance.version, config, &group)?;
        put(config, group);
        cx.wrote(line);
        Ok(())
    }

    fn unset(&self, cx: &mut Cx, key: Fields, unset: &[&'static Attribute]) -> Outcome {
        let config = &mut cx.appliance.config;
        let name = key.text("name");
        let mut group = called(&config.lbgroups, name).cloned().ok_or_else(|| absent(&TABLE, name))?;
        for attribute in unset {
            group.set.remove(attribute.name);
        }
        check(cx.appliance.version, config, &group)?;
        put(config, group);
        cx.wrote(TABLE.unset_line(&key, unset));
        Ok(())
    }

    fn delete(&self, cx: &mut Cx, name: &str, _args: Fields) -> Outcome {
        let groups = &mut cx.appliance.config.lbgroups;
        let group = called(groups, name).ok_or_else(|| absent(&TABLE, name))?;
        let (id, line) = (group.id, TABLE.line("rm", &group.set.clone().only(&["name"])));
        groups.retain(|group| group.id != id);
        cx.wrote(line);
        Ok(())
    }

    fn act(&self, cx: &mut Cx, action: &str, fields: Fields) -> Outcome {
        let groups = &mut cx.appliance.config.lbgroups;
        let name = fields.text("name");
        if called(groups, name).is_none() {
            return Err(absent(&TABLE, name));
        }
        let newname = new_name(groups, &TABLE, &fields)?;
        if let Some(group) = called_mut(groups, name) {
            group.set.put("name", newname);
        }
        cx.wrote(TABLE.line(action, &fields));
        Ok(())
    }
}

impl Resource for LbGroupMembers {
    fn schema(&self) -> &'static Schema {
        &MEMBER
    }

    fn rows(&self, view: &View, name: Option<&str>) -> Outcome<Vec<Item>> {
        let config = &view.appliance.config;
        let groups = chosen(&config.lbgroups, &MEMBER, name)?;
        Ok(groups.into_iter().flat_map(|group| items(config, group)).collect())
    }

    /// From here on the group's persistence stands in the place of the virtual server's own.
    fn add(&self, cx: &mut Cx, fields: Fields) -> Outcome {
        let config = &mut cx.appliance.config;
        let name = fields.text("name").to_owned();
        let mut group = called(&config.lbgroups, &name).cloned().ok_or_else(|| Refusal::about(2370, &[&name]))?;
        let vserver = vserver(config, &fields)?;
        match config.lbgroup_of(vserver.id) {
            Some(own) if own.id == group.id => return Err(Refusal::new(273)),
            Some(_) => return Err(Refusal::new(2371)),
            None => {}
        }
        if vserver.address().is_none() {
            return Err(Refusal::about(1178, &[vserver.name()]));
        }
        let id = vserver.id;
        group.members.push(id);
        check(cx.appliance.version, config, &group)?;
        put(config, group);
        // Connections stay; who comes next is looked up in the group's entries.
        cx.appliance.persistence.clear(Some(id), None);
        cx.wrote(MEMBER.line("bind", &fields));
        Ok(())
    }

    /// A group goes with its last member.
    fn delete(&self, cx: &mut Cx, name: &str, mut args: Fields) -> Outcome {
        let config = &mut cx.appliance.config;
        let group = called(&config.lbgroups, name).ok_or_else(|| Refusal::about(2370, &[name]))?;
        let id = vserver(config, &args)?.id;
        if !group.members.contains(&id) {
            return Err(Refusal::new(2379));
        }
        args.put("name", group.name());
        release(config, id);
        cx.appliance.persistence.clear(Some(id), None);
        cx.wrote(MEMBER.line("unbind", &args));
        Ok(())
    }
}

/// Takes a virtual server out of its group, and the group away when it was the last.
pub(super) fn release(config: &mut Config, vserver: Id) {
    config.lbgroups.retain_mut(|group| {
        let before = group.members.len();
        group.members.retain(|member| *member != vserver);
        group.members.len() == before || !group.members.is_empty()
    });
}

/// 2306, when a change of a virtual server's persistence belongs to its group.
pub(super) fn allows(config: &Config, vserver: Id, mut names: impl Iterator<Item = &'static str>) -> Outcome {
    let rules = config.lbgroup_of(vserver).is_some_and(LbGroup::rules);
    if rules && names.any(|name| PERSISTENCE.contains(&name)) { Err(Refusal::new(2306)) } else { Ok(()) }
}

/// What a group shows in the place of its members' own values.
pub(super) fn overlay(group: &LbGroup, now: &mut Fields) {
    for name in PERSISTENCE {
        let default = TABLE.attribute(name).and_then(|attribute| attribute.default).filter(|_| *name != "rule");
        if let Some(value) = group.set.get(name).or(default) {
            now.put(name, value);
        }
    }
}

/// The rows of one group; also part of the aggregate answer.
pub(super) fn items(config: &Config, group: &LbGroup) -> Vec<Item> {
    let row = |member: &Vserver| {
        let mut now = Fields::default();
        now.put("name", group.name());
        now.put("vservername", member.name());
        MEMBER.item(&Fields::default(), &now)
    };
    members(config, group).map(row).collect()
}

fn members<'a>(config: &'a Config, group: &'a LbGroup) -> impl Iterator<Item = &'a Vserver> {
    group.members.iter().filter_map(|id| crate::model::by_id(&config.vservers, *id))
}

fn vserver<'a>(config: &'a Config, fields: &Fields) -> Outcome<&'a Vserver> {
    let name = fields.get("vservername").ok_or_else(|| Refusal::about(1095, &["vServerName"]))?;
    called(&config.vservers, name).ok_or_else(|| Refusal::absent("vServerName", name))
}

/// Whether the group's persistence suits itself and all of its members.
fn check(version: Version, config: &Config, group: &LbGroup) -> Outcome {
    persistence::check(version, &group.set)?;
    if let Some(master) = group.set.get("mastervserver") {
        if !group.leaves_members_alone() {
            return Err(Refusal::about(1093, &["masterVserver", "useVserverPersistency"]));
        }
        // A new group has no members yet, and may be made with the name all the same (14.1).
        if !group.members.is_empty() && !members(config, group).any(|member| member.name() == master) {
            return Err(Refusal::new(2379));
        }
    }
    if group.leaves_members_alone() {
        return Ok(());
    }
    for member in members(config, group) {
        match group.kind() {
            "COOKIEINSERT" if !matches!(member.kind(), "HTTP" | "SSL") => return Err(Refusal::new(2308)),
            "RULE" if member.kind() == "SSL_BRIDGE" => return Err(Refusal::new(1332)),
            _ => {}
        }
    }
    Ok(())
}

fn put(config: &mut Config, changed: LbGroup) {
    if let Some(group) = config.lbgroups.iter_mut().find(|group| group.id == changed.id) {
        *group = changed;
    }
}
