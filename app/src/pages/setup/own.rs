//! What each step's page has of its own.

use super::drawn::Drawn;
use crate::visitor::SiteHints;
use leptos::prelude::*;
use model::desired::StepForm;
use services::SetupView;

/// What a step's page has of its own; `Frame` draws what all have.
pub struct Own {
    /// The door that its form goes to, and what it proposes where nothing was saved; `None`: there is nothing to fill in.
    pub form: Option<(&'static str, Propose)>,
    pub content: fn(&Drawn) -> AnyView,
    /// Beside the form, because it has buttons of its own and forms do not nest.
    pub beside: Option<fn(&Drawn) -> AnyView>,
}

pub type Propose = fn(&SetupView, Option<&SiteHints>) -> StepForm;
