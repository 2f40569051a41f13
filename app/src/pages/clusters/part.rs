//! The frame of a page that shows one part of a cluster in full.

use crate::{pages::layout::Page, routes};
use leptos::prelude::*;
use model::cluster::Cluster;

/// `heading` is also the window's title; above it stands the way back to the cluster.
#[component]
pub fn Part(cluster: Cluster, heading: String, children: Children) -> impl IntoView {
    view! {
        <Page title=heading.clone()>
            <p class="crumbs">
                <a href=routes::cluster(cluster.id)>{cluster.title}</a>
            </p>
            <h1>{heading}</h1>
            {children()}
        </Page>
    }
}
