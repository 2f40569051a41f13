//! The real binary, spoken to as a browser would; the lab runs in this process.

#![expect(clippy::unwrap_used, clippy::expect_used, reason = "helpers of tests fail the test")]

mod certificates;
mod form_tokens;
mod gate;
mod guests;
mod hard_hands;
mod hostile;
mod inputs;
mod kill;
mod live;
mod nodes;
mod people;
mod routes;
mod scan;
mod sizes;
mod strangers;
mod support;
mod switches;
mod walk;
mod wire;
