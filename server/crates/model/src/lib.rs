//! The words of the field, as data: ids, forms and their validation, desired state, plans, runs, records.
//!
//! No I/O, no clock, no randomness; nothing of ours below it. Everything that a page shows or a form sends is defined
//! here, so that pages can show it and the engine can compute with it. To add a noun: one file, plain
//! serde types, its texts in functions beside the type.

pub mod act;
pub mod address;
pub mod appliance;
pub mod calls;
pub mod certificate;
pub mod certkey;
mod check_code;
pub mod clock;
pub mod cluster;
pub mod delay;
pub mod desired;
pub mod difference;
pub mod excerpt;
pub mod expected;
pub mod fields;
pub mod finding;
pub mod fleet;
pub mod freshness;
pub mod health;
pub mod ids;
pub mod inert;
pub mod listing;
pub mod log;
pub mod names;
pub mod near;
pub mod node;
pub mod noted;
pub mod object;
pub mod outage;
pub mod own_log;
pub mod pair;
pub mod pair_role;
pub mod passwords;
pub mod person;
pub mod plan;
pub mod read_error;
pub mod readiness;
pub mod record;
pub mod run;
#[cfg(test)]
mod samples;
pub mod secrets;
pub mod since;
pub mod snapshot;
pub mod standing;
pub mod state;
pub mod step_state;
pub mod stretch;
pub mod unread;
pub mod unreadable;
pub mod verdict;
pub mod words;

pub use clock::{At, Clock, Reckoning};
pub use fields::FieldErrors;
pub use freshness::Freshness;
pub use ids::{ActNo, ApplianceId, ClusterId, PersonId, PlanId, RecordId, VersionId};
pub use pair_role::PairRole;
