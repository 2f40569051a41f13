//! A service group and its members.

use super::{BoundMonitor, Called, Id, Phase, Server, State, Switch, Traffic, Watch, state::effective};
use crate::{clock::LabTime, schema::Fields};
use std::sync::Arc;

#[derive(Clone, Debug)]
pub(crate) struct Group {
    pub id: Id,
    pub set: Fields,
    pub switch: Switch,
    pub members: Vec<Member>,
    pub monitors: Vec<BoundMonitor>,
    pub effective: &'static str,
    pub changed: LabTime,
}

/// One server and port in a group.
#[derive(Clone, Debug)]
pub(crate) struct Member {
    pub id: Id,
    pub server: Id,
    pub port: u16,
    /// Weight, customserverid, serverid, hashid.
    pub set: Fields,
    pub switch: Switch,
    pub watch: Watch,
    pub traffic: Arc<Traffic>,
    pub state: State,
    pub changed: LabTime,
}

impl Group {
    pub fn kind(&self) -> &str {
        self.set.text("servicetype")
    }

    /// `healthmonitor NO`: members count as UP without being looked at.
    pub fn is_monitored(&self) -> bool {
        self.set.get("healthmonitor") != Some("NO")
    }

    pub fn member(&self, server: Id, port: u16) -> Option<usize> {
        self.members.iter().position(|member| member.server == server && member.port == port)
    }

    pub fn effective_now(&self) -> &'static str {
        effective(self.members.iter().map(|member| member.state))
    }
}

impl Member {
    pub fn weight(&self) -> i64 {
        self.set.number("weight").unwrap_or(1)
    }

    /// A server that is out takes its members with it, and so does the group.
    pub fn phase(&self, server: &Server, group: Option<&Switch>, now: LabTime) -> Phase {
        let open = self.traffic.open();
        let above = group.map_or(Phase::In, |group| group.phase(now, open));
        self.switch.phase(now, open).max(above).max(server.switch.phase(now, open))
    }

    /// The state rule of `nitro.md` 6 item 8. A monitor may send the member out too, for as long as it hears so.
    pub fn state_now(&self, phase: Phase, healthy: bool) -> State {
        let phase = if self.watch.leaving() { phase.max(Phase::Leaving) } else { phase };
        match (phase, healthy) {
            (Phase::Out, _) => State::OutOfService,
            (Phase::Leaving, true) => State::GoingOutOfService,
            (Phase::Leaving, false) => State::DownWhenGoingOutOfService,
            (Phase::In, true) => State::Up,
            (Phase::In, false) => State::Down,
        }
    }
}

impl Called for Group {
    fn id(&self) -> Id {
        self.id
    }

    fn name(&self) -> &str {
        self.set.text("servicegroupname")
    }
}
