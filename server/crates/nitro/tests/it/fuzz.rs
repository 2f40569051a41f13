//! Fuzz targets: each decoder, with a corpus in `corpus/`. See the crate `fuzz`.

use nitro::{
    Base, ConnectBy, Endpoint, Error, Item, Object, Reply, Request, Resource, Trust,
    audit::Command,
    resource::{
        HaNode, LbVserver, LbVserverServiceGroupBinding, Login, NsConfig, NsFeature, NsIp, NsVersion, Server,
        ServiceGroup, ServiceGroupEntityMonBinding, ServiceGroupMember, Version,
    },
    response::{Answer, Expect, decode},
};
use serde_json::Value;

/// An answer as it is written in the corpus: a status line, headers, a blank line, the body.
struct Wire<'a> {
    status: u16,
    headers: Vec<(String, String)>,
    body: &'a [u8],
}

impl<'a> Wire<'a> {
    fn read(input: &'a [u8]) -> Self {
        let end = input.windows(4).position(|four| four == b"\r\n\r\n").map_or(0, |at| at + 4);
        let (head, body) = input.split_at(end);
        let head = String::from_utf8_lossy(head);
        let mut lines = head.lines();
        let status = lines.next().and_then(|line| line.split(' ').nth(1)?.parse().ok()).unwrap_or(200);
        let headers = lines
            .filter_map(|line| line.split_once(':'))
            .map(|(name, value)| (name.to_ascii_lowercase(), value.trim().to_owned()))
            .collect();
        Self { status, headers, body }
    }

    fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    fn answer(&self) -> Answer<'_> {
        Answer {
            status: self.status,
            content_type: self.header("content-type"),
            warning: self.header("x-nitro-warning"),
            body: self.body,
        }
    }
}

fn said(error: &Error) {
    let sentence = error.sentence();
    assert!(!sentence.is_empty() && !error.to_string().is_empty());
    if let Error::Decode { excerpt, .. } = error {
        assert!(excerpt.chars().count() <= 200 && !excerpt.chars().any(char::is_control));
    }
    let _ = (error.maybe_sent(), error.is_absent(), error.is_auth(), error.session_expired(), error.code());
}

/// All typed readers over one answer: each item is kept as it came.
fn all(reply: &Reply) {
    fn one<T: Resource>(reply: &Reply) {
        match reply.typed::<T>() {
            Ok(items) => assert!(items.iter().map(|item| &item.raw).eq(&reply.items), "nothing is left out or changed"),
            Err(error) => said(&error),
        }
    }
    let _ = reply.count();
    one::<HaNode>(reply);
    one::<LbVserver>(reply);
    one::<LbVserverServiceGroupBinding>(reply);
    one::<NsConfig>(reply);
    one::<NsFeature>(reply);
    one::<NsIp>(reply);
    one::<NsVersion>(reply);
    one::<Server>(reply);
    one::<ServiceGroup>(reply);
    one::<ServiceGroupEntityMonBinding>(reply);
    one::<ServiceGroupMember>(reply);
    one::<Login>(reply);
}

#[test]
fn fuzz_answers() {
    fuzz::check!("answers", 2000, |input: &[u8]| {
        let wire = Wire::read(input);
        // The resource that the answer is about, where it says so, and one that it is not about.
        let about = serde_json::from_slice::<Value>(wire.body).ok();
        let frame = ["errorcode", "message", "severity"];
        let about = about.as_ref().and_then(Value::as_object);
        let about = about.and_then(|map| map.keys().find(|key| !frame.contains(&key.as_str())));
        for resource in [about.map_or("lbvserver", String::as_str), "servicegroup"] {
            for expect in [Expect::Items, Expect::Done] {
                match decode(wire.answer(), expect, resource) {
                    Ok(reply) => {
                        assert!((200..300).contains(&wire.status));
                        all(&reply);
                    }
                    Err(error) => said(&error),
                }
            }
        }
    });
}

#[test]
fn fuzz_items() {
    fn one<T: Resource>(raw: &Object) {
        match Item::<T>::read(raw.clone()) {
            Ok(item) => assert_eq!(item.raw, *raw),
            Err(error) => said(&error),
        }
    }
    fuzz::check!("items", 2000, |input: &[u8]| {
        let Ok(raw) = serde_json::from_slice::<Object>(input) else { return };
        one::<HaNode>(&raw);
        one::<LbVserver>(&raw);
        one::<LbVserverServiceGroupBinding>(&raw);
        one::<NsConfig>(&raw);
        one::<NsIp>(&raw);
        one::<NsVersion>(&raw);
        one::<Server>(&raw);
        one::<ServiceGroup>(&raw);
        one::<ServiceGroupEntityMonBinding>(&raw);
        one::<ServiceGroupMember>(&raw);
        if let Ok(features) = Item::<NsFeature>::read(raw.clone()) {
            let _ = (features.is_on("LB"), features.is_on(""));
        }
        if let Ok(member) = Item::<ServiceGroupMember>::read(raw.clone()) {
            let _ = member.custom_server_id();
        }
        if let Ok(monitor) = Item::<ServiceGroupEntityMonBinding>::read(raw) {
            let _ = monitor.member();
        }
    });
}

#[test]
fn fuzz_audit_lines() {
    fuzz::check!("audit_lines", 2000, |input: &[u8]| {
        let line = String::from_utf8_lossy(input);
        let Some(command) = Command::read(&line) else { return };
        let _ = (command.is_change(), command.is_internal(), command.is_done());
        for text in [&command.user, &command.from, &command.command, &command.status, &command.time] {
            assert!(text.chars().count() <= 601 && !text.chars().any(char::is_control), "{text:?}");
        }
    });
}

#[test]
fn fuzz_addresses() {
    fuzz::check!("addresses", 1000, |input: &[u8]| {
        let text = String::from_utf8_lossy(input);
        if let Ok(base) = text.parse::<Base>() {
            assert_eq!(base.to_string().parse::<Base>().as_ref(), Ok(&base), "shown as it is read");
            let endpoint =
                Endpoint { base, connect_by: ConnectBy::Socks5(text.clone().into_owned()), trust: Trust::SystemRoots };
            let stored = serde_json::to_string(&endpoint).unwrap();
            assert_eq!(serde_json::from_str::<Endpoint>(&stored).unwrap(), endpoint);
        }
        let _ = serde_json::from_slice::<Endpoint>(input).is_ok();
    });
}

#[test]
fn fuzz_versions() {
    fuzz::check!("versions", 1000, |input: &[u8]| {
        if let Some(version) = Version::parse(&String::from_utf8_lossy(input)) {
            let shown = format!("NS{}.{}: Build {}.{}", version.major, version.minor, version.build.0, version.build.1);
            assert_eq!(Version::parse(&shown), Some(version));
        }
    });
}

#[test]
fn fuzz_requests() {
    fuzz::check!("requests", 1000, |input: &[u8]| {
        let Ok(request) = serde_json::from_slice::<Request>(input) else { return };
        let path = request.path_and_query();
        assert!(path.starts_with("/nitro/v1/"));
        let stored = serde_json::to_string(&request).unwrap();
        assert_eq!(serde_json::from_str::<Request>(&stored).unwrap().path_and_query(), path);
        let _ = (format!("{request:?}"), request.is_write());
    });
}
