//! What Gatehouse does by itself, as entries of one timetable: looks at appliances and at nodes, the clock, the data, what is
//! summed up and swept away. `rounds` says what is due; here it is begun.

use crate::{
    Failure,
    house::House,
    nodes::{Share, Target},
    rounds::Rounds,
    sweep::sweep,
};
use model::{ApplianceId, ClusterId, node::Door};
use std::{collections::HashMap, net::Ipv4Addr, sync::Arc, time::Duration};
use tokio::{
    task::{Id, JoinError, JoinSet},
    time::Instant,
};

/// Looks at appliances at the same time: enough that a hundred that do not answer keep no other waiting.
const APPLIANCES: usize = 48;
/// Looks at nodes, of which each cluster has several.
const NODES: usize = 96;

/// That Gatehouse is to stop is noticed after so long at most.
const LONGEST: Duration = Duration::from_secs(1);

/// What the house needs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
enum Chore {
    /// Which appliances and nodes there are is read again.
    Lists,
    /// Whether this machine's clock was set, delays that are over, refusals to be summed up.
    Notes,
    /// Whether the data folder and the log are as they should be.
    Data,
    /// Old sessions, forms and snapshots.
    Sweep,
}

/// A node, by one of its doors.
type OfNode = (ClusterId, Ipv4Addr, Door);

/// What is at work.
enum Look {
    Appliance(ApplianceId),
    Node(OfNode),
}

struct Timetable {
    house: Arc<House>,
    since: Instant,
    chores: Rounds<Chore>,
    appliances: Rounds<ApplianceId>,
    nodes: Rounds<OfNode>,
    targets: HashMap<OfNode, Target>,
    /// Each says whether it went well.
    at_work: JoinSet<bool>,
    begun: HashMap<Id, Look>,
}

/// Again and again until the process ends.
#[expect(clippy::disallowed_methods, reason = "that it is time is what is waited for")]
pub(crate) async fn keep_the_timetable(house: Arc<House>) {
    let interval = Duration::from_secs(u64::from(house.ground.interval));
    let chores = HashMap::from([
        (Chore::Lists, interval),
        (Chore::Notes, interval),
        (Chore::Data, Duration::from_mins(1)),
        (Chore::Sweep, interval * 100),
    ]);
    let mut timetable = Timetable {
        chores: Rounds::new(chores.len()),
        appliances: Rounds::new(APPLIANCES),
        nodes: Rounds::new(NODES),
        targets: HashMap::new(),
        at_work: JoinSet::new(),
        begun: HashMap::new(),
        house,
        since: Instant::now(),
    };
    loop {
        if timetable.house.ground.not_stopping().is_err() {
            // What is at work comes to its end by itself, and the stop waits for it.
            timetable.at_work.detach_all();
            return;
        }
        timetable.chores.know(timetable.now(), &chores);
        for chore in timetable.chores.begin(timetable.now()) {
            timetable.see_to(chore, interval).await;
            timetable.chores.ended(chore, timetable.now(), true);
        }
        timetable.begin();
        let wait = timetable.wait();
        tokio::select! {
            () = tokio::time::sleep(wait) => {}
            Some(ended) = timetable.at_work.join_next_with_id() => timetable.ended(ended),
        }
    }
}

impl Timetable {
    /// By the machine's own time: a clock that is set, or stands still as a lab's may, makes nothing due or late.
    fn now(&self) -> Duration {
        self.since.elapsed()
    }

    /// Until the next thing is due.
    fn wait(&self) -> Duration {
        let all = [self.chores.next(), self.appliances.next(), self.nodes.next()];
        let next = all.into_iter().flatten().min();
        next.map_or(LONGEST, |next| next.saturating_sub(self.now())).min(LONGEST)
    }

    fn begin(&mut self) {
        let now = self.now();
        for id in self.appliances.begin(now) {
            let observer = self.house.observer.clone();
            let task = self.at_work.spawn(async move { observer.glance(id).await });
            self.begun.insert(task.id(), Look::Appliance(id));
        }
        // What stands in the nodes' common database is asked of one of those that are looked at together.
        let mut shares: HashMap<ClusterId, Share> = HashMap::new();
        for due in self.nodes.begin(now) {
            let (cluster, _, door) = due;
            let (nodes, share) = (self.house.nodes.clone(), shares.entry(cluster).or_default().clone());
            let target = self.targets.get(&due).cloned();
            let task = self.at_work.spawn(async move {
                if let Some(target) = target {
                    nodes.look_by(door, target, &share).await;
                }
                // That nobody answers is an answer, and grows old like any other.
                true
            });
            self.begun.insert(task.id(), Look::Node(due));
        }
    }

    fn ended(&mut self, ended: Result<(Id, bool), JoinError>) {
        let (id, well) = match ended {
            Ok(ended) => ended,
            Err(error) => {
                tracing::error!("A look ended abnormally: {error}");
                (error.id(), false)
            }
        };
        let now = self.now();
        match self.begun.remove(&id) {
            Some(Look::Appliance(id)) => self.appliances.ended(id, now, well),
            Some(Look::Node(node)) => self.nodes.ended(node, now, well),
            None => {}
        }
    }

    async fn see_to(&mut self, chore: Chore, interval: Duration) {
        let house = self.house.clone();
        match chore {
            Chore::Lists => self.read_lists(interval).await,
            Chore::Notes => {
                said("That this machine's clock was set", house.ground.mind_the_clock().await);
                said("That a sign-in waits no longer", house.delays.close().await);
                said("How many requests were refused", house.refusals.sum_up().await);
            }
            Chore::Data => house.health.look().await,
            Chore::Sweep => {
                if let Err(failure) = sweep(&house.ground, house.sessions.lives).await {
                    tracing::error!("Old sessions and forms could not be cleared away: {failure}");
                }
            }
        }
    }

    async fn read_lists(&mut self, interval: Duration) {
        let now = self.now();
        match self.house.ground.store.appliances().await {
            Ok(all) => {
                let all = all.into_iter().map(|stored| (stored.appliance.id, interval));
                self.appliances.know(now, &all.collect());
            }
            Err(error) => tracing::error!("The appliances could not be listed: {}", error.sentence()),
        }
        match self.house.nodes.all_targets().await {
            Ok(sites) => {
                let (mut known, mut targets) = (HashMap::new(), HashMap::new());
                for (cluster, nodes) in sites {
                    for target in nodes {
                        for door in Door::LOOKED_BY {
                            let due = (cluster, target.address, door);
                            known.insert(due, interval * door.every());
                            targets.insert(due, target.clone());
                        }
                    }
                }
                self.nodes.know(now, &known);
                self.targets = targets;
            }
            Err(failure) => tracing::error!("The clusters' nodes could not be listed: {failure}"),
        }
    }
}

fn said<T>(what: &str, done: Result<T, Failure>) {
    if let Err(failure) = done {
        tracing::error!("{what} could not be written down: {failure}");
    }
}
