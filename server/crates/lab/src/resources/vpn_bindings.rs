//! What hangs at a gateway: App Controller URLs (3.15) and session policies (3.26).

use super::{Cx, Resource, View, absent, chosen};
use crate::{
    json::Item,
    model::{BoundPolicy, Called, Config, Gateway, by_id, called, called_mut},
    refusal::{Outcome, Refusal},
    schema::{
        Fields, Schema,
        tables::gateway::{VPNVSERVER_APPCONTROLLER as CONTROLLER, VPNVSERVER_SESSIONPOLICY as POLICY},
    },
};

pub(super) struct Controllers;
pub(super) struct GatewayPolicies;

impl Resource for Controllers {
    fn schema(&self) -> &'static Schema {
        &CONTROLLER
    }

    fn rows(&self, view: &View, name: Option<&str>) -> Outcome<Vec<Item>> {
        let gateways = chosen(&view.appliance.config.gateways, &CONTROLLER, name)?;
        Ok(gateways.into_iter().flat_map(controllers).collect())
    }

    fn add(&self, cx: &mut Cx, fields: Fields) -> Outcome {
        let line = CONTROLLER.line("bind", &fields);
        let (name, url) = (fields.text("name"), fields.text("appcontroller"));
        let gateways = &mut cx.appliance.config.gateways;
        let gateway = called_mut(gateways, name).ok_or_else(|| absent(&CONTROLLER, name))?;
        if !is_url(url) {
            return Err(Refusal::about(1097, &[url]));
        }
        if gateway.controllers.iter().any(|bound| bound == url) {
            return Err(Refusal::about(273, &["appController", url]));
        }
        gateway.controllers.push(url.to_owned());
        cx.needs_features(&["SSLVPN"]);
        cx.wrote(line);
        Ok(())
    }

    fn delete(&self, cx: &mut Cx, name: &str, mut args: Fields) -> Outcome {
        let gateways = &mut cx.appliance.config.gateways;
        let gateway = called_mut(gateways, name).ok_or_else(|| absent(&CONTROLLER, name))?;
        let url = args.get("appcontroller").ok_or_else(|| Refusal::about(1095, &["appController"]))?;
        let at = gateway.controllers.iter().position(|bound| bound == url);
        gateway.controllers.remove(at.ok_or_else(|| Refusal::absent("appController", url))?);
        args.put("name", gateway.name());
        cx.wrote(CONTROLLER.line("unbind", &args));
        Ok(())
    }
}

impl Resource for GatewayPolicies {
    fn schema(&self) -> &'static Schema {
        &POLICY
    }

    fn rows(&self, view: &View, name: Option<&str>) -> Outcome<Vec<Item>> {
        let config = &view.appliance.config;
        let gateways = chosen(&config.gateways, &POLICY, name)?;
        Ok(gateways.into_iter().flat_map(|gateway| policies(config, gateway)).collect())
    }

    fn add(&self, cx: &mut Cx, fields: Fields) -> Outcome {
        let line = POLICY.line("bind", &fields);
        let config = &mut cx.appliance.config;
        let name = fields.text("name").to_owned();
        let gateway = called(&config.gateways, &name).ok_or_else(|| absent(&POLICY, &name))?;
        let policy = policy(config, &fields)?;
        if gateway.policies.iter().any(|bound| bound.policy == policy) {
            return Err(Refusal::new(273));
        }
        let set = fields.only(&["priority", "gotopriorityexpression", "secondary", "groupextraction", "bindpoint"]);
        if let Some(gateway) = called_mut(&mut config.gateways, &name) {
            gateway.policies.push(BoundPolicy { policy, set });
        }
        cx.needs_features(&["SSLVPN"]);
        cx.wrote(line);
        Ok(())
    }

    fn delete(&self, cx: &mut Cx, name: &str, mut args: Fields) -> Outcome {
        let config = &mut cx.appliance.config;
        let gateway = called(&config.gateways, name).ok_or_else(|| absent(&POLICY, name))?;
        args.put("name", gateway.name());
        let policy = policy(config, &args)?;
        let gateway = called_mut(&mut config.gateways, name).ok_or_else(|| absent(&POLICY, name))?;
        let at = gateway.policies.iter().position(|bound| bound.policy == policy);
        gateway.policies.remove(at.ok_or_else(|| Refusal::absent("policy", args.text("policy")))?);
        cx.wrote(POLICY.line("unbind", &args));
        Ok(())
    }
}

/// The rows of one gateway; also part of the aggregate answer.
pub(super) fn controllers(gateway: &Gateway) -> Vec<Item> {
    let row = |url: &String| {
        let mut now = Fields::default();
        now.put("name", gateway.name());
        now.put("appcontroller", url.as_str());
        CONTROLLER.item(&Fields::default(), &now)
    };
    gateway.controllers.iter().map(row).collect()
}

/// The rows of one gateway; also part of the aggregate answer.
pub(super) fn policies(config: &Config, gateway: &Gateway) -> Vec<Item> {
    let row = |bound: &BoundPolicy| {
        let mut now = Fields::default();
        now.put("name", gateway.name());
        now.put("policy", by_id(&config.policies, bound.policy)?.name());
        Some(POLICY.item(&bound.set, &now))
    };
    gateway.policies.iter().filter_map(row).collect()
}

fn policy(config: &Config, fields: &Fields) -> Outcome<crate::model::Id> {
    let name = fields.get("policy").ok_or_else(|| Refusal::about(1095, &["policy"]))?;
    called(&config.policies, name).map(Called::id).ok_or_else(|| Refusal::absent("policy", name))
}

/// `http(s)://<address or name>[:port]`, and nothing behind it.
pub(super) fn is_url(url: &str) -> bool {
    let Some(rest) = url.strip_prefix("https://").or_else(|| url.strip_prefix("http://")) else { return false };
    let (host, port) = rest.split_once(':').map_or((rest, None), |(host, port)| (host, Some(port)));
    !host.is_empty()
        && host.chars().all(|c| c.is_ascii_alphanumeric() || "-_.".contains(c))
        && port.is_none_or(|port| port.parse::<u16>().is_ok_and(|port| port > 0))
}
