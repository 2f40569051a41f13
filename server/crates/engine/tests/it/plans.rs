//! Notes, saves, members of others, removals: what a plan does beside its additions.

use crate::{
    common::{
        ACTION, Owned, apply, berlin, berlin_made, berlin_with, briefly, cli, furnished, listener, look, planned,
        uploaded, whole,
    },
    fake::FakeAppliance,
};
use engine::{fingerprint, moved, plan};
use model::{
    desired::Desired,
    object::{Attrs, Kind, ObjectRef, Value},
    plan::{Method, Plan, Verb},
    snapshot::{Seen, Snapshot},
};
use serde_json::json;

const MEMBER: &str = "servicegroup_servicegroupmember_binding";
const BINDING: &str = "lbvserver_servicegroup_binding";

fn noted(plan: &Plan, part: &str) -> bool {
    plan.notes.iter().any(|note| note.contains(part))
}

#[test]
fn planning_again_after_applying_gives_nothing() {
    let (appliance, owned) = berlin_made();
    let again = planned(&appliance, &berlin(), &owned);
    assert!(again.is_empty() && again.conflicts.is_empty() && again.notes.is_empty(), "{again:#?}");
    assert_eq!(again.counts().unchanged, 11);
}

#[test]
fn a_default_that_is_wanted_again_is_an_unset() {
    let (appliance, mut owned) = berlin_made();
    appliance
        .other(Method::Put, "lbvserver", None, json!({ "name": "xms-berlin-mdm-443", "lbmethod": "roundrobin" }))
        .unwrap();
    let set = json!({ "servicegroupname": "xms-berlin-mdm-443-sg", "servername": "xms01", "port": 443, "weight": 5 });
    appliance.other(Method::Put, "servicegroup", None, set).unwrap();
    appliance.set_saved();
    let plan = apply(&appliance, &berlin_with(|mdm| mdm.timeout = 2), &mut owned);
    assert_eq!(
        cli(&plan),
        [
            "unset serviceGroup xms-berlin-mdm-443-sg xms01 443 -weight",
            "unset lb vserver xms-berlin-mdm-443 -timeout -lbMethod",
            "save ns config",
        ]
    );
    assert_eq!(plan.operations[0].call.resource, "servicegroup");
    assert_eq!(plan.operations[1].before["timeout"], 20i64.into());
    assert_eq!(plan.operations[1].attrs["timeout"], 2i64.into());
}

#[test]
fn members_of_others_in_our_group_are_left_alone_and_said() {
    let (appliance, mut owned) = berlin_made();
    appliance.load("server", json!({ "name": "theirs", "ipaddress": "10.9.9.9" })).unwrap();
    let member = json!({ "servicegroupname": "xms-berlin-mdm-443-sg", "servername": "theirs", "port": 443 });
    appliance.load(MEMBER, member).unwrap();
    appliance.set_saved();
    let plan = planned(&appliance, &berlin(), &owned);
    assert!(plan.is_empty());
    assert!(noted(&plan, "member theirs:443 of xms-berlin-mdm-443-sg is not in the set-up"), "{:?}", plan.notes);
    // The group cannot go while their member is in it.
    let plan = apply(&appliance, &berlin_with(|mdm| mdm.listeners.clear()), &mut owned);
    assert!(noted(&plan, "still uses it. It stays"), "{:?}", plan.notes);
    assert!(appliance.row(&ObjectRef::group("xms-berlin-mdm-443-sg")).is_some());
    assert!(appliance.row(&ObjectRef::server("xms01")).is_none());
}

#[test]
fn a_group_that_others_use_keeps_its_members() {
    let (appliance, mut owned) = berlin_made();
    let theirs = json!({ "name": "theirs", "servicetype": "SSL_BRIDGE", "ipv46": "10.9.9.9", "port": 443 });
    appliance.load("lbvserver", theirs).unwrap();
    appliance.load(BINDING, json!({ "name": "theirs", "servicegroupname": "xms-berlin-mdm-443-sg" })).unwrap();
    let plan = apply(&appliance, &berlin_with(|mdm| mdm.listeners.clear()), &mut owned);
    let lines: Vec<String> = plan.operations.iter().map(briefly).collect();
    assert_eq!(
        lines,
        [
            "Unbind binding of xms-berlin-mdm-443-sg to xms-berlin-mdm-443",
            "Remove virtual server xms-berlin-mdm-443",
            "Save saved configuration"
        ]
    );
    assert!(noted(&plan, "virtual server theirs uses the group"), "{:?}", plan.notes);
    assert!(planned(&appliance, &berlin_with(|mdm| mdm.listeners.clear()), &owned).is_empty());
}

#[test]
fn our_virtual_server_with_a_binding_of_others_stays() {
    let (appliance, mut owned) = berlin_made();
    appliance.load("servicegroup", json!({ "servicegroupname": "theirs", "servicetype": "SSL_BRIDGE" })).unwrap();
    appliance.load(BINDING, json!({ "name": "xms-berlin-mdm-443", "servicegroupname": "theirs" })).unwrap();
    appliance.set_saved();
    let plan = planned(&appliance, &berlin(), &owned);
    assert!(plan.is_empty() && noted(&plan, "binding of theirs to xms-berlin-mdm-443 is not in the set-up"));
    // It may be another cluster's, and then Gatehouse did make it.
    assert!(noted(&plan, "Gatehouse did not make it for this cluster"), "{:?}", plan.notes);
    let plan = apply(&appliance, &berlin_with(|mdm| mdm.listeners.clear()), &mut owned);
    assert!(noted(&plan, "is not this cluster's. It stays"), "{:?}", plan.notes);
    assert!(appliance.row(&ObjectRef::vserver("xms-berlin-mdm-443")).is_some());
}

#[test]
fn nothing_shared_is_removed_on_half_a_view() {
    let (appliance, owned) = berlin_made();
    appliance.set_unread(&["The members of service groups may not be read with this account."]);
    let plan = planned(&appliance, &berlin_with(|mdm| mdm.listeners.clear()), &owned);
    assert!(noted(&plan, "may not be read with this account"));
    assert!(!plan.operations.iter().any(|op| op.verb == Verb::Remove && op.object == ObjectRef::server("xms01")));
}

#[test]
fn a_virtual_server_with_a_new_name_replaces_the_old_one_on_the_same_port() {
    let (appliance, mut owned) = berlin_made();
    let renamed = berlin_with(|mdm| mdm.listeners[0].vserver = "xms-b".into());
    let plan = apply(&appliance, &renamed, &mut owned);
    assert_eq!(plan.counts().remove, 2);
    assert!(planned(&appliance, &renamed, &owned).is_empty());
    // And a group with a new name: the old binding goes first, the same members cannot be behind one server twice.
    let renamed = berlin_with(|mdm| {
        mdm.listeners[0].vserver = "xms-b".into();
        mdm.listeners[0].group = "xms-b-sg".into();
    });
    apply(&appliance, &renamed, &mut owned);
    assert!(planned(&appliance, &renamed, &owned).is_empty());
}

#[test]
fn an_absent_step_plans_nothing() {
    let (appliance, owned) = berlin_made();
    let plan = planned(&appliance, &Desired::default(), &owned);
    assert!(plan.is_empty() && noted(&plan, "does not describe load balancing"), "{plan:#?}");
    assert!(planned(&FakeAppliance::new(), &Desired::default(), &Owned::new()).notes.is_empty());
}

#[test]
fn unsaved_changes_of_ours_and_of_others() {
    let (appliance, owned) = berlin_made();
    let comment = json!({ "name": "xms01", "comment": "hands off" });
    appliance.other(Method::Put, "server", None, comment).unwrap();
    let plan = planned(&appliance, &berlin(), &owned);
    assert_eq!(cli(&plan), ["save ns config"]);
    assert!(plan.operations[0].reason.contains("everybody's changes"), "{}", plan.operations[0].reason);
    let plan = planned(&appliance, &berlin_with(|mdm| mdm.timeout = 30), &owned);
    assert!(noted(&plan, "already has unsaved changes"), "{:?}", plan.notes);
    let strangers = FakeAppliance::new();
    strangers.load("server", json!({ "name": "theirs", "ipaddress": "10.9.9.9" })).unwrap();
    let plan = planned(&strangers, &Desired::default(), &Owned::new());
    assert!(plan.is_empty() && noted(&plan, "none of them Gatehouse's"));
}

#[test]
fn every_reason_is_a_sentence() {
    let (appliance, owned) = berlin_made();
    let other = berlin_with(|mdm| {
        mdm.listeners = vec![listener(8443)];
        mdm.timeout = 2;
    });
    for plan in [planned(&FakeAppliance::new(), &berlin(), &Owned::new()), planned(&appliance, &other, &owned)] {
        for op in &plan.operations {
            assert!(op.reason.ends_with('.') && op.reason.len() > 30, "{}", op.reason);
        }
        for note in &plan.notes {
            assert!(note.ends_with('.'), "{note}");
        }
    }
}

#[test]
fn the_fingerprint_is_of_configuration_and_of_all_of_it() {
    let (appliance, _) = berlin_made();
    let before = look(&appliance);
    let mut same = before.clone();
    same.unsaved = None;
    same.release = "14.1".into();
    for seen in &mut same.objects {
        seen.state = Some(model::state::StateWord("DOWN".into()));
        seen.facts.insert("health".into(), "0".into());
    }
    assert_eq!(fingerprint(&same), fingerprint(&before));
    assert!(moved(&before, &same).is_empty());
    appliance.load("server", json!({ "name": "theirs", "ipaddress": "10.9.9.9" })).unwrap();
    appliance.other(Method::Put, "lbvserver", None, json!({ "name": "xms-berlin-mdm-443", "timeout": "2" })).unwrap();
    appliance.lose(&ObjectRef::feature("SSL"));
    appliance.set_role("Secondary");
    let after = look(&appliance);
    assert_ne!(fingerprint(&after), fingerprint(&before));
    assert_eq!(
        moved(&before, &after).iter().map(model::run::MovedField::sentence).collect::<Vec<_>>(),
        [
            "role of appliance was Primary and is now Secondary.",
            "The feature SSL was there and is now gone.",
            "The server theirs was not there and is now there.",
            "timeout of virtual server xms-berlin-mdm-443 was 20 and is now 2.",
        ]
    );
    let planned = plan(&berlin(), &after, &Owned::new());
    assert_eq!(planned.fingerprint, fingerprint(&after));
    assert_eq!(planned.fingerprint.len(), 64);
}

/// What was planned on one half of a pair stands on the other one after a failover.
#[test]
fn the_address_that_each_half_of_a_pair_has_for_itself_is_in_no_fingerprint() {
    let with = |nsip: &str, snip: &str| {
        let mut snapshot = Snapshot::default();
        for (address, told) in [(nsip, "NSIP"), (snip, "SNIP")] {
            let attrs = Attrs::from([("type".to_owned(), Value::from(told))]);
            let object = ObjectRef::new(Kind::Address, [address]);
            snapshot.objects.push(Seen { object, attrs, state: None, facts: Attrs::new() });
        }
        snapshot.settle();
        snapshot
    };
    let before = with("10.0.0.10", "10.0.0.12");
    assert_eq!(fingerprint(&before), fingerprint(&with("10.0.0.11", "10.0.0.12")));
    assert!(moved(&before, &with("10.0.0.11", "10.0.0.12")).is_empty());
    assert_ne!(fingerprint(&before), fingerprint(&with("10.0.0.10", "10.0.0.13")), "a SNIP moves with the primary");
}

#[test]
fn a_fingerprint_is_what_it_was_when_the_plan_was_made_whatever_program_asks() {
    let seen = |object: ObjectRef, attrs: &[(&str, Value)]| Seen {
        object,
        attrs: attrs.iter().map(|(name, value)| ((*name).to_owned(), value.clone())).collect(),
        state: None,
        facts: Attrs::new(),
    };
    let mut snapshot = Snapshot {
        objects: vec![
            seen(ObjectRef::member("sg", "a", 443), &[]),
            seen(ObjectRef::server("a"), &[("ipaddress", "10.0.0.1".into()), ("td", 1i64.into())]),
        ],
        ..Default::default()
    };
    snapshot.settle();
    let written = r#"[["server",["a"],[["ipaddress","10.0.0.1"],["td",1]]],["servicegroup_servicegroupmember_binding",["sg","a","443"],[]]]"#;
    assert_eq!(fingerprint(&snapshot), hex::encode(<sha2::Sha256 as sha2::Digest>::digest(written)));
    assert_eq!(fingerprint(&Snapshot::default()), hex::encode(<sha2::Sha256 as sha2::Digest>::digest("[]")));
}

#[test]
fn our_certificate_key_with_a_link_of_others_stays() {
    let (appliance, mut owned) = (furnished(), Owned::from([ObjectRef::session_action(ACTION)]));
    apply(&appliance, &uploaded(), &mut owned);
    assert!(owned.remove(&ObjectRef::new(Kind::CertLink, ["xms-2027"])));
    let plan = apply(&appliance, &whole(), &mut owned);
    assert!(noted(&plan, "is not this cluster's. It stays"), "{:?}", plan.notes);
    assert!(appliance.row(&ObjectRef::cert_key("xms-2027")).is_some());
    assert!(appliance.row(&ObjectRef::cert_key("xms-2027-ca")).is_some());
    assert!(planned(&appliance, &whole(), &owned).is_empty());
}
