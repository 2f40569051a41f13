//! The session's token, and how one is asked for (`nitro.md` 1.3, 1.4).

use crate::{Credentials, Reply, Request, Resource, de, resource::Login};
use percent_encoding::percent_decode_str;
use secrecy::{ExposeSecret, SecretString};
use serde_json::json;
use std::fmt::Write as _;
use wire::Received;

/// What the appliance calls `NITRO_AUTH_TOKEN` or `sessionid`.
pub(crate) struct Token {
    secret: SecretString,
    /// The cookie that it came in, where that has a name which no document knows.
    renamed: Option<String>,
}

const NAMES: &[&str] = &["NITRO_AUTH_TOKEN", "sessionid"];

impl Token {
    /// The value of the `Cookie` header. What could end the cookie or the header is percent-encoded; the appliance
    /// takes both forms.
    pub(crate) fn cookie(&self) -> String {
        let mut value = String::new();
        for byte in self.secret.expose_secret().bytes() {
            match byte {
                b';' | b',' | b'"' | b'\\' | b'%' => {
                    let _ = write!(value, "%{byte:02X}");
                }
                0x21..=0x7E => value.push(char::from(byte)),
                _ => {
                    let _ = write!(value, "%{byte:02X}");
                }
            }
        }
        let again = self.renamed.as_ref().map_or(String::new(), |name| format!("; {name}={value}"));
        format!("NITRO_AUTH_TOKEN={value}{again}")
    }

    /// From the body's `sessionid`, else from either cookie, where it is percent-encoded; else from any cookie whose
    /// value looks like a token, `##…`, which then goes back under its own name as well.
    pub(crate) fn find(reply: &Reply, answer: &Received) -> Option<Self> {
        let frame = reply.raw.as_object().into_iter().flatten();
        let body = frame
            .filter(|(key, _)| key.eq_ignore_ascii_case("sessionid"))
            .find_map(|(_, value)| de::as_text(value))
            .or_else(|| reply.typed::<Login>().ok()?.into_iter().find_map(|login| login.value.sessionid))
            .filter(|token| !token.is_empty());
        let cookies: Vec<(&str, String)> = answer.cookies.iter().filter_map(|header| cookie(header)).collect();
        let named = |wanted: &&str| cookies.iter().find(|(name, _)| name.eq_ignore_ascii_case(wanted));
        if let Some(secret) = body.or_else(|| Some(NAMES.iter().find_map(named)?.1.clone())) {
            return Some(Self { secret: secret.into(), renamed: None });
        }
        let (name, secret) = cookies.into_iter().find(|(name, value)| value.starts_with("##") && word(name))?;
        Some(Self { secret: secret.into(), renamed: Some(name.to_owned()) })
    }
}

/// A cookie's name as RFC 6265 has it, which can go back as it came.
fn word(name: &str) -> bool {
    !name.is_empty() && name.bytes().all(|b| b.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&b))
}

/// Name and value, decoded; none for one that is being deleted.
fn cookie(header: &str) -> Option<(&str, String)> {
    let (name, value) = header.split(';').next()?.split_once('=')?;
    let value = percent_decode_str(value.trim().trim_matches('"')).decode_utf8_lossy().into_owned();
    (!value.is_empty() && value != "deleted").then(|| (name.trim(), value))
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
    use serde_json::Value;

    fn found(raw: Value, cookies: &[&str]) -> Option<String> {
        let items = raw.get("login").cloned().and_then(de::one_or_many).unwrap_or_default();
        let reply = Reply { items, raw, ..Reply::default() };
        let cookies = cookies.iter().map(|&cookie| cookie.to_owned()).collect();
        let answer = Received { cookies, ..Received::default() };
        Token::find(&reply, &answer).map(|token| token.secret.expose_secret().to_owned())
    }

    #[test]
    fn the_token_is_found_wherever_it_is() {
        let token = Some("##1C8F".to_owned());
        assert_eq!(found(json!({"sessionid": "##1C8F"}), &[]), token);
        assert_eq!(found(json!({"login": [{"sessionid": "##1C8F"}]}), &[]), token);
        assert_eq!(found(json!({}), &["SESSID=deleted; path=/", "sessionid=%23%231C8F; path=/nitro/v1"]), token);
        assert_eq!(found(json!({}), &["NITRO_AUTH_TOKEN=%23%231C8F;path=/nitro/v1"]), token);
        assert_eq!(found(json!({"SessionId": "##1C8F"}), &[]), token);
        assert_eq!(found(json!({}), &["SESSIONID=\"##1C8F\"; HttpOnly"]), token);
        assert_eq!(found(json!({}), &["SESSID=deleted", "NITRO_AUTH_TOKEN=deleted"]), None);
    }

    #[test]
    fn a_renamed_cookie_goes_back_under_its_new_name() {
        let cookies = vec!["SESSID=deleted".to_owned(), "JSESSION=x".to_owned(), "NSSID=%23%231C8F; path=/".to_owned()];
        let answer = Received { cookies, ..Received::default() };
        let token = Token::find(&Reply::default(), &answer).unwrap();
        assert_eq!(token.cookie(), "NITRO_AUTH_TOKEN=##1C8F; NSSID=##1C8F");
        let cookies = vec!["X Y=##1".to_owned(), "other=1".to_owned()];
        assert!(Token::find(&Reply::default(), &Received { cookies, ..Received::default() }).is_none());
    }

    /// Here and not among the others, because nothing outside of the crate may see a token.
    #[test]
    fn fuzz_logins() {
        fuzz::check!("logins", from "answers", 1000, |input: &[u8]| {
            let text = String::from_utf8_lossy(input);
            let cookies = text.lines().filter_map(|line| line.strip_prefix("Set-Cookie:").map(str::to_owned)).collect();
            let end = input.windows(4).position(|four| four == b"\r\n\r\n").map_or(0, |at| at + 4);
            let (raw, items) = match wire::json::parse(input.get(end..).unwrap_or_default(), "errorcode") {
                Ok(raw) => (raw.clone(), raw.get("login").cloned().and_then(de::one_or_many).unwrap_or_default()),
                Err(_) => (Value::Null, Vec::new()),
            };
            let reply = Reply { items, raw, ..Reply::default() };
            if let Some(token) = Token::find(&reply, &Received { cookies, ..Received::default() }) {
                assert!(http::HeaderValue::from_str(&token.cookie()).is_ok(), "every token fits into a header");
            }
        });
    }

    #[test]
    fn no_token_can_break_out_of_its_header() {
        let token = Token { secret: "##A\r\nX: y; z=%1é".to_owned().into(), renamed: None };
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
