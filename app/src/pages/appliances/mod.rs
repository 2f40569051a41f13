//! Appliances: the list, the form for a new one, one of them.

mod list;
mod new;
mod show;

pub use list::{ApplianceTable, List};
pub use new::New;
pub use show::{AppliancePanel, Show};
