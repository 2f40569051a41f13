//! What else hangs at a gateway (3.15): secure ticket authorities, clientless-access policies, a portal theme; and the
//! App Controllers of all gateways.

use super::{Cx, Resource, View, absent, chosen, vpn_bindings::is_url};
use crate::{
    json::Item,
    model::{Called, Config, Gateway, called_mut, same},
    refusal::{Outcome, Refusal},
    schema::{
        Fields, Schema,
        tables::gateway::{
            VPNCLIENTLESSACCESSPOLICY, VPNGLOBAL_APPCONTROLLER, VPNGLOBAL_STASERVER, VPNPORTALTHEME,
            VPNVSERVER_CLIENTLESSACCESSPOLICY, VPNVSERVER_PORTALTHEME, VPNVSERVER_STASERVER,
        },
    },
};

/// A kind of row that a gateway keeps as it came.
pub(super) struct Furniture {
    table: &'static Schema,
    /// The attribute that tells one row from another.
    what: &'static str,
    /// What may be bound; empty: anything that looks like a URL.
    known: &'static [&'static str],
    /// A gateway has one of them at a time.
    single: bool,
    read: fn(&Gateway) -> &Vec<Fields>,
    write: fn(&mut Gateway) -> &mut Vec<Fields>,
}

/// The clientless-access policies of the factory, with their rules and profiles.
const ACCESS_POLICIES: &[&str] =
    &["ns_cvpn_default_policy", "ns_cvpn_owa_policy", "ns_cvpn_sp_policy", "ns_cvpn_sp2013_policy"];

const THEMES: &[&str] = &["Default", "Greenbubble", "X1", "RfWebUI"];

pub(super) const STA: Furniture = Furniture {
    table: &VPNVSERVER_STASERVER,
    what: "staserver",
    known: &[],
    single: false,
    read: |gateway| &gateway.stas,
    write: |gateway| &mut gateway.stas,
};

pub(super) const ACCESS: Furniture = Furniture {
    table: &VPNVSERVER_CLIENTLESSACCESSPOLICY,
    what: "policy",
    known: ACCESS_POLICIES,
    single: false,
    read: |gateway| &gateway.access,
    write: |gateway| &mut gateway.access,
};

pub(super) const THEME: Furniture = Furniture {
    table: &VPNVSERVER_PORTALTHEME,
    what: "portaltheme",
    known: THEMES,
    single: true,
    read: |gateway| &gateway.theme,
    write: |gateway| &mut gateway.theme,
};

/// Names that are there from the factory and can only be read.
pub(super) struct FactoryNames {
    table: &'static Schema,
    names: &'static [&'static str],
}

pub(super) const POLICIES: FactoryNames = FactoryNames { table: &VPNCLIENTLESSACCESSPOLICY, names: ACCESS_POLICIES };
pub(super) const PORTALS: FactoryNames = FactoryNames { table: &VPNPORTALTHEME, names: THEMES };

/// What all gateways have, beside what each has of its own.
pub(super) struct Global {
    table: &'static Schema,
    what: &'static str,
    read: fn(&Config) -> &Vec<Fields>,
    write: fn(&mut Config) -> &mut Vec<Fields>,
}

pub(super) const GLOBAL_CONTROLLERS: Global = Global {
    table: &VPNGLOBAL_APPCONTROLLER,
    what: "appcontroller",
    read: |config| &config.controllers,
    write: |config| &mut config.controllers,
};

pub(super) const GLOBAL_STAS: Global = Global {
    table: &VPNGLOBAL_STASERVER,
    what: "staserver",
    read: |config| &config.stas,
    write: |config| &mut config.stas,
};

impl Resource for Furniture {
    fn schema(&self) -> &'static Schema {
        self.table
    }

    fn rows(&self, view: &View, name: Option<&str>) -> Outcome<Vec<Item>> {
        let gateways = chosen(&view.appliance.config.gateways, self.table, name)?;
        Ok(gateways.into_iter().flat_map(|gateway| self.items(gateway)).collect())
    }

    fn add(&self, cx: &mut Cx, fields: Fields) -> Outcome {
        let line = self.table.line("bind", &fields);
        let (name, what) = (fields.text("name"), fields.text(self.what));
        let gateway = called_mut(&mut cx.appliance.config.gateways, name).ok_or_else(|| absent(self.table, name))?;
        if self.known.is_empty() && !is_url(what) {
            return Err(Refusal::about(1097, &[what]));
        }
        if !self.known.is_empty() && !self.known.iter().any(|known| same(known, what)) {
            return Err(Refusal::absent(self.cli(), what));
        }
        let rows = (self.write)(gateway);
        if rows.iter().any(|row| same(row.text(self.what), what)) {
            return Err(Refusal::about(273, &[self.cli(), what]));
        }
        if self.single {
            rows.clear();
        }
        let mut row = fields.clone();
        row.remove("name");
        rows.push(row);
        cx.needs_features(&["SSLVPN"]);
        cx.wrote(line);
        Ok(())
    }

    fn delete(&self, cx: &mut Cx, name: &str, mut args: Fields) -> Outcome {
        let gateway = called_mut(&mut cx.appliance.config.gateways, name).ok_or_else(|| absent(self.table, name))?;
        args.put("name", gateway.name());
        let what = args.get(self.what).ok_or_else(|| Refusal::about(1095, &[self.cli()]))?;
        let rows = (self.write)(gateway);
        let at = rows.iter().position(|row| same(row.text(self.what), what));
        rows.remove(at.ok_or_else(|| Refusal::absent(self.cli(), what))?);
        cx.wrote(self.table.line("unbind", &args));
        Ok(())
    }
}

impl Furniture {
    fn cli(&self) -> &'static str {
        self.table.attribute(self.what).map_or(self.what, |attribute| attribute.cli)
    }

    /// The rows of one gateway; also part of the aggregate answer.
    pub(super) fn items(&self, gateway: &Gateway) -> Vec<Item> {
        let row = |set: &Fields| {
            let mut now = Fields::default();
            now.put("name", gateway.name());
            self.table.item(set, &now)
        };
        (self.read)(gateway).iter().map(row).collect()
    }
}

impl Resource for FactoryNames {
    fn schema(&self) -> &'static Schema {
        self.table
    }

    fn rows(&self, _view: &View, name: Option<&str>) -> Outcome<Vec<Item>> {
        let wanted = |known: &&&str| name.is_none_or(|name| same(known, name));
        let row = |known: &&str| {
            let mut now = Fields::default();
            now.put("name", *known);
            self.table.item(&Fields::default(), &now)
        };
        let rows: Vec<Item> = self.names.iter().filter(wanted).map(row).collect();
        match name {
            Some(name) if rows.is_empty() => Err(absent(self.table, name)),
            _ => Ok(rows),
        }
    }
}

/// Bindings without a parent: they are for all gateways.
impl Resource for Global {
    fn schema(&self) -> &'static Schema {
        self.table
    }

    fn rows(&self, view: &View, _name: Option<&str>) -> Outcome<Vec<Item>> {
        let rows = (self.read)(&view.appliance.config);
        Ok(rows.iter().map(|row| self.table.item(row, &Fields::default())).collect())
    }

    fn add(&self, cx: &mut Cx, fields: Fields) -> Outcome {
        let line = self.table.line("bind", &fields);
        let url = fields.text(self.what);
        if !is_url(url) {
            return Err(Refusal::about(1097, &[url]));
        }
        let rows = (self.write)(&mut cx.appliance.config);
        if rows.iter().any(|row| row.get(self.what) == Some(url)) {
            return Err(Refusal::about(273, &[self.cli(), url]));
        }
        rows.push(fields);
        cx.needs_features(&["SSLVPN"]);
        cx.wrote(line);
        Ok(())
    }

    fn delete(&self, cx: &mut Cx, _name: &str, args: Fields) -> Outcome {
        let url = args.get(self.what).ok_or_else(|| Refusal::about(1095, &[self.cli()]))?;
        let rows = (self.write)(&mut cx.appliance.config);
        let at = rows.iter().position(|row| row.get(self.what) == Some(url));
        rows.remove(at.ok_or_else(|| Refusal::absent(self.cli(), url))?);
        cx.wrote(self.table.line("unbind", &args));
        Ok(())
    }
}

impl Global {
    fn cli(&self) -> &'static str {
        self.table.attribute(self.what).map_or(self.what, |attribute| attribute.cli)
    }
}
