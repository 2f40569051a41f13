//! Server IDs on the members of the MAM group, and what the nodes say of their own numbers. A wrong one never shows as
//! an error: it shows as app sessions that break at random.

use super::{
    node::{Seat, seats},
    scene::{Scene, text},
};
use model::{
    At,
    desired::Step,
    finding::{CheckCode, Finding},
    node::{Door, IdFact, IdKey, NodeFacts, computed_id, id_remarks, same_id},
    object::ObjectRef,
    state::Tone,
};
use std::{
    collections::{BTreeMap, BTreeSet, HashMap},
    net::Ipv4Addr,
};

const WHY: &str = "The cookie ACNODEID of a session names a node by this number. Where it is wrong, the session is sent \
                   to a node that does not know it: apps sign out or fail at random, and no log says why.";
const PLAN: &str = "Plan: the plan gives each member the number of its node.";

/// The numbers on the appliance.
pub fn server_ids(scene: &Scene<'_>) -> Vec<Finding> {
    let seats = seats(scene);
    let claims = claims(scene, &seats);
    on_members(scene, &seats, &claims)
}

/// The numbers that nodes call themselves by.
pub fn node_ids(scene: &Scene<'_>) -> Vec<Finding> {
    let seats = seats(scene);
    let claims = claims(scene, &seats);
    of_nodes(scene, &seats, &claims)
}

/// Nodes that call themselves by a number that is not theirs; with the address that they say they have, where it is none
/// of the set-up's.
pub fn astray(scene: &Scene<'_>) -> BTreeMap<Ipv4Addr, Option<Ipv4Addr>> {
    let seats = seats(scene);
    let claimed = claims(scene, &seats).iter().map(|claim| (claim.seat.node.address, None)).collect::<Vec<_>>();
    let moved = seats.iter().filter_map(|seat| moved(scene, seat).map(|(_, to)| (seat.node.address, Some(to))));
    moved.chain(claimed).collect()
}

/// The node has another address than the set-up has: its number says so, and a list has it there.
fn moved<'a>(scene: &Scene<'a>, seat: &Seat<'a>) -> Option<(&'a IdFact, Ipv4Addr)> {
    let fact = reported(scene, seat).filter(|fact| !same_id(&fact.id, &own_id(seat)))?;
    let to = Ipv4Addr::from_bits(fact.id.trim().parse().ok()?);
    let known = scene.desired.nodes.iter().any(|node| node.address == to);
    let lists = scene.nodes.iter().filter_map(|facts| facts.members.as_ref());
    let mut fresh = lists.filter(|told| scene.is_fresh(Door::Ssh, told.at));
    (!known && fresh.any(|told| told.value.find(to).is_some())).then_some((fact, to))
}

/// A node that calls itself by the number of another one.
struct Claim<'a> {
    seat: &'a Seat<'a>,
    other: &'a Seat<'a>,
    fact: &'a IdFact,
}

/// Its number by the set-up, else by its address.
fn own_id(seat: &Seat<'_>) -> String {
    seat.node.id.clone().unwrap_or_else(|| computed_id(seat.node.address).id)
}

/// What a node says of itself, as far as that still counts.
fn reported<'a>(scene: &Scene<'a>, seat: &Seat<'a>) -> Option<&'a IdFact> {
    seat.facts?.reported_id_now(scene.now, scene.interval).filter(|fact| !seat.had_another_key(fact))
}

fn claims<'a>(scene: &Scene<'a>, seats: &'a [Seat<'a>]) -> Vec<Claim<'a>> {
    let claim = |seat: &'a Seat<'a>| {
        let fact = reported(scene, seat).filter(|fact| !same_id(&fact.id, &own_id(seat)))?;
        let owns = |other: &&'a Seat<'a>| other.node.address != seat.node.address && same_id(&fact.id, &own_id(other));
        Some(Claim { seat, other: seats.iter().find(owns)?, fact })
    };
    seats.iter().filter_map(claim).collect()
}

fn is_claimed(claims: &[Claim<'_>], seat: &Seat<'_>) -> bool {
    claims.iter().any(|claim| claim.seat.node.address == seat.node.address)
}

/// A member of the MAM group that is there.
struct Configured<'a> {
    seat: &'a Seat<'a>,
    member: ObjectRef,
    /// Empty where none is set.
    id: String,
    /// What the node itself says, else what the set-up says, else what its address gives.
    expected: String,
    /// Where that comes from, and when it was read.
    source: String,
    at: Option<At>,
}

fn configured<'a>(scene: &Scene<'a>, seats: &'a [Seat<'a>], claims: &[Claim<'_>]) -> Vec<Configured<'a>> {
    let Some(listener) = scene.mam() else { return Vec::new() };
    let of = |seat: &'a Seat<'a>| {
        let member = scene.member_of(listener, seat.node);
        let seen = scene.find(&member)?;
        // Who calls itself by another node's number is no authority on its own.
        let said = reported(scene, seat).filter(|_| !is_claimed(claims, seat));
        let (expected, source, at) = match (said, &seat.node.id) {
            (Some(fact), _) => (fact.id.clone(), format!("by {}", fact.source), fact.at),
            (None, Some(id)) => (id.clone(), "in the set-up".to_owned(), None),
            (None, None) => (computed_id(seat.node.address).id, "computed from its address".to_owned(), None),
        };
        let said_elsewhere = moved(scene, seat).is_some();
        let (expected, source, at) = match &seat.node.id {
            // Where it is, is the question; its number follows from that.
            Some(id) if said_elsewhere => (id.clone(), "in the set-up".to_owned(), None),
            _ => (expected, source, at),
        };
        Some(Configured { seat, member, id: text(seen, "customserverid"), expected, source, at })
    };
    seats.iter().filter_map(of).collect()
}

fn on_members(scene: &Scene<'_>, seats: &[Seat<'_>], claims: &[Claim<'_>]) -> Vec<Finding> {
    let all = configured(scene, seats, claims);
    if all.is_empty() {
        return Vec::new();
    }
    let (mut findings, mut told) = (Vec::new(), vec![false; all.len()]);
    let mut having: HashMap<IdKey<'_>, Vec<usize>> = HashMap::new();
    for (place, one) in all.iter().enumerate() {
        having.entry(IdKey::of(&one.id)).or_default().push(place);
    }
    for one in 0..all.len() {
        // Only who has its number, or the one that is expected of it: a thousand members make half a million pairs.
        let numbers = [&all[one].id, &all[one].expected].into_iter().filter(|id| !id.is_empty());
        let others: BTreeSet<usize> = numbers
            .filter_map(|id| having.get(&IdKey::of(id)))
            .flatten()
            .copied()
            .filter(|other| *other > one)
            .collect();
        for other in others {
            let finding = swapped(&all[one], &all[other]).or_else(|| twins(&all[one], &all[other]));
            if let Some(finding) = finding {
                (told[one], told[other]) = (true, true);
                findings.push(finding);
            }
        }
    }
    let rest = all.iter().zip(told).filter(|(_, told)| !told);
    findings.extend(rest.filter_map(|(one, _)| wrong(one)));
    if findings.is_empty() {
        let pass = Finding::pass(CheckCode::ServerIds, "Every member of the MAM group has the ID of its node.");
        let said = |pass: Finding, one: &Configured<'_>| {
            let sentence = format!("{}: {}, {}.", one.member.part(1), one.id, one.source);
            match one.at {
                Some(at) => pass.seen_at(sentence, at),
                None => pass.seen(sentence),
            }
        };
        findings.push(all.iter().fold(pass, said));
    }
    findings.extend(all.iter().filter_map(|one| outdated(scene, one)));
    findings
}

fn swapped(one: &Configured<'_>, other: &Configured<'_>) -> Option<Finding> {
    let crossed = same_id(&one.id, &other.expected) && same_id(&other.id, &one.expected);
    if !crossed || same_id(&one.expected, &other.expected) {
        return None;
    }
    let (a, b) = (one.member.part(1), other.member.part(1));
    let title = format!("{a} has the ID of {b} and the other way round.");
    Some(about(Finding::fail(CheckCode::ServerIds, title), &[one, other]).because(WHY).mend(PLAN))
}

fn twins(one: &Configured<'_>, other: &Configured<'_>) -> Option<Finding> {
    if one.id.is_empty() || !same_id(&one.id, &other.id) {
        return None;
    }
    let (a, b) = (one.member.part(1), other.member.part(1));
    let title = format!("{a} and {b} have the same server ID, {}.", one.id);
    Some(about(Finding::fail(CheckCode::ServerIds, title), &[one, other]).because(WHY).mend(PLAN))
}

fn wrong(one: &Configured<'_>) -> Option<Finding> {
    let (code, name) = (CheckCode::ServerIds, one.member.part(1));
    if one.id.is_empty() {
        let title = format!("{name} has no server ID.");
        return Some(about(Finding::fail(code, title), &[one]).because(WHY).mend(PLAN));
    }
    if same_id(&one.id, &one.expected) {
        return None;
    }
    let by_set_up = one.seat.node.id.as_deref().is_some_and(|id| same_id(id, &one.id));
    let by_address = same_id(&one.id, &computed_id(one.seat.node.address).id);
    let finding = if by_set_up {
        let title = format!("{name} says another number of itself than the set-up and the appliance have.");
        Finding::fail(code, title).mend("Read the node's ID again in the Nodes step, correct it there, and plan.")
    } else if by_address && one.source == "in the set-up" {
        let title = format!("{name} has the server ID that its address gives, and the set-up wants another.");
        Finding::warn(code, title).mend("Read the node's ID in the Nodes step to know which is right, then plan.")
    } else {
        Finding::fail(code, format!("{name} has a server ID that is no number of this node.")).mend(PLAN)
    };
    Some(about(finding, &[one]).because(WHY))
}

fn about(finding: Finding, members: &[&Configured<'_>]) -> Finding {
    let mut finding = finding.at(Step::Nodes);
    for one in members {
        let set = if one.id.is_empty() { "none" } else { one.id.as_str() };
        let sentence = format!(
            "{} ({}): server ID {set} on the appliance, {} {}.",
            one.member.part(1),
            one.seat.node.address,
            one.expected,
            one.source
        );
        finding = match one.at {
            Some(at) => finding.seen_at(sentence, at),
            None => finding.seen(sentence),
        }
        .on(one.member.clone());
    }
    let nodes: Vec<Ipv4Addr> = members.iter().map(|one| one.seat.node.address).collect();
    match nodes.as_slice() {
        [one] => finding.of_node(*one),
        _ => finding.aspect(listed(&nodes)).of_nodes(nodes),
    }
}

fn listed(nodes: &[Ipv4Addr]) -> String {
    nodes.iter().map(Ipv4Addr::to_string).collect::<Vec<_>>().join(" ")
}

/// A node said another number once, too long ago to be believed or to be forgotten.
fn outdated(scene: &Scene<'_>, one: &Configured<'_>) -> Option<Finding> {
    if reported(scene, one.seat).is_some() {
        return None;
    }
    let fact = one.seat.facts?.reported_id().filter(|fact| !same_id(&fact.id, &one.id))?;
    let name = one.member.part(1);
    let finding =
        Finding::not_checked(CheckCode::ServerIds, format!("Whether {name} still has another number is not known."))
            .because(
                "It was read too long ago, or the node has shown another key since, so it may be another machine's.",
            )
            .mend("Read the node IDs again.")
            .at(Step::Nodes)
            .of_node(one.seat.node.address);
    let sentence = format!("{name} called itself {} by {}; its member has {}.", fact.id, fact.source, one.id);
    Some(match fact.at {
        Some(at) => finding.seen_at(sentence, at),
        None => finding.seen(sentence),
    })
}

fn of_nodes(scene: &Scene<'_>, seats: &[Seat<'_>], claims: &[Claim<'_>]) -> Vec<Finding> {
    if seats.is_empty() {
        return Vec::new();
    }
    let mut findings: Vec<Finding> = Vec::new();
    for (index, claim) in claims.iter().enumerate() {
        let back = |other: &&Claim<'_>| {
            other.seat.node.address == claim.other.node.address && other.other.node.address == claim.seat.node.address
        };
        match claims.iter().position(|other| back(&other)) {
            Some(first) if first < index => {}
            Some(_) => findings.push(crossed(claim)),
            None => findings.push(copied(scene, claim)),
        }
    }
    findings.extend(seats.iter().filter_map(|seat| moved(scene, seat).map(|(fact, to)| readdressed(seat, fact, to))));
    // Whoever claims another's number has been named; what else is odd about it follows from that.
    let named = |seat: &&Seat<'_>| is_claimed(claims, seat) || moved(scene, seat).is_some();
    let facts: Vec<NodeFacts> = seats.iter().filter(|seat| !named(seat)).map(|seat| current(scene, seat)).collect();
    let is_first = findings.is_empty();
    findings.extend(id_remarks(&facts).into_iter().filter_map(|remark| {
        let code = CheckCode::NodeIds;
        let finding = match remark.tone {
            Tone::Bad => Finding::fail(code, remark.sentence).because(WHY),
            Tone::Warn | Tone::Quiet => Finding::warn(code, remark.sentence).because(WHY),
            // One that is well does not make up for one that is not.
            Tone::Good => return is_first.then(|| Finding::pass(code, remark.sentence)),
            Tone::Unknown => {
                let old = seats.iter().filter(|seat| remark.nodes.contains(&seat.node.address));
                let finding = Finding::not_checked(code, remark.sentence);
                old.filter_map(|seat| Some((seat.server, seat.facts?.reported_id()?)))
                    .filter_map(|(server, fact)| {
                        Some((format!("{server} said {} by {}.", fact.id, fact.source), fact.at?))
                    })
                    .fold(finding, |finding, (sentence, at)| finding.seen_at(sentence, at))
            }
        };
        // Which nodes are not read yet changes; whom something odd is about does not.
        let finding = if finding.is_trouble() { finding.aspect(listed(&remark.nodes)) } else { finding };
        Some(finding.mend("Read the node IDs in the Nodes step.").at(Step::Nodes).of_nodes(remark.nodes))
    }));
    findings
}

/// Only what still counts.
fn current(scene: &Scene<'_>, seat: &Seat<'_>) -> NodeFacts {
    let Some(facts) = seat.facts else { return NodeFacts::new(seat.node.address) };
    let counts =
        |fact: &IdFact| fact.at.is_none() || (fact.counts(scene.now, scene.interval) && !seat.had_another_key(fact));
    NodeFacts { ids: facts.ids.iter().filter(|fact| counts(fact)).cloned().collect(), ..facts.clone() }
}

fn said(finding: Finding, seat: &Seat<'_>, fact: &IdFact) -> Finding {
    let sentence = format!("{} calls itself {} by {}.", seat.name(), fact.id, fact.source);
    match fact.at {
        Some(at) => finding.seen_at(sentence, at),
        None => finding.seen(sentence),
    }
}

fn copied(scene: &Scene<'_>, claim: &Claim<'_>) -> Finding {
    let (copy, first) = (claim.seat.server, claim.other.server);
    let finding = Finding::fail(CheckCode::NodeIds, format!("{} calls itself by the number of {first}.", claim.seat.name()))
        .in_short(format!("{copy} is a copy of {first}"))
        .because(format!(
            "It is a copy of {first} that was started before it had an address of its own, or one text was pasted for both. \
             Two nodes with the same node ID take each other's place in the cluster, and app traffic of one reaches the other."
        ))
        .mend(format!(
            "Shut {copy} down. Give it an address of its own in its menu program (Configuration, Network), or set it up anew, \
             and read its ID again. Leave the IDs of the set-up as they are: with the copy's number two members would have one \
             server ID."
        ))
        .of_node(claim.seat.node.address);
    let finding = said(finding, claim.seat, claim.fact);
    match reported(scene, claim.other) {
        Some(fact) => said(finding, claim.other, fact),
        None => finding.seen(format!("{} is the number of {first} by the set-up or its address.", own_id(claim.other))),
    }
}

fn crossed(claim: &Claim<'_>) -> Finding {
    let (one, other) = (claim.seat.server, claim.other.server);
    let finding =
        Finding::fail(CheckCode::NodeIds, format!("{one} and {other} call themselves by each other's number."))
            .in_short(format!("the node IDs of {one} and {other} are swapped"))
            .because(format!("Their addresses, or the two texts that were pasted, were mixed up. {WHY}"))
            .mend(
                "Compare the address that each shows in its menu program with the set-up's. Then read both IDs again.",
            )
            .at(Step::Nodes);
    let nodes = [claim.seat.node.address, claim.other.node.address];
    said(finding.aspect(listed(&nodes)).of_nodes(nodes), claim.seat, claim.fact)
}

fn readdressed(seat: &Seat<'_>, fact: &IdFact, to: Ipv4Addr) -> Finding {
    let server = seat.server;
    let finding = Finding::fail(CheckCode::NodeIds, format!("{} says that its address is {to}.", seat.name()))
        .in_short(format!("{server} has another address"))
        .because(format!(
            "Its number is that of {to}, and the cluster lists it there. Somebody gave the node another address, and the \
             set-up and the NetScaler still have the old one: the other nodes do not know the one that devices reach. {WHY}"
        ))
        .mend(format!(
            "If it is to stay there, give {to} in the Nodes step, read its ID and plan. If not, give the node its old address \
             in its menu program (Configuration, Network)."
        ))
        .at(Step::Nodes)
        .of_node(seat.node.address);
    said(finding, seat, fact)
}
