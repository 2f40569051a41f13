//! `Interface`, as a reader sees it: one for management, one for everything else.

use super::{Resource, View, absent};
use crate::{
    json::Item,
    refusal::Outcome,
    schema::{Fields, Schema, tables::parameters::INTERFACE},
};

pub(super) struct Interfaces;

/// Name, device and hardware address; the names are those that `hanode` lists.
const ALL: &[(&str, &str, &str)] = &[("0/1", "0/1", "02:00:0a:00:00:0a"), ("1/1", "1/1", "02:00:0a:14:00:0a")];

/// What there is, for statistics.
pub(super) fn names() -> impl Iterator<Item = &'static str> {
    ALL.iter().map(|(name, _, _)| *name)
}

impl Resource for Interfaces {
    fn schema(&self) -> &'static Schema {
        &INTERFACE
    }

    fn rows(&self, view: &View, name: Option<&str>) -> Outcome<Vec<Item>> {
        let uptime = view.now.since(view.appliance.booted_at) / 1000;
        let row = |(unit, (id, device, mac)): (usize, &(&str, &str, &str))| {
            let mut now = Fields::default();
            now.put("id", *id);
            now.put("devicename", *device);
            now.put("unit", unit.to_string());
            now.put("mac", *mac);
            now.put("uptime", uptime.to_string());
            INTERFACE.item(&Fields::default(), &now)
        };
        let wanted = |row: &(usize, &(&str, &str, &str))| name.is_none_or(|name| row.1.0 == name);
        let rows: Vec<Item> = ALL.iter().enumerate().filter(wanted).map(row).collect();
        match name {
            Some(name) if rows.is_empty() => Err(absent(&INTERFACE, name)),
            _ => Ok(rows),
        }
    }
}
