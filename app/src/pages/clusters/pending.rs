//! What is described and not applied: said apart from what is wrong, because nothing is.

use crate::routes;
use leptos::prelude::*;
use model::{ClusterId, step_state::counted};

/// `2 changes are described and not applied`, with the way to them; nothing where there are none.
pub fn pending(id: ClusterId, count: usize) -> Option<impl IntoView + use<>> {
    (count > 0).then(|| {
        let (changes, are) = (counted(count, "change", "changes"), if count == 1 { "is" } else { "are" });
        view! {
            <p class="sub pending">
                {format!("{changes} {are} described and not applied: ")} <a href=routes::setup(id)>"set-up"</a>
            </p>
        }
    })
}
