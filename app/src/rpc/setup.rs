//! The set-up steps. Each form has up to three buttons: `intent` is `next` (save and go on to the next step), `plan`
//! (save and plan) or `save`.

#![expect(clippy::too_many_arguments, reason = "a form's fields arrive one by one")]
#![expect(clippy::similar_names, reason = "MDM and MAM are the field's own words")]

use super::{Finished, Submission, writer};
use crate::{
    error::AppError,
    routes::{self, NodesPart},
};
use leptos::prelude::*;
use model::{
    ClusterId,
    desired::{DnsForm, GatewayForm, GroupsForm, MamForm, MdmForm, NodesForm, Step, StepForm},
    fields::Typed,
};
use services::{Failure, Services, WriteCx};

/// What every step's form sends beside its own fields.
struct Sent {
    token: String,
    cluster: i64,
    /// Version of the set-up that the form showed.
    version: Option<i64>,
    intent: String,
}

impl Sent {
    /// Saves the step and leads on.
    fn save(self, form: impl Into<StepForm>) -> Result<Finished, AppError> {
        let (id, form) = (ClusterId(self.cluster), form.into());
        let (step, typed) = (form.step(), form.fields());
        let submission = Submission::new(routes::step_form(id, step), self.token, routes::step(id, step), &typed)?;
        let cx = writer()?;
        let services = submission.services.clone();
        Ok(submission.finish(async move {
            services.setup().save_step(&cx, id, &form, self.version).await?;
            match (self.intent.as_str(), step.next()) {
                ("plan", _) => planned(&services, &cx, id).await,
                ("next", Some(next)) => onward(&services, &cx, id, step, next).await,
                _ => Ok(routes::setup(id)),
            }
        }))
    }
}

/// To the next step; from the Nodes step first to where missing node IDs are read.
async fn onward(services: &Services, cx: &WriteCx, id: ClusterId, step: Step, next: Step) -> Result<String, Failure> {
    if step == Step::Nodes && services.setup().desired(cx, id).await?.nodes.iter().any(|node| node.id.is_none()) {
        return Ok(routes::nodes_part(id, NodesPart::Accounts));
    }
    Ok(routes::step(id, next))
}

/// The set-up is saved; why there is no plan is said on its overview, and no draft hides what others save now.
async fn planned(services: &Services, cx: &WriteCx, id: ClusterId) -> Result<String, Failure> {
    match services.plans().make(cx, id).await {
        Ok(plan) => Ok(routes::plan(id, plan)),
        Err(Failure::Refused(refusal)) => {
            services.forms().keep(cx, &routes::cluster_form(id), Typed::saying(refusal.sentence())).await?;
            Ok(routes::setup(id))
        }
        Err(failure) => Err(failure),
    }
}

#[server(prefix = "/rpc", endpoint = "save_nodes")]
pub async fn save_nodes(
    #[server(default)] token: String,
    #[server(default)] cluster: i64,
    #[server(default)] version: Option<i64>,
    #[server(default)] intent: String,
    #[server(default)] nodes: String,
) -> Result<(), AppError> {
    // A browser sends a text area's lines with carriage returns; kept as typed, compared without them.
    let form = NodesForm { nodes: nodes.replace("\r\n", "\n") };
    Sent { token, cluster, version, intent }.save(form)?.await
}

/// What the nodes reported of themselves becomes their ID in the set-up. `from` is `nodes` for the page where they were
/// read, which says the result; else the Nodes step does.
#[server(prefix = "/rpc", endpoint = "take_node_ids")]
pub async fn take_node_ids(
    #[server(default)] token: String,
    #[server(default)] cluster: i64,
    #[server(default)] from: String,
) -> Result<(), AppError> {
    let id = ClusterId(cluster);
    let (form, back) = if from == "nodes" {
        (routes::node_ids_form(id), routes::nodes_part(id, NodesPart::Ids))
    } else {
        (routes::step_form(id, Step::Nodes), routes::step(id, Step::Nodes))
    };
    let submission = Submission::new(form, token, back.clone(), &())?;
    let cx = writer()?;
    let services = submission.services.clone();
    submission.finish(async move { services.setup().take_node_ids(&cx, id).await.map(|()| back) }).await
}

/// A version of the set-up without this step.
#[server(prefix = "/rpc", endpoint = "leave_out")]
pub async fn leave_out(
    #[server(default)] token: String,
    #[server(default)] cluster: i64,
    #[server(default)] step: String,
    #[server(default)] version: Option<i64>,
) -> Result<(), AppError> {
    let id = ClusterId(cluster);
    let step = Step::from_slug(&step).unwrap_or(Step::Prerequisites);
    let submission = Submission::new(routes::step_form(id, step), token, routes::step(id, step), &())?;
    let cx = writer()?;
    let services = submission.services.clone();
    submission
        .finish(async move { services.setup().leave_out(&cx, id, step, version).await.map(|()| routes::setup(id)) })
        .await
}

/// A new version of the set-up with what an earlier one described.
#[server(prefix = "/rpc", endpoint = "back_to_version")]
pub async fn back_to_version(
    #[server(default)] token: String,
    #[server(default)] cluster: i64,
    #[server(default)] number: i64,
    #[server(default)] version: Option<i64>,
) -> Result<(), AppError> {
    let id = ClusterId(cluster);
    let submission = Submission::new(routes::cluster_form(id), token, routes::setup(id), &())?;
    let cx = writer()?;
    let services = submission.services.clone();
    submission
        .finish(
            async move { services.setup().back_to_version(&cx, id, number, version).await.map(|()| routes::setup(id)) },
        )
        .await
}

#[server(prefix = "/rpc", endpoint = "save_mdm")]
pub async fn save_mdm(
    #[server(default)] token: String,
    #[server(default)] cluster: i64,
    #[server(default)] version: Option<i64>,
    #[server(default)] intent: String,
    #[server(default)] vip: String,
    #[server(default)] persistence: String,
    #[server(default)] timeout: String,
    #[server(default)] vserver_443: String,
    #[server(default)] vserver_8443: String,
) -> Result<(), AppError> {
    let form = MdmForm { vip, persistence, timeout, vserver_443, vserver_8443 };
    Sent { token, cluster, version, intent }.save(form)?.await
}

#[server(prefix = "/rpc", endpoint = "save_mam")]
pub async fn save_mam(
    #[server(default)] token: String,
    #[server(default)] cluster: i64,
    #[server(default)] version: Option<i64>,
    #[server(default)] intent: String,
    #[server(default)] vip: String,
    #[server(default)] vserver: String,
    #[server(default)] certificate: String,
) -> Result<(), AppError> {
    let form = MamForm { vip, vserver, certificate };
    Sent { token, cluster, version, intent }.save(form)?.await
}

#[server(prefix = "/rpc", endpoint = "save_groups")]
pub async fn save_groups(
    #[server(default)] token: String,
    #[server(default)] cluster: i64,
    #[server(default)] version: Option<i64>,
    #[server(default)] intent: String,
    #[server(default)] mdm_443: String,
    #[server(default)] mdm_8443: String,
    #[server(default)] mam_8443: String,
) -> Result<(), AppError> {
    let form = GroupsForm { mdm_443, mdm_8443, mam_8443 };
    Sent { token, cluster, version, intent }.save(form)?.await
}

/// The session actions are tick boxes: `actions[]=AC_OS_10.20.40.40`.
#[server(prefix = "/rpc", endpoint = "save_gateway")]
pub async fn save_gateway(
    #[server(default)] token: String,
    #[server(default)] cluster: i64,
    #[server(default)] version: Option<i64>,
    #[server(default)] intent: String,
    #[server(default)] gateway: String,
    #[server(default)] actions: Vec<String>,
) -> Result<(), AppError> {
    let form = GatewayForm { gateway, actions: actions.join(", ") };
    Sent { token, cluster, version, intent }.save(form)?.await
}

#[server(prefix = "/rpc", endpoint = "save_dns")]
pub async fn save_dns(
    #[server(default)] token: String,
    #[server(default)] cluster: i64,
    #[server(default)] version: Option<i64>,
    #[server(default)] intent: String,
    #[server(default)] record: String,
) -> Result<(), AppError> {
    let form = DnsForm { record };
    Sent { token, cluster, version, intent }.save(form)?.await
}
