//! Clusters as they change: another title, name or appliance, or gone for good.

use super::{Clusters, same_name};
use crate::{AdminCx, Failure, Topic, confirmed::confirmed};
use model::{
    ClusterId,
    appliance::Appliance,
    cluster::{Cluster, ClusterForm, RemovalForm},
    node::Account,
    object::ObjectRef,
    record::{Entry, RecordKind},
};
use std::collections::BTreeSet;
use store::{clusters, desired, owned, records, removed};

/// What the page needs that asks whether a cluster is really to go.
#[derive(Clone, Debug)]
pub struct RemovalView {
    pub cluster: Cluster,
    pub appliance: Appliance,
    /// What Gatehouse made or adopted for it and is still there, as far as is known.
    pub owned: BTreeSet<ObjectRef>,
}

impl Clusters {
    pub async fn removal(&self, cx: &AdminCx, id: ClusterId) -> Result<RemovalView, Failure> {
        let cluster = self.ground.cluster_in_scope(cx, id).await?;
        let appliance = self.ground.appliance_of(&cluster).await?;
        let owned = self.ground.store.owned_by(cluster.appliance, id).await?;
        Ok(RemovalView { cluster, appliance, owned })
    }

    /// `leave` says what happens to what Gatehouse made on the old appliance when the cluster goes to another: it stays
    /// there, and is nobody's. Without it a move is refused while there is any.
    pub async fn edit(&self, cx: &AdminCx, id: ClusterId, form: &ClusterForm, leave: bool) -> Result<(), Failure> {
        let before = self.ground.cluster_in_scope(cx, id).await?;
        let new = form.parse()?;
        let after = Cluster { id, title: new.title, fqdn: new.fqdn, appliance: new.appliance };
        let moved = after.appliance != before.appliance;
        let old = self.ground.appliance_of(&before).await?;
        let target = if moved {
            match self.ground.appliance_in_scope(cx, after.appliance).await {
                Ok(stored) => stored.appliance,
                Err(Failure::NotFound(_)) => {
                    return Err(Failure::field("appliance", "This appliance does not exist any more. Choose another."));
                }
                Err(other) => return Err(other),
            }
        } else {
            old.clone()
        };
        let changes = changes(&before, &after, &old, &target);
        if changes.is_empty() {
            return Ok(());
        }
        let left = if moved { self.ground.store.owned_by(before.appliance, id).await? } else { BTreeSet::new() };
        if !left.is_empty() && !leave {
            return Err(Failure::field(
                "appliance",
                format!(
                    "{} objects that Gatehouse made for {} stand on {}. Plan their removal first, or tick that they are \
                     left there.",
                    left.len(),
                    before.title,
                    old.spec.title
                ),
            ));
        }
        let at = self.ground.now();
        let staying = if left.is_empty() {
            String::new()
        } else {
            format!(" {} objects were left on {} and forgotten.", left.len(), old.spec.title)
        };
        let summary = format!("{} was changed: {}.{staying}", before.title, changes.join("; "));
        let record = Entry {
            cluster: Some(id),
            appliance: Some(after.appliance),
            detail: serde_json::json!({ "before": before, "after": after, "left": left }),
            ..cx.entry(at, RecordKind::ClusterChanged, summary)
        };
        let (actor, title) = (cx.actor(), after.title.clone());
        let no_run = self.locks.no_run_on(before.appliance).await?;
        let written = self
            .ground
            .store
            .write(move |conn| {
                Box::pin(async move {
                    let beside = clusters::clusters_on_in(conn, after.appliance).await?;
                    let same = |other: &Cluster| other.id != id && other.fqdn.eq_ignore_ascii_case(&after.fqdn);
                    if let Some(other) = beside.into_iter().find(same) {
                        return Ok(Some(other));
                    }
                    clusters::set_cluster_in(conn, &after).await?;
                    for object in &left {
                        owned::disown_in(conn, before.appliance, object).await?;
                    }
                    // An older plan is for another name or another appliance: a new version of the set-up outdates it.
                    if moved || after.fqdn != before.fqdn {
                        let latest = desired::latest_desired_in(conn, id).await?;
                        if let Some(desired) = latest.map(|version| version.desired.renamed(&after.fqdn)) {
                            desired::save_desired_in(conn, id, &desired, &actor, at).await?;
                        }
                    }
                    records::append_in(conn, &record).await?;
                    Ok(None)
                })
            })
            .await;
        drop(no_run);
        let same = written.map_err(|error| match error {
            store::Error::Taken { .. } => {
                Failure::field("title", format!("There is already a cluster called {title}. Choose another name."))
            }
            other => other.into(),
        })?;
        if let Some(same) = same {
            return Err(same_name(&same));
        }
        self.ground.bus.tell(Topic::Other);
        Ok(())
    }

    /// Takes the cluster out of Gatehouse. What Gatehouse made for it goes first, by a plan, or is left and forgotten.
    pub async fn remove(&self, cx: &AdminCx, id: ClusterId, form: &RemovalForm) -> Result<(), Failure> {
        let view = self.removal(cx, id).await?;
        let Cluster { title, fqdn, appliance, .. } = view.cluster.clone();
        confirmed(&form.confirm, &title)?;
        let (at, count) = (self.ground.now(), view.owned.len());
        if count > 0 && form.objects != "leave" {
            return Err(Failure::field(
                "objects",
                format!(
                    "{count} objects that Gatehouse made for {title} stand on {}. Plan their removal and apply it first, or \
                     choose that they are left there.",
                    view.appliance.spec.title
                ),
            ));
        }
        let left = if count > 0 {
            format!(" {count} objects were left on {} and forgotten.", view.appliance.spec.title)
        } else {
            String::new()
        };
        let removed = Entry {
            cluster: Some(id),
            appliance: Some(appliance),
            detail: serde_json::json!({ "before": view.cluster, "left": view.owned }),
            ..cx.entry(at, RecordKind::ClusterRemoved, format!("{title} ({fqdn}) was removed.{left}"))
        };
        let no_run = self.locks.no_run_on(appliance).await?;
        self.ground
            .store
            .write(move |conn| {
                Box::pin(async move {
                    removed::remove_cluster_in(conn, id, at).await?;
                    records::append_in(conn, &removed).await
                })
            })
            .await?;
        drop(no_run);
        for account in Account::ALL {
            self.node_pool.leave(id, account).await;
        }
        self.ground.store.forget_what_was_seen(id).await?;
        self.standings.forget(id);
        self.ground.bus.tell(Topic::Other);
        Ok(())
    }
}

/// What is another than before, in words.
fn changes(before: &Cluster, after: &Cluster, old: &Appliance, new: &Appliance) -> Vec<String> {
    let mut changes = Vec::new();
    let mut differs = |what: &str, before: &str, after: &str| {
        if before != after {
            changes.push(format!("{what} {before} → {after}"));
        }
    };
    differs("name", &before.title, &after.title);
    differs("FQDN", &before.fqdn, &after.fqdn);
    differs("appliance", &old.spec.title, &new.spec.title);
    changes
}
