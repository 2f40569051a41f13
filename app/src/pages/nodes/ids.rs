//! Node IDs by each source, side by side, and what is odd about them.

use crate::{
    routes,
    ui::{badge::Badge, form::ButtonForm, table::Table, time::Ago},
};
use leptos::{either::Either, prelude::*};
use model::{
    At, ClusterId,
    node::{IdFact, NodeFacts, Source, agreement, id_remarks},
    state::Tone,
};
use std::net::Ipv4Addr;

const HEADINGS: [&str; 6] = ["Node", "SSH", "Pasted", "Page", "Computed", "Together"];

/// One row a node, in the order given; with `only`, that node's row and what is odd about it, be it with another. Without
/// `may_operate`, without the button.
#[component]
pub fn NodeIdTable(
    cluster: ClusterId,
    facts: Vec<NodeFacts>,
    now: At,
    may_operate: bool,
    #[prop(optional)] only: Option<Ipv4Addr>,
) -> impl IntoView {
    let remarks = id_remarks(&facts).into_iter();
    let remarks = remarks.filter(|remark| only.is_none_or(|only| remark.nodes.contains(&only))).map(|remark| {
        let word = match remark.tone {
            Tone::Good => "all agree",
            Tone::Bad => "wrong",
            Tone::Warn => "odd",
            _ => "not confirmed",
        };
        view! {
            <li>
                <Badge tone=remark.tone word />
                " "
                {remark.sentence}
            </li>
        }
    });
    let remarks = remarks.collect_view();
    let any = !facts.is_empty();
    let facts = facts.into_iter().filter(move |facts| only.is_none_or(|only| facts.address == only));
    let rows = facts.map(move |facts| {
        let (tone, word) = agreement(&facts);
        let cells = Source::ALL.map(|source| view! { <td>{cell(facts.id(source), now)}</td> });
        view! {
            <tr data-key=facts.address.to_string()>
                <th scope="row">
                    <a href=routes::node(cluster, facts.address)>{facts.address.to_string()}</a>
                </th>
                {cells.into_iter().collect_view()}
                <td>
                    <Badge tone word />
                </td>
            </tr>
        }
    });
    view! {
        <div class="node-ids">
            <Table headings=HEADINGS.to_vec()>{rows.collect_view()}</Table>
            <ul class="remarks">{remarks}</ul>
            {(may_operate && any)
                .then(|| {
                    let fields = vec![("cluster", cluster.to_string())];
                    view! { <ButtonForm action="/rpc/read_node_ids" label="Read node IDs" class="button primary" fields /> }
                })}
        </div>
    }
}

fn cell(fact: Option<&IdFact>, now: At) -> impl IntoView + use<> {
    let Some(fact) = fact.cloned() else { return Either::Left(view! { <span class="sub">"not read"</span> }) };
    let verified = fact.is_verified();
    Either::Right(view! {
        <code class="number">{fact.id}</code>
        {fact.at.map(|at| view! { <span class="sub">" " <Ago at now /></span> })}
        {(!verified).then(|| view! { <span class="sub" title=fact.doubt>" unverified"</span> })}
    })
}
