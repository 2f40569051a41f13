//! What a release lacks (`nitro.md` 3.19 and notes). The tables describe the newest; this takes away.

use super::Schema;
use crate::{
    Version,
    json::{Item, Json},
    refusal::{Outcome, Refusal},
};
use Version::{V10_5, V12_1, V13_0, V13_1, V14_1};
use What::{Attribute, QueryOption, Resource, Value, WhenMade, WhenSet};

/// What came or went.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum What {
    Resource,
    Attribute(&'static str),
    /// One word of an attribute.
    Value(&'static str, &'static str),
    /// An attribute that an add takes; the others take it in a set only.
    WhenMade(&'static str),
    /// An attribute that a set takes; the others take it in an add only.
    WhenSet(&'static str),
    /// A query option, for all resources.
    QueryOption(&'static str),
}

/// The first and the last release that has it.
#[derive(Clone, Copy, Debug)]
struct Row(&'static str, What, Version, Version);

/// From this release on.
const fn since(resource: &'static str, what: What, first: Version) -> Row {
    Row(resource, what, first, V14_1)
}

/// Up to this release.
const fn until(resource: &'static str, what: What, last: Version) -> Row {
    Row(resource, what, V10_5, last)
}

const MEMBER: &str = "servicegroup_servicegroupmember_binding";

/// What is in no row is in every release.
const ROWS: &[Row] = &[
    since("*", QueryOption("bulkbindings"), V12_1),
    since("*", QueryOption("idempotent"), V12_1),
    since("lbvserver", Attribute("trofspersistence"), V12_1),
    since("lbgroup", Attribute("usevserverpersistency"), V12_1),
    since("lbgroup", WhenMade("mastervserver"), V14_1),
    since("hasyncfailures", Resource, V13_0),
    since("hanode", Attribute("hasyncfailurereason"), V13_0),
    since("hanode", Attribute("syncstatusstrictmode"), V13_0),
    since("nsversion", Attribute("installedversion"), V13_0),
    since("sslvserver", Attribute("tls13"), V13_0),
    since("nsconfig", Attribute("async"), V14_1),
    since("sslcertkey", Attribute("deletefromdevice"), V14_1),
    since("sslcertkey", Attribute("deletecertkeyfilesonremoval"), V14_1),
    since("systemuser", Attribute("allowedmanagementinterface"), V13_0),
    since("systemgroup", Attribute("allowedmanagementinterface"), V14_1),
    since("systemgroup", Attribute("daystoexpire"), V14_1),
    since("systemgroup", Attribute("warnpriorndays"), V14_1),
    since("nslicense", Attribute("daystoexpiration"), V13_1),
    since(MEMBER, Attribute("order"), V13_1),
    since(MEMBER, Attribute("orderstr"), V13_1),
    since(MEMBER, Attribute("dbsttl"), V13_1),
    since(MEMBER, Attribute("nameserver"), V13_1),
    since("servicegroup", Attribute("order"), V13_1),
    since("servicegroup", Attribute("orderstr"), V13_1),
    since("servicegroup", Attribute("dbsttl"), V13_1),
    since("servicegroup", Attribute("nameserver"), V13_1),
    since("servicegroup", WhenSet("autoscale"), V14_1),
    since("servicegroup", Value("autoscale", "CLOUD"), V14_1),
    since("servicegroup", Value("autoscale", "API"), V14_1),
    since("lbvserver_servicegroup_binding", Attribute("order"), V14_1),
    since("lbvserver", Attribute("orderthreshold"), V13_1),
    since("lbvserver", Attribute("toggleorder"), V13_1),
    since("lbvserver", Attribute("probeport"), V13_1),
    since("lbvserver", Attribute("probeprotocol"), V13_1),
    since("lbvserver", Attribute("probesuccessresponsecode"), V13_1),
    since("lbvserver", Attribute("ipset"), V13_1),
    since("lbvserver", Attribute("apiprofile"), V13_1),
    since("lbvserver", Attribute("quicprofilename"), V13_1),
    since("lbvserver", Attribute("quicbridgeprofilename"), V13_1),
    since("lbvserver", Attribute("dnsoverhttps"), V13_1),
    since("vpnsessionaction", Attribute("advancedclientlessvpnmode"), V14_1),
    since("vpnsessionaction", Attribute("fqdnspoofedip"), V14_1),
    since("vpnvserver_vpnsessionpolicy_binding", Value("bindpoint", "AAA_REQUEST"), V14_1),
    since("vpnvserver_vpnsessionpolicy_binding", Value("bindpoint", "AAA_RESPONSE"), V14_1),
    since("vpnvserver_vpnclientlessaccesspolicy_binding", Value("bindpoint", "AAA_REQUEST"), V14_1),
    since("vpnvserver_vpnclientlessaccesspolicy_binding", Value("bindpoint", "AAA_RESPONSE"), V14_1),
    since("vpnvserver", Value("servicetype", "DTLS"), V14_1),
    since("vpnvserver", Value("servicetype", "HTTP_QUIC"), V14_1),
    since("nsip", Value("type", "HostIP"), V14_1),
    since("hafiles", Value("mode", "AAA"), V14_1),
    since("hafiles", Value("mode", "app_catalog"), V14_1),
    until("hafiles", Value("mode", "htmlinjection"), V12_1),
    until("nsip", Value("type", "MIP"), V10_5),
    until("lbvserver", Attribute("pq"), V12_1),
    until("lbvserver", Attribute("sc"), V12_1),
    until("servicegroup", Attribute("sc"), V12_1),
    until("servicegroup", Attribute("riseapbrstatsmsgcode"), V12_1),
];

/// Names that old releases want shorter: the longest, and the last release that says so (6.2 A8; the border is a choice).
const LONGEST: &[(&str, &str, usize, Version)] = &[
    ("sslcertkey", "certkey", 31, V12_1),
    ("sslcertkey", "linkcertkeyname", 31, V12_1),
    ("sslvserver_sslcertkey_binding", "certkeyname", 31, V12_1),
    ("lbmonitor_sslcertkey_binding", "certkeyname", 31, V12_1),
];

/// Primary SSLSESSION with SOURCEIP as its backup (2307 before).
pub(crate) const BACKUP_OF_SSLSESSION: Version = V12_1;

fn lacks(version: Version, resource: &str, mut is: impl FnMut(What) -> bool) -> bool {
    ROWS.iter()
        .any(|Row(of, what, first, last)| *of == resource && is(*what) && !(*first <= version && version <= *last))
}

pub(crate) fn lacks_resource(version: Version, resource: &str) -> bool {
    lacks(version, resource, |what| what == Resource)
}

pub(crate) fn lacks_option(version: Version, option: &str) -> bool {
    lacks(version, "*", |what| matches!(what, QueryOption(name) if name == option))
}

pub(crate) fn lacks_attribute(version: Version, resource: &str, attribute: &str) -> bool {
    lacks(version, resource, |what| matches!(what, Attribute(name) if name == attribute))
}

/// Refuses what this release does not know, in a body (278, 1097).
pub(crate) fn admit(
    version: Version,
    schema: &Schema,
    adds: bool,
    body: &serde_json::Map<String, serde_json::Value>,
) -> Outcome {
    for (name, value) in body {
        let too_early = lacks(version, schema.name, |what| match what {
            WhenMade(known) => adds && known == name,
            WhenSet(known) => !adds && known == name,
            _ => false,
        });
        if too_early || lacks_attribute(version, schema.name, name) {
            return Err(Refusal::about(278, &[name]));
        }
        let limit = LONGEST.iter().find(|(of, which, _, last)| *of == schema.name && which == name && version <= *last);
        let length = value.as_str().map_or(0, |text| text.chars().count());
        if let Some((_, _, most, _)) = limit.filter(|(_, _, most, _)| length > *most) {
            let cli = schema.attribute(name).map_or(name.as_str(), |attribute| attribute.cli);
            return Err(Refusal::about(1106, &[cli, &most.to_string()]));
        }
        let texts: Vec<&str> = match value {
            serde_json::Value::Array(values) => values.iter().filter_map(|value| value.as_str()).collect(),
            value => value.as_str().into_iter().flat_map(str::split_whitespace).collect(),
        };
        let unknown = |text: &&&str| {
            lacks(
                version,
                schema.name,
                |what| matches!(what, Value(of, word) if of == name && word.eq_ignore_ascii_case(text)),
            )
        };
        if let Some(word) = texts.iter().find(unknown) {
            return Err(Refusal::about(1097, &[word]));
        }
    }
    Ok(())
}

/// Takes out of items what this release does not show, in nested rows too.
pub(crate) fn trim(version: Version, resource: &str, items: &mut [Item]) {
    let hidden: Vec<&str> = ROWS
        .iter()
        .filter(|Row(of, _, first, last)| *of == resource && !(*first <= version && version <= *last))
        .filter_map(|Row(_, what, _, _)| if let Attribute(name) = what { Some(*name) } else { None })
        .collect();
    for item in items {
        if !hidden.is_empty() {
            item.0.retain(|(name, _)| !hidden.contains(name));
        }
        for (name, value) in &mut item.0 {
            let Json::List(rows) = value else { continue };
            for row in rows {
                if let Json::Object(row) = row {
                    trim(version, name, std::slice::from_mut(row));
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::resources;

    #[test]
    fn nested_rows_are_trimmed_as_what_they_are() {
        let member = |order| Item::default().with("ip", "10.20.30.11").with("order", order);
        let group = || Item::default().with("servicegroupname", "sg").with(MEMBER, vec![member("1"), member("2")]);
        let mut rows = [group()];
        trim(V14_1, "servicegroup_binding", &mut rows);
        assert_eq!(rows, [group()]);
        trim(V12_1, "servicegroup_binding", &mut rows);
        let text = rows[0].to_string();
        assert!(text.contains("10.20.30.11") && !text.contains("order"), "{text}");
    }

    #[test]
    fn words_and_moments_count_as_well() {
        let schema = Schema { name: "lbgroup", ..crate::schema::tables::system::NSVERSION };
        let body = serde_json::json!({ "name": "g", "mastervserver": "vs" });
        let body = body.as_object().cloned().unwrap_or_default();
        assert!(admit(V14_1, &schema, true, &body).is_ok() && admit(V12_1, &schema, false, &body).is_ok());
        assert_eq!(admit(V12_1, &schema, true, &body), Err(Refusal::about(278, &["mastervserver"])));
        let schema = Schema { name: "nsip", ..schema };
        let body = serde_json::json!({ "ipaddress": "10.0.0.1", "type": "mip" });
        let body = body.as_object().cloned().unwrap_or_default();
        assert!(admit(V10_5, &schema, true, &body).is_ok());
        assert_eq!(admit(V12_1, &schema, true, &body), Err(Refusal::about(1097, &["mip"])));
    }

    #[test]
    fn nothing_is_listed_twice_and_every_row_takes_something_away() {
        for (at, Row(resource, what, first, last)) in ROWS.iter().enumerate() {
            assert!(first <= last && (*first > V10_5 || *last < V14_1), "{resource} {what:?}");
            let twin = |other: &Row| other.0 == *resource && other.1 == *what;
            assert!(!ROWS[at + 1..].iter().any(twin), "{resource} {what:?}");
        }
    }

    #[test]
    fn every_limit_is_of_a_name_that_the_tables_let_be_longer() {
        for (resource, name, most, last) in LONGEST {
            let table = resources::all().map(resources::Resource::schema).find(|table| table.name == *resource);
            let attribute = table.and_then(|table| table.attribute(name));
            assert!(
                attribute.is_some_and(|attribute| attribute.length.1 > *most) && *last < V14_1,
                "{resource} {name}"
            );
        }
    }

    #[test]
    fn every_row_names_something_that_the_tables_have() {
        let tables: Vec<&Schema> = resources::all().map(resources::Resource::schema).collect();
        let mut idle = Vec::new();
        for Row(resource, what, _, _) in ROWS {
            let table = tables.iter().find(|table| table.name == *resource);
            let attribute = |name: &str| table.and_then(|table| table.attribute(name));
            let there = match what {
                QueryOption(_) => *resource == "*",
                Resource => table.is_some(),
                Attribute(name) | WhenMade(name) | WhenSet(name) => attribute(name).is_some(),
                Value(name, word) => attribute(name).is_some_and(|attribute| attribute.accept_text(word).is_ok()),
            };
            if !there {
                idle.push((resource, what));
            }
        }
        assert!(idle.is_empty(), "{idle:#?}");
    }
}
