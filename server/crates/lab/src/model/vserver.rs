//! A load-balancing virtual server.

use super::{Called, Config, Id, Member, Phase, SslSide, State, Switch, Traffic, called};
use crate::{clock::LabTime, schema::Fields};
use std::{collections::BTreeMap, net::IpAddr, sync::Arc};

#[derive(Clone, Debug)]
pub(crate) struct Vserver {
    pub id: Id,
    pub set: Fields,
    pub switch: Switch,
    /// Bound groups, in the order of binding.
    pub groups: Vec<Id>,
    /// The `order` of those groups that were bound with one.
    pub orders: BTreeMap<Id, String>,
    /// Bound single services, in the order of binding.
    pub services: Vec<BoundService>,
    pub state: State,
    pub changed: LabTime,
    /// Nothing in it counts unless the kind terminates SSL.
    pub ssl: SslSide,
    pub traffic: Arc<Traffic>,
}

/// A single service at a virtual server.
#[derive(Clone, Copy, Debug)]
pub(crate) struct BoundService {
    pub service: Id,
    pub weight: i64,
}

/// How many members there are and what they weigh.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Load {
    pub total: i64,
    pub active: i64,
    /// 100 x weight of the active ones / weight of those that are not disabled.
    pub health: i64,
}

impl Vserver {
    pub fn kind(&self) -> &str {
        self.set.text("servicetype")
    }

    /// The address, unless the virtual server has none (0.0.0.0).
    pub fn address(&self) -> Option<IpAddr> {
        self.set.get("ipv46")?.parse().ok().filter(|address: &IpAddr| !address.is_unspecified())
    }

    pub fn port(&self) -> u16 {
        self.set.number("port").and_then(|port| u16::try_from(port).ok()).unwrap_or(0)
    }

    /// SSL in name and nature: needs the SSL feature.
    pub fn needs_ssl(&self) -> bool {
        needs_ssl(self.kind())
    }

    /// Why it cannot work, in the two cases that the attribute `value` knows.
    pub fn value(&self, config: &Config) -> Option<&'static str> {
        if self.needs_ssl() && !config.has_feature("SSL") {
            Some("SSL feature disabled")
        } else if self.terminates_ssl() && !self.ssl.can_serve() {
            Some("Certkey not bound")
        } else {
            None
        }
    }

    /// Kinds that cannot start without a certificate; `SSL_BRIDGE` passes the bytes on.
    pub fn terminates_ssl(&self) -> bool {
        self.needs_ssl() && self.kind() != "SSL_BRIDGE"
    }

    pub fn members<'a>(&'a self, config: &'a Config) -> impl Iterator<Item = &'a Member> {
        let single = self.services.iter().filter_map(|bound| config.service(bound.service));
        config.groups_of(self).flat_map(|group| &group.members).chain(single.map(|service| &service.member))
    }

    /// What a member weighs here: a service has a weight of its own at each virtual server.
    pub fn weight(&self, member: &Member) -> i64 {
        let bound = self.services.iter().find(|bound| bound.service == member.id);
        bound.map_or_else(|| member.weight(), |bound| bound.weight)
    }

    pub fn load(&self, config: &Config) -> Load {
        let mut load = Load::default();
        let (mut active, mut all) = (0, 0);
        for member in self.members(config) {
            load.total += 1;
            match member.state {
                State::Up => {
                    load.active += 1;
                    active += self.weight(member);
                    all += self.weight(member);
                }
                State::OutOfService => {}
                _ => all += self.weight(member),
            }
        }
        load.health = if all == 0 { 0 } else { 100 * active / all };
        load
    }

    /// The state rule of `nitro.md` 6 item 8.
    pub fn state_now(&self, config: &Config, now: LabTime) -> State {
        if self.switch.phase(now, 0) == Phase::Out {
            return State::OutOfService;
        }
        let load = self.load(config);
        let threshold = self.set.number("healththreshold").unwrap_or(0);
        let works = config.has_feature("LB") && self.value(config).is_none();
        if works && load.active > 0 && load.health >= threshold { State::Up } else { State::Down }
    }

    /// The state that clients see: a backup stands in, and so does the backup of a backup.
    pub fn effective<'a>(&'a self, config: &'a Config) -> State {
        self.standing(config).map_or(self.state, |vserver| vserver.state)
    }

    /// Who serves its clients now: itself, or the first backup that is UP.
    pub fn standing<'a>(&'a self, config: &'a Config) -> Option<&'a Self> {
        self.chain(config).find(|vserver| vserver.state == State::Up)
    }

    /// Itself, its backup, the backup's backup, … each once.
    pub fn chain<'a>(&'a self, config: &'a Config) -> impl Iterator<Item = &'a Self> {
        let next = |vserver: &&'a Self| called(&config.vservers, vserver.set.get("backupvserver")?);
        // A rename can close a chain to a ring; nobody needs more steps than there are virtual servers.
        std::iter::successors(Some(self), next).take(config.vservers.len())
    }
}

/// Kinds that need the SSL feature.
pub(crate) fn needs_ssl(kind: &str) -> bool {
    kind.starts_with("SSL") || kind.ends_with("_SSL") || kind == "USER_SSL_TCP"
}

impl Called for Vserver {
    fn id(&self) -> Id {
        self.id
    }

    fn name(&self) -> &str {
        self.set.text("name")
    }
}
