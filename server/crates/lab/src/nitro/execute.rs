//! One request against one appliance, inside the lab's lock.

use http::HeaderMap;

use super::{
    access::{self, Credential},
    answer::Answer,
    body::{is_form, payload},
    read::read,
    request::{Place, Request},
    write::{delete, write},
};
use crate::{
    clock::LabTime,
    ha::{self, Link, Way},
    refusal::{Outcome, Refusal},
    resources::{Cx, View, find, find_statistics, names},
    schema::versions,
    shared::World,
};

/// Who asks: a client with whatever it brought, or the lab itself, which needs no session.
#[derive(Clone, Copy)]
enum Asker {
    Client,
    Lab,
}

/// Answers a client. Changes are settled and their CLI lines noted under `seq`.
pub(super) fn execute(world: &mut World, appliance: usize, seq: u64, request: &Request) -> Answer {
    let answer = run(world, appliance, seq, request, Asker::Client).unwrap_or_else(|refusal| Answer::refused(&refusal));
    // Clients that name the resource in the body, or post forms, read a text out of every answer.
    let is_old = is_form(&request.body) || request.place() == Place::Config { resource: None, name: None };
    if is_old && answer.body.is_empty() { answer.with_text() } else { answer }
}

/// Does what a client would do, for seeds: through the same checks, but without a session.
pub(crate) fn internally(world: &mut World, appliance: usize, method: &str, path: &str, body: &str) -> Outcome {
    let (path, query) = path.split_once('?').unwrap_or((path, ""));
    let request = Request {
        method: method.to_owned(),
        path: format!("/nitro/v1/config/{path}"),
        query: query.to_owned(),
        headers: HeaderMap::new(),
        body: body.as_bytes().to_vec(),
    };
    run(world, appliance, 0, &request, Asker::Lab).map(|_| ())
}

fn run(world: &mut World, index: usize, seq: u64, request: &Request, asker: Asker) -> Outcome<Answer> {
    let place = request.place();
    let statistics = matches!(place, Place::Stat { .. });
    let (resource, name) = match place {
        Place::Config { resource, name } => (resource, name),
        Place::Stat { resource, name } => (Some(resource), name),
        Place::Elsewhere => return Ok(Answer::page(404, "Not Found")),
    };
    // What comes back from a HEAD is cut off behind its headers by hyper.
    let reads = matches!(request.method.as_str(), "GET" | "HEAD");
    let body = if reads || request.method == "DELETE" { None } else { Some(payload(request, resource.as_deref())) };
    let inline = body.as_ref().and_then(|body| body.as_ref().ok()).and_then(|body| body.session.clone());
    let credential = access::credential(request, inline.as_deref());
    let now = world.clock.now();
    let Some(appliance) = world.appliances.get_mut(index) else { return Err(Refusal::new(1043)) };

    let named = resource.clone().or_else(|| Some(body.as_ref()?.as_ref().ok()?.resource.clone()));
    let posts = !statistics && request.method == "POST";
    let is_login = named.as_deref() == Some("login") && posts;
    if is_login {
        let body = body.ok_or(Refusal::new(1233))??;
        return access::login(appliance, body.items.first().ok_or(Refusal::new(1233))?, now);
    }
    if matches!(asker, Asker::Client) {
        access::admit(appliance, credential.as_ref(), now)?;
    }
    if named.as_deref() == Some("logout") && posts {
        return Ok(access::logout(appliance, credential.as_ref()));
    }
    let named = named.unwrap_or_default();
    let version = appliance.version;
    if reads && named.is_empty() {
        return Ok(Answer::listing(
            statistics,
            names(statistics).filter(|name| !versions::lacks_resource(version, name)),
        ));
    }
    let found = if statistics { find_statistics(&named) } else { find(&named) };
    let found = found.filter(|_| !versions::lacks_resource(version, &named));
    let resource = found.ok_or_else(|| unknown(&named))?;
    if reads {
        let schema = resource.schema();
        let (name, args) = request.identified(schema, schema.get_args, name);
        let (nested, peer) = (request.flag("statbindings"), world.peer(index));
        let appliance = world.appliances.get(index).ok_or(Refusal::new(1043))?;
        return read(resource, &View { appliance, peer, now, args, nested }, name.as_deref(), request);
    }
    if statistics {
        return Err(Refusal::new(1240));
    }
    let action = request.option("action").or_else(|| body.as_ref()?.as_ref().ok()?.params.action.clone());
    let way = match asker {
        Asker::Client => ha::way(world, index, (&named, action.as_deref()), now)?,
        Asker::Lab => Way::Alone,
    };
    let mut cx = ha::linked(&mut world.appliances, index, way, now).ok_or(Refusal::new(1043))?;
    let outcome = match (request.method.as_str(), body) {
        ("DELETE", _) => delete(resource, &mut cx, name, request),
        ("POST" | "PUT", Some(body)) => write(resource, &mut cx, name.as_deref(), request, action.as_deref(), &body?),
        _ => Err(Refusal::new(1237)),
    };
    let Cx { lines, orders, link, .. } = cx;
    let theirs = if let Link::Both(peer) = link { peer.lines } else { Vec::new() };
    let ordered = !orders.is_empty();
    let mut orders = orders.into_iter();
    let outcome =
        outcome.and_then(|answer| orders.try_for_each(|order| world.carry_out(index, order, now)).map(|()| answer));
    if outcome.is_ok() || !ordered {
        finish(world, index, seq, [lines, theirs], now);
    }
    outcome
}

/// Notes what was done on an appliance and its peer, and brings both up to date.
fn finish(world: &mut World, index: usize, seq: u64, [own, theirs]: [Vec<String>; 2], now: LabTime) {
    for (index, lines) in [(Some(index), own), (world.peer_index(index), theirs)] {
        let Some((index, appliance)) = index.and_then(|index| Some((index, world.appliances.get(index)?))) else {
            continue;
        };
        let nsip = appliance.nsip.to_string();
        world.journal.did(seq, &nsip, lines);
        world.settle(index, now);
    }
}

fn unknown(name: &str) -> Refusal {
    if name.is_empty() { Refusal::new(1232) } else { Refusal::about(1232, &[name]) }
}

/// The session behind a credential, for the log and for faults.
pub(super) fn token_of(request: &Request) -> Option<String> {
    match access::credential(request, None) {
        Some(Credential::Token(token)) => Some(token),
        _ => None,
    }
}
