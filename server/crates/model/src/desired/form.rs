//! What every step's form can do.

use super::{Desired, Step};
use crate::fields::FieldErrors;
use serde::{Serialize, de::DeserializeOwned};

/// A step as it was typed. Its fields are strings, by the names that they have on the page.
pub trait Form: Serialize + DeserializeOwned {
    const STEP: Step;

    /// The form that would make this desired state; `None` where the step was never saved.
    fn of(desired: &Desired) -> Option<Self>;

    /// `latest` with what was typed in this step. Only what the fields say for themselves is judged here.
    fn apply(&self, latest: &Desired) -> Result<Desired, FieldErrors>;
}
