//! The set-up: an overview, and a page for each step with its reason, what is there now, its form, and its twins.
//! To add a step: a variant of `model::desired::Step`, a file here with its [`Own`], a door in `rpc::setup`.

mod certificate;
mod dns;
mod drawn;
mod frame;
mod gateway;
mod groups;
mod mam;
mod mdm;
mod nodes;
mod now;
mod overview;
mod own;
mod prerequisites;
mod proposal;
mod seen;

use super::{asked, filled, loaded, param};
use crate::{routes, visitor::Hints};
pub use certificate::Certificate;
use drawn::Drawn;
use frame::Frame;
use leptos::prelude::*;
use leptos_router::hooks::use_params_map;
use model::{
    desired::{Step, StepForm},
    fields::Typed,
};
pub use overview::{Head, Overview, Steps, Versions};
use own::Own;
use services::{Failure, SetupView};

#[component]
pub fn StepPage() -> impl IntoView {
    let (asked, id) = (asked(), param("id", "such cluster"));
    let slug = use_params_map().try_get_untracked().and_then(|params| params.get("step")).unwrap_or_default();
    let may_operate = asked.as_ref().is_ok_and(|(_, cx)| cx.role().may_operate());
    let hints = use_context::<Hints>().unwrap_or_default();
    let load = async move {
        let ((services, cx), id) = (asked?, id?);
        let step = Step::from_slug(&slug).ok_or(Failure::NotFound("such step of the set-up"))?;
        let setup = services.setup().show(&cx, id).await?;
        let filled = filled(&routes::step_form(id, step), form(step, &setup, &hints)).await?;
        let nodes = if step == Step::Nodes { services.nodes().facts(&cx, id).await? } else { Vec::new() };
        let is_fresh = !step.is_described(&setup.desired);
        Ok((step, Drawn { setup, nodes, filled, is_fresh, may_operate }))
    };
    loaded(load, |(step, drawn)| {
        let own = own(step);
        let (content, beside) = ((own.content)(&drawn), own.beside.map(|beside| beside(&drawn)));
        view! {
            <Frame step drawn door=own.form.map(|(door, _)| door) beside>
                {content}
            </Frame>
        }
    })
}

const fn own(step: Step) -> Own {
    match step {
        Step::Prerequisites => prerequisites::OWN,
        Step::Nodes => nodes::OWN,
        Step::Mdm => mdm::OWN,
        Step::Mam => mam::OWN,
        Step::Groups => groups::OWN,
        Step::Gateway => gateway::OWN,
        Step::Dns => dns::OWN,
    }
}

/// What was saved last; where nothing was, what is proposed. In the demo that is what the lab has to offer.
fn form(step: Step, setup: &SetupView, hints: &Hints) -> Typed {
    let Some((_, propose)) = own(step).form else { return Typed::default() };
    let saved = StepForm::of(step, &setup.desired);
    let form = saved.unwrap_or_else(|| propose(setup, hints.site(&setup.view.cluster.fqdn)));
    Typed { values: form.fields(), ..Typed::default() }
}
