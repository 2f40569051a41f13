//! The session's token, and how one is asked for (`xenmobile.md` 1.2 to 1.4).

use crate::{Credentials, Error, Request};
use secrecy::{ExposeSecret, SecretString};
use serde_json::{Value, json};

/// What the server calls `auth_token`. Valid on the node that issued it only.
pub(crate) struct Token(SecretString);

impl Token {
    /// The value of the `auth_token` header.
    pub(crate) fn header(&self) -> Result<http::HeaderValue, Error> {
        let mut value = http::HeaderValue::from_str(self.0.expose_secret())
            .map_err(|_| Error::Build("the node's token does not fit into a header".to_owned()))?;
        value.set_sensitive(true);
        Ok(value)
    }

    /// From the answer to a login, in whichever spelling (`auth_token`, `auth-token`); success is its presence, not a
    /// status.
    pub(crate) fn find(body: &Value) -> Option<Self> {
        let plain = |key: &str| key.replace(['_', '-'], "").eq_ignore_ascii_case("authtoken");
        let text = body.as_object()?.iter().find(|(key, _)| plain(key))?.1.as_str()?.trim();
        let fits = !text.is_empty() && text.bytes().all(|b| b.is_ascii_graphic());
        fits.then(|| Self(text.to_owned().into()))
    }
}

const WHAT: &str = "login";

pub(crate) fn login_request(credentials: &Credentials) -> Request {
    let body = json!({"login": credentials.user, "password": credentials.secret.expose_secret()});
    Request::query("/authentication/login", WHAT, body)
}

pub(crate) fn logout_request(credentials: &Credentials) -> Request {
    Request::query("/authentication/logout", "logout", json!({"login": credentials.user}))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_is_found_in_either_spelling_or_not_at_all() {
        let found = |body: Value| Token::find(&body).map(|token| token.0.expose_secret().to_owned());
        assert_eq!(found(json!({"auth_token": "a:a"})), Some("a:a".to_owned()));
        assert_eq!(found(json!({"auth-token": " a:a\n"})), Some("a:a".to_owned()));
        assert_eq!(found(json!({"Auth_token": "a:a"})), Some("a:a".to_owned()));
        for body in [json!({}), json!({"auth_token": ""}), json!({"auth_token": 7}), json!({"auth_token": "a\r\nX: y"})]
        {
            assert_eq!(found(body.clone()), None, "{body}");
        }
    }

    /// Here and not among the others, because nothing outside of the crate may see a token.
    #[test]
    fn fuzz_logins() {
        fuzz::check!("logins", from "answers", 500, |input: &[u8]| {
            let end = input.windows(4).position(|four| four == b"\r\n\r\n").map_or(0, |at| at + 4);
            let Ok(body) = crate::response::json(input.get(end..).unwrap_or_default()) else { return };
            if let Some(token) = Token::find(&body) {
                assert!(token.header().is_ok(), "every token fits into a header");
            }
        });
    }

    #[test]
    fn a_login_can_be_printed() {
        let credentials = Credentials { user: "svc".to_owned(), secret: "geheim".to_owned().into() };
        assert!(!format!("{:?} {credentials:?}", login_request(&credentials)).contains("geheim"));
    }
}
