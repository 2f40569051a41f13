//! Forms that are not written any more mean what they meant.

use crate::golden::{file, files};
use model::{
    ActNo,
    act::plan_of,
    appliance::{ApplianceSpec, ConnectBy, Trust},
    desired::Desired,
    node::{Door, NodeFacts, TroubleKind},
    plan::{Plan, Verb},
    record::{Entrance, Entry, RecordKind},
    run::{CallDetail, RunDetail, RunEnd},
    snapshot::Snapshot,
};
use serde::de::DeserializeOwned;

fn old<T: DeserializeOwned>(kind: &str, form: &str) -> T {
    serde_json::from_value(file(kind, form)).unwrap()
}

#[test]
fn what_was_added_since_is_empty_in_the_oldest_plan() {
    let plan: Plan = old("plan", "least");
    let operation = &plan.operations[0];
    assert_eq!(operation.verb, Verb::FeatureOn, "its word is older than the switches of objects");
    assert!(operation.attrs.is_empty() && operation.before.is_empty());
    assert!(operation.call.body.is_none() && operation.call.args.is_empty() && operation.call.action.is_none());
    let conflict = &plan.conflicts[0];
    assert!(conflict.adoptable && !conflict.removes && conflict.other.is_none() && conflict.owner.is_none());
    assert!(plan.remains.is_empty() && plan.kept.is_empty() && plan.cuts.is_empty());
}

#[test]
fn the_peer_of_a_pair_was_a_sentence_once() {
    let snapshot: Snapshot = old("snapshot", "peer");
    assert_eq!(snapshot.pair.unwrap().sentence(), "The peer 10.0.0.11 is Secondary, its node state UP.");
    let least: Snapshot = old("snapshot", "least");
    assert!(least.pair.is_none() && least.unread.is_empty() && least.licensed.is_empty());
    assert_eq!((least.glances, least.read_whole_at()), (0, least.at), "it was read whole");
}

#[test]
fn trouble_at_a_door_was_a_sentence_once() {
    let facts: NodeFacts = old("node_facts", "sentence");
    let trouble = facts.tries[&Door::Open].value.clone().unwrap();
    assert_eq!((trouble.kind, trouble.sentence.as_str()), (TroubleKind::Unreadable, "No route."));
    assert_eq!(facts.tries[&Door::Rest].value, None);
    let least: NodeFacts = old("node_facts", "least");
    assert!(least.ids.is_empty() && least.ports.is_empty() && least.tries.is_empty() && least.apns.is_none());
}

#[test]
fn steps_that_were_not_there_yet_describe_nothing() {
    assert_eq!(old::<Desired>("desired", "least"), Desired::default());
    let first: Desired = old("desired", "first");
    assert_eq!((first.nodes.len(), first.nodes[0].id.as_deref()), (1, None));
    assert!(first.mdm.is_some() && first.mam.is_none() && first.kept_off.is_empty());
}

#[test]
fn the_name_of_a_cluster_stood_in_two_steps_once() {
    let (old, new): (Desired, Desired) = (old("desired", "v1"), old("desired", "v2"));
    assert_eq!(old.fqdn, "xms.example.com");
    assert_eq!(old, new);
}

#[test]
fn ways_to_an_appliance_stay_what_they_were() {
    let way = |form| {
        let spec: ApplianceSpec = old("appliance_spec", form);
        (spec.first.connect, spec.first.trust)
    };
    assert_eq!(way("least"), (ConnectBy::Direct, Trust::System));
    assert_eq!(way("map"), (ConnectBy::Map { real: "127.0.0.1:8443".into() }, Trust::System));
    assert!(matches!(way("v1"), (ConnectBy::Socks5 { .. }, Trust::Pinned { .. })));
    let pair: ApplianceSpec = old("appliance_spec", "v2");
    let second = pair.second.map(|half| (half.port, half.connect));
    assert_eq!(second, Some((8443, ConnectBy::Map { real: "192.0.2.9:8443".into() })));
    assert_eq!(old::<ApplianceSpec>("appliance_spec", "v1").second, None, "it was one address once");
}

#[test]
fn a_call_without_what_was_added_since_is_read() {
    let detail: CallDetail = old("call_detail", "least");
    assert!(detail.body.is_none() && detail.reply.is_none() && detail.note.is_empty());
    assert!(detail.before.is_empty() && detail.after.is_empty());
    assert_eq!(old::<Vec<RunEnd>>("run_ends", "least"), [RunEnd::default()]);
}

/// One record of each kind, as it was written: what is read out of their details is still there.
#[test]
fn there_is_a_golden_record_of_every_kind_and_its_detail_is_understood() {
    let mut entries: Vec<Entry> = Vec::new();
    for (kind, form) in files().into_keys().filter(|(kind, _)| kind == "records") {
        entries.extend(old::<Vec<Entry>>(&kind, &form));
    }
    for kind in RecordKind::ALL {
        assert!(entries.iter().any(|entry| entry.kind == *kind), "no golden record says {}", kind.code());
    }
    for entry in entries.iter().filter(|entry| !entry.detail.is_null()) {
        let (said, detail) = (&entry.summary, &entry.detail);
        match entry.kind {
            RecordKind::CallIntent | RecordKind::CallResult => {
                let call: CallDetail = serde_json::from_value(detail.clone()).unwrap();
                assert!(call.seq > 0 && !call.request.is_empty(), "{said}");
            }
            RecordKind::RunBegun => {
                let run: RunDetail = serde_json::from_value(detail.clone()).unwrap();
                assert_eq!(plan_of(entry), Some(run.plan), "{said}");
            }
            RecordKind::RunEnded => assert!(serde_json::from_value::<RunEnd>(detail.clone()).is_ok(), "{said}"),
            RecordKind::PlanEnded | RecordKind::ObjectAdopted => assert!(plan_of(entry).is_some(), "{said}"),
            kind if kind.is_about_a_person() && kind != RecordKind::RequestRefused => {
                assert!(detail.get("person").is_some(), "{said}");
            }
            _ => {}
        }
    }
    assert_eq!(old::<Vec<Entry>>("records", "least")[0].act, None::<ActNo>);
}

#[test]
fn whoever_did_something_before_there_were_several_ways_came_by_a_session() {
    let records: Vec<Entry> = old("records", "v1");
    assert!(records.iter().all(|record| record.actor.via == Entrance::Session));
}
