//! Use cases over a lab whose time moves by hand.

#![expect(clippy::unwrap_used, reason = "helpers of tests fail the test")]

mod bulk;
mod clock;
mod credentials;
mod drafts;
mod editing;
mod export;
mod faults;
mod first_hour;
mod gate;
mod hard_hands;
mod later;
mod neighbours;
mod nodes;
mod pairs;
mod planning;
mod procedure;
mod releases;
mod scopes;
mod storms;
mod support;
mod switching;
mod team;
mod watching;
