//! The Nodes step: which nodes there are, and beside it what they say of themselves.

use super::{drawn::Drawn, own::Own, proposal};
use crate::{
    pages::nodes::{Clock, NodeIdTable},
    routes,
    ui::{field::Area, form::ButtonForm},
};
use leptos::prelude::*;
use model::{
    excerpt::{Excerpt, LISTED},
    node::{NodeFacts, agreement},
};
use std::sync::Arc;

pub const OWN: Own = Own {
    form: Some(("/rpc/save_nodes", |setup, site| proposal::nodes(setup, site).into())),
    content: |drawn| fields(drawn).into_any(),
    beside: Some(|drawn| beside(drawn).into_any()),
};

fn fields(drawn: &Drawn) -> impl IntoView + use<> {
    // As many as there are, while they fit a screen.
    let rows = u32::try_from(drawn.setup.desired.nodes.len() + 1).unwrap_or(u32::MAX).clamp(5, 25);
    view! {
        <Area
            filled=drawn.filled.clone()
            name="nodes"
            label="Nodes"
            rows=rows
            hint="One XMS node a line: its address, a name for its server object if you want one, and its node ID, for example “192.0.2.11 xms01 3221225995”. Where you do not know the IDs yet, leave them out, save, and read them from the nodes."
        />
    }
}

/// Node IDs by each source, and the way from there into the form.
fn beside(drawn: &Drawn) -> impl IntoView + use<> {
    let setup = &drawn.setup;
    let (id, sighting) = (setup.view.cluster.id, &setup.view.sighting);
    let clock = Clock { now: sighting.now, interval: sighting.interval };
    let nodes = &setup.desired.nodes;
    let saved = !nodes.is_empty();
    let both = nodes.iter().zip(&drawn.nodes);
    let news = both.filter(|(node, facts)| facts.reports_news(node.id.as_deref(), clock.now, clock.interval));
    let news = news.count();
    let facts = Arc::new(drawn.nodes.clone());
    let told = |facts: &&NodeFacts| agreement(facts, clock.now, clock.interval).0.into();
    let Excerpt { shown, rest } = Excerpt::of(drawn.nodes.iter().collect(), LISTED, told);
    let shown: Vec<_> = shown.into_iter().map(|facts| facts.address).collect();
    let rest = rest.sentence("node", "nodes", "agreeing").map(|sentence| {
        view! {
            <p class="more">
                {sentence} " " <a href=routes::nodes(id)>"All nodes"</a>
            </p>
        }
    });
    let take = (drawn.may_operate && news > 0).then(|| {
        let fields = vec![("cluster", id.to_string())];
        view! {
            <ButtonForm
                action="/rpc/take_node_ids"
                label=format!("Use what the nodes report ({news} new)")
                class="button primary"
                fields
            />
        }
    });
    saved.then(|| {
        view! {
            <section class="beside">
                <h2>"Node IDs"</h2>
                <p>
                    "The procedure reads them in each node's menu or on its Cluster Information page. Here they are read and taken on one page: "
                    <a href=routes::nodes_part(id, routes::NodesPart::Accounts)>"accounts, keys, node IDs"</a>
                    "."
                </p>
                <NodeIdTable cluster=id facts clock shown />
                {rest}
                <div class="actions">
                    {take} <a class="button" href=routes::nodes_part(id, routes::NodesPart::Accounts)>
                        "Read them from the nodes"
                    </a>
                </div>
                <p class="sub">
                    "A new node's first-time-use wizard has its own "
                    {nodes
                        .first()
                        .map(|node| view! { <a href=routes::node(id, node.address)>"checklist, with the answers to type"</a> })} "."
                </p>
            </section>
        }
    })
}
