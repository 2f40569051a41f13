//! `lbvserver_binding` and `servicegroup_binding` (2.2): all bindings of one object, each kind under its own key.

use super::{Resource, View, chosen, lbvserver_group, lbvserver_members, member};
use crate::{
    json::Item,
    model::Called,
    refusal::Outcome,
    schema::{
        Schema,
        tables::{lbvserver_bindings::LBVSERVER_BINDING, servicegroup_bindings::SERVICEGROUP_BINDING},
    },
};

pub(super) struct GroupAggregate;
pub(super) struct VserverAggregate;

impl Resource for GroupAggregate {
    fn schema(&self) -> &'static Schema {
        &SERVICEGROUP_BINDING
    }

    fn rows(&self, view: &View, name: Option<&str>) -> Outcome<Vec<Item>> {
        let config = &view.appliance.config;
        let groups = chosen(&config.groups, &SERVICEGROUP_BINDING, name)?;
        Ok(groups
            .into_iter()
            .map(|group| {
                let item = Item::default().with("servicegroupname", group.name());
                part(item, "servicegroup_servicegroupmember_binding", member::items(config, group, view))
            })
            .collect())
    }
}

impl Resource for VserverAggregate {
    fn schema(&self) -> &'static Schema {
        &LBVSERVER_BINDING
    }

    fn rows(&self, view: &View, name: Option<&str>) -> Outcome<Vec<Item>> {
        let config = &view.appliance.config;
        let vservers = chosen(&config.vservers, &LBVSERVER_BINDING, name)?;
        Ok(vservers
            .into_iter()
            .map(|vserver| {
                let item = Item::default().with("name", vserver.name());
                let item = part(item, "lbvserver_servicegroup_binding", lbvserver_group::items(config, vserver));
                part(item, "lbvserver_servicegroupmember_binding", lbvserver_members::items(config, vserver))
            })
            .collect())
    }
}

/// A kind without rows has no key, here as everywhere.
fn part(item: Item, name: &'static str, rows: Vec<Item>) -> Item {
    if rows.is_empty() { item } else { item.with(name, rows) }
}
