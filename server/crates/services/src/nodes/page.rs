//! The cookie that a node's pages may set: its number, without an account.

use super::{
    doors::Doors,
    target::{ENROLMENT, LIMITS, MANAGEMENT, Target, at_port, fingerprint},
    trouble::trouble,
};
use model::node::{Door, IdFact, NodeFacts, Source, Told, Trouble, TroubleKind};
use xms::{Port, Trust, node_id::IdSighting, probes};

const DOUBT: &str = "No document says which page sets the cookie ACNODEID.";

impl Doors {
    /// Asks 8443, then 4443. That neither sets the cookie is no failure. Whoever answers with another key than the
    /// accepted one is not asked.
    pub(super) async fn look_page(&self, target: &Target, into: &mut NodeFacts) {
        let alarm = target.keys.alarm(&target.address.to_string());
        let mut trouble = alarm.map(|sentence| Trouble::new(TroubleKind::KeyChanged, sentence));
        if trouble.is_some() {
            into.tries.insert(Door::Page, Told::new(self.ground.now(), trouble));
            return;
        }
        for (number, port) in [(ENROLMENT, Port::Enrolment), (MANAGEMENT, Port::Management)] {
            match self.cookie(target, number, port).await {
                Ok(Some(sighting)) => {
                    let id = sighting.id.as_str().to_owned();
                    let at = Some(self.ground.now());
                    into.ids.push(IdFact { source: Source::ConsolePage, id, at, doubt: Some(DOUBT.into()) });
                    trouble = None;
                    break;
                }
                Ok(None) => {}
                Err(found) => trouble = Some(found),
            }
        }
        into.tries.insert(Door::Page, Told::new(self.ground.now(), trouble));
    }

    async fn cookie(&self, target: &Target, number: u16, port: Port) -> Result<Option<IdSighting>, Trouble> {
        let told = |error: xms::Error| trouble(&error);
        let leaf = probes::leaf(&at_port(target, number, Trust::SystemRoots), port, LIMITS).await.map_err(told)?;
        let accepted = target.keys.accepted.as_ref().and_then(|accepted| accepted.keys.tls.as_deref());
        if number == MANAGEMENT && accepted.and_then(fingerprint).is_some_and(|accepted| accepted != leaf.fingerprint) {
            return Err(Trouble::new(TroubleKind::KeyChanged, "Its certificate is not the accepted one."));
        }
        self.pool.prober(target, number, port, leaf.fingerprint).await?.node_id().await.map_err(told)
    }
}
