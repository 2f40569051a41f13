//! After every change: what should be watched, and what everything's state is now.
//!
//! Handlers of requests only change the configuration. [`Config::settle`] then finds by itself which members need a
//! probe and which no longer do, so that no handler can forget one.

use super::{BoundMonitor, Config, Id, Member, Monitors, Phase, Server, State, Switch, by_id};
use crate::clock::LabTime;

/// Something that has to happen on the lab's clock.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Wish {
    /// Send this member the first probe of this monitor, at once.
    Probe { member: Id, monitor: Id },
    /// Look again at this moment, because a delay ends.
    Wake(LabTime),
}

impl Config {
    /// Brings members, groups and virtual servers up to date. `wish` gets what to schedule and answers with a ticket.
    pub fn settle(&mut self, now: LabTime, mut wish: impl FnMut(Wish) -> u64) {
        for group in &mut self.groups {
            let keeper = Keeper {
                kind: group.set.text("servicetype"),
                monitored: group.is_monitored(),
                threshold: group.set.number("monthreshold").unwrap_or(0),
                monitors: &group.monitors,
                switch: Some(&group.switch),
            };
            for member in &mut group.members {
                settle_member(&self.servers, &self.monitors, &keeper, member, now, &mut wish);
            }
            let effective = group.effective_now();
            if effective != group.effective {
                (group.effective, group.changed) = (effective, now);
            }
        }
        for service in &mut self.services {
            let keeper = Keeper {
                kind: service.set.text("servicetype"),
                monitored: service.is_monitored(),
                threshold: service.set.number("monthreshold").unwrap_or(0),
                monitors: &service.monitors,
                switch: None,
            };
            settle_member(&self.servers, &self.monitors, &keeper, &mut service.member, now, &mut wish);
        }
        for at in 0..self.vservers.len() {
            let state = self.vservers[at].state_now(self, now);
            let vserver = &mut self.vservers[at];
            if state != vserver.state {
                (vserver.state, vserver.changed) = (state, now);
            }
        }
        for at in 0..self.content.len() {
            let state = self.content[at].state_now(self, now);
            let row = &mut self.content[at];
            if state != row.state {
                (row.state, row.changed) = (state, now);
            }
        }
        for at in 0..self.gateways.len() {
            let state = self.gateways[at].state_now(self, now);
            let gateway = &mut self.gateways[at];
            if state != gateway.state {
                (gateway.state, gateway.changed) = (state, now);
            }
        }
    }
}

/// What a group says about its members, or a service about itself.
struct Keeper<'a> {
    kind: &'a str,
    monitored: bool,
    threshold: i64,
    monitors: &'a [BoundMonitor],
    switch: Option<&'a Switch>,
}

fn settle_member(
    servers: &[Server],
    monitors: &Monitors,
    keeper: &Keeper,
    member: &mut Member,
    now: LabTime,
    wish: &mut impl FnMut(Wish) -> u64,
) {
    let Some(server) = by_id(servers, member.server) else { return };
    let open = member.traffic.open();
    for switch in [Some(&member.switch), keeper.switch, Some(&server.switch)].into_iter().flatten() {
        switch.wakes(now, open).map(|end| wish(Wish::Wake(end)));
    }
    let phase = member.phase(server, keeper.switch, now);
    if keeper.monitored && phase != Phase::Out {
        let duty = monitors.on_duty(keeper.monitors, keeper.kind, member.port);
        member.watch.assign(&duty, member.state == State::Up);
        for probe in &mut member.watch.probes {
            if probe.ticket.is_none() {
                // New, enabled again, or moved: whatever was known before is no longer true.
                probe.ticket = Some(wish(Wish::Probe { member: member.id, monitor: probe.monitor }));
            }
        }
    } else {
        member.watch.forget();
    }
    let healthy = !keeper.monitored || member.watch.passes(keeper.threshold);
    let state = member.state_now(phase, healthy);
    if state != member.state {
        (member.state, member.changed) = (state, now);
    }
}
