//! The step Groups and members: three names, and the members that follow from the nodes.

use super::{drawn::Drawn, now::Now, own::Own, seen};
use crate::{
    routes,
    ui::{
        field::{Filled, Text},
        notice::Note,
        table::Table,
    },
};
use leptos::{either::Either, prelude::*};
use model::{
    desired::{ENROLMENT_PORT, GroupsForm, Node, Step},
    excerpt::{Excerpt, LISTED},
    object::ObjectRef,
    state::Tone,
};

pub const OWN: Own = Own {
    form: Some(("/rpc/save_groups", |_, _| GroupsForm::default().into())),
    content: |drawn| fields(drawn).into_any(),
    beside: None,
};

fn fields(drawn: &Drawn) -> impl IntoView + use<> {
    let (setup, filled) = (&drawn.setup, drawn.filled.clone());
    let known = setup.is_known();
    let desired = setup.desired.clone();
    let id = setup.view.cluster.id;
    let seen = setup.view.sighting.seen.as_ref().map(|(_, snapshot, _)| snapshot);
    let states = desired.listeners().filter_map(|listener| {
        let group = seen?.find(&ObjectRef::group(&listener.group))?;
        let word = group.state.clone()?;
        let count = seen?.members(&listener.group).count();
        Some((word.tone(), word.0, format!("{}: {count} members", listener.group)))
    });
    let now: Vec<(Tone, String, String)> = states.collect();
    // Whose number is missing stands first: without it there is no plan.
    let all: Vec<Node> = desired.nodes.clone();
    let lacks = |node: &Node| if node.id.is_none() { Tone::Warn } else { Tone::Good }.into();
    let Excerpt { shown, rest } = Excerpt::of(all, LISTED, lacks);
    let rest = rest.more("node is a member in the same way", "nodes are members in the same way").map(|more| {
        view! {
            <p class="more">
                {more} ". " <a href=routes::members(id)>"All nodes and their members"</a>
            </p>
        }
    });
    let known_as = seen::snapshot(setup).map(|seen| seen.servers_at(shown.iter().map(|node| node.address)));
    let rows = shown.iter().map(|node| {
        // A server that has the address already is used under the name that it has.
        let server = known_as.as_ref().and_then(|names| names.get(&node.address));
        let server = server.map_or_else(|| node.name.clone(), |name| (*name).to_owned());
        view! {
            <tr>
                <th scope="row">{server}</th>
                <td>{node.address.to_string()}</td>
                <td class="number" data-label="Server ID">
                    {match node.id.clone() {
                        Some(id) => Either::Left(id),
                        None => Either::Right(view! { <span class="sub">"not known yet"</span> }),
                    }}
                </td>
            </tr>
        }
    });
    let rows = rows.collect_view();
    let ids_missing = desired.nodes.iter().any(|node| node.id.is_none());
    view! {
        <Now title="On the appliance now" lines=now known=known />
        <Names filled mdm=desired.mdm.is_some() mam=desired.mam.is_some() />
        <h2>"Members"</h2>
        <p class="sub">
            "Every node is a member of all three groups: on 443 and 8443 for MDM, on 8443 for MAM. The MAM member carries the node ID as its server ID."
        </p>
        <Table headings=vec!["Server", "Address", "#Server ID"] cards=true>{rows}</Table>
        {rest}
        {ids_missing
            .then(|| {
                view! {
                    <p>
                        "A node ID is missing. "
                        <a href=routes::step(id, Step::Nodes)>"Read it in the Nodes step"</a>
                        "; without it no plan can be applied."
                    </p>
                }
            })}
    }
}

#[component]
fn Names(filled: Filled, mdm: bool, mam: bool) -> impl IntoView {
    let hint = "SSL_BRIDGE: TLS goes through to the node.";
    view! {
        {mdm
            .then(|| {
                view! {
                    <div class="columns">
                        <Text filled=filled.clone() name="mdm_443" label="MDM group on 443" hint />
                        <Text filled=filled.clone() name="mdm_8443" label="MDM group on 8443" hint />
                    </div>
                }
            })}
        {mam
            .then(|| {
                view! {
                    <Text
                        filled=filled.clone()
                        name="mam_8443"
                        label="MAM group on 8443"
                        hint="SSL: the NetScaler opens TLS to the node itself."
                    />
                }
            })}
        {(!mdm && !mam)
            .then(|| {
                view! { <Note sentence=format!("There is no group to name before the virtual servers on {ENROLMENT_PORT} and 8443 are described.") /> }
            })}
    }
}
