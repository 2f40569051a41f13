//! What is so, kept beside the console by who made it so.

use super::events::{Fault, Seen};
use crate::support::INTERVAL;
use model::{
    clock::{age_seconds, is_future},
    finding::{Evidence, Grade},
    node::Door,
};
use services::ClusterView;
use std::time::Duration;

/// When appliance and nodes were really seen last, by the time that only passes, and what was wrong then.
pub struct Truth {
    appliance: Duration,
    nodes: Duration,
    /// Looks at the appliance that failed since one went well.
    failed: u32,
    ill: Vec<Seen>,
    pub faults: Vec<Fault>,
}

impl Truth {
    /// All was seen now, and is well.
    pub fn seen(now: Duration) -> Self {
        Self { appliance: now, nodes: now, failed: 0, ill: Vec::new(), faults: Vec::new() }
    }

    fn is(&self, seen: Seen) -> bool {
        self.faults.iter().any(|fault| fault.seen == seen)
    }

    /// A look at the appliance begins.
    pub fn look(&mut self, now: Duration) {
        if self.is(Seen::Appliance) {
            self.failed += 1;
        } else {
            (self.appliance, self.failed) = (now, 0);
        }
    }

    /// A look at the nodes begins.
    pub fn look_at_nodes(&mut self, now: Duration, by_every_door: bool) {
        self.nodes = now;
        for seen in [Seen::Open, Seen::Deep] {
            if seen == Seen::Open || by_every_door {
                self.ill.retain(|known| *known != seen);
                self.ill.extend(self.is(seen).then_some(seen));
            }
        }
    }

    /// Why a green verdict would be a lie.
    pub fn contradicts(&self, now: Duration) -> Option<String> {
        let worth = Duration::from_secs(u64::from(2 * INTERVAL));
        let of = |what: &str, seen: Duration| {
            (now.saturating_sub(seen) > worth).then(|| format!("{what} seen at {seen:?}, and it is {now:?}"))
        };
        let old = of("the appliance was", self.appliance).or_else(|| of("the nodes were", self.nodes));
        let blind = (self.failed > 1).then(|| format!("{} looks at the appliance failed in a row", self.failed));
        let ill = self.ill.first().map(|seen| format!("the last look met a fault ({seen:?}): {:?}", self.faults));
        old.or(blind).or(ill)
    }
}

/// What a check that passes rests on is of this time: not from the future, and not older than the slowest door's two looks.
pub fn untimely(view: &ClusterView) -> Option<&Evidence> {
    let worth = i64::from(2 * INTERVAL * Door::Ssh.every());
    let passes = view.findings.iter().filter(|finding| finding.outcome == Grade::Pass);
    let now = view.sighting.now;
    passes
        .flat_map(|finding| &finding.evidence)
        .find(|line| line.at.is_some_and(|at| is_future(at, now) || age_seconds(at, now) > worth))
}
