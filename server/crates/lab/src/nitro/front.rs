//! Around each request: the log, the faults, the latency.

use super::{
    access::rename_cookie,
    answer::{Answer, Body, Damage},
    body::for_the_log,
    execute::{execute, token_of},
    request::{Place, Request},
};
use crate::{
    clock::LabTime,
    faults::{Sight, Trouble},
    journal::RequestRecord,
    orders,
    shared::{Shared, World},
};
use http::Response;
use std::{sync::Arc, time::Duration};

/// The connection is to be cut instead of answered.
#[derive(Debug)]
pub(super) struct Cut;

impl std::fmt::Display for Cut {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("cut by a fault")
    }
}

impl std::error::Error for Cut {}

/// A save that is under way until its answer has gone out, however that ends.
struct Saving {
    shared: Arc<Shared>,
    appliance: usize,
}

impl Drop for Saving {
    fn drop(&mut self) {
        if let Some(appliance) = self.shared.world().appliances.get_mut(self.appliance) {
            appliance.saving = false;
        }
    }
}

/// Logs, breaks, executes, delays and answers one request.
pub(super) async fn handle(shared: Arc<Shared>, appliance: usize, request: Request) -> Result<Response<Body>, Cut> {
    let (seq, trouble) = arrive(&shared, appliance, &request);
    let (trouble, ms) = trouble.map_or((None, 0), |(trouble, ms)| (Some(trouble), ms));
    match trouble {
        Some(Trouble::HangBefore) => std::future::pending().await,
        Some(Trouble::ResetBefore) => return Err(Cut),
        Some(Trouble::SessionKilled) => kill_session(&shared, appliance, &request),
        _ => {}
    }
    let (answer, saving) = match trouble {
        Some(Trouble::Unavailable) => (Answer::page(503, "Service Unavailable"), None),
        Some(Trouble::HtmlError) => (Answer::page(500, "Internal Server Error"), None),
        _ => perform(&shared, appliance, seq, &request, trouble),
    };
    let mut answer = answer;
    if let (Some(Trouble::RenamedSessionCookie), Some(owner)) = (trouble, shared.world().appliances.get_mut(appliance))
    {
        rename_cookie(owner, &mut answer);
    }
    let slow = if trouble == Some(Trouble::Slow) { Duration::from_millis(ms) } else { Duration::ZERO };
    wait(shared.latency + slow).await;
    drop(saving);
    match trouble {
        Some(Trouble::HangAfter) => std::future::pending().await,
        Some(Trouble::ResetAfter) => return Err(Cut),
        Some(Trouble::DiesAfter) => {
            die(&shared, appliance);
            return Err(Cut);
        }
        _ => {}
    }
    let bytes = u64::try_from(answer.body.len()).unwrap_or(u64::MAX);
    shared.world().journal.answered(seq, answer.status, answer.errorcode, bytes);
    Ok(answer.respond(match trouble {
        Some(Trouble::MalformedJson) => Damage::Malformed,
        Some(Trouble::TruncatedBody) => Damage::Truncated,
        Some(Trouble::WrongContentType) => Damage::Mislabelled,
        _ => Damage::None,
    }))
}

/// Notes the request before anything happens to it, and finds its trouble.
fn arrive(shared: &Shared, appliance: usize, request: &Request) -> (u64, Option<(Trouble, u64)>) {
    let mut world = shared.world();
    let token = token_of(request);
    let owner = world.appliances.get(appliance);
    let nsip = owner.map(|owner| owner.nsip.to_string()).unwrap_or_default();
    let session = owner.and_then(|owner| owner.sessions.number(&token?));
    let seq = world.journal.arrived(RequestRecord {
        seq: 0,
        appliance: nsip.clone(),
        session,
        method: request.method.clone(),
        path: request.path.clone(),
        query: request.query.clone(),
        body: for_the_log(request),
        status: None,
        errorcode: None,
        bytes: None,
    });
    let resource = match request.place() {
        Place::Config { resource, .. } => resource.unwrap_or_default(),
        // Not to be mistaken for the configuration of the same name.
        Place::Stat { resource, .. } => format!("stat/{resource}"),
        Place::Elsewhere => String::new(),
    };
    let action = request.option("action");
    let sight = Sight { appliance: &nsip, method: &request.method, resource: &resource, action: action.as_deref() };
    let trouble = world.faults.at_request(&sight);
    (seq, trouble)
}

fn perform(
    shared: &Arc<Shared>,
    appliance: usize,
    seq: u64,
    request: &Request,
    trouble: Option<Trouble>,
) -> (Answer, Option<Saving>) {
    let mut world = shared.world();
    let now = world.clock.now();
    let is_saving = |world: &World| world.appliances.get(appliance).is_some_and(|owner| owner.saving);
    let before = is_saving(&world);
    if trouble == Some(Trouble::FailoverBefore) {
        fail_over(&mut world, appliance, now);
    }
    if world.appliances.get(appliance).is_some_and(|owner| owner.is_booting(now)) {
        return (Answer::page(503, "Service Unavailable"), None);
    }
    let broken = if let Some(Trouble::Propagation(code)) = trouble { Some(code) } else { None };
    world.break_propagation(appliance, broken);
    let answer = execute(&mut world, appliance, seq, request);
    world.break_propagation(appliance, None);
    if trouble == Some(Trouble::FailoverAfter) {
        fail_over(&mut world, appliance, now);
    }
    let started = !before && is_saving(&world);
    drop(world);
    (answer, started.then(|| Saving { shared: Arc::clone(shared), appliance }))
}

/// In a task of its own: closing the ports ends the task of the connection that this is called from.
fn die(shared: &Arc<Shared>, appliance: usize) {
    let shared = Arc::clone(shared);
    tokio::spawn(async move {
        if let Err(error) = orders::power_off(&shared, appliance).await {
            tracing::warn!(%error, "an appliance could not go off");
        }
    });
}

fn fail_over(world: &mut World, appliance: usize, now: LabTime) {
    if let Err(refusal) = world.failover(appliance, now) {
        tracing::debug!(code = refusal.code, "a fault could not fail over");
    }
}

fn kill_session(shared: &Shared, appliance: usize, request: &Request) {
    if let (Some(owner), Some(token)) = (shared.world().appliances.get_mut(appliance), token_of(request)) {
        owner.sessions.close(&token);
    }
}

#[expect(clippy::disallowed_methods, reason = "the time itself is what was asked for: latency in real time")]
async fn wait(time: Duration) {
    if !time.is_zero() {
        tokio::time::sleep(time).await;
    }
}
