//! `stat/service` (3.17), for monitoring plug-ins that look at single services.

use super::{Resource, View, chosen};
use crate::{
    json::Item,
    model::{Called, Service},
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
            let (member, traffic) = (&service.member, &service.member.traffic);
            let address = config.server(member.server).and_then(|server| server.set.get("ipaddress"));
            let open = traffic.open().to_string();
            let mut now = Fields::default();
            now.put("name", service.name());
            now.put("primaryipaddress", address.unwrap_or("0.0.0.0"));
            now.put("primaryport", member.port.to_string());
            now.put("servicetype", service.kind());
            now.put("state", member.state.word());
            now.put("vsvrservicehits", traffic.hits().to_string());
            if matches!(service.kind(), "HTTP" | "SSL") {
                now.put("totalrequests", traffic.hits().to_string());
                now.put("totalresponses", (traffic.hits() - traffic.open().min(traffic.hits())).to_string());
            }
            now.put("totalrequestbytes", traffic.received().to_string());
            now.put("totalresponsebytes", traffic.sent().to_string());
            for name in ["curclntconnections", "cursrvrconnections", "svrestablishedconn"] {
                now.put(name, open.as_str());
            }
            TABLE.item(&Fields::default(), &now)
        };
        Ok(chosen(&config.services, &TABLE, name)?.into_iter().map(row).collect())
    }
}
