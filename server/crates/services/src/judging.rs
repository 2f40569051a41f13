//! What is read to judge a cluster, and the judgement: of the store alone, for whoever needs it.

use crate::{
    Failure,
    cluster_view::{ClusterView, Sighting, ToldByNodes},
    ground::Ground,
    judged::Judged,
    setup::told,
    under_way::UnderWay,
};
use model::{
    ApplianceId, ClusterId, Freshness,
    cluster::Cluster,
    desired::Desired,
    node::NodeFacts,
    object::ObjectRef,
    read_error::{ReadError, ReadErrorKind},
};
use std::{
    collections::{BTreeMap, BTreeSet},
    net::Ipv4Addr,
};
use store::owned::{How, Owner};

/// What was read; what cannot be read is noted and counts as not there, so that it hides no cluster from any list.
fn said<T>(read: Result<T, store::Error>, unreadable: &mut Option<String>) -> Result<Option<T>, Failure> {
    match read {
        Ok(value) => Ok(Some(value)),
        Err(error @ store::Error::Unreadable { .. }) => {
            unreadable.get_or_insert_with(|| error.sentence());
            Ok(None)
        }
        Err(other) => Err(other.into()),
    }
}

/// What the cluster owns, and what of it was only adopted.
pub(crate) fn ours(all: &BTreeMap<ObjectRef, Owner>, cluster: ClusterId) -> (BTreeSet<ObjectRef>, BTreeSet<ObjectRef>) {
    let mine = || all.iter().filter(|(_, owner)| owner.cluster == cluster);
    let owned = mine().map(|(object, _)| object.clone()).collect();
    let kept = mine().filter(|(_, owner)| owner.how == How::Adopted).map(|(object, _)| object.clone()).collect();
    (owned, kept)
}

/// What the rules say of a cluster now, and all that it rests on.
pub(crate) async fn judge_now(ground: &Ground, under_way: &UnderWay, cluster: Cluster) -> Result<Judged, Failure> {
    let id = cluster.id;
    let appliance = ground.appliance_of(&cluster).await?;
    let mut unreadable = None;
    let latest = said(ground.store.latest_desired(id).await, &mut unreadable)?.flatten();
    let latest = latest.map(|version| version.desired);
    let applied = said(ground.store.last_applied_version(id).await, &mut unreadable)?.flatten();
    let applied = applied.map(|version| version.desired);
    let pending = match (&applied, &latest) {
        (Some(applied), Some(latest)) => told(applied, latest),
        _ => Vec::new(),
    };
    let sighting = sighting(ground, cluster.appliance).await?;
    let (owned, kept) = ours(&ground.store.owned(cluster.appliance).await?, id);
    let desired = applied.or_else(|| latest.clone());
    let ToldByNodes { facts: nodes, keys, accounts } = match &desired {
        Some(desired) => told_of(ground, id, desired).await?,
        None => ToldByNodes::default(),
    };
    let now = ground.store.noted(ground.reckoning());
    let sinces = ground.store.watch(id).await?.told(now);
    let view = ClusterView {
        cluster,
        appliance,
        desired,
        unreadable,
        pending,
        sighting,
        outage: None,
        findings: Vec::new(),
        sinces,
        nodes,
        owned,
        kept,
        plans: Vec::new(),
    };
    let works = under_way.of(&view.cluster, now);
    Ok(Judged::of(view, latest, keys, accounts, &works, now))
}

/// What is known of the nodes of a set-up.
pub(crate) async fn told_of(ground: &Ground, id: ClusterId, desired: &Desired) -> Result<ToldByNodes, Failure> {
    let mut told = told_by_nodes(ground, id).await?;
    let addresses = desired.nodes.iter().map(|node| node.address);
    let facts = addresses.map(|address| told.remove(&address).unwrap_or_else(|| NodeFacts::new(address))).collect();
    let keys = ground.store.node_keys(id).await?;
    let accounts = ground.store.node_accounts(id).await?;
    let accounts = accounts.into_iter().map(|(account, stored)| (account, stored.refused_at)).collect();
    Ok(ToldByNodes { facts, keys, accounts })
}

pub(crate) async fn sighting(ground: &Ground, appliance: ApplianceId) -> Result<Sighting, Failure> {
    let reckoning = ground.reckoning();
    let now = reckoning.now;
    let Some(observation) = ground.store.observation(appliance, reckoning).await? else {
        return Ok(Sighting { now, interval: ground.interval, seen: None, look: None, failure: None });
    };
    let failures = observation.failures;
    let failing = observation.failing().map(|failure| (failure.at, failure.error.clone()));
    // Unreadable is never seen, and is said where the look would stand.
    let unreadable = observation.unreadable.map(|sentence| {
        let sentence = format!(
            "What was seen last cannot be read, and counts as not seen; the next look replaces it. ({sentence})"
        );
        (now, ReadError::new(ReadErrorKind::Ours, sentence))
    });
    let look = observation.good.as_ref().map(|good| good.look);
    let seen = observation.good.map(|good| {
        let freshness = Freshness::of(good.at, now, ground.interval);
        // How long ago an earlier run of the program saw it, only clocks say, and they may have been set meanwhile. And
        // what could not be seen twice in a row is not as it was.
        let doubtful = good.before_start || failures > 1;
        let freshness = if doubtful { freshness.at_most(Freshness::Stale) } else { freshness };
        (good.at, good.snapshot, freshness)
    });
    Ok(Sighting { now, interval: ground.interval, seen, look, failure: failing.or(unreadable) })
}

/// What each node of the cluster said, its times by the clock as it is now.
pub(crate) async fn told_by_nodes(ground: &Ground, id: ClusterId) -> Result<BTreeMap<Ipv4Addr, NodeFacts>, Failure> {
    Ok(ground.store.node_facts(id, ground.reckoning(), ground.interval).await?)
}
