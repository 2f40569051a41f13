//! What is read for a rule of upkeep and changes seldom: which build wrote the saved configuration, and whether virtual
//! servers that end TLS for devices resume their sessions. Where it cannot be read, the rest counts without it.

use model::{
    object::{Kind, ObjectRef, Value},
    snapshot::{Seen, Snapshot},
};
use nitro::{Client, Error, Request};

/// Facts of a virtual server's TLS; those of before stay while the configuration does.
pub const TLS: [&str; 2] = ["sessreuse", "sslprofile"];

/// `before`: the last look at all of it, from which is taken what cannot have changed.
pub async fn add(client: &Client, snapshot: &mut Snapshot, before: Option<&Snapshot>) -> Result<(), Error> {
    saved_build(client, snapshot, before).await?;
    reuse(client, snapshot).await
}

/// One GET after each save, and of its answer the first line.
async fn saved_build(client: &Client, snapshot: &mut Snapshot, before: Option<&Snapshot>) -> Result<(), Error> {
    let same = |before: &&Snapshot| before.saved_time.is_some() && before.saved_time == snapshot.saved_time;
    if let Some(known) = before.filter(same).and_then(|before| before.saved_build.clone()) {
        snapshot.saved_build = Some(known);
        return Ok(());
    }
    snapshot.saved_build = match client.saved_build().await {
        Ok(version) => version.map(|version| version.to_string()),
        // A reader need not have the right to it.
        Err(Error::Api(_)) => None,
        Err(error) => return Err(error),
    };
    Ok(())
}

/// Only where TLS of devices may end here: MAM, which keeps sessions by CUSTOMSERVERID, has no client certificates.
async fn reuse(client: &Client, snapshot: &mut Snapshot) -> Result<(), Error> {
    let said = |seen: &Seen, name: &str| seen.attrs.get(name).map(ToString::to_string).unwrap_or_default();
    let may_be_mdm =
        |seen: &Seen| said(seen, "servicetype") == "SSL" && said(seen, "persistencetype") != "CUSTOMSERVERID";
    if !snapshot.of_kind(Kind::LbVserver).any(may_be_mdm) {
        return Ok(());
    }
    let names = std::iter::once("vservername").chain(TLS).collect::<Vec<_>>();
    let reply = match client.perform(&Request::get("sslvserver").attrs(names)).await {
        Ok(reply) => reply,
        Err(Error::Api(_)) => return Ok(()),
        Err(error) => return Err(error),
    };
    for row in &reply.items {
        let text = |name: &str| row.get(name).and_then(|value| value.as_str());
        let Some(object) = text("vservername").map(ObjectRef::vserver) else { continue };
        if let Some(seen) = snapshot.find_mut(&object) {
            seen.facts.extend(TLS.into_iter().filter_map(|name| Some((name.to_owned(), Value::from(text(name)?)))));
        }
    }
    Ok(())
}
