//! An appliance in memory, behind the ports `Observe` and `Perform`.

use super::store::{Refusal, Row, Store};
use engine::{
    apply::UNSAVED,
    call::together,
    kinds,
    ports::{Batched, Observe, Perform, PerformError, Reply},
};
use model::{
    clock,
    object::{Attrs, Kind, ObjectRef},
    plan::{Call, Method, Operation},
    read_error::{ReadError, ReadErrorKind},
    snapshot::{Seen, Snapshot},
    unread::Unread,
};
use serde_json::{Value as Json, json};
use std::{
    collections::BTreeMap,
    future::pending,
    sync::{Mutex, MutexGuard, PoisonError},
};

/// What goes wrong at one request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// The appliance says no, with this code; nothing happens.
    Refuse(i64),
    /// The appliance answers that it is done, and nothing happens: old builds do so with what cannot be changed (3.11).
    Ignored,
    /// It happens here; the answer says that the peer has not taken it over (349).
    PeerLags,
    /// It happens and is answered; meanwhile the pair changes roles, and what answers from now on is a secondary whose copy
    /// is empty while it synchronises, until [`FakeAppliance::heal`].
    Failover,
    /// The connection could not be made.
    NotSent,
    /// The answer is lost; the request took effect.
    LostAfter,
    /// The answer is lost; the request took no effect.
    LostBefore,
    /// It happens and is answered; then nothing can be read until [`FakeAppliance::heal`].
    ThenBlind,
    /// The answer is lost, the request took effect or not, and nothing can be read until `heal`.
    LostAndBlind { applied: bool },
    /// Whoever waits for the answer waits for ever: drop the run, as a killed process does.
    Hangs { applied: bool },
}

/// One object's request as it came, by itself or in a list.
#[derive(Clone, Debug, PartialEq)]
pub struct Sent {
    pub call: Call,
    /// It changed something, or would have if it had not been so already.
    pub applied: bool,
}

/// What it does with several objects in one request, of which it stops at the first that it refuses.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Lists {
    /// A refusal is told without saying whose it is.
    #[default]
    Taken,
    /// There is an answer for each, up to the refused one.
    Told,
    /// They are refused as such.
    Refused,
}

/// What goes wrong at a request, and at which of its objects (from 0) if not at the request as a whole.
pub(super) type Hit = (Fault, Option<usize>);

#[derive(Default)]
pub(super) struct Inner {
    pub store: Store,
    faults: BTreeMap<usize, Hit>,
    /// Tries, with those that never left.
    tries: usize,
    pub sent: Vec<Sent>,
    pub blind: bool,
    /// What answers is the secondary.
    pub away: bool,
    pub lists: Lists,
    /// Address records are listed as answers that are remembered, and as nothing else.
    remembers: bool,
    role: Option<String>,
    unread: Vec<Unread>,
}

/// A stateful stand-in for one NetScaler. It knows requests, not plans.
#[derive(Default)]
pub struct FakeAppliance {
    inner: Mutex<Inner>,
}

impl FakeAppliance {
    /// Nothing configured, every feature off, everything saved.
    pub fn new() -> Self {
        Self::default()
    }

    pub(super) fn inner(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Makes an object as somebody else would: `load("server", json!({ "name": "a", "ipaddress": "10.0.0.1" }))`.
    /// Neither faults nor counts apply to it.
    pub fn load(&self, resource: &str, body: Json) -> Result<(), Refusal> {
        let method = if resource.ends_with("_binding") { Method::Put } else { Method::Post };
        self.other(method, resource, None, body)
    }

    /// Any request of somebody else.
    pub fn other(&self, method: Method, resource: &str, action: Option<&str>, body: Json) -> Result<(), Refusal> {
        self.inner().store.handle(&Call {
            method,
            resource: resource.into(),
            name: None,
            args: Vec::new(),
            action: action.map(Into::into),
            body: Some(body),
        })
    }

    /// Takes an object away without asking what hangs on it, as a restart without a save does.
    pub fn lose(&self, object: &ObjectRef) {
        let mut inner = self.inner();
        if object.kind == Kind::Feature {
            inner.store.features.remove(object.part(0));
        } else {
            inner.store.rows.remove(&place(object));
        }
    }

    pub fn set_saved(&self) {
        self.inner().store.unsaved = false;
    }

    pub fn set_role(&self, role: &str) {
        self.inner().role = Some(role.into());
    }

    pub fn set_unread(&self, sentences: &[&str]) {
        let unread = |sentence: &&str| Unread { kind: None, sentence: (*sentence).to_owned() };
        self.inner().unread = sentences.iter().map(unread).collect();
    }

    pub fn set_lists(&self, lists: Lists) {
        self.inner().lists = lists;
    }

    /// From now on address records are listed as answers that are remembered (`nitro.md` 6.2 A3).
    pub fn remember_records(&self) {
        self.inner().remembers = true;
    }

    /// At the `n`th try (from 1) of [`Perform`], this goes wrong. Of several objects in one request the first is refused;
    /// everything else befalls all of them.
    pub fn fail_at(&self, n: usize, fault: Fault) {
        self.inner().faults.insert(n, (fault, None));
    }

    /// As [`fail_at`](Self::fail_at), at one object (from 0) of several: those before it are as ever, and where the fault
    /// ends the work, those after it are not reached.
    pub fn fail_within(&self, n: usize, item: usize, fault: Fault) {
        self.inner().faults.insert(n, (fault, Some(item)));
    }

    /// No more faults; reads work.
    pub fn heal(&self) {
        let mut inner = self.inner();
        inner.faults.clear();
        inner.blind = false;
        inner.away = false;
    }

    /// Reads work again; the other faults stay.
    pub fn see(&self) {
        self.inner().blind = false;
    }

    /// Reads fail from now on.
    pub fn blind(&self) {
        self.inner().blind = true;
    }

    /// How many requests were tried, however many objects each had.
    pub fn tries(&self) -> usize {
        self.inner().tries
    }

    /// The objects' requests that it came to through [`Perform`], in order.
    pub fn sent(&self) -> Vec<Sent> {
        self.inner().sent.clone()
    }

    /// How many of them took effect.
    pub fn writes(&self) -> usize {
        self.inner().sent.iter().filter(|sent| sent.applied).count()
    }

    /// One object as the appliance keeps it.
    pub fn row(&self, object: &ObjectRef) -> Option<Row> {
        self.inner().store.rows.get(&place(object)).cloned()
    }

    /// Everything that it keeps, by object.
    pub fn rows(&self) -> BTreeMap<ObjectRef, Row> {
        let inner = self.inner();
        inner.store.rows.iter().filter_map(|((name, key), row)| Some((reference(name, key)?, row.clone()))).collect()
    }

    fn attempt(&self, call: &Call) -> (Option<Fault>, Result<Reply, PerformError>) {
        let mut inner = self.inner();
        let fault = inner.strike().map(|(fault, _)| fault);
        let applies = !matches!(
            fault,
            Some(
                Fault::Refuse(_)
                    | Fault::Ignored
                    | Fault::NotSent
                    | Fault::LostBefore
                    | Fault::LostAndBlind { applied: false }
                    | Fault::Hangs { applied: false }
            )
        );
        if fault == Some(Fault::NotSent) {
            return (fault, Err(not_sent()));
        }
        let result = inner.done(call, applies);
        inner.sent.push(Sent { call: call.clone(), applied: applies && result.is_ok() });
        if matches!(fault, Some(Fault::ThenBlind | Fault::LostAndBlind { .. })) {
            inner.blind = true;
        }
        inner.away |= fault == Some(Fault::Failover);
        let answer = match (fault, result) {
            (Some(Fault::LostAfter | Fault::LostBefore | Fault::LostAndBlind { .. }), _) => Err(lost()),
            (Some(Fault::Refuse(code)), _) => Err(refused(code, "Device busy")),
            (_, Err((code, message))) => Err(refused(code, &message)),
            (Some(Fault::PeerLags), Ok(())) => Err(refused(349, "Command failed on secondary node")),
            (_, Ok(())) => Ok(Reply::default()),
        };
        (fault, answer)
    }
}

impl Inner {
    /// A secondary refuses what changes anything (368).
    pub fn done(&mut self, call: &Call, applies: bool) -> Result<(), Refusal> {
        match (applies, self.away) {
            (false, _) => Ok(()),
            (true, true) => Err((368, "Operation permitted only on primary node".into())),
            (true, false) => self.store.handle(call),
        }
    }

    /// One try more, and what goes wrong at it.
    pub fn strike(&mut self) -> Option<Hit> {
        self.tries += 1;
        self.faults.get(&self.tries).copied()
    }
}

impl Perform for FakeAppliance {
    async fn perform(&self, op: &Operation) -> Result<Reply, PerformError> {
        let (fault, answer) = self.attempt(&op.call);
        if matches!(fault, Some(Fault::Hangs { .. })) {
            pending::<()>().await;
        }
        answer
    }

    async fn perform_all(&self, ops: &[&Operation]) -> Batched {
        let Some(call) = together(ops) else { return Batched::Each(Vec::new()) };
        let (fault, answer) = self.attempt_all(&call);
        if matches!(fault, Some((Fault::Hangs { .. }, _))) {
            pending::<()>().await;
        }
        answer
    }
}

impl Observe for FakeAppliance {
    async fn snapshot(&self) -> Result<Snapshot, ReadError> {
        let inner = self.inner();
        if inner.blind {
            return Err(unreadable());
        }
        let features = inner.store.features.iter().map(|token| seen(ObjectRef::feature(token), Attrs::new()));
        let rows = inner.store.rows.iter().filter_map(|((name, key), row)| {
            let object = reference(name, key)?;
            let attrs = kinds::normalise_json(object.kind, row);
            Some(seen(object, attrs))
        });
        let mut snapshot = Snapshot {
            at: clock::from_millis(0),
            release: "13.1 build 48.47".into(),
            role: inner.role.as_deref().unwrap_or(if inner.away { "Secondary" } else { "Primary" }).into(),
            unsaved: Some(inner.store.unsaved),
            objects: if inner.away { Vec::new() } else { features.chain(rows).collect() },
            unread: inner.unread.clone(),
            ..Snapshot::default()
        };
        if inner.remembers {
            let (records, rest) =
                snapshot.objects.into_iter().partition(|seen| seen.object.kind == Kind::AddressRecord);
            let records: Vec<Seen> = records;
            snapshot.remembered = records.into_iter().map(|seen| seen.object).collect();
            snapshot.objects = rest;
        }
        snapshot.settle();
        Ok(snapshot)
    }

    async fn read(&self, object: &ObjectRef) -> Result<Option<Seen>, ReadError> {
        if *object == ObjectRef::config() {
            let inner = self.inner();
            let said = if inner.store.unsaved { "true" } else { "false" };
            let attrs = Attrs::from([(UNSAVED.to_owned(), said.into())]);
            return if inner.blind { Err(unreadable()) } else { Ok(Some(seen(object.clone(), attrs))) };
        }
        let snapshot = self.snapshot().await?;
        if snapshot.remembers(object) {
            let facts = Attrs::from([("authtype".to_owned(), "PROXY".into())]);
            return Ok(Some(Seen { facts, ..seen(object.clone(), Attrs::new()) }));
        }
        Ok(snapshot.find(object).cloned())
    }
}

fn seen(object: ObjectRef, attrs: Attrs) -> Seen {
    Seen { object, attrs, state: None, facts: Attrs::new() }
}

fn unreadable() -> ReadError {
    ReadError::new(ReadErrorKind::Silent, "The appliance does not answer.")
}

pub(super) fn not_sent() -> PerformError {
    PerformError::NotSent { sentence: "The appliance does not answer.".into() }
}

pub(super) fn lost() -> PerformError {
    PerformError::InDoubt { sentence: "The connection broke before the answer.".into() }
}

pub(super) fn refused(code: i64, message: &str) -> PerformError {
    PerformError::Refused {
        sentence: format!("The appliance refused it: {message} (error {code})."),
        code,
        reply: Some(json!({ "errorcode": code, "message": message, "severity": "ERROR" })),
    }
}

const NAMES: [(Kind, &str); 16] = [
    (Kind::Server, "server"),
    (Kind::ServiceGroup, "servicegroup"),
    (Kind::Member, "servicegroup_servicegroupmember_binding"),
    (Kind::LbVserver, "lbvserver"),
    (Kind::LbVserverGroup, "lbvserver_servicegroup_binding"),
    (Kind::CertFile, "systemfile"),
    (Kind::CertKey, "sslcertkey"),
    (Kind::CertLink, super::edges::LINK),
    (Kind::VserverCert, "sslvserver_sslcertkey_binding"),
    (Kind::AddressRecord, "dnsaddrec"),
    (Kind::AppController, "vpnvserver_appcontroller_binding"),
    (Kind::SessionAction, "vpnsessionaction"),
    (Kind::Gateway, "vpnvserver"),
    (Kind::GatewayPolicy, "vpnvserver_vpnsessionpolicy_binding"),
    (Kind::SessionPolicy, "vpnsessionpolicy"),
    (Kind::Address, "nsip"),
];

fn reference(resource: &str, key: &[String]) -> Option<ObjectRef> {
    let (kind, _) = NAMES.iter().find(|(_, name)| *name == resource)?;
    Some(ObjectRef::new(*kind, key))
}

fn place(object: &ObjectRef) -> (String, Vec<String>) {
    let name = NAMES.iter().find(|(kind, _)| *kind == object.kind).map_or("", |(_, name)| name);
    (name.to_owned(), object.key.clone())
}
