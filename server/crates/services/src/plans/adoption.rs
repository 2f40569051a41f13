//! Taking over what stands in a plan's way, by consent to each object.

use super::Plans;
use crate::{Failure, Topic, WriteCx, gate::standing_in, refusal::Refusal};
use model::{
    PlanId,
    object::ObjectRef,
    plan::Plan,
    readiness::Wish,
    record::{Entry, RecordKind},
};
use std::collections::BTreeMap;
use store::{
    owned::{How, Ownership, own_in, owned_in},
    records::append_in,
};

impl Plans {
    /// Takes over, by consent to each of them, what the plan found in its way, and plans again. `chosen` are places as
    /// [`PlanView::adoptable`] gives them; those after the conflicts ask for the removal of what was kept.
    pub async fn adopt(&self, cx: &WriteCx, id: PlanId, chosen: &[usize]) -> Result<PlanId, Failure> {
        let (stored, cluster) = self.ground.plan_in_scope(cx, id).await?;
        if let Err(obstacle) = self.gate.standing(cx, &stored, &cluster).await?.may(Wish::Adopt) {
            return Err(Refusal::Plan(obstacle).into());
        }
        let wanted = chosen_objects(&stored.plan, chosen)?;
        let (entry, at) = (cx.entry(self.ground.now(), RecordKind::ObjectAdopted, ""), self.ground.now());
        let asked = stored.clone();
        let refused = self.ground.store.write(move |conn| {
            Box::pin(async move {
                if let Err(obstacle) = standing_in(conn, &asked, None, None).await?.may(Wish::Adopt) {
                    return Ok(Some(Refusal::Plan(obstacle)));
                }
                let owners = owned_in(conn, cluster.appliance).await?;
                let theirs = |object: &ObjectRef| owners.get(object).is_some_and(|owner| owner.cluster != cluster.id);
                if let Some((object, _)) = wanted.iter().find(|(object, _)| theirs(object)) {
                    return Ok(Some(Refusal::Anothers(engine::plan::sentences::another_clusters(object, object))));
                }
                for (object, how) in wanted {
                    let summary = match how {
                        How::Doomed => format!("The removal of the {object} was consented to."),
                        _ => format!("The {object} was adopted."),
                    };
                    let entry = Entry {
                        cluster: Some(cluster.id),
                        appliance: Some(cluster.appliance),
                        summary,
                        detail: serde_json::json!({ "object": object, "plan": id, "how": how }),
                        ..entry.clone()
                    };
                    let act = append_in(conn, &entry).await?.act;
                    let own =
                        Ownership { appliance: cluster.appliance, object, cluster: cluster.id, since: at, act, how };
                    own_in(conn, &own).await?;
                }
                Ok(None)
            })
        });
        if let Some(refusal) = refused.await? {
            return Err(refusal.into());
        }
        // It is so, whatever comes of the plan.
        self.ground.bus.tell(Topic::Cluster(stored.cluster));
        self.make(cx, stored.cluster).await
    }
}

/// What somebody ticked, each with what was consented to.
fn chosen_objects(plan: &Plan, chosen: &[usize]) -> Result<Vec<(ObjectRef, How)>, Failure> {
    let mut objects = BTreeMap::new();
    for place in chosen {
        let kept = || plan.kept.get(place.checked_sub(plan.conflicts.len())?).map(|object| (object, How::Doomed));
        let conflict = plan.conflicts.get(*place).filter(|conflict| conflict.adoptable);
        let conflict =
            conflict.map(|conflict| (&conflict.object, if conflict.removes { How::Doomed } else { How::Adopted }));
        let Some((object, how)) = conflict.or_else(kept) else {
            return Err(Failure::field("objects", "This plan has no such object to adopt. Open the plan again."));
        };
        objects.insert(object.clone(), how);
    }
    if objects.is_empty() {
        let sentence = "Tick what Gatehouse shall take over. What is not ticked stays as it is, and goes on blocking.";
        return Err(Failure::field("objects", sentence));
    }
    Ok(objects.into_iter().collect())
}
