//! What a body carries: one resource, one or many objects, and the wrappings of older clients.

use percent_encoding::percent_decode_str;
use serde_json::{Map, Value};

use super::request::Request;
use crate::refusal::{Outcome, Refusal};

/// A body, unwrapped.
#[derive(Clone, Debug)]
pub(super) struct Payload {
    pub resource: String,
    pub items: Vec<Map<String, Value>>,
    /// `params.action` of 9.3 and 10.1 clients.
    pub action: Option<String>,
    /// `sessionid` beside the resource, from the same clients.
    pub session: Option<String>,
}

/// Reads the body of a write. `expected` is the resource of the URL; without one the body names it.
pub(super) fn payload(request: &Request, expected: Option<&str>) -> Outcome<Payload> {
    if let (Some(named), Some(expected)) = (vendor_resource(request), expected)
        && named != expected
    {
        return Err(Refusal::new(1233));
    }
    let text = std::str::from_utf8(&request.body).map_err(|_| Refusal::new(1233))?.trim();
    if text.is_empty() {
        let resource = expected.ok_or(Refusal::new(1233))?.to_owned();
        return Ok(Payload { resource, items: vec![Map::new()], action: None, session: None });
    }
    let value = serde_json::from_str(&unwrap_form(text)).map_err(|_| Refusal::new(1233))?;
    let Value::Object(mut members) = value else { return Err(Refusal::new(1234)) };
    let params = members.remove("params");
    let session = members.remove("sessionid").and_then(|id| id.as_str().map(str::to_owned));
    let action = params.as_ref().and_then(|params| params.get("action")).and_then(Value::as_str).map(str::to_owned);
    let resource = match expected {
        Some(name) => name.to_owned(),
        None => members.keys().next().cloned().ok_or(Refusal::new(1233))?,
    };
    let items = match members.remove(&resource) {
        Some(Value::Object(item)) => vec![item],
        Some(Value::Array(items)) if !items.is_empty() => items.into_iter().map(object).collect::<Outcome<_>>()?,
        Some(_) => return Err(Refusal::new(1234)),
        None => return Err(Refusal::about(1233, &[&resource])),
    };
    Ok(Payload { resource, items, action, session })
}

/// The body for the log: JSON where it is JSON, with every secret replaced.
pub(super) fn for_the_log(request: &Request) -> Value {
    let Ok(text) = std::str::from_utf8(&request.body) else {
        return Value::String(format!("{} bytes that are not text", request.body.len()));
    };
    if text.trim().is_empty() {
        return Value::Null;
    }
    match serde_json::from_str(&unwrap_form(text.trim())) {
        Ok(mut value) => {
            redact(&mut value);
            value
        }
        // Broken JSON may hold a password where no parser finds it.
        Err(_) if SECRETS.iter().any(|word| text.to_ascii_lowercase().contains(word)) => {
            "(unreadable, withheld)".into()
        }
        Err(_) => Value::String(text.to_owned()),
    }
}

/// What the names of secrets have in them: a file may be a private key.
const SECRETS: &[&str] = &["password", "passplain", "filecontent", "radkey", "passphrase"];

fn is_secret(name: &str) -> bool {
    SECRETS.iter().any(|word| name.to_ascii_lowercase().contains(word))
}

fn redact(value: &mut Value) {
    match value {
        Value::Object(members) => {
            for (name, member) in members {
                if is_secret(name) {
                    *member = "***".into();
                } else {
                    redact(member);
                }
            }
        }
        Value::Array(values) => values.iter_mut().for_each(redact),
        _ => {}
    }
}

/// `object=<encoded JSON>` of very old clients, or the text as it is.
fn unwrap_form(text: &str) -> String {
    match text.strip_prefix("object=") {
        Some(form) => percent_decode_str(&form.replace('+', "%20")).decode_utf8_lossy().into_owned(),
        None => text.to_owned(),
    }
}

/// The resource in `application/vnd.com.citrix.netscaler.<resource>+json`.
fn vendor_resource(request: &Request) -> Option<String> {
    let kind = request.header("content-type")?.split(';').next()?.trim();
    let name = kind.strip_prefix("application/vnd.com.citrix.netscaler.")?.strip_suffix("+json")?;
    Some(name.strip_suffix("_list").unwrap_or(name).to_owned())
}

fn object(value: Value) -> Outcome<Map<String, Value>> {
    match value {
        Value::Object(item) => Ok(item),
        _ => Err(Refusal::new(1234)),
    }
}

#[cfg(test)]
mod tests {
    use http::HeaderMap;
    use serde_json::json;

    use super::*;

    fn request(body: &str) -> Request {
        Request {
            method: "POST".to_owned(),
            path: String::new(),
            query: String::new(),
            headers: HeaderMap::new(),
            body: body.as_bytes().to_vec(),
        }
    }

    #[test]
    fn old_forms_are_unwrapped() {
        let form = "object=%7B%22params%22%3A%7B%22action%22%3A%22enable%22%7D%2C%22lbvserver%22%3A%7B%22name%22%3A%22a%22%7D%7D";
        let payload = payload(&request(form), None).unwrap();
        assert_eq!((payload.resource.as_str(), payload.action.as_deref()), ("lbvserver", Some("enable")));
        assert_eq!(payload.items[0]["name"], "a");
    }

    #[test]
    fn broken_bodies_have_their_numbers() {
        for (body, code) in [("{", 1233), ("[]", 1234), (r#"{"server":1}"#, 1234), (r#"{"other":{}}"#, 1233)] {
            assert_eq!(payload(&request(body), Some("server")).unwrap_err().code, code, "{body}");
        }
    }

    #[test]
    fn no_password_reaches_the_log() {
        let body = r#"{"login":{"username":"nsroot","password":"secret","new_password":"geheim"}}"#;
        let expected = json!({"login": {"username": "nsroot", "password": "***", "new_password": "***"}});
        assert_eq!(for_the_log(&request(body)), expected);
        assert_eq!(for_the_log(&request(&body[..40])), "(unreadable, withheld)");
    }
}
