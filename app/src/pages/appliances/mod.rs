//! Appliances: the list, the form for a new one, one of them.

mod edit;
mod list;
mod new;
mod remove;
mod show;
mod way;

pub use edit::Edit;
pub use list::{ApplianceTable, List};
pub use new::{ANSWER, New};
pub use remove::Remove;
pub use show::{AppliancePanel, Show, Silence};

#[cfg(test)]
mod tests;
