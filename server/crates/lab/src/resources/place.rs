//! Where a virtual server listens, and what is alike for all that do.

use super::{Cx, absent, changes};
use crate::{
    model::{Called, Config, ContentSwitch, Gateway, Id, called, called_mut},
    refusal::{Outcome, Refusal},
    schema::{Attribute, Fields, Schema},
};
use std::net::IpAddr;

/// Something at an address, with settings that a PUT changes and an unset takes back.
pub(super) trait Listens: Called + Sized {
    fn all(config: &mut Config) -> &mut Vec<Self>;
    fn settings(&mut self) -> &mut Fields;
}

impl Listens for ContentSwitch {
    fn all(config: &mut Config) -> &mut Vec<Self> {
        &mut config.content
    }

    fn settings(&mut self) -> &mut Fields {
        &mut self.set
    }
}

impl Listens for Gateway {
    fn all(config: &mut Config) -> &mut Vec<Self> {
        &mut config.gateways
    }

    fn settings(&mut self) -> &mut Fields {
        &mut self.set
    }
}

/// A PUT; refused as a whole when the address is taken.
pub(super) fn set<T: Listens>(cx: &mut Cx, table: &Schema, fields: Fields) -> Outcome {
    let config = &mut cx.appliance.config;
    let line = table.line("set", &fields);
    let name = fields.text("name").to_owned();
    let row = called_mut(T::all(config), &name).ok_or_else(|| absent(table, &name))?;
    let (id, mut merged) = (row.id(), row.settings().clone());
    merged.merge(changes(table, fields)?);
    check(config, Some(id), &merged)?;
    if let Some(row) = called_mut(T::all(config), &name) {
        *row.settings() = merged;
    }
    cx.wrote(line);
    Ok(())
}

pub(super) fn unset<T: Listens>(cx: &mut Cx, table: &Schema, key: &Fields, unset: &[&'static Attribute]) -> Outcome {
    if let Some(other) = unset.iter().find(|attribute| attribute.name == "ipv46") {
        return Err(Refusal::about(278, &[other.name]));
    }
    let name = key.text("name");
    let row = called_mut(T::all(&mut cx.appliance.config), name).ok_or_else(|| absent(table, name))?;
    for attribute in unset {
        row.settings().remove(attribute.name);
    }
    cx.wrote(table.unset_line(key, unset));
    Ok(())
}

/// Its bindings go with it.
pub(super) fn remove<T: Listens>(cx: &mut Cx, table: &Schema, name: &str) -> Outcome {
    let rows = T::all(&mut cx.appliance.config);
    let id = called(rows, name).ok_or_else(|| absent(table, name))?.id();
    let mut line = String::new();
    rows.retain_mut(|row| {
        let goes = row.id() == id;
        if goes {
            line = table.line("rm", &row.settings().clone().only(&["name"]));
        }
        !goes
    });
    cx.wrote(line);
    Ok(())
}

/// An address needs a port, no address may have one (257), and nothing else may be there (273).
pub(super) fn check(config: &Config, own: Option<Id>, set: &Fields) -> Outcome {
    let port = set.number("port").and_then(|port| u16::try_from(port).ok()).filter(|port| *port > 0);
    let address = set.get("ipv46").and_then(|text| text.parse().ok());
    match (address.filter(|address: &IpAddr| !address.is_unspecified()), port) {
        (None, Some(_)) => Err(Refusal::new(257)),
        (Some(_), None) => Err(Refusal::about(1095, &["port"])),
        (Some(address), Some(port)) if config.is_taken(own, address, port) => Err(Refusal::new(273)),
        _ => Ok(()),
    }
}
