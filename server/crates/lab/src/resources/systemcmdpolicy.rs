//! `systemcmdpolicy` (3.24): patterns over command lines.

use super::{Cx, Resource, View, absent, changes, taken};
use crate::{
    json::Item,
    model::{CmdPolicy, same},
    refusal::{Outcome, Refusal},
    schema::{Fields, Schema, tables::access::SYSTEMCMDPOLICY as TABLE},
};

pub(super) struct CommandPolicies;

impl Resource for CommandPolicies {
    fn schema(&self) -> &'static Schema {
        &TABLE
    }

    fn tell(&self, view: &View, fields: &mut Fields) -> bool {
        let policy = view.appliance.config.access.policy(fields.text("policyname"));
        policy.is_none_or(|policy| !policy.built_in)
    }

    fn rows(&self, view: &View, name: Option<&str>) -> Outcome<Vec<Item>> {
        let policies = &view.appliance.config.access.policies;
        let rows: Vec<Item> =
            policies.iter().filter(|policy| name.is_none_or(|name| same(policy.name(), name))).map(item).collect();
        match name.filter(|_| rows.is_empty()) {
            Some(name) => Err(absent(&TABLE, name)),
            None => Ok(rows),
        }
    }

    fn add(&self, cx: &mut Cx, fields: Fields) -> Outcome {
        let name = fields.text("policyname");
        if cx.appliance.config.access.policy(name).is_some() {
            return Err(taken(&TABLE, name));
        }
        let policy = CmdPolicy::new(name, fields.text("action"), fields.text("cmdspec"))?;
        cx.appliance.config.access.policies.push(policy);
        cx.wrote(TABLE.line("add", &fields));
        Ok(())
    }

    /// All three go into a PUT.
    fn set(&self, cx: &mut Cx, fields: Fields) -> Outcome {
        let at = position(cx, fields.text("policyname"))?;
        let policy = &mut cx.appliance.config.access.policies[at];
        if policy.built_in {
            return Err(Refusal::new(257));
        }
        let line = TABLE.line("set", &fields);
        let changes = changes(&TABLE, fields)?;
        if let Some(missing) = ["action", "cmdspec"].into_iter().find(|name| !changes.has(name)) {
            return Err(Refusal::about(1095, &[missing]));
        }
        *policy = CmdPolicy::new(policy.name(), changes.text("action"), changes.text("cmdspec"))?;
        cx.wrote(line);
        Ok(())
    }

    fn delete(&self, cx: &mut Cx, name: &str, _args: Fields) -> Outcome {
        let at = position(cx, name)?;
        let access = &mut cx.appliance.config.access;
        if access.policies[at].built_in {
            return Err(Refusal::new(2119));
        }
        if access.is_bound(name) {
            return Err(Refusal::new(1070));
        }
        let policy = access.policies.remove(at);
        cx.wrote(TABLE.line("rm", &policy.set.only(&["policyname"])));
        Ok(())
    }
}

/// 373 when there is none.
fn position(cx: &Cx, name: &str) -> Outcome<usize> {
    let policies = &cx.appliance.config.access.policies;
    policies.iter().position(|policy| same(policy.name(), name)).ok_or(Refusal::new(373))
}

fn item(policy: &CmdPolicy) -> Item {
    let mut now = Fields::default();
    if policy.built_in {
        now.put("builtin", "IMMUTABLE");
    }
    TABLE.item(&policy.set, &now)
}
