//! Planning as pure functions over data, and the executor over three ports.
//!
//! May depend on `model` and on nothing else of ours; no HTTP client, no runtime, no database. Inside [`mod@plan`],
//! [`wanted`] and [`mod@fingerprint`] nothing is async and nothing asks for the time or for chance: what they need,
//! they are given. The executor reaches the world through [`ports`] alone; `services::adapters` has the real ones,
//! `tests/it/fake` the ones for tests.
//!
//! To manage one more attribute: one line in `kinds/table.rs`. One more kind of object: a variant of
//! [`model::object::Kind`], its table in `kinds/table.rs`, its place in [`wanted`] and in `plan/surplus.rs`.

pub mod apply;
pub mod autoscale;
pub mod call;
pub mod checks;
pub mod cli;
pub mod cuts;
pub mod execute;
pub mod fingerprint;
pub mod kinds;
pub mod plan;
pub mod ports;
pub mod propose;
pub mod remains;
pub mod remedies;
pub mod switches;
pub mod undo;
pub mod wanted;

pub use checks::check;
pub use cuts::cuts;
pub use execute::{Mode, RunOutcome, batches, execute};
pub use fingerprint::{fingerprint, moved, undone};
pub use plan::{plan, plan_keeping, removal};
pub use ports::{Batched, Journal, JournalError, Observe, OpOutcome, Perform, PerformError, Reply};
pub use remains::remains;
pub use switches::switches;
pub use undo::undo;
