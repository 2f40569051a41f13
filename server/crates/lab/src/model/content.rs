//! Objects that are kept and shown and have little life of their own: content switching, name servers, pattern sets.

use super::{Called, Config, Id, Phase, SslSide, State, Switch};
use crate::{clock::LabTime, schema::Fields};
use std::net::IpAddr;

/// A `csvserver`.
#[derive(Clone, Debug)]
pub(crate) struct ContentSwitch {
    pub id: Id,
    pub set: Fields,
    pub switch: Switch,
    pub ssl: SslSide,
    /// The virtual server that takes what no policy takes.
    pub target: Option<Id>,
    pub state: State,
    pub changed: LabTime,
}

/// A `policypatset` and its patterns.
#[derive(Clone, Debug)]
pub(crate) struct PatternSet {
    pub id: Id,
    pub set: Fields,
    /// `String` and the like, in the order of binding.
    pub patterns: Vec<Fields>,
}

/// Pattern sets; the default is what an appliance has from the factory.
#[derive(Clone, Debug)]
pub(crate) struct PatternSets(pub Vec<PatternSet>);

/// A `dnsnameserver`.
#[derive(Clone, Debug)]
pub(crate) struct NameServer {
    pub id: Id,
    pub set: Fields,
    pub switch: Switch,
}

/// The domains that a gateway rewrites without a client; the wizard adds the cluster's name here.
const DOMAINS: &str = "ns_cvpn_default_inet_domains";

impl Default for PatternSets {
    fn default() -> Self {
        let mut set = Fields::default();
        set.put("name", DOMAINS);
        Self(vec![PatternSet { id: Id(0), set, patterns: Vec::new() }])
    }
}

impl PatternSet {
    pub fn is_built_in(&self) -> bool {
        self.id < super::OF_THE_HOUSE
    }
}

impl ContentSwitch {
    pub fn address(&self) -> Option<IpAddr> {
        self.set.get("ipv46")?.parse().ok().filter(|address: &IpAddr| !address.is_unspecified())
    }

    pub fn port(&self) -> u16 {
        self.set.number("port").and_then(|port| u16::try_from(port).ok()).unwrap_or(0)
    }

    pub fn terminates_ssl(&self) -> bool {
        let kind = self.set.text("servicetype");
        super::needs_ssl(kind) && kind != "SSL_BRIDGE"
    }

    pub fn value(&self, config: &Config) -> Option<&'static str> {
        if !self.terminates_ssl() {
            None
        } else if !config.has_feature("SSL") {
            Some("SSL feature disabled")
        } else if self.ssl.can_serve() {
            None
        } else {
            Some("Certkey not bound")
        }
    }

    /// UP whatever is behind it, as long as `stateupdate` is off.
    pub fn state_now(&self, config: &Config, now: LabTime) -> State {
        let works = config.has_feature("CS") && self.value(config).is_none();
        match (self.switch.phase(now, 0), works) {
            (Phase::Out, _) => State::OutOfService,
            (_, true) => State::Up,
            (_, false) => State::Down,
        }
    }
}

impl Called for ContentSwitch {
    fn id(&self) -> Id {
        self.id
    }

    fn name(&self) -> &str {
        self.set.text("name")
    }
}

impl Called for PatternSet {
    fn id(&self) -> Id {
        self.id
    }

    fn name(&self) -> &str {
        self.set.text("name")
    }
}

impl Called for NameServer {
    fn id(&self) -> Id {
        self.id
    }

    fn name(&self) -> &str {
        self.set.text("ip")
    }
}
