//! All nodes of a cluster with their members, page by page: of a thousand a cluster's own page shows the worst.

use super::{
    nodes::{HEADINGS, row_with},
    part::Part,
    picture::{Map, NodeStop},
    sight::Sight,
};
use crate::{
    pages::{
        asked,
        listing::{Place, asked_field, counts, fields, nothing, pager, remarks, search},
        loaded, param,
    },
    routes,
    ui::{
        badge::Badge,
        notice::{Empty, Note},
        table::Table,
        time::Ago,
    },
};
use leptos::{either::Either, prelude::*};
use model::{
    ClusterId, Freshness,
    listing::{A_PAGE, ListForm, Sheet},
    state::Tone,
};
use services::ClusterView;

fn place(id: ClusterId, form: &ListForm) -> Place {
    Place { path: routes::members(id), fields: fields(form), one: "node", many: "nodes", word }
}

const fn word(tone: Tone) -> &'static str {
    match tone {
        Tone::Good => "UP",
        tone => tone.word(),
    }
}

/// The worst first. A node is found by its name, its address and each word about it.
fn sheet(map: &Map, form: &ListForm) -> Sheet<NodeStop> {
    let mut nodes = map.nodes.clone();
    nodes.sort_by_cached_key(|node| node.weight().order());
    Sheet::of(nodes, form, A_PAGE, |node| {
        let words = [node.name.as_str(), &node.address, &node.standing.word];
        let marks = node.ports.iter().flat_map(|port| [port.label.as_str(), port.mark.word.as_str()]);
        (node.weight().tone(), words.into_iter().chain(marks).collect::<Vec<_>>().join("\n"))
    })
}

#[component]
pub fn Members() -> impl IntoView {
    let (asked, id, form) = (asked(), param("id", "such cluster"), ListForm::read(asked_field()));
    let load = async move {
        let ((services, cx), id) = (asked?, id?);
        Ok((services.clusters().show(&cx, id).await?, form))
    };
    loaded(load, move |(view, form): (ClusterView, ListForm)| {
        let (id, cluster) = (view.cluster.id, view.cluster.clone());
        let heading = format!("Nodes and members of {}", cluster.title);
        let around = Sight::of(&view).map(|sight| {
            let sheet = sheet(&Map::of(&sight), &form);
            view! {
                {remarks(&sheet)}
                {search(&place(id, &form), "Name, address or state", None)}
            }
        });
        view! {
            <Part cluster heading>
                {around}
                <MembersPanel view form />
            </Part>
        }
    })
}

/// Moves when something is seen.
#[component]
pub fn MembersPanel(view: ClusterView, form: ListForm) -> impl IntoView {
    let Some(sight) = Sight::of(&view) else {
        let sentence = "Nothing is described yet, or the appliance has not been seen. This page fills itself in.";
        return Either::Left(view! { <div id="members-live"><Note sentence /></div> });
    };
    let map = Map::of(&sight);
    let (sheet, place) = (sheet(&map, &form), place(view.cluster.id, &form));
    let none = (sheet.all == 0).then(|| view! { <Empty sentence="No nodes are described yet.">""</Empty> });
    let counts = (sheet.all > 0).then(|| counts(&place, &sheet, &form));
    let rows: Vec<_> = sheet.lines.iter().map(|node| node_row(&sight, node)).collect();
    let (any, old) = (!rows.is_empty(), sight.freshness != Freshness::Fresh);
    let mut headings = vec![HEADINGS[0], HEADINGS[1], "Members"];
    headings.extend(&HEADINGS[2..]);
    let (at, now) = (sight.snapshot.at, sight.now());
    let was = old.then(|| view! { <p class="sub">"How it was when it was seen last, " <Ago at now /> "."</p> });
    Either::Right(view! {
        <div id="members-live" data-faded=old.then_some("true")>
            {was} {none} {counts} {nothing(&place, &sheet)}
            {any
                .then(|| {
                    view! {
                        <Table headings cards=true>{rows}</Table>
                        <p class="sub">{sight.ages()}</p>
                    }
                })} {pager(&place, &sheet)}
        </div>
    })
}

/// One of the set-up with all that is known of it; whoever is a member besides with its name.
fn node_row(sight: &Sight<'_>, stop: &NodeStop) -> AnyView {
    let ports: Vec<_> = (stop.ports.iter())
        .map(|port| {
            let word = format!("{} {}", port.label, port.mark.word);
            view! { <Badge tone=port.mark.tone word /> }
        })
        .collect();
    let ports = view! {
        <td data-label="Members">
            <div class="badges">{ports}</div>
        </td>
    };
    let node = stop.node.and_then(|address| sight.desired.nodes.iter().find(|node| node.address == address));
    match node {
        Some(node) => row_with(sight, node, Some(ports.into_any())).into_any(),
        None => view! {
            <tr data-key=format!("{} {}", stop.name, stop.address)>
                <th scope="row">
                    {stop.name.clone()} <div class="sub">{stop.address.clone()}</div>
                </th>
                <td data-label="In the cluster">
                    <Badge tone=stop.standing.tone word=stop.standing.word.clone() />
                </td>
                {ports}
                <td></td>
                <td></td>
                <td></td>
                <td></td>
                <td></td>
            </tr>
        }
        .into_any(),
    }
}
