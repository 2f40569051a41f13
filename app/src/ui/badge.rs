//! State: always a word, an icon and a colour.

use leptos::prelude::*;
use model::{
    run::{OpState, RunStatus},
    state::Tone,
};

/// The icon's shape differs as well as its colour, so that it is told apart without seeing colours.
pub const fn tone_icon(tone: Tone) -> &'static str {
    match tone {
        Tone::Good => "●",
        Tone::Bad => "▲",
        Tone::Warn => "◆",
        Tone::Quiet => "○",
        Tone::Unknown => "?",
    }
}

/// As `data-tone` says it.
pub const fn tone_name(tone: Tone) -> &'static str {
    tone.code()
}

/// Any word with its tone.
#[component]
pub fn Badge(tone: Tone, #[prop(into)] word: String) -> impl IntoView {
    view! {
        <span class="badge" data-tone=tone_name(tone)>
            <span class="badge-icon" aria-hidden="true">
                {tone_icon(tone)}
            </span>
            <span>{word}</span>
        </span>
    }
}

pub const fn op_tone(state: OpState) -> Tone {
    match state {
        OpState::Planned => Tone::Quiet,
        OpState::Sent => Tone::Warn,
        OpState::Confirmed => Tone::Good,
        OpState::Failed => Tone::Bad,
        OpState::InDoubt => Tone::Unknown,
    }
}

pub const fn run_tone(status: RunStatus) -> Tone {
    match status {
        RunStatus::Running | RunStatus::HereOnly => Tone::Warn,
        RunStatus::Succeeded => Tone::Good,
        RunStatus::Failed => Tone::Bad,
        RunStatus::Interrupted => Tone::Unknown,
    }
}
