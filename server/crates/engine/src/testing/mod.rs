//! Doubles of the three ports, for tests here and in `services`: an appliance that can fail at its nth call in every
//! way, and a log in memory that can fail at its nth entry.

mod appliance;
mod edges;
mod journal;
mod lists;
mod store;

pub use appliance::{FakeAppliance, Fault, Lists, Sent};
pub use journal::{Entry, JournalFault, MemoryJournal};
pub use store::{Refusal, Row};
