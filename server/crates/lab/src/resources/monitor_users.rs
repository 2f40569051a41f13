//! Where monitors are used (`lbmonbindings…`, 3.9), and the certificates that they show.

use super::{Cx, Resource, View, absent, chosen, ssl_bindings::checks_a_ca};
use crate::{
    json::Item,
    model::{BoundMonitor, Called, Config, Monitor, called, called_mut, same},
    refusal::{Outcome, Refusal},
    schema::{
        Fields, Schema,
        tables::lbmonitor::{
            LBMONBINDINGS, LBMONBINDINGS_SERVICE, LBMONBINDINGS_SERVICEGROUP, LBMONITOR_SSLCERTKEY as CERTIFICATE,
        },
    },
};

pub(super) struct MonitorUses;
pub(super) struct MonitorGroupUses;
pub(super) struct MonitorServiceUses;
pub(super) struct MonitorCertificates;

impl Resource for MonitorUses {
    fn schema(&self) -> &'static Schema {
        &LBMONBINDINGS
    }

    fn rows(&self, view: &View, name: Option<&str>) -> Outcome<Vec<Item>> {
        let row = |monitor: &Monitor| {
            let mut now = Fields::default();
            now.put("monitorname", monitor.name());
            now.put("type", monitor.kind());
            now.put("state", monitor.value("state"));
            LBMONBINDINGS.item(&Fields::default(), &now)
        };
        Ok(chosen(&view.appliance.config.monitors.0, &LBMONBINDINGS, name)?.into_iter().map(row).collect())
    }
}

impl Resource for MonitorGroupUses {
    fn schema(&self) -> &'static Schema {
        &LBMONBINDINGS_SERVICEGROUP
    }

    fn rows(&self, view: &View, name: Option<&str>) -> Outcome<Vec<Item>> {
        let config = &view.appliance.config;
        let monitors = chosen(&config.monitors.0, &LBMONBINDINGS_SERVICEGROUP, name)?;
        Ok(monitors.into_iter().flat_map(|monitor| groups(config, monitor)).collect())
    }
}

impl Resource for MonitorServiceUses {
    fn schema(&self) -> &'static Schema {
        &LBMONBINDINGS_SERVICE
    }

    fn rows(&self, view: &View, name: Option<&str>) -> Outcome<Vec<Item>> {
        let config = &view.appliance.config;
        let monitors = chosen(&config.monitors.0, &LBMONBINDINGS_SERVICE, name)?;
        Ok(monitors.into_iter().flat_map(|monitor| services(config, monitor)).collect())
    }
}

impl Resource for MonitorCertificates {
    fn schema(&self) -> &'static Schema {
        &CERTIFICATE
    }

    fn rows(&self, view: &View, name: Option<&str>) -> Outcome<Vec<Item>> {
        let monitors = chosen(&view.appliance.config.monitors.0, &CERTIFICATE, name)?;
        Ok(monitors.into_iter().flat_map(certificates).collect())
    }

    fn add(&self, cx: &mut Cx, fields: Fields) -> Outcome {
        let line = CERTIFICATE.line("bind", &fields);
        let config = &mut cx.appliance.config;
        let (name, certkey) = (fields.text("monitorname"), fields.text("certkeyname"));
        let exists = called(&config.certkeys, certkey).is_some();
        let monitor = called_mut(&mut config.monitors.0, name).ok_or_else(|| absent(&CERTIFICATE, name))?;
        if !exists {
            return Err(Refusal::about(1540, &[certkey]));
        }
        if monitor.certificates.iter().any(|bound| same(bound.text("certkeyname"), certkey)) {
            return Err(Refusal::new(273));
        }
        if monitor.value("secure") != "YES" {
            return Err(Refusal::about(1093, &["certkeyName", "secure"]));
        }
        monitor.certificates.push(fields.only(&["certkeyname", "ca", "crlcheck", "ocspcheck"]));
        cx.wrote(line);
        Ok(())
    }

    fn delete(&self, cx: &mut Cx, name: &str, mut args: Fields) -> Outcome {
        let monitors = &mut cx.appliance.config.monitors.0;
        let monitor = called_mut(monitors, name).ok_or_else(|| absent(&CERTIFICATE, name))?;
        let certkey = args.get("certkeyname").ok_or_else(|| Refusal::about(1095, &["certkeyName"]))?;
        checks_a_ca(&args)?;
        let at = monitor.certificates.iter().position(|bound| same(bound.text("certkeyname"), certkey));
        monitor.certificates.remove(at.ok_or(Refusal::new(1542))?);
        args.put("monitorname", monitor.set.text("monitorname"));
        cx.wrote(CERTIFICATE.line("unbind", &args));
        Ok(())
    }
}

/// The rows of one monitor; also part of the aggregate answer.
pub(super) fn groups(config: &Config, monitor: &Monitor) -> Vec<Item> {
    let mut rows = Vec::new();
    for group in &config.groups {
        for bound in group.monitors.iter().filter(|bound| bound.monitor == monitor.id) {
            let mut now = Fields::default();
            now.put("monitorname", monitor.name());
            now.put("servicegroupname", group.name());
            now.put("servicetype", group.kind());
            now.put("boundservicegroupsvrstate", group.switch.word());
            now.put("monstate", word(bound));
            rows.push(LBMONBINDINGS_SERVICEGROUP.item(&Fields::default(), &now));
        }
    }
    rows
}

/// The rows of one monitor; also part of the aggregate answer.
pub(super) fn services(config: &Config, monitor: &Monitor) -> Vec<Item> {
    let mut rows = Vec::new();
    for service in &config.services {
        for bound in service.monitors.iter().filter(|bound| bound.monitor == monitor.id) {
            let address = config.server(service.member.server).and_then(|server| server.set.get("ipaddress"));
            let mut now = Fields::default();
            now.put("monitorname", monitor.name());
            now.put("servicename", service.name());
            now.put("servicetype", service.kind());
            now.put("ipaddress", address.unwrap_or("0.0.0.0"));
            now.put("port", service.member.port.to_string());
            now.put("svrstate", service.member.state.word());
            now.put("monsvcstate", word(bound));
            rows.push(LBMONBINDINGS_SERVICE.item(&Fields::default(), &now));
        }
    }
    rows
}

/// The rows of one monitor; also part of the aggregate answer.
pub(super) fn certificates(monitor: &Monitor) -> Vec<Item> {
    let row = |bound: &Fields| {
        let mut now = Fields::default();
        now.put("monitorname", monitor.name());
        CERTIFICATE.item(bound, &now)
    };
    monitor.certificates.iter().map(row).collect()
}

fn word(bound: &BoundMonitor) -> &'static str {
    if bound.is_on() { "ENABLED" } else { "DISABLED" }
}
