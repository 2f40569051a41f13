//! The picture of a cluster: the way from a device through Gateway, virtual servers and groups to the nodes.

mod draw;
mod map;
mod place;
mod story;

use super::sight::Sight;
use leptos::prelude::*;

pub fn picture(sight: &Sight<'_>) -> impl IntoView + use<> {
    let map = map::Map::of(sight);
    let (drawing, story) = (draw::drawing(&map), story::story(&map));
    (!map.lanes.is_empty()).then(|| {
        view! {
            <section class="picture" aria-label="The way of a device to the nodes">
                <div class="scroll map-frame">{drawing}</div>
                <div class="map-story">{story}</div>
            </section>
        }
    })
}
