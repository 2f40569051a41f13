//! What a body carries: one resource, one or many objects, and the wrappings of older clients.

use super::request::Request;
use crate::refusal::{Outcome, Refusal};
use percent_encoding::percent_decode_str;
use serde_json::{Map, Value};

/// A body, unwrapped.
#[derive(Clone, Debug)]
pub(super) struct Payload {
    pub resource: String,
    pub items: Vec<Map<String, Value>>,
    pub params: Params,
    /// `sessionid` beside the resource, from the same clients.
    pub session: Option<String>,
}

/// `params` beside the resource: what 9.3 and 10.1 clients put where newer ones have query options and headers.
#[derive(Clone, Debug, Default)]
pub(super) struct Params {
    pub action: Option<String>,
    pub on_error: Option<String>,
    /// Whether to tell warnings, in the body.
    pub warning: bool,
}

impl Params {
    fn read(params: &Value) -> Self {
        let text = |name: &str| params.get(name).and_then(Value::as_str).map(str::to_owned);
        let warning = text("warning").is_some_and(|word| word.eq_ignore_ascii_case("yes"));
        Self { action: text("action"), on_error: text("onerror"), warning }
    }
}

/// Reads the body of a write. `expected` is the resource of the URL; without one the body names it.
pub(super) fn payload(request: &Request, expected: Option<&str>) -> Outcome<Payload> {
    if let (Some(named), Some(expected)) = (vendor_resource(request), expected)
        && named != expected
    {
        return Err(Refusal::new(1233));
    }
    if vendor_xml(request) {
        return Err(Refusal::new(1233));
    }
    let text = std::str::from_utf8(&request.body).map_err(|_| Refusal::new(1233))?.trim();
    if text.is_empty() {
        let resource = expected.ok_or(Refusal::new(1233))?.to_owned();
        return Ok(Payload { resource, items: vec![Map::new()], params: Params::default(), session: None });
    }
    let value = parse(text).ok_or(Refusal::new(1233))?;
    let Value::Object(mut members) = value else { return Err(Refusal::new(1234)) };
    let params = members.remove("params").as_ref().map(Params::read).unwrap_or_default();
    let session = members.remove("sessionid").and_then(|id| id.as_str().map(str::to_owned));
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
    Ok(Payload { resource, items, params, session })
}

/// The body for the log: JSON where it is JSON, with every secret replaced.
pub(super) fn for_the_log(request: &Request) -> Value {
    let Ok(text) = std::str::from_utf8(&request.body) else {
        return Value::String(format!("{} bytes that are not text", request.body.len()));
    };
    if text.trim().is_empty() {
        return Value::Null;
    }
    match parse(text.trim()) {
        Some(mut value) => {
            redact(&mut value);
            value
        }
        // Broken JSON may hold a password where no parser finds it.
        None if SECRETS.iter().any(|word| text.to_ascii_lowercase().contains(word)) => "(unreadable, withheld)".into(),
        None => Value::String(text.to_owned()),
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

/// Whether a body is a form, `object=<encoded JSON>`, as very old clients post it.
pub(super) fn is_form(body: &[u8]) -> bool {
    body.starts_with(b"object=")
}

/// JSON, bare or in a form. In forms a text may stand in single quotes: a Python dictionary as it prints itself.
fn parse(text: &str) -> Option<Value> {
    let Some(form) = text.strip_prefix("object=") else { return serde_json::from_str(text).ok() };
    let form = percent_decode_str(&form.replace('+', "%20")).decode_utf8_lossy().into_owned();
    serde_json::from_str(&form).or_else(|_| serde_json::from_str(&requoted(&form))).ok()
}

/// Texts in single quotes put into double ones, with or without Python's `u` in front.
fn requoted(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut quote = None;
    let mut rest = text.chars().peekable();
    while let Some(next) = rest.next() {
        match (quote, next) {
            (None, 'u') if matches!(rest.peek(), Some('\'' | '"')) => {}
            (None, '\'' | '"') => {
                quote = Some(next);
                out.push('"');
            }
            (Some(open), _) if next == open => {
                quote = None;
                out.push('"');
            }
            (Some('\''), '"') => out.push_str("\\\""),
            (Some(_), '\\') if rest.peek() == Some(&'\'') => out.extend(rest.next()),
            (Some(_), '\\') => {
                out.push('\\');
                out.extend(rest.next());
            }
            _ => out.push(next),
        }
    }
    out
}

/// The vendor's type says XML, which is not spoken here, and JSON under that name is a mismatch (1.5).
fn vendor_xml(request: &Request) -> bool {
    let kind = request.header("content-type").and_then(|kind| kind.split(';').next()).unwrap_or_default().trim();
    kind.starts_with("application/vnd.com.citrix.netscaler.") && kind.ends_with("+xml")
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
    use super::*;
    use http::HeaderMap;
    use serde_json::json;

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
        assert_eq!((payload.resource.as_str(), payload.params.action.as_deref()), ("lbvserver", Some("enable")));
        assert_eq!(payload.items[0]["name"], "a");
    }

    #[test]
    fn a_python_dictionary_in_a_form_is_read() {
        let form = |text: &str| format!("object={}", text.replace('%', "%25").replace('+', "%2B"));
        for text in [
            r#"{'login': {'username': 'nsroot', 'password': 'a"b'}}"#,
            r#"{u'login': {u'username': u'nsroot', u'password': u'a"b'}}"#,
            r#"{"login": {"username": "nsroot", "password": "a\"b"}}"#,
        ] {
            let payload = payload(&request(&form(text)), None).unwrap();
            assert_eq!(payload.items[0]["password"], "a\"b", "{text}");
        }
        let names = payload(&request(&form(r#"{'server': {'name': "o'brien", 'comment': 'it\'s'}}"#)), None).unwrap();
        assert_eq!((&names.items[0]["name"], &names.items[0]["comment"]), (&json!("o'brien"), &json!("it's")));
        assert_eq!(payload(&request("{'server': {}}"), None).unwrap_err().code, 1233, "only in forms");
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
