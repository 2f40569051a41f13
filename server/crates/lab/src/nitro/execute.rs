//! One request against one appliance, inside the lab's lock.

use http::HeaderMap;

use super::{
    access::{self, Credential},
    answer::Answer,
    body::{Payload, payload},
    read::read,
    request::{Place, Request},
    write::{delete, write},
};
use crate::{
    appliance::Appliance,
    caller::Caller,
    clock::LabTime,
    refusal::{Outcome, Refusal},
    resources::{Cx, Resource, View, find, find_statistics},
    schema::quoted,
    shared::World,
};

/// Who asks: a client with whatever it brought, or somebody whom the lab vouches for.
enum Asker {
    Client,
    Known(Caller),
}

/// Answers a client. Changes are settled and their CLI lines noted under `seq`.
pub(super) fn execute(world: &mut World, appliance: usize, seq: u64, request: &Request) -> Answer {
    run(world, appliance, seq, request, Asker::Client).unwrap_or_else(|refusal| Answer::refused(&refusal))
}

/// Does what a client would do, for seeds: through the same checks, but without a session.
pub(crate) fn internally(world: &mut World, appliance: usize, method: &str, path: &str, body: &str) -> Outcome {
    on_behalf(world, appliance, Caller::lab(), method, path, body)
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
    let (path, query) = path.split_once('?').unwrap_or((path, ""));
    let request = Request {
        method: method.to_owned(),
        path: format!("/nitro/v1/config/{path}"),
        query: query.to_owned(),
        headers: HeaderMap::new(),
        body: body.as_bytes().to_vec(),
    };
    run(world, appliance, 0, &request, Asker::Known(caller)).map(|_| ())
}

fn run(world: &mut World, index: usize, seq: u64, request: &Request, asker: Asker) -> Outcome<Answer> {
    let place = request.place();
    let statistics = matches!(place, Place::Stat { .. });
    let (resource, name) = match place {
        Place::Config { resource, name } => (resource, name),
        Place::Stat { resource, name } => (Some(resource), name),
        Place::Elsewhere => return Ok(Answer::page(404, "Not Found")),
    };
    let reads = request.method == "GET";
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
    let caller = match asker {
        Asker::Client => access::admit(appliance, credential.as_ref(), now)?,
        Asker::Known(caller) => caller,
    };
    if named.as_deref() == Some("logout") && posts {
        appliance.note(&caller, "logout".to_owned(), None, now);
        return Ok(access::logout(appliance, credential.as_ref()));
    }
    let named = named.unwrap_or_default();
    let found = if statistics { find_statistics(&named) } else { find(&named) };
    let resource = found.ok_or_else(|| unknown(&named))?;
    // Credentials with each request are a log-in and a log-out each time.
    let passing = matches!(credential, Some(Credential::Password { .. })) && caller.sid.is_none();
    if passing {
        appliance.note(&caller, format!("login {} ********", quoted(&caller.user)), None, now);
    }
    appliance.swap_partition(&caller.partition);
    let asked = Asked { caller: &caller, now, name: name.as_deref(), request };
    let mut lines = Vec::new();
    let outcome = if reads {
        look(appliance, resource, &asked, if statistics { "stat" } else { "show" })
    } else if statistics {
        Err(Refusal::new(1240))
    } else {
        change(appliance, resource, &asked, body, &mut lines)
    };
    appliance.swap_partition(&caller.partition);
    if passing {
        appliance.note(&caller, "logout".to_owned(), None, now);
    }
    if !reads {
        let nsip = appliance.nsip.to_string();
        world.journal.did(seq, &nsip, lines);
        world.settle(index, now);
    }
    outcome
}

/// A request to a resource that is there, by somebody who is known.
struct Asked<'a> {
    caller: &'a Caller,
    now: LabTime,
    name: Option<&'a str>,
    request: &'a Request,
}

fn look(appliance: &mut Appliance, resource: &dyn Resource, asked: &Asked, verb: &str) -> Outcome<Answer> {
    let Asked { caller, now, name, request } = *asked;
    let args = request.pairs("args");
    // Statistics are spelt on the command line as the objects that they count.
    let schema = find(resource.schema().name).map_or(resource.schema(), Resource::schema);
    let line = schema.show_line(verb, name, &args);
    let outcome = appliance.judge(caller, &line).and_then(|()| {
        let view = View { appliance, now, caller, args, nested: request.flag("statbindings") };
        read(resource, &view, name, request)
    });
    appliance.note(caller, line, outcome.as_ref().err(), now);
    outcome
}

fn change(
    appliance: &mut Appliance,
    resource: &dyn Resource,
    asked: &Asked,
    body: Option<Outcome<Payload>>,
    lines: &mut Vec<String>,
) -> Outcome<Answer> {
    let Asked { caller, now, name, request } = *asked;
    belongs(caller, resource.schema().name, request)?;
    let mut cx = Cx { appliance, now, caller, lines: Vec::new(), warnings: Vec::new(), answer: None };
    let outcome = match (request.method.as_str(), body) {
        ("DELETE", _) => delete(resource, &mut cx, name, request),
        ("POST" | "PUT", Some(body)) => {
            let Payload { items, action, .. } = body?;
            let action = request.option("action").or(action);
            write(resource, &mut cx, name, request, action.as_deref(), &items)
        }
        _ => Err(Refusal::new(1237)),
    };
    *lines = cx.lines;
    outcome
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
    } else if begins(&["system", "nspartition", "nsfeature", "nsmode", "nshostname", "ha"]) && resource != "systemfile"
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
