//! What is odd about the node IDs of a cluster, and what each node says of itself now (`xenmobile.md` 5).

use super::{
    facts::NodeFacts,
    ids::{IdFact, IdKey, Source, same_id},
};
use crate::{clock::At, excerpt::named, state::Tone};
use std::{collections::HashSet, net::Ipv4Addr};

impl NodeFacts {
    /// What the node itself says now, by the best source that was asked lately.
    pub fn reported_id_now(&self, now: At, interval: u32) -> Option<&IdFact> {
        let said = [Source::Ssh, Source::Pasted, Source::ConsolePage].into_iter().filter_map(|source| self.id(source));
        said.into_iter().find(|fact| fact.counts(now, interval))
    }

    /// It reports another number now than is `known`, or one where none is.
    pub fn reports_news(&self, known: Option<&str>, now: At, interval: u32) -> bool {
        self.reported_id_now(now, interval).is_some_and(|told| known.is_none_or(|known| !same_id(known, &told.id)))
    }

    /// With those numbers alone that still count: by the others nothing is compared.
    #[must_use]
    pub fn ids_of_now(&self, now: At, interval: u32) -> Self {
        let ids = self.ids.iter().filter(|fact| fact.counts(now, interval)).cloned().collect();
        Self { ids, ..self.clone() }
    }
}

/// Whether the sources of one node say the same now, in a word.
pub fn agreement(node: &NodeFacts, now: At, interval: u32) -> (Tone, &'static str) {
    let current = node.ids_of_now(now, interval);
    let Some(best) = current.reported_id() else {
        return (Tone::Unknown, if node.reported_id().is_some() { "not read lately" } else { "only computed" });
    };
    let differs = |fact: &&IdFact| !same_id(&fact.id, &best.id);
    match current.ids.iter().filter(differs).map(|fact| fact.source).min() {
        None => (Tone::Good, "agree"),
        Some(Source::Address) => (Tone::Warn, "not its address's"),
        Some(_) => (Tone::Bad, "differ"),
    }
}

/// Something to say about the nodes' numbers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IdRemark {
    pub tone: Tone,
    /// Whom it is about.
    pub nodes: Vec<Ipv4Addr>,
    pub sentence: String,
}

/// What is odd about the numbers of one cluster's nodes; or that nothing is. Whoever asks about now leaves out what is old
/// ([`NodeFacts::ids_of_now`]).
pub fn id_remarks(nodes: &[NodeFacts]) -> Vec<IdRemark> {
    let mut remarks: Vec<IdRemark> = between(nodes);
    let swapped = swapped(nodes);
    remarks.extend(nodes.iter().flat_map(|node| within(node, swapped.contains(&node.address))));
    let unread: Vec<Ipv4Addr> =
        nodes.iter().filter(|node| node.reported_id().is_none()).map(|node| node.address).collect();
    if !nodes.is_empty() && unread.is_empty() && remarks.is_empty() {
        let sentence = "Every node reports the ID that its address gives.".to_owned();
        let all = nodes.iter().map(|node| node.address).collect();
        remarks.push(IdRemark { tone: Tone::Good, nodes: all, sentence });
    }
    if !unread.is_empty() {
        let sentence = format!(
            "Not confirmed by the node itself: {}. What stands there is only computed from the address, or was read too long \
             ago to be believed.",
            named(&unread)
        );
        remarks.push(IdRemark { tone: Tone::Unknown, nodes: unread, sentence });
    }
    remarks
}

/// Two nodes with one number, and two with each other's.
fn between(nodes: &[NodeFacts]) -> Vec<IdRemark> {
    let mut remarks = Vec::new();
    // Each number is read once: a thousand nodes make half a million pairs.
    let told = nodes.iter().filter_map(|node| Some((node, node.reported_id()?)));
    let told: Vec<_> =
        told.map(|(node, fact)| (node, fact, IdKey::of(&fact.id), IdKey::computed(node.address))).collect();
    for (index, (one, a, one_key, one_computed)) in told.iter().enumerate() {
        for (other, b, other_key, other_computed) in &told[index + 1..] {
            if one_key == other_key {
                let sentence = format!(
                    "{} and {} report the same node ID, {}. One is a copy of the other that was started before it had an \
                     address of its own, or one text was pasted for both. App traffic of one reaches the other.",
                    one.address, other.address, a.id
                );
                remarks.push(IdRemark { tone: Tone::Bad, nodes: vec![one.address, other.address], sentence });
            } else if one_key == other_computed && other_key == one_computed {
                let sentence = format!(
                    "{} and {} have each other's node IDs, {} and {}. Their addresses, or the two texts, were mixed up.",
                    one.address, other.address, a.id, b.id
                );
                remarks.push(IdRemark { tone: Tone::Bad, nodes: vec![one.address, other.address], sentence });
            }
        }
    }
    remarks
}

/// Those that have each other's numbers, by their addresses.
fn swapped(nodes: &[NodeFacts]) -> HashSet<Ipv4Addr> {
    fn pair(node: &NodeFacts) -> Option<(IdKey<'_>, IdKey<'_>)> {
        Some((IdKey::computed(node.address), IdKey::of(&node.reported_id()?.id)))
    }
    let told: HashSet<_> = nodes.iter().filter_map(pair).collect();
    let has_twin = |node: &&NodeFacts| pair(node).is_some_and(|(own, said)| told.contains(&(said, own)));
    nodes.iter().filter(has_twin).map(|node| node.address).collect()
}

/// One node whose sources say different numbers.
fn within(node: &NodeFacts, swapped: bool) -> Vec<IdRemark> {
    let Some(best) = node.reported_id() else { return Vec::new() };
    let mut remarks = Vec::new();
    for fact in node.ids.iter().filter(|fact| fact.source != best.source && !same_id(&fact.id, &best.id)) {
        let already_said = fact.source == Source::Address && swapped;
        if already_said {
            continue;
        }
        let (tone, why) = if fact.source == Source::Address {
            (
                Tone::Warn,
                "What the node says counts. Its address may have been changed, or it keeps another numbering."
                    .to_owned(),
            )
        } else {
            (Tone::Bad, format!("Where they differ, {} counts. Read the node's ID again.", best.source))
        };
        let sentence = format!(
            "{}: node ID {} by {}, but {} {}. {why}",
            node.address,
            best.id,
            by(best.source),
            fact.id,
            if fact.source == Source::Address {
                "computed from its address".to_owned()
            } else {
                format!("by {}", by(fact.source))
            },
        );
        remarks.push(IdRemark { tone, nodes: vec![node.address], sentence });
    }
    remarks
}

const fn by(source: Source) -> &'static str {
    match source {
        Source::Ssh => "SSH",
        Source::Pasted => "what was pasted",
        Source::ConsolePage => "its pages",
        Source::Address => "its address",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::from_millis;

    fn node(last: u8, ids: &[(Source, u32)]) -> NodeFacts {
        let address = Ipv4Addr::new(10, 20, 30, last);
        let fact = |&(source, id): &(Source, u32)| IdFact {
            source,
            id: id.to_string(),
            at: Some(from_millis(1)),
            doubt: None,
        };
        let mut facts = NodeFacts::new(address);
        facts.absorb(NodeFacts { ids: ids.iter().map(fact).collect(), ..NodeFacts::new(address) });
        facts
    }

    const ELEVEN: u32 = 169_090_571;

    fn tones(nodes: &[NodeFacts]) -> Vec<Tone> {
        id_remarks(nodes).into_iter().map(|remark| remark.tone).collect()
    }

    fn at(second: i64, node: &NodeFacts) -> (Tone, &'static str) {
        agreement(node, from_millis(second * 1000), 10)
    }

    #[test]
    fn an_old_number_neither_agrees_nor_differs_with_anything() {
        let (right, wrong) = (node(11, &[(Source::Ssh, ELEVEN)]), node(12, &[(Source::Ssh, ELEVEN)]));
        assert_eq!((at(200, &right), at(202, &right)), ((Tone::Good, "agree"), (Tone::Unknown, "not read lately")));
        let of_now = |second: i64| [&right, &wrong].map(|node| node.ids_of_now(from_millis(second * 1000), 10));
        assert_eq!(tones(&of_now(200)), [Tone::Bad, Tone::Warn], "a copy");
        assert_eq!(tones(&of_now(202)), [Tone::Unknown], "whether it still is one, nobody knows");
        // What was pasted counts for longer than what an account reads again and again.
        let both = node(11, &[(Source::Ssh, 7), (Source::Pasted, ELEVEN)]);
        assert_eq!((at(200, &both).1, at(202, &both).1), ("differ", "agree"));
    }

    #[test]
    fn what_was_read_long_ago_is_no_word_of_now() {
        let facts = node(11, &[(Source::Ssh, 7), (Source::Pasted, ELEVEN)]);
        let said = |seconds: i64| facts.reported_id_now(from_millis(seconds * 1000), 10).map(|fact| fact.source);
        assert_eq!((said(200), said(202)), (Some(Source::Ssh), Some(Source::Pasted)));
        assert_eq!(
            (said(86_400), said(86_402)),
            (Some(Source::Pasted), None),
            "a text that was pasted counts for a day"
        );
        assert_eq!(
            facts.reported_id().map(|fact| fact.source),
            Some(Source::Ssh),
            "and it is still the last that is known"
        );
    }

    #[test]
    fn all_well_is_said_only_when_every_node_has_spoken() {
        let good = [node(11, &[(Source::Ssh, ELEVEN)]), node(12, &[(Source::Pasted, ELEVEN + 1)])];
        assert_eq!((tones(&good), at(2, &good[0])), (vec![Tone::Good], (Tone::Good, "agree")));
        assert_eq!(at(2, &node(11, &[])), (Tone::Unknown, "only computed"), "a computed number agrees with nothing");
        assert_eq!(at(2, &node(11, &[(Source::Ssh, 7)])).0, Tone::Warn);
        assert_eq!(tones(&[good[0].clone(), node(13, &[])]), [Tone::Unknown]);
        assert_eq!(tones(&[]), []);
    }

    #[test]
    fn twins_and_swapped_nodes_are_named_once() {
        let twins = [node(11, &[(Source::Ssh, ELEVEN)]), node(12, &[(Source::Ssh, ELEVEN)])];
        let remarks = id_remarks(&twins);
        assert!(remarks[0].sentence.contains("10.20.30.11 and 10.20.30.12 report the same node ID"), "{remarks:?}");
        assert_eq!(tones(&twins), [Tone::Bad, Tone::Warn], "and the copy's address gives another");
        let swapped = [node(11, &[(Source::Pasted, ELEVEN + 1)]), node(12, &[(Source::Pasted, ELEVEN)])];
        let remarks = id_remarks(&swapped);
        assert_eq!(remarks.len(), 1, "{remarks:?}");
        assert!(remarks[0].sentence.contains("each other's node IDs"));
    }

    #[test]
    fn sources_that_differ_are_named_and_ssh_counts() {
        let odd = [node(11, &[(Source::Ssh, 7), (Source::Pasted, 8)])];
        let remarks = id_remarks(&odd);
        assert_eq!((tones(&odd), at(2, &odd[0]).0), (vec![Tone::Bad, Tone::Warn], Tone::Bad));
        assert!(remarks[0].sentence.contains("7 by SSH, but 8 by what was pasted"), "{remarks:?}");
        assert!(remarks[1].sentence.contains("computed from its address"), "{remarks:?}");
        assert!(remarks.iter().all(|remark| remark.sentence.ends_with('.')));
    }
}
