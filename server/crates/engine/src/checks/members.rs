//! Nodes as members of groups. A node that is off turns all its members DOWN and is one finding.

use super::{
    scene::{Life, Scene, life, list, text, word},
    switches,
};
use crate::autoscale;
use model::{
    Freshness,
    desired::{Listener, Node, Step},
    finding::{CheckCode, Finding, Grade},
    node::Door,
    object::ObjectRef,
    snapshot::Seen,
};

const CODE: CheckCode = CheckCode::Members;

/// One node and its members in the groups that are there.
struct Standing<'a> {
    node: &'a Node,
    server: &'a str,
    members: Vec<(&'a Listener, Option<&'a Seen>)>,
}

impl Standing<'_> {
    fn with(&self, wanted: Life) -> Vec<&Seen> {
        self.members.iter().filter_map(|(_, seen)| *seen).filter(|seen| life(seen) == wanted).collect()
    }

    fn name(&self) -> String {
        format!("{} ({})", self.server, self.node.address)
    }

    /// Everything that it has is DOWN, and it has something.
    fn is_off(&self) -> bool {
        let there = self.members.iter().filter(|(_, seen)| seen.is_some()).count();
        there > 0 && self.with(Life::Down).len() == there
    }
}

pub fn check(scene: &Scene<'_>, listeners: &[&Listener]) -> Vec<Finding> {
    let groups: Vec<_> =
        // What comes and goes by itself is said of the group, once.
        listeners.iter().filter(|listener| scene.find(&ObjectRef::group(&listener.group)).is_some_and(is_bound)).collect();
    let standings: Vec<Standing<'_>> = (scene.desired.nodes.iter())
        .map(|node| {
            let members = groups.iter().map(|listener| (**listener, scene.find(&scene.member_of(listener, node))));
            Standing { node, server: scene.server_of(node), members: members.collect() }
        })
        .collect();
    let off: Vec<&Standing<'_>> = standings.iter().filter(|standing| standing.is_off()).collect();
    let mut findings = Vec::new();
    if off.len() > 1 && off.len() == standings.len() {
        findings.push(all_off(scene, &off));
    } else {
        findings.extend(off.iter().map(|standing| node_off(scene, standing)));
    }
    for standing in &standings {
        if !standing.is_off() {
            findings.extend(some_down(scene, standing));
        }
        findings.extend(by_hand(scene, standing));
        findings.extend(leaving(standing));
        findings.extend(unknown(standing));
        findings.extend(missing(scene, standing));
    }
    findings.extend(strangers(scene, listeners));
    let all: usize = standings.iter().map(|standing| standing.members.len()).sum();
    let up: usize = standings.iter().map(|standing| standing.with(Life::Up).len()).sum();
    if findings.is_empty() && all > 0 && up == all {
        findings.push(Finding::pass(CODE, format!("All {all} members are UP, of {} nodes.", standings.len())));
    }
    findings
}

/// Somebody binds its members.
fn is_bound(group: &Seen) -> bool {
    autoscale::told(group).is_none()
}

/// A warning while others serve, a failure where nobody is left.
fn severity(scene: &Scene<'_>, members: &[&Seen]) -> Grade {
    let lonely = members.iter().any(|seen| scene.up_in(seen.object.part(0)) == 0);
    if lonely { Grade::Fail } else { Grade::Warn }
}

/// What the monitors heard, and what Gatehouse heard when it asked itself.
fn heard(scene: &Scene<'_>, mut finding: Finding, standing: &Standing<'_>, members: &[&Seen]) -> Finding {
    for seen in members {
        let probe = text(seen, "probe");
        let said = if probe.is_empty() { String::new() } else { format!(" Its monitor heard last: {probe}.") };
        let sentence = format!("The {} is {}.{}", seen.object, word(seen), said.replace("..", "."));
        finding = finding.seen_at(sentence, scene.snapshot.at).on(seen.object.clone());
        let port = seen.object.part(2).parse::<u16>().ok();
        let asked = scene.facts(standing.node).and_then(|facts| facts.ports.get(&port?));
        let counts = |at| Door::Open.freshness(at, scene.now, scene.interval) != Freshness::Unknown;
        if let Some(told) = asked.filter(|told| counts(told.at)) {
            // Gatehouse asks less often than monitors do: an answer from before may be about a node that was still
            // there, so both readings have their times.
            let (_, word) = told.value.standing();
            let sentence = format!("Asked by Gatehouse itself, port {}: {word}.", seen.object.part(2));
            finding = finding.seen_at(sentence, told.at);
        }
    }
    finding
}

fn node_off(scene: &Scene<'_>, standing: &Standing<'_>) -> Finding {
    let down = standing.with(Life::Down);
    let outcome = severity(scene, &down);
    let count = match down.len() {
        1 => "its member is".to_owned(),
        more => format!("all its {more} members are"),
    };
    let rest = if outcome == Grade::Warn { " The other nodes carry its share." } else { " Nobody is left to serve." };
    let title = format!("Node {} does not answer: {count} DOWN.", standing.name());
    let finding = Finding::new(CODE, outcome, title)
        .in_short(format!("{} does not answer", standing.server))
        .because(format!("The node is off, restarting, or not reachable from the appliance.{rest}"))
        .mend("Look at the virtual machine and its console. If it runs, ping it from the appliance; then look for a firewall between SNIP and node.")
        .of_node(standing.node.address);
    heard(scene, finding, standing, &down)
}

fn all_off(scene: &Scene<'_>, off: &[&Standing<'_>]) -> Finding {
    let mut finding = Finding::fail(CODE, format!("None of the {} nodes answers.", off.len()))
        .in_short("No node answers the NetScaler")
        .because(
            "All at once are seldom all broken: look first at what they share, which is the network between the \
             appliance and the nodes, the SNIP, the host of the virtual machines, the database.",
        )
        .mend("Ping a node from the appliance. If it answers, look at the nodes' consoles and their database.");
    for standing in off {
        finding = heard(scene, finding, standing, &standing.with(Life::Down));
    }
    finding
}

fn some_down(scene: &Scene<'_>, standing: &Standing<'_>) -> Option<Finding> {
    let down = standing.with(Life::Down);
    if down.is_empty() {
        return None;
    }
    let ports: Vec<&str> = down.iter().map(|seen| seen.object.part(2)).collect();
    let mut distinct = ports.clone();
    distinct.dedup();
    let title = format!("Node {} is DOWN on port {} and serves on others.", standing.name(), list(&distinct));
    let finding = Finding::new(CODE, severity(scene, &down), title)
        .in_short(format!("{} is DOWN on {}", standing.server, list(&distinct)))
        .because("The node runs, but the service behind this port does not answer the monitor, or a firewall lets only some ports through.")
        .mend("Look at the node's services and at the firewall between SNIP and node for this port.")
        .of_node(standing.node.address);
    Some(heard(scene, finding, standing, &down))
}

fn by_hand(scene: &Scene<'_>, standing: &Standing<'_>) -> Vec<Finding> {
    let disabled = standing.with(Life::Disabled);
    if disabled.is_empty() {
        return Vec::new();
    }
    // Whoever disables a server or a group takes its members along: that is one act, and one finding.
    let server = ObjectRef::server(standing.server);
    if let Some(seen) = scene.find(&server).filter(|seen| life(seen) == Life::Disabled) {
        let matters = "A server object that is disabled takes all its members out of service.";
        let name = format!("Server {}", standing.name());
        let mut finding =
            switches::off(scene, CODE, severity(scene, &disabled), seen, &name, matters).of_node(standing.node.address);
        for seen in disabled {
            finding = finding.seen(format!("The {} is {}.", seen.object, word(seen))).on(seen.object.clone());
        }
        return vec![finding];
    }
    let group_is_off = |seen: &&&Seen| {
        !scene.find(&ObjectRef::group(seen.object.part(0))).is_some_and(|group| life(group) == Life::Disabled)
    };
    let own = disabled.iter().filter(group_is_off);
    own.map(|seen| {
        let matters = "It gets no devices until it is enabled.";
        switches::off(scene, CODE, severity(scene, &[seen]), seen, &format!("The {}", seen.object), matters)
            .of_node(standing.node.address)
    })
    .collect()
}

fn leaving(standing: &Standing<'_>) -> Option<Finding> {
    let members = standing.with(Life::Partly);
    let first = members.first()?;
    let title = format!("Node {} is {} in {} of its groups.", standing.name(), word(first), members.len());
    let mut finding = Finding::warn(CODE, title)
        .because("It takes no new connections, or not all of them; those that are open go on.")
        .of_node(standing.node.address);
    for seen in members {
        finding = finding.seen(format!("The {} is {}.", seen.object, word(seen))).on(seen.object.clone());
    }
    Some(finding)
}

fn unknown(standing: &Standing<'_>) -> Option<Finding> {
    let members = standing.with(Life::Unknown);
    let title = format!("Of node {} it is not known whether it serves.", standing.name());
    let finding = Finding::not_checked(CODE, title).of_node(standing.node.address);
    let said = |finding: Finding, seen: &&Seen| {
        let sentence = format!("The {} is {}, which is no word that is known here.", seen.object, word(seen));
        finding.seen(sentence).on(seen.object.clone())
    };
    (!members.is_empty()).then(|| members.iter().fold(finding, said))
}

fn missing(scene: &Scene<'_>, standing: &Standing<'_>) -> Option<Finding> {
    let gone: Vec<ObjectRef> = (standing.members.iter())
        .filter(|(_, seen)| seen.is_none())
        .map(|(listener, _)| scene.member_of(listener, standing.node))
        .collect();
    if gone.is_empty() {
        return None;
    }
    let lost = gone.iter().any(|object| scene.owned.contains(object));
    let (finding, why) = if lost {
        let title = format!("Node {} was taken out of {} of its groups.", standing.name(), gone.len());
        (Finding::fail(CODE, title), "Somebody unbound it. It gets no devices there.")
    } else {
        let title = format!("Node {} is not yet a member of {} groups.", standing.name(), gone.len());
        (Finding::warn(CODE, title), "It is described, and the change has not been applied.")
    };
    let finding = finding.because(why).mend("Plan: the plan binds it.").at(Step::Groups);
    let finding = finding.of_node(standing.node.address).aspect("unbound");
    Some(gone.into_iter().fold(finding, |finding, object| finding.seen(format!("There is no {object}.")).on(object)))
}

/// Members that are no node of the set-up: devices reach them all the same.
fn strangers(scene: &Scene<'_>, listeners: &[&Listener]) -> Option<Finding> {
    let known: Vec<&str> = scene.desired.nodes.iter().map(|node| scene.server_of(node)).collect();
    let strange: Vec<&Seen> = (listeners.iter())
        .filter(|listener| scene.find(&ObjectRef::group(&listener.group)).is_some_and(is_bound))
        .flat_map(|listener| scene.snapshot.members(&listener.group))
        .filter(|seen| !known.contains(&seen.object.part(1)))
        .collect();
    if strange.is_empty() {
        return None;
    }
    let finding = Finding::warn(CODE, "There are members that are no node of this set-up.")
        .aspect("strangers")
        .because("Devices reach them like the others. A node of another cluster here loses sessions at random.")
        .mend("Add the node in the Nodes step, or plan: what Gatehouse made is unbound, what others made stays and is named.")
        .at(Step::Nodes);
    let said = |finding: Finding, seen: &&Seen| {
        finding.seen(format!("The {} is {}.", seen.object, word(seen))).on(seen.object.clone())
    };
    Some(strange.iter().fold(finding, said))
}
