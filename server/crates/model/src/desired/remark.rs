//! What is said beside the fields of a step.

use super::Step;

/// A sentence beside a field of a step's form. The empty field means the form as a whole.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StepRemark {
    pub step: Step,
    pub field: String,
    pub sentence: String,
}

impl StepRemark {
    pub fn new(step: Step, field: impl Into<String>, sentence: impl Into<String>) -> Self {
        Self { step, field: field.into(), sentence: sentence.into() }
    }
}
