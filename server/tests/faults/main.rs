//! The table of all fault switches of the lab: each makes the verdict anything but green within two looks, the finding
//! names the cause, nothing else goes red that is not a consequence, and when it is lifted all is green again within two
//! looks. What is asserted is what people see: cluster page, home page, title and icon are drawn by the pages' own
//! components.

#![expect(clippy::unwrap_used, reason = "helpers of tests fail the test")]

mod appliance;
#[path = "../../crates/services/tests/it/bench.rs"]
mod bench;
mod clocks;
mod judged;
mod nodes;
mod pages;
mod pairs;
#[path = "../../crates/services/tests/it/support.rs"]
#[expect(dead_code, reason = "the tests of services, whose ground this is, use more of it")]
mod support;
mod unknown;
mod walk;
