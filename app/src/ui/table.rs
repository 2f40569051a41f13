//! Tables: headings, rows, and a frame that scrolls sideways by itself on a narrow screen.

use leptos::prelude::*;

/// `headings` in order; one that begins with `#` is a column of numbers. Children are the rows. With `cards` each row
/// becomes a card on a narrow screen, so that nothing is out of sight; a cell says there what it is by its `data-label`.
#[component]
pub fn Table(headings: Vec<&'static str>, #[prop(optional)] cards: bool, children: Children) -> impl IntoView {
    let headings = headings.into_iter().map(|text| {
        let number = text.starts_with('#');
        view! {
            <th scope="col" class=number.then_some("number")>
                {text.trim_start_matches('#')}
            </th>
        }
    });
    view! {
        <div class="scroll">
            <table class=cards.then_some("cards")>
                <thead>
                    <tr>{headings.collect_view()}</tr>
                </thead>
                <tbody>{children()}</tbody>
            </table>
        </div>
    }
}
