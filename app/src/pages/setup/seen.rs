//! Choices that were read from the appliance.

use model::{
    desired::GatewayForm,
    object::{Attrs, Kind},
    snapshot::{Seen, Snapshot},
};
use services::SetupView;

/// The last look, where there was one.
pub fn snapshot(setup: &SetupView) -> Option<&Snapshot> {
    setup.view.sighting.seen.as_ref().map(|(_, snapshot, _)| snapshot)
}

pub fn text(attrs: &Attrs, name: &str) -> String {
    attrs.get(name).map(ToString::to_string).unwrap_or_default()
}

/// Session actions that policies bind to a Gateway: name and store address.
pub fn session_actions(snapshot: &Snapshot, gateway: &str) -> Vec<(String, String)> {
    let policies = snapshot.of_kind(Kind::GatewayPolicy).filter(|seen| seen.object.part(0) == gateway);
    let mut actions: Vec<(String, String)> = policies
        .filter_map(|bound| {
            let policy =
                snapshot.of_kind(Kind::SessionPolicy).find(|seen| seen.object.part(0) == bound.object.part(1))?;
            let name = text(&policy.attrs, "action");
            let action = snapshot.of_kind(Kind::SessionAction).find(|seen| seen.object.part(0) == name)?;
            Some((name, text(&action.attrs, "storefronturl")))
        })
        .collect();
    actions.sort();
    actions.dedup();
    actions
}

/// The Gateway, when there is just one, with those of its actions that send to a store on the cluster's port.
pub fn proposed_gateway(setup: &SetupView) -> GatewayForm {
    let Some(snapshot) = snapshot(setup) else { return GatewayForm::default() };
    // One that serves another cluster is not proposed to this one.
    let free = |seen: &&Seen| setup.gateway_serves(seen.object.part(0)).is_none();
    let mut gateways = snapshot.of_kind(Kind::Gateway).filter(free);
    let (Some(only), None) = (gateways.next(), gateways.next()) else { return GatewayForm::default() };
    let gateway = only.object.part(0).to_owned();
    let actions = session_actions(snapshot, &gateway).into_iter().filter(|(_, url)| url.ends_with(":8443"));
    let actions: Vec<String> = actions.map(|(name, _)| name).collect();
    GatewayForm { gateway, actions: actions.join(", ") }
}
