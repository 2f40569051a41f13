//! `systemuser` and `systemgroup` (3.24): accounts, and what is bound to them.

use super::{Cx, Resource, Told, View, absent, changes, taken};
use crate::{
    json::Item,
    model::{Access, Account, SUPERUSER, Secret, account},
    refusal::{Outcome, Refusal},
    schema::{
        Attribute, Fields, Schema,
        tables::access::{SYSTEMGROUP, SYSTEMUSER},
    },
};

pub(super) struct SystemUsers;
pub(super) struct SystemGroups;

impl Resource for SystemUsers {
    fn schema(&self) -> &'static Schema {
        &SYSTEMUSER
    }

    fn told(&self) -> Told {
        Told::Never
    }

    /// All but the superuser, with what can be compared to a password and not be read.
    fn afterwards(&self, view: &View) -> Vec<String> {
        let line = |user: &Account| {
            let secret = user.secret.as_ref()?.text();
            let mut fields = Fields::default();
            fields.put("username", user.name.as_str());
            let begin = SYSTEMUSER.line("add", &fields);
            fields.merge(user.set.clone());
            let options = SYSTEMUSER.line("add", &fields).split_off(begin.len());
            Some(format!("{begin} {secret} -encrypted{options}"))
        };
        view.appliance.config.access.users.iter().filter_map(line).collect()
    }

    fn rows(&self, view: &View, name: Option<&str>) -> Outcome<Vec<Item>> {
        rows(&view.appliance.config.access.users, &SYSTEMUSER, name)
    }

    fn add(&self, cx: &mut Cx, mut fields: Fields) -> Outcome {
        let line = SYSTEMUSER.line("add", &fields);
        let secret = Secret::new(&fields.remove("password").unwrap_or_default())?;
        let users = &mut cx.appliance.config.access.users;
        let name = fields.remove("username").unwrap_or_default();
        if account(users, &name).is_some() {
            return Err(taken(&SYSTEMUSER, &name));
        }
        users.push(Account { name, set: fields, secret: Some(secret), ..Account::default() });
        cx.wrote(line);
        Ok(())
    }

    fn set(&self, cx: &mut Cx, fields: Fields) -> Outcome {
        let line = SYSTEMUSER.line("set", &fields);
        let name = fields.text("username").to_owned();
        let mut changes = changes(&SYSTEMUSER, fields)?;
        let user = user_mut(&mut cx.appliance.config.access, &name)?;
        if let Some(password) = changes.remove("password") {
            if name == SUPERUSER {
                cx.appliance.password = password;
            } else {
                user.secret = Some(Secret::new(&password)?);
            }
        }
        user_mut(&mut cx.appliance.config.access, &name)?.set.merge(changes);
        cx.wrote(line);
        Ok(())
    }

    fn unset(&self, cx: &mut Cx, key: Fields, unset: &[&'static Attribute]) -> Outcome {
        if unset.iter().any(|attribute| attribute.required) {
            return Err(Refusal::about(278, &["password"]));
        }
        let user = user_mut(&mut cx.appliance.config.access, key.text("username"))?;
        for attribute in unset {
            user.set.remove(attribute.name);
        }
        cx.wrote(SYSTEMUSER.unset_line(&key, unset));
        Ok(())
    }

    /// Its sessions end with it.
    fn delete(&self, cx: &mut Cx, name: &str, _args: Fields) -> Outcome {
        let access = &mut cx.appliance.config.access;
        if name == SUPERUSER {
            return Err(Refusal::new(359));
        }
        if access.user(name).is_none() {
            return Err(absent(&SYSTEMUSER, name));
        }
        access.users.retain(|user| user.name != name);
        for group in &mut access.groups {
            group.members.retain(|member| member != name);
        }
        cx.wrote(rm(&SYSTEMUSER, name));
        Ok(())
    }
}

impl Resource for SystemGroups {
    fn schema(&self) -> &'static Schema {
        &SYSTEMGROUP
    }

    fn rows(&self, view: &View, name: Option<&str>) -> Outcome<Vec<Item>> {
        rows(&view.appliance.config.access.groups, &SYSTEMGROUP, name)
    }

    fn add(&self, cx: &mut Cx, mut fields: Fields) -> Outcome {
        let line = SYSTEMGROUP.line("add", &fields);
        let groups = &mut cx.appliance.config.access.groups;
        let name = fields.remove("groupname").unwrap_or_default();
        if account(groups, &name).is_some() {
            return Err(taken(&SYSTEMGROUP, &name));
        }
        groups.push(Account { name, set: fields, ..Account::default() });
        cx.wrote(line);
        Ok(())
    }

    fn set(&self, cx: &mut Cx, fields: Fields) -> Outcome {
        let line = SYSTEMGROUP.line("set", &fields);
        let name = fields.text("groupname").to_owned();
        let changes = changes(&SYSTEMGROUP, fields)?;
        group_mut(&mut cx.appliance.config.access, &name)?.set.merge(changes);
        cx.wrote(line);
        Ok(())
    }

    fn unset(&self, cx: &mut Cx, key: Fields, unset: &[&'static Attribute]) -> Outcome {
        let group = group_mut(&mut cx.appliance.config.access, key.text("groupname"))?;
        for attribute in unset {
            group.set.remove(attribute.name);
        }
        cx.wrote(SYSTEMGROUP.unset_line(&key, unset));
        Ok(())
    }

    fn delete(&self, cx: &mut Cx, name: &str, _args: Fields) -> Outcome {
        let groups = &mut cx.appliance.config.access.groups;
        if account(groups, name).is_none() {
            return Err(Refusal::new(372));
        }
        groups.retain(|group| group.name != name);
        cx.wrote(rm(&SYSTEMGROUP, name));
        Ok(())
    }
}

/// 258 for a user that is not there.
pub(super) fn user_mut<'a>(access: &'a mut Access, name: &str) -> Outcome<&'a mut Account> {
    access.users.iter_mut().find(|user| user.name == name).ok_or_else(|| absent(&SYSTEMUSER, name))
}

/// 372 for a group that is not there.
pub(super) fn group_mut<'a>(access: &'a mut Access, name: &str) -> Outcome<&'a mut Account> {
    access.groups.iter_mut().find(|group| group.name == name).ok_or(Refusal::new(372))
}

/// All accounts, or the one with this name.
pub(super) fn chosen<'a>(accounts: &'a [Account], schema: &Schema, name: Option<&str>) -> Outcome<Vec<&'a Account>> {
    match name {
        None => Ok(accounts.iter().collect()),
        Some(name) => account(accounts, name).map(|found| vec![found]).ok_or_else(|| absent(schema, name)),
    }
}

fn rows(accounts: &[Account], schema: &Schema, name: Option<&str>) -> Outcome<Vec<Item>> {
    let row = |account: &Account| {
        let mut now = Fields::default();
        if let Some(key) = schema.key() {
            now.put(key.name, account.name.as_str());
        }
        schema.item(&account.set, &now)
    };
    Ok(chosen(accounts, schema, name)?.into_iter().map(row).collect())
}

fn rm(schema: &Schema, name: &str) -> String {
    let mut fields = Fields::default();
    if let Some(key) = schema.key() {
        fields.put(key.name, name);
    }
    schema.line("rm", &fields)
}
