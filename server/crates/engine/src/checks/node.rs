//! A node of the set-up with all that is known of it: what rules over nodes begin with.

use super::scene::{Life, Scene, life};
use model::{
    desired::{Listener, Node},
    finding::CheckCode,
    node::{Door, IdFact, NodeFacts, NodeKeys, SERVICE_PORTS},
    snapshot::Seen,
};

pub struct Seat<'a> {
    pub node: &'a Node,
    /// Its name on the appliance.
    pub server: &'a str,
    pub facts: Option<&'a NodeFacts>,
    pub keys: Option<&'a NodeKeys>,
}

pub fn seats<'a>(scene: &Scene<'a>) -> Vec<Seat<'a>> {
    let seat = |node: &'a Node| Seat {
        node,
        server: scene.server_of(node),
        facts: scene.facts(node),
        keys: scene.keys.get(&node.address),
    };
    scene.desired.nodes.iter().map(seat).collect()
}

impl<'a> Seat<'a> {
    pub fn name(&self) -> String {
        format!("{} ({})", self.server, self.node.address)
    }

    /// Its members on a port, in whichever group.
    pub fn members_on(&self, scene: &Scene<'a>, port: u16) -> Vec<&'a Seen> {
        let listeners = scene.desired.listeners().filter(|listener: &&Listener| listener.port == port);
        listeners.filter_map(|listener| scene.find(&scene.member_of(listener, self.node))).collect()
    }

    /// Whether it was ever heard: who was never reached may stand behind a firewall for good.
    pub fn was_reached(&self) -> bool {
        let keys = self.keys.is_some_and(|keys| keys.accepted.is_some() || keys.offered.is_some());
        let told = self.facts.is_some_and(|facts| {
            facts.version.is_some() || facts.clock.is_some() || facts.ports.values().any(|told| told.value.answers())
        });
        keys || told
    }

    /// The ports that devices use were heard, well or ill.
    pub fn has_fresh_ports(&self, scene: &Scene<'_>) -> bool {
        let heard = |port: &u16| {
            let told = self.facts.and_then(|facts| facts.ports.get(port));
            told.is_some_and(|told| scene.is_fresh(Door::Open, told.at))
        };
        SERVICE_PORTS.iter().all(heard)
    }

    pub fn is_in_recovery(&self, scene: &Scene<'_>) -> bool {
        let ports = self.facts.into_iter().flat_map(|facts| facts.ports.values());
        ports.filter(|told| scene.is_fresh(Door::Open, told.at)).any(|told| told.value.is_in_recovery())
    }

    /// It was read before the node showed another key, so that it may be another machine's.
    pub fn had_another_key(&self, fact: &IdFact) -> bool {
        self.keys.is_some_and(|keys| keys.had_another(fact))
    }

    fn is_silent(&self, scene: &Scene<'_>) -> bool {
        let ports = self.facts.into_iter().flat_map(|facts| facts.ports.values());
        ports.filter(|told| scene.is_fresh(Door::Open, told.at)).any(|told| !told.value.serves())
    }

    /// All its members are DOWN.
    fn is_down(&self, scene: &Scene<'a>) -> bool {
        let mut all = SERVICE_PORTS.iter().flat_map(|port| self.members_on(scene, *port)).peekable();
        scene.sees_appliance() && all.peek().is_some() && all.all(|seen| life(seen) == Life::Down)
    }

    /// What of this node is so broken that everything else about it may follow from that.
    pub fn ill(&self, scene: &Scene<'a>) -> Option<CheckCode> {
        if self.is_in_recovery(scene) {
            Some(CheckCode::RecoveryMode)
        } else if self.is_down(scene) {
            Some(CheckCode::Members)
        } else if self.is_silent(scene) {
            Some(CheckCode::NodePorts)
        } else if self.keys.is_some_and(|keys| keys.changed.is_some()) {
            Some(CheckCode::NodeKeys)
        } else {
            None
        }
    }
}
