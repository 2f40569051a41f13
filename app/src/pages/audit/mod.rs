//! The log: what happened, by acts, what happened last on top, and each record whole.

mod acts;
mod filters;
mod list;
mod show;

pub use list::{List, LogPanel};
use model::{record::Outcome, state::Tone};
pub use show::Show;

const fn tone(outcome: Outcome) -> Tone {
    match outcome {
        Outcome::Succeeded => Tone::Good,
        Outcome::Failed => Tone::Bad,
        Outcome::Refused | Outcome::HereOnly => Tone::Warn,
        Outcome::InDoubt => Tone::Unknown,
    }
}
