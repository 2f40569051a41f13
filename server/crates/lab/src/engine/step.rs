//! Moving the lab forward, moment by moment.

use super::{Event, errand::Errand, probe::probe};
use crate::{
    clock::LabTime,
    model::{Id, Judgement, Monitor, Wish},
    shared::{Shared, World},
};
use futures::{StreamExt, stream};
use std::{net::IpAddr, sync::Arc, time::Duration};

/// Connections under way at once; a fleet has thousands of members and a process has only so many descriptors.
const AT_ONCE: usize = 64;

/// How far to go.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Until {
    /// To the clock's present.
    Now,
    /// So much further.
    Advance(Duration),
}

/// A probe on its way.
struct Sending {
    appliance: usize,
    member: Id,
    monitor: Id,
    ticket: u64,
    errand: Errand,
}

/// Lets everything happen that is due, in the order of time, and returns when it is done.
///
/// In a task of its own: a caller that goes away in the middle must not take the results of probes with it.
pub(crate) async fn run(shared: &Arc<Shared>, until: Until) {
    let shared = Arc::clone(shared);
    if let Err(error) = tokio::spawn(async move { work_off(&shared, until).await }).await {
        tracing::warn!(%error, "the lab's clock stopped on its way");
    }
}

async fn work_off(shared: &Shared, until: Until) {
    // One at a time: two interleaved runs could apply results out of order.
    let _turn = shared.turn.lock().await;
    let limit = {
        let now = shared.world().clock.now();
        match until {
            Until::Now => now,
            Until::Advance(by) => now.plus(by),
        }
    };
    loop {
        let flapping;
        let (at, nodes, sendings) = {
            let mut world = shared.world();
            let Some((at, due)) = world.queue.take_due(limit) else {
                world.roll(limit);
                world.clock.reach(limit);
                return;
            };
            world.roll(at);
            world.clock.reach(at);
            let nodes = starting(&due);
            flapping = self::flapping(&due);
            (at, nodes, world.start_due(at, due))
        };
        for node in nodes.into_iter().filter_map(|ip| shared.nodes.find(ip)) {
            if let Err(error) = node.come_back() {
                tracing::warn!(%error, node = %node.ip, "a node could not come back");
            }
        }
        for node in flapping.into_iter().filter_map(|ip| shared.nodes.find(ip)) {
            node.flap();
        }
        let results: Vec<(Sending, Judgement)> = stream::iter(sendings)
            .map(|sending| async {
                let judgement = probe(&shared.nodes, &sending.errand).await;
                (sending, judgement)
            })
            .buffer_unordered(AT_ONCE)
            .collect()
            .await;
        shared.world().finish(at, results);
    }
}

/// The nodes that come back at this moment: their ports are open before any probe is sent.
fn starting(due: &[(u64, Event)]) -> Vec<IpAddr> {
    let node = |event: &Event| if let Event::Start { node } = event { Some(IpAddr::V4(*node)) } else { None };
    due.iter().filter_map(|(_, event)| node(event)).collect()
}

fn flapping(due: &[(u64, Event)]) -> Vec<IpAddr> {
    let node = |event: &Event| if let Event::Flap { node } = event { Some(IpAddr::V4(*node)) } else { None };
    due.iter().filter_map(|(_, event)| node(event)).collect()
}

impl World {
    /// Handles what needs no connection, and collects the probes to send.
    fn start_due(&mut self, at: LabTime, due: Vec<(u64, Event)>) -> Vec<Sending> {
        let mut sendings = Vec::new();
        let mut touched = Vec::new();
        for (entry, event) in due {
            match event {
                Event::Probe { appliance, member, monitor } => {
                    sendings.extend(self.sending(appliance, member, monitor, entry));
                }
                Event::Result { appliance, member, monitor, ticket, sent, judgement } => {
                    self.count(appliance, (member, monitor, ticket), sent, judgement);
                    touched.push(appliance);
                }
                Event::Wake { appliance } => touched.push(appliance),
                Event::Pair { appliance, due } => self.pair_due(appliance, due, at),
                Event::Start { .. } | Event::Flap { .. } => {}
            }
        }
        self.settle_all(touched, at);
        sendings
    }

    /// A probe that is due, unless nobody waits for it any more.
    fn sending(&mut self, appliance: usize, id: Id, monitor: Id, ticket: u64) -> Option<Sending> {
        let owner = self.appliances.get_mut(appliance).filter(|owner| owner.is_on())?;
        let config = &mut owner.config;
        let member = config.member_mut(id)?;
        let (server, port) = (member.server, member.port);
        member.watch.probe_mut(monitor).filter(|probe| probe.ticket == Some(ticket))?;
        let errand = Errand::new(config.monitors.by_id(monitor)?, config.server(server)?.address(), port);
        Some(Sending { appliance, member: id, monitor, ticket, errand })
    }

    fn finish(&mut self, at: LabTime, results: Vec<(Sending, Judgement)>) {
        let mut touched = Vec::new();
        for (sending, judgement) in results {
            let Sending { appliance, member, monitor, ticket, .. } = sending;
            if judgement.took.is_zero() {
                self.count(appliance, (member, monitor, ticket), at, judgement);
                touched.push(appliance);
            } else {
                let due = at.plus(judgement.took);
                self.queue.put(due, Event::Result { appliance, member, monitor, ticket, sent: at, judgement });
            }
        }
        self.settle_all(touched, at);
    }

    /// Applies a result, if the member still waits for this very probe, and plans the next one.
    fn count(
        &mut self,
        appliance: usize,
        (member, monitor, ticket): (Id, Id, u64),
        sent: LabTime,
        mut judgement: Judgement,
    ) {
        let Some(owner) = self.appliances.get_mut(appliance) else { return };
        if let Some(more) = &owner.choices.monitor_words {
            judgement.words = format!("{} {more}", judgement.words).into();
        }
        let Some(timing) = owner.config.monitors.by_id(monitor).map(Monitor::timing) else { return };
        let probe = owner.config.member_mut(member).and_then(|member| member.watch.probe_mut(monitor));
        let Some(probe) = probe.filter(|probe| probe.ticket == Some(ticket)) else { return };
        let wait = probe.count(&timing, judgement);
        probe.ticket = Some(self.queue.put(sent.plus(wait), Event::Probe { appliance, member, monitor }));
    }

    fn settle_all(&mut self, mut touched: Vec<usize>, at: LabTime) {
        touched.sort_unstable();
        touched.dedup();
        for appliance in touched {
            self.settle(appliance, at);
        }
    }

    /// Brings one appliance up to date and schedules what it wishes for.
    pub(crate) fn settle(&mut self, appliance: usize, at: LabTime) {
        let Some(owner) = self.appliances.get_mut(appliance).filter(|owner| owner.is_on()) else { return };
        let queue = &mut self.queue;
        owner.config.settle(at, |wish| match wish {
            Wish::Probe { member, monitor } => queue.put(at, Event::Probe { appliance, member, monitor }),
            Wish::Wake(end) => {
                queue.wake(end, appliance);
                0
            }
        });
        self.settled.send_replace(());
    }
}
