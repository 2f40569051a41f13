//! Plans and runs.

use super::door::operated;
use crate::{error::AppError, routes};
use leptos::prelude::*;
use model::{ActNo, ClusterId, PlanId, plan::ApplyForm};

#[server(prefix = "/rpc", endpoint = "make_plan")]
pub async fn make_plan(#[server(default)] token: String, #[server(default)] cluster: i64) -> Result<(), AppError> {
    let id = ClusterId(cluster);
    operated(routes::cluster_form(id), token, routes::cluster(id), &(), async move |services, cx| {
        services.plans().make(&cx, id).await.map(|plan| routes::plan(id, plan))
    })?
    .await
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
    let chosen: Vec<usize> = objects.iter().filter_map(|place| place.parse().ok()).collect();
    operated(routes::plan_form(plan), token, routes::plan(id, plan), &(), async move |services, cx| {
        services.plans().adopt(&cx, plan, &chosen).await.map(|plan| routes::plan(id, plan))
    })?
    .await
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
    operated(routes::plan_form(plan), token, routes::plan(id, plan), &form.clone(), async move |services, cx| {
        services.runs().apply(&cx, plan, &form).await.map(|act| routes::run(id, act))
    })?
    .await
}

#[server(prefix = "/rpc", endpoint = "plan_undo")]
pub async fn plan_undo(
    #[server(default)] token: String,
    #[server(default)] cluster: i64,
    #[server(default)] run: i64,
) -> Result<(), AppError> {
    let (id, act) = (ClusterId(cluster), ActNo(run));
    operated(routes::run_form(act), token, routes::run(id, act), &(), async move |services, cx| {
        services.plans().make_undo(&cx, act).await.map(|plan| routes::plan(id, plan))
    })?
    .await
}

/// From a run whose operations the peer has not taken over.
#[server(prefix = "/rpc", endpoint = "synchronise_pair")]
pub async fn synchronise_pair(
    #[server(default)] token: String,
    #[server(default)] cluster: i64,
    #[server(default)] run: i64,
) -> Result<(), AppError> {
    let (id, act) = (ClusterId(cluster), ActNo(run));
    operated(routes::run_form(act), token, routes::run(id, act), &(), async move |services, cx| {
        services.pairs().synchronise(&cx, id).await.map(|()| routes::run(id, act))
    })?
    .await
}

#[server(prefix = "/rpc", endpoint = "resume")]
pub async fn resume(
    #[server(default)] token: String,
    #[server(default)] cluster: i64,
    #[server(default)] run: i64,
) -> Result<(), AppError> {
    let (id, act) = (ClusterId(cluster), ActNo(run));
    operated(routes::run_form(act), token, routes::run(id, act), &(), async move |services, cx| {
        services.runs().resume(&cx, act).await.map(|()| routes::run(id, act))
    })?
    .await
}
