//! The real binary, spoken to as a browser would; the lab runs in this process.

#![expect(clippy::unwrap_used, clippy::expect_used, reason = "helpers of tests fail the test")]

mod certificates;
mod copies;
mod form_tokens;
mod gate;
mod guests;
mod hard_hands;
mod here;
mod hostile;
mod inputs;
mod kill;
#[path = "../../crates/services/tests/it/lab_clock.rs"]
#[expect(dead_code, reason = "the tests of services, whose clock this is, use more of it")]
mod lab_clock;
mod live;
mod nodes;
mod outage;
mod people;
mod routes;
mod scan;
mod sizes;
mod strangers;
#[cfg(unix)]
mod sub_commands;
mod support;
mod switches;
mod times;
mod walk;
mod weight;
mod wire;
