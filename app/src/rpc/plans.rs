//! Plans and runs.

use super::{Submission, writer};
use crate::{error::AppError, routes};
use leptos::prelude::*;
use model::{ActNo, ClusterId, PlanId, plan::ApplyForm};

#[server(prefix = "/rpc", endpoint = "make_plan")]
pub async fn make_plan(#[server(default)] token: String, #[server(default)] cluster: i64) -> Result<(), AppError> {
    let id = ClusterId(cluster);
    let submission = Submission::new(routes::cluster_form(id), token, routes::cluster(id), &())?;
    let cx = writer()?;
    let services = submission.services.clone();
    submission.finish(async move { services.make_plan(&cx, id).await.map(|plan| routes::plan(id, plan)) }).await
}

/// The chosen objects are tick boxes, each with its place in the plan: `objects[]=2`.
#[server(prefix = "/rpc", endpoint = "adopt")]
pub async fn adopt(
    #[server(default)] token: String,
    #[server(default)] cluster: i64,
    #[server(default)] plan: i64,
    #[server(default)] objects: Vec<String>,
) -> Result<(), AppError> {
    let (id, plan) = (ClusterId(cluster), PlanId(plan));
    let submission = Submission::new(routes::plan_form(plan), token, routes::plan(id, plan), &())?;
    let cx = writer()?;
    let services = submission.services.clone();
    let chosen: Vec<usize> = objects.iter().filter_map(|place| place.parse().ok()).collect();
    submission.finish(async move { services.adopt(&cx, plan, &chosen).await.map(|plan| routes::plan(id, plan)) }).await
}

#[server(prefix = "/rpc", endpoint = "apply")]
pub async fn apply(
    #[server(default)] token: String,
    #[server(default)] cluster: i64,
    #[server(default)] plan: i64,
    #[server(default)] confirm: String,
    #[server(default)] take_back: String,
) -> Result<(), AppError> {
    let (id, plan) = (ClusterId(cluster), PlanId(plan));
    let form = ApplyForm { confirm, take_back };
    let submission = Submission::new(routes::plan_form(plan), token, routes::plan(id, plan), &form)?;
    let cx = writer()?;
    let services = submission.services.clone();
    submission.finish(async move { services.apply(&cx, plan, &form).await.map(|act| routes::run(id, act)) }).await
}

#[server(prefix = "/rpc", endpoint = "plan_undo")]
pub async fn plan_undo(
    #[server(default)] token: String,
    #[server(default)] cluster: i64,
    #[server(default)] run: i64,
) -> Result<(), AppError> {
    let (id, act) = (ClusterId(cluster), ActNo(run));
    let submission = Submission::new(routes::run_form(act), token, routes::run(id, act), &())?;
    let cx = writer()?;
    let services = submission.services.clone();
    submission.finish(async move { services.plan_undo(&cx, act).await.map(|plan| routes::plan(id, plan)) }).await
}

/// From a run whose operations the peer has not taken over.
#[server(prefix = "/rpc", endpoint = "synchronise_pair")]
pub async fn synchronise_pair(
    #[server(default)] token: String,
    #[server(default)] cluster: i64,
    #[server(default)] run: i64,
) -> Result<(), AppError> {
    let (id, act) = (ClusterId(cluster), ActNo(run));
    let submission = Submission::new(routes::run_form(act), token, routes::run(id, act), &())?;
    let cx = writer()?;
    let services = submission.services.clone();
    submission.finish(async move { services.synchronise_pair(&cx, id).await.map(|()| routes::run(id, act)) }).await
}

#[server(prefix = "/rpc", endpoint = "resume")]
pub async fn resume(
    #[server(default)] token: String,
    #[server(default)] cluster: i64,
    #[server(default)] run: i64,
) -> Result<(), AppError> {
    let (id, act) = (ClusterId(cluster), ActNo(run));
    let submission = Submission::new(routes::run_form(act), token, routes::run(id, act), &())?;
    let cx = writer()?;
    let services = submission.services.clone();
    submission.finish(async move { services.resume(&cx, act).await.map(|()| routes::run(id, act)) }).await
}
