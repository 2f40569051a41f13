//! The public REST API on 4443.

use super::{
    Cluster, Ill,
    answer::{Answer, Request},
    profile::{Profile, Refusal},
    store::Store,
    web,
};
use crate::{clock::LabTime, node::Node};
use percent_encoding::percent_decode_str;
use serde_json::{Value, json};
use std::sync::Arc;

mod back_ends;
mod certificates;
mod devices;
mod directories;
mod gateways;
mod groups;
mod import;
mod login;
mod loose;
mod notifiers;
mod properties;
mod roles;
mod upload;
mod users;

/// Where the API begins.
pub(super) const BASE: &str = "/xenmobile/api/v1/";

/// Where its newer half begins, and what stands for that in the paths below.
pub(super) const NEWER_BASE: &str = "/api/endpoint-management/";
const NEWER: &str = "endpoint-management";

/// A call that may be made: authenticated, with a body that could be read.
struct Call<'a, 's> {
    cluster: &'a Cluster,
    store: &'s mut Store,
    now: LabTime,
    body: Value,
    /// The last part of the path.
    key: &'s str,
    ills: Shared,
}

/// What is wrong with the database's contents: any of its nodes may have the fault.
#[derive(Clone, Copy, Debug, Default)]
struct Shared {
    apns_expired: bool,
    licence_out: bool,
}

impl Shared {
    fn of(node: &Node) -> Self {
        let Some(database) = node.machine.database() else { return Self::default() };
        let nodes = node.cluster.lab().map(|lab| lab.nodes.all()).unwrap_or_default();
        let has = |ill| {
            nodes.iter().any(|peer| {
                let local = peer.machine.local();
                local.ills.has(ill) && local.database.as_ref().is_some_and(|other| Arc::ptr_eq(other, &database))
            })
        };
        Self { apns_expired: has(Ill::ApnsExpired), licence_out: has(Ill::LicenceOut) }
    }
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
    /// The same with a file.
    Upload(for<'a> fn(&mut Call<'a, '_>, &upload::Parts) -> Outcome<'a>),
}

impl<'a> Call<'a, '_> {
    fn profile(&self) -> &'a Profile {
        &self.cluster.profile
    }
}

fn find(method: &str, path: &[&str]) -> Option<Handler> {
    use Handler::{Do, Tell, Upload};
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
        ("DELETE", ["certificates"]) => Do(certificates::delete),
        ("GET" | "POST", ["certificates", "csr"]) => Do(certificates::request),
        ("POST", ["certificates", "export"]) => Do(certificates::export),
        ("POST", ["certificates", "import", "keystore", "server" | "saml" | "apns" | "listener" | "device"]) => {
            Upload(import::keystore)
        }
        ("POST", ["certificates", "import", "certificate", "saml" | "server" | "listener"]) => {
            Upload(import::single_file)
        }
        ("GET", ["licenses"]) => Tell(back_ends::licences),
        ("POST", ["licenses"]) => Do(back_ends::set_licence_server),
        ("DELETE", ["licenses"]) => Do(back_ends::remove_licences),
        ("POST", ["licenses", "upload"]) => Upload(back_ends::upload_licence),
        ("GET", ["licenses", "activate", _]) => Do(back_ends::activate_licences),
        ("GET", ["licenses", "getexpirationdate"]) => Tell(back_ends::licence_end),
        ("POST", ["licenses", "testserver"]) => Do(back_ends::test_licence_server),
        ("GET", ["ldap"]) => Tell(directories::list),
        ("POST", ["ldap", "msactivedirectory"]) => Do(directories::add),
        ("PUT", ["ldap", "msactivedirectory", _]) => Do(directories::edit),
        ("PUT", ["ldap", "default", _]) => Do(directories::make_default),
        ("DELETE", ["ldap", _]) => Do(directories::delete),
        ("GET", ["notificationserver"]) => Tell(notifiers::list),
        ("POST", ["notificationserver", "smtp"]) => Do(notifiers::add_smtp),
        ("POST", ["notificationserver", "sms"]) => Do(notifiers::add_sms),
        ("PUT", ["notificationserver", "activate", "smtp" | "sms", _]) => Do(notifiers::activate),
        ("PUT", ["notificationserver", "smtp" | "sms", _]) => Do(notifiers::edit),
        ("DELETE", ["notificationserver", _]) => Do(notifiers::delete),
        ("GET", ["rbac", "roles"]) => Tell(roles::list),
        ("GET", ["rbac", "role", _]) => Do(roles::show),
        ("GET", ["rbac", "permissiontree"]) => Tell(roles::tree),
        ("POST", ["rbac", "role"]) => Do(roles::add),
        ("PUT", ["rbac", "role"]) => Do(roles::edit),
        ("DELETE", ["rbac", "role", _]) => Do(roles::delete),
        ("GET", ["localusersgroups"]) => Tell(users::list),
        ("GET", ["localusersgroups", _]) => Do(users::show),
        ("POST", ["localusersgroups"]) => Do(users::add),
        ("PUT", ["localusersgroups"]) => Do(users::edit),
        ("PUT", ["localusersgroups", "resetpassword"]) => Do(users::set_password),
        ("DELETE", ["localusersgroups"]) => Do(users::delete),
        ("DELETE", ["localusersgroups", _]) => Do(users::delete_one),
        ("GET", ["groups", "local"]) => Tell(groups::local),
        ("POST", ["groups", "local", _]) => Do(groups::add),
        ("DELETE", ["groups", "local", _]) => Do(groups::delete),
        ("POST", ["deliverygroups", "filter"]) => Tell(groups::delivery),
        ("GET", ["deliverygroups", "getdeploymentstatus", _]) => Do(groups::deployment),
        ("GET", ["enrollment", "modes"]) => Tell(groups::enrolment_modes),
        ("GET", ["enrollment", "info"]) => Tell(groups::enrolment_info),
        ("POST", ["device", "filter"] | ["device", "filter", "v2"]) => Do(devices::filter),
        ("GET", ["device", _]) => Do(devices::show),
        ("POST", ["device", "lock" | "unlock" | "locate" | "refresh"]) => Do(devices::act),
        ("POST", [NEWER, "devices", "filter"]) => Do(devices::newer_filter),
        _ => return None,
    })
}

/// Answers what is below [`BASE`]; nothing for what is not there.
pub(super) async fn answer(node: &Arc<Node>, request: &Request) -> Option<Answer> {
    let newer = request.path.strip_prefix(NEWER_BASE).map(|rest| format!("{NEWER}/{rest}"));
    let path = newer.as_deref().or_else(|| request.path.strip_prefix(BASE))?;
    let path: Vec<&str> = path.trim_end_matches('/').split('/').collect();
    let method = request.method.as_str();
    if path == ["environment"] {
        let profile = &node.cluster.profile;
        return Some(Answer::refused(profile, &profile.rest.environment, &request.path));
    }
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
    if let Err(refusal) = login::check(node, request) {
        return Some(refuse(refusal));
    }
    let parts = if matches!(handler, Some(Handler::Upload(_))) { upload::read(request).await } else { None };
    let key = percent_decode_str(path.last().copied().unwrap_or_default()).decode_utf8_lossy().into_owned();
    Some(call(node, request, handler?, &key, parts.as_ref()).unwrap_or_else(refuse))
}

fn call<'a>(
    node: &'a Node,
    request: &Request,
    handler: Handler,
    key: &str,
    parts: Option<&upload::Parts>,
) -> Outcome<'a> {
    let cluster: &Cluster = &node.cluster;
    let rest = &cluster.profile.rest;
    let uploads = matches!(handler, Handler::Upload(_));
    if let Some(refusal) = rest.wrong_content_type.as_ref().filter(|_| !uploads && says_other_than_json(request)) {
        return Err(refusal);
    }
    let body = if uploads { Value::Null } else { read(request).ok_or(&rest.unreadable)? };
    let now = cluster.now();
    let ills = Shared::of(node);
    let database = node.machine.database().ok_or(&rest.db_down)?;
    let mut store = database.store();
    // What comes back borrows the profile alone.
    let mut call = Call { cluster, store: &mut store, now, body, key, ills };
    match handler {
        Handler::Tell(tell) => Ok(tell(&call)),
        Handler::Do(act) => act(&mut call),
        Handler::Upload(act) => act(&mut call, parts.ok_or(&rest.unreadable)?),
    }
}

fn says_other_than_json(request: &Request) -> bool {
    !request.body.is_empty() && !request.header("content-type").is_some_and(|kind| kind.contains("json"))
}

/// Status 0 and a sentence: a write was taken.
fn done(call: &Call) -> Answer {
    Answer::json(200, &json!({ "status": 0, "message": call.profile().rest.done_message }))
}

/// JSON, or nothing at all.
fn read(request: &Request) -> Option<Value> {
    if request.body.is_empty() { Some(json!({})) } else { serde_json::from_slice(&request.body).ok() }
}
