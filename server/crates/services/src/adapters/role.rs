//! Which half of a pair an appliance says that it is.

use model::PairRole;
use nitro::resource::{HaNode, HaRole, Item};

pub fn role(word: &HaRole) -> PairRole {
    word.to_string().into()
}

/// Of the half that answered.
pub fn own_role(nodes: &[Item<HaNode>]) -> PairRole {
    nodes.iter().find(|node| node.is_self()).and_then(|node| node.state.as_ref()).map(role).unwrap_or_default()
}
