//! Use cases over a lab whose time moves by hand.

#![expect(clippy::unwrap_used, reason = "helpers of tests fail the test")]

mod acting;
mod bench;
mod bulk;
mod callers;
mod clock;
mod contradictions;
mod credentials;
mod crowded;
mod database;
mod delays;
mod drafts;
mod editing;
mod export;
mod first_hour;
mod foreign;
mod gate;
mod guests;
mod halves;
mod hard_hands;
mod history;
mod honest;
mod later;
mod neighbours;
mod nodes;
mod outage;
mod pairs;
mod planning;
mod procedure;
mod refusals;
mod releases;
mod scopes;
mod since;
mod storms;
mod support;
mod switching;
mod team;
mod times;
mod unreadable;
mod watching;
