//! `lbvserver_binding` and its like (2.2): all bindings of one object, each kind under its own key.

use super::{
    Resource, View, chosen, lbvserver_group, lbvserver_members, member, ssl_bindings, sslvserver, vpn_bindings,
};
use crate::{
    json::Item,
    model::{Called, CertKey, Gateway},
    refusal::Outcome,
    schema::{
        Schema,
        tables::{
            certificates::{SSLCERTKEY_BINDING, SSLVSERVER_BINDING},
            gateway::VPNVSERVER_BINDING,
            lbvserver_bindings::LBVSERVER_BINDING,
            servicegroup_bindings::SERVICEGROUP_BINDING,
        },
    },
};

pub(super) struct GroupAggregate;
pub(super) struct VserverAggregate;
pub(super) struct SslAggregate;
pub(super) struct CertAggregate;
pub(super) struct GatewayAggregate;

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

impl Resource for SslAggregate {
    fn schema(&self) -> &'static Schema {
        &SSLVSERVER_BINDING
    }

    fn rows(&self, view: &View, name: Option<&str>) -> Outcome<Vec<Item>> {
        let config = &view.appliance.config;
        let row = |(name, side)| {
            let item = Item::default().with("vservername", name);
            part(item, "sslvserver_sslcertkey_binding", ssl_bindings::items(config, name, side))
        };
        Ok(sslvserver::sides(config, name)?.into_iter().map(row).collect())
    }
}

impl Resource for CertAggregate {
    fn schema(&self) -> &'static Schema {
        &SSLCERTKEY_BINDING
    }

    fn rows(&self, view: &View, name: Option<&str>) -> Outcome<Vec<Item>> {
        let config = &view.appliance.config;
        let row = |certkey: &CertKey| {
            let item = Item::default().with("certkey", certkey.name());
            part(item, "sslcertkey_sslvserver_binding", ssl_bindings::users(config, certkey))
        };
        Ok(chosen(&config.certkeys, &SSLCERTKEY_BINDING, name)?.into_iter().map(row).collect())
    }
}

impl Resource for GatewayAggregate {
    fn schema(&self) -> &'static Schema {
        &VPNVSERVER_BINDING
    }

    fn rows(&self, view: &View, name: Option<&str>) -> Outcome<Vec<Item>> {
        let config = &view.appliance.config;
        let row = |gateway: &Gateway| {
            let item = Item::default().with("name", gateway.name());
            let item = part(item, "vpnvserver_appcontroller_binding", vpn_bindings::controllers(gateway));
            part(item, "vpnvserver_vpnsessionpolicy_binding", vpn_bindings::policies(config, gateway))
        };
        Ok(chosen(&config.gateways, &VPNVSERVER_BINDING, name)?.into_iter().map(row).collect())
    }
}

/// A kind without rows has no key, here as everywhere.
pub(super) fn part(item: Item, name: &'static str, rows: Vec<Item>) -> Item {
    if rows.is_empty() { item } else { item.with(name, rows) }
}
