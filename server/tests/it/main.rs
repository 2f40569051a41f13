//! The real binary, spoken to as a browser would; the lab runs in this process.

#![expect(clippy::unwrap_used, clippy::expect_used, reason = "helpers of tests fail the test")]

mod certificates;
mod gate;
mod hard_hands;
mod inputs;
mod kill;
mod live;
mod nodes;
mod people;
mod routes;
mod support;
mod switches;
mod walk;
