//! Whom the nodes prove to be, and what they show to devices: accepted keys, certificates on the ports that devices use.

use super::{
    node::{Seat, seats},
    scene::{Scene, list},
};
use model::{
    At,
    appliance::fingerprint_text,
    finding::{CheckCode, Finding},
    node::{Door, PortFact, SERVICE_PORTS},
};
use std::collections::BTreeMap;

/// Days before its end at which a certificate wants to be renewed.
const SOON: i64 = 30;

pub fn check(scene: &Scene<'_>) -> Vec<Finding> {
    let seats = seats(scene);
    let mut findings = accepted(&seats);
    findings.extend(certificates(scene, &seats));
    findings
}

fn accepted(seats: &[Seat<'_>]) -> Vec<Finding> {
    let code = CheckCode::NodeKeys;
    let mut findings: Vec<Finding> = seats.iter().filter_map(changed).collect();
    let unknown: Vec<&str> = (seats.iter())
        .filter(|seat| seat.keys.is_none_or(|keys| keys.accepted.is_none()))
        .map(|seat| seat.server)
        .collect();
    if !unknown.is_empty() {
        findings.push(
            Finding::not_checked(code, format!("Nobody has accepted the keys of {}.", list(&unknown)))
                .because("Without a key to compare with, somebody else at the node's address would not be noticed. No password is sent there.")
                .mend("Fetch the keys on the page of the nodes, compare them on the node itself, and accept them."),
        );
    } else if findings.is_empty() && !seats.is_empty() {
        findings.push(Finding::pass(code, "Every node shows the keys that were accepted."));
    }
    findings
}

fn changed(seat: &Seat<'_>) -> Option<Finding> {
    let keys = seat.keys?;
    let changed = keys.changed.as_ref()?;
    let what = match (&changed.keys.tls, &changed.keys.ssh) {
        (Some(_), Some(_)) => "another certificate and another SSH host key",
        (Some(_), None) => "another certificate",
        _ => "another SSH host key",
    };
    let finding = Finding::fail(CheckCode::NodeKeys, format!("{} shows {what} than was accepted.", seat.name()))
        .in_short(format!("{} shows {what}", seat.server))
        .because(
            "It was installed anew or given a new certificate; or somebody else answers at its address. Nothing secret is \
             sent there until somebody accepts the key, so what only an account can read grows old meanwhile.",
        )
        .mend(
            "Compare the key on the node itself: at its console, not over the network. If it is the node's, fetch and accept it on the \
             page of the nodes; if not, find out who answers at this address.",
        )
        .of_node(seat.node.address);
    let pairs = [
        ("certificate", keys.accepted.as_ref().and_then(|it| it.keys.tls_text()), changed.keys.tls_text()),
        ("SSH host key", keys.accepted.as_ref().and_then(|it| it.keys.ssh.clone()), changed.keys.ssh.clone()),
    ];
    let of = |finding: Finding, (what, before, now): (&str, Option<String>, Option<String>)| {
        let Some(now) = now else { return finding };
        let finding = match (before, &keys.accepted) {
            (Some(before), Some(accepted)) => {
                finding.seen_at(format!("Accepted by {}: {what} {before}.", accepted.by_name), accepted.at)
            }
            _ => finding,
        };
        finding.seen_at(format!("Shown: {what} {now}."), changed.at)
    };
    Some(pairs.into_iter().fold(finding, of))
}

/// A certificate as a node shows it on a port of devices.
struct Shown<'a> {
    seat: &'a Seat<'a>,
    port: u16,
    fact: &'a PortFact,
    at: At,
}

fn certificates(scene: &Scene<'_>, seats: &[Seat<'_>]) -> Vec<Finding> {
    let mut shown: Vec<Shown<'_>> = Vec::new();
    for seat in seats {
        for port in SERVICE_PORTS {
            let told = seat.facts.and_then(|facts| facts.ports.get(&port));
            if let Some(told) = told.filter(|told| told.value.answers() && scene.is_fresh(Door::Open, told.at)) {
                shown.push(Shown { seat, port, fact: &told.value, at: told.at });
            }
        }
    }
    let mut findings = Vec::new();
    // One certificate on several ports and nodes is one fault.
    let mut groups: BTreeMap<&str, Vec<&Shown<'_>>> = BTreeMap::new();
    for one in &shown {
        groups.entry(one.fact.sha256.as_deref().unwrap_or_default()).or_default().push(one);
    }
    for group in groups.values() {
        findings.extend(wrong(scene, group).map(|finding| about(finding, group)));
    }
    // Who shows a bad one shows another one than the others, which follows from that. One that ends soon on a node alone is
    // the one from before: it wants a restart and no new certificate.
    if findings.is_empty() {
        let different = different(&groups, seats);
        let known = different.as_ref().map(|(digits, _)| *digits);
        let others = groups.iter().filter(|(digits, _)| known != Some(**digits)).map(|(_, group)| group);
        let soon = others.filter_map(|group| ends_soon(scene, group).map(|finding| about(finding, group)));
        findings.extend(soon);
        findings.extend(different.map(|(_, finding)| finding));
    }
    if findings.is_empty() && !shown.is_empty() {
        findings.push(Finding::pass(
            CheckCode::NodeCertificate,
            "The nodes show devices one certificate that is valid and for the cluster's name.",
        ));
    } else if shown.is_empty() && !seats.is_empty() {
        findings.push(Finding::not_checked(
            CheckCode::NodeCertificate,
            "Which certificate the nodes show to devices has not been seen lately.",
        ));
    }
    findings
}

fn who(group: &[&Shown<'_>]) -> String {
    let mut names: Vec<&str> = group.iter().map(|one| one.seat.server).collect();
    names.dedup();
    list(&names)
}

fn about(finding: Finding, group: &[&Shown<'_>]) -> Finding {
    let alone = group.iter().all(|one| one.seat.node.address == group[0].seat.node.address);
    let finding = if alone { finding.of_node(group[0].seat.node.address) } else { finding };
    group.iter().fold(finding, |finding, one| {
        let name = one.fact.subject.as_deref().unwrap_or("without a name");
        let ends = one.fact.certificate.as_ref().and_then(|facts| facts.not_after);
        let ends = ends.map(|end| format!(", valid to {}", end.strftime("%Y-%m-%d"))).unwrap_or_default();
        let digits = one.fact.sha256.as_deref().map(fingerprint_text).unwrap_or_default();
        let short: String = digits.chars().take(23).collect();
        finding.seen_at(format!("{}, port {}: {name}{ends}, {short}…", one.seat.server, one.port), one.at)
    })
}

const RENEW: &str = "Upload the new certificate with its whole chain in the nodes' console (Settings, Certificates, use as \
                     SSL listener), and restart one node after the other.";

/// It is well, and not for long.
fn ends_soon(scene: &Scene<'_>, group: &[&Shown<'_>]) -> Option<Finding> {
    let days = group.first()?.fact.certificate.as_ref()?.days_left(scene.now).filter(|days| *days < SOON)?;
    let title = format!("The certificate that {} shows to devices is valid for {days} more days.", who(group));
    let finding = Finding::warn(CheckCode::NodeCertificate, title);
    Some(finding.because("After that devices refuse it.").mend(RENEW))
}

/// The worst that is wrong with one certificate.
fn wrong(scene: &Scene<'_>, group: &[&Shown<'_>]) -> Option<Finding> {
    let (code, who, fact) = (CheckCode::NodeCertificate, who(group), group.first()?.fact);
    let facts = fact.certificate.clone().unwrap_or_default();
    let days = facts.days_left(scene.now);
    let finding = if days.is_some_and(|days| days < 0) {
        Finding::fail(code, format!("The certificate that {who} shows to devices has expired."))
            .in_short(format!("The certificate of {who} has expired"))
            .because("Devices refuse it: they neither enrol nor check in.")
            .mend(RENEW)
    } else if facts.not_before.is_some_and(|begin| begin > scene.now) {
        Finding::fail(code, format!("The certificate that {who} shows to devices is not valid yet."))
            .in_short(format!("The certificate of {who} is not valid yet"))
            .because("Devices refuse it until then. If the time has come, this machine's clock is behind.")
            .mend(RENEW)
    } else if facts.covers(scene.fqdn) == Some(false) {
        Finding::fail(code, format!("The certificate that {who} shows to devices is not for {}.", scene.fqdn))
            .in_short(format!("The certificate of {who} is for another name"))
            .because("Devices ask for this name, and refuse a certificate of another.")
            .mend(RENEW)
    } else if fact.rsa_bits.is_some_and(|bits| bits < 2048) {
        let bits = fact.rsa_bits.unwrap_or_default();
        Finding::warn(code, format!("The key of {who} has only {bits} bits."))
            .because("Devices of today refuse RSA keys below 2048 bits.")
            .mend(RENEW)
    } else if fact.chain == 1 && !facts.is_self_signed() {
        Finding::warn(code, format!("{who} sends its certificate without the chain."))
            .in_short(format!("{who} sends no chain"))
            .because("Phones do not fetch intermediate certificates and refuse the connection, unless a root that they trust issued this one itself.")
            .mend(RENEW)
    } else {
        return None;
    };
    Some(finding)
}

/// The nodes share one; who shows another was not restarted since it was changed (`xenmobile.md` F21).
fn different<'a>(groups: &BTreeMap<&'a str, Vec<&Shown<'a>>>, seats: &[Seat<'_>]) -> Option<(&'a str, Finding)> {
    let mut by_size: Vec<&Vec<&Shown<'_>>> = groups.values().collect();
    by_size.sort_by_key(|group| std::cmp::Reverse(group.len()));
    let [most, others @ ..] = by_size.as_slice() else { return None };
    let nodes = |group: &[&Shown<'_>]| group.iter().map(|one| one.seat.node.address).collect::<Vec<_>>();
    // Another certificate on another port of the same nodes is how somebody set it up.
    let odd: Vec<&&Vec<&Shown<'_>>> = (others.iter())
        .filter(|group| group.iter().any(|one| most.iter().any(|two| two.port == one.port)))
        .filter(|group| nodes(group) != nodes(most))
        .collect();
    let first = odd.first().filter(|_| seats.len() > 1)?;
    let who = who(first);
    let finding = Finding::warn(CheckCode::NodeCertificate, format!("{who} shows devices another certificate than the others."))
        .in_short(format!("{who} shows devices another certificate"))
        .because("A node takes up a new certificate when it is restarted. One that was not still shows the old one, and devices that end there stop when it ends.")
        .mend("Restart this node. If it still shows another one, look which certificate its console has as SSL listener.")
        .explained_by(CheckCode::NodeKeys);
    let digits = first.first()?.fact.sha256.as_deref().unwrap_or_default();
    Some((digits, about(about(finding, first), most)))
}
