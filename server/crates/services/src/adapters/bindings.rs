//! Bindings: all of a kind in one answer, or, where a release cannot (`nitro.md` 2.2), parent by parent.

use super::reading::list;
use engine::kinds;
use model::object::Kind;
use nitro::{Client, Error, Object, Reply, Request};

/// All of a kind in one answer; `None`: old releases cannot.
pub async fn in_one(client: &Client, kind: Kind) -> Result<Option<Vec<Object>>, Error> {
    match client.perform(&list(kind)).await {
        Ok(reply) => Ok(Some(reply.items)),
        Err(error) if error.wants_parent() => Ok(None),
        Err(error) => Err(error),
    }
}

/// Those that were read in one, or those of each of the parents, which are named by `key`.
pub async fn or_by_parent(
    client: &Client,
    kind: Kind,
    in_one: Option<Vec<Object>>,
    parents: &Reply,
    key: &str,
) -> Result<Vec<Object>, Error> {
    let names = || parents.items.iter().filter_map(|item| item.get(key)?.as_str().map(str::to_owned));
    match in_one {
        Some(items) => Ok(items),
        None => by_parent(client, kind, names().collect()).await,
    }
}

/// The members of all groups.
pub async fn members(client: &Client, groups: &Reply) -> Result<Vec<Object>, Error> {
    let bulk = in_one(client, Kind::Member).await?;
    or_by_parent(client, Kind::Member, bulk, groups, "servicegroupname").await
}

/// One GET each.
pub async fn by_parent(client: &Client, kind: Kind, parents: Vec<String>) -> Result<Vec<Object>, Error> {
    let resource = kinds::of(kind).resource;
    let mut all = Vec::new();
    for parent in parents {
        match client.perform(&Request::get(resource).named(parent)).await {
            Ok(reply) => all.extend(reply.items),
            Err(error) if error.is_absent() => {}
            Err(error) => return Err(error),
        }
    }
    Ok(all)
}
