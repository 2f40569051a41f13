//! Account and session token (`nitro.md` 1.3, 1.4).

use std::fmt::Write as _;

use percent_encoding::percent_decode_str;
use secrecy::{ExposeSecret, SecretString};
use serde_json::{Value, json};

use crate::{ApiError, Error, Reply, Request, Resource, resource::Login, transport::Received};

/// An account on the appliance. Debug shows the name only.
#[derive(Debug, Clone)]
pub struct Credentials {
    /// The account's name.
    pub user: String,
    /// Its password.
    pub secret: SecretString,
}

/// What the appliance calls `NITRO_AUTH_TOKEN`.
pub(crate) struct Token(SecretString);

/// What a client knows about its session.
#[derive(Default)]
pub(crate) struct Session {
    pub(crate) token: Option<std::sync::Arc<Token>>,
    /// Set once the account is refused.
    pub(crate) refusal: Option<Refusal>,
    /// Why the last login failed, for those who waited for it.
    pub(crate) failure: Option<Error>,
}

/// What the appliance said when it refused the account, where it said anything.
#[derive(Clone)]
pub(crate) struct Refusal(pub(crate) Option<ApiError>);

impl Token {
    /// The value of the `Cookie` header. What could end the cookie or the header is percent-encoded; the appliance
    /// takes both forms.
    pub(crate) fn cookie(&self) -> String {
        let mut header = String::from("NITRO_AUTH_TOKEN=");
        for byte in self.0.expose_secret().bytes() {
            match byte {
                b';' | b',' | b'"' | b'\\' | b'%' => {
                    let _ = write!(header, "%{byte:02X}");
                }
                0x21..=0x7E => header.push(char::from(byte)),
                _ => {
                    let _ = write!(header, "%{byte:02X}");
                }
            }
        }
        header
    }

    /// From the body's `sessionid`, else from either cookie, where it is percent-encoded.
    pub(crate) fn find(reply: &Reply, answer: &Received) -> Option<Self> {
        let body = reply
            .raw
            .get("sessionid")
            .and_then(Value::as_str)
            .map(str::to_owned)
            .or_else(|| reply.typed::<Login>().ok()?.into_iter().find_map(|login| login.value.sessionid));
        let token = body
            .filter(|token| !token.is_empty())
            .or_else(|| ["NITRO_AUTH_TOKEN", "sessionid"].iter().find_map(|name| cookie(&answer.cookies, name)))?;
        Some(Self(token.into()))
    }
}

fn cookie(headers: &[String], wanted: &str) -> Option<String> {
    headers.iter().find_map(|header| {
        let (name, value) = header.split(';').next()?.split_once('=')?;
        let value = percent_decode_str(value.trim().trim_matches('"')).decode_utf8_lossy().into_owned();
        (name.trim() == wanted && !value.is_empty() && value != "deleted").then_some(value)
    })
}

/// The login as shown and logged, without a body; and the body, which is not.
pub(crate) fn login_request(credentials: &Credentials, idle: std::time::Duration) -> (Request, Vec<u8>) {
    let body = json!({ Login::NAME: {
        "username": credentials.user,
        "password": credentials.secret.expose_secret(),
        "timeout": idle.as_secs(),
    } });
    (Request::add(Login::NAME, json!({})), body.to_string().into_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(raw: Value, cookies: &[&str]) -> Option<String> {
        let items = raw.get("login").and_then(crate::de::one_or_many).unwrap_or_default();
        let reply = Reply { items, raw, ..Reply::default() };
        let cookies = cookies.iter().map(|&cookie| cookie.to_owned()).collect();
        let answer = Received { cookies, ..Received::default() };
        Token::find(&reply, &answer).map(|token| token.0.expose_secret().to_owned())
    }

    #[test]
    fn the_token_is_found_wherever_it_is() {
        let token = Some("##1C8F".to_owned());
        assert_eq!(found(json!({"sessionid": "##1C8F"}), &[]), token);
        assert_eq!(found(json!({"login": [{"sessionid": "##1C8F"}]}), &[]), token);
        assert_eq!(found(json!({}), &["SESSID=deleted; path=/", "sessionid=%23%231C8F; path=/nitro/v1"]), token);
        assert_eq!(found(json!({}), &["NITRO_AUTH_TOKEN=%23%231C8F;path=/nitro/v1"]), token);
        assert_eq!(found(json!({}), &["SESSID=deleted", "NITRO_AUTH_TOKEN=deleted"]), None);
    }

    #[test]
    fn no_token_can_break_out_of_its_header() {
        let token = Token("##A\r\nX: y; z=%1é".to_owned().into());
        assert_eq!(token.cookie(), "NITRO_AUTH_TOKEN=##A%0D%0AX:%20y%3B%20z=%251%C3%A9");
    }

    #[test]
    fn a_login_can_be_printed() {
        let credentials = Credentials { user: "nsroot".to_owned(), secret: "geheim".to_owned().into() };
        let (request, body) = login_request(&credentials, std::time::Duration::from_mins(15));
        assert!(!format!("{request:?} {credentials:?}").contains("geheim"));
        assert!(String::from_utf8(body).unwrap().contains("\"timeout\":900"));
    }
}
