//! The log: what happened, by acts, what happened last on top, and each record whole.

mod acts;
mod filters;
mod list;
mod show;

pub use list::{List, LogPanel};
pub use show::Show;

use model::{record::Outcome, state::Tone};

const fn tone(outcome: Outcome) -> Tone {
    match outcome {
        Outcome::Succeeded => Tone::Good,
        Outcome::Failed => Tone::Bad,
        Outcome::Refused | Outcome::HereOnly => Tone::Warn,
        Outcome::InDoubt => Tone::Unknown,
    }
}
