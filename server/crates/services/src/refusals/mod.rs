//! Refusals in the log: who was not let do what. Bounded, because strangers cause them; what is beyond the bound is
//! counted and summed up.

mod ledger;
mod network;

use crate::{Failure, Origin, cx::entry, ground::Ground};
use ledger::{Ledger, Source, Sum};
use model::{
    person::Person,
    record::{Actor, Entry, Outcome, RecordKind},
};
pub use network::Network;
use std::sync::{Arc, Mutex, PoisonError};

pub struct Refusals {
    ground: Arc<Ground>,
    ledger: Mutex<Ledger>,
}

/// A request that would have changed something and was not let.
#[derive(Clone, Copy, Debug)]
pub struct Refused<'r> {
    /// One of our own doors; `None`: an address where there is none.
    pub door: Option<&'r str>,
    pub status: u16,
}

impl Refused<'_> {
    const fn why(&self) -> &'static str {
        match self.status {
            400 => "it could not be understood",
            401 => "nobody was signed in",
            403 => "it was not allowed, or came from another site's page",
            404 => "what it was meant for does not exist",
            408 => "it took too long to come in",
            413 => "it was too large",
            421 => "it was sent to another host name",
            _ => "it was refused",
        }
    }
}

impl Refusals {
    pub(crate) fn new(ground: Arc<Ground>) -> Self {
        Self { ground, ledger: Mutex::default() }
    }

    /// Writes it down, or counts it. True: it has its line in the log.
    pub async fn note(&self, origin: &Origin, person: Option<&Person>, refused: Refused<'_>) -> Result<bool, Failure> {
        self.sum_up().await?;
        if !self.is_written(RecordKind::RequestRefused, origin, person) {
            return Ok(false);
        }
        let name = person.map_or("somebody not signed in", |person| person.name.as_str());
        let door = refused.door.unwrap_or("an address where there is no form");
        let actor = Actor { person: person.map(|person| person.id), ..origin.actor(name) };
        let summary = format!("A request by {name} to {door} was refused: {}.", refused.why());
        let mut told = entry(actor, self.ground.now(), RecordKind::RequestRefused, summary);
        told.outcome = Some(Outcome::Refused);
        told.detail = serde_json::json!({ "door": refused.door, "status": refused.status });
        self.ground.store.append(&told).await?;
        Ok(true)
    }

    /// Whether one more refusal of this kind gets a record of its own.
    pub(crate) fn is_written(&self, kind: RecordKind, origin: &Origin, person: Option<&Person>) -> bool {
        let source = match person {
            Some(person) => Source::Person(person.id, person.name.clone()),
            None => Source::Network(origin.network()),
        };
        self.ledger().admits(kind, source, self.ground.now())
    }

    /// A record for each source whose refusals were only counted in a window that is over.
    pub(crate) async fn sum_up(&self) -> Result<(), Failure> {
        let sums = {
            let mut ledger = self.ledger();
            if ledger.is_due(self.ground.now()) { ledger.close() } else { Vec::new() }
        };
        self.write_sums(sums).await
    }

    /// At the orderly stop: nothing that was counted is lost.
    pub(crate) async fn sum_up_all(&self) -> Result<(), Failure> {
        let sums = self.ledger().close();
        self.write_sums(sums).await
    }

    async fn write_sums(&self, sums: Vec<Sum>) -> Result<(), Failure> {
        for sum in sums {
            let told = Entry { at: self.ground.now(), ..sum.entry() };
            tracing::warn!("{}", told.summary);
            self.ground.store.append(&told).await?;
        }
        Ok(())
    }

    fn ledger(&self) -> std::sync::MutexGuard<'_, Ledger> {
        self.ledger.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Sum {
    fn entry(&self) -> Entry {
        let more = grouped(self.more);
        let what = match (self.kind, self.more) {
            (RecordKind::SignInRefused, 1) => "refused sign-in",
            (RecordKind::SignInRefused, _) => "refused sign-ins",
            (_, 1) => "refused request",
            (_, _) => "refused requests",
        };
        let from = match &self.source {
            Some(Source::Person(_, name)) => format!("by {name}"),
            Some(Source::Network(network)) => format!("from {network}"),
            None => "from other networks".to_owned(),
        };
        let summary = format!("And {more} more {what} {from} since the last that have records of their own.");
        let mut told = entry(Actor::gatehouse(), model::At::UNIX_EPOCH, self.kind, summary);
        told.outcome = Some(Outcome::Refused);
        let (person, network) = match &self.source {
            Some(Source::Person(id, _)) => (Some(*id), None),
            Some(Source::Network(network)) => (None, Some(network.to_string())),
            None => (None, None),
        };
        told.detail = match person {
            Some(person) => serde_json::json!({ "more": self.more, "person": person }),
            None => serde_json::json!({ "more": self.more, "network": network, "sources": self.sources }),
        };
        told
    }
}

/// 1,203
fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sum_says_how_many_and_from_where() {
        let sum = |kind, source, more| Sum { kind, source, sources: 1, more }.entry().summary;
        let network = Some(Source::Network(Network::of("2001:db8::7")));
        assert_eq!(
            sum(RecordKind::SignInRefused, network, 1_203),
            "And 1,203 more refused sign-ins from 2001:db8::/64 since the last that have records of their own."
        );
        assert!(sum(RecordKind::RequestRefused, None, 1).starts_with("And 1 more refused request from other networks"));
    }
}
