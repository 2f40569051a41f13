//! `stat/service` (3.17), for monitoring plug-ins that look at single services.

use super::{
    Resource, View, chosen,
    stat_lb::{behind, counters},
};
use crate::{
    json::Item,
    model::{Called, Config, Service},
    refusal::Outcome,
    schema::{Fields, Schema, tables::service::STAT_SERVICE as TABLE},
};

pub(super) struct ServiceStatistics;

impl Resource for ServiceStatistics {
    fn schema(&self) -> &'static Schema {
        &TABLE
    }

    fn rows(&self, view: &View, name: Option<&str>) -> Outcome<Vec<Item>> {
        let config = &view.appliance.config;
        let row = |service: &Service| {
            let item = item(config, service);
            view.cleared(&service.member.traffic);
            item
        };
        Ok(chosen(&config.services, &TABLE, name)?.into_iter().map(row).collect())
    }
}

/// One service; also part of the statistics of its virtual servers.
pub(super) fn item(config: &Config, service: &Service) -> Item {
    let (member, traffic) = (&service.member, &service.member.traffic);
    let address = config.server(member.server).and_then(|server| server.set.get("ipaddress"));
    let mut now = Fields::default();
    now.put("name", service.name());
    now.put("primaryipaddress", address.unwrap_or("0.0.0.0"));
    now.put("primaryport", member.port.to_string());
    now.put("servicetype", service.kind());
    now.put("state", member.state.word());
    now.put("vsvrservicehits", traffic.hits().to_string());
    now.put("vsvrservicehitsrate", traffic.rates().hits.to_string());
    now.put("activetransactions", traffic.open().to_string());
    behind(&mut now, traffic);
    now.put("maxclients", service.set.get("maxclient").unwrap_or("0"));
    counters(&mut now, traffic);
    TABLE.item(&Fields::default(), &now)
}
