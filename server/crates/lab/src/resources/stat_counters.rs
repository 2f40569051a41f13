//! Statistics of protocols, processors, interfaces, and of virtual servers that the lab balances nothing for.

use super::{
    Resource, View, absent, chosen,
    constant::{Constant, Nothing},
    interface,
};
use crate::{
    json::Item,
    model::{Called, ContentSwitch, Vserver},
    refusal::Outcome,
    schema::{
        Fields, Schema,
        tables::counters::{
            STAT_AAA, STAT_CPU, STAT_CSVSERVER, STAT_GSLBSERVICE, STAT_GSLBVSERVER, STAT_HTTP, STAT_INTERFACE, STAT_IP,
            STAT_MEMORY, STAT_SSL, STAT_SSLVSERVER, STAT_TCP, STAT_UDP,
        },
    },
};

pub(super) struct Processors;
pub(super) struct InterfaceStatistics;
pub(super) struct ContentStatistics;
pub(super) struct SslStatistics;

pub(super) const SSL: Constant = Constant(&STAT_SSL);
pub(super) const HTTP: Constant = Constant(&STAT_HTTP);
pub(super) const TCP: Constant = Constant(&STAT_TCP);
pub(super) const IP: Constant = Constant(&STAT_IP);
pub(super) const UDP: Constant = Constant(&STAT_UDP);
pub(super) const AAA: Constant = Constant(&STAT_AAA);
pub(super) const MEMORY: Constant = Constant(&STAT_MEMORY);
pub(super) const GSLB_VSERVERS: Nothing = Nothing(&STAT_GSLBVSERVER);
pub(super) const GSLB_SERVICES: Nothing = Nothing(&STAT_GSLBSERVICE);

/// Number and load of each processor: one for management, one for packets, as `stat/system` says.
const PROCESSORS: &[(&str, &str)] = &[("0", "3"), ("1", "1")];

impl Resource for Processors {
    fn schema(&self) -> &'static Schema {
        &STAT_CPU
    }

    fn rows(&self, _view: &View, name: Option<&str>) -> Outcome<Vec<Item>> {
        let row = |(id, load): &(&str, &str)| {
            let mut now = Fields::default();
            now.put("id", *id);
            now.put("percpuuse", *load);
            STAT_CPU.item(&Fields::default(), &now)
        };
        named(
            &STAT_CPU,
            name,
            PROCESSORS.iter().filter(|(id, _)| name.is_none_or(|name| name == *id)).map(row).collect(),
        )
    }
}

impl Resource for InterfaceStatistics {
    fn schema(&self) -> &'static Schema {
        &STAT_INTERFACE
    }

    fn rows(&self, _view: &View, name: Option<&str>) -> Outcome<Vec<Item>> {
        let row = |id: &str| {
            let mut now = Fields::default();
            now.put("id", id);
            STAT_INTERFACE.item(&Fields::default(), &now)
        };
        named(
            &STAT_INTERFACE,
            name,
            interface::names().filter(|id| name.is_none_or(|name| name == *id)).map(row).collect(),
        )
    }
}

impl Resource for ContentStatistics {
    fn schema(&self) -> &'static Schema {
        &STAT_CSVSERVER
    }

    fn rows(&self, view: &View, name: Option<&str>) -> Outcome<Vec<Item>> {
        let row = |content: &ContentSwitch| {
            let mut now = Fields::default();
            now.put("name", content.name());
            now.put("primaryipaddress", content.set.get("ipv46").unwrap_or("0.0.0.0"));
            now.put("primaryport", content.set.get("port").unwrap_or("0"));
            now.put("type", content.set.text("servicetype"));
            now.put("state", content.state.word());
            STAT_CSVSERVER.item(&Fields::default(), &now)
        };
        Ok(chosen(&view.appliance.config.content, &STAT_CSVSERVER, name)?.into_iter().map(row).collect())
    }
}

impl Resource for SslStatistics {
    fn schema(&self) -> &'static Schema {
        &STAT_SSLVSERVER
    }

    /// Those that end SSL themselves: what passes it on has none of these numbers.
    fn rows(&self, view: &View, name: Option<&str>) -> Outcome<Vec<Item>> {
        let row = |vserver: &Vserver| {
            let mut now = Fields::default();
            now.put("vservername", vserver.name());
            now.put("primaryipaddress", vserver.set.get("ipv46").unwrap_or("0.0.0.0"));
            now.put("primaryport", vserver.set.get("port").unwrap_or("0"));
            now.put("type", vserver.kind());
            now.put("state", vserver.state.word());
            STAT_SSLVSERVER.item(&Fields::default(), &now)
        };
        let vservers = chosen(&view.appliance.config.vservers, &STAT_SSLVSERVER, name)?;
        let rows = vservers.into_iter().filter(|vserver| vserver.terminates_ssl()).map(row).collect();
        named(&STAT_SSLVSERVER, name, rows)
    }
}

/// Somebody asked for one by name and there is none.
fn named(schema: &Schema, name: Option<&str>, rows: Vec<Item>) -> Outcome<Vec<Item>> {
    match name {
        Some(name) if rows.is_empty() => Err(absent(schema, name)),
        _ => Ok(rows),
    }
}
