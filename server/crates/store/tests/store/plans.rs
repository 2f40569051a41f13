//! Versions, plans, runs, ownership.

use crate::support::{
    at, desired, entry, fleet, new_cluster, new_plan, place, plan, planned, run_begun, run_sql, snapshot,
};
use model::{
    ActNo, ClusterId, PlanId, VersionId,
    cluster::Cluster,
    log::LogQuery,
    object::{Kind, ObjectRef},
    person::Role,
    record::{Actor, Entry, Outcome, RecordKind},
};
use std::collections::BTreeSet;
use store::{
    Error,
    applied::{applied_in, last_applied_in},
    clusters::set_cluster_in,
    owned::{How, Owner, Ownership, disown_in, own_in},
    plans::NewPlan,
    records::{Filter, append_in},
    runs::{Begun, RunOf},
};
use tokio::task::JoinSet;

#[tokio::test]
async fn versions_are_numbered_in_each_cluster() {
    let place = place().await;
    let store = &place.store;
    let (appliance, berlin) = fleet(store).await;
    let bonn = store.add_cluster(&new_cluster("Bonn", appliance), at(2)).await.unwrap().id;
    let anna = store.add_person("anna", Role::Operator, "h", at(1)).await.unwrap();
    let by = Actor { person: Some(anna.id), name: anna.name, ..Actor::gatehouse() };
    assert_eq!(store.latest_desired(berlin).await.unwrap(), None);

    let first = store.save_desired(berlin, &desired("10.20.40.51"), &by, at(3)).await.unwrap();
    let other = store.save_desired(bonn, &desired("10.20.40.61"), &Actor::gatehouse(), at(4)).await.unwrap();
    let second = store.save_desired(berlin, &desired("10.20.40.52"), &by, at(5)).await.unwrap();
    assert_eq!((first.number, other.number, second.number), (1, 1, 2));
    assert_eq!((first.by, first.by_name.as_str(), first.at), (Some(anna.id), "anna", at(3)));
    assert_eq!(store.desired(first.id).await.unwrap(), first);
    assert_eq!(store.latest_desired(berlin).await.unwrap(), Some(second));
    assert_eq!(store.latest_desired(bonn).await.unwrap().unwrap().desired, desired("10.20.40.61"));
    let all = store.latest_desired_of_all().await.unwrap();
    assert_eq!(all.len(), 2);
    for id in [berlin, bonn] {
        let one = store.latest_desired(id).await.unwrap().unwrap().desired;
        assert_eq!(*all[&id].as_ref().unwrap(), one, "the latest and no other");
    }
    assert!(matches!(store.desired(VersionId(99)).await, Err(Error::NotFound)));
    let nowhere = store.save_desired(ClusterId(99), &desired("10.20.40.51"), &by, at(6)).await;
    assert!(matches!(nowhere, Err(Error::NotFound)));
}

#[tokio::test]
async fn a_set_up_says_the_name_that_its_cluster_has() {
    let place = place().await;
    let store = &place.store;
    let (_, cluster) = fleet(store).await;
    // As it was written before the name stood once: in two steps, and not the same in both.
    run_sql(
        store,
        r#"INSERT INTO desired_versions (cluster, number, desired, made_by_name, at)
           SELECT clusters.id, number, desired, 'anna', 0 FROM clusters, (
               SELECT 1 AS number, '{"gateway":{"vserver":"gw","url":"https://old.example.com:8443"},"dns":{"hostname":"older.example.com","record":true}}' AS desired
               UNION SELECT 2, '{}'
               UNION SELECT 3, '{"gateway":{"vserver":"gw","url":"https://old.example.com:8443"}}')"#,
    )
    .await
    .unwrap();
    let name = async |number| store.desired_version(cluster, number).await.unwrap().unwrap().desired.fqdn;
    assert_eq!(name(1).await, "older.example.com", "what it was then");
    assert_eq!(name(2).await, "xms.example.com", "it does not say");
    assert_eq!(store.latest_desired(cluster).await.unwrap().unwrap().desired.fqdn, "xms.example.com");

    let renamed = Cluster { fqdn: "new.example.com".into(), ..store.cluster(cluster).await.unwrap() };
    store.write(move |conn| Box::pin(async move { set_cluster_in(conn, &renamed).await })).await.unwrap();
    // Whoever saves may have read the cluster before.
    let stale = desired("10.20.40.51").renamed("xms.example.com");
    let saved = store.save_desired(cluster, &stale, &Actor::gatehouse(), at(5)).await.unwrap();
    assert_eq!((saved.number, saved.desired.fqdn.as_str()), (4, "new.example.com"));
    assert_eq!(store.desired(saved.id).await.unwrap(), saved);
}

#[tokio::test]
async fn a_plan_comes_back_with_the_snapshot_it_was_made_from() {
    let place = place().await;
    let store = &place.store;
    let (appliance, cluster) = fleet(store).await;
    let (version, id) = planned(store, cluster).await;
    let stored = store.plan(id).await.unwrap();
    assert_eq!((&stored.plan, store.plan_snapshot(id).await.unwrap()), (&plan(), Some(snapshot(3))));
    assert_eq!((stored.id, stored.cluster, stored.version, stored.act), (id, cluster, version, ActNo(1)));
    assert_eq!((stored.by, stored.by_name.as_str(), stored.at), (None, "gatehouse", at(4)));
    assert!(matches!(store.plan(PlanId(99)).await, Err(Error::NotFound)));

    let (_, newer) = planned(store, cluster).await;
    let Begun::New(run) = store.begin_run(&run_begun(id)).await.unwrap() else { panic!("it is new") };
    let lines = store.plans_of(cluster, 10).await.unwrap();
    assert_eq!(lines.iter().map(|line| (line.id, line.run)).collect::<Vec<_>>(), [(newer, None), (id, Some(run.act))]);
    let gist = lines[1].gist.clone().unwrap();
    assert_eq!((gist.counts, gist.conflicts), (plan().counts(), 0));
    assert_eq!((lines[1].act, lines[1].version, lines[1].by_name.as_str()), (ActNo(1), version, "gatehouse"));
    assert_eq!(store.plans_of(cluster, 1).await.unwrap().len(), 1);
    assert!(store.plans_of(ClusterId(99), 10).await.unwrap().is_empty());

    let bonn = store.add_cluster(&new_cluster("Bonn", appliance), at(2)).await.unwrap().id;
    for wrong in [
        NewPlan { cluster: bonn, ..new_plan(cluster, version, ActNo(1)) },
        new_plan(cluster, VersionId(99), ActNo(1)),
        new_plan(cluster, version, ActNo(99)),
    ] {
        let refused = store.add_plan(&wrong).await;
        assert!(matches!(refused, Err(Error::NotFound)), "{refused:?}");
    }
}

#[tokio::test]
async fn a_plan_runs_once_however_many_ask() {
    let place = place().await;
    let store = &place.store;
    let (_, cluster) = fleet(store).await;
    let (_, plan) = planned(store, cluster).await;
    let mut asking = JoinSet::new();
    for _ in 0..20 {
        let store = store.clone();
        asking.spawn(async move { store.begin_run(&run_begun(plan)).await.unwrap() });
    }
    let (mut new, mut already) = (Vec::new(), Vec::new());
    for begun in asking.join_all().await {
        match begun {
            Begun::New(record) => new.push(record),
            Begun::Already(act) => already.push(act),
        }
    }
    assert_eq!((new.len(), already.len()), (1, 19));
    let act = new[0].act;
    assert!(already.iter().all(|&other| other == act));
    assert_eq!(store.of_act(act).await.unwrap(), new);
    let begun = LogQuery { kind: Some(RecordKind::RunBegun), ..LogQuery::default() };
    assert_eq!(store.list(begun.into()).await.unwrap().len(), 1, "who came late left no record");
    assert_eq!(store.run_of_plan(plan).await.unwrap(), Some(act));
    assert_eq!(store.plan_of_run(act).await.unwrap(), Some(plan));
    assert_eq!(store.plan_of_run(ActNo(1)).await.unwrap(), None, "that was planning");

    let (_, next) = planned(store, cluster).await;
    assert_eq!(store.run_of_plan(next).await.unwrap(), None);
    let Begun::New(second) = store.begin_run(&run_begun(next)).await.unwrap() else { panic!("it is new") };
    let runs = store.runs_of(cluster, 10).await.unwrap();
    assert_eq!(runs, [RunOf { act: second.act, plan: next }, RunOf { act, plan }]);
    assert_eq!(store.runs_of(cluster, 1).await.unwrap().len(), 1);
}

#[tokio::test]
async fn a_run_needs_a_plan_that_exists() {
    let place = place().await;
    let store = &place.store;
    assert!(matches!(store.begin_run(&run_begun(PlanId(99))).await, Err(Error::NotFound)));
    assert!(matches!(store.begin_run(&entry(RecordKind::RunBegun)).await, Err(Error::Mistake { .. })));
    let resumed = Entry { kind: RecordKind::RunResumed, ..run_begun(PlanId(99)) };
    assert!(matches!(store.begin_run(&resumed).await, Err(Error::Mistake { .. })));
    assert!(store.list(Filter::default()).await.unwrap().is_empty(), "no record of what did not begin");
}

#[tokio::test]
async fn an_object_belongs_to_one_cluster() {
    let place = place().await;
    let store = &place.store;
    let (appliance, berlin) = fleet(store).await;
    let bonn = store.add_cluster(&new_cluster("Bonn", appliance), at(2)).await.unwrap().id;
    let act = store.append(&entry(RecordKind::RunBegun)).await.unwrap().act;
    let own = |object: ObjectRef, cluster| Ownership { appliance, object, cluster, since: at(5), act, how: How::Made };
    let member = ObjectRef::member("group \"1\"", "xms01", 443);
    let vserver = ObjectRef::vserver("v");

    store.own(&own(member.clone(), berlin)).await.unwrap();
    store.own(&own(member.clone(), berlin)).await.unwrap();
    store.own(&own(vserver.clone(), bonn)).await.unwrap();
    let taken = store.own(&own(member.clone(), bonn)).await;
    assert!(matches!(taken, Err(Error::Taken { what }) if what == "object"));
    let owner = |cluster| Owner { cluster, how: How::Made };
    let all = [(member.clone(), owner(berlin)), (vserver.clone(), owner(bonn))].into();
    assert_eq!(store.owned(appliance).await.unwrap(), all);
    assert_eq!(store.owned_by(appliance, berlin).await.unwrap(), BTreeSet::from([member.clone()]));

    assert!(store.disown(appliance, &member).await.unwrap());
    assert!(!store.disown(appliance, &member).await.unwrap());
    assert!(store.owned_by(appliance, berlin).await.unwrap().is_empty());
    store.own(&own(member, bonn)).await.unwrap();
}

#[tokio::test]
async fn every_kind_of_object_can_be_owned() {
    let place = place().await;
    let store = &place.store;
    let (appliance, cluster) = fleet(store).await;
    let act = store.append(&entry(RecordKind::RunBegun)).await.unwrap().act;
    let objects: BTreeSet<_> = [
        ObjectRef::feature("LB"),
        ObjectRef::server("s"),
        ObjectRef::group("g"),
        ObjectRef::member("g", "s", 443),
        ObjectRef::vserver("v"),
        ObjectRef::vserver_group("v", "g"),
        ObjectRef::new(Kind::Config, [""; 0]),
    ]
    .into();
    for object in &objects {
        let new = Ownership { appliance, object: object.clone(), cluster, since: at(1), act, how: How::Made };
        store.own(&new).await.unwrap();
    }
    assert_eq!(store.owned_by(appliance, cluster).await.unwrap(), objects);
}

#[tokio::test]
async fn a_result_and_what_it_made_ours_are_one_write() {
    let place = place().await;
    let store = &place.store;
    let (appliance, cluster) = fleet(store).await;
    let object = ObjectRef::server("xms01");
    let write = async |fails: bool| {
        let object = object.clone();
        store
            .write(move |conn| {
                Box::pin(async move {
                    let result = Entry { outcome: Some(Outcome::Succeeded), ..entry(RecordKind::CallResult) };
                    let act = append_in(conn, &result).await?.act;
                    own_in(
                        conn,
                        &Ownership { appliance, object: object.clone(), cluster, since: at(1), act, how: How::Made },
                    )
                    .await?;
                    if fails {
                        disown_in(conn, appliance, &object).await?;
                        return Err(Error::NotFound);
                    }
                    Ok(act)
                })
            })
            .await
    };
    assert!(write(true).await.is_err());
    assert!(
        store.list(Filter::default()).await.unwrap().is_empty() && store.owned(appliance).await.unwrap().is_empty()
    );
    let act = write(false).await.unwrap();
    assert_eq!(store.of_act(act).await.unwrap().len(), 1);
    assert_eq!(store.owned(appliance).await.unwrap().len(), 1);
}

#[tokio::test]
async fn consent_to_removal_is_one_more_and_what_was_made_stays_made() {
    let place = place().await;
    let store = &place.store;
    let (appliance, cluster) = fleet(store).await;
    let act = store.append(&entry(RecordKind::ObjectAdopted)).await.unwrap().act;
    let own =
        |name: &str, how| Ownership { appliance, object: ObjectRef::group(name), cluster, since: at(5), act, how };
    for (name, first, then, stands) in [
        ("a", How::Adopted, How::Doomed, How::Doomed),
        ("b", How::Made, How::Adopted, How::Made),
        ("c", How::Doomed, How::Adopted, How::Doomed),
    ] {
        store.own(&own(name, first)).await.unwrap();
        store.own(&own(name, then)).await.unwrap();
        let owned = store.owned(appliance).await.unwrap();
        assert_eq!(owned.get(&ObjectRef::group(name)), Some(&Owner { cluster, how: stands }), "{name}");
    }
}

#[tokio::test]
async fn what_was_applied_last_is_told_by_its_run() {
    let place = place().await;
    let store = &place.store;
    let (_, cluster) = fleet(store).await;
    assert_eq!(store.last_applied(cluster).await.unwrap(), None);
    let mut runs = Vec::new();
    for _ in 0..3 {
        let (version, plan) = planned(store, cluster).await;
        let Begun::New(run) = store.begin_run(&run_begun(plan)).await.unwrap() else { panic!("it is new") };
        runs.push((run.act, version));
    }
    let applied = async |act: ActNo, version: Option<VersionId>| {
        store.write(move |conn| Box::pin(applied_in(conn, act, cluster, version, at(9)))).await
    };
    applied(runs[0].0, Some(runs[0].1)).await.unwrap();
    applied(runs[1].0, Some(runs[1].1)).await.unwrap();
    // A resumed run ends twice; the first end that changed something stands.
    applied(runs[1].0, None).await.unwrap();
    let last = store.last_applied(cluster).await.unwrap().unwrap();
    assert_eq!((last.run, last.version.map(|version| version.id)), (runs[1].0, Some(runs[1].1)));
    applied(runs[2].0, None).await.unwrap();
    assert_eq!(store.last_applied(cluster).await.unwrap().unwrap().version, None, "all was taken back");
    let before = async |act| store.read(|conn| Box::pin(last_applied_in(conn, cluster, Some(act)))).await.unwrap();
    assert_eq!(before(runs[1].0).await.unwrap().run, runs[0].0);
    assert_eq!(before(runs[0].0).await, None);
    assert!(matches!(applied(ActNo(1), None).await, Err(Error::NotFound)), "only of a run");
}

#[tokio::test]
async fn a_run_may_leave_another_version_than_its_plans() {
    let place = place().await;
    let store = &place.store;
    let (_, cluster) = fleet(store).await;
    let (version, plan) = planned(store, cluster).await;
    let begun = run_begun(plan);
    let begun = store
        .write(move |conn| Box::pin(async move { store::runs::begin_run_in(conn, &begun, Some(version)).await }))
        .await;
    let Begun::New(run) = begun.unwrap() else { panic!("it is new") };
    assert_eq!(store.version_of_run(run.act).await.unwrap(), Some(version));
    let (_, plan) = planned(store, cluster).await;
    let Begun::New(run) = store.begin_run(&run_begun(plan)).await.unwrap() else { panic!("it is new") };
    assert_eq!(store.version_of_run(run.act).await.unwrap(), None);
    let numbers: Vec<i64> =
        store.desired_versions(cluster, 9).await.unwrap().iter().map(|version| version.number).collect();
    assert_eq!(numbers, [2, 1]);
}

#[tokio::test]
async fn neighbours_are_the_others_on_the_appliance() {
    let place = place().await;
    let store = &place.store;
    let (appliance, berlin) = fleet(store).await;
    let bonn = store.add_cluster(&new_cluster("Bonn", appliance), at(2)).await.unwrap().id;
    let elsewhere = store.add_appliance(&crate::support::spec("other"), b"sealed", at(1)).await.unwrap();
    store.add_cluster(&new_cluster("Celle", elsewhere), at(2)).await.unwrap();
    planned(store, bonn).await;
    let act = store.append(&entry(RecordKind::RunBegun)).await.unwrap().act;
    let object = ObjectRef::vserver("v");
    let own = Ownership { appliance, object: object.clone(), cluster: bonn, since: at(5), act, how: How::Made };
    store.own(&own).await.unwrap();
    let beside = store.neighbours(appliance, berlin).await.unwrap();
    assert_eq!(beside.len(), 1);
    assert_eq!((beside[0].cluster.id, &beside[0].desired), (bonn, &desired("10.20.40.51")));
    assert_eq!(beside[0].owned, BTreeSet::from([object]));
    assert!(store.neighbours(appliance, bonn).await.unwrap()[0].owned.is_empty());
}
