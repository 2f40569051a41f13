//! The one word for a node, the same wherever it is drawn: of all that is known, the newest decides, and what is old says
//! so.

use super::{
    door::Door,
    facts::NodeFacts,
    membership::{Belonging, Lists},
    trouble::TroubleKind,
};
use crate::{clock::At, freshness::Freshness, state::Tone};
use std::net::Ipv4Addr;

/// The ports that devices use.
pub const SERVICE_PORTS: [u16; 2] = [443, 8443];
/// The port of console and REST, which devices never see.
pub const MANAGEMENT_PORT: u16 = 4443;

/// How a node does, in a word.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NodeStanding {
    pub tone: Tone,
    pub word: String,
    /// Of the reading that decided; `None`: there is none.
    pub at: Option<At>,
}

impl NodeStanding {
    fn of(tone: Tone, word: impl Into<String>, at: At, freshness: Freshness) -> Self {
        let word = word.into();
        let (tone, word) = match freshness {
            Freshness::Fresh => (tone, word),
            // What was wrong is still the last that is known.
            Freshness::Stale => (if tone == Tone::Bad { tone } else { Tone::Warn }, format!("{word}, stale")),
            Freshness::Unknown => (Tone::Unknown, format!("unknown, was {word}")),
        };
        Self { tone, word, at: Some(at) }
    }
}

impl Lists<'_> {
    /// Judges one node by what it and the others said.
    pub fn standing(&self, address: Ipv4Addr, now: At) -> NodeStanding {
        standing(self, address, now)
    }
}

fn standing(lists: &Lists<'_>, address: Ipv4Addr, now: At) -> NodeStanding {
    let interval = lists.interval;
    let facts = lists.nodes.iter().find(|node| node.address == address);
    let ports = facts.map(|facts| ports(facts, now, interval)).unwrap_or_default();
    let member = listed(lists, address, now);
    // Who listens and says nothing serves nobody, whatever lists say of it: they are read less often, and a process may
    // talk to its cluster while it is deaf to devices.
    if let Some(silent) = ports.silent(now, interval) {
        let fresh = |at: At| Door::Ssh.freshness(at, now, interval) == Freshness::Fresh;
        let dead =
            member.filter(|member| member.tone == Tone::Bad && member.at.is_some_and(fresh) && !ports.in_recovery);
        return dead.unwrap_or(silent);
    }
    if let Some(lost) = facts.and_then(|facts| without_database(facts, now, interval)) {
        return lost;
    }
    if let Some(member) = member.clone().filter(|member| member.tone != Tone::Unknown) {
        return member;
    }
    ports.answers(now, interval).or(member).unwrap_or(NodeStanding {
        tone: Tone::Unknown,
        word: "not asked".into(),
        at: None,
    })
}

fn listed(lists: &Lists<'_>, address: Ipv4Addr, now: At) -> Option<NodeStanding> {
    let it = lists.membership(address)?;
    let (tone, word) = match (it.belonging, &it.line) {
        (Belonging::Active, Some(line)) => (Tone::Good, line.standing()),
        (Belonging::Active, None) => (Tone::Good, "ACTIVE".into()),
        (Belonging::Dead, _) => (Tone::Bad, "DEAD".into()),
        (Belonging::Absent | Belonging::Unlisted, _) => (Tone::Bad, "not in the cluster".into()),
        (Belonging::Apart, _) => (Tone::Bad, "apart from the others".into()),
        (Belonging::Unclustered, _) => (Tone::Bad, "clustering off".into()),
        (Belonging::Lonely, _) => (Tone::Unknown, "lists only itself".into()),
        (Belonging::Strange, line) => {
            (Tone::Unknown, line.as_ref().map_or_else(|| "not known".into(), super::facts::Member::standing))
        }
    };
    Some(NodeStanding::of(tone, word, it.at, Door::Ssh.freshness(it.at, now, lists.interval)))
}

/// It answers, and can do nothing.
fn without_database(facts: &NodeFacts, now: At, interval: u32) -> Option<NodeStanding> {
    let told = facts.tries.get(&Door::Rest)?;
    told.value.as_ref().filter(|trouble| trouble.kind == TroubleKind::Database)?;
    let freshness = Door::Rest.freshness(told.at, now, interval);
    (freshness == Freshness::Fresh).then(|| NodeStanding::of(Tone::Bad, "no database", told.at, freshness))
}

/// Ports that serve and ports that do not, as far as that still counts.
#[derive(Default)]
struct Heard {
    answering: Vec<(u16, At)>,
    silent: Vec<(u16, At)>,
    /// One of them shows its certificate and serves nothing.
    shows_tls: bool,
    in_recovery: bool,
}

fn ports(facts: &NodeFacts, now: At, interval: u32) -> Heard {
    let mut heard = Heard::default();
    for (port, told) in &facts.ports {
        if Door::Open.freshness(told.at, now, interval) != Freshness::Unknown {
            let list = if told.value.serves() { &mut heard.answering } else { &mut heard.silent };
            list.push((*port, told.at));
            heard.shows_tls |= told.value.answers() && !told.value.serves();
            heard.in_recovery |= told.value.is_in_recovery();
        }
    }
    heard
}

impl Heard {
    fn silent(&self, now: At, interval: u32) -> Option<NodeStanding> {
        let at = self.silent.iter().map(|(_, at)| *at).max()?;
        let freshness = Door::Open.freshness(at, now, interval);
        if self.in_recovery {
            return Some(NodeStanding::of(Tone::Bad, "recovery mode", at, freshness));
        }
        let word = if self.shows_tls { "fails" } else { "silent" };
        if self.answering.is_empty() {
            return Some(NodeStanding::of(Tone::Bad, word, at, freshness));
        }
        let served = self.silent.iter().find(|(port, _)| SERVICE_PORTS.contains(port));
        let tone = if served.is_some() { Tone::Bad } else { Tone::Warn };
        let ports: Vec<String> = self.silent.iter().map(|(port, _)| port.to_string()).collect();
        Some(NodeStanding::of(tone, format!("{} {word}", ports.join(", ")), at, freshness))
    }

    fn answers(&self, now: At, interval: u32) -> Option<NodeStanding> {
        let at = self.answering.iter().map(|(_, at)| *at).min()?;
        Some(NodeStanding::of(Tone::Good, "answers", at, Door::Open.freshness(at, now, interval)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        clock::from_millis,
        node::{Member, Members, PortFact, Source, Told, Trouble, Web},
    };

    const INTERVAL: u32 = 10;
    const NODE: Ipv4Addr = Ipv4Addr::new(10, 20, 30, 11);
    const OTHER: Ipv4Addr = Ipv4Addr::new(10, 20, 30, 12);

    fn at(seconds: i64) -> At {
        from_millis(seconds * 1000)
    }

    fn lists(mut facts: NodeFacts, seconds: i64, list: &[(Ipv4Addr, &str)]) -> NodeFacts {
        let member = |(address, status): &(Ipv4Addr, &str)| Member {
            address: address.to_string(),
            status: (*status).into(),
            role: "OLDEST".into(),
        };
        let members = Members { list: list.iter().map(member).collect(), source: Source::Ssh };
        facts.members = Some(Told::new(at(seconds), members));
        facts
    }

    fn hears(mut facts: NodeFacts, seconds: i64, ports: &[(u16, bool)]) -> NodeFacts {
        for (port, answers) in ports {
            let fact = PortFact { sha256: answers.then(|| "0a".repeat(32)), ..PortFact::default() };
            facts.ports.insert(*port, Told::new(at(seconds), fact));
        }
        facts
    }

    const BOTH: [(Ipv4Addr, &str); 2] = [(NODE, "ACTIVE"), (OTHER, "ACTIVE")];
    const SILENT: [(u16, bool); 3] = [(443, false), (8443, false), (4443, false)];

    fn word(nodes: &[NodeFacts], now: i64) -> (Tone, String) {
        let standing = Lists::of(nodes, INTERVAL).standing(NODE, at(now));
        (standing.tone, standing.word)
    }

    #[test]
    fn silent_ports_beat_an_active_whichever_is_newer() {
        for (listed, heard) in [(10, 20), (20, 10)] {
            let nodes = [hears(lists(NodeFacts::new(NODE), listed, &BOTH), heard, &SILENT)];
            assert_eq!(word(&nodes, 21), (Tone::Bad, "silent".into()));
            let nodes = [hears(lists(NodeFacts::new(NODE), listed, &BOTH), heard, &[(443, true), (8443, false)])];
            assert_eq!(word(&nodes, 21), (Tone::Bad, "8443 silent".into()));
        }
        let nodes = [hears(lists(NodeFacts::new(NODE), 10, &BOTH), 10, &[(443, true), (8443, true), (4443, false)])];
        assert_eq!(word(&nodes, 21), (Tone::Warn, "4443 silent".into()), "devices never see that one");
    }

    #[test]
    fn what_the_others_say_of_a_dead_node_counts() {
        let dead = [(NODE, "DEAD"), (OTHER, "ACTIVE")];
        let nodes =
            [hears(lists(NodeFacts::new(NODE), 10, &BOTH), 110, &SILENT), lists(NodeFacts::new(OTHER), 110, &dead)];
        assert_eq!(word(&nodes, 111), (Tone::Bad, "DEAD".into()));
        let [mut silent, other] = nodes;
        silent = hears(silent, 400, &SILENT);
        assert_eq!(word(&[silent, other], 401), (Tone::Bad, "silent".into()), "the newest decides over an old list");
    }

    #[test]
    fn who_answers_and_cannot_work_is_not_well() {
        let mut ill = hears(lists(NodeFacts::new(NODE), 10, &BOTH), 20, &[(443, true), (8443, true)]);
        let lost = Trouble::new(TroubleKind::Database, "The database cannot be reached.");
        ill.tries.insert(Door::Rest, Told::new(at(20), Some(lost)));
        assert_eq!(word(&[ill.clone()], 21), (Tone::Bad, "no database".into()));
        ill.ports.get_mut(&8443).unwrap().value.web = Some(Web::Silent);
        assert_eq!(word(&[ill.clone()], 21), (Tone::Bad, "8443 fails".into()));
        ill.ports.get_mut(&8443).unwrap().value.web = Some(Web::Error { status: 503 });
        assert_eq!(word(&[ill], 21), (Tone::Bad, "recovery mode".into()));
    }

    #[test]
    fn an_old_word_says_that_it_is_old_and_is_never_green() {
        let nodes = [lists(NodeFacts::new(NODE), 0, &BOTH)];
        assert_eq!(word(&nodes, 200), (Tone::Good, "ACTIVE, OLDEST".into()));
        assert_eq!(word(&nodes, 201), (Tone::Warn, "ACTIVE, OLDEST, stale".into()));
        assert_eq!(word(&nodes, 1_001), (Tone::Unknown, "unknown, was ACTIVE, OLDEST".into()));
        let heard = [hears(nodes[0].clone(), 1_000, &[(443, true)])];
        assert_eq!(word(&heard, 1_001), (Tone::Good, "answers".into()), "what is known now is said");
    }

    #[test]
    fn without_any_reading_nothing_is_known() {
        assert_eq!(word(&[NodeFacts::new(NODE)], 1), (Tone::Unknown, "not asked".into()));
        assert_eq!(word(&[], 1).0, Tone::Unknown);
        let alone = [lists(NodeFacts::new(NODE), 0, &BOTH[..1]), NodeFacts::new(OTHER)];
        assert_eq!(word(&alone, 1), (Tone::Unknown, "lists only itself".into()));
    }
}
