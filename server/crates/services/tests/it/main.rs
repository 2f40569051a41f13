//! Use cases over a lab whose time moves by hand.

#![expect(clippy::unwrap_used, reason = "helpers of tests fail the test")]

mod bulk;
mod clock;
mod credentials;
mod delays;
mod drafts;
mod editing;
mod export;
mod faults;
mod first_hour;
mod gate;
mod guests;
mod neighbours;
mod nodes;
mod pairs;
mod planning;
mod procedure;
mod refusals;
mod releases;
mod scopes;
mod support;
mod switching;
mod team;
mod watching;
