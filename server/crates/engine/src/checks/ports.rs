//! What Gatehouse itself hears on the ports of each node, beside what the appliance's monitors hear. A monitor that asks
//! whether TCP connects calls a dead web server UP, so where the two differ there is a finding with both readings.

use super::{
    node::{Seat, seats},
    scene::{Life, Scene, life, list, word},
};
use model::{
    Freshness,
    finding::{CheckCode, Finding},
    node::{Door, MANAGEMENT_PORT, PortFact, SERVICE_PORTS, Told, Web},
    snapshot::Seen,
};

const CODE: CheckCode = CheckCode::NodePorts;

/// A port that a node was asked on, and its members there.
struct Heard<'a> {
    port: u16,
    told: &'a Told<PortFact>,
    members: Vec<&'a Seen>,
}

impl Heard<'_> {
    fn is_up(&self) -> bool {
        self.members.iter().any(|seen| life(seen) == Life::Up)
    }

    /// The appliance says the same, or somebody took it out by hand: that is a finding of its own.
    fn is_out(&self) -> bool {
        !self.members.is_empty() && self.members.iter().all(|seen| matches!(life(seen), Life::Down | Life::Disabled))
    }

    /// It answers, and what it answers is that it failed.
    fn is_error(&self) -> bool {
        matches!(self.told.value.web, Some(Web::Error { .. }))
    }

    fn trouble(&self) -> String {
        let fact = &self.told.value;
        let (_, word) = fact.standing();
        // A status says it all; why there was no answer is told in words.
        let problem = fact.problem.as_deref().filter(|_| !self.is_error());
        let why = problem.map(|problem| format!(" {problem}")).unwrap_or_default();
        format!("Asked by Gatehouse itself, port {}: {word}.{why}", self.port)
    }
}

pub fn check(scene: &Scene<'_>) -> Vec<Finding> {
    let seats = seats(scene);
    let mut findings = recovery(scene, &seats);
    let silent: Vec<(&Seat<'_>, Vec<Heard<'_>>)> = (seats.iter())
        .filter(|seat| !seat.is_in_recovery(scene))
        .map(|seat| (seat, silent(scene, seat)))
        .filter(|(_, ports)| !ports.is_empty())
        .collect();
    let lost = silent.iter().filter(|(seat, ports)| is_all(seat, ports)).count();
    if lost > 1 && lost == seats.len() {
        findings.extend(all_silent(scene, &silent));
    } else {
        findings.extend(silent.iter().flat_map(|(seat, ports)| node(scene, seat, ports)));
    }
    findings.extend(unknown(scene, &seats));
    if findings.is_empty() && silent.is_empty() && !seats.is_empty() {
        let pass = Finding::pass(CODE, "Every node answers Gatehouse itself on the ports that devices use.");
        findings.push(pass);
    }
    if !seats.is_empty() && seats.iter().all(|seat| seat.has_fresh_ports(scene) && !seat.is_in_recovery(scene)) {
        findings.push(Finding::pass(CheckCode::RecoveryMode, "No node is in recovery mode."));
    }
    findings
}

/// Ports that do not serve now. What was heard long ago says nothing.
fn silent<'a>(scene: &Scene<'a>, seat: &Seat<'a>) -> Vec<Heard<'a>> {
    let Some(facts) = seat.facts else { return Vec::new() };
    (facts.ports.iter())
        .filter(|(_, told)| scene.is_fresh(Door::Open, told.at) && !told.value.serves())
        .map(|(port, told)| Heard { port: *port, told, members: seat.members_on(scene, *port) })
        .collect()
}

fn is_all(seat: &Seat<'_>, silent: &[Heard<'_>]) -> bool {
    seat.facts.is_some_and(|facts| facts.ports.len() == silent.len())
}

/// With the appliance's own word beside ours, each with its time.
fn evidence(scene: &Scene<'_>, finding: Finding, ports: &[&Heard<'_>]) -> Finding {
    ports.iter().fold(finding, |finding, heard| {
        let members = heard.members.iter().filter(|_| scene.sees_appliance());
        let finding = members.fold(finding, |finding, seen| {
            let sentence = format!("The NetScaler: the {} is {}.", seen.object, word(seen));
            finding.seen_at(sentence, scene.snapshot.at).on(seen.object.clone())
        });
        finding.seen_at(heard.trouble(), heard.told.at)
    })
}

fn numbers(ports: &[&Heard<'_>]) -> String {
    list(&ports.iter().map(|heard| heard.port.to_string()).collect::<Vec<_>>())
}

fn node(scene: &Scene<'_>, seat: &Seat<'_>, ports: &[Heard<'_>]) -> Vec<Finding> {
    let served: Vec<&Heard<'_>> = ports.iter().filter(|heard| SERVICE_PORTS.contains(&heard.port)).collect();
    // What the appliance calls DOWN as well is told there, with our own reading beside it.
    let news: Vec<&Heard<'_>> =
        served.iter().copied().filter(|heard| !(scene.sees_appliance() && heard.is_out())).collect();
    let mut findings = Vec::new();
    if !news.is_empty() {
        findings.push(served_ports(scene, seat, &news));
    }
    let management: Vec<&Heard<'_>> = ports.iter().filter(|heard| heard.port == MANAGEMENT_PORT).collect();
    if served.is_empty() && !management.is_empty() && seat.was_reached() {
        let name = seat.name();
        let finding = Finding::warn(CODE, format!("The console of {name} does not answer on {MANAGEMENT_PORT}."))
            .in_short(format!("{} does not answer on {MANAGEMENT_PORT}", seat.server))
            .because("Devices never come here, so they notice nothing; the node's console and REST are not to be had.")
            .mend("Look at the node's services and at the firewall between Gatehouse and the node.")
            .of_node(seat.node.address);
        findings.push(evidence(scene, finding, &management));
    }
    findings
}

fn served_ports(scene: &Scene<'_>, seat: &Seat<'_>, ports: &[&Heard<'_>]) -> Finding {
    let (name, numbers) = (seat.name(), numbers(ports));
    let errors = ports.iter().all(|heard| heard.is_error());
    let (does, brief) = if errors {
        ("answers Gatehouse itself with errors", "answers with errors")
    } else {
        ("does not answer Gatehouse itself", "does not answer")
    };
    let brief = format!("{} {brief} on {numbers}", seat.server);
    let finding = if scene.sees_appliance() && ports.iter().any(|heard| heard.is_up()) {
        let title = format!("The NetScaler says that {name} is UP, and it {does} on {numbers}.");
        let finding = if seat.was_reached() { Finding::fail(CODE, title) } else { Finding::warn(CODE, title) };
        finding
            .because(if seat.was_reached() {
                "Its monitor asks only whether TCP connects, and a web server that hangs or has died still lets it. \
                 Every device that is sent to this node fails."
            } else {
                "Gatehouse never reached this node, so a firewall between the two is likely. It may as well be that the \
                 monitor asks only whether TCP connects, and the web server behind it has died."
            })
            .mend(
                "Restart the server in the node's menu program (System, Restart Server), and take the node out of its \
                 groups until it answers. A monitor that asks for a page notices this by itself: HTTP-ECV, secure, \
                 `GET /zdm/cxf/public/getserverinfo`, on the groups of port 8443.",
            )
    } else {
        Finding::warn(CODE, format!("{name} {does} on {numbers}."))
            .because("The node is off or restarting, its server hangs, or a firewall lets Gatehouse not through.")
            .mend("Look at the virtual machine and its console, then at the firewall between Gatehouse and the node.")
    };
    let finding = finding.in_short(brief).of_node(seat.node.address);
    evidence(scene, finding, ports)
}

/// All at once are seldom all broken: what they share is the way from here.
fn all_silent(scene: &Scene<'_>, silent: &[(&Seat<'_>, Vec<Heard<'_>>)]) -> Option<Finding> {
    let ports: Vec<&Heard<'_>> = silent.iter().flat_map(|(_, ports)| ports).collect();
    let served: Vec<&Heard<'_>> = ports.iter().copied().filter(|heard| SERVICE_PORTS.contains(&heard.port)).collect();
    if scene.sees_appliance() && served.iter().all(|heard| heard.is_out()) {
        return None;
    }
    let reached = silent.iter().any(|(seat, _)| seat.was_reached());
    let title = format!("None of the {} nodes answers Gatehouse itself.", silent.len());
    let finding = if reached { Finding::fail(CODE, title) } else { Finding::warn(CODE, title) };
    let finding = finding
        .in_short("No node answers Gatehouse")
        .because(if reached {
            "They did before. Either the way from Gatehouse to them is cut, or what they share has failed and their web \
             servers hang: a monitor that asks only whether TCP connects does not notice that."
        } else {
            "Gatehouse never reached one of them, so it is likely that a firewall stands between, or that they are \
             reached by a proxy that is not set up here."
        })
        .mend(
            "Open one node's address in a browser beside Gatehouse. If it answers there, look at the way of connecting \
             that this appliance has here and at the firewall; if not, look at the nodes' consoles and their database.",
        );
    Some(evidence(scene, finding, &served))
}

/// Runs, says so, and serves nobody.
fn recovery(scene: &Scene<'_>, seats: &[Seat<'_>]) -> Vec<Finding> {
    let of = |seat: &Seat<'_>| {
        let facts = seat.facts.filter(|_| seat.is_in_recovery(scene))?;
        let name = seat.name();
        let finding = Finding::fail(CheckCode::RecoveryMode, format!("{name} is in recovery mode."))
            .in_short(format!("{} is in recovery mode", seat.server))
            .because(
                "It answers every page with 503 and serves no device. It starts like that when it cannot bring its \
                 database up to date: after an upgrade, or when its database account may not alter the schema.",
            )
            .mend(
                "Read the node's console. Let the database's administrator give the account its rights back, check them \
                 in Configuration, Database of the menu program, and restart the node.",
            )
            .of_node(seat.node.address);
        let ports: Vec<Heard<'_>> = (facts.ports.iter())
            .filter(|(_, told)| told.value.is_in_recovery())
            .map(|(port, told)| Heard { port: *port, told, members: seat.members_on(scene, *port) })
            .collect();
        Some(evidence(scene, finding, &ports.iter().collect::<Vec<_>>()))
    };
    seats.iter().filter_map(of).collect()
}

/// Nodes of which nothing is known now.
fn unknown(scene: &Scene<'_>, seats: &[Seat<'_>]) -> Option<Finding> {
    let blind: Vec<&Seat<'_>> = seats.iter().filter(|seat| !seat.has_fresh_ports(scene)).collect();
    if blind.is_empty() {
        return None;
    }
    let names: Vec<&str> = blind.iter().map(|seat| seat.server).collect();
    let finding = Finding::not_checked(CODE, format!("Whether {} answers is not known.", list(&names)))
        .because("Gatehouse asks each node at every look. It has not heard of these lately, good or bad.")
        .mend("Look again. If this stays, read the program's own log: its looks at nodes do not end.");
    let finding = finding.of_nodes(blind.iter().map(|seat| seat.node.address));
    Some(blind.iter().fold(finding, |finding, seat| {
        let newest = seat.facts.into_iter().flat_map(|facts| &facts.ports).max_by_key(|(_, told)| told.at);
        match newest {
            None => finding.seen(format!("{} was never asked.", seat.server)),
            Some((port, told)) => {
                let (_, word) = told.value.standing();
                let tense = match Door::Open.freshness(told.at, scene.now, scene.interval) {
                    Freshness::Fresh | Freshness::Stale => "last",
                    Freshness::Unknown => "last, too long ago or in the future",
                };
                finding.seen_at(format!("{}, port {port}, {tense}: {word}.", seat.server), told.at)
            }
        }
    }))
}
