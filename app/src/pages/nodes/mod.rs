//! The nodes of a cluster: accounts, keys, node IDs, and what each of them says.

mod access;
mod facts;
mod ids;
mod keys;
mod list;
mod panel;
mod part;
mod paste;
mod show;

pub use facts::Clock;
pub use ids::{NodeIdTable, NodeIdsPanel};
pub use list::List;
pub use panel::NodesPanel;
pub use part::NodesPartView;
pub use show::{NodeFindings, NodePanel, Show};
