//! `vpnsessionpolicy` and `vpnsessionaction` (3.26).

use super::{Cx, Resource, View, absent, changes, chosen, taken};
use crate::{
    json::Item,
    model::{Called, Config, Id, Plain, called, called_mut, same},
    refusal::{Outcome, Refusal},
    schema::{
        Attribute, Fields, Schema,
        tables::gateway::{VPNSESSIONACTION, VPNSESSIONPOLICY},
    },
};

pub(super) struct SessionPolicies;
pub(super) struct SessionActions;

/// The two are alike but for what holds on to them.
trait Kept: Sync {
    fn table(&self) -> &'static Schema;
    fn list<'a>(&self, config: &'a Config) -> &'a Vec<Plain>;
    fn list_mut<'a>(&self, config: &'a mut Config) -> &'a mut Vec<Plain>;
    /// Whether something would lose it.
    fn is_used(&self, config: &Config, id: Id) -> bool;
    /// Whether everything that the fields point at is there.
    fn check(&self, config: &Config, fields: &Fields) -> Outcome;
    fn item(&self, row: &Plain) -> Item;
}

impl Kept for SessionPolicies {
    fn table(&self) -> &'static Schema {
        &VPNSESSIONPOLICY
    }

    fn list<'a>(&self, config: &'a Config) -> &'a Vec<Plain> {
        &config.policies
    }

    fn list_mut<'a>(&self, config: &'a mut Config) -> &'a mut Vec<Plain> {
        &mut config.policies
    }

    fn is_used(&self, config: &Config, id: Id) -> bool {
        config.gateways.iter().flat_map(|gateway| &gateway.policies).any(|bound| bound.policy == id)
    }

    fn check(&self, config: &Config, fields: &Fields) -> Outcome {
        match fields.get("action").filter(|name| called(&config.actions, name).is_none()) {
            Some(missing) => Err(Refusal::absent("action", missing)),
            None => Ok(()),
        }
    }

    fn item(&self, row: &Plain) -> Item {
        let mut now = Fields::default();
        let classic = row.set.text("rule").starts_with("ns_") || row.set.text("rule").starts_with("REQ.");
        now.put("expressiontype", if classic { "Classic Policy" } else { "Advanced Policy" });
        VPNSESSIONPOLICY.item(&row.set, &now)
    }
}

impl Kept for SessionActions {
    fn table(&self) -> &'static Schema {
        &VPNSESSIONACTION
    }

    fn list<'a>(&self, config: &'a Config) -> &'a Vec<Plain> {
        &config.actions
    }

    fn list_mut<'a>(&self, config: &'a mut Config) -> &'a mut Vec<Plain> {
        &mut config.actions
    }

    fn is_used(&self, config: &Config, id: Id) -> bool {
        let name = config.actions.iter().find(|action| action.id == id).map_or("", Called::name);
        config.policies.iter().any(|policy| same(policy.set.text("action"), name))
    }

    fn check(&self, _config: &Config, _fields: &Fields) -> Outcome {
        Ok(())
    }

    fn item(&self, row: &Plain) -> Item {
        VPNSESSIONACTION.item(&row.set, &Fields::default())
    }
}

impl<T: Kept> Resource for T {
    fn schema(&self) -> &'static Schema {
        self.table()
    }

    fn rows(&self, view: &View, name: Option<&str>) -> Outcome<Vec<Item>> {
        let rows = chosen(self.list(&view.appliance.config), self.table(), name)?;
        Ok(rows.into_iter().map(|row| self.item(row)).collect())
    }

    fn add(&self, cx: &mut Cx, fields: Fields) -> Outcome {
        let config = &mut cx.appliance.config;
        let name = fields.text("name");
        if called(self.list(config), name).is_some() {
            return Err(taken(self.table(), name));
        }
        self.check(config, &fields)?;
        let line = self.table().line("add", &fields);
        let id = config.new_id();
        self.list_mut(config).push(Plain { id, set: fields });
        cx.needs_features(&["SSLVPN"]);
        cx.wrote(line);
        Ok(())
    }

    fn set(&self, cx: &mut Cx, fields: Fields) -> Outcome {
        let config = &mut cx.appliance.config;
        let line = self.table().line("set", &fields);
        self.check(config, &fields)?;
        let name = fields.text("name").to_owned();
        let row = called_mut(self.list_mut(config), &name).ok_or_else(|| absent(self.table(), &name))?;
        row.set.merge(changes(self.table(), fields)?);
        cx.wrote(line);
        Ok(())
    }

    fn unset(&self, cx: &mut Cx, key: Fields, unset: &[&'static Attribute]) -> Outcome {
        let name = key.text("name");
        let list = self.list_mut(&mut cx.appliance.config);
        let row = called_mut(list, name).ok_or_else(|| absent(self.table(), name))?;
        if let Some(needed) = unset.iter().find(|attribute| attribute.required) {
            return Err(Refusal::about(278, &[needed.name]));
        }
        for attribute in unset {
            row.set.remove(attribute.name);
        }
        cx.wrote(self.table().unset_line(&key, unset));
        Ok(())
    }

    fn delete(&self, cx: &mut Cx, name: &str, _args: Fields) -> Outcome {
        let config = &mut cx.appliance.config;
        let row = called(self.list(config), name).ok_or_else(|| absent(self.table(), name))?;
        let (id, line) = (row.id, self.table().line("rm", &row.set.clone().only(&["name"])));
        if self.is_used(config, id) {
            return Err(Refusal::new(1070));
        }
        self.list_mut(config).retain(|row| row.id != id);
        cx.wrote(line);
        Ok(())
    }
}
