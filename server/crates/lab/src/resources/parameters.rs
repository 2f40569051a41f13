//! Objects without a name: `lbparameter` (3.18), `vpnparameter` (3.26), and the appliance's own name (3.2).

use super::{Cx, Resource, View, changes};
use crate::{
    json::Item,
    model::Config,
    refusal::{Outcome, Refusal},
    schema::{
        Attribute, Fields, Schema,
        tables::parameters::{LBPARAMETER, NSHOSTNAME, VPNPARAMETER},
    },
};

/// Settings that are set and unset, and that nobody adds or removes.
pub(super) struct Parameters {
    table: &'static Schema,
    read: fn(&Config) -> &Fields,
    write: fn(&mut Config) -> &mut Fields,
}

pub(super) const LB: Parameters =
    Parameters { table: &LBPARAMETER, read: |config| &config.lb, write: |config| &mut config.lb };
pub(super) const VPN: Parameters =
    Parameters { table: &VPNPARAMETER, read: |config| &config.vpn, write: |config| &mut config.vpn };

pub(super) struct HostName;

impl Resource for Parameters {
    fn schema(&self) -> &'static Schema {
        self.table
    }

    fn rows(&self, view: &View, _name: Option<&str>) -> Outcome<Vec<Item>> {
        Ok(vec![self.table.item((self.read)(&view.appliance.config), &Fields::default())])
    }

    fn set(&self, cx: &mut Cx, fields: Fields) -> Outcome {
        let line = self.table.line("set", &fields);
        (self.write)(&mut cx.appliance.config).merge(changes(self.table, fields)?);
        cx.wrote(line);
        Ok(())
    }

    fn unset(&self, cx: &mut Cx, key: Fields, unset: &[&'static Attribute]) -> Outcome {
        let set = (self.write)(&mut cx.appliance.config);
        for attribute in unset {
            set.remove(attribute.name);
        }
        cx.wrote(self.table.unset_line(&key, unset));
        Ok(())
    }
}

impl Resource for HostName {
    fn schema(&self) -> &'static Schema {
        &NSHOSTNAME
    }

    /// A list of one, as it is since 10.1.
    fn rows(&self, view: &View, _name: Option<&str>) -> Outcome<Vec<Item>> {
        let mut now = Fields::default();
        now.put("hostname", view.appliance.config.hostname.as_deref().unwrap_or(&view.appliance.host));
        Ok(vec![NSHOSTNAME.item(&Fields::default(), &now)])
    }

    fn set(&self, cx: &mut Cx, fields: Fields) -> Outcome {
        let line = NSHOSTNAME.line("set", &fields);
        let name = fields.get("hostname").ok_or_else(|| Refusal::about(1095, &["hostName"]))?;
        // 255 is what a GET shows: no node of a cluster.
        if fields.get("ownernode").is_some_and(|node| node != "255") {
            return Err(Refusal::about(1097, &[fields.text("ownernode")]));
        }
        cx.appliance.config.hostname = Some(name.to_owned());
        cx.wrote(line);
        Ok(())
    }
}
