//! Who is asking: sessions by token in any of its disguises, credentials per request, log-in and log-out (1.3, 1.4).

use super::{answer::Answer, request::Request};
use crate::{
    appliance::Appliance,
    caller::{Caller, DEFAULT_PARTITION},
    clock::LabTime,
    model::Secret,
    refusal::{Outcome, Refusal, done},
    schema::{Fields, Operation, tables::session::LOGIN},
    sessions::DEFAULT_TIMEOUT,
};
use base64::{Engine, prelude::BASE64_STANDARD};
use percent_encoding::percent_decode_str;
use serde_json::{Map, Value};
use std::time::Duration;

/// What a request brings along.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Credential {
    Token {
        token: String,
        /// It came under the name of the fault `renamed_session_cookie`.
        renamed: bool,
    },
    Password {
        user: String,
        password: String,
    },
}

/// Cookie names under which a token may come back.
const COOKIES: [&str; 2] = ["NITRO_AUTH_TOKEN", "sessionid"];

/// The cookie of the fault `renamed_session_cookie`.
const RENAMED: &str = "NSAPI_SESSION";

/// A user's own timeout when nothing was set: 15 minutes.
const USER_TIMEOUT: i64 = 900;

/// The first credential found; `inline` is the `sessionid` of an old client's body.
pub(super) fn credential(request: &Request, inline: Option<&str>) -> Option<Credential> {
    token(request)
        .or_else(|| Some(Credential::Token { token: inline?.to_owned(), renamed: false }))
        .or_else(|| nitro_headers(request))
        .or_else(|| basic(request))
}

/// Checks the credential, marks activity, and says who it is.
pub(super) fn admit(appliance: &mut Appliance, credential: Option<&Credential>, now: LabTime) -> Outcome<Caller> {
    match credential {
        None => Err(Refusal::new(1027)),
        Some(Credential::Token { token, renamed }) => {
            let session = appliance.sessions.touch(token, *renamed, now)?.clone();
            if appliance.config.access.user(&session.user).is_none() {
                return Err(Refusal::new(444));
            }
            let caller = Caller::new(&session.user, session.user == appliance.user);
            Ok(Caller { sid: Some(session.sid), partition: session.partition, ..caller })
        }
        Some(Credential::Password { user, password }) => {
            if !appliance.config.access.is_on("basicauth", true) {
                return Err(Refusal::new(1244));
            }
            check(appliance, user, password, None)?;
            // A log-in, a command and a log-out: it needs a place among the sessions like any other.
            let limits = appliance.limits(user);
            appliance.sessions.room(user, limits, now)?;
            let partition = partition(appliance, user);
            Ok(Caller { partition, ..Caller::new(user, *user == appliance.user) })
        }
    }
}

pub(super) fn login(appliance: &mut Appliance, body: &Map<String, Value>, now: LabTime) -> Outcome<Answer> {
    let fields = LOGIN.check(Operation::Add, body)?;
    let caller = Caller::new(fields.text("username"), false);
    let outcome = enter(appliance, &fields, now);
    appliance.note(&caller, LOGIN.spoken("login", &fields), outcome.as_ref().err(), now);
    let token = outcome?;
    let cookie = token.replace('#', "%23");
    let mut answer = Answer::item(201, 0, &done().with("sessionid", token));
    let gone = "SESSID=deleted; expires=Thu, 01-Jan-1970 00:00:01 GMT; Max-Age=0; path=/; HttpOnly";
    answer.headers.push(("Set-Cookie", gone.to_owned()));
    for name in COOKIES {
        answer.headers.push(("Set-Cookie", format!("{name}={cookie}; path=/nitro/v1")));
    }
    Ok(answer)
}

/// The token of a new session.
fn enter(appliance: &mut Appliance, fields: &Fields, now: LabTime) -> Outcome<String> {
    let (user, new) = (fields.text("username"), fields.get("new_password"));
    check(appliance, user, fields.text("password"), new)?;
    let limits = appliance.limits(user);
    appliance.sessions.room(user, limits, now)?;
    if let Some(new) = new {
        change_password(appliance, user, new)?;
    }
    let (partition, timeout) = (partition(appliance, user), timeout(appliance, user, fields.number("timeout")));
    appliance.sessions.open(user, &partition, timeout, now)
}

/// Whether these credentials open anything.
fn check(appliance: &Appliance, user: &str, password: &str, new: Option<&str>) -> Outcome {
    // An unknown user and a bad password look alike.
    if !appliance.knows(user, password) {
        return Err(Refusal::new(354));
    }
    if appliance.choices.challenged.iter().any(|name| name == user) {
        return Err(Refusal::new(1034));
    }
    if appliance.choices.force_password_change && user == appliance.user && new.is_none() {
        return Err(Refusal::new(1046));
    }
    Ok(())
}

fn change_password(appliance: &mut Appliance, user: &str, new: &str) -> Outcome {
    let secret = Secret::new(new)?;
    if user == appliance.user {
        new.clone_into(&mut appliance.password);
        std::sync::Arc::make_mut(&mut appliance.choices).force_password_change = false;
    } else if let Some(account) = appliance.config.access.users.iter_mut().find(|account| account.name == user) {
        account.secret = Some(secret);
    }
    Ok(())
}

/// With `restrictedtimeout` a user's own timeout is default and limit; without it, what the log-in asks for counts.
fn timeout(appliance: &Appliance, user: &str, asked: Option<i64>) -> Duration {
    let access = &appliance.config.access;
    let seconds = |value: i64| u64::try_from(value).ok().filter(|value| *value > 0).map(Duration::from_secs);
    let asked = asked.and_then(seconds);
    if !access.is_on("restrictedtimeout", false) {
        return asked.unwrap_or(DEFAULT_TIMEOUT);
    }
    let own = access.user(user).and_then(|account| account.set.number("timeout")).unwrap_or(USER_TIMEOUT);
    let own = seconds(own).unwrap_or(DEFAULT_TIMEOUT);
    asked.map_or(own, |asked| asked.min(own))
}

/// Where a user's work begins.
fn partition(appliance: &Appliance, user: &str) -> String {
    let own = appliance.config.access.user(user).and_then(|account| account.partitions.first());
    let chosen = own.or(appliance.choices.session_partition.as_ref());
    chosen.cloned().unwrap_or_else(|| DEFAULT_PARTITION.to_owned())
}

/// The answer of a log-in whose cookie has another name, with nothing in the body (fault `renamed_session_cookie`).
pub(super) fn rename_cookie(appliance: &mut Appliance, answer: &mut Answer) {
    let prefix = format!("{}=", COOKIES[0]);
    let pair = answer.headers.iter().find_map(|(_, value)| value.strip_prefix(&prefix)).map(str::to_owned);
    let Some(pair) = pair else { return };
    let encoded = pair.split(';').next().unwrap_or_default();
    appliance.sessions.rename(&percent_decode_str(encoded).decode_utf8_lossy());
    answer.headers.retain(|(_, value)| !COOKIES.iter().any(|name| value.starts_with(&format!("{name}="))));
    answer.headers.push(("Set-Cookie", format!("{RENAMED}={pair}")));
    answer.body = done().to_string();
}

/// Ends the session that asked; credentials per request have none to end.
pub(super) fn logout(appliance: &mut Appliance, credential: Option<&Credential>) -> Answer {
    if let Some(Credential::Token { token, .. }) = credential {
        appliance.sessions.close(token);
    }
    Answer::empty(201)
}

/// A cookie of either name, or the pair in a *request* header called Set-Cookie, as the vendor's Go client sends it.
fn token(request: &Request) -> Option<Credential> {
    let values = ["cookie", "set-cookie"].into_iter().flat_map(|name| request.headers.get_all(name));
    values
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .find(|(name, value)| (COOKIES.contains(name) || *name == RENAMED) && !value.is_empty())
        .map(|(name, value)| Credential::Token {
            token: percent_decode_str(value.trim_matches('"')).decode_utf8_lossy().into_owned(),
            renamed: name == RENAMED,
        })
}

fn nitro_headers(request: &Request) -> Option<Credential> {
    let user = request.header("x-nitro-user")?.to_owned();
    let password = request.header("x-nitro-pass").unwrap_or_default().to_owned();
    Some(Credential::Password { user, password })
}

fn basic(request: &Request) -> Option<Credential> {
    let (scheme, encoded) = request.header("authorization")?.split_once(' ')?;
    let decoded = BASE64_STANDARD.decode(encoded.trim()).ok().filter(|_| scheme.eq_ignore_ascii_case("basic"))?;
    let text = String::from_utf8(decoded).ok()?;
    let (user, password) = text.split_once(':')?;
    Some(Credential::Password { user: user.to_owned(), password: password.to_owned() })
}
