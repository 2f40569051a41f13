//! The picture of a cluster: the way from a device through Gateway, virtual servers and groups to the nodes. Of many nodes
//! the worst are drawn, and the rest is said.

mod draw;
mod map;
mod place;
mod story;

use super::sight::Sight;
use crate::routes;
use leptos::prelude::*;
pub use map::{Map, NodeStop};

pub fn picture(sight: &Sight<'_>, map: &Map) -> impl IntoView + use<> {
    let nodes = map.drawn();
    let (drawing, story) = (draw::drawing(map, &nodes), story::story(map, &nodes.nodes));
    let rest = nodes.rest.sentence("node", "nodes", "UP").map(|sentence| {
        let href = routes::members(sight.view.cluster.id);
        view! {
            <p class="more">
                {sentence} " " <a href=href>"All nodes and their members"</a>
            </p>
        }
    });
    (!map.lanes.is_empty()).then(|| {
        view! {
            <section class="picture" aria-label="The way of a device to the nodes">
                <div class="scroll map-frame">{drawing}</div>
                <div class="map-story">{story}</div>
                {rest}
            </section>
        }
    })
}
