//! One cluster; the forms for a new one, for editing one, and for its removal.

mod edit;
pub mod findings;
mod new;
mod nodes;
pub mod panel;
pub mod pending;
mod picture;
mod remedies;
mod remove;
mod show;
mod sight;
pub mod tables;
#[cfg(test)]
mod tests;

pub use edit::Edit;
pub use new::New;
pub use remove::Remove;
pub use show::{Plans, Show};
