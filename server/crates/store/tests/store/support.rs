//! A store in a folder of its own, and things to put there.

use model::{
    ActNo, ApplianceId, At, ClusterId, PlanId, Reckoning, VersionId,
    appliance::{ApplianceSpec, ConnectBy, Half, Trust},
    clock::from_millis,
    cluster::NewCluster,
    desired::{Desired, Form, MdmForm, NodesForm},
    object::{ObjectRef, Value},
    pair::Pair,
    plan::{Call, Inverse, Method, Operation, Plan, Verb},
    read_error::{ReadError, ReadErrorKind},
    record::{Actor, Entry, RecordKind},
    run::RunDetail,
    snapshot::{Seen, Snapshot},
    state::StateWord,
};
use std::time::Duration;
use store::{Error, Store, StoreOptions, plans::NewPlan};
use tempfile::TempDir;

/// The folder goes when this goes.
pub struct Place {
    pub dir: TempDir,
    pub store: Store,
}

pub async fn place() -> Place {
    let dir = tempfile::tempdir().unwrap();
    let store = open(&dir).await;
    Place { dir, store }
}

pub async fn open(dir: &TempDir) -> Store {
    // Short, so that tests of locks are; long enough for a busy machine to open a file.
    let options = StoreOptions { busy_timeout: Duration::from_millis(400), ..StoreOptions::default() };
    Store::open_with(dir.path(), options).await.unwrap()
}

/// Seconds since the epoch.
pub fn at(seconds: i64) -> At {
    from_millis(seconds * 1000)
}

/// By a clock that nobody sets.
pub fn clock(seconds: i64) -> Reckoning {
    Reckoning { now: at(seconds), ahead_ms: 0 }
}

pub fn entry(kind: RecordKind) -> Entry {
    Entry {
        at: at(1_000),
        kind,
        act: None,
        actor: Actor::gatehouse(),
        cluster: None,
        appliance: None,
        outcome: None,
        summary: kind.text().into(),
        detail: serde_json::Value::Null,
    }
}

pub fn spec(title: &str) -> ApplianceSpec {
    ApplianceSpec {
        title: title.into(),
        user: "nsroot".into(),
        first: Half {
            tls: true,
            host: "10.0.0.10".into(),
            port: 443,
            connect: ConnectBy::Socks5 { proxy: "127.0.0.1:1080".into() },
            trust: Trust::Pinned { sha256: "0a".repeat(32) },
        },
        second: None,
    }
}

pub fn new_cluster(title: &str, appliance: ApplianceId) -> NewCluster {
    NewCluster { title: title.into(), fqdn: "xms.example.com".into(), appliance }
}

pub async fn fleet(store: &Store) -> (ApplianceId, ClusterId) {
    let appliance = store.add_appliance(&spec("ns"), b"sealed", at(1)).await.unwrap();
    let cluster = store.add_cluster(&new_cluster("Berlin", appliance), at(2)).await.unwrap();
    (appliance, cluster.id)
}

pub fn desired(vip: &str) -> Desired {
    let nodes = NodesForm { nodes: "10.20.30.11 xms01".into() }.apply(&Desired::blank("xms.example.com")).unwrap();
    MdmForm { vip: vip.into(), ..MdmForm::fresh("Berlin") }.apply(&nodes).unwrap()
}

pub fn plan() -> Plan {
    let attrs = [("ipaddress".to_owned(), Value::from("10.20.30.11"))].into();
    Plan {
        fingerprint: "f1".into(),
        operations: vec![Operation {
            seq: 1,
            verb: Verb::Add,
            object: ObjectRef::server("xms01"),
            attrs,
            before: [].into(),
            reason: "The node needs a server object.".into(),
            call: Call {
                method: Method::Post,
                resource: "server".into(),
                name: None,
                args: Vec::new(),
                action: None,
                body: Some(serde_json::json!({"name": "xms01", "ipaddress": "10.20.30.11"})),
            },
            cli: "add server xms01 10.20.30.11".into(),
            inverse: Inverse::Do { verb: Verb::Remove, attrs: [].into() },
        }],
        unchanged: vec![ObjectRef::feature("LB")],
        conflicts: Vec::new(),
        notes: Vec::new(),
        remains: Vec::new(),
        kept: Vec::new(),
        cuts: Vec::new(),
    }
}

pub fn silent(sentence: &str) -> ReadError {
    ReadError::new(ReadErrorKind::Silent, sentence)
}

pub fn snapshot(seconds: i64) -> Snapshot {
    Snapshot {
        at: at(seconds),
        release: "13.1 build 48.47".into(),
        role: "Primary".into(),
        unsaved: Some(true),
        objects: vec![Seen {
            object: ObjectRef::vserver("gw"),
            attrs: [("port".to_owned(), Value::from(443_i64))].into(),
            state: Some(StateWord("UP".into())),
            facts: [].into(),
        }],
        licensed: [("LB".to_owned(), true)].into(),
        pair: Some(Pair { address: "10.0.0.11".into(), role: "Secondary".into(), ..Pair::default() }),
        unread: vec![model::unread::Unread { kind: None, sentence: "The licence could not be read.".into() }],
        ..Snapshot::default()
    }
}

/// A saved version and a plan for it.
pub async fn planned(store: &Store, cluster: ClusterId) -> (VersionId, PlanId) {
    let by = Actor::gatehouse();
    let version = store.save_desired(cluster, &desired("10.20.40.51"), &by, at(3)).await.unwrap().id;
    let act = store.append(&entry(RecordKind::PlanBegun)).await.unwrap().act;
    (version, store.add_plan(&new_plan(cluster, version, act)).await.unwrap())
}

pub fn new_plan(cluster: ClusterId, version: VersionId, act: ActNo) -> NewPlan {
    NewPlan { cluster, version, plan: plan(), snapshot: snapshot(3), by: Actor::gatehouse(), at: at(4), act }
}

pub fn run_begun(plan: PlanId) -> Entry {
    let detail = RunDetail { plan, fingerprint: "f1".into() };
    Entry { detail: serde_json::to_value(detail).unwrap(), ..entry(RecordKind::RunBegun) }
}

/// Runs a bare statement as a write.
pub async fn run_sql(store: &Store, sql: &'static str) -> Result<u64, Error> {
    store.write(move |conn| Box::pin(async move { Ok(sqlx::query(sql).execute(conn).await?.rows_affected()) })).await
}

/// What the database itself said: the message of the error's source.
pub fn source(error: &Error) -> String {
    std::error::Error::source(error).map(ToString::to_string).unwrap_or_default()
}
