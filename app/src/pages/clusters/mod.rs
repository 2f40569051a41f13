//! One cluster; the forms for a new one, for editing one, and for its removal.

pub mod checks;
mod edit;
pub mod findings;
pub mod history;
pub mod members;
mod new;
mod nodes;
pub mod panel;
mod part;
pub mod pending;
mod picture;
mod remedies;
mod remove;
mod show;
mod sight;
pub mod tables;
#[cfg(test)]
mod tests;

pub use checks::Checks;
pub use edit::Edit;
pub use history::History;
pub use members::Members;
pub use new::New;
pub use remove::Remove;
pub use show::{Plans, Show};
