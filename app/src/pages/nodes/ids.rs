//! Node IDs by each source, side by side, and what is odd about them.

use crate::{
    routes,
    ui::{badge::Badge, form::ButtonForm, table::Table, time::Ago},
};
use leptos::{either::Either, prelude::*};
use model::{
    At, ClusterId,
    node::{IdFact, NodeFacts, Source, agreement, id_remarks},
};

const HEADINGS: [&str; 6] = ["Node", "SSH", "Pasted", "Page", "Computed", "Together"];

/// One row a node, in the order given. Without `may_operate`, without the button.
#[component]
pub fn NodeIdTable(cluster: ClusterId, facts: Vec<NodeFacts>, now: At, may_operate: bool) -> impl IntoView {
    let remarks = id_remarks(&facts).into_iter().map(|remark| {
        let word = match remark.tone {
            model::state::Tone::Good => "all agree",
            model::state::Tone::Bad => "wrong",
            model::state::Tone::Warn => "odd",
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
    let rows = facts.into_iter().map(move |facts| {
        let (tone, word) = agreement(&facts);
        let cells = Source::ALL.map(|source| view! { <td>{cell(facts.id(source), now)}</td> });
        view! {
            <tr>
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
