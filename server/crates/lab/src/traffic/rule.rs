//! The expressions that a virtual server's `rule` may be: those that take one value out of a request.
//!
//! Anything else finds nothing, which is what a wrong expression does to persistence.

use http::{HeaderMap, header, request::Parts};
use percent_encoding::percent_decode_str;

/// The value that an expression finds in a request.
pub(super) fn value(expression: &str, head: &Parts) -> Option<String> {
    let expression = expression.trim();
    let argument = |call: &str| argument(expression, call);
    let found = if let Some(name) = argument("HTTP.REQ.COOKIE.VALUE") {
        cookie(&head.headers, name)
    } else if let Some(name) = argument("HTTP.REQ.HEADER") {
        head.headers.get(name).and_then(|value| value.to_str().ok()).map(str::to_owned)
    } else if let Some(name) = argument("HTTP.REQ.URL.QUERY.VALUE") {
        let pairs = head.uri.query().unwrap_or_default().split('&').filter_map(|pair| pair.split_once('='));
        let value = pairs.into_iter().find(|(key, _)| *key == name)?.1;
        Some(percent_decode_str(value).decode_utf8_lossy().into_owned())
    } else {
        None
    };
    found.filter(|value| !value.is_empty())
}

/// A cookie by its exact name; the first one if there are several.
pub(super) fn cookie(headers: &HeaderMap, name: &str) -> Option<String> {
    let lines = headers.get_all(header::COOKIE).iter().filter_map(|value| value.to_str().ok());
    let mut pairs = lines.flat_map(|line| line.split(';')).filter_map(|pair| pair.trim().split_once('='));
    pairs.find(|(key, _)| *key == name).map(|(_, value)| value.trim().to_owned())
}

/// The one text in the brackets of a call; its words come in any case.
fn argument<'a>(expression: &'a str, call: &str) -> Option<&'a str> {
    let (words, rest) = expression.split_at_checked(call.len())?;
    let inside = rest.trim().strip_prefix('(')?.strip_suffix(')')?.trim();
    let name = inside.strip_prefix('"')?.strip_suffix('"')?;
    (words.eq_ignore_ascii_case(call) && !name.contains('"')).then_some(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn expressions_take_one_value_out_of_a_request() {
        let request = http::Request::get("/store?node=7&x=a%20b")
            .header("Cookie", "JSESSIONID=abc; ACNODEID=169090571")
            .header("Cookie", "other=1")
            .header("X-Node", "5");
        let (head, ()) = request.body(()).unwrap().into_parts();
        for (expression, found) in [
            (r#"HTTP.REQ.COOKIE.VALUE("ACNODEID")"#, Some("169090571")),
            (r#" http.req.cookie.value( "ACNODEID" ) "#, Some("169090571")),
            (r#"HTTP.REQ.COOKIE.VALUE("other")"#, Some("1")),
            (r#"HTTP.REQ.COOKIE.VALUE("acnodeid")"#, None),
            (r#"HTTP.REQ.HEADER("x-node")"#, Some("5")),
            (r#"HTTP.REQ.URL.QUERY.VALUE("x")"#, Some("a b")),
            (r#"HTTP.REQ.COOKIE("ACNODEID")"#, None),
            (r#"HTTP.REQ.COOKIE.VALUE("ACNODEID").BEFORE_STR("1")"#, None),
            ("HTTP.REQ.COOKIE.VALUE(ACNODEID)", None),
            ("true", None),
            ("", None),
        ] {
            assert_eq!(value(expression, &head).as_deref(), found, "{expression}");
        }
    }
}
