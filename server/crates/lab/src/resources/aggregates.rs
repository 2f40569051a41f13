//! `lbvserver_binding` and its like (2.2): all bindings of one object, each kind under its own key.

use super::{
    Resource, View, chosen, csvserver, group_views, lbgroup, lbvserver_group, lbvserver_members, lbvserver_service,
    member, monitor_bindings, monitor_users, policypatset, server, ssl_bindings, sslvserver, vpn_bindings,
    vpn_furniture::{ACCESS, STA, THEME},
};
use crate::{
    json::Item,
    model::{Called, CertKey, ContentSwitch, Gateway, LbGroup, Monitor, PatternSet, Server, Service},
    refusal::Outcome,
    schema::{
        Schema,
        tables::{
            certificates::{SSLCERTKEY_BINDING, SSLVSERVER_BINDING},
            content::{CSVSERVER_BINDING, POLICYPATSET_BINDING},
            gateway::VPNVSERVER_BINDING,
            lbgroup::LBGROUP_BINDING,
            lbmonitor::{LBMONBINDINGS_BINDING, LBMONITOR_BINDING},
            lbvserver_bindings::LBVSERVER_BINDING,
            service::{SERVER_BINDING, SERVICE_BINDING},
            servicegroup_bindings::SERVICEGROUP_BINDING,
        },
    },
};

pub(super) struct GroupAggregate;
pub(super) struct VserverAggregate;
pub(super) struct LbGroupAggregate;
pub(super) struct ContentAggregate;
pub(super) struct PatternAggregate;
pub(super) struct ServerAggregate;
pub(super) struct ServiceAggregate;
pub(super) struct MonitorAggregate;
pub(super) struct MonitorUseAggregate;
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
                let item = part(item, "servicegroup_servicegroupmember_binding", member::items(config, group, view));
                let item = part(item, "servicegroup_lbmonitor_binding", monitor_bindings::group_items(config, group));
                part(item, "servicegroup_servicegroupentitymonbindings_binding", group_views::entities(config, group))
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
                let item =
                    part(item, "lbvserver_servicegroupmember_binding", lbvserver_members::items(config, vserver));
                part(item, "lbvserver_service_binding", lbvserver_service::items(config, vserver))
            })
            .collect())
    }
}

impl Resource for LbGroupAggregate {
    fn schema(&self) -> &'static Schema {
        &LBGROUP_BINDING
    }

    fn rows(&self, view: &View, name: Option<&str>) -> Outcome<Vec<Item>> {
        let config = &view.appliance.config;
        let row = |group: &LbGroup| {
            let item = Item::default().with("name", group.name());
            part(item, "lbgroup_lbvserver_binding", lbgroup::items(config, group))
        };
        Ok(chosen(&config.lbgroups, &LBGROUP_BINDING, name)?.into_iter().map(row).collect())
    }
}

impl Resource for ContentAggregate {
    fn schema(&self) -> &'static Schema {
        &CSVSERVER_BINDING
    }

    fn rows(&self, view: &View, name: Option<&str>) -> Outcome<Vec<Item>> {
        let config = &view.appliance.config;
        let row = |row: &ContentSwitch| {
            let item = Item::default().with("name", row.name());
            part(item, "csvserver_lbvserver_binding", csvserver::targets(config, row))
        };
        Ok(chosen(&config.content, &CSVSERVER_BINDING, name)?.into_iter().map(row).collect())
    }
}

impl Resource for PatternAggregate {
    fn schema(&self) -> &'static Schema {
        &POLICYPATSET_BINDING
    }

    fn rows(&self, view: &View, name: Option<&str>) -> Outcome<Vec<Item>> {
        let row = |set: &PatternSet| {
            let item = Item::default().with("name", set.name());
            part(item, "policypatset_pattern_binding", policypatset::items(set))
        };
        Ok(chosen(&view.appliance.config.patsets.0, &POLICYPATSET_BINDING, name)?.into_iter().map(row).collect())
    }
}

impl Resource for ServerAggregate {
    fn schema(&self) -> &'static Schema {
        &SERVER_BINDING
    }

    fn rows(&self, view: &View, name: Option<&str>) -> Outcome<Vec<Item>> {
        let config = &view.appliance.config;
        let row = |server: &Server| {
            let item = Item::default().with("name", server.name());
            let item = part(item, "server_service_binding", server::services(config, server));
            part(item, "server_servicegroup_binding", server::groups(config, server))
        };
        Ok(chosen(&config.servers, &SERVER_BINDING, name)?.into_iter().map(row).collect())
    }
}

impl Resource for ServiceAggregate {
    fn schema(&self) -> &'static Schema {
        &SERVICE_BINDING
    }

    fn rows(&self, view: &View, name: Option<&str>) -> Outcome<Vec<Item>> {
        let config = &view.appliance.config;
        let row = |service: &Service| {
            let item = Item::default().with("name", service.name());
            part(item, "service_lbmonitor_binding", monitor_bindings::service_items(config, service))
        };
        Ok(chosen(&config.services, &SERVICE_BINDING, name)?.into_iter().map(row).collect())
    }
}

impl Resource for MonitorAggregate {
    fn schema(&self) -> &'static Schema {
        &LBMONITOR_BINDING
    }

    fn rows(&self, view: &View, name: Option<&str>) -> Outcome<Vec<Item>> {
        let row = |monitor: &Monitor| {
            let item = Item::default().with("monitorname", monitor.name());
            part(item, "lbmonitor_sslcertkey_binding", monitor_users::certificates(monitor))
        };
        Ok(chosen(&view.appliance.config.monitors.0, &LBMONITOR_BINDING, name)?.into_iter().map(row).collect())
    }
}

impl Resource for MonitorUseAggregate {
    fn schema(&self) -> &'static Schema {
        &LBMONBINDINGS_BINDING
    }

    fn rows(&self, view: &View, name: Option<&str>) -> Outcome<Vec<Item>> {
        let config = &view.appliance.config;
        let row = |monitor: &Monitor| {
            let item = Item::default().with("monitorname", monitor.name());
            let item = part(item, "lbmonbindings_service_binding", monitor_users::services(config, monitor));
            part(item, "lbmonbindings_servicegroup_binding", monitor_users::groups(config, monitor))
        };
        Ok(chosen(&config.monitors.0, &LBMONBINDINGS_BINDING, name)?.into_iter().map(row).collect())
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
            let item = part(item, "vpnvserver_vpnsessionpolicy_binding", vpn_bindings::policies(config, gateway));
            let item = part(item, "vpnvserver_staserver_binding", STA.items(gateway));
            let item = part(item, "vpnvserver_vpnclientlessaccesspolicy_binding", ACCESS.items(gateway));
            part(item, "vpnvserver_vpnportaltheme_binding", THEME.items(gateway))
        };
        Ok(chosen(&config.gateways, &VPNVSERVER_BINDING, name)?.into_iter().map(row).collect())
    }
}

/// A kind without rows has no key, here as everywhere.
pub(super) fn part(item: Item, name: &'static str, rows: Vec<Item>) -> Item {
    if rows.is_empty() { item } else { item.with(name, rows) }
}
