//! The drawing: SVG without script and without styles of its own, so that it obeys the page's policy and its colours.

use super::{
    map::{DrawnNodes, Lane, Map, NodeStop, Pointer, Stop},
    place::{
        DEVICES, DEVICES_HEIGHT, GATEWAY, GATEWAY_HEIGHT, GROUPS, NODE_HEAD, NODES, PORT_LINE, Places, STOP_HEIGHT,
        VSERVERS, WIDTH, curve, float, short,
    },
};
use crate::{
    pages::clusters::sight::Mark,
    ui::badge::{tone_icon, tone_name},
};
use leptos::prelude::*;
use model::state::Tone;

pub fn drawing(map: &Map, drawn: &DrawnNodes) -> impl IntoView + use<> {
    let places = Places::of(map, drawn);
    let wires = wires(map, drawn, &places);
    let devices = devices(&places);
    let gateway = map.gateway.as_ref().map(|(stop, pointer)| gateway(stop, pointer, &places));
    let lanes: Vec<_> = map.lanes.iter().zip(&places.lanes).map(|(lane, top)| lane_boxes(lane, *top)).collect();
    let nodes: Vec<_> =
        drawn.nodes.iter().zip(&places.nodes).map(|(node, top)| node_box(node, *top, &places)).collect();
    let more = drawn.rest.more("node", "nodes").map(|text| {
        let middle = NODES.0 + NODES.1 / 2.0;
        view! {
            <text class="map-more" x=middle y=places.more text-anchor="middle">
                {text}
            </text>
        }
    });
    view! {
        <svg
            class="map"
            role="img"
            aria-label=map.sentence()
            viewBox=format!("0 0 {WIDTH} {:.0}", places.height)
            width=WIDTH.to_string()
            height=format!("{:.0}", places.height)
        >
            {wires}
            {devices}
            {gateway}
            {lanes}
            {nodes}
            {more}
        </svg>
    }
}

/// A line is as well as the box that it leads to.
fn wire(from: (f32, f32), to: (f32, f32), tone: Tone) -> AnyView {
    let cross = (tone == Tone::Bad).then(|| {
        // Where it ends: told apart without seeing colours.
        let (x, y) = (to.0 - 12.0, to.1);
        let d = format!(
            "M{:.1} {:.1} L{:.1} {:.1} M{:.1} {:.1} L{:.1} {:.1}",
            x - 4.0,
            y - 4.0,
            x + 4.0,
            y + 4.0,
            x - 4.0,
            y + 4.0,
            x + 4.0,
            y - 4.0
        );
        view! { <path class="map-cross" d=d></path> }
    });
    view! {
        <g class="map-wire" data-tone=tone_name(tone)>
            <path d=curve(from, to)></path>
            {cross}
        </g>
    }
    .into_any()
}

fn right(column: (f32, f32)) -> f32 {
    column.0 + column.1
}

fn wires(map: &Map, drawn: &DrawnNodes, places: &Places) -> Vec<AnyView> {
    let mut all = Vec::new();
    let device = (right(DEVICES), places.devices + DEVICES_HEIGHT / 2.0);
    if let Some((stop, pointer)) = &map.gateway {
        let middle = places.gateway + GATEWAY_HEIGHT / 2.0;
        all.push(wire(device, (GATEWAY.0, middle), stop.mark.tone));
        // What leads nowhere ends before the place where it should lead.
        let lane = pointer.lane.or_else(|| map.lanes.iter().position(|lane| lane.side == "MAM"));
        if let Some(lane) = lane {
            all.push(wire((right(GATEWAY), middle), (VSERVERS.0, places.lane(lane)), pointer.tone));
        }
    }
    for (index, lane) in map.lanes.iter().enumerate() {
        let y = places.lane(index);
        if lane.side == "MDM" {
            // Below the Gateway, so that no line crosses its box.
            let turn = (right(GATEWAY) - 40.0, y);
            all.push(wire_through(device, turn, (VSERVERS.0, y), lane.vserver.mark.tone));
        }
        let bound = if lane.bound || lane.group.mark.tone == Tone::Quiet { lane.group.mark.tone } else { Tone::Bad };
        all.push(wire((right(VSERVERS), y), (GROUPS.0, y), bound));
        for (place, node) in drawn.nodes.iter().enumerate() {
            for (line, port) in node.ports.iter().enumerate().filter(|(_, port)| port.lane == index) {
                all.push(wire((right(GROUPS), y), (NODES.0, places.port(place, line)), port.mark.tone));
            }
        }
    }
    all
}

/// A bend, and then straight on.
fn wire_through(from: (f32, f32), turn: (f32, f32), to: (f32, f32), tone: Tone) -> AnyView {
    let d = format!("{} L{:.1} {:.1}", curve(from, (GATEWAY.0 + 4.0, turn.1)), to.0, to.1);
    let last = wire((to.0 - 24.0, to.1), to, tone);
    view! {
        <g class="map-wire" data-tone=tone_name(tone)>
            <path d=d></path>
        </g>
        {(tone == Tone::Bad).then_some(last)}
    }
    .into_any()
}

fn devices(places: &Places) -> impl IntoView + use<> {
    let (x, y) = (DEVICES.0, places.devices);
    let middle = x + DEVICES.1 / 2.0;
    view! {
        <g class="map-devices">
            <rect class="map-box" x=x y=y width=DEVICES.1 height=DEVICES_HEIGHT rx="10"></rect>
            <rect class="map-phone" x=middle - 11.0 y=y + 16.0 width="22" height="38" rx="4"></rect>
            <path class="map-phone" d=format!("M{:.1} {:.1} h6", middle - 3.0, y + 48.0)></path>
            <text class="map-name" x=middle y=y + 78.0 text-anchor="middle">
                "Devices"
            </text>
        </g>
    }
}

/// Icon and word on one line.
fn state(mark: &Mark, x: f32, y: f32) -> impl IntoView + use<> {
    let text = format!("{} {}", tone_icon(mark.tone), short(&mark.word, 22));
    view! {
        <text class="map-state" data-tone=tone_name(mark.tone) x=x y=y>
            {text}
        </text>
    }
}

fn frame(mark: &Mark, x: f32, y: f32, width: f32, height: f32) -> impl IntoView + use<> {
    view! {
        <rect class="map-box" data-tone=tone_name(mark.tone) x=x y=y width=width height=height rx="8"></rect>
        <rect class="map-edge" data-tone=tone_name(mark.tone) x=x y=y + 8.0 width="3" height=height - 16.0></rect>
    }
}

fn stop_box(stop: &Stop, x: f32, y: f32, width: f32, height: f32) -> impl IntoView + use<> {
    let left = x + 14.0;
    let full = format!("{}: {}", stop.kind, stop.name);
    view! {
        <g>
            <title>{full}</title>
            {frame(&stop.mark, x, y, width, height)}
            <text class="map-kind" x=left y=y + 19.0>
                {stop.kind.clone()}
            </text>
            <text class="map-name" x=left y=y + 38.0>
                {short(&stop.name, 24)}
            </text>
            <text class="map-place" x=left y=y + 57.0>
                {stop.place.clone()}
            </text>
            <text class="map-note" x=left y=y + 74.0>
                {stop.note.clone()}
            </text>
            {state(&stop.mark, left, y + if stop.note.is_empty() { 78.0 } else { 95.0 })}
        </g>
    }
}

fn gateway(stop: &Stop, pointer: &Pointer, places: &Places) -> impl IntoView + use<> {
    let (x, y) = (GATEWAY.0, places.gateway);
    let left = x + 14.0;
    let rule = format!("M{left:.1} {:.1} H{:.1}", y + 92.0, x + GATEWAY.1 - 12.0);
    view! {
        {stop_box(stop, x, y, GATEWAY.1, GATEWAY_HEIGHT)}
        <path class="map-rule" d=rule></path>
        <g>
            <title>{pointer.told.clone()}</title>
            <text class="map-kind" x=left y=y + 110.0>
                "App Controller"
            </text>
            <text class="map-place" data-tone=tone_name(pointer.url_tone) x=left y=y + 126.0>
                {short(&pointer.url, 28)}
            </text>
            <text class="map-kind" x=left y=y + 147.0>
                {short(&pointer.question, 34)}
            </text>
            <text class="map-place" data-tone=tone_name(pointer.record_tone) x=left y=y + 163.0>
                {short(&pointer.record, 28)}
            </text>
        </g>
    }
}

fn lane_boxes(lane: &Lane, top: f32) -> impl IntoView + use<> {
    view! {
        {stop_box(&lane.vserver, VSERVERS.0, top, VSERVERS.1, STOP_HEIGHT)}
        {stop_box(&lane.group, GROUPS.0, top, GROUPS.1, STOP_HEIGHT)}
    }
}

fn node_box(node: &NodeStop, top: f32, places: &Places) -> impl IntoView + use<> {
    let (x, width) = NODES;
    let end = x + width - 12.0;
    let ports: Vec<_> = (node.ports.iter().enumerate())
        .map(|(line, port)| {
            let y = top + NODE_HEAD + PORT_LINE * (float(line) + 0.5);
            let word = format!("{} {}", tone_icon(port.mark.tone), short(&port.mark.word, 18));
            view! {
                <circle class="map-port" data-tone=tone_name(port.mark.tone) cx=x cy=y r="4"></circle>
                <text class="map-place" x=x + 14.0 y=y + 4.0>
                    {port.label.clone()}
                </text>
                <text class="map-state" data-tone=tone_name(port.mark.tone) x=end y=y + 4.0 text-anchor="end">
                    {word}
                </text>
            }
        })
        .collect();
    view! {
        <g data-node=node.address.clone()>
            <title>{format!("Node {} {} {}", node.name, node.address, node.standing.word)}</title>
            {frame(&node.standing, x, top, width, places.node_height)}
            <text class="map-name" x=x + 14.0 y=top + 20.0>
                {short(&node.name, 24)}
            </text>
            <text class="map-place" x=x + 14.0 y=top + 37.0>
                {node.address.clone()}
            </text>
            <text class="map-state" data-tone=tone_name(node.standing.tone) x=x + 14.0 y=top + 56.0>
                {format!("{} {}", tone_icon(node.standing.tone), short(&node.standing.word, 28))}
            </text>
            {ports}
        </g>
    }
}
