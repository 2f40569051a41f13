//! The log: what happened, newest first, and each record whole.

mod filters;
mod list;
mod show;

pub use list::{List, LogPanel};
pub use show::Show;

use crate::{
    routes,
    ui::{badge::Badge, time::Time},
};
use leptos::prelude::*;
use model::{
    record::{Outcome, Record},
    state::Tone,
};

const HEADINGS: [&str; 5] = ["#Record", "Time", "Who", "What", "Outcome"];

const fn tone(outcome: Outcome) -> Tone {
    match outcome {
        Outcome::Succeeded => Tone::Good,
        Outcome::Failed => Tone::Bad,
        Outcome::Refused | Outcome::HereOnly => Tone::Warn,
        Outcome::InDoubt => Tone::Unknown,
    }
}

#[component]
fn Row(record: Record) -> impl IntoView {
    let entry = record.entry;
    view! {
        <tr data-key=record.id.to_string()>
            <td class="number">
                <a href=routes::record(record.id)>{record.id.to_string()}</a>
            </td>
            <td>
                <Time at=entry.at />
            </td>
            <td>{entry.actor.name}</td>
            <td class="wide">
                {entry.summary} <div class="sub">{entry.kind.text()}</div>
            </td>
            <td>{entry.outcome.map(|outcome| view! { <Badge tone=tone(outcome) word=outcome.word() /> })}</td>
        </tr>
    }
}
