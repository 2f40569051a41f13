//! What a step's page draws, and its form as it stands there.

use crate::ui::field::Filled;
use model::{
    desired::{Step, StepForm},
    node::NodeFacts,
};
use services::SetupView;

/// What a step's page needs to draw itself.
#[derive(Clone)]
pub struct Drawn {
    pub setup: SetupView,
    /// What is known of the nodes that were saved, in their order.
    pub nodes: Vec<NodeFacts>,
    pub filled: Filled,
    /// Nothing was saved in this step.
    pub is_fresh: bool,
    pub may_operate: bool,
}

impl Drawn {
    /// Whether the address in the form is nobody's yet, but a proposal of ours.
    pub fn proposes_address(&self) -> bool {
        self.filled.kept.value("vip").is_none() && self.is_fresh && !self.filled.value("vip").is_empty()
    }
}

/// The form as it stands on the page: what was typed, else what is stored, else what is proposed.
pub fn typed(step: Step, filled: &Filled) -> Option<StepForm> {
    let mut values = filled.stored.values.clone();
    values.extend(filled.kept.values.clone());
    StepForm::read(step, &values)
}
