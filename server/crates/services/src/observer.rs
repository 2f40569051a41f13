//! The observer: looks at every appliance at its interval, so that no page ever has to wait for one.

use crate::{
    Failure, Topic,
    adapters::{About, NetScaler, Ours},
    contact::Contact,
    foreign::Foreign,
    ground::Ground,
    pool::Pool,
    watch::Watch,
};
use model::{
    ApplianceId, Reckoning, clock::from_millis, desired::Desired, object::Kind, read_error::ReadError,
    snapshot::Snapshot,
};
use std::{
    collections::{BTreeMap, BTreeSet, HashMap},
    sync::Arc,
    time::Duration,
};
use tokio::sync::{Mutex, OwnedMutexGuard};

/// Each tenth look of the observer reads what the others leave out: all of an appliance, or what may move without a change
/// of its configuration.
const FAR_EVERY: u32 = 10;

/// More virtual servers and groups than these, and only what is ours is asked for between two looks at all of it.
const MANY: usize = 50;

/// One look at an appliance at a time: a look that builds on an older one must not be stored over a newer one.
#[derive(Default)]
pub(crate) struct Looks(Mutex<HashMap<ApplianceId, Arc<Mutex<Known>>>>);

/// What is known of an appliance's configuration from one look to the next.
#[derive(Default)]
struct Known {
    /// When a look at all of it first found it changed last at this time, in its own words, and which half said so: the
    /// other one has a configuration of its own, however alike they are.
    read: Option<(Told, Duration)>,
    /// A second look at all of it, after that second was over, found the same time: nothing was changed in between, and
    /// none is until another time is told.
    sure: bool,
}

/// The time of the last change, and the management address of the half that told it.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Told {
    changed: String,
    by: String,
}

/// The appliance tells the time of its last change to the second.
const SECOND: Duration = Duration::from_secs(2);

impl Known {
    /// After a look, begun at `passed`, that read all of it.
    fn read_whole(&mut self, changed: Option<&str>, by: &str, passed: Duration) {
        let told = changed.map(|changed| Told { changed: changed.to_owned(), by: by.to_owned() });
        match (&self.read, told) {
            (Some((known, since)), Some(told)) if *known == told => {
                self.sure = self.sure || passed.saturating_sub(*since) >= SECOND;
            }
            (_, told) => {
                self.read = told.map(|told| (told, passed));
                self.sure = false;
            }
        }
    }

    /// Its configuration is the one that was read, as long as it tells the same time of change.
    fn is_sure(&self, before: &Snapshot) -> bool {
        let same =
            |(known, _): &(Told, Duration)| Some(&known.changed) == before.changed.as_ref() && known.by == before.nsip;
        self.sure && self.read.as_ref().is_some_and(same)
    }
}

impl Looks {
    async fn begin(&self, appliance: ApplianceId) -> OwnedMutexGuard<Known> {
        let turn = self.0.lock().await.entry(appliance).or_default().clone();
        turn.lock_owned().await
    }

    /// Waits until those under way have ended. New ones are kept from beginning by the stop itself.
    pub(crate) async fn over(&self) {
        let turns: Vec<Arc<Mutex<Known>>> = self.0.lock().await.values().cloned().collect();
        for turn in turns {
            drop(turn.lock().await);
        }
    }
}

/// How much a look reads.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Reach {
    /// What moves by itself.
    Near,
    /// That, and what may move without a change of the configuration.
    Around,
    All,
}

impl Reach {
    fn of(before: Option<&Snapshot>, known: &Known) -> Self {
        match before {
            Some(before) if before.glances + 1 < FAR_EVERY => Self::Near,
            Some(before) if known.is_sure(before) => Self::Around,
            _ => Self::All,
        }
    }
}

#[derive(Clone)]
pub struct Observer {
    pub(crate) ground: Arc<Ground>,
    pub(crate) pool: Arc<Pool>,
    pub(crate) watch: Watch,
    pub(crate) foreign: Foreign,
    pub(crate) looks: Arc<Looks>,
    pub(crate) contact: Arc<Contact>,
}

impl Observer {
    /// Looks now at all of it, in the background.
    pub(crate) fn look_soon(&self, appliance: ApplianceId) {
        let observer = self.clone();
        tokio::spawn(async move { observer.look(appliance).await });
    }

    /// One look at all of it; its result, good or bad, is stored and told.
    pub async fn look(&self, appliance: ApplianceId) {
        let mut known = self.looks.begin(appliance).await;
        self.read(appliance, &mut known, Some(Reach::All)).await;
    }

    /// The observer's look: what moves by itself, and now and then more. Whether it went well.
    pub async fn glance(&self, appliance: ApplianceId) -> bool {
        let mut known = self.looks.begin(appliance).await;
        self.read(appliance, &mut known, None).await
    }

    async fn read(&self, appliance: ApplianceId, known: &mut Known, reach: Option<Reach>) -> bool {
        let number = self.ground.store.begin_look();
        let (begun, passed) = (self.ground.reckoning(), self.ground.passed());
        let (before, steady) = self.seen_before(appliance, begun).await;
        let before = before.as_deref();
        let reach = reach.unwrap_or_else(|| Reach::of(before, known));
        let look = async {
            let about = About { steady, ..self.about(appliance, before).await };
            let netscaler = NetScaler::connect(&self.ground, &self.pool, appliance).await?;
            let seen = seen(&netscaler, reach, before, &about).await;
            match netscaler.instead(&self.pool).await? {
                Some(other) => self::seen(&other, reach, before, &about).await,
                None => seen,
            }
        };
        let look = look.await.map(|mut snapshot| {
            let told = snapshot.at;
            if snapshot.whole_at == Some(told) {
                known.read_whole(snapshot.changed.as_deref(), &snapshot.nsip, passed);
            }
            // A look counts from when it began, to the millisecond as it is stored: what is read is then what was put.
            let begun = from_millis(begun.now.as_millisecond());
            snapshot.retime(|at| if at == told { begun } else { at });
            Arc::new(snapshot)
        });
        self.keep_look(appliance, number, begun, look.clone()).await;
        let well = look.is_ok();
        if let Ok(after) = look {
            self.foreign.note(appliance, before, &after).await;
        }
        self.ground.bus.send(Topic::Observed(appliance));
        well
    }

    /// The last good look of this run of the program: what an earlier one saw is not built on, for it may be older than
    /// clocks say. With it, whether no look failed since.
    async fn seen_before(&self, appliance: ApplianceId, now: Reckoning) -> (Option<Arc<Snapshot>>, bool) {
        let known = self.ground.store.observation(appliance, now).await.unwrap_or_else(|error| {
            tracing::error!(appliance.id = appliance.0, "The last look could not be read: {}", error.sentence());
            None
        });
        let Some(known) = known else { return (None, false) };
        let steady = known.failing().is_none();
        (known.good.filter(|good| !good.before_start).map(|good| good.snapshot), steady)
    }

    /// What is looked for: what is described or owned there, where there is much else.
    async fn about(&self, appliance: ApplianceId, before: Option<&Snapshot>) -> About {
        let owned = self.ground.store.owned(appliance).await.unwrap_or_else(|error| {
            tracing::error!(appliance.id = appliance.0, "What is owned could not be read: {}", error.sentence());
            BTreeMap::new()
        });
        let named = |kind: Kind| {
            let of_kind = owned.keys().filter(move |object| object.kind == kind);
            of_kind.map(|object| object.part(0).to_owned()).collect::<BTreeSet<String>>()
        };
        let mut about = About { owned_groups: named(Kind::ServiceGroup), ..About::default() };
        let many =
            |before: &Snapshot| before.of_kind(Kind::LbVserver).len() + before.of_kind(Kind::ServiceGroup).len() > MANY;
        if before.is_some_and(many) {
            let mut ours = Ours { vservers: named(Kind::LbVserver), groups: about.owned_groups.clone() };
            match self.described_on(appliance).await {
                Ok(all) => {
                    for listener in all.iter().flat_map(Desired::listeners) {
                        ours.vservers.insert(listener.vserver.clone());
                        ours.groups.insert(listener.group.clone());
                    }
                    about.only = Some(ours);
                }
                Err(failure) => {
                    tracing::error!(appliance.id = appliance.0, "What is described could not be read: {failure}");
                }
            }
        }
        about
    }

    /// What is described and what was applied last, of each cluster there.
    async fn described_on(&self, appliance: ApplianceId) -> Result<Vec<Desired>, Failure> {
        let mut all = Vec::new();
        for cluster in self.ground.store.clusters_on(appliance).await? {
            let versions = [
                self.ground.store.latest_desired(cluster.id).await,
                self.ground.store.last_applied_version(cluster.id).await,
            ];
            for version in versions {
                match version {
                    Ok(version) => all.extend(version.map(|version| version.desired)),
                    // What nobody can read nobody can draw.
                    Err(store::Error::Unreadable { .. }) => {}
                    Err(error) => return Err(error.into()),
                }
            }
        }
        Ok(all)
    }

    /// One that failed counts from when it failed.
    async fn keep_look(
        &self,
        appliance: ApplianceId,
        number: i64,
        begun: Reckoning,
        look: Result<Arc<Snapshot>, ReadError>,
    ) {
        // That we stop is no trouble of the appliance.
        if look.is_err() && self.ground.not_stopping().is_err() {
            return;
        }
        let at = if look.is_ok() { begun } else { self.ground.reckoning() };
        let stored = self.ground.store.put_observation(appliance, number, at, look.as_ref().map(Arc::clone)).await;
        if let Err(error) = stored {
            tracing::error!(appliance.id = appliance.0, "What was seen could not be stored: {}", error.sentence());
        }
        self.contact.note(appliance, look.as_ref().err().map(|error| error.kind));
        self.ground.bus.count(Topic::Observed(appliance));
        self.watch.judge_on(appliance, at).await;
    }
}

async fn seen(
    netscaler: &NetScaler,
    reach: Reach,
    before: Option<&Snapshot>,
    about: &About,
) -> Result<Snapshot, ReadError> {
    match (reach, before) {
        (Reach::Near, Some(before)) => netscaler.glance(before, about).await,
        (Reach::Around, Some(before)) => netscaler.glance_around(before, about).await,
        _ => netscaler.whole(before, about).await,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(changed: Option<&str>) -> Snapshot {
        Snapshot { changed: changed.map(str::to_owned), glances: FAR_EVERY - 1, ..Snapshot::default() }
    }

    #[test]
    fn a_configuration_is_known_by_two_looks_at_all_of_it_with_a_second_between() {
        let mut known = Known::default();
        let seconds = Duration::from_secs;
        let reach = |known: &Known, changed| Reach::of(Some(&at(changed)), known);
        assert_eq!(Reach::of(None, &known), Reach::All);
        known.read_whole(Some("T"), "", seconds(10));
        assert_eq!(reach(&known, Some("T")), Reach::All, "it may have changed later in that second");
        known.read_whole(Some("T"), "", seconds(11));
        assert_eq!(reach(&known, Some("T")), Reach::All);
        known.read_whole(Some("T"), "", seconds(12));
        assert_eq!(reach(&known, Some("T")), Reach::Around);
        known.read_whole(Some("T"), "", seconds(12));
        assert_eq!(reach(&known, Some("T")), Reach::Around);
        assert_eq!(reach(&known, Some("U")), Reach::All);
        known.read_whole(Some("U"), "", seconds(40));
        assert_eq!(reach(&known, Some("U")), Reach::All);
        known.read_whole(Some("U"), "10.0.0.11", seconds(45));
        assert_eq!(reach(&known, Some("U")), Reach::All, "the other half of the pair said so");
        known.read_whole(None, "", seconds(50));
        known.read_whole(None, "", seconds(60));
        assert_eq!(reach(&known, None), Reach::All, "an appliance that does not say");
    }

    #[test]
    fn most_looks_are_near() {
        let reach = |glances| Reach::of(Some(&Snapshot { glances, ..Snapshot::default() }), &Known::default());
        assert_eq!([0, 8, 9, 10].map(reach), [Reach::Near, Reach::Near, Reach::All, Reach::All]);
    }
}
