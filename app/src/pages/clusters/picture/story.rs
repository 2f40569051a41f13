//! The drawing in words: what a screen reader reads, and what a narrow screen shows instead.

use super::map::{Map, NodeStop, Stop};
use crate::ui::badge::Badge;
use leptos::prelude::*;

pub fn story(map: &Map, nodes: &[NodeStop]) -> impl IntoView + use<> {
    let gateway = map.gateway.as_ref().map(|(gateway, pointer)| {
        let told = pointer.told.clone();
        view! { <li>{stop(gateway)} <p class="sub break">{told}</p></li> }
    });
    let lanes: Vec<_> = (map.lanes.iter().enumerate())
        .map(|(index, lane)| {
            let members: Vec<_> = (nodes.iter())
                .flat_map(|node| node.ports.iter().filter(|port| port.lane == index).map(move |port| (node, port)))
                .map(|(node, port)| {
                    let name = format!("{} {}", node.name, node.address);
                    view! {
                        <li>
                            <span class="story-name">{name}</span>
                            <Badge tone=port.mark.tone word=port.mark.word.clone() />
                        </li>
                    }
                })
                .collect();
            let loose = (!lane.bound).then(|| view! { <p class="sub">"Not bound to the virtual server."</p> });
            view! {
                <li>
                    {stop(&lane.vserver)} <ul class="story">
                        <li>{stop(&lane.group)} {loose} <ul class="story">{members}</ul></li>
                    </ul>
                </li>
            }
        })
        .collect();
    let nodes: Vec<_> = (nodes.iter())
        .map(|node| {
            view! {
                <li>
                    <span class="story-kind">"node"</span>
                    <span class="story-name">{node.name.clone()}</span>
                    <span class="story-place">{node.address.clone()}</span>
                    <Badge tone=node.standing.tone word=node.standing.word.clone() />
                </li>
            }
        })
        .collect();
    view! {
        <ul class="story">
            {gateway}
            {lanes}
            {nodes}
        </ul>
    }
}

fn stop(stop: &Stop) -> impl IntoView + use<> {
    view! {
        <span class="story-kind">{stop.kind.clone()}</span>
        <span class="story-name">{stop.name.clone()}</span>
        <span class="story-place">{format!("{} {}", stop.place, stop.note)}</span>
        <Badge tone=stop.mark.tone word=stop.mark.word.clone() />
    }
}
