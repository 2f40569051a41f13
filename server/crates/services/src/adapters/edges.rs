//! What is read beside load balancing: certificates, the Gateway, address records, the appliance's own addresses, its
//! licence. Where an account may not see some of it, or a release does not have it, the rest still counts.

use super::{
    bindings,
    reading::{all_seen, list, remembered},
};
use engine::kinds;
use futures::future::join_all;
use model::{
    object::{Kind, Value},
    snapshot::{Seen, Snapshot},
    unread::Unread,
};
use nitro::{Client, Error, Reply, Request};
use std::collections::BTreeMap;

/// Those that may move without a change of the configuration: files come by other ways, days pass, answers are remembered.
pub const MOVING: [Kind; 4] = [Kind::CertFile, Kind::CertKey, Kind::AddressRecord, Kind::Gateway];

pub const ALL: [Kind; 10] = [
    Kind::CertFile,
    Kind::CertKey,
    Kind::VserverCert,
    Kind::AddressRecord,
    Kind::AppController,
    Kind::Gateway,
    Kind::GatewayPolicy,
    Kind::SessionPolicy,
    Kind::SessionAction,
    Kind::Address,
];

/// Features of the procedure, as the licence calls them.
const LICENSED: [&str; 3] = ["lb", "ssl", "sslvpn"];

/// What was answered to each list.
pub type Answers = Vec<(Kind, Result<Reply, Error>)>;

pub async fn ask(client: &Client, listed: &[Kind]) -> Answers {
    join_all(listed.iter().map(|kind| async move { (*kind, client.perform(&list(*kind)).await) })).await
}

/// Adds what could be read; what could not is said in `unread`. Fails only when the appliance as a whole did not answer.
pub async fn add(client: &Client, answers: Answers, snapshot: &mut Snapshot) -> Result<(), Error> {
    let mut by_parent = Vec::new();
    for (kind, answer) in answers {
        match answer {
            Ok(reply) => {
                let rows = reply.items.iter();
                snapshot.remembered.extend(rows.clone().filter_map(|raw| Some(remembered(kind, raw)?.object)));
                snapshot.objects.extend(rows.flat_map(|raw| all_seen(kind, raw)));
            }
            // Nothing of the kind is there.
            Err(error) if error.is_absent() => {}
            Err(error) if kinds::of(kind).bound && error.wants_parent() => by_parent.push(kind),
            Err(error) if error.not_permitted() || error.unsupported() => {
                let sentence = format!("{}: {}", kinds::of(kind).resource, error.sentence());
                snapshot.unread.push(Unread { kind: Some(kind), sentence });
            }
            Err(error) => return Err(error),
        }
    }
    // Old releases list bindings parent by parent (`nitro.md` 2.2); now all parents are known.
    if !by_parent.is_empty() {
        snapshot.settle();
    }
    for kind in by_parent {
        let items = bindings::by_parent(client, kind, parents(kind, snapshot)).await?;
        snapshot.objects.extend(items.iter().flat_map(|raw| all_seen(kind, raw)));
    }
    Ok(())
}

/// What can have bindings of a kind.
fn parents(kind: Kind, snapshot: &Snapshot) -> Vec<String> {
    let gateways = snapshot.of_kind(Kind::Gateway);
    let ssl = |seen: &&Seen| seen.attrs.get("servicetype").is_some_and(|kind| *kind == Value::from("SSL"));
    let balancing = snapshot.of_kind(Kind::LbVserver).filter(ssl).filter(|_| kind == Kind::VserverCert);
    gateways.chain(balancing).map(|seen| seen.object.part(0).to_owned()).collect()
}

/// What the licence allows. Without a word about it, because an account may lack the right to it, nothing is said.
pub async fn licence(client: &Client) -> Result<BTreeMap<String, bool>, Error> {
    let reply = match client.perform(&Request::get("nslicense")).await {
        Ok(reply) => reply,
        Err(error) if error.is_absent() || error.not_permitted() || error.unsupported() => return Ok(BTreeMap::new()),
        Err(error) => return Err(error),
    };
    let allowed = |feature: &str| match reply.items.first()?.get(feature)? {
        serde_json::Value::Bool(yes) => Some(*yes),
        serde_json::Value::String(text) => text.parse().ok(),
        _ => None,
    };
    Ok(LICENSED.into_iter().filter_map(|name| Some((name.to_ascii_uppercase(), allowed(name)?))).collect())
}
