//! From NITRO's objects to ours.

use engine::{apply::is_remembered, kinds};
use model::{
    object::{Attrs, CERT_FOLDER, Kind, ObjectRef, Value},
    snapshot::Seen,
    state::{StateWord, Tone},
};
use nitro::{Object, Request};

/// What is read of a kind besides its configuration: its state, and facts for pages.
const fn shown(kind: Kind) -> (&'static str, &'static [&'static str]) {
    match kind {
        Kind::LbVserver => ("curstate", &["effectivestate", "health", "totalservices", "activeservices", "value"]),
        Kind::ServiceGroup => ("servicegroupeffectivestate", &["value"]),
        Kind::Member => ("svrstate", &["statechangetimesec"]),
        Kind::Server => ("state", &[]),
        Kind::Address => ("state", &["netmask"]),
        Kind::CertKey => (
            "",
            &["subject", "issuer", "clientcertnotbefore", "clientcertnotafter", "daystoexpiration", "status", "sandns"],
        ),
        Kind::AddressRecord => ("", &["ttl", "authtype"]),
        Kind::Gateway => ("curstate", &["curaaausers", "value"]),
        Kind::Feature
        | Kind::LbVserverGroup
        | Kind::CertFile
        | Kind::CertLink
        | Kind::VserverCert
        | Kind::AppController
        | Kind::SessionAction
        | Kind::GatewayPolicy
        | Kind::SessionPolicy
        | Kind::Config => ("", &[]),
    }
}

/// The query for all objects of a kind, with no more attributes than we use: beside a thousand foreign objects the
/// difference is megabytes.
pub fn list(kind: Kind) -> Request {
    let rules = kinds::of(kind);
    let request = Request::get(rules.resource);
    match kind {
        // The folder is listed, never one file: that answer would hold the private key (3.28). Whether a listing takes
        // `attrs` is not known.
        Kind::CertFile => return request.arg("filelocation", CERT_FOLDER),
        // The chain is an attribute of the certificate key, and comes with it.
        Kind::CertKey => {}
        _ if rules.bound => return request.bulk_bindings(),
        _ => {}
    }
    let (state, facts) = shown(kind);
    let more = std::iter::once(state).chain(facts.iter().copied()).filter(|name| !name.is_empty());
    let chain = (kind == Kind::CertKey).then_some("linkcertkeyname");
    request.attrs(rules.fields().filter(readable(kind)).chain(more).chain(chain).collect::<Vec<_>>())
}

/// Contents of files are sent and never asked for; a virtual server's switch is set and never told (`nitro.md` 3.11).
fn readable(kind: Kind) -> impl Fn(&&'static str) -> bool {
    let told = move |attribute: &kinds::Attribute| {
        attribute.is_write_only() || (attribute.is_switch() && kind == Kind::LbVserver)
    };
    move |name| !kinds::of(kind).attribute(name).is_some_and(told)
}

/// What an item stands for: itself, and with a certificate key the link of its chain.
pub fn all_seen(kind: Kind, raw: &Object) -> Vec<Seen> {
    let chain = (kind == Kind::CertKey).then(|| seen(Kind::CertLink, raw)).flatten();
    seen(kind, raw).into_iter().chain(chain).collect()
}

/// One object as it was read. `None` when a part of its key is missing, and for items that stand for something else: a
/// certificate key without a chain, a virtual server's CA certificate, an answer that a name server gave.
pub fn seen(kind: Kind, raw: &Object) -> Option<Seen> {
    one(kind, raw).filter(|seen| is_one(kind, raw) && !is_remembered(seen))
}

fn one(kind: Kind, raw: &Object) -> Option<Seen> {
    let rules = kinds::of(kind);
    let part = |part: &kinds::KeyPart| Some(kinds::spelled(part.form, &text(raw.get(part.name)?)?));
    let key = rules.key.iter().map(part).collect::<Option<Vec<_>>>()?;
    let (state, facts) = shown(kind);
    let word = raw.get(state).and_then(text).map(StateWord);
    let facts: Attrs =
        facts.iter().filter_map(|name| Some(((*name).to_owned(), Value::Text(text(raw.get(*name)?)?)))).collect();
    let mut attrs = kinds::normalise_json(kind, raw);
    if kind == Kind::LbVserver && word.as_ref().is_some_and(out_of_service) {
        attrs.insert(kinds::STATE.to_owned(), kinds::OFF.into());
    }
    Some(Seen { object: ObjectRef { kind, key }, attrs, state: word, facts })
}

/// A virtual server says so when it was disabled, and never otherwise (`nitro.md` 3.11).
fn out_of_service(word: &StateWord) -> bool {
    word.tone() == Tone::Quiet
}

/// An address record that is an answer which somebody gave and which is remembered.
pub fn remembered(kind: Kind, raw: &Object) -> Option<Seen> {
    if kind != Kind::AddressRecord {
        return None;
    }
    one(kind, raw).filter(is_remembered)
}

fn is_one(kind: Kind, raw: &Object) -> bool {
    let said = |name: &str| raw.get(name).and_then(text).unwrap_or_default();
    match kind {
        Kind::CertLink => !said("linkcertkeyname").is_empty(),
        // CA and SNI certificates are bound beside the server's own (3.14).
        Kind::VserverCert => ["ca", "snicert"].iter().all(|flag| !said(flag).eq_ignore_ascii_case("true")),
        _ => true,
    }
}

fn text(value: &serde_json::Value) -> Option<String> {
    match value {
        serde_json::Value::String(text) => Some(text.clone()),
        serde_json::Value::Number(number) => Some(number.to_string()),
        serde_json::Value::Bool(on) => Some(on.to_string()),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_member_is_read_whatever_the_numbers_look_like() {
        for port in [serde_json::json!(443), serde_json::json!("443")] {
            let raw = serde_json::json!({
                "servicegroupname": "sg", "servername": "xms01", "port": port, "svrstate": "UP", "weight": "1",
                "customserverid": "None", "state": "ENABLED",
            });
            let member = seen(Kind::Member, raw.as_object().unwrap()).unwrap();
            assert_eq!(member.object, ObjectRef::member("sg", "xms01", 443));
            assert_eq!(member.state.unwrap().0, "UP");
            assert!(member.attrs.is_empty(), "defaults are left out: {:?}", member.attrs);
        }
        assert!(seen(Kind::Member, serde_json::json!({"servername": "x"}).as_object().unwrap()).is_none());
    }

    #[test]
    fn a_virtual_server_tells_by_its_state_alone_that_it_is_disabled() {
        let read = |word: &str| {
            let raw = serde_json::json!({ "name": "v", "servicetype": "SSL_BRIDGE", "curstate": word });
            seen(Kind::LbVserver, raw.as_object().unwrap()).unwrap()
        };
        assert!(kinds::is_off(&read("OUT OF SERVICE").attrs));
        for word in ["UP", "DOWN", "GOING OUT OF SERVICE", "", "Unknown"] {
            assert!(!kinds::is_off(&read(word).attrs), "{word}");
        }
        let asks = |kind: Kind| list(kind).attrs.iter().any(|name| name == "state");
        assert!(!asks(Kind::LbVserver) && asks(Kind::Server) && asks(Kind::ServiceGroup));
    }
}
