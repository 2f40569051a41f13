//! Whether the nodes are one cluster, by the lists that they tell over SSH. Two clusters on one database serve devices
//! that the other one knows nothing of, and no NetScaler notices.

use super::{
    node::{Seat, seats},
    scene::{Scene, list},
};
use model::{
    desired::Step,
    finding::{CheckCode, Finding, Grade},
    node::{Account, Belonging, Door, Lists, Membership, NodeFacts},
};
use std::{
    collections::{BTreeMap, BTreeSet},
    net::Ipv4Addr,
};

const CODE: CheckCode = CheckCode::Membership;
const WAYS: &str = "On each node, by its menu program: Clustering, Enable/Disable cluster must be on; Configuration, \
                    Firewall must let port 80 through from the other nodes, and the white list must have them; all must \
                    use the same database and the same time. Then restart the node that stands alone.";

/// Nodes that call themselves by another number than their own, so that the lists have that one in their place.
type Astray = BTreeMap<Ipv4Addr, Option<Ipv4Addr>>;

pub fn check(scene: &Scene<'_>) -> Vec<Finding> {
    let seats = seats(scene);
    // A list that was read long ago says nothing of now.
    let facts: Vec<NodeFacts> = seats.iter().filter_map(|seat| seat.facts).map(|facts| current(scene, facts)).collect();
    let told: Vec<&NodeFacts> = facts.iter().filter(|facts| facts.members.is_some()).collect();
    if seats.is_empty() || told.is_empty() {
        return untold(scene, &seats).into_iter().collect();
    }
    let (all, astray) = (Lists::of(&facts, scene.interval), super::ids::astray(scene));
    let places: Vec<(&Seat<'_>, Option<Membership>)> =
        seats.iter().map(|seat| (seat, all.membership(seat.node.address))).collect();
    let apart = places.iter().any(|(_, place)| place.as_ref().is_some_and(|it| it.belonging == Belonging::Apart));
    let mut findings = Vec::new();
    if apart {
        findings.push(split(scene, &seats, &told, all.islands(), &astray));
    }
    findings.extend(places.iter().filter_map(|(seat, place)| one(scene, seat, place.as_ref()?, &astray)));
    if !apart {
        // Who is not in it sees nobody, which is told of it already.
        let is_active = |place: &Membership| place.belonging == Belonging::Active;
        let active = places.iter().filter(|(_, place)| place.as_ref().is_some_and(is_active));
        let active: BTreeSet<Ipv4Addr> = active.map(|(seat, _)| seat.node.address).collect();
        let inside: Vec<&NodeFacts> = told.iter().filter(|facts| active.contains(&facts.address)).copied().collect();
        findings.extend(gaps(scene, &seats, &inside, &all));
    }
    findings.extend(strangers(&seats, &told, &astray));
    if findings.is_empty() {
        let oldest = oldest(&told);
        let oldest = seats.iter().find(|seat| oldest.contains(&seat.node.address));
        let title = match oldest {
            Some(seat) if seats.len() > 1 => format!("The nodes are one cluster, led by {}.", seat.server),
            _ => "The nodes are one cluster.".to_owned(),
        };
        findings.push(told.iter().fold(Finding::pass(CODE, title), |finding, facts| lists(scene, finding, facts)));
    }
    findings
}

fn current(scene: &Scene<'_>, facts: &NodeFacts) -> NodeFacts {
    let members = facts.members.clone().filter(|told| scene.is_fresh(Door::Ssh, told.at));
    NodeFacts { members, ..facts.clone() }
}

/// Those that a list calls so.
fn oldest(told: &[&NodeFacts]) -> BTreeSet<Ipv4Addr> {
    let lines = told.iter().filter_map(|facts| facts.members.as_ref()).flat_map(|told| &told.value.list);
    lines.filter(|line| line.is_oldest()).filter_map(|line| line.address.parse().ok()).collect()
}

/// What one node's list says, with the time at which it said so.
fn lists(scene: &Scene<'_>, finding: Finding, facts: &NodeFacts) -> Finding {
    let Some(told) = &facts.members else { return finding };
    let lines: Vec<String> =
        told.value.list.iter().map(|member| format!("{} {}", member.address, member.standing())).collect();
    let name = scene.name_of(facts.address);
    let sentence =
        if lines.is_empty() { format!("{name} lists nobody.") } else { format!("{name} lists {}.", list(&lines)) };
    finding.seen_at(sentence, told.at)
}

fn names(seats: &[Seat<'_>], island: &[Ipv4Addr]) -> String {
    let names: Vec<&str> =
        seats.iter().filter(|seat| island.contains(&seat.node.address)).map(|seat| seat.server).collect();
    list(&names)
}

fn split(
    scene: &Scene<'_>,
    seats: &[Seat<'_>],
    told: &[&NodeFacts],
    islands: &[Vec<Ipv4Addr>],
    astray: &Astray,
) -> Finding {
    let parts: Vec<String> = islands
        .iter()
        .map(|island| match island.as_slice() {
            [_] => format!("{} alone", names(seats, island)),
            _ => format!("{} together", names(seats, island)),
        })
        .collect();
    let oldest = oldest(told);
    let leaders = seats.iter().filter(|seat| oldest.contains(&seat.node.address)).count();
    let said = if leaders > 1 { format!(" {leaders} nodes each call themselves the oldest.") } else { String::new() };
    let finding = Finding::fail(CODE, format!("The cluster is split: {}.{said}", parts.join(", ")))
        .in_short(format!("The cluster is split: {}", parts.join(", ")))
        .aspect("split")
        .because(
            "Each part does the work of a whole cluster on one database: tasks run twice, and a device that comes to the \
             other part is not known there. Clustering is switched off on a node, port 80 is closed between them, their \
             clocks are too far apart, or one was set up with another database.",
        )
        .mend(WAYS);
    // One node that stands alone is whom it is about.
    let alone: Vec<Ipv4Addr> = islands.iter().skip(1).flatten().copied().collect();
    let finding = match alone.as_slice() {
        [one] if islands.first().is_some_and(|main| main.len() > 1) => finding.of_node(*one),
        _ => finding,
    };
    let ill = seats.iter().filter(|seat| alone.contains(&seat.node.address)).find_map(|seat| seat.ill(scene));
    let finding = if let Some(cause) = ill {
        finding.explained_by(cause)
    } else if seats.iter().any(|seat| alone.contains(&seat.node.address) && astray.contains_key(&seat.node.address)) {
        finding.explained_by(CheckCode::NodeIds)
    } else if clocks_apart(scene) {
        finding.explained_by(CheckCode::Clocks)
    } else {
        finding
    };
    told.iter().fold(finding, |finding, facts| lists(scene, finding, facts))
}

/// Far enough for the cluster to part.
fn clocks_apart(scene: &Scene<'_>) -> bool {
    let mut clocks: Vec<i64> = (scene.nodes.iter())
        .filter_map(|facts| facts.clock.as_ref())
        .filter(|told| scene.is_fresh(Door::Open, told.at))
        .map(|told| told.value)
        .collect();
    clocks.sort_unstable();
    matches!((clocks.first(), clocks.last()), (Some(first), Some(last)) if last - first > super::clocks::FAR)
}

fn one(scene: &Scene<'_>, seat: &Seat<'_>, place: &Membership, astray: &Astray) -> Option<Finding> {
    let (name, witness) = (seat.name(), scene.name_of(place.witness));
    let finding = match place.belonging {
        // A split is one finding for all.
        Belonging::Active | Belonging::Apart => return None,
        Belonging::Dead => Finding::fail(CODE, format!("{name} is DEAD for the other nodes."))
            .in_short(format!("{} is DEAD for the others", seat.server))
            .because("They do not hear from it: it is off, it hangs, or port 80 between them is closed.")
            .mend("Look at the node's console. If it runs, look at the firewall and the clocks, and restart it."),
        Belonging::Absent => Finding::fail(CODE, format!("{name} is not in the cluster."))
            .in_short(format!("{} is not in the cluster", seat.server))
            .because("The other nodes do not list it: it left long ago, never joined, or was set up with another database.")
            .mend(WAYS),
        Belonging::Unclustered => Finding::fail(CODE, format!("Clustering is switched off on {name}."))
            .in_short(format!("Clustering is off on {}", seat.server))
            .because("It works alone on the database that the others share: tasks run twice, and its devices are strange to the others.")
            .mend(WAYS),
        Belonging::Unlisted => Finding::warn(CODE, format!("{name} does not list itself."))
            .because("It may have been given another address since it joined.")
            .mend("Compare the address in its menu program with the set-up's."),
        Belonging::Lonely => {
            Finding::not_checked(CODE, format!("{name} lists only itself, and no other node has told its list."))
                .mend("Read the other nodes' lists too: accept their keys, or paste what Show Cluster Status prints.")
        }
        Belonging::Strange => Finding::not_checked(
            CODE,
            format!("{name} has a place in the cluster that is not known here, “{}”.", line(place)),
        ),
    };
    let is_astray = astray.contains_key(&seat.node.address);
    let finding = match seat.ill(scene).or_else(|| is_astray.then_some(CheckCode::NodeIds)) {
        // Others carry its share: what only follows is no worse than its cause.
        Some(cause @ (CheckCode::Members | CheckCode::NodePorts)) if finding.is_trouble() => {
            Finding { outcome: Grade::Warn, ..finding }.explained_by(cause)
        }
        Some(cause) => finding.explained_by(cause),
        None if clocks_apart(scene) => finding.explained_by(CheckCode::Clocks),
        None => finding,
    };
    Some(finding.of_node(seat.node.address).seen_at(format!("{witness} lists {}.", line_of(place, seat)), place.at))
}

fn line(place: &Membership) -> String {
    place.line.as_ref().map(model::node::Member::standing).unwrap_or_default()
}

fn line_of(place: &Membership, seat: &Seat<'_>) -> String {
    match &place.line {
        Some(member) => format!("{} {}", member.address, member.standing()),
        None => format!("no {}", seat.node.address),
    }
}

/// Nodes that are connected through others, and do not see each other.
fn gaps(scene: &Scene<'_>, seats: &[Seat<'_>], told: &[&NodeFacts], all: &Lists<'_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (index, one) in told.iter().enumerate() {
        for other in &told[index + 1..] {
            let (Some(ours), Some(theirs)) = (&one.members, &other.members) else { continue };
            let near = (ours.at.as_second() - theirs.at.as_second()).abs() <= scene.round() / 2;
            if near && all.lacks(one.address, other.address) && all.lacks(other.address, one.address) {
                let pair = names(seats, &[one.address, other.address]);
                let finding = Finding::fail(CODE, format!("{pair} do not see each other."))
                    .in_short(format!("{pair} do not see each other"))
                    .of_nodes([one.address, other.address])
                    .aspect(format!("{} {}", one.address, other.address))
                    .because("Others see both. Port 80 is closed between the two, or one's white list lacks the other.")
                    .mend(WAYS);
                findings.push([one, other].iter().fold(finding, |finding, facts| lists(scene, finding, facts)));
            }
        }
    }
    findings
}

/// Members that the nodes list and the set-up does not have.
fn strangers(seats: &[Seat<'_>], told: &[&NodeFacts], astray: &Astray) -> Option<Finding> {
    let known: BTreeSet<String> = seats.iter().map(|seat| seat.node.address.to_string()).collect();
    let mut strange = BTreeSet::new();
    for facts in told {
        for member in facts.members.iter().flat_map(|told| &told.value.list) {
            if member.is_active() && !known.contains(&member.address) {
                strange.insert(member.address.clone());
            }
        }
    }
    // A node of the set-up with another address is no stranger.
    let names: Vec<String> = strange
        .into_iter()
        .filter(|name| !astray.values().any(|to| to.is_some_and(|to| to.to_string() == *name)))
        .collect();
    let at = told.iter().filter_map(|facts| Some(facts.members.as_ref()?.at)).max()?;
    (!names.is_empty()).then(|| {
        Finding::warn(CODE, format!("The cluster has members that are no node of this set-up: {}.", list(&names)))
            .in_short("The cluster has a member that the set-up lacks")
            .aspect("strangers")
            .because("Somebody joined a server. It works on the same database and gets no devices from the NetScaler.")
            .mend("Add it in the Nodes step and plan, or take it out of the cluster.")
            .at(Step::Nodes)
            .seen_at("So the nodes' lists say.", at)
    })
}

/// No list that counts.
fn untold(scene: &Scene<'_>, seats: &[Seat<'_>]) -> Option<Finding> {
    let old: Vec<&NodeFacts> =
        seats.iter().filter_map(|seat| seat.facts).filter(|facts| facts.members.is_some()).collect();
    let finding = Finding::not_checked(CODE, "Whether the nodes are one cluster is not known.");
    let finding = if old.is_empty() && !scene.accounts.contains_key(&Account::Ssh) {
        finding
            .because("Only the nodes' own menu program says so, and Gatehouse has no account for it.")
            .mend("Give an SSH account on the page of the nodes and accept their host keys, or paste what Show Cluster Status prints.")
    } else if old.is_empty() {
        finding
            .because("Only the nodes' own menu program says so, and none has told yet.")
            .mend("Accept the nodes' host keys on their page; what failed there says the rest.")
    } else {
        finding
            .because("The lists were read too long ago to say how it is now.")
            .mend("What failed at the last try stands on the page of the nodes.")
    };
    let finding = old.into_iter().fold(finding, |finding, facts| lists(scene, finding, facts));
    (!seats.is_empty()).then_some(finding)
}
