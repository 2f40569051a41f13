//! What a step's form proposes where nothing was saved yet: in the demo what the lab has, else what is free on the
//! appliance. Nothing of another cluster's.

use super::seen;
use crate::visitor::SiteHints;
use leptos::prelude::*;
use model::desired::{GatewayForm, NodesForm};
use services::SetupView;

/// The demo's nodes, unless another cluster has one of them.
pub fn nodes(setup: &SetupView, site: Option<&SiteHints>) -> NodesForm {
    let lines = site.map(|site| site.nodes.as_slice()).unwrap_or_default();
    let taken = |line: &String| {
        let address = line.split_whitespace().next().and_then(|text| text.parse().ok());
        address.is_some_and(|address| setup.is_elsewhere(address))
    };
    let nodes = if lines.iter().any(taken) { String::new() } else { lines.join("\n") };
    NodesForm { nodes }
}

/// The `n`th address that is free.
pub fn address(setup: &SetupView, site: Option<&SiteHints>, n: usize) -> String {
    let first = site.map(|site| site.vips.as_slice()).unwrap_or_default();
    setup.free_addresses(first).get(n).map(ToString::to_string).unwrap_or_default()
}

/// The Gateway that serves nobody else, with those of its actions that send to a store on the cluster's port.
pub fn gateway(setup: &SetupView) -> GatewayForm {
    let (Some(snapshot), Some(gateway)) = (seen::snapshot(setup), setup.proposed_gateway()) else {
        return GatewayForm::default();
    };
    let gateway = gateway.object.part(0).to_owned();
    let actions = seen::session_actions(snapshot, &gateway).into_iter().filter(|(_, url)| url.ends_with(":8443"));
    let actions: Vec<String> = actions.map(|(name, _)| name).collect();
    GatewayForm { gateway, actions: actions.join(", ") }
}

/// Says of a field that its value is a proposal: shown while nothing was saved in the step.
#[component]
pub fn Proposed(sentence: &'static str) -> impl IntoView {
    view! {
        <p class="proposed">
            <span class="proposed-mark">"Proposed"</span>
            " "
            {sentence}
        </p>
    }
}
