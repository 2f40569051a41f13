//! The nodes: what each says of itself, what the set-up says, and what the appliance has.

use super::sight::{Sight, text};
use crate::{
    routes,
    ui::{badge::Badge, table::Table, time::Ago},
};
use leptos::prelude::*;
use model::{
    Freshness,
    desired::Node,
    node::{Source, computed_id, same_id, standing},
    object::ObjectRef,
    state::Tone,
};

/// One row a node. Everything that a node said stands with its age.
pub fn nodes(sight: &Sight<'_>) -> impl IntoView + use<> {
    let rows: Vec<_> = sight.desired.nodes.iter().map(|node| row(sight, node)).collect();
    let any = !rows.is_empty();
    let headings = vec![
        "Node",
        "In the cluster",
        "#ID by SSH",
        "#ID pasted by hand",
        "#ID by its console page",
        "#ID from its address",
        "#ID in the set-up",
        "#Server ID",
        "Do they agree?",
        "#Devices",
    ];
    any.then(|| {
        view! {
            <section>
                <h2>"Nodes"</h2>
                <Table headings>{rows}</Table>
                <p class="sub">
                    "Check-ins and tasks stand on the node's own Cluster Information page, which no source here reads."
                </p>
            </section>
        }
    })
}

fn row(sight: &Sight<'_>, node: &Node) -> impl IntoView + use<> {
    let now = sight.now();
    let facts = sight.view.nodes.iter().find(|facts| facts.address == node.address);
    let interval = sight.view.sighting.interval;
    let word = standing(node.address, &sight.view.nodes, now, interval);
    let against = sight.against(node).filter(|_| word.tone == Tone::Good);
    let standing = view! {
        <Badge tone=word.tone word=word.word />
        {word.at.map(|at| view! { <div class="sub"><Ago at now /></div> })}
        {against.map(|mark| view! { <div><Badge tone=mark.tone word=mark.word /></div> })}
    };
    let by = |source: Source| {
        let fact = facts.and_then(|facts| facts.id(source)).cloned();
        fact.map_or_else(
            || "–".into_any(),
            |fact| view! { {fact.id} {fact.at.map(|at| view! { <div class="sub"><Ago at now /></div> })} }.into_any(),
        )
    };
    let server = sight.server_of(node);
    let member = sight
        .desired
        .mam
        .as_ref()
        .and_then(|mam| sight.find(&ObjectRef::member(&mam.listener.group, &server, mam.listener.port)));
    let configured = member.map(|seen| text(seen, "customserverid")).filter(|id| !id.is_empty());
    let (tone, word) = match sight.freshness {
        Freshness::Fresh => {
            let said = facts.and_then(|facts| facts.reported_id_now(now, interval)).map(|fact| fact.id.as_str());
            agreement(node, said, configured.as_deref(), member.is_some())
        }
        Freshness::Stale | Freshness::Unknown => (Tone::Unknown, "not seen lately".to_owned()),
    };
    let devices = facts.and_then(|facts| facts.devices.clone());
    let devices = devices.map_or_else(
        || "–".into_any(),
        |told| view! { {told.value.to_string()} <div class="sub"><Ago at=told.at now /></div> }.into_any(),
    );
    view! {
        <tr data-key=node.address.to_string()>
            <th scope="row">
                <a href=routes::node(sight.view.cluster.id, node.address)>{server}</a>
                <div class="sub">{node.address.to_string()}</div>
            </th>
            <td>{standing}</td>
            <td class="number">{by(Source::Ssh)}</td>
            <td class="number">{by(Source::Pasted)}</td>
            <td class="number">{by(Source::ConsolePage)}</td>
            <td class="number">{computed_id(node.address).id}</td>
            <td class="number">{node.id.clone().unwrap_or_else(|| "–".to_owned())}</td>
            <td class="number">{configured.unwrap_or_else(|| "–".to_owned())}</td>
            <td>
                <Badge tone word />
            </td>
            <td class="number">{devices}</td>
        </tr>
    }
}

/// Whether the numbers of one node are one number, and which one is not.
fn agreement(node: &Node, said: Option<&str>, configured: Option<&str>, is_member: bool) -> (Tone, String) {
    let wanted = node.id.as_deref();
    let differs = |one: Option<&str>, other: Option<&str>| matches!((one, other), (Some(one), Some(other)) if !same_id(one, other));
    if is_member && configured.is_none() {
        (Tone::Bad, "no server ID".into())
    } else if differs(configured, said) || (said.is_none() && differs(configured, wanted)) {
        (Tone::Bad, "server ID differs".into())
    } else if differs(said, wanted) {
        (Tone::Bad, "set-up differs".into())
    } else if differs(said, Some(&computed_id(node.address).id)) {
        (Tone::Warn, "address differs".into())
    } else if said.is_none() {
        (Tone::Unknown, "node not asked".into())
    } else if configured.is_none() {
        (Tone::Quiet, "not applied yet".into())
    } else {
        (Tone::Good, "agree".into())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_differs_is_named_and_nothing_is_agreed_that_nobody_said() {
        let node = |id: &str| Node { name: "xms01".into(), address: [10, 20, 30, 11].into(), id: Some(id.into()) };
        let right = "169090571";
        for (node, said, configured, word) in [
            (node(right), Some(right), Some(right), "agree"),
            (node(right), None, Some(right), "node not asked"),
            (node(right), Some(right), None, "no server ID"),
            (node(right), Some(right), Some("7"), "server ID differs"),
            (node(right), None, Some("7"), "server ID differs"),
            (node("7"), Some(right), Some(right), "set-up differs"),
            (node("7"), Some("7"), Some("7"), "address differs"),
        ] {
            let (tone, told) = agreement(&node, said, configured, true);
            assert_eq!(told, word);
            assert_eq!(tone == Tone::Good, word == "agree");
        }
    }
}
