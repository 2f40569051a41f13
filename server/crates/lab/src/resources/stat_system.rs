//! `stat/vpnvserver`, `stat/system` and `stat/ns` (3.17): the least that is asked for.

use super::{Resource, View, chosen, stat_lb::counters};
use crate::{
    json::Item,
    model::{Called, Gateway},
    refusal::Outcome,
    schema::{
        Fields, Schema,
        tables::statistics::{STAT_NS, STAT_SYSTEM, STAT_VPNVSERVER},
    },
};

pub(super) struct GatewayStatistics;

/// One of two that say the same.
pub(super) struct Load(&'static Schema);

pub(super) const SYSTEM: Load = Load(&STAT_SYSTEM);
pub(super) const NS: Load = Load(&STAT_NS);

impl Resource for GatewayStatistics {
    fn schema(&self) -> &'static Schema {
        &STAT_VPNVSERVER
    }

    fn rows(&self, view: &View, name: Option<&str>) -> Outcome<Vec<Item>> {
        let gateways = chosen(&view.appliance.config.gateways, &STAT_VPNVSERVER, name)?;
        let row = |gateway: &Gateway| {
            let mut now = Fields::default();
            now.put("name", gateway.name());
            now.put("primaryipaddress", gateway.set.get("ipv46").unwrap_or("0.0.0.0"));
            now.put("primaryport", gateway.port().to_string());
            now.put("state", gateway.state.word());
            counters(&mut now, &gateway.traffic);
            view.cleared(&gateway.traffic);
            STAT_VPNVSERVER.item(&Fields::default(), &now)
        };
        Ok(gateways.into_iter().map(row).collect())
    }
}

impl Resource for Load {
    fn schema(&self) -> &'static Schema {
        self.0
    }

    fn rows(&self, view: &View, _name: Option<&str>) -> Outcome<Vec<Item>> {
        let seconds = view.now.since(view.appliance.booted_at) / 1000;
        let (days, hours, minutes) = (seconds / 86400, seconds / 3600 % 24, seconds / 60 % 60);
        let mut now = Fields::default();
        now.put("starttime", view.appliance.booted_at.nitro());
        now.put("hacurmasterstate", view.appliance.role().word());
        now.put("timesincestart", format!("{days:02}:{hours:02}:{minutes:02}:{:02}", seconds % 60));
        let config = &view.appliance.config;
        let members = config.groups.iter().flat_map(|group| &group.members);
        let members = members.chain(config.services.iter().map(|service| &service.member));
        let open: u64 = members.map(|member| member.traffic.open()).sum();
        // A connection from a client has one to a member, and both are there as soon as they are open.
        for name in
            ["tcpcurclientconn", "tcpcurclientconnestablished", "tcpcurserverconn", "tcpcurserverconnestablished"]
        {
            now.put(name, open.to_string());
        }
        Ok(vec![self.0.item(&Fields::default(), &now)])
    }
}
