//! The control API: what tests and demos do to the lab from outside (`DESIGN.md` section 5).

use crate::{
    appliance::Appliance,
    caller::Caller,
    engine::{self, Until},
    faults::FaultSpec,
    ha,
    journal::{CliRecord, RequestRecord},
    listen,
    nitro::on_behalf,
    orders::{self, OrderError},
    seed::Seed,
    shared::Shared,
    snapshot, start,
};
use axum::{
    Json, Router,
    body::Bytes,
    extract::{Query, State},
    http::StatusCode,
    response::{IntoResponse, Response},
    routing::{get, post},
};
use hyper::server::conn::http1;
use hyper_util::{rt::TokioIo, service::TowerToHyperService};
use serde::{Deserialize, de::DeserializeOwned};
use serde_json::{Value, json};
use std::{
    io,
    net::{IpAddr, Ipv4Addr},
    sync::Arc,
    time::Duration,
};
use tokio::net::TcpListener;

/// A status and a sentence.
struct Refused(StatusCode, String);

impl IntoResponse for Refused {
    fn into_response(self) -> Response {
        (self.0, Json(json!({ "error": self.1 }))).into_response()
    }
}

impl From<OrderError> for Refused {
    fn from(error: OrderError) -> Self {
        Self(StatusCode::BAD_REQUEST, error.to_string())
    }
}

/// Reads an order whatever its content type: `curl -d` says that everything is a form.
fn order<T: DeserializeOwned>(body: &Bytes) -> Result<T, Refused> {
    serde_json::from_slice(body)
        .map_err(|error| Refused(StatusCode::BAD_REQUEST, format!("the body is no such order: {error}")))
}

type Lab = State<Arc<Shared>>;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ResetOrder {
    seed: Seed,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct NodeOrder {
    ip: Ipv4Addr,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct TargetOrder {
    #[serde(default = "every_appliance")]
    target: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RestartOrder {
    #[serde(default = "every_appliance")]
    target: String,
    /// As `--firmware` has it; without it the firmware stays.
    firmware: Option<String>,
}

fn every_appliance() -> String {
    "netscaler".to_owned()
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ClockOrder {
    advance_ms: u64,
}

/// What somebody else does on an appliance, who came another way than our clients.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ForeignOrder {
    user: String,
    /// The address from which it came.
    #[serde(default = "elsewhere")]
    from: IpAddr,
    #[serde(default)]
    interface: Interface,
    method: String,
    /// Behind `/nitro/v1/config/`.
    path: String,
    #[serde(default)]
    body: Value,
}

#[derive(Clone, Copy, Default, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
enum Interface {
    #[default]
    Gui,
    Cli,
    Api,
}

fn elsewhere() -> IpAddr {
    Ipv4Addr::new(10, 0, 99, 5).into()
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct FaultQuery {
    target: Option<String>,
    fault: Option<String>,
}

/// Serves the API until the task is ended.
pub(crate) async fn serve(shared: Arc<Shared>, listener: TcpListener) {
    let router = router(shared);
    listen::each(listener, |stream| {
        let service = TowerToHyperService::new(router.clone());
        let connection = http1::Builder::new().serve_connection(TokioIo::new(stream), service);
        async move { connection.await.map_err(io::Error::other) }
    })
    .await;
}

fn router(shared: Arc<Shared>) -> Router {
    Router::new()
        .route("/state", get(state))
        .route("/reset", post(reset))
        .route("/faults", get(faults).post(add_fault).delete(remove_faults))
        .route("/failover", post(failover))
        .route("/nodes", post(add_node))
        .route("/restart", post(restart))
        .route("/ha", post(high_availability))
        .route("/clock", post(clock))
        .route("/choices", get(choices).post(choose))
        .route("/foreign", post(foreign))
        .route("/requests", get(requests))
        .route("/cli", get(cli))
        .with_state(shared)
}

async fn state(State(shared): Lab) -> Json<Value> {
    Json(snapshot::take(&shared))
}

async fn reset(State(shared): Lab, body: Bytes) -> Result<Json<Value>, Refused> {
    orders::reset(&shared, order::<ResetOrder>(&body)?.seed).await?;
    Ok(Json(snapshot::take(&shared)))
}

async fn faults(State(shared): Lab) -> Json<Value> {
    Json(json!(shared.world().faults.list))
}

async fn add_fault(State(shared): Lab, body: Bytes) -> Result<(StatusCode, Json<Value>), Refused> {
    let fault = orders::fault(&shared, order::<FaultSpec>(&body)?).await?;
    Ok((StatusCode::CREATED, Json(json!(fault))))
}

async fn remove_faults(State(shared): Lab, Query(query): Query<FaultQuery>) -> Result<Json<Value>, Refused> {
    let gone = orders::clear_faults(&shared, query.target.as_deref(), query.fault.as_deref()).await?;
    Ok(Json(json!({ "removed": gone })))
}

/// Without a body: every pair.
async fn failover(State(shared): Lab, body: Bytes) -> Result<Json<Value>, Refused> {
    let target = if body.is_empty() { every_appliance() } else { order::<TargetOrder>(&body)?.target };
    ha::orders::failover(&shared, &target).map_err(|error| Refused(StatusCode::CONFLICT, error.to_string()))?;
    Ok(Json(snapshot::take(&shared)))
}

async fn restart(State(shared): Lab, body: Bytes) -> Result<Json<Value>, Refused> {
    let RestartOrder { target, firmware } = order(&body)?;
    let firmware = firmware.map(|word| word.parse()).transpose().map_err(OrderError)?;
    ha::orders::restart(&shared, &target, firmware)?;
    Ok(Json(snapshot::take(&shared)))
}

async fn high_availability(State(shared): Lab, body: Bytes) -> Result<Json<Value>, Refused> {
    ha::orders::high_availability(&shared, order(&body)?)?;
    Ok(Json(snapshot::take(&shared)))
}

/// A machine that was never set up: its command line asks the first questions.
async fn add_node(State(shared): Lab, body: Bytes) -> Result<(StatusCode, Json<Value>), Refused> {
    let node = orders::add_node(&shared, order::<NodeOrder>(&body)?.ip)?;
    Ok((StatusCode::CREATED, Json(json!(start::describe(&node)))))
}

async fn clock(State(shared): Lab, body: Bytes) -> Result<Json<Value>, Refused> {
    engine::run(&shared, Until::Advance(Duration::from_millis(order::<ClockOrder>(&body)?.advance_ms))).await;
    let now = shared.world().clock.now();
    Ok(Json(json!({ "now": now.iso(), "now_ms": now.0 })))
}

async fn choices(State(shared): Lab) -> Json<Value> {
    Json(json!(shared.world().appliances.first().map(|appliance| (*appliance.choices).clone())))
}

async fn choose(State(shared): Lab, body: Bytes) -> Result<Json<Value>, Refused> {
    let patch: Value = order(&body)?;
    {
        let mut world = shared.world();
        for appliance in &mut world.appliances {
            let all = appliance.choices.patched(patch.clone())?;
            appliance.choose(all);
        }
    }
    Ok(choices(State(shared)).await)
}

async fn foreign(State(shared): Lab, body: Bytes) -> Result<Json<Value>, Refused> {
    let ForeignOrder { user, from, interface, method, path, body } = order(&body)?;
    let interface = match interface {
        Interface::Gui => "GUI",
        Interface::Cli => "CLI",
        Interface::Api => "API",
    };
    let caller = Caller { from, interface, ..Caller::new(&user, true) };
    let text = if body.is_null() { String::new() } else { body.to_string() };
    let outcome = {
        let mut world = shared.world();
        // Whoever works on a pair works on its primary.
        let primary = world.appliances.iter().position(Appliance::serves).unwrap_or(0);
        on_behalf(&mut world, primary, caller, &method, &path, &text)
    };
    outcome.map_err(|refusal| Refused(StatusCode::BAD_REQUEST, refusal.message()))?;
    engine::run(&shared, Until::Now).await;
    Ok(Json(json!({ "done": true })))
}

async fn requests(State(shared): Lab) -> Json<Vec<RequestRecord>> {
    Json(shared.world().journal.requests())
}

async fn cli(State(shared): Lab) -> Json<Vec<CliRecord>> {
    Json(shared.world().journal.cli())
}
