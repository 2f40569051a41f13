//! What the procedure presupposes of the nodes, as far as they have shown it themselves.

use super::{door::Door, facts::NodeFacts, membership::Lists};
use crate::{clock::At, freshness::Freshness, state::Tone};

/// Seconds from which a difference is worth a word; below it is the way of the answer.
const NEAR: i64 = 5;

/// One presupposition: how it stands, in a word, and the sentence.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ground {
    pub tone: Tone,
    pub word: &'static str,
    pub sentence: String,
}

impl Ground {
    fn new(tone: Tone, word: &'static str, sentence: impl Into<String>) -> Self {
        Self { tone, word, sentence: sentence.into() }
    }
}

/// Membership, and with it port 80 between the nodes; and their clocks. Nothing where no nodes are described.
pub fn groundwork(nodes: &[NodeFacts], now: At, interval: u32) -> Vec<Ground> {
    if nodes.is_empty() {
        return Vec::new();
    }
    vec![membership(nodes, interval), clocks(nodes, now, interval)]
}

fn membership(nodes: &[NodeFacts], interval: u32) -> Ground {
    let lists = Lists::of(nodes, interval);
    let verdicts: Vec<_> = nodes.iter().map(|facts| lists.joined(facts.address)).collect();
    if let Some(bad) = verdicts.iter().find(|verdict| verdict.tone == Tone::Bad) {
        return Ground::new(Tone::Bad, "not joined", bad.sentence.clone());
    }
    if verdicts.iter().all(|verdict| verdict.tone == Tone::Good) {
        let sentence = "The nodes list each other as members: they share a database, and port 80 is open between them.";
        return Ground::new(Tone::Good, "joined", sentence);
    }
    let sentence = "Whether the nodes have joined is read over SSH: give their accounts and compare their keys, after the \
                    Nodes step. The nodes' own pages have the wizard's questions in order.";
    Ground::new(Tone::Unknown, "not known", sentence)
}

fn clocks(nodes: &[NodeFacts], now: At, interval: u32) -> Ground {
    let fresh = |at| Door::Open.freshness(at, now, interval) == Freshness::Fresh;
    let told: Vec<(&NodeFacts, i64)> = nodes
        .iter()
        .filter_map(|facts| facts.clock.as_ref().filter(|told| fresh(told.at)).map(|told| (facts, told.value)))
        .collect();
    let off = told.iter().filter(|(_, ahead)| ahead.abs() > NEAR).max_by_key(|(_, ahead)| ahead.abs());
    if let Some((facts, ahead)) = off {
        let way = if *ahead > 0 { "ahead of" } else { "behind" };
        let sentence = format!(
            "The clock of {} is {} s {way} ours. Let all nodes, the NetScaler and this machine take their time from one NTP \
             server: a difference of minutes breaks sessions and enrolment.",
            facts.address,
            ahead.abs()
        );
        return Ground::new(Tone::Warn, "clock", sentence);
    }
    if told.len() == nodes.len() {
        return Ground::new(Tone::Good, "clocks", "The nodes' clocks go as ours.");
    }
    Ground::new(
        Tone::Unknown,
        "clocks",
        "Not every node's clock was read lately; all should take their time from one NTP server.",
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        clock::from_millis,
        node::{Member, Members, Source, Told},
    };
    use std::net::Ipv4Addr;

    fn node(last: u8, ahead: i64, members: &[u8]) -> NodeFacts {
        let address = |last: u8| Ipv4Addr::new(10, 20, 30, last);
        let member =
            |last: &u8| Member { address: address(*last).to_string(), status: "ACTIVE".into(), role: "NONE".into() };
        let all: Vec<Member> = members.iter().map(member).collect();
        let at = from_millis(1_000);
        let members = (!all.is_empty()).then(|| Told::new(at, Members { list: all, source: Source::Ssh }));
        NodeFacts { clock: Some(Told::new(at, ahead)), members, ..NodeFacts::new(address(last)) }
    }

    fn tones(nodes: &[NodeFacts], now_ms: i64) -> Vec<Tone> {
        groundwork(nodes, from_millis(now_ms), 5).into_iter().map(|ground| ground.tone).collect()
    }

    #[test]
    fn what_the_nodes_showed_is_ticked_and_what_nobody_read_is_not() {
        let both: &[u8] = &[11, 12];
        assert_eq!(tones(&[], 2_000), []);
        assert_eq!(tones(&[node(11, 2, both), node(12, -3, both)], 2_000), [Tone::Good, Tone::Good]);
        assert_eq!(tones(&[node(11, 2, &[]), node(12, -3, &[])], 2_000), [Tone::Unknown, Tone::Good]);
        assert_eq!(tones(&[node(11, 2, &[11]), node(12, -900, both)], 2_000)[1], Tone::Warn);
        assert_eq!(tones(&[node(11, 2, both), node(12, 0, both)], 900_000)[1], Tone::Unknown, "read long ago");
        let said = groundwork(&[node(11, 2, both), node(12, -900, both)], from_millis(2_000), 5);
        assert!(said[1].sentence.contains("10.20.30.12 is 900 s behind ours"), "{said:?}");
    }
}
