//! The set-up: an overview, and a page for each step with its reason, what is there now, its form, and its twins.
//! To add a step: a variant of `model::desired::Step`, a file here with its fields, a door in `rpc::setup`.

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
mod prerequisites;
mod proposal;
mod seen;

use super::{asked, filled, loaded, param, stored};
use crate::{routes, visitor::Hints};
pub use certificate::Certificate;
use drawn::Drawn;
use frame::Frame;
use leptos::prelude::*;
use leptos_router::hooks::use_params_map;
use model::{
    desired::{DnsForm, GatewayForm, GroupsForm, MamForm, MdmForm, NodesForm, Step},
    fields::Typed,
};
pub use overview::{Head, Overview, Steps, Versions};
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
        let fields = match step {
            Step::Prerequisites => prerequisites::content(&drawn).into_any(),
            Step::Nodes => nodes::fields(&drawn).into_any(),
            Step::Mdm => mdm::fields(&drawn).into_any(),
            Step::Mam => mam::fields(&drawn).into_any(),
            Step::Groups => groups::fields(&drawn).into_any(),
            Step::Gateway => gateway::fields(&drawn).into_any(),
            Step::Dns => dns::fields(&drawn).into_any(),
        };
        // Beside the form, because it has buttons of its own and forms do not nest.
        let beside = (step == Step::Nodes).then(|| nodes::beside(&drawn).into_any());
        view! {
            <Frame step drawn beside>
                {fields}
            </Frame>
        }
    })
}

/// What was saved last; where nothing was, what is proposed. In the demo that is what the lab has to offer.
fn form(step: Step, setup: &SetupView, hints: &Hints) -> Typed {
    let (desired, title) = (&setup.desired, &setup.view.cluster.title);
    let site = hints.site(&setup.view.cluster.fqdn);
    match step {
        Step::Prerequisites => Typed::default(),
        Step::Nodes => stored(&NodesForm::of(desired).unwrap_or_else(|| proposal::nodes(setup, site))),
        Step::Mdm => stored(&MdmForm::of(desired).unwrap_or_else(|| {
            let vip = proposal::address(setup, site, 0);
            MdmForm { vip, ..MdmForm::fresh(title) }
        })),
        Step::Mam => stored(&MamForm::of(desired).unwrap_or_else(|| {
            // The second of two, as long as the first one is not taken by the MDM step.
            let vip = proposal::address(setup, site, usize::from(desired.mdm.is_none()));
            let certificate = setup.fitting_certificate().unwrap_or_default();
            MamForm { vip, certificate, ..MamForm::fresh(title) }
        })),
        Step::Groups => stored(&GroupsForm::of(desired)),
        Step::Gateway => stored(&GatewayForm::of(desired).unwrap_or_else(|| proposal::gateway(setup))),
        Step::Dns => stored(&DnsForm::of(desired).unwrap_or_else(DnsForm::fresh)),
    }
}
