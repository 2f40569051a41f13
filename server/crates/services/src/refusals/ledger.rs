//! Which refusals are written down one by one, and which are only counted. The log is never shortened, so whoever is
//! refused a million times must not make it a million records long.

use super::Network;
use jiff::SignedDuration;
use model::{At, PersonId, record::RecordKind};
use std::collections::HashMap;

/// What is counted is summed up after this long.
const WINDOW: SignedDuration = SignedDuration::from_hours(1);
/// Of one person or network, in a window: as many as the delays of sign-in let through anyway.
const EACH: u32 = 20;
/// Of all together.
const ALL: u32 = 60;
/// Sources that are told apart; those that come later are one.
const SOURCES: usize = 1_000;
/// Sources that have a sum of their own: those with the most.
const SUMS: usize = 10;

#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) enum Source {
    Person(PersonId, String),
    Network(Network),
}

/// So many more that have no record of their own. `None`: of several sources together.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Sum {
    pub kind: RecordKind,
    pub source: Option<Source>,
    pub sources: usize,
    pub more: u64,
}

#[derive(Default)]
pub(crate) struct Ledger {
    begun: Option<At>,
    written: u32,
    of: HashMap<(RecordKind, Source), Tally>,
    /// Of sources beyond [`SOURCES`].
    others: HashMap<RecordKind, u64>,
}

#[derive(Default)]
struct Tally {
    written: u32,
    more: u64,
}

impl Ledger {
    /// Whether this one is to be written down; if not, it is counted.
    pub fn admits(&mut self, kind: RecordKind, source: Source, now: At) -> bool {
        self.begun.get_or_insert(now);
        let room = self.of.len() < SOURCES;
        let key = (kind, source);
        if !room && !self.of.contains_key(&key) {
            *self.others.entry(kind).or_default() += 1;
            return false;
        }
        let tally = self.of.entry(key).or_default();
        let admitted = tally.written < EACH && self.written < ALL;
        if admitted {
            tally.written += 1;
            self.written += 1;
        } else {
            tally.more += 1;
        }
        admitted
    }

    /// The window is over: a clock that was set back ends it as well.
    pub fn is_due(&self, now: At) -> bool {
        self.begun.is_some_and(|begun| {
            let age = now.duration_since(begun);
            age.is_negative() || age >= WINDOW
        })
    }

    /// What was only counted, those with the most first; a new window begins.
    pub fn close(&mut self) -> Vec<Sum> {
        let Self { of, others, .. } = std::mem::take(self);
        let mut counted: Vec<_> = of.into_iter().filter(|(_, tally)| tally.more > 0).collect();
        counted.sort_by(|(a, one), (b, other)| other.more.cmp(&one.more).then_with(|| a.1.cmp(&b.1)));
        let mut rest: HashMap<RecordKind, (usize, u64)> =
            others.into_iter().map(|(kind, more)| (kind, (0, more))).collect();
        let mut sums = Vec::new();
        for ((kind, source), Tally { more, .. }) in counted {
            if sums.len() < SUMS {
                sums.push(Sum { kind, source: Some(source), sources: 1, more });
            } else {
                let (sources, sum) = rest.entry(kind).or_default();
                *sources += 1;
                *sum += more;
            }
        }
        let mut rest: Vec<_> = rest.into_iter().collect();
        rest.sort_by_key(|(kind, _)| kind.code());
        sums.extend(rest.into_iter().map(|(kind, (sources, more))| Sum { kind, source: None, sources, more }));
        sums
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::clock::from_millis;

    const KIND: RecordKind = RecordKind::SignInRefused;

    fn network(text: &str) -> Source {
        Source::Network(Network::of(text))
    }

    #[test]
    fn the_first_are_written_and_the_rest_are_summed_up() {
        let (mut ledger, now) = (Ledger::default(), from_millis(0));
        let written = (0..1_223u32).filter(|n| ledger.admits(KIND, network(&format!("2001:db8::{n:x}")), now)).count();
        assert_eq!(written, EACH as usize, "a network is one, whatever the address in it");
        assert!(ledger.admits(KIND, network("192.0.2.7"), now), "others are heard beside it");
        assert!(!ledger.is_due(from_millis(3_599_999)) && ledger.is_due(from_millis(3_600_000)));
        assert!(ledger.is_due(from_millis(-1)), "the clock was set back");
        let sum = Sum { kind: KIND, source: Some(network("2001:db8::")), sources: 1, more: 1_203 };
        assert_eq!(ledger.close(), [sum]);
        assert!(ledger.close().is_empty() && !ledger.is_due(from_millis(9_999_999)));
        assert!(ledger.admits(KIND, network("2001:db8::1"), now), "a new window");
    }

    #[test]
    fn however_many_sources_there_are_what_is_written_is_bounded() {
        let (mut ledger, now) = (Ledger::default(), from_millis(0));
        let mut written = 0;
        for n in 0..5_000u32 {
            for _ in 0..3 {
                written += usize::from(ledger.admits(KIND, network(&format!("2001:db8:0:{n:x}::1")), now));
            }
        }
        assert_eq!(written, ALL as usize);
        assert_eq!(ledger.of.len(), SOURCES, "and so is what is remembered");
        let sums = ledger.close();
        assert_eq!(sums.len(), SUMS + 1);
        assert_eq!(written as u64 + sums.iter().map(|sum| sum.more).sum::<u64>(), 15_000, "none is lost");
        assert_eq!(sums.last().map(|sum| sum.source.is_none()), Some(true));
    }

    #[test]
    fn a_person_is_no_network_and_kinds_are_apart() {
        let (mut ledger, now) = (Ledger::default(), from_millis(0));
        let ada = || Source::Person(PersonId(1), "ada".into());
        for _ in 0..=EACH {
            ledger.admits(RecordKind::RequestRefused, ada(), now);
        }
        assert!(ledger.admits(KIND, ada(), now) && ledger.admits(KIND, network("192.0.2.7"), now));
        let sums = ledger.close();
        assert_eq!((sums.len(), sums[0].kind, sums[0].more), (1, RecordKind::RequestRefused, 1));
    }
}
