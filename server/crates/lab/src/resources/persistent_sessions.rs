//! `lbpersistentsessions` (3.21).

use super::{Cx, Resource, View};
use crate::{
    clock::LabTime,
    json::Item,
    model::{Called, Config, Entry, Id, Key, Vserver, by_id, called},
    refusal::{Outcome, Refusal},
    schema::{Fields, Schema, tables::persistence::LBPERSISTENTSESSIONS as TABLE},
};
use std::net::IpAddr;

pub(super) struct PersistentSessions;

/// The words of `typestring`, and the numbers beside them in the order of the documentation's list.
const TYPES: [&str; 5] = ["SOURCEIP", "SSLSESSION", "RULE", "DESTIP", "SRCIPDESTIP"];

impl Resource for PersistentSessions {
    fn schema(&self) -> &'static Schema {
        &TABLE
    }

    /// The rows are chosen here: nothing found is an empty list, not a mistake.
    fn narrows<'a>(&self, _arg: &'a str) -> Option<&'a str> {
        None
    }

    fn rows(&self, view: &View, name: Option<&str>) -> Outcome<Vec<Item>> {
        if name.is_some() {
            // There is no reading of one by a name: entries have none.
            return Err(Refusal::new(1240));
        }
        let config = &view.appliance.config;
        let vserver = view.args.iter().find(|(arg, _)| arg == "vserver");
        let vserver = vserver.map(|(_, name)| one(config, name)).transpose()?.map(|vserver| vserver.id);
        let living = view.appliance.persistence.living(config, view.now);
        let wanted = living.filter(|(_, entry)| vserver.is_none_or(|vserver| entry.vserver == vserver));
        Ok(wanted.filter_map(|(key, entry)| item(config, key, entry, view.now)).collect())
    }

    /// An empty object clears all there is, as in life; a client has to be careful. The configuration stays as it is.
    fn act(&self, cx: &mut Cx, action: &str, fields: Fields) -> Outcome {
        let line = TABLE.line(action, &fields);
        let vserver = fields.get("vserver").map(|name| one(&cx.appliance.config, name)).transpose()?;
        let vserver: Option<Id> = vserver.map(|vserver| vserver.id);
        let parameter = fields.get("persistenceparameter");
        if parameter.is_some() && vserver.is_none() {
            return Err(Refusal::about(1093, &["persistenceParameter", "vServer"]));
        }
        cx.appliance.persistence.clear(vserver, parameter);
        cx.lines.push(line);
        Ok(())
    }
}

fn one<'a>(config: &'a Config, name: &str) -> Outcome<&'a Vserver> {
    called(&config.vservers, name).ok_or_else(|| Refusal::absent("vServer", name))
}

fn item(config: &Config, key: &Key, entry: &Entry, now: LabTime) -> Option<Item> {
    let mut row = Fields::default();
    let kind = TYPES.iter().position(|kind| *kind == key.kind).unwrap_or_default();
    row.put("type", (kind + 1).to_string());
    row.put("typestring", key.kind);
    match entry.client {
        Some(IpAddr::V4(client)) => row.put("srcip", client.to_string()),
        Some(IpAddr::V6(client)) => {
            row.put("srcipv6", client.to_string());
            row.put("flags", "true");
        }
        None => row.put("persistenceparam", key.param.as_str()),
    }
    let destination = config.server(entry.server)?.address()?;
    row.put(if destination.is_ipv4() { "destip" } else { "destipv6" }, destination.to_string());
    row.put("destport", entry.port.to_string());
    row.put("vservername", by_id(&config.vservers, entry.vserver)?.name());
    row.put("timeout", entry.seconds_left(now).to_string());
    row.put("referencecount", entry.users.to_string());
    Some(TABLE.item(&Fields::default(), &row))
}
