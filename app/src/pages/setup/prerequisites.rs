//! What has to be there before anything is set up, by the last look.

use super::{drawn::Drawn, now::Now, own::Own};
use crate::ui::notice::Note;
use leptos::{either::Either, prelude::*};
use model::node::groundwork;
use services::SetupView;

pub const OWN: Own = Own { form: None, content: |drawn| content(drawn).into_any(), beside: None };

fn content(drawn: &Drawn) -> impl IntoView + use<> {
    let setup = &drawn.setup;
    let lines = setup.prerequisites();
    if lines.is_empty() {
        return Either::Left(view! { <Note sentence="The appliance was not seen yet. Come back in a few seconds." /> });
    }
    Either::Right(view! {
        <Now title="By the last look" lines known=setup.is_known() />
        <ByTheNodes setup=setup.clone() />
        <section class="now">
            <h2>"To be seen to by hand"</h2>
            <ul>
                <li>"Two addresses are free. The appliance knows its own; whether a foreign host has one, it cannot tell."</li>
                <li>"From outside, the cluster's name resolves to the MDM address."</li>
            </ul>
        </section>
    })
}

/// What the nodes have shown themselves; before they are described, what there will be to show.
#[component]
fn ByTheNodes(setup: SetupView) -> impl IntoView {
    let sighting = &setup.view.sighting;
    let ground = groundwork(&setup.view.nodes, sighting.now, sighting.interval);
    if ground.is_empty() {
        return Either::Left(view! {
            <section class="now">
                <h2>"By the nodes themselves"</h2>
                <p class="sub">
                    "That they have joined each other over port 80, and that their clocks agree, is read from them as soon as the Nodes step says which they are."
                </p>
            </section>
        });
    }
    let lines = ground.into_iter().map(|ground| (ground.tone, ground.word.to_owned(), ground.sentence)).collect();
    Either::Right(view! { <Now title="By the nodes themselves" lines known=true /> })
}
