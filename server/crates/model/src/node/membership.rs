//! What the member lists of all nodes together say of each of them: who is in the cluster, who is dead, who stands alone.
//!
//! Each node that tells its list lists itself too, so a node's own word counts only as far as the others know nothing
//! newer, and two lists that do not have each other are two clusters.

use super::{
    door::Door,
    facts::{Member, Members, NodeFacts, Told},
};
use crate::clock::At;
use std::{
    collections::{HashMap, HashSet},
    net::Ipv4Addr,
};

/// What comes of the lists for one node.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Belonging {
    /// Listed as ACTIVE.
    Active,
    /// Listed as DEAD: the others do not hear from it.
    Dead,
    /// The others' lists do not have it.
    Absent,
    /// It lists itself, the others list themselves: two clusters.
    Apart,
    /// It lists only itself, and no other node has told its list.
    Lonely,
    /// It lists no members at all: clustering is not enabled on it.
    Unclustered,
    /// Its own list does not have it.
    Unlisted,
    /// Listed with a status that is not known here.
    Strange,
}

/// One node's place, and by whose list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Membership {
    pub belonging: Belonging,
    /// As that list has it.
    pub line: Option<Member>,
    /// Whose list says so: another node's, or its own.
    pub witness: Ipv4Addr,
    pub at: At,
}

/// Seconds in which every list is read once.
pub fn list_round(interval: u32) -> i64 {
    i64::from(interval.max(1)) * i64::from(Door::Ssh.every())
}

/// The lists that some nodes told, read once for all who are judged by them: a thousand nodes tell a million lines.
#[derive(Debug)]
pub struct Lists<'a> {
    pub(super) nodes: &'a [NodeFacts],
    pub(super) interval: u32,
    told: Vec<List<'a>>,
    /// Of each owner's first list.
    places: HashMap<Ipv4Addr, usize>,
    /// Of all lists, the newest first.
    newest: Vec<usize>,
    islands: Vec<Vec<Ipv4Addr>>,
    /// The island that is larger than all others.
    main: Option<HashSet<Ipv4Addr>>,
}

#[derive(Debug)]
struct List<'a> {
    owner: Ipv4Addr,
    told: &'a Told<Members>,
    /// By address; of two lines about one, the first.
    lines: Vec<(Ipv4Addr, &'a Member)>,
}

impl<'a> List<'a> {
    fn of(owner: Ipv4Addr, told: &'a Told<Members>) -> Self {
        let line = |member: &'a Member| Some((member.address.parse().ok()?, member));
        let mut lines: Vec<_> = told.value.list.iter().filter_map(line).collect();
        lines.sort_by_key(|(address, _)| *address);
        lines.dedup_by_key(|(address, _)| *address);
        Self { owner, told, lines }
    }

    fn find(&self, address: Ipv4Addr) -> Option<&'a Member> {
        let place = self.lines.binary_search_by_key(&address, |(address, _)| *address).ok()?;
        self.lines.get(place).map(|(_, member)| *member)
    }

    fn sees(&self, address: Ipv4Addr) -> bool {
        self.find(address).is_some_and(Member::is_active)
    }
}

/// Each group in the order given, the largest first.
fn islands(told: &[List<'_>], places: &HashMap<Ipv4Addr, usize>) -> Vec<Vec<Ipv4Addr>> {
    let mut left: HashSet<Ipv4Addr> = places.keys().copied().collect();
    let mut islands: Vec<Vec<Ipv4Addr>> = Vec::new();
    for start in told {
        if !left.remove(&start.owner) {
            continue;
        }
        let mut island = vec![start.owner];
        let mut next = 0;
        while let Some(here) = island.get(next).copied() {
            next += 1;
            let of = |address: &Ipv4Addr| places.get(address).and_then(|place| told.get(*place));
            let Some(list) = of(&here) else { continue };
            for (other, line) in &list.lines {
                if line.is_active() && left.contains(other) && of(other).is_some_and(|theirs| theirs.sees(here)) {
                    left.remove(other);
                    island.push(*other);
                }
            }
        }
        island.sort_by_key(|address| places.get(address).copied());
        islands.push(island);
    }
    // Stable: of two that are as large, the one of the first node comes first.
    islands.sort_by_key(|island| std::cmp::Reverse(island.len()));
    islands
}

impl<'a> Lists<'a> {
    /// `interval`: seconds between two looks, for which lists belong to one round of reading.
    pub fn of(nodes: &'a [NodeFacts], interval: u32) -> Self {
        let told: Vec<_> =
            nodes.iter().filter_map(|node| Some(List::of(node.address, node.members.as_ref()?))).collect();
        let mut places: HashMap<Ipv4Addr, usize> = HashMap::new();
        for (place, list) in told.iter().enumerate() {
            places.entry(list.owner).or_insert(place);
        }
        let islands = islands(&told, &places);
        let mut sizes = islands.iter().map(Vec::len);
        let (largest, second) = (sizes.next().unwrap_or(0), sizes.next().unwrap_or(0));
        // Where no island is larger than all others there is no main one, and every node outside its own is apart.
        let main = islands.first().filter(|_| largest > second).map(|main| main.iter().copied().collect());
        let mut newest: Vec<usize> = (0..told.len()).rev().collect();
        newest.sort_by_key(|place| std::cmp::Reverse(told.get(*place).map(|list| list.told.at)));
        Self { nodes, interval, told, places, newest, islands, main }
    }

    /// `owner` told of others, and not of this one.
    pub fn lacks(&self, owner: Ipv4Addr, address: Ipv4Addr) -> bool {
        let list = self.places.get(&owner).and_then(|place| self.told.get(*place));
        list.is_some_and(|list| !list.told.value.list.is_empty() && list.find(address).is_none())
    }

    /// Nodes that list each other, each group in the order given, the largest first. Only those that told a list count.
    pub fn islands(&self) -> &[Vec<Ipv4Addr>] {
        &self.islands
    }

    /// Judges by all lists; `None` where nobody told one.
    pub fn membership(&self, address: Ipv4Addr) -> Option<Membership> {
        let nodes = self.nodes;
        let own = nodes.iter().find(|node| node.address == address).and_then(|node| node.members.as_ref());
        let is_inside = |owner: &Ipv4Addr| self.main.as_ref().is_none_or(|main| main.contains(owner));
        let all = self.newest.iter().filter_map(|place| self.told.get(*place));
        let mut witnesses = all.filter(|list| list.owner != address && is_inside(&list.owner)).peekable();
        let newest = witnesses.peek().copied();
        // Of those that it sees and that see it one is enough, should another one not see it.
        let is_of_main = self.main.as_ref().is_some_and(|main| main.contains(&address));
        let friend = witnesses.find(|list| is_of_main && list.sees(address));
        let Some(theirs) = friend.or(newest) else {
            return own.map(|own| by_itself(address, own, nodes.len(), false));
        };
        let (at, round) = (theirs.told.at, list_round(self.interval));
        // A list that was read a round later knows what the others could not know yet.
        let is_newer = own.is_some_and(|own| own.at.as_second() - at.as_second() > round / 2);
        let is_as_new = own.is_some_and(|own| at.as_second() - own.at.as_second() <= round / 2);
        let line = theirs.find(address);
        if let Some(own) = own.filter(|_| is_newer) {
            return Some(by_itself(address, own, nodes.len(), line.is_none_or(|line| !line.is_active())));
        }
        let belonging = match line {
            Some(line) if line.is_active() => Belonging::Active,
            Some(line) if line.is_dead() => Belonging::Dead,
            Some(_) => Belonging::Strange,
            None => match own.filter(|_| is_as_new) {
                Some(own) if own.value.list.is_empty() => Belonging::Unclustered,
                // One that calls itself dead, as in recovery mode, does nobody's work.
                Some(own) if own.value.find(address).is_some_and(|line| !line.is_dead()) => Belonging::Apart,
                _ => Belonging::Absent,
            },
        };
        Some(Membership { belonging, line: line.cloned(), witness: theirs.owner, at })
    }
}

fn by_itself(address: Ipv4Addr, own: &Told<Members>, nodes: usize, doubted: bool) -> Membership {
    let (line, size) = (own.value.find(address), own.value.list.len());
    let belonging = match line {
        None if size == 0 => Belonging::Unclustered,
        None => Belonging::Unlisted,
        Some(line) if line.is_dead() => Belonging::Dead,
        Some(line) if !line.is_active() => Belonging::Strange,
        Some(_) if size > 1 || nodes == 1 => Belonging::Active,
        Some(_) if doubted => Belonging::Apart,
        Some(_) => Belonging::Lonely,
    };
    Membership { belonging, line: line.cloned(), witness: address, at: own.at }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{clock::from_millis, node::Source};

    const INTERVAL: u32 = 10;

    fn address(last: u8) -> Ipv4Addr {
        Ipv4Addr::new(10, 20, 30, last)
    }

    /// Its list, read so many seconds after the beginning.
    fn lists(number: u8, seconds: i64, list: &[(u8, &str)]) -> NodeFacts {
        let member = |&(last, status): &(u8, &str)| Member {
            address: address(last).to_string(),
            status: status.into(),
            role: "NONE".into(),
        };
        let members = Members { list: list.iter().map(member).collect(), source: Source::Ssh };
        let members = Some(Told::new(from_millis(seconds * 1000), members));
        NodeFacts { members, ..NodeFacts::new(address(number)) }
    }

    fn all(nodes: &[NodeFacts]) -> Vec<Option<Belonging>> {
        let lists = Lists::of(nodes, INTERVAL);
        nodes.iter().map(|node| lists.membership(node.address).map(|it| it.belonging)).collect()
    }

    const THREE: [(u8, &str); 3] = [(11, "ACTIVE"), (12, "ACTIVE"), (13, "ACTIVE")];
    use Belonging::{Absent, Active, Apart, Dead, Lonely, Strange, Unclustered};

    #[test]
    fn who_is_listed_by_the_others_is_in_the_cluster() {
        let nodes = [lists(11, 1, &THREE), lists(12, 2, &THREE), NodeFacts::new(address(13))];
        assert_eq!(all(&nodes), [Some(Active); 3], "even who told nothing");
        assert_eq!(all(&[NodeFacts::new(address(11))]), [None]);
        let odd = [(11, "ACTIVE"), (12, "LEAVING")];
        assert_eq!(all(&[lists(11, 1, &odd), NodeFacts::new(address(12))])[1], Some(Strange));
    }

    #[test]
    fn what_others_say_of_a_dead_node_counts_when_it_is_newer_than_its_own_word() {
        let dead = [(11, "ACTIVE"), (12, "ACTIVE"), (13, "DEAD")];
        let nodes = [lists(11, 100, &dead), lists(12, 101, &dead), lists(13, 2, &THREE)];
        assert_eq!(all(&nodes), [Some(Active), Some(Active), Some(Dead)]);
        let gone = [lists(11, 100, &THREE[..2]), lists(12, 101, &THREE[..2]), lists(13, 2, &THREE)];
        assert_eq!(all(&gone), [Some(Active), Some(Active), Some(Absent)], "it is listed no more");
        let back = [lists(11, 2, &dead), lists(12, 3, &dead), lists(13, 100, &THREE)];
        assert_eq!(all(&back)[2], Some(Active), "a round later it knows better");
    }

    #[test]
    fn two_lists_without_each_other_are_two_clusters_in_any_order_of_reading() {
        for last in [1, 2, 3] {
            let nodes = [lists(11, 2, &THREE[..2]), lists(12, 2, &THREE[..2]), lists(13, last, &THREE[2..])];
            assert_eq!(all(&nodes), [Some(Active), Some(Active), Some(Apart)]);
            let all_told = Lists::of(&nodes, INTERVAL);
            assert_eq!(all_told.islands(), [vec![address(11), address(12)], vec![address(13)]]);
            let pair = [lists(11, 2, &THREE[..1]), lists(12, last, &THREE[1..2])];
            assert_eq!(all(&pair), [Some(Apart); 2], "of two halves none is the right one");
        }
    }

    #[test]
    fn who_calls_itself_dead_is_no_cluster_of_its_own() {
        let nodes = [lists(11, 2, &THREE[..2]), lists(12, 2, &THREE[..2]), lists(13, 3, &[(13, "DEAD")])];
        assert_eq!(all(&nodes), [Some(Active), Some(Active), Some(Absent)]);
    }

    #[test]
    fn who_is_seen_by_one_of_the_others_is_not_apart() {
        let left = [(11, "ACTIVE"), (12, "ACTIVE")];
        let right = [(12, "ACTIVE"), (13, "ACTIVE")];
        for last in [1, 2, 3] {
            let nodes = [lists(11, 2, &left), lists(12, 2, &THREE), lists(13, last, &right)];
            assert_eq!(all(&nodes), [Some(Active); 3]);
        }
    }

    #[test]
    fn alone_a_node_is_believed_only_when_it_sees_others() {
        let untold = |last| NodeFacts::new(address(last));
        assert_eq!(all(&[untold(11), lists(12, 1, &THREE)])[1], Some(Active));
        assert_eq!(all(&[untold(11), lists(12, 1, &THREE[1..2])])[1], Some(Lonely));
        assert_eq!(all(&[lists(12, 1, &THREE[1..2])]), [Some(Active)], "a cluster of one");
        assert_eq!(all(&[untold(11), lists(12, 1, &[])])[1], Some(Unclustered));
        let apart = [lists(11, 1, &THREE[..1]), lists(12, 100, &THREE[1..2])];
        assert_eq!(all(&apart)[1], Some(Apart), "an older list does not have it either");
    }

    #[test]
    // Each list against each other one, line by line, it would take hours.
    fn a_thousand_nodes_that_tell_a_thousand_lines_each_are_judged_at_once() {
        let of = |n: u16| Ipv4Addr::from(0x0A14_0000 + u32::from(n));
        let line = |n: u16| Member { address: of(n).to_string(), status: "ACTIVE".into(), role: "NONE".into() };
        // The last hundred are a cluster of their own.
        let side = |n: u16| Members {
            list: if n < 900 { 0..900 } else { 900..1_000 }.map(line).collect(),
            source: Source::Ssh,
        };
        let node = |n: u16| NodeFacts {
            members: Some(Told::new(from_millis(i64::from(n)), side(n))),
            ..NodeFacts::new(of(n))
        };
        let nodes: Vec<NodeFacts> = (0..1_000).map(node).collect();
        let lists = Lists::of(&nodes, INTERVAL);
        let places: Vec<_> = nodes.iter().filter_map(|node| lists.membership(node.address)).collect();
        assert_eq!(lists.islands().iter().map(Vec::len).collect::<Vec<_>>(), [900, 100]);
        let (main, rest) = places.split_at(900);
        assert!(
            main.iter().all(|place| place.belonging == Active) && rest.iter().all(|place| place.belonging == Apart)
        );
        assert_eq!(main[0].witness, of(899), "the newest of its own");
    }
}
