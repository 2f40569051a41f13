//! An operation as people would type it at the appliance (`nitro.md` 4.3, 4.4).

use crate::kinds;
use model::{
    object::{Attrs, Kind, ObjectRef},
    plan::Verb,
};

/// The command line that does what [`crate::call::call`] sends, with the same arguments.
pub fn line(verb: Verb, object: &ObjectRef, attrs: &Attrs) -> String {
    let rules = kinds::of(object.kind);
    let command = match (verb, rules.actions) {
        (Verb::Bind, Some((make, _))) => make,
        (Verb::Unbind, Some((_, undo))) => undo,
        // Binding another certificate replaces the one before (3.14).
        (Verb::Set, _) if object.kind == Kind::VserverCert => "bind",
        _ => command(verb),
    };
    let mut words: Vec<String> = vec![command.into(), rules.cli.into()];
    for (part, value) in rules.key.iter().zip(&object.key) {
        words.extend(part.option.map(|option| format!("-{option}")));
        words.push(quoted(value));
    }
    // What goes is named by its key; only a certificate has to be named beside its virtual server (3.14).
    let gone = matches!(verb, Verb::Unbind | Verb::Remove) && object.kind != Kind::VserverCert;
    let bare = gone || matches!(verb, Verb::Enable | Verb::Disable);
    for attribute in rules.attributes.iter().filter(|attribute| !bare && !attribute.is_write_only()) {
        let Some(value) = attrs.get(attribute.name) else { continue };
        // Only what makes an object knows positions; `set server xms01 -IPAddress 10.0.0.1` names what it changes.
        if !(attribute.positional && matches!(verb, Verb::Add | Verb::Bind)) {
            words.push(format!("-{}", attribute.option));
        }
        if verb != Verb::Unset {
            words.push(quoted(&value.to_string()));
        }
    }
    words.join(" ")
}

const fn command(verb: Verb) -> &'static str {
    match verb {
        Verb::FeatureOn | Verb::Enable => "enable",
        Verb::Disable => "disable",
        Verb::Add => "add",
        Verb::Set => "set",
        Verb::Unset => "unset",
        Verb::Bind => "bind",
        Verb::Unbind => "unbind",
        Verb::Remove => "rm",
        Verb::Save => "save",
    }
}

/// Bare where that is safe, otherwise in quotes: `"HTTP.REQ.COOKIE.VALUE(\"ACNODEID\")"`.
pub fn quoted(word: &str) -> String {
    let bare = |c: char| c.is_ascii_alphanumeric() || "_.:@=*-".contains(c);
    if !word.is_empty() && word.chars().all(bare) {
        return word.into();
    }
    format!("\"{}\"", word.replace('\\', "\\\\").replace('"', "\\\""))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn attrs(pairs: &[(&str, &str)]) -> Attrs {
        pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).into())).collect()
    }

    #[test]
    fn lines_are_those_of_the_reference() {
        let cases = [
            (
                Verb::Add,
                ObjectRef::server("xms01"),
                attrs(&[("ipaddress", "10.0.20.11")]),
                "add server xms01 10.0.20.11",
            ),
            (
                Verb::Bind,
                ObjectRef::member("sg_xm_mam_8443", "xms01", 8443),
                attrs(&[("customserverid", "167777291")]),
                "bind serviceGroup sg_xm_mam_8443 xms01 8443 -CustomServerID 167777291",
            ),
            (
                Verb::Add,
                ObjectRef::vserver("mam"),
                attrs(&[
                    ("servicetype", "SSL"),
                    ("ipv46", "10.0.10.52"),
                    ("port", "8443"),
                    ("persistencetype", "CUSTOMSERVERID"),
                    ("rule", "HTTP.REQ.COOKIE.VALUE(\"ACNODEID\")"),
                ]),
                r#"add lb vserver mam SSL 10.0.10.52 8443 -persistenceType CUSTOMSERVERID -rule "HTTP.REQ.COOKIE.VALUE(\"ACNODEID\")""#,
            ),
            (Verb::Unset, ObjectRef::vserver("a b"), attrs(&[("timeout", "2")]), "unset lb vserver \"a b\" -timeout"),
            (
                Verb::Set,
                ObjectRef::server("x"),
                attrs(&[("ipaddress", "10.0.0.1")]),
                "set server x -IPAddress 10.0.0.1",
            ),
            (Verb::Unbind, ObjectRef::vserver_group("v", "g"), Attrs::new(), "unbind lb vserver v g"),
            (Verb::Remove, ObjectRef::group("g"), Attrs::new(), "rm serviceGroup g"),
            (Verb::FeatureOn, ObjectRef::feature("LB"), Attrs::new(), "enable ns feature LB"),
            (Verb::Enable, ObjectRef::vserver("v"), attrs(&[("state", "ENABLED")]), "enable lb vserver v"),
            (Verb::Disable, ObjectRef::server("x"), attrs(&[("state", "DISABLED")]), "disable server x"),
            (Verb::Disable, ObjectRef::group("g"), attrs(&[("state", "DISABLED")]), "disable serviceGroup g"),
            (
                Verb::Enable,
                ObjectRef::member("sg_xm_mam_8443", "xms01", 8443),
                attrs(&[("state", "ENABLED")]),
                "enable serviceGroup sg_xm_mam_8443 xms01 8443",
            ),
            (
                Verb::Bind,
                ObjectRef::member("g", "xms01", 443),
                attrs(&[("state", "DISABLED")]),
                "bind serviceGroup g xms01 443 -state DISABLED",
            ),
            (
                Verb::Bind,
                ObjectRef::app_controller("_XM_ag.example.com", "https://xms.example.com:8443"),
                Attrs::new(),
                "bind vpn vserver _XM_ag.example.com -appController \"https://xms.example.com:8443\"",
            ),
            (
                Verb::Bind,
                ObjectRef::vserver_cert("mam"),
                attrs(&[("certkeyname", "wildcard-example")]),
                "bind ssl vserver mam -certkeyName wildcard-example",
            ),
            (
                Verb::Unbind,
                ObjectRef::vserver_cert("mam"),
                attrs(&[("certkeyname", "wildcard-example")]),
                "unbind ssl vserver mam -certkeyName wildcard-example",
            ),
            (
                Verb::Add,
                ObjectRef::address_record("xms.example.com", "10.0.10.52"),
                Attrs::new(),
                "add dns addRec xms.example.com 10.0.10.52",
            ),
            (
                Verb::Set,
                ObjectRef::session_action("AC_OS_10.0.10.50"),
                attrs(&[("storefronturl", "https://xms.example.com:8443")]),
                "set vpn sessionAction AC_OS_10.0.10.50 -storefronturl \"https://xms.example.com:8443\"",
            ),
            (
                Verb::Add,
                ObjectRef::cert_key("w"),
                attrs(&[("cert", "w.cer"), ("key", "w.key")]),
                "add ssl certKey w -cert w.cer -key w.key",
            ),
            (Verb::Bind, ObjectRef::cert_link("w"), attrs(&[("linkcertkeyname", "ca")]), "link ssl certKey w ca"),
            (Verb::Unbind, ObjectRef::cert_link("w"), attrs(&[("linkcertkeyname", "ca")]), "unlink ssl certKey w"),
            (
                Verb::Add,
                ObjectRef::cert_file("w.cer"),
                attrs(&[("filecontent", "vault:1")]),
                "add system file w.cer -fileLocation \"/nsconfig/ssl\"",
            ),
            (Verb::Save, ObjectRef::config(), Attrs::new(), "save ns config"),
        ];
        for (verb, object, attrs, expected) in cases {
            assert_eq!(line(verb, &object, &attrs), expected);
        }
    }
}
