//! How much passes through virtual servers and members: two GETs, for pages only (`nitro.md` 3.17).

use super::{
    merge::Ours,
    narrow::{Filters, Narrow},
};
use model::{
    object::{Attrs, Kind, ObjectRef, Value},
    snapshot::Snapshot,
};
use nitro::{Client, Error, Object, Request};
use std::collections::BTreeSet;

/// Facts and the counters that they come from.
const COUNTED: [(&str, &str); 5] = [
    ("connections", "curclntconnections"),
    ("hits", "tothits"),
    ("hits_rate", "hitsrate"),
    ("requests", "totalrequests"),
    ("requests_rate", "requestsrate"),
];

/// Adds what can be read, where there is much else of `only` these. An account or a release without statistics leaves the
/// numbers out, and nothing is amiss.
pub async fn add(
    client: &Client,
    filters: &Filters,
    snapshot: &mut Snapshot,
    only: Option<&Ours>,
) -> Result<(), Error> {
    let names = std::iter::once("name").chain(COUNTED.iter().map(|(_, counter)| *counter));
    let vservers = Request::stat("lbvserver").attrs(names.collect::<Vec<_>>());
    let groups = Request::stat("servicegroup").stat_bindings();
    let (vservers, groups) = futures::try_join!(
        rows(client, filters, &vservers, only.map(|ours| (Kind::LbVserver, "name", &ours.vservers)), snapshot),
        rows(
            client,
            filters,
            &groups,
            only.map(|ours| (Kind::ServiceGroup, "servicegroupname", &ours.groups)),
            snapshot
        ),
    )?;
    for raw in &vservers {
        if let Some(name) = raw.get("name").and_then(|name| name.as_str()) {
            put(snapshot, &ObjectRef::vserver(name), raw);
        }
    }
    let nested = groups.iter().filter_map(|group| group.get("servicegroupmember")?.as_array()).flatten();
    for raw in nested.filter_map(|member| member.as_object()) {
        if let Some(object) = member(raw) {
            put(snapshot, &object, raw);
        }
    }
    Ok(())
}

/// The numbers of the look before.
pub fn carry_over(before: &Snapshot, snapshot: &mut Snapshot) {
    for seen in &mut snapshot.objects {
        let Some(old) = before.find(&seen.object) else { continue };
        for (fact, _) in COUNTED {
            if let Some(number) = old.facts.get(fact) {
                seen.facts.insert(fact.to_owned(), number.clone());
            }
        }
    }
}

fn put(snapshot: &mut Snapshot, object: &ObjectRef, raw: &Object) {
    if let Some(seen) = snapshot.find_mut(object) {
        seen.facts.extend(counters(raw));
    }
}

async fn rows(
    client: &Client,
    filters: &Filters,
    request: &Request,
    only: Option<(Kind, &'static str, &BTreeSet<String>)>,
    snapshot: &Snapshot,
) -> Result<Vec<Object>, Error> {
    let answer = async {
        if let Some((kind, key, names)) = only {
            let there = snapshot.of_kind(kind).map(|seen| seen.object.part(0));
            let expected = there.filter(|name| names.contains(*name)).collect();
            let narrow = Narrow { client, filters, key, names };
            if let Some(rows) = narrow.rows(request, &expected).await? {
                return Ok(rows);
            }
        }
        Ok(client.perform(request).await?.items)
    };
    match answer.await {
        Ok(rows) => Ok(rows),
        // Whatever is wrong with the question, the states have been read and count without numbers.
        Err(Error::Api(_)) => Ok(Vec::new()),
        Err(error) => Err(error),
    }
}

/// Named `<group>?<server>?<port>`.
fn member(raw: &Object) -> Option<ObjectRef> {
    let mut parts = raw.get("servicegroupname")?.as_str()?.split('?');
    let (group, server, port) = (parts.next()?, parts.next()?, parts.next()?);
    Some(ObjectRef::member(group, server, port.parse().ok()?))
}

/// Counters are texts and rates are numbers, or the other way round.
fn counters(raw: &Object) -> Attrs {
    let number = |name: &str| match raw.get(name)? {
        serde_json::Value::Number(number) => number.as_i64(),
        serde_json::Value::String(text) => text.trim().parse().ok(),
        _ => None,
    };
    COUNTED.iter().filter_map(|(fact, name)| Some(((*fact).to_owned(), Value::Number(number(name)?)))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn numbers_are_read_however_they_are_spelled() {
        let raw = json!({ "servicegroupname": "sg?xms01?8443", "curclntconnections": "4", "requestsrate": 3,
                          "totalrequests": "8123", "hitsrate": null, "tothits": "many" });
        let raw = raw.as_object().unwrap();
        assert_eq!(member(raw), Some(ObjectRef::member("sg", "xms01", 8443)));
        let all: Vec<String> = counters(raw).iter().map(|(name, value)| format!("{name}={value}")).collect();
        assert_eq!(all, ["connections=4", "requests=8123", "requests_rate=3"]);
        assert_eq!(member(json!({ "servicegroupname": "sg?xms01" }).as_object().unwrap()), None);
    }
}
