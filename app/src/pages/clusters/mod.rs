//! One cluster, and the form for a new one.

mod new;
pub mod panel;
mod show;

pub use new::New;
pub use show::Show;
