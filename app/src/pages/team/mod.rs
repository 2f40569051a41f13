//! The team: everybody, a new person, one of them.

mod list;
mod new;
mod rights;
mod show;

pub use list::{List, TeamTable, load};
pub use new::New;
pub use show::Show;
