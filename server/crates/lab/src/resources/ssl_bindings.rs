//! `sslvserver_sslcertkey_binding` (3.14), from both ends.

use super::{Cx, Resource, View, chosen, sslvserver};
use crate::{
    json::Item,
    model::{BoundCert, Called, CertKey, Config, SslSide, called},
    refusal::{Outcome, Refusal},
    schema::{
        Fields, Schema,
        tables::certificates::{SSLCERTKEY_SSLVSERVER, SSLVSERVER_SSLCERTKEY as TABLE},
    },
};

pub(super) struct VserverCerts;
pub(super) struct CertUsers;

impl Resource for VserverCerts {
    fn schema(&self) -> &'static Schema {
        &TABLE
    }

    fn rows(&self, view: &View, name: Option<&str>) -> Outcome<Vec<Item>> {
        let config = &view.appliance.config;
        let sides = sslvserver::sides(config, name)?;
        Ok(sides.into_iter().flat_map(|(name, side)| items(config, name, side)).collect())
    }

    fn add(&self, cx: &mut Cx, fields: Fields) -> Outcome {
        let line = TABLE.line("bind", &fields);
        let config = &mut cx.appliance.config;
        let name = fields.text("vservername").to_owned();
        sslvserver::sides(config, Some(&name))?;
        let certkey = called(&config.certkeys, fields.text("certkeyname")).ok_or(Refusal::new(1540))?;
        let (id, has_key) = (certkey.id, certkey.has_key());
        let (ca, sni) = purpose(&fields);
        match (ca, sni) {
            (true, true) => return Err(Refusal::about(1092, &["CA", "SNICert"])),
            (false, _) if !has_key => return Err(Refusal::new(1547)),
            _ => {}
        }
        let side = sslvserver::side_mut(config, &name)?;
        if side.find(id, ca, sni).is_some() {
            return Err(Refusal::new(273));
        }
        let bound = BoundCert { certkey: id, ca, sni, set: fields.only(&["crlcheck", "ocspcheck", "skipcaname"]) };
        // There can be one certificate without SNI, so another one takes its place.
        match side.server_certificate().filter(|_| !ca && !sni) {
            Some(at) => {
                side.bound[at] = bound;
                cx.warnings.push(Refusal::new(1546));
            }
            None => side.bound.push(bound),
        }
        cx.needs_features(&["SSL"]);
        cx.wrote(line);
        Ok(())
    }

    fn delete(&self, cx: &mut Cx, name: &str, mut args: Fields) -> Outcome {
        let config = &mut cx.appliance.config;
        let owner = sslvserver::sides(config, Some(name))?.first().map(|(name, _)| (*name).to_owned());
        let certkey = args.get("certkeyname").ok_or_else(|| Refusal::about(1095, &["certkeyName"]))?;
        let id = called(&config.certkeys, certkey).ok_or(Refusal::new(1540))?.id;
        let (ca, sni) = purpose(&args);
        checks_a_ca(&args)?;
        let side = sslvserver::side_mut(config, name)?;
        let at = side.find(id, ca, sni).ok_or(Refusal::new(1542))?;
        side.bound.remove(at);
        args.put("vservername", owner.unwrap_or_default());
        cx.wrote(TABLE.line("unbind", &args));
        Ok(())
    }
}

impl Resource for CertUsers {
    fn schema(&self) -> &'static Schema {
        &SSLCERTKEY_SSLVSERVER
    }

    fn rows(&self, view: &View, name: Option<&str>) -> Outcome<Vec<Item>> {
        let config = &view.appliance.config;
        let certkeys = chosen(&config.certkeys, &SSLCERTKEY_SSLVSERVER, name)?;
        Ok(certkeys.into_iter().flat_map(|certkey| users(config, certkey)).collect())
    }
}

/// The certificates of one virtual server; also part of the aggregate answer.
pub(super) fn items(config: &Config, name: &str, side: &SslSide) -> Vec<Item> {
    let row = |bound: &BoundCert| {
        let mut now = Fields::default();
        now.put("vservername", name);
        now.put("certkeyname", config.certkey(bound.certkey)?.name());
        now.put("ca", bound.ca.to_string());
        now.put("snicert", bound.sni.to_string());
        Some(TABLE.item(&bound.set, &now))
    };
    side.bound.iter().filter_map(row).collect()
}

/// The virtual servers of one certificate; also part of the aggregate answer.
pub(super) fn users(config: &Config, certkey: &CertKey) -> Vec<Item> {
    let mut rows = Vec::new();
    for (name, side) in config.ssl_sides() {
        for bound in side.bound.iter().filter(|bound| bound.certkey == certkey.id) {
            let mut now = Fields::default();
            now.put("certkey", certkey.name());
            now.put("servername", name);
            now.put("ca", bound.ca.to_string());
            rows.push(SSLCERTKEY_SSLVSERVER.item(&Fields::default(), &now));
        }
    }
    rows
}

/// Whoever unbinds names a check of a CA's certificate alone: of others nothing is checked (6.2 A5).
pub(super) fn checks_a_ca(args: &Fields) -> Outcome {
    let stray = [("crlcheck", "crlCheck"), ("ocspcheck", "ocspCheck")].into_iter().find(|(check, _)| args.has(check));
    match stray {
        Some((_, cli)) if args.get("ca") != Some("true") => Err(Refusal::about(1093, &[cli, "CA"])),
        _ => Ok(()),
    }
}

/// `ca` and `snicert`.
fn purpose(fields: &Fields) -> (bool, bool) {
    (fields.get("ca") == Some("true"), fields.get("snicert") == Some("true"))
}
