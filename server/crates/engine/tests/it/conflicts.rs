//! What keeps a plan from being applied: one test each, with the sentence that a person reads.

use crate::{
    common::{
        ACTION, GATEWAY, Owned, apply, berlin, berlin_made, berlin_with, briefly, furnished, listener, look, node,
        planned, whole,
    },
    fake::FakeAppliance,
};
use engine::plan;
use model::{
    object::{ObjectRef, Value},
    plan::{Conflict, Plan, Verb},
};
use serde_json::json;

fn only(plan: &Plan) -> &Conflict {
    let [conflict] = plan.conflicts.as_slice() else { panic!("one conflict expected: {:#?}", plan.conflicts) };
    conflict
}

fn assert_says(conflict: &Conflict, object: &ObjectRef, adoptable: bool, parts: &[&str]) {
    assert_eq!((&conflict.object, conflict.adoptable), (object, adoptable), "{conflict:?}");
    for part in parts {
        assert!(conflict.sentence.contains(part), "“{part}” in {}", conflict.sentence);
    }
    assert!(conflict.sentence.ends_with('.'), "{}", conflict.sentence);
}

#[test]
fn what_others_made_is_touched_after_consent_only() {
    let appliance = FakeAppliance::new();
    apply(&appliance, &berlin_with(|mdm| mdm.timeout = 2), &mut Owned::new());
    let nobody = planned(&appliance, &berlin(), &Owned::new());
    let objects: Vec<String> = nobody.conflicts.iter().map(|conflict| conflict.object.to_string()).collect();
    assert_eq!(
        objects,
        [
            "service group xms-berlin-mdm-443-sg",
            "member xms01:443 of xms-berlin-mdm-443-sg",
            "member xms02:443 of xms-berlin-mdm-443-sg",
            "member xms03:443 of xms-berlin-mdm-443-sg",
            "virtual server xms-berlin-mdm-443",
            "binding of xms-berlin-mdm-443-sg to xms-berlin-mdm-443",
        ]
    );
    let vserver = &nobody.conflicts[4];
    let object = ObjectRef::vserver("xms-berlin-mdm-443");
    assert_says(vserver, &object, true, &["Gatehouse did not make it", "timeout from 2 to 20", "consented"]);
    assert_says(&nobody.conflicts[0], &nobody.conflicts[0].object, true, &["nothing on it would be changed"]);
    assert!(nobody.is_empty(), "{:?}", nobody.operations);
    let adopted: Owned = nobody.conflicts.iter().map(|conflict| conflict.object.clone()).collect();
    let plan = planned(&appliance, &berlin(), &adopted);
    assert!(plan.conflicts.is_empty());
    let lines: Vec<String> = plan.operations.iter().map(briefly).collect();
    assert_eq!(lines, ["Change virtual server xms-berlin-mdm-443", "Save saved configuration"]);
}

#[test]
fn what_cannot_be_changed_needs_another_name() {
    let (appliance, owned) = berlin_made();
    let desired = berlin_with(|mdm| mdm.listeners[0].port = 8443);
    let plan = planned(&appliance, &desired, &owned);
    let object = ObjectRef::vserver("xms-berlin-mdm-443");
    assert_says(
        only(&plan),
        &object,
        false,
        &["has port 443 and should have 8443", "another name", "old one is removed"],
    );
    let foreign = FakeAppliance::new();
    let group = json!({ "servicegroupname": "xms-berlin-mdm-443-sg", "servicetype": "ssl" });
    foreign.load("servicegroup", group).unwrap();
    let plan = planned(&foreign, &berlin(), &Owned::new());
    let object = ObjectRef::group("xms-berlin-mdm-443-sg");
    assert_says(only(&plan), &object, false, &["has servicetype SSL and should have SSL_BRIDGE", "left alone"]);
}

#[test]
fn a_server_of_our_name_with_another_address() {
    let appliance = FakeAppliance::new();
    appliance.load("server", json!({ "name": "xms02", "ipaddress": "10.9.9.9" })).unwrap();
    let plan = planned(&appliance, &berlin(), &Owned::new());
    let object = ObjectRef::server("xms02");
    assert_says(only(&plan), &object, false, &["10.9.9.9", "10.20.30.12", "Gatehouse did not make it", "another name"]);
}

#[test]
fn our_own_server_moves_only_when_nobody_else_uses_it() {
    let (appliance, owned) = berlin_made();
    let mut desired = berlin();
    desired.nodes[0].address = [10, 20, 30, 99].into();
    let plan = planned(&appliance, &desired, &owned);
    assert!(plan.conflicts.is_empty());
    let op = &plan.operations[0];
    assert_eq!((op.verb, op.cli.as_str()), (Verb::Set, "set server xms01 -IPAddress 10.20.30.99"));
    assert_eq!(op.before["ipaddress"], Value::from("10.20.30.11"));
    appliance.load("servicegroup", json!({ "servicegroupname": "theirs", "servicetype": "TCP" })).unwrap();
    let member = json!({ "servicegroupname": "theirs", "servername": "xms01", "port": 80 });
    appliance.load("servicegroup_servicegroupmember_binding", member).unwrap();
    let plan = planned(&appliance, &desired, &owned);
    assert_says(only(&plan), &ObjectRef::server("xms01"), false, &["member xms01:80 of theirs"]);
}

#[test]
fn a_server_that_exists_under_another_name_is_used_as_it_is() {
    let appliance = FakeAppliance::new();
    appliance.load("server", json!({ "name": "10.20.30.12", "ipaddress": "10.20.30.12" })).unwrap();
    let mut owned = Owned::new();
    let plan = apply(&appliance, &berlin(), &mut owned);
    assert!(plan.unchanged.contains(&ObjectRef::server("10.20.30.12")));
    assert!(plan.notes.iter().any(|note| note.contains("as server 10.20.30.12")), "{:?}", plan.notes);
    assert!(owned.contains(&ObjectRef::member("xms-berlin-mdm-443-sg", "10.20.30.12", 443)));
    assert!(!owned.contains(&ObjectRef::server("10.20.30.12")));
    assert!(appliance.row(&ObjectRef::server("xms02")).is_none());
    let teardown = apply(&appliance, &berlin_with(|mdm| mdm.listeners.clear()), &mut owned);
    assert!(!teardown.operations.iter().any(|op| op.object == ObjectRef::server("10.20.30.12")));
    assert!(appliance.row(&ObjectRef::server("10.20.30.12")).is_some());
}

#[test]
fn two_nodes_cannot_share_a_server() {
    let appliance = FakeAppliance::new();
    appliance.load("server", json!({ "name": "xms01", "ipaddress": "10.20.30.12" })).unwrap();
    let plan = planned(&appliance, &berlin(), &Owned::new());
    assert_says(only(&plan), &ObjectRef::server("xms01"), false, &["10.20.30.12", "another node"]);
}

#[test]
fn somebody_listens_there() {
    let appliance = FakeAppliance::new();
    let theirs = json!({ "name": "theirs", "servicetype": "TCP", "ipv46": "10.20.40.51", "port": 443 });
    appliance.load("lbvserver", theirs).unwrap();
    let plan = planned(&appliance, &berlin(), &Owned::new());
    let object = ObjectRef::vserver("xms-berlin-mdm-443");
    assert_says(only(&plan), &object, false, &["10.20.40.51:443", "virtual server theirs"]);
    // The same when ours is there and would move onto the address.
    let (appliance, owned) = berlin_made();
    let theirs = json!({ "name": "theirs", "servicetype": "TCP", "ipv46": "10.20.40.60", "port": "443" });
    appliance.load("lbvserver", theirs).unwrap();
    let plan = planned(&appliance, &berlin_with(|mdm| mdm.vip = [10, 20, 40, 60].into()), &owned);
    assert_says(only(&plan), &object, false, &["10.20.40.60:443"]);
}

#[test]
fn a_node_that_others_put_behind_our_virtual_server_through_their_group() {
    let (appliance, mut owned) = berlin_made();
    appliance.load("server", json!({ "name": "theirs", "ipaddress": "10.20.30.14" })).unwrap();
    appliance.load("servicegroup", json!({ "servicegroupname": "theirs", "servicetype": "SSL_BRIDGE" })).unwrap();
    let member = json!({ "servicegroupname": "theirs", "servername": "theirs", "port": 443 });
    appliance.load("servicegroup_servicegroupmember_binding", member).unwrap();
    let binding = json!({ "name": "xms-berlin-mdm-443", "servicegroupname": "theirs" });
    appliance.load("lbvserver_servicegroup_binding", binding).unwrap();
    let mut desired = berlin();
    desired.nodes.push(node("xms04", 14));
    let plan = planned(&appliance, &desired, &owned);
    let object = ObjectRef::vserver_group("xms-berlin-mdm-443", "theirs");
    assert_says(only(&plan), &object, true, &["refuses the same member twice", "would unbind it", "consented"]);
    owned.insert(object);
    let plan = apply(&appliance, &desired, &mut owned);
    let lines: Vec<String> = plan.operations.iter().map(briefly).collect();
    assert_eq!(
        lines,
        [
            "Unbind binding of theirs to xms-berlin-mdm-443",
            "Bind member theirs:443 of xms-berlin-mdm-443-sg",
            "Save saved configuration"
        ]
    );
}

#[test]
fn names_that_differ_in_case_only() {
    let appliance = FakeAppliance::new();
    appliance
        .load("servicegroup", json!({ "servicegroupname": "XMS-Berlin-MDM-443-sg", "servicetype": "TCP" }))
        .unwrap();
    let plan = planned(&appliance, &berlin(), &Owned::new());
    let object = ObjectRef::group("xms-berlin-mdm-443-sg");
    assert_says(only(&plan), &object, false, &["XMS-Berlin-MDM-443-sg", "upper and lower case"]);
}

#[test]
fn a_secondary_is_not_written_to() {
    let appliance = FakeAppliance::new();
    for role in ["Secondary", "", "PRIMARYISH"] {
        appliance.set_role(role);
        let plan = planned(&appliance, &berlin(), &Owned::new());
        assert_says(only(&plan), &ObjectRef::config(), false, &["primary of a pair only"]);
    }
    appliance.set_role("PRIMARY");
    assert!(planned(&appliance, &berlin(), &Owned::new()).conflicts.is_empty());
}

#[test]
fn a_desired_state_that_contradicts_itself() {
    let twice = berlin_with(|mdm| mdm.listeners.push(listener(443)));
    let plan = planned(&FakeAppliance::new(), &twice, &Owned::new());
    assert!(plan.conflicts.iter().any(|c| c.sentence.contains("10.20.40.51:443")), "{:#?}", plan.conflicts);
    assert!(plan.conflicts.iter().all(|c| !c.adoptable));
    let mut desired = berlin();
    desired.nodes.push(node("xms01", 99));
    let plan = planned(&FakeAppliance::new(), &desired, &Owned::new());
    assert_says(only(&plan), &ObjectRef::server("xms01"), false, &["10.20.30.99"]);
}

#[test]
fn whatever_does_not_hold_of_the_set_up_blocks_its_plan() {
    let appliance = furnished();
    let mut node_at_vip = whole();
    node_at_vip.nodes[0].address = [10, 20, 40, 52].into();
    let mut one_number = whole();
    one_number.nodes[2].id = one_number.nodes[0].id.clone();
    let mut one_group = whole();
    let mut no_certificate = whole();
    if let (Some(group), Some(certificate)) = (&mut one_group.mam, &mut no_certificate.mam) {
        group.listener.group = "xms-berlin-mdm-443-sg".into();
        certificate.certificate.clear();
    }
    let mut no_number = whole();
    no_number.nodes[1].id = None;
    let nameless = model::desired::Desired { fqdn: String::new(), ..whole() };
    for desired in [node_at_vip, one_number, one_group, no_certificate, no_number, nameless] {
        let plan = planned(&appliance, &desired, &Owned::from([ObjectRef::session_action(ACTION)]));
        let problems = desired.check();
        assert!(!problems.is_empty());
        for sentence in problems.iter().map(model::desired::SetUpProblem::sentence) {
            assert!(plan.conflicts.iter().any(|c| c.sentence == sentence), "{sentence}: {:#?}", plan.conflicts);
        }
        let told = engine::wanted::contradicted(&desired, &look(&appliance));
        let besides: Vec<_> = plan.conflicts.iter().filter(|c| !told.contains(&c.object)).collect();
        assert!(besides.len() < plan.conflicts.len(), "{besides:#?}");
        for object in &told {
            assert!(plan.conflicts.iter().any(|c| c.object == *object), "{object}: {:#?}", plan.conflicts);
        }
    }
    assert!(engine::wanted::contradicted(&whole(), &look(&appliance)).is_empty());
}

#[test]
fn persistence_in_a_persistency_group_is_left_to_the_group() {
    let (appliance, owned) = berlin_made();
    let mut snapshot = look(&appliance);
    let vserver = ObjectRef::vserver("xms-berlin-mdm-443");
    for seen in snapshot.objects.iter_mut().filter(|seen| seen.object == vserver) {
        seen.facts.insert("groupname".into(), "pg".into());
    }
    let plan = plan(&berlin_with(|mdm| mdm.timeout = 60), &snapshot, &owned);
    assert!(plan.is_empty(), "{:?}", plan.operations);
    assert!(plan.notes.iter().any(|note| note.contains("persistency group pg")), "{:?}", plan.notes);
}

#[test]
fn a_member_of_the_mam_group_needs_its_number() {
    let mut desired = whole();
    desired.nodes[1].id = None;
    let plan = planned(&furnished(), &desired, &Owned::from([ObjectRef::session_action(ACTION)]));
    let member = ObjectRef::member("xms-berlin-mam-8443-sg", "xms02", 8443);
    assert_says(only(&plan), &member, false, &["10.20.30.12 has no node ID", "Nodes step"]);
}

#[test]
fn what_a_step_refers_to_must_be_there() {
    let plan = planned(&FakeAppliance::new(), &whole(), &Owned::new());
    let objects: Vec<String> = plan.conflicts.iter().map(|conflict| conflict.object.to_string()).collect();
    assert_eq!(objects, ["certificate key wildcard-example", "Gateway _XM_ag.example.com"]);
    let appliance = furnished();
    appliance.lose(&ObjectRef::session_action(ACTION));
    let plan = planned(&appliance, &whole(), &Owned::new());
    assert_says(only(&plan), &ObjectRef::session_action(ACTION), false, &["Gatehouse does not make one"]);
}

#[test]
fn a_session_action_is_repointed_after_consent_only() {
    let plan = planned(&furnished(), &whole(), &Owned::new());
    let action = ObjectRef::session_action(ACTION);
    let change = "storefronturl from https://old-xms.example.com:8443 to https://xms.example.com:8443";
    assert_says(only(&plan), &action, true, &[change, "adopt"]);
}

#[test]
fn another_pointer_and_another_address_go_after_consent() {
    let (appliance, mut owned) = (furnished(), Owned::from([ObjectRef::session_action(ACTION)]));
    let other = json!({ "name": GATEWAY, "appcontroller": "https://old-xms.example.com:8443" });
    appliance.load("vpnvserver_appcontroller_binding", other).unwrap();
    appliance.load("dnsaddrec", json!({ "hostname": "xms.example.com", "ipaddress": "10.20.40.40" })).unwrap();
    let plan = planned(&appliance, &whole(), &owned);
    assert!(plan.conflicts.iter().all(|conflict| conflict.adoptable), "{:#?}", plan.conflicts);
    owned.extend(plan.conflicts.iter().map(|conflict| conflict.object.clone()));
    let plan = apply(&appliance, &whole(), &mut owned);
    let place = |verb: Verb, text: &str| {
        let found = plan.operations.iter().position(|op| op.verb == verb && op.object.to_string().contains(text));
        found.unwrap_or_else(|| panic!("{text} in {plan:#?}"))
    };
    assert!(place(Verb::Bind, "https://xms.example.com") < place(Verb::Unbind, "https://old-xms"), "new before old");
    assert!(place(Verb::Add, "10.20.40.52") < place(Verb::Remove, "10.20.40.40"));
    assert!(planned(&appliance, &whole(), &owned).is_empty());
}

#[test]
fn an_address_of_the_appliance_or_of_a_gateway_is_taken() {
    let appliance = furnished();
    appliance.load("nsip", json!({ "ipaddress": "10.20.40.51", "type": "SNIP" })).unwrap();
    let plan = planned(&appliance, &berlin(), &Owned::new());
    let vserver = ObjectRef::vserver("xms-berlin-mdm-443");
    assert_says(only(&plan), &vserver, false, &["10.20.40.51:443", "address 10.20.40.51 listens there already"]);
    let on_gateway = berlin_with(|mdm| mdm.vip = [10, 20, 40, 40].into());
    let plan = planned(&furnished(), &on_gateway, &Owned::new());
    assert_says(only(&plan), &vserver, false, &["Gateway _XM_ag.example.com listens there already"]);
}
