//! Login, logout, and the token that every other call needs. Tokens are good on the node that gave them.

use super::{Outcome, Refusal, loose, read};
use crate::{
    node::Node,
    xms::{
        accounts::{self, Denied},
        answer::{Answer, Request},
        machine::Token,
    },
};
use serde_json::{Value, json};

type Handler = for<'a> fn(&'a Node, &Request) -> Outcome<'a>;

/// Letters and digits of a token, and how many make one half.
const ALPHABET: &[u8; 36] = b"abcdefghijklmnopqrstuvwxyz0123456789";
const HALF: usize = 26;

pub(super) fn find(method: &str, path: &[&str]) -> Option<Handler> {
    match (method, path) {
        ("POST", ["authentication", "login"]) => Some(log_in),
        ("POST", ["authentication", "logout"]) => Some(log_out),
        _ => None,
    }
}

fn log_in<'a>(node: &'a Node, request: &Request) -> Outcome<'a> {
    let outcome = try_log_in(node, request);
    let attempts = &mut node.machine.local().attempts;
    attempts.rest += 1;
    attempts.rest_refused += u64::from(outcome.is_err());
    outcome
}

fn try_log_in<'a>(node: &'a Node, request: &Request) -> Outcome<'a> {
    let (cluster, refusals) = (&node.cluster, &node.cluster.profile.rest);
    let body = read(request).ok_or(&refusals.unreadable)?;
    let user = accounts::open(node, body["login"].as_str().unwrap_or_default(), body["password"].as_str());
    let user =
        user.map_err(|denied| if denied == Denied::Locked { &refusals.locked } else { &refusals.bad_credentials })?;
    if !may_use_api(node, &user) {
        return Err(&refusals.forbidden);
    }
    let token = token().map_err(|_| &refusals.db_down)?;
    let now = cluster.now();
    node.machine.local().tokens.insert(token.clone(), Token { user, issued: now, used: now });
    Ok(Answer::json(200, &json!({ refusals.token_key.as_str(): token })))
}

fn log_out<'a>(node: &'a Node, request: &Request) -> Outcome<'a> {
    check(node, request)?;
    let token = request.header("auth_token").unwrap_or_default();
    let gone = node.machine.local().tokens.remove(token);
    // The name in the body is what scripts send; the token decides.
    let name = read(request).and_then(|body: Value| loose::text(&body["login"]));
    let name = name.or_else(|| gone.map(|token| token.user)).unwrap_or_default();
    Ok(Answer::json(200, &json!({ "Status": format!("user {name} logged out successfully.") })))
}

/// Whether the request's token is good here and now; if so, its time begins again.
pub(super) fn check<'a>(node: &'a Node, request: &Request) -> Result<(), &'a Refusal> {
    let refusals = &node.cluster.profile.rest;
    let name = request.header("auth_token").ok_or(&refusals.no_token)?;
    let now = node.cluster.now();
    let mut local = node.machine.local();
    let token = local.tokens.get(name).cloned().ok_or(&refusals.expired_token)?;
    if local.is_expired(&token, now) {
        local.tokens.remove(name);
        return Err(&refusals.expired_token);
    }
    let user = token.user.clone();
    local.tokens.insert(name.to_owned(), Token { used: now, ..token });
    drop(local);
    // A role may have lost the right meanwhile.
    if may_use_api(node, &user) { Ok(()) } else { Err(&refusals.forbidden) }
}

fn may_use_api(node: &Node, user: &str) -> bool {
    let Some(database) = node.machine.database() else { return false };
    let store = database.store();
    store.user(user).is_some_and(|user| store.may_use_api(&user.role))
}

/// Two identical halves and a colon.
fn token() -> std::io::Result<String> {
    let mut bytes = [0_u8; HALF];
    getrandom::fill(&mut bytes).map_err(std::io::Error::other)?;
    let half: String = bytes.iter().map(|byte| char::from(ALPHABET[usize::from(*byte) % ALPHABET.len()])).collect();
    Ok(format!("{half}:{half}"))
}
