//! The nodes of a cluster: accounts, keys, node IDs, and what each of them says.

mod access;
mod facts;
mod ids;
mod keys;
mod list;
mod panel;
mod paste;
mod show;

pub use facts::Clock;
pub use ids::{NodeIdTable, NodeIdsPanel};
pub use list::List;
pub use panel::NodesPanel;
pub use show::{NodeFindings, NodePanel, Show};

/// A part of the nodes' page that a button leads back to: its result is seen there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NodesPart {
    Accounts,
    Keys,
    Ids,
    Paste,
}

impl NodesPart {
    pub const fn anchor(self) -> &'static str {
        match self {
            Self::Accounts => "accounts",
            Self::Keys => "keys",
            Self::Ids => "ids",
            Self::Paste => "paste",
        }
    }
}
