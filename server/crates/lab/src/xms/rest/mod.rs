//! The public REST API on 4443.

use std::sync::Arc;

use serde_json::{Value, json};

use super::{
    Cluster,
    answer::{Answer, Request},
    profile::{Profile, Refusal},
    store::Store,
    web,
};
use crate::{clock::LabTime, node::Node};

mod certificates;
mod devices;
mod directory;
mod gateways;
mod login;
mod loose;
mod properties;

/// Where the API begins.
pub(super) const BASE: &str = "/xenmobile/api/v1/";

/// A call that may be made: authenticated, with a body that could be read.
struct Call<'a, 's> {
    cluster: &'a Cluster,
    store: &'s mut Store,
    now: LabTime,
    body: Value,
    /// The last part of the path.
    key: &'s str,
}

/// What a call gives: an answer, or how the profile refuses.
type Outcome<'a> = Result<Answer, &'a Refusal>;

/// What stands behind a path.
#[derive(Clone, Copy)]
enum Handler {
    /// Says what is; cannot fail.
    Tell(fn(&Call) -> Answer),
    /// Needs a body that makes sense, and may change the store.
    Do(for<'a> fn(&mut Call<'a, '_>) -> Outcome<'a>),
}

impl<'a> Call<'a, '_> {
    fn profile(&self) -> &'a Profile {
        &self.cluster.profile
    }
}

fn find(method: &str, path: &[&str]) -> Option<Handler> {
    use Handler::{Do, Tell};
    Some(match (method, path) {
        ("GET", ["serverproperties"]) => Tell(properties::list),
        ("POST", ["serverproperties", "filter"]) => Tell(properties::filter),
        ("POST", ["serverproperties"]) => Do(properties::add),
        ("PUT", ["serverproperties"]) => Do(properties::edit),
        ("DELETE", ["serverproperties"]) => Do(properties::delete),
        ("POST", ["serverproperties", "reset"]) => Do(properties::reset),
        ("GET", ["netscaler"]) => Tell(gateways::list),
        ("POST", ["netscaler"]) => Do(gateways::add),
        ("PUT", ["netscaler", "default", _]) => Do(gateways::make_default),
        ("PUT", ["netscaler", _]) => Do(gateways::edit),
        ("DELETE", ["netscaler", _]) => Do(gateways::delete),
        ("GET", ["certificates"]) => Tell(certificates::list),
        ("GET", ["licenses"]) => Tell(directory::licences),
        ("GET", ["licenses", "getexpirationdate"]) => Tell(directory::licence_end),
        ("POST", ["licenses", "testserver"]) => Do(directory::test_licence_server),
        ("GET", ["ldap"]) => Tell(directory::ldap),
        ("POST", ["device", "filter"]) => Do(devices::filter),
        _ => return None,
    })
}

/// Answers what is below [`BASE`]; nothing for what is not there.
pub(super) async fn answer(node: &Arc<Node>, request: &Request) -> Option<Answer> {
    let path: Vec<&str> = request.path.strip_prefix(BASE)?.trim_end_matches('/').split('/').collect();
    let method = request.method.as_str();
    let login = login::find(method, &path);
    let handler = find(method, &path);
    if login.is_none() && handler.is_none() {
        return None;
    }
    if let Some(refused) = web::without_database(node, request).await {
        return Some(refused);
    }
    let profile = &node.cluster.profile;
    let refuse = |refusal: &Refusal| Answer::refused(profile, refusal, &request.path);
    if let Some(login) = login {
        return Some(login(node, request).unwrap_or_else(refuse));
    }
    Some(match login::check(node, request) {
        Ok(()) => call(node, request, handler?, path.last().copied().unwrap_or_default()).unwrap_or_else(refuse),
        Err(refusal) => refuse(refusal),
    })
}

fn call<'a>(node: &'a Node, request: &Request, handler: Handler, key: &str) -> Outcome<'a> {
    let cluster: &Cluster = &node.cluster;
    let body = read(request).ok_or(&cluster.profile.rest.unreadable)?;
    let now = cluster.now();
    let mut store = cluster.store();
    // What comes back borrows the profile alone.
    let mut call = Call { cluster, store: &mut store, now, body, key };
    match handler {
        Handler::Tell(tell) => Ok(tell(&call)),
        Handler::Do(act) => act(&mut call),
    }
}

/// JSON, or nothing at all.
fn read(request: &Request) -> Option<Value> {
    if request.body.is_empty() { Some(json!({})) } else { serde_json::from_slice(&request.body).ok() }
}
