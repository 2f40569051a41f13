//! A gateway virtual server and the session objects that it uses.

use super::{Called, Config, Id, Phase, SslSide, State, Switch, Traffic};
use crate::{clock::LabTime, schema::Fields};
use std::{net::IpAddr, sync::Arc};

/// A `vpnvserver`.
#[derive(Clone, Debug)]
pub(crate) struct Gateway {
    pub id: Id,
    pub set: Fields,
    pub switch: Switch,
    pub ssl: SslSide,
    /// App Controller URLs, as bound.
    pub controllers: Vec<String>,
    pub policies: Vec<BoundPolicy>,
    /// Secure ticket authorities, clientless-access policies, and at most one portal theme, as bound.
    pub stas: Vec<Fields>,
    pub access: Vec<Fields>,
    pub theme: Vec<Fields>,
    pub state: State,
    pub changed: LabTime,
    pub traffic: Arc<Traffic>,
}

/// A session policy at a gateway.
#[derive(Clone, Debug)]
pub(crate) struct BoundPolicy {
    pub policy: Id,
    /// Priority and the like.
    pub set: Fields,
}

/// A named object without a life of its own: session policies and session actions.
#[derive(Clone, Debug)]
pub(crate) struct Plain {
    pub id: Id,
    pub set: Fields,
}

impl Gateway {
    pub fn address(&self) -> Option<IpAddr> {
        self.set.get("ipv46")?.parse().ok().filter(|address: &IpAddr| !address.is_unspecified())
    }

    pub fn port(&self) -> u16 {
        self.set.number("port").and_then(|port| u16::try_from(port).ok()).unwrap_or(0)
    }

    /// Why it cannot work.
    pub fn value(&self, config: &Config) -> Option<&'static str> {
        if !config.has_feature("SSLVPN") {
            Some("SSLVPN feature disabled")
        } else if self.ssl.can_serve() {
            None
        } else {
            Some("Certkey not bound")
        }
    }

    pub fn state_now(&self, config: &Config, now: LabTime) -> State {
        match (self.switch.phase(now, 0), self.value(config)) {
            (Phase::Out, _) => State::OutOfService,
            (_, None) => State::Up,
            (_, Some(_)) => State::Down,
        }
    }
}

impl Called for Gateway {
    fn id(&self) -> Id {
        self.id
    }

    fn name(&self) -> &str {
        self.set.text("name")
    }
}

impl Called for Plain {
    fn id(&self) -> Id {
        self.id
    }

    fn name(&self) -> &str {
        self.set.text("name")
    }
}
