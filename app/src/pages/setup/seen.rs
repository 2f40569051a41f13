//! Choices that were read from the appliance.

use model::{
    object::{Attrs, Kind},
    snapshot::Snapshot,
};
use services::SetupView;

/// The last look, where there was one.
pub fn snapshot(setup: &SetupView) -> Option<&Snapshot> {
    setup.view.sighting.seen.as_ref().map(|(_, snapshot, _)| &**snapshot)
}

pub fn text(attrs: &Attrs, name: &str) -> String {
    attrs.get(name).map(ToString::to_string).unwrap_or_default()
}

/// Session actions that policies bind to a Gateway: name and store address.
pub fn session_actions(snapshot: &Snapshot, gateway: &str) -> Vec<(String, String)> {
    let policies = snapshot.bound_to(Kind::GatewayPolicy, gateway);
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
