//! Against a slip of the hand.

use crate::Failure;

/// The name of what is to be removed was typed.
pub(crate) fn confirmed(typed: &str, title: &str) -> Result<(), Failure> {
    if typed.trim().to_lowercase() == title.to_lowercase() {
        return Ok(());
    }
    Err(Failure::field("confirm", format!("Type the name “{title}” here, so that nothing is removed by a slip.")))
}
