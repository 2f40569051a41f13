//! What has to be there before anything is set up, by the last look.

use super::{Drawn, frame::Now};
use crate::ui::notice::Note;
use leptos::{either::Either, prelude::*};

pub fn content(drawn: &Drawn) -> impl IntoView + use<> {
    let setup = &drawn.setup;
    let lines = setup.prerequisites();
    if lines.is_empty() {
        return Either::Left(view! { <Note sentence="The appliance was not seen yet. Come back in a few seconds." /> });
    }
    Either::Right(view! {
        <Now title="By the last look" lines known=setup.is_known() />
        <section class="now">
            <h2>"To be seen to by hand"</h2>
            <ul>
                <li>"The nodes are installed and have joined (the Nodes step has the wizard's questions in order)."</li>
                <li>"All nodes take their time from the same NTP server: a difference of minutes breaks sessions and enrolment."</li>
                <li>"Port 80 is open between the nodes: the cluster's own messages go there."</li>
                <li>"Two addresses are free. The appliance knows its own; whether a foreign host has one, it cannot tell."</li>
                <li>"From outside, the cluster's name resolves to the MDM address."</li>
            </ul>
        </section>
    })
}
