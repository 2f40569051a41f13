//! Doubles of the three ports: an appliance that can fail at its nth call in every way, and a log in
//! memory that can fail at its nth entry.

mod appliance;
mod edges;
mod journal;
mod lists;
mod store;

pub use appliance::{FakeAppliance, Fault, Lists};
pub use journal::{Entry, JournalFault, MemoryJournal, told};
