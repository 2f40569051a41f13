//! What a step's page draws, and its form as it stands there.

use crate::ui::field::Filled;
use model::{desired::Step, node::NodeFacts};
use services::{SetupView, StepForm};
use std::collections::BTreeMap;

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
    fn read<F: serde::de::DeserializeOwned>(values: &BTreeMap<String, String>) -> Option<F> {
        serde_json::to_value(values).and_then(serde_json::from_value).ok()
    }
    let mut values = filled.stored.values.clone();
    values.extend(filled.kept.values.clone());
    Some(match step {
        Step::Prerequisites => return None,
        Step::Nodes => StepForm::Nodes(read(&values)?),
        Step::Mdm => StepForm::Mdm(read(&values)?),
        Step::Mam => StepForm::Mam(read(&values)?),
        Step::Groups => StepForm::Groups(read(&values)?),
        Step::Gateway => StepForm::Gateway(read(&values)?),
        Step::Dns => StepForm::Dns(read(&values)?),
    })
}
