//! Tables: headings, rows, and a frame that scrolls sideways by itself on a narrow screen.

use leptos::prelude::*;

/// `headings` in order; one that begins with `#` is a column of numbers. Children are the rows.
#[component]
pub fn Table(headings: Vec<&'static str>, children: Children) -> impl IntoView {
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
            <table>
                <thead>
                    <tr>{headings.collect_view()}</tr>
                </thead>
                <tbody>{children()}</tbody>
            </table>
        </div>
    }
}
