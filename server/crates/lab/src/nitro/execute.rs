//! One request against one appliance, inside the lab's lock.

use super::{
    access::{self, Credential},
    answer::Answer,
    body::{Payload, is_form, payload},
    read::read,
    request::{Place, Request},
    write::{delete, write},
};
use crate::{
    caller::{Caller, DEFAULT_PARTITION},
    clock::LabTime,
    ha::{self, Link, Way},
    refusal::{Outcome, Refusal},
    resources::{Cx, Resource, View, find, find_statistics, names},
    schema::{quoted, versions},
    shared::World,
};
use http::HeaderMap;

/// Who asks: a client with whatever it brought, somebody whom the lab vouches for, or the lab itself, which makes each
/// appliance of a pair by itself.
enum Asker {
    Client,
    Known(Caller),
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
    run(world, appliance, 0, &inside(method, path, body), Asker::Lab).map(|_| ())
}

/// Does what somebody else would do who came another way, through the same checks and with the same rights.
pub(crate) fn on_behalf(
    world: &mut World,
    appliance: usize,
    caller: Caller,
    method: &str,
    path: &str,
    body: &str,
) -> Outcome {
    run(world, appliance, 0, &inside(method, path, body), Asker::Known(caller)).map(|_| ())
}

/// A request that came over no wire.
fn inside(method: &str, path: &str, body: &str) -> Request {
    let (path, query) = path.split_once('?').unwrap_or((path, ""));
    Request {
        method: method.to_owned(),
        path: format!("/nitro/v1/config/{path}"),
        query: query.to_owned(),
        headers: HeaderMap::new(),
        body: body.as_bytes().to_vec(),
    }
}

fn run(world: &mut World, index: usize, seq: u64, request: &Request, who: Asker) -> Outcome<Answer> {
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
    let on_both = !matches!(who, Asker::Lab);
    let caller = match who {
        Asker::Client => access::admit(appliance, credential.as_ref(), now)?,
        Asker::Known(caller) => caller,
        Asker::Lab => Caller::lab(),
    };
    if named.as_deref() == Some("logout") && posts {
        appliance.note(&caller, "logout".to_owned(), None, now);
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
    // Credentials with each request are a log-in and a log-out each time.
    let passing = matches!(credential, Some(Credential::Password { .. })) && caller.sid.is_none();
    if passing {
        appliance.note(&caller, format!("login {} ********", quoted(&caller.user)), None, now);
    }
    let asked = Asked { caller: &caller, now, name: name.as_deref(), request, on_both };
    let mut done = None;
    world.swap_partitions(index, &caller.partition);
    let outcome = if reads {
        look(world, index, resource, &asked, statistics)
    } else if statistics {
        Err(Refusal::new(1240))
    } else {
        change(world, index, resource, &asked, body, &mut done)
    };
    world.swap_partitions(index, &caller.partition);
    if let Some(lines) = done {
        finish(world, index, seq, lines, now);
    }
    if let Some(appliance) = world.appliances.get_mut(index).filter(|_| passing) {
        appliance.note(&caller, "logout".to_owned(), None, now);
    }
    outcome
}

impl World {
    /// Goes into a partition, on both appliances of a pair, or back.
    fn swap_partitions(&mut self, index: usize, name: &str) {
        if name == DEFAULT_PARTITION {
            return;
        }
        for index in [Some(index), self.peer_index(index)].into_iter().flatten() {
            if let Some(appliance) = self.appliances.get_mut(index) {
                appliance.swap_partition(name);
            }
        }
    }
}

/// A request to a resource that is there, by somebody who is known.
struct Asked<'a> {
    caller: &'a Caller,
    now: LabTime,
    name: Option<&'a str>,
    request: &'a Request,
    /// Whether a write goes to the other appliance of a pair too.
    on_both: bool,
}

fn look(world: &mut World, index: usize, resource: &dyn Resource, asked: &Asked, statistics: bool) -> Outcome<Answer> {
    let Asked { caller, now, name, request, .. } = *asked;
    let own = resource.schema();
    let (name, args) = request.identified(own, own.get_args, name.map(str::to_owned));
    let name = name.as_deref();
    // Statistics are spelt on the command line as the objects that they count.
    let schema = find(resource.schema().name).map_or(resource.schema(), Resource::schema);
    let line = schema.show_line(if statistics { "stat" } else { "show" }, name, &args);
    let appliance = world.appliances.get(index).ok_or(Refusal::new(1043))?;
    let outcome = appliance.judge(caller, &line).and_then(|()| {
        let nested = request.flag("statbindings");
        let clears = statistics && matches!(request.option("clearstats").as_deref(), Some("basic" | "full"));
        let view = View { appliance, peer: world.peer(index), now, caller, args, nested, clears, remembered: true };
        read(resource, &view, name, request)
    });
    if let Some(appliance) = world.appliances.get_mut(index) {
        appliance.note(caller, line, outcome.as_ref().err(), now);
    }
    outcome
}

/// Carries a write out; `done` gets the lines of what was done here and on the peer.
fn change(
    world: &mut World,
    index: usize,
    resource: &dyn Resource,
    asked: &Asked,
    body: Option<Outcome<Payload>>,
    done: &mut Option<[Vec<String>; 2]>,
) -> Outcome<Answer> {
    let Asked { caller, now, name, request, on_both } = *asked;
    belongs(caller, resource.schema().name, request)?;
    let action = request.option("action").or_else(|| body.as_ref()?.as_ref().ok()?.params.action.clone());
    let way =
        if on_both { ha::way(world, index, (resource.schema().name, action.as_deref()), now)? } else { Way::Alone };
    let mut cx = ha::linked(&mut world.appliances, index, way, now, caller).ok_or(Refusal::new(1043))?;
    let outcome = match (request.method.as_str(), body) {
        ("DELETE", _) => delete(resource, &mut cx, name.map(str::to_owned), request),
        ("POST" | "PUT", Some(body)) => write(resource, &mut cx, name, request, action.as_deref(), &body?),
        _ => Err(Refusal::new(1237)),
    };
    let Cx { lines, orders, link, .. } = cx;
    let theirs = if let Link::Both(peer) = link { peer.lines } else { Vec::new() };
    let ordered = !orders.is_empty();
    let mut orders = orders.into_iter();
    let outcome =
        outcome.and_then(|answer| orders.try_for_each(|order| world.carry_out(index, order, now)).map(|()| answer));
    if outcome.is_ok() || !ordered {
        *done = Some([lines, theirs]);
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

/// What cannot be changed from inside a partition (3.28): the gateway is not there, and the system is everybody's.
fn belongs(caller: &Caller, resource: &str, request: &Request) -> Outcome {
    let switches = resource == "nspartition" && request.option("action").is_some();
    if caller.in_default_partition() || switches {
        return Ok(());
    }
    let begins = |words: &[&str]| words.iter().any(|word| resource.starts_with(word));
    if begins(&["vpn"]) {
        Err(Refusal::new(2760))
    } else if begins(&["system", "nspartition", "nsfeature", "nsmode", "nshostname", "ha", "reboot"])
        && resource != "systemfile"
    {
        Err(Refusal::new(2772))
    } else {
        Ok(())
    }
}

fn unknown(name: &str) -> Refusal {
    if name.is_empty() { Refusal::new(1232) } else { Refusal::about(1232, &[name]) }
}

/// The session behind a credential, for the log and for faults.
pub(super) fn token_of(request: &Request) -> Option<String> {
    match access::credential(request, None) {
        Some(Credential::Token { token, .. }) => Some(token),
        _ => None,
    }
}
