//! The first step: what is there already. It describes nothing.

use super::{Desired, StepAbout};

pub(super) const ABOUT: StepAbout = StepAbout {
    slug: "prerequisites",
    title: "Prerequisites",
    procedure: "Before step 1 of the procedure",
    why: "What has to be there before load balancing is set up. Nothing is changed here; the last look at the appliance says how things stand.",
    is_described: |_| false,
    part: |_| Desired::default(),
    left_out: None,
    needs: &[],
    until: "",
};
