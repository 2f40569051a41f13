//! The Nodes step's fields.

use super::Drawn;
use crate::ui::field::Area;
use leptos::prelude::*;

pub fn fields(drawn: &Drawn) -> impl IntoView + use<> {
    let filled = drawn.filled.clone();
    let expected: Vec<String> = drawn
        .setup
        .desired
        .nodes
        .iter()
        .filter(|node| node.id.is_none())
        .map(|node| format!("{} would have {}", node.address, node.address.to_bits()))
        .collect();
    let any = !expected.is_empty();
    view! {
        <Area
            filled
            name="nodes"
            label="Nodes"
            rows=5
            hint="One XMS node a line: its address, a name for its server object if you want one, and its node ID, for example “10.20.30.11 xms01 169090571”."
        />
        {any
            .then(|| {
                view! {
                    <p class="sub">
                        "Where a node ID is missing: by the rule that was observed (the address as one number; not documented by the vendor), "
                        {expected.join(", ")} ". Read it from the node before relying on it."
                    </p>
                }
            })}
    }
}
