//! The MDM step: what it is for, what is asked, what is proposed.

use super::{asked, filled, loaded, param, stored};
use crate::{
    routes,
    ui::{
        field::{Area, Choice, Text},
        form::Token,
        layout::Page,
        notice::{Note, Problem},
    },
    visitor::Hints,
};
use leptos::prelude::*;
use model::desired::Persistence;
use services::MdmStep;

#[component]
pub fn Mdm() -> impl IntoView {
    let (asked, id) = (asked(), param("id", "such cluster"));
    let may_operate = asked.as_ref().is_ok_and(|(_, cx)| cx.role().may_operate());
    let hints = use_context::<Hints>().unwrap_or_default();
    let load = async move {
        let ((services, cx), id) = (asked?, id?);
        let mut step = services.mdm_step(&cx, id).await?;
        if step.version.is_none() {
            propose(&mut step, &hints);
        }
        let filled = filled(&routes::mdm_form(id), stored(&step.form)).await?;
        Ok((step, filled))
    };
    loaded(load, move |(step, filled)| {
        let id = step.cluster.id;
        let choices = [
            (Persistence::SourceIp, "SOURCEIP: by the device's address (recommended)"),
            (Persistence::SslSession, "SSLSESSION: by the TLS session, as the older wizard did"),
        ];
        view! {
            <Page title=format!("MDM step of {}", step.cluster.title)>
                <p class="crumbs">
                    <a href=routes::cluster(id)>{step.cluster.title.clone()}</a>
                </p>
                <h1>"MDM load balancing"</h1>
                <p class="lead">
                    "Devices enrol and check in through this address. The NetScaler passes their TLS through untouched to one of the nodes (SSL_BRIDGE), so it needs no certificate here."
                </p>
                {filled.problem().map(|sentence| view! { <Problem sentence /> })}
                {step
                    .version
                    .map(|number| {
                        view! { <Note sentence=format!("Shown is version {number} of the set-up. Saving changes nothing on the appliance; a plan does, once you apply it.") /> }
                    })}
                <form method="post" action="/rpc/save_mdm" class="stack wide">
                    <Token />
                    <input type="hidden" name="cluster" value=id.to_string() />
                    <div class="columns">
                        <Text
                            filled=filled.clone()
                            name="vip"
                            label="Virtual server address (VIP)"
                            hint="A free address in a network of the appliance; the public name resolves to it from outside."
                        />
                        <Text filled=filled.clone() name="port" label="Port" hint="443 for enrolment and check-in." />
                    </div>
                    <Area
                        filled=filled.clone()
                        name="nodes"
                        label="Nodes"
                        hint="One XMS node a line: its address, then a name for its server object if you want one."
                    />
                    <div class="columns">
                        <Choice
                            filled=filled.clone()
                            name="persistence"
                            label="Keep a device on its node"
                            hint="The vendor asks for SOURCEIP on clusters (CTX227406): since iOS 11 a device opens a new TLS session for each connection, and SSLSESSION loses it. Choose SSLSESSION only where many devices share one address."
                            options=choices.map(|(value, text)| (value.word().to_owned(), text.to_owned())).to_vec()
                        />
                        <Text
                            filled=filled.clone()
                            name="timeout"
                            label="For how many minutes"
                            hint="2 to 1440. Twenty outlasts an enrolment."
                        />
                    </div>
                    <div class="columns">
                        <Text
                            filled=filled.clone()
                            name="vserver"
                            label="Name of the virtual server"
                            hint="On the NetScaler. Letters, digits, underscore, dot, hyphen."
                        />
                        <Text filled=filled name="group" label="Name of the service group" hint="It holds one member per node." />
                    </div>
                    {may_operate
                        .then(|| {
                            view! {
                                <div class="actions">
                                    <button type="submit" name="intent" value="plan" class="button primary">
                                        "Save and plan"
                                    </button>
                                    <button type="submit" name="intent" value="save" class="button">
                                        "Save only"
                                    </button>
                                </div>
                            }
                        })}
                </form>
            </Page>
        }
    })
}

/// In the demo: the lab's free address and its nodes, so that one click shows something.
fn propose(step: &mut MdmStep, hints: &Hints) {
    if let Some(vip) = &hints.vip {
        step.form.vip.clone_from(vip);
    }
    if !hints.nodes.is_empty() {
        step.form.nodes = hints.nodes.join("\n");
    }
}
