//! `dnsnameserver`: kept and shown. Nothing in the lab asks one, so none is ever UP.

use super::{Cx, Resource, View, absent, changes, chosen, taken};
use crate::{
    json::Item,
    model::{NameServer, Switch, called, called_mut},
    refusal::Outcome,
    schema::{Attribute, Fields, Schema, tables::content::DNSNAMESERVER as TABLE},
};

pub(super) struct NameServers;

impl Resource for NameServers {
    fn schema(&self) -> &'static Schema {
        &TABLE
    }

    fn rows(&self, view: &View, name: Option<&str>) -> Outcome<Vec<Item>> {
        let row = |server: &NameServer| {
            let mut now = Fields::default();
            now.put("state", server.switch.word());
            now.put("nameserverstate", if server.switch.word() == "ENABLED" { "DOWN" } else { "OUT OF SERVICE" });
            TABLE.item(&server.set, &now)
        };
        Ok(chosen(&view.appliance.config.name_servers, &TABLE, name)?.into_iter().map(row).collect())
    }

    fn add(&self, cx: &mut Cx, fields: Fields) -> Outcome {
        let config = &mut cx.appliance.config;
        if called(&config.name_servers, fields.text("ip")).is_some() {
            return Err(taken(&TABLE, fields.text("ip")));
        }
        let line = TABLE.line("add", &fields);
        let switch = Switch::new(fields.get("state") != Some("DISABLED"));
        let id = config.new_id();
        config.name_servers.push(NameServer { id, set: fields, switch });
        cx.wrote(line);
        Ok(())
    }

    fn set(&self, cx: &mut Cx, fields: Fields) -> Outcome {
        let line = TABLE.line("set", &fields);
        let name = fields.text("ip").to_owned();
        let server = called_mut(&mut cx.appliance.config.name_servers, &name).ok_or_else(|| absent(&TABLE, &name))?;
        server.set.merge(changes(&TABLE, fields)?);
        cx.wrote(line);
        Ok(())
    }

    fn unset(&self, cx: &mut Cx, key: Fields, unset: &[&'static Attribute]) -> Outcome {
        let name = key.text("ip");
        let server = called_mut(&mut cx.appliance.config.name_servers, name).ok_or_else(|| absent(&TABLE, name))?;
        for attribute in unset {
            server.set.remove(attribute.name);
        }
        cx.wrote(TABLE.unset_line(&key, unset));
        Ok(())
    }

    fn delete(&self, cx: &mut Cx, name: &str, _args: Fields) -> Outcome {
        let servers = &mut cx.appliance.config.name_servers;
        let server = called(servers, name).ok_or_else(|| absent(&TABLE, name))?;
        let (id, line) = (server.id, TABLE.line("rm", &server.set.clone().only(&["ip"])));
        servers.retain(|server| server.id != id);
        cx.wrote(line);
        Ok(())
    }

    fn act(&self, cx: &mut Cx, action: &str, fields: Fields) -> Outcome {
        let line = TABLE.line(action, &fields);
        let (name, now) = (fields.text("ip"), cx.now);
        let server = called_mut(&mut cx.appliance.config.name_servers, name).ok_or_else(|| absent(&TABLE, name))?;
        match action {
            "enable" => server.switch.enable(),
            _ => server.switch.disable(now, 0, false),
        }
        cx.wrote(line);
        Ok(())
    }
}
