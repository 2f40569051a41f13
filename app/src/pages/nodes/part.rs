//! The part of a cluster's nodes that the nodes' page is about: all of few, of many the page that is asked for.

use super::facts::Clock;
use crate::{
    pages::listing::{Place, counts, fields, nothing, pager, remarks, search},
    routes,
};
use leptos::prelude::*;
use model::{
    ClusterId,
    excerpt::{LISTED, Weight},
    listing::{ListForm, Sheet},
    node::{Lists, NodeFacts, NodeKeys},
    state::Tone,
};
use services::{NodeView, NodesView};
use std::{net::Ipv4Addr, sync::Arc};

/// All nodes, and which of them are shown. Clones share everything.
#[derive(Clone)]
pub struct NodesPartView {
    pub view: Arc<NodesView>,
    /// What is known of all of them, in order.
    pub facts: Arc<Vec<NodeFacts>>,
    form: ListForm,
    sheet: Arc<Sheet<NodeView>>,
}

/// A node's keys in a word.
pub const fn keys_word(keys: &NodeKeys) -> (Tone, &'static str) {
    match (&keys.changed, &keys.accepted, &keys.offered) {
        (Some(_), ..) => (Tone::Bad, "key changed"),
        (None, Some(accepted), _) if accepted.keys.tls.is_none() || accepted.keys.ssh.is_none() => {
            (Tone::Warn, "one key accepted")
        }
        (None, Some(_), _) => (Tone::Good, "keys accepted"),
        (None, None, Some(_)) => (Tone::Warn, "to be compared"),
        (None, None, None) => (Tone::Quiet, "keys not fetched"),
    }
}

const fn word(tone: Tone) -> &'static str {
    match tone {
        Tone::Quiet => "not asked",
        tone => tone.word(),
    }
}

impl NodesPartView {
    pub fn of(view: NodesView, form: ListForm) -> Self {
        let facts = Arc::new(view.facts());
        let lists = Lists::of(&facts, view.interval);
        let weigh = |node: &NodeView| {
            let standing = lists.standing(node.node.address, view.now);
            (Weight::of([standing.tone, keys_word(&node.keys).0]), standing.word)
        };
        let mut nodes: Vec<(NodeView, Weight, String)> = (view.nodes.iter())
            .map(|node| {
                let (weight, word) = weigh(node);
                (node.clone(), weight, word)
            })
            .collect();
        if nodes.len() > LISTED {
            nodes.sort_by_key(|(_, weight, _)| weight.order());
        }
        let told = |(node, weight, word): &(NodeView, Weight, String)| {
            let words = [node.node.name.clone(), node.node.address.to_string(), word.clone()];
            let more = [keys_word(&node.keys).1.to_owned(), node.node.id.clone().unwrap_or_default()];
            (weight.tone(), words.into_iter().chain(more).collect::<Vec<_>>().join("\n"))
        };
        let Sheet { lines, all, fit, counts, page, pages, before, remarks } = Sheet::of(nodes, &form, LISTED, told);
        let lines = lines.into_iter().map(|(node, ..)| node).collect();
        let sheet = Arc::new(Sheet { lines, all, fit, counts, page, pages, before, remarks });
        Self { view: Arc::new(view), facts, form, sheet }
    }

    pub fn clock(&self) -> Clock {
        Clock::of(&self.view)
    }

    pub fn id(&self) -> ClusterId {
        self.view.cluster.id
    }

    /// How many nodes there are, shown or not.
    pub fn count(&self) -> usize {
        self.view.nodes.len()
    }

    pub fn shown(&self) -> &[NodeView] {
        &self.sheet.lines
    }

    pub fn addresses(&self) -> Vec<Ipv4Addr> {
        self.shown().iter().map(|node| node.node.address).collect()
    }

    pub fn shows(&self, address: Ipv4Addr) -> bool {
        self.shown().iter().any(|node| node.node.address == address)
    }

    fn has_filters(&self) -> bool {
        self.count() > LISTED || self.form.is_filter() || !self.sheet.remarks.is_empty()
    }

    fn place(&self) -> Place {
        Place { path: routes::nodes(self.id()), fields: fields(&self.form), one: "node", many: "nodes", word }
    }

    /// Stands beside the moving parts: nobody's typing is taken away by news.
    pub fn looked_for(&self) -> Option<impl IntoView + use<>> {
        self.has_filters().then(|| {
            view! {
                {remarks(&self.sheet)}
                {search(&self.place(), "Name, address, ID or state", None)}
            }
        })
    }

    pub fn counts(&self) -> Option<impl IntoView + use<>> {
        self.has_filters()
            .then(|| view! { {counts(&self.place(), &self.sheet, &self.form)} {nothing(&self.place(), &self.sheet)} })
    }

    pub fn pager(&self) -> Option<impl IntoView + use<>> {
        let pager = pager(&self.place(), &self.sheet)?;
        Some(
            view! { {pager} <p class="sub">"The keys and the node IDs below are those of the nodes on this page."</p> },
        )
    }
}
