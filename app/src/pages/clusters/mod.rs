//! One cluster, and the form for a new one.

mod findings;
mod new;
mod nodes;
pub mod panel;
mod picture;
mod show;
mod sight;
pub mod tables;
#[cfg(test)]
mod tests;

pub use new::New;
pub use show::{Plans, Show};
