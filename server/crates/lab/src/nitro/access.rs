//! Who is asking: sessions by token in any of its disguises, credentials per request, log-in and log-out (1.3, 1.4).

use base64::{Engine, prelude::BASE64_STANDARD};
use percent_encoding::percent_decode_str;
use serde_json::{Map, Value};

use super::{answer::Answer, request::Request};
use crate::{
    appliance::Appliance,
    clock::LabTime,
    refusal::{Outcome, Refusal, done},
    schema::{Operation, tables::session::LOGIN},
};

/// What a request brings along.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Credential {
    Token(String),
    Password { user: String, password: String },
}

/// Cookie names under which a token may come back.
const COOKIES: [&str; 2] = ["NITRO_AUTH_TOKEN", "sessionid"];

/// The first credential found; `inline` is the `sessionid` of an old client's body.
pub(super) fn credential(request: &Request, inline: Option<&str>) -> Option<Credential> {
    token(request)
        .or_else(|| inline.map(str::to_owned))
        .map(Credential::Token)
        .or_else(|| nitro_headers(request))
        .or_else(|| basic(request))
}

/// Checks the credential and marks activity.
pub(super) fn admit(appliance: &mut Appliance, credential: Option<&Credential>, now: LabTime) -> Outcome {
    match credential {
        None => Err(Refusal::new(1027)),
        Some(Credential::Token(token)) => appliance.sessions.touch(token, now).map(|_| ()),
        Some(Credential::Password { user, password }) if appliance.knows(user, password) => Ok(()),
        Some(Credential::Password { .. }) => Err(Refusal::new(354)),
    }
}

pub(super) fn login(appliance: &mut Appliance, body: &Map<String, Value>, now: LabTime) -> Outcome<Answer> {
    let fields = LOGIN.check(Operation::Add, body)?;
    // An unknown user and a bad password look alike.
    if !appliance.knows(fields.text("username"), fields.text("password")) {
        return Err(Refusal::new(354));
    }
    let token = appliance.sessions.open(fields.text("username"), fields.number("timeout"), now)?;
    let cookie = token.replace('#', "%23");
    let mut answer = Answer::item(201, 0, &done().with("sessionid", token));
    let gone = "SESSID=deleted; expires=Thu, 01-Jan-1970 00:00:01 GMT; Max-Age=0; path=/; HttpOnly";
    answer.headers.push(("Set-Cookie", gone.to_owned()));
    for name in ["sessionid", "NITRO_AUTH_TOKEN"] {
        answer.headers.push(("Set-Cookie", format!("{name}={cookie}; path=/nitro/v1")));
    }
    Ok(answer)
}

/// Ends the session that asked; credentials per request have none to end.
pub(super) fn logout(appliance: &mut Appliance, credential: Option<&Credential>) -> Answer {
    if let Some(Credential::Token(token)) = credential {
        appliance.sessions.close(token);
    }
    Answer::empty(201)
}

/// A cookie of either name, or the pair in a *request* header called Set-Cookie, as the vendor's Go client sends it.
fn token(request: &Request) -> Option<String> {
    let values = ["cookie", "set-cookie"].into_iter().flat_map(|name| request.headers.get_all(name));
    values
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .find(|(name, value)| COOKIES.contains(name) && !value.is_empty())
        .map(|(_, value)| percent_decode_str(value.trim_matches('"')).decode_utf8_lossy().into_owned())
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
