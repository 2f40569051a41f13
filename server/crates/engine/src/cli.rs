//! An operation as people would type it at the appliance (`nitro.md` 4.3, 4.4).

use crate::kinds;
use model::{
    object::{Attrs, ObjectRef},
    plan::Verb,
};

/// The command line that does what [`crate::call::call`] sends.
pub fn line(verb: Verb, object: &ObjectRef, attrs: &Attrs) -> String {
    let rules = kinds::of(object.kind);
    let mut words: Vec<String> = vec![command(verb).into(), rules.cli.into()];
    words.extend(object.key.iter().map(|part| quoted(part)));
    for attribute in rules.attributes {
        let Some(value) = attrs.get(attribute.name) else { continue };
        // Only `add` knows positions; `set server xms01 -IPAddress 10.0.0.1` names what it changes.
        if !(attribute.positional && verb == Verb::Add) {
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
        Verb::Enable => "enable",
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
            (Verb::Enable, ObjectRef::feature("LB"), Attrs::new(), "enable ns feature LB"),
            (Verb::Save, ObjectRef::config(), Attrs::new(), "save ns config"),
        ];
        for (verb, object, attrs, expected) in cases {
            assert_eq!(line(verb, &object, &attrs), expected);
        }
    }
}
