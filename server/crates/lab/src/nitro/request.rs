//! What a URL asks for: section, resource, name, options.

use crate::schema::Schema;
use http::HeaderMap;
use percent_encoding::percent_decode_str;

/// A request as it came in.
#[derive(Clone, Debug)]
pub(super) struct Request {
    pub method: String,
    /// Still encoded.
    pub path: String,
    /// Still encoded, without the question mark.
    pub query: String,
    pub headers: HeaderMap,
    pub body: Vec<u8>,
}

/// Where a path leads.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Place {
    /// `/nitro/v1/config/<resource>/<name>`; very old clients leave both out and name the resource in the body.
    Config { resource: Option<String>, name: Option<String> },
    /// `/nitro/v1/stat/<resource>/<name>`.
    Stat { resource: String, name: Option<String> },
    /// Not NITRO at all.
    Elsewhere,
}

impl Request {
    pub fn place(&self) -> Place {
        // A doubled slash is forgiven, as the real thing does.
        let mut parts = self.path.split('/').filter(|part| !part.is_empty());
        if (parts.next(), parts.next()) != (Some("nitro"), Some("v1")) {
            return Place::Elsewhere;
        }
        match parts.next() {
            Some("config") => {
                let resource = parts.next().map(decode);
                // A file may have a plus in its name, an object may not.
                let named = if resource.as_deref() == Some("systemfile") { decode_twice } else { decode_name };
                let name = parts.map(named).collect::<Vec<_>>().join("/");
                Place::Config { resource, name: (!name.is_empty()).then_some(name) }
            }
            Some("stat") => {
                let resource = parts.next().map(decode).unwrap_or_default();
                let name = parts.map(decode_name).collect::<Vec<_>>().join("/");
                Place::Stat { resource, name: (!name.is_empty()).then_some(name) }
            }
            _ => Place::Elsewhere,
        }
    }

    /// One option, decoded.
    pub fn option(&self, name: &str) -> Option<String> {
        self.raw(name).map(decode)
    }

    /// `count=yes`, `bulkbindings=true`.
    pub fn flag(&self, name: &str) -> bool {
        self.option(name).is_some_and(|value| matches!(value.to_ascii_lowercase().as_str(), "yes" | "true"))
    }

    /// `filter=a:b,c:d`, as pairs.
    ///
    /// Values are encoded once and may hold colons and commas of their own, so the text is cut before it is decoded;
    /// but some HTTP libraries encode the separators too, and then it has to be the other way round. The vendor's Go
    /// client does that to values that its callers have encoded already.
    pub fn pairs(&self, name: &str) -> Vec<(String, String)> {
        let Some(raw) = self.raw(name) else { return Vec::new() };
        let cut_first = raw.contains(':');
        let text = if cut_first { raw.to_owned() } else { decode(raw) };
        text.split(',')
            .filter(|part| !part.is_empty())
            .map(|part| {
                let (key, value) = part.split_once(':').unwrap_or((part, ""));
                if cut_first { (decode(key), decode(value)) } else { (key.to_owned(), decode_name(value)) }
            })
            .collect()
    }

    /// The name and the other `args`: some clients put the name into `args` like everything else, or there as well.
    pub fn identified(
        &self,
        schema: &Schema,
        known: &[&str],
        name: Option<String>,
    ) -> (Option<String>, Vec<(String, String)>) {
        let mut args = self.pairs("args");
        let Some(key) = schema.key().map(|key| key.name).filter(|key| !known.contains(key)) else {
            return (name, args);
        };
        let Some(at) = args.iter().position(|(arg, _)| arg == key) else { return (name, args) };
        match name {
            // Two different names are one too many, and refused as an argument that does not belong.
            Some(name) if name != args[at].1 => (Some(name), args),
            _ => (Some(args.remove(at).1), args),
        }
    }

    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }

    fn raw(&self, name: &str) -> Option<&str> {
        self.query.split('&').filter_map(|part| part.split_once('=')).find(|(key, _)| *key == name).map(|(_, raw)| raw)
    }
}

/// Once decoded.
fn decode(text: &str) -> String {
    percent_decode_str(&text.replace('+', "%20")).decode_utf8_lossy().into_owned()
}

/// A name in a path comes encoded twice from careful clients and once from others; no legal name has a `%`. Nor has
/// one a plus, which is how the Go client writes a blank before it encodes once more.
fn decode_name(text: &str) -> String {
    decode_twice(text).replace('+', " ")
}

fn decode_twice(text: &str) -> String {
    let once = percent_decode_str(text).decode_utf8_lossy().into_owned();
    percent_decode_str(&once).decode_utf8_lossy().into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn request(path: &str, query: &str) -> Request {
        Request {
            method: "GET".to_owned(),
            path: path.to_owned(),
            query: query.to_owned(),
            headers: HeaderMap::new(),
            body: Vec::new(),
        }
    }

    #[test]
    fn names_are_decoded_once_or_twice() {
        for name in ["a%20b%2Fc", "a%2520b%252Fc", "a%2Bb%252Fc"] {
            let place = request(&format!("/nitro//v1/config/lbvserver/{name}"), "").place();
            let Place::Config { resource, name } = place else { panic!("{place:?}") };
            assert_eq!((resource.as_deref(), name.as_deref()), (Some("lbvserver"), Some("a b/c")));
        }
        let place = Place::Stat { resource: "ns".to_owned(), name: None };
        assert_eq!(request("/nitro/v1/stat/ns", "").place(), place);
        assert_eq!(request("/", "").place(), Place::Elsewhere);
    }

    #[test]
    fn pairs_survive_both_ways_of_encoding() {
        let expected = vec![("appcontroller".to_owned(), "https://x:8443".to_owned())];
        assert_eq!(request("/", "args=appcontroller:https%3A%2F%2Fx%3A8443").pairs("args"), expected);
        assert_eq!(request("/", "args=appcontroller%3Ahttps%3A%2F%2Fx%3A8443").pairs("args"), expected);
        assert_eq!(request("/", "args=appcontroller%3Ahttps%253A%252F%252Fx%253A8443").pairs("args"), expected);
        assert_eq!(request("/", "filter=name:%2F%5Exm%2C%2F,port:443").pairs("filter").len(), 2);
        assert!(request("/", "count=yes").flag("count"));
    }
}
