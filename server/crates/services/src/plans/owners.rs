//! What Gatehouse made for another cluster and stands in the way of this one.

use model::{ClusterId, object::ObjectRef, plan::Plan};
use std::collections::BTreeMap;
use store::owned::Owner;

/// What Gatehouse made for another cluster is said so, and is not for adoption. The plan is kept and read by people who
/// may not know the other cluster, so it names none; the page does, for those who may.
pub(crate) fn owners_named(plan: &mut Plan, cluster: ClusterId, owners: &BTreeMap<ObjectRef, Owner>) {
    for conflict in &mut plan.conflicts {
        let object = conflict.other.as_ref().unwrap_or(&conflict.object);
        let Some(owner) = owners.get(object).filter(|owner| owner.cluster != cluster) else { continue };
        conflict.sentence = engine::plan::sentences::another_clusters(&conflict.object, object);
        (conflict.owner, conflict.adoptable, conflict.removes) = (Some(owner.cluster), false, false);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::plan::Conflict;
    use store::owned::How;

    #[test]
    fn what_another_cluster_owns_is_said_so_and_not_for_adoption() {
        let object = ObjectRef::app_controller("gw", "https://xms.example.com:8443");
        let ours = ObjectRef::group("ours");
        let place =
            Conflict { other: Some(ObjectRef::vserver("v")), ..Conflict::refusal(ObjectRef::vserver("w"), "No.") };
        let strangers = Conflict::removable(object.clone(), "Gatehouse did not make it.");
        let mine = Conflict::adoptable(ours.clone(), "Gatehouse did not make it.");
        let mut plan = Plan {
            fingerprint: String::new(),
            operations: Vec::new(),
            unchanged: Vec::new(),
            conflicts: vec![strangers, mine.clone(), place],
            notes: Vec::new(),
            kept: Vec::new(),
            cuts: Vec::new(),
            remains: Vec::new(),
        };
        let owner = |cluster| Owner { cluster: ClusterId(cluster), how: How::Made };
        let owners = [(object, owner(1)), (ours, owner(2)), (ObjectRef::vserver("v"), owner(1))].into();
        owners_named(&mut plan, ClusterId(2), &owners);
        for conflict in [&plan.conflicts[0], &plan.conflicts[2]] {
            assert_eq!((conflict.owner, conflict.adoptable, conflict.removes), (Some(ClusterId(1)), false, false));
            assert!(conflict.sentence.contains("another cluster of Gatehouse"), "{}", conflict.sentence);
            assert!(!conflict.sentence.contains("did not make it"), "{}", conflict.sentence);
        }
        assert_eq!(plan.conflicts[1], mine, "what is its own stays as it was");
    }
}
