//! Server IDs on the members of the MAM group, and what the nodes say of their own numbers. A wrong one never shows as
//! an error: it shows as app sessions that break at random.

use super::scene::{Scene, text};
use model::{
    desired::{Node, Step},
    finding::{CheckCode, Finding},
    node::{computed_id, id_remarks, same_id},
    object::ObjectRef,
    state::Tone,
};

const WHY: &str = "The cookie ACNODEID of a session names a node by this number. Where it is wrong, the session is sent \
                   to a node that does not know it: apps sign out or fail at random, and no log says why.";
const PLAN: &str = "Plan: the plan gives each member the number of its node.";

pub fn check(scene: &Scene<'_>) -> Vec<Finding> {
    let mut findings = server_ids(scene);
    findings.extend(node_ids(scene));
    findings
}

/// A member of the MAM group that is there.
struct Configured<'a> {
    node: &'a Node,
    member: ObjectRef,
    /// Empty where none is set.
    id: String,
    /// What the node itself says, else what the set-up says, else what its address gives.
    expected: String,
    /// Where that comes from.
    source: String,
}

fn configured<'a>(scene: &Scene<'a>) -> Vec<Configured<'a>> {
    let Some(listener) = scene.mam() else { return Vec::new() };
    let of = |node: &'a Node| {
        let member = scene.member_of(listener, node);
        let seen = scene.find(&member)?;
        let reported = scene.facts(node).and_then(|facts| facts.reported_id());
        let (expected, source) = match (reported, &node.id) {
            (Some(fact), _) => (fact.id.clone(), format!("by {}", fact.source)),
            (None, Some(id)) => (id.clone(), "in the set-up".to_owned()),
            (None, None) => (computed_id(node.address).id, "computed from its address".to_owned()),
        };
        Some(Configured { node, member, id: text(seen, "customserverid"), expected, source })
    };
    scene.desired.nodes.iter().filter_map(of).collect()
}

fn server_ids(scene: &Scene<'_>) -> Vec<Finding> {
    let all = configured(scene);
    if all.is_empty() {
        return Vec::new();
    }
    let (mut findings, mut told) = (Vec::new(), vec![false; all.len()]);
    for one in 0..all.len() {
        for other in one + 1..all.len() {
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
            pass.seen(format!("{}: {}, {}.", one.member.part(1), one.id, one.source))
        };
        findings.push(all.iter().fold(pass, said));
    }
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
    let by_set_up = one.node.id.as_deref().is_some_and(|id| same_id(id, &one.id));
    let by_address = same_id(&one.id, &computed_id(one.node.address).id);
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
            one.node.address,
            one.expected,
            one.source
        );
        finding = finding.seen(sentence).on(one.member.clone());
    }
    match members {
        [one] => finding.of_node(one.node.address),
        _ => finding,
    }
}

fn node_ids(scene: &Scene<'_>) -> Vec<Finding> {
    if scene.desired.nodes.is_empty() {
        return Vec::new();
    }
    let facts: Vec<_> = (scene.desired.nodes.iter())
        .map(|node| scene.facts(node).cloned().unwrap_or_else(|| model::node::NodeFacts::new(node.address)))
        .collect();
    let remark = |remark: model::node::Remark| {
        let code = CheckCode::NodeIds;
        let finding = match remark.tone {
            Tone::Bad => Finding::fail(code, remark.sentence).because(WHY),
            Tone::Warn | Tone::Quiet => Finding::warn(code, remark.sentence).because(WHY),
            Tone::Good => return Finding::pass(code, remark.sentence),
            Tone::Unknown => Finding::not_checked(code, remark.sentence),
        };
        finding.mend("Read the node IDs in the Nodes step.").at(Step::Nodes)
    };
    id_remarks(&facts).into_iter().map(remark).collect()
}
