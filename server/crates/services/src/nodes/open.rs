//! What a node shows and says without an account: ports, certificates, version, clock.

use super::{LIMITS, Target, digits, profile};
use crate::Services;
use futures::future::join_all;
use model::{
    At,
    node::{Door, Keys, NodeFacts, PortFact, Told},
};
use xms::{Fingerprint, Node, Port, Ports, Prober, Trust, probes};

/// The ports that devices and this console use, and by which name the client knows them.
const PORTS: [(u16, Port); 3] = [(443, Port::Enrolment), (8443, Port::Enrolment), (4443, Port::Management)];

/// The console's and REST's port, whose certificate is accepted.
pub(super) const MANAGEMENT: u16 = 4443;
/// Enrolment and app management.
pub(super) const ENROLMENT: u16 = 8443;

impl Services {
    /// One look without an account. Whose certificate changed is asked nothing more.
    pub(super) async fn look_open(&self, target: &Target) -> NodeFacts {
        let leaves =
            join_all(PORTS.map(|(number, port)| async move { (number, look(target, number, port).await) })).await;
        let at = self.now();
        let mut facts = NodeFacts::new(target.address);
        let mut management = None;
        for (number, (fact, shown)) in leaves {
            facts.ports.insert(number, Told::new(at, fact));
            if number == MANAGEMENT {
                management = shown;
            }
        }
        let mut trouble = facts.ports.get(&MANAGEMENT).and_then(|told| told.value.problem.clone());
        if let Some(shown) = management {
            let keys = Keys { tls: Some(digits(shown)), ssh: None };
            if !self.learn_keys(target, &keys, at).await && target.keys.changed.is_none() {
                trouble = self.ask_version(target, shown, &mut facts).await;
            }
        }
        facts.tries.insert(Door::Open, Told::new(self.now(), trouble));
        facts
    }

    /// Nothing secret is sent, so that whoever showed this certificate may answer.
    async fn ask_version(&self, target: &Target, shown: Fingerprint, facts: &mut NodeFacts) -> Option<String> {
        let prober = match profile()
            .map(|profile| Prober::new(&target.node(Trust::Pinned(shown)), Port::Management, profile, LIMITS))
        {
            Ok(Ok(prober)) => prober,
            Ok(Err(error)) => return Some(error.sentence()),
            Err(failure) => return Some(failure.to_string()),
        };
        match prober.version().await {
            Ok(answer) => {
                let at = self.now();
                facts.version = Some(Told::new(at, answer.value.as_str().to_owned()));
                facts.clock = answer.date.and_then(|date| ahead(&date, at)).map(|seconds| Told::new(at, seconds));
                None
            }
            Err(error) => Some(error.sentence()),
        }
    }
}

/// A port's certificate, or why there is none.
async fn look(target: &Target, number: u16, port: Port) -> (PortFact, Option<Fingerprint>) {
    match probes::leaf(&at_port(target, number, Trust::SystemRoots), port, LIMITS).await {
        Ok(leaf) => {
            let fact =
                PortFact { sha256: Some(digits(leaf.fingerprint)), subject: leaf.subject(), ..PortFact::default() };
            (fact, Some(leaf.fingerprint))
        }
        Err(error) => (PortFact { problem: Some(error.sentence()), ..PortFact::default() }, None),
    }
}

/// The client's enrolment door, on any port that serves pages.
pub(super) fn at_port(target: &Target, number: u16, trust: Trust) -> Node {
    let node = target.node(trust);
    if number == MANAGEMENT { node } else { Node { ports: Ports { enrolment: number, ..node.ports }, ..node } }
}

/// Seconds by which the node's clock is ahead of ours, from its `Date` header.
fn ahead(date: &str, now: At) -> Option<i64> {
    let theirs = jiff::fmt::rfc2822::parse(date).ok()?.timestamp();
    Some(theirs.as_second() - now.as_second())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_date_header_tells_how_far_a_clock_is_off() {
        let now: At = "2026-01-05T08:00:10Z".parse().unwrap();
        assert_eq!(ahead("Mon, 05 Jan 2026 08:00:40 GMT", now), Some(30));
        assert_eq!(ahead("Mon, 05 Jan 2026 08:00:00 GMT", now), Some(-10));
        assert_eq!(ahead("yesterday", now), None);
    }
}
