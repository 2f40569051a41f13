//! After every change: what should be watched, and what everything's state is now.
//!
//! Handlers of requests only change the configuration. [`Config::settle`] then finds by itself which members need a
//! probe and which no longer do, so that no handler can forget one.

use super::{Config, Id, Phase, Server, by_id};
use crate::clock::LabTime;

/// Something that has to happen on the lab's clock.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Wish {
    /// Send the first probe to this member, at once.
    Probe(Id),
    /// Look again at this moment, because a delay ends.
    Wake(LabTime),
}

impl Config {
    /// Brings members, groups and virtual servers up to date. `wish` gets what to schedule and answers with a ticket.
    pub fn settle(&mut self, now: LabTime, mut wish: impl FnMut(Wish) -> u64) {
        for server in &self.servers {
            server.switch.wakes(now).map(|end| wish(Wish::Wake(end)));
        }
        for group in &mut self.groups {
            group.switch.wakes(now).map(|end| wish(Wish::Wake(end)));
            settle_members(&self.servers, group, now, &mut wish);
            let effective = group.effective_now();
            if effective != group.effective {
                (group.effective, group.changed) = (effective, now);
            }
        }
        for at in 0..self.vservers.len() {
            let state = self.vservers[at].state_now(self, now);
            let vserver = &mut self.vservers[at];
            if state != vserver.state {
                (vserver.state, vserver.changed) = (state, now);
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

fn settle_members(servers: &[Server], group: &mut super::Group, now: LabTime, wish: &mut impl FnMut(Wish) -> u64) {
    let monitored = group.is_monitored();
    for member in &mut group.members {
        let Some(server) = by_id(servers, member.server) else { continue };
        member.switch.wakes(now).map(|end| wish(Wish::Wake(end)));
        let phase = member.phase(server, &group.switch, now);
        let wanted = monitored && phase != Phase::Out;
        if wanted && member.probe.ticket.is_none() {
            // New, enabled again, or moved: whatever was known before is no longer true.
            member.probe = member.probe.forgotten();
            member.probe.ticket = Some(wish(Wish::Probe(member.id)));
        } else if !wanted {
            member.probe = member.probe.forgotten();
        }
        let state = member.state_now(phase, monitored);
        if state != member.state {
            (member.state, member.changed) = (state, now);
        }
    }
}
