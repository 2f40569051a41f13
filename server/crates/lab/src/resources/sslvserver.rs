//! `sslvserver` (3.14): the SSL side of virtual servers, there by itself as long as they are.

use super::{Cx, Resource, View, changes};
use crate::{
    json::Item,
    model::{Called, Config, SslSide, called, called_mut, same},
    refusal::{Outcome, Refusal},
    schema::{Attribute, Fields, Schema, tables::certificates::SSLVSERVER as TABLE},
};

pub(super) struct SslVservers;

impl Resource for SslVservers {
    fn schema(&self) -> &'static Schema {
        &TABLE
    }

    fn told(&self) -> super::Told {
        super::Told::Set
    }

    fn rows(&self, view: &View, name: Option<&str>) -> Outcome<Vec<Item>> {
        let sides = sides(&view.appliance.config, name)?;
        Ok(sides
            .into_iter()
            .map(|(name, side)| {
                let mut now = Fields::default();
                now.put("vservername", name);
                TABLE.item(&side.set, &now)
            })
            .collect())
    }

    fn set(&self, cx: &mut Cx, fields: Fields) -> Outcome {
        let line = TABLE.line("set", &fields);
        let name = fields.text("vservername").to_owned();
        let side = side_mut(&mut cx.appliance.config, &name)?;
        let changes = changes(&TABLE, fields)?;
        if (side.set.has("sslprofile") || changes.has("sslprofile")) && changes.names().any(|name| name != "sslprofile")
        {
            return Err(Refusal::new(3679));
        }
        side.set.merge(changes);
        cx.needs_features(&["SSL"]);
        cx.wrote(line);
        Ok(())
    }

    fn unset(&self, cx: &mut Cx, key: Fields, unset: &[&'static Attribute]) -> Outcome {
        let side = side_mut(&mut cx.appliance.config, key.text("vservername"))?;
        for attribute in unset {
            side.set.remove(attribute.name);
        }
        cx.wrote(TABLE.unset_line(&key, unset));
        Ok(())
    }
}

/// All SSL sides, or the one of the virtual server called `name`.
pub(super) fn sides<'a>(config: &'a Config, name: Option<&str>) -> Outcome<Vec<(&'a str, &'a SslSide)>> {
    let Some(name) = name else { return Ok(config.ssl_sides().collect()) };
    match config.ssl_sides().find(|(known, _)| same(known, name)) {
        Some(side) => Ok(vec![side]),
        None => Err(without_side(config, name)),
    }
}

/// The same, to be changed.
pub(super) fn side_mut<'a>(config: &'a mut Config, name: &str) -> Outcome<&'a mut SslSide> {
    let missing = without_side(config, name);
    let balancing = called_mut(&mut config.vservers, name).filter(|vserver| vserver.terminates_ssl());
    let gateway = called_mut(&mut config.gateways, name);
    let content = called_mut(&mut config.content, name).filter(|row| row.terminates_ssl());
    let side = balancing.map(|vserver| &mut vserver.ssl).or(gateway.map(|gateway| &mut gateway.ssl));
    side.or(content.map(|row| &mut row.ssl)).ok_or(missing)
}

/// Not SSL (1544), or not there at all (461).
fn without_side(config: &Config, name: &str) -> Refusal {
    match called(&config.vservers, name) {
        Some(vserver) => Refusal::about(1544, &[vserver.name()]),
        None => Refusal::about(461, &[name]),
    }
}
