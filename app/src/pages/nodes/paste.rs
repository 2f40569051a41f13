//! The box for what the menu program printed, for sites without SSH.

use crate::{
    routes::NodesPart,
    ui::{
        field::{Area, Choice, Filled, Text},
        form::Token,
        notice::Problem,
    },
};
use leptos::{either::Either, prelude::*};
use model::{ClusterId, excerpt::LISTED};
use std::net::Ipv4Addr;

#[component]
pub fn Paste(cluster: ClusterId, nodes: Vec<Ipv4Addr>, filled: Filled) -> impl IntoView {
    // A list of a thousand is no choice: of so many the address is typed.
    let many = nodes.len() > LISTED;
    let mut options = vec![(String::new(), "The one whose address gives the ID".to_owned())];
    options.extend(nodes.into_iter().map(|address| (address.to_string(), address.to_string())));
    view! {
        <section id=NodesPart::Paste.anchor() class="part" tabindex="-1">
            <h2>"Paste a cluster status"</h2>
            <p class="lead">
                "Where SSH is closed: on the node's console choose Clustering, Show Cluster Status, and paste what it prints. It is read as if the node had been asked."
            </p>
            {filled.problem().map(|sentence| view! { <Problem sentence /> })}
            <form method="post" action="/rpc/paste_node_status" class="stack wide">
                <Token door="/rpc/paste_node_status" />
                <input type="hidden" name="cluster" value=cluster.to_string() />
                {if many {
                    let hint = "The node's address. Left empty: the one whose address gives the ID.";
                    Either::Left(view! { <Text filled=filled.clone() name="address" label="Printed on" hint /> })
                } else {
                    Either::Right(view! { <Choice filled=filled.clone() name="address" label="Printed on" options /> })
                }}
                <Area filled name="text" label="What it printed" rows=6 hint="From “Current Node ID” to the last member; the number alone will do." />
                <div class="actions">
                    <button type="submit" class="button">
                        "Read this text"
                    </button>
                </div>
            </form>
        </section>
    }
}
