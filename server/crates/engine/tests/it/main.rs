//! Planning, executing and judging, over an appliance in memory.

#![expect(clippy::unwrap_used, clippy::expect_used, reason = "helpers of tests fail the test")]

mod batches;
mod checks;
mod common;
mod conflicts;
mod execution;
mod fake;
mod golden;
mod interruptions;
mod later;
mod plans;
mod properties;
mod switches;
mod undo;
