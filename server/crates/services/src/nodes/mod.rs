//! XMS nodes: their accounts and keys, what each of them says, and the looks that find it out.
//!
//! No secret goes to a node whose key nobody accepted (or, for REST, whose certificate this machine's authorities do not
//! vouch for), and a node whose key changed is not logged in to. To add a fact: its place in `model::node::NodeFacts`,
//! its reading in the door's file here.

mod access;
mod doors;
mod ids;
mod keys;
mod observe;
mod open;
mod page;
mod pool;
mod rest;
mod shown;
mod ssh;
mod target;
mod trouble;
mod view;

use crate::{ground::Ground, watch::Watch};
pub use access::AccessView;
use doors::Doors;
pub(crate) use doors::Share;
pub(crate) use pool::{NodePool, about};
use std::sync::Arc;
pub(crate) use target::Target;
pub use view::{NodeView, NodesView};

/// The nodes of clusters, for people and for the timetable.
#[derive(Clone)]
pub struct Nodes {
    ground: Arc<Ground>,
    pool: Arc<NodePool>,
    doors: Doors,
    watch: Watch,
}

impl Nodes {
    pub(crate) fn new(ground: &Arc<Ground>, pool: &Arc<NodePool>, watch: &Watch) -> Self {
        let doors = Doors { ground: ground.clone(), pool: pool.clone() };
        Self { ground: ground.clone(), pool: pool.clone(), doors, watch: watch.clone() }
    }
}
