//! One appliance as the engine's `Observe` and `Perform`.

use super::{
    bindings, edges,
    read_error::{not_asked, read_error},
    reading::{self, list},
    request,
    role::{own_role, role},
    several::{self, answer, answer_of},
};
use crate::{
    ground::Ground,
    pairs::behind::behind as pair_behind,
    pool::{Pool, Usable},
    uploads::sealed,
};
use engine::{Batched, Observe, Perform, PerformError, Reply, apply::UNSAVED, call::together, kinds, wanted::VAULT};
use model::{
    ApplianceId, At, PairRole,
    object::{Attrs, Kind, ObjectRef, Value},
    own_log::OwnLog,
    pair::Pair,
    plan::Operation,
    read_error::ReadError,
    snapshot::{Seen, Snapshot},
    unread::Unread,
};
use nitro::{
    Error, Method, OnError, Request,
    resource::{HaNode, NsConfig, NsFeature, NsVersion},
};
use std::{collections::BTreeMap, sync::Arc};

/// The kinds that a snapshot lists, parents before their bindings.
const LISTED: [Kind; 5] = [Kind::Server, Kind::ServiceGroup, Kind::LbVserver, Kind::Member, Kind::LbVserverGroup];

/// An appliance within reach: a client, and the ground for what is known of the appliance beside its answers.
pub(crate) struct NetScaler {
    ground: Arc<Ground>,
    pub(super) usable: Usable,
}

impl NetScaler {
    pub async fn connect(ground: &Arc<Ground>, pool: &Pool, id: ApplianceId) -> Result<Self, ReadError> {
        let usable = pool.client(id).await.map_err(|failure| not_asked(&failure))?;
        Ok(Self { ground: ground.clone(), usable })
    }

    /// The same, to write: of a pair the half that is the primary now, not the one that was it a moment ago.
    pub async fn connect_to_write(ground: &Arc<Ground>, pool: &Pool, id: ApplianceId) -> Result<Self, ReadError> {
        let usable = pool.client_to_write(id).await.map_err(|failure| not_asked(&failure))?;
        Ok(Self { ground: ground.clone(), usable })
    }

    /// After a look: the pair's other half, where this one turned out not to be the primary, or to be gone, and that one is
    /// it now. Then that one is to be looked at: what a secondary shows is nobody's business. An error where neither of
    /// them can be asked any more.
    pub async fn instead(&self, pool: &Pool) -> Result<Option<Self>, ReadError> {
        if !self.usable.is_doubted().await {
            return Ok(None);
        }
        let other = Self::connect(&self.ground, pool, self.usable.appliance).await?;
        Ok((!other.usable.is_that_of(&self.usable)).then_some(other))
    }

    /// What came of a look, in the engine's words.
    pub(super) async fn told<T>(&self, look: Result<T, Error>) -> Result<T, ReadError> {
        match look {
            Ok(read) => Ok(read),
            Err(error) => Err(self.failed(error).await),
        }
    }

    pub(super) async fn failed(&self, error: Error) -> ReadError {
        self.usable.learn(&error).await;
        read_error(&error)
    }

    /// What is asked first: who answers, and whether its configuration is still the one that we know.
    pub(super) async fn head(&self) -> Result<Head, Error> {
        let at = self.ground.now();
        let (nodes, config) =
            futures::try_join!(self.usable.client.get::<HaNode>(), self.usable.client.get_single::<NsConfig>())?;
        let own = nodes.iter().find(|node| node.is_self());
        let role = own_role(&nodes);
        if !role.is_primary() {
            self.usable.doubt().await;
        }
        let mut pair = pair(&nodes);
        if let Some(pair) = &mut pair {
            pair.behind = pair_behind(&self.ground.store, self.usable.appliance, pair).await;
        }
        Ok(Head {
            at,
            nsip: own.and_then(|own| own.ipaddress.clone()).unwrap_or_default(),
            role,
            pair,
            unsaved: config.configchanged,
            changed: config.lastconfigchangedtime.clone(),
            saved: config.lastconfigsavetime.clone(),
            // Its answer is made after the question: a slow one must not look like a clock that is ahead.
            clock: config.systemtime.map(|seconds| seconds - self.ground.now().as_second()),
        })
    }

    /// What it runs, and what its licence allows.
    pub(super) async fn running(&self) -> Result<Running, Error> {
        let (version, licensed) =
            futures::try_join!(self.usable.client.get_single::<NsVersion>(), edges::licence(&self.usable.client))?;
        let release = version.parse().map_or_else(
            || version.version.clone(),
            |version| format!("{}.{} build {}.{}", version.major, version.minor, version.build.0, version.build.1),
        );
        Ok(Running { release, licensed })
    }

    /// All configuration and all states, in at most twenty GETs whatever the number of nodes. `known`: what it runs and may
    /// is the same. All are asked at once: the client lets four of them go at a time.
    pub(super) async fn take(&self, head: Head, known: Option<&Snapshot>) -> Result<Snapshot, Error> {
        let client = &self.usable.client;
        let running = async {
            match known {
                Some(known) => Ok(Running { release: known.release.clone(), licensed: known.licensed.clone() }),
                None => self.running().await,
            }
        };
        let [servers, groups, vservers] = [LISTED[0], LISTED[1], LISTED[2]].map(list);
        let (running, feature, servers, groups, vservers, members, bound, edges) = futures::try_join!(
            running,
            client.get_single::<NsFeature>(),
            client.perform(&servers),
            client.perform(&groups),
            client.perform(&vservers),
            bindings::in_one(client, Kind::Member),
            bindings::in_one(client, Kind::LbVserverGroup),
            async { Ok(edges::ask(client, &edges::ALL).await) },
        )?;
        let members = bindings::or_by_parent(client, Kind::Member, members, &groups, "servicegroupname").await?;
        let bound = bindings::or_by_parent(client, Kind::LbVserverGroup, bound, &vservers, "name").await?;
        let on = feature.feature.iter().map(|token| bare(ObjectRef::feature(&token.to_ascii_uppercase())));
        let mut snapshot = Snapshot { objects: on.collect(), ..Snapshot::default() };
        head.put(&mut snapshot);
        running.put(&mut snapshot);
        for (kind, items) in LISTED.into_iter().zip([servers.items, groups.items, vservers.items, members, bound]) {
            collect(kind, &items, &mut snapshot);
        }
        edges::add(client, edges, &mut snapshot).await?;
        snapshot.settle();
        Ok(snapshot)
    }

    async fn look(&self, object: &ObjectRef) -> Result<Option<Seen>, Error> {
        let rules = kinds::of(object.kind);
        match object.kind {
            Kind::Config => {
                let config = self.usable.client.get_single::<NsConfig>().await?;
                let mut seen = bare(object.clone());
                if let Some(unsaved) = config.configchanged {
                    seen.attrs = Attrs::from([(UNSAVED.to_owned(), Value::from(unsaved.to_string()))]);
                }
                Ok(Some(seen))
            }
            Kind::Feature => {
                let feature = self.usable.client.get_single::<NsFeature>().await?;
                Ok((feature.is_on(object.part(0)) == Some(true)).then(|| bare(object.clone())))
            }
            Kind::CertFile => self.find(&list(Kind::CertFile), object).await,
            // Named objects by their name, bindings by their parent's.
            _ => self.find(&Request::get(rules.resource).named(object.part(0)), object).await,
        }
    }

    /// One answer for all of a kind; what it does not show is asked for by itself, so that nothing counts as absent only
    /// because a list leaves it out.
    async fn look_all(&self, objects: &[&ObjectRef]) -> Result<Vec<Option<Seen>>, Error> {
        let listed = match objects.first() {
            Some(first) if listable(first.kind) => self.listed(first.kind).await?,
            _ => Vec::new(),
        };
        let mut all = Vec::with_capacity(objects.len());
        for object in objects {
            all.push(match listed.iter().find(|seen| seen.object == **object) {
                Some(seen) => Some(seen.clone()),
                None => self.look(object).await?,
            });
        }
        Ok(all)
    }

    async fn listed(&self, kind: Kind) -> Result<Vec<Seen>, Error> {
        match self.usable.client.perform(&list(kind)).await {
            Ok(reply) => Ok(reply.items.iter().filter_map(|raw| reading::seen(kind, raw)).collect()),
            // Old releases cannot list bindings without their parent (`nitro.md` 2.2).
            Err(error) if error.is_absent() || error.wants_parent() => Ok(Vec::new()),
            Err(error) => Err(error),
        }
    }

    async fn find(&self, request: &Request, object: &ObjectRef) -> Result<Option<Seen>, Error> {
        match self.usable.client.perform(request).await {
            Ok(reply) => {
                let rows = || reply.items.iter();
                let own = rows().filter_map(|raw| reading::seen(object.kind, raw));
                let mut all = own.chain(rows().filter_map(|raw| reading::remembered(object.kind, raw)));
                Ok(all.find(|seen| same(&seen.object, object)))
            }
            Err(error) if error.is_absent() => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// The newest lines of its own log. An account may lack the right to read it.
    pub async fn own_log(&self) -> Result<Vec<String>, (OwnLog, String)> {
        match self.usable.client.perform(&nitro::audit::request()).await {
            Ok(reply) => Ok(nitro::audit::lines(&reply.items)),
            Err(error) if error.not_permitted() => Err((OwnLog::NotAllowed, error.sentence())),
            Err(error) if error.unsupported() => Err((OwnLog::NotKnown, error.sentence())),
            Err(error) => Err((OwnLog::Failed, self.failed(error).await.to_string())),
        }
    }

    /// `force HA sync`, which also saves on the other half (`nitro.md` 3.22).
    pub async fn synchronise(&self) -> Result<(), ReadError> {
        let body = serde_json::json!({ "hasync": { "force": true, "save": "YES" } });
        let request =
            Request { method: Method::Post, action: Some("Force".into()), body: Some(body), ..Request::get("hasync") };
        self.told(self.usable.client.perform(&request).await.map(drop)).await
    }

    /// The operation's request, with what lies in the vault put in at the last moment.
    async fn ready(&self, op: &Operation) -> Result<Request, PerformError> {
        let mut call = op.call.clone();
        let place = call.body.as_mut().and_then(|body| body.get_mut("filecontent"));
        if let Some(content) = place
            && let Some(place) = content.as_str().and_then(|text| text.strip_prefix(VAULT))
        {
            *content = sealed::content(&self.ground, place).await.map_err(|failure| PerformError::NotSent {
                sentence: format!("The certificate could not be taken out of the vault. {failure}"),
            })?;
        }
        Ok(request(&call))
    }
}

/// What the appliance says of itself.
pub(super) struct Head {
    pub at: At,
    pub role: PairRole,
    pub nsip: String,
    pair: Option<Pair>,
    pub unsaved: Option<bool>,
    pub changed: Option<String>,
    saved: Option<String>,
    clock: Option<i64>,
}

impl Head {
    pub fn put(self, snapshot: &mut Snapshot) {
        snapshot.at = self.at;
        snapshot.role = self.role;
        snapshot.nsip = self.nsip;
        snapshot.pair = self.pair;
        snapshot.unsaved = self.unsaved;
        snapshot.changed = self.changed;
        snapshot.saved_time = self.saved;
        snapshot.clock = self.clock;
    }
}

/// What an appliance runs and may.
pub(super) struct Running {
    release: String,
    licensed: BTreeMap<String, bool>,
}

impl Running {
    pub fn put(self, snapshot: &mut Snapshot) {
        (snapshot.release, snapshot.licensed) = (self.release, self.licensed);
    }
}

pub(super) fn collect(kind: Kind, items: &[nitro::Object], snapshot: &mut Snapshot) {
    for raw in items {
        if let Some(seen) = reading::seen(kind, raw) {
            snapshot.objects.push(seen);
        } else {
            let noun = kinds::of(kind).noun;
            let sentence = format!("A {noun} was listed without its name, so it could not be taken into account.");
            snapshot.unread.push(Unread { kind: None, sentence });
        }
    }
}

/// What is known of the other half of a pair.
fn pair(nodes: &[nitro::resource::Item<HaNode>]) -> Option<Pair> {
    let peer = nodes.iter().find(|node| !node.is_self())?;
    let said = |text: &Option<String>| text.clone().unwrap_or_default();
    // Each half has its own switches, and one that is off is enough.
    let own = nodes.iter().find(|node| node.is_self());
    let switches = [own.and_then(|own| own.haprop), peer.haprop];
    let passes_on = if switches.contains(&Some(false)) { Some(false) } else { switches[0].or(switches[1]) };
    let own_sync_off = own.and_then(|own| own.hasync.as_deref()).filter(|word| word.eq_ignore_ascii_case("DISABLED"));
    Some(Pair {
        address: said(&peer.ipaddress),
        role: peer.state.as_ref().map(role).unwrap_or_default(),
        status: said(&peer.hastatus),
        sync: own_sync_off.map_or_else(|| said(&peer.hasync), str::to_owned),
        sync_failure: said(&peer.hasyncfailurereason),
        passes_on,
        ..Pair::default()
    })
}

/// Some releases leave the parent's name odd in a list of bindings (`nitro.md` 3.12); we asked by that name, so only
/// the rest of the key decides.
fn same(seen: &ObjectRef, wanted: &ObjectRef) -> bool {
    let bound = kinds::of(wanted.kind).bound;
    let tail = seen.key.len() > 1 && seen.key.get(1..) == wanted.key.get(1..);
    if bound && wanted.key.len() > 1 { tail } else { seen == wanted }
}

/// Kinds of which several are read in one list; the others have answers of their own form.
const fn listable(kind: Kind) -> bool {
    !matches!(kind, Kind::Config | Kind::Feature | Kind::CertFile | Kind::CertLink)
}

fn bare(object: ObjectRef) -> Seen {
    Seen { object, attrs: Attrs::new(), state: None, facts: Attrs::new() }
}

impl Observe for NetScaler {
    async fn snapshot(&self) -> Result<Snapshot, ReadError> {
        // Boxed: a dozen requests at once are kilobytes.
        let look = Box::pin(async { self.take(self.head().await?, None).await });
        self.told(look.await).await
    }

    async fn role(&self) -> Result<PairRole, ReadError> {
        self.told(self.head().await.map(|head| head.role)).await
    }

    async fn read(&self, object: &ObjectRef) -> Result<Option<Seen>, ReadError> {
        let seen = self.told(self.look(object).await).await?;
        Ok(seen.map(|seen| Seen { object: object.clone(), ..seen }))
    }

    async fn read_all(&self, objects: &[&ObjectRef]) -> Result<Vec<Option<Seen>>, ReadError> {
        let all = self.told(self.look_all(objects).await).await?;
        let named =
            |(seen, object): (Option<Seen>, &&ObjectRef)| seen.map(|seen| Seen { object: (*object).clone(), ..seen });
        Ok(all.into_iter().zip(objects).map(named).collect())
    }
}

impl Perform for NetScaler {
    async fn perform(&self, op: &Operation) -> Result<Reply, PerformError> {
        match self.usable.client.perform(&self.ready(op).await?).await {
            Ok(reply) => answer(reply),
            Err(error) => {
                self.usable.learn(&error).await;
                answer_of(&error)
            }
        }
    }

    async fn perform_all(&self, ops: &[&Operation]) -> Batched {
        let Some(call) = together(ops) else { return Batched::Each(Vec::new()) };
        // Files, whose contents come out of the vault, are never among them. Stopping at the first refusal keeps the
        // plan's order: nothing is made after something that could not be.
        let error = match self.usable.client.perform(&request(&call).on_error(OnError::Exit)).await {
            Ok(reply) => return Batched::Whole(answer(reply)),
            Err(error) => error,
        };
        self.usable.learn(&error).await;
        several::batched(&error, ops.len())
    }
}
