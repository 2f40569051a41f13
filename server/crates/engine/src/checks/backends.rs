//! What stands behind the nodes: their database, and what it says of Apple's push service, licences and directories.
//! One node tells it for all, except whether it reaches the database itself.

use super::{
    node::{Seat, seats},
    scene::{Scene, list},
};
use model::{
    desired::Step,
    finding::{CheckCode, Finding},
    node::{Account, Door, Licence, NodeFacts, Told, TroubleKind, Web},
};

/// Days before an end at which something wants to be renewed.
const SOON: i64 = 30;

pub fn check(scene: &Scene<'_>) -> Vec<Finding> {
    let seats = seats(scene);
    if seats.is_empty() {
        return Vec::new();
    }
    let mut findings = database(scene, &seats);
    findings.push(enrolment(scene, &seats));
    if !scene.accounts.contains_key(&Account::Rest) {
        findings.push(
            Finding::not_checked(CheckCode::Apns, "Apple's push certificate, licences and directories are not known.")
                .because("Only the nodes' REST says so, and Gatehouse has no account for it.")
                .mend("Give a REST account on the page of the nodes.")
                .at(Step::Nodes),
        );
        return findings;
    }
    findings.push(apns(scene, &seats));
    findings.push(licences(scene, &seats));
    findings.push(directories(scene, &seats));
    findings
}

fn database(scene: &Scene<'_>, seats: &[Seat<'_>]) -> Vec<Finding> {
    let code = CheckCode::Database;
    if !scene.accounts.contains_key(&Account::Rest) {
        let finding = Finding::not_checked(code, "Whether the nodes reach their database is not known.")
            .because("A login over REST shows it, and Gatehouse has no account for that.")
            .mend("Give a REST account on the page of the nodes.");
        return vec![finding.at(Step::Nodes)];
    }
    let tried = |seat: &Seat<'_>| {
        let told = seat.facts?.tries.get(&Door::Rest)?;
        scene.is_fresh(Door::Rest, told.at).then(|| told.clone())
    };
    let (mut lost, mut well, mut unknown) = (Vec::new(), Vec::new(), Vec::new());
    for seat in seats {
        match tried(seat) {
            Some(told) => match &told.value {
                None => well.push((seat, told.at)),
                Some(trouble) if trouble.kind == TroubleKind::Database => {
                    lost.push((seat, told.at, trouble.sentence.clone()));
                }
                Some(_) => unknown.push(seat),
            },
            None => unknown.push(seat),
        }
    }
    let mend = "Look at the database server and at the firewall between it and the nodes (1433). In a node's menu program, \
                Configuration, Database asks for the password and proves the way.";
    let mut findings = Vec::new();
    if lost.len() > 1 && lost.len() == seats.len() {
        let finding = Finding::fail(code, format!("None of the {} nodes reaches its database.", lost.len()))
            .in_short("No node reaches its database")
            .because("Without it nobody enrols, checks in or logs on, while the ports still answer.")
            .mend(mend);
        let told = |finding: Finding, (seat, at, sentence): &(&Seat<'_>, model::At, String)| {
            finding.seen_at(format!("{}: {sentence}", seat.server), *at)
        };
        findings.push(lost.iter().fold(finding, told));
    } else {
        for (seat, at, sentence) in lost {
            findings.push(
                Finding::fail(code, format!("{} does not reach its database.", seat.name()))
                    .in_short(format!("{} does not reach its database", seat.server))
                    .because("Its ports still answer, so the NetScaler goes on sending devices there, and they fail.")
                    .mend(mend)
                    .of_node(seat.node.address)
                    .seen_at(sentence, at),
            );
        }
    }
    if !unknown.is_empty() {
        let names: Vec<&str> = unknown.iter().map(|seat| seat.server).collect();
        let finding =
            Finding::not_checked(code, format!("Whether {} reaches its database is not known.", list(&names)))
                .because("A login over REST shows it, and none has worked there lately.")
                .mend("What failed at the last try stands on the page of the nodes.");
        let told = |finding: Finding, seat: &&Seat<'_>| match seat.facts.and_then(|facts| facts.trouble(Door::Rest)) {
            Some((at, sentence)) => finding.seen_at(format!("{}: {sentence}", seat.server), at),
            None => finding,
        };
        findings.push(unknown.iter().fold(finding, told));
    }
    if findings.is_empty() {
        let pass = Finding::pass(code, "Every node reaches its database.");
        let told = |pass: Finding, (seat, at): &(&Seat<'_>, model::At)| {
            pass.seen_at(format!("A login over REST worked on {}.", seat.server), *at)
        };
        findings.push(well.iter().fold(pass, told));
    }
    findings
}

/// Devices ask for this before they enrol.
fn enrolment(scene: &Scene<'_>, seats: &[Seat<'_>]) -> Finding {
    let code = CheckCode::CheckIns;
    let mut off = Vec::new();
    for seat in seats {
        for told in seat.facts.into_iter().flat_map(|facts| facts.ports.values()) {
            let fresh = scene.is_fresh(Door::Open, told.at);
            if fresh && matches!(told.value.web, Some(Web::Serves { enrolment: Some(false) })) {
                off.push((seat, told.at));
            }
        }
    }
    if off.is_empty() {
        return Finding::not_checked(code, "Whether devices that are enrolled check in well is not known.")
                .because("A check-in needs the certificate of an enrolled device, so Gatehouse cannot try one, and no call of the nodes counts those that fail.")
                .mend("Look at a device's log, or at the Cluster Information page of a node's console, which has the last check-ins.");
    }
    let finding = Finding::warn(code, "Enrolment is switched off.")
        .because(
            "The nodes tell devices that ask before they enrol to go away. Those that are enrolled are not touched.",
        )
        .mend("If nobody wants that, switch it on in the nodes' console: Settings, Enrolment.");
    let told = |finding: Finding, (seat, at): &(&Seat<'_>, model::At)| {
        finding.seen_at(format!("{} says so.", seat.server), *at)
    };
    off.iter().fold(finding, told)
}

/// The newest reading of a fact that is the database's. Which node told it is chance, and another one each time.
fn newest<'a, T>(
    scene: &Scene<'a>,
    seats: &[Seat<'a>],
    fact: impl Fn(&'a NodeFacts) -> Option<&'a Told<T>>,
) -> Option<&'a Told<T>> {
    let told = seats.iter().filter_map(|seat| fact(seat.facts?));
    told.filter(|told| scene.is_fresh(Door::Rest, told.at)).max_by_key(|told| told.at)
}

fn untold(code: CheckCode, title: &str) -> Finding {
    Finding::not_checked(code, title).because("The nodes say it over REST, and none has said it lately.").mend(
        "What failed at the last try stands on the page of the nodes. The account may also lack the right to read it.",
    )
}

fn apns(scene: &Scene<'_>, seats: &[Seat<'_>]) -> Finding {
    let code = CheckCode::Apns;
    let Some(told) = newest(scene, seats, |facts| facts.apns.as_ref()) else {
        return untold(code, "How long Apple's push certificate is valid is not known.");
    };
    let (apns, renew) = (
        &told.value,
        "Renew it under the same Apple ID in Apple's push certificates portal, and import it in the nodes' console. With \
         another Apple ID every iOS device would have to enrol again.",
    );
    let days = apns.days_left(scene.now);
    let finding = if apns.name.is_none() {
        Finding::not_checked(code, "The nodes have no certificate that looks like Apple's push certificate.")
            .because("Without one no iOS device can be managed; without iOS devices none is needed.")
    } else if apns.expired == Some(true) || days.is_some_and(|days| days < 0) {
        Finding::fail(code, "Apple's push certificate has expired.")
            .in_short("Apple's push certificate has expired")
            .because("No iOS device can be woken: none takes up policies, apps or a wipe until it is renewed.")
            .mend(renew)
    } else if apns.topic_mismatch == Some(true) {
        Finding::fail(code, "Apple's push certificate was renewed under another Apple ID.")
            .because("Enrolled devices listen to the old topic and hear nothing of the new one.")
            .mend("Import a certificate that was renewed under the first Apple ID.")
    } else if apns.malformed == Some(true) || apns.not_yet_valid == Some(true) {
        Finding::fail(code, "Apple's push certificate cannot be used.")
            .because("The server calls it malformed or not yet valid.")
            .mend(renew)
    } else {
        match days {
            None => Finding::not_checked(code, "Until when Apple's push certificate is valid was not told."),
            Some(days) if days < SOON => {
                Finding::warn(code, format!("Apple's push certificate is valid for {days} more days."))
                    .in_short(format!("Apple's push certificate ends in {days} days"))
                    .because("After that no iOS device can be woken.")
                    .mend(renew)
            }
            Some(days) => Finding::pass(code, format!("Apple's push certificate is valid for {days} more days.")),
        }
    };
    let name = apns.name.as_deref().unwrap_or("none");
    finding.seen_at(format!("Push certificate: {name}."), told.at)
}

fn licences(scene: &Scene<'_>, seats: &[Seat<'_>]) -> Finding {
    let code = CheckCode::Licences;
    let Some(told) = newest(scene, seats, |facts| facts.licences.as_ref()) else {
        return untold(code, "Whether there are licences left is not known.");
    };
    let licences = &told.value;
    let (add, name) =
        ("Add licences, or free some by removing devices that are gone.", |one: &Licence| one.product.clone());
    let with = |test: fn(&Licence) -> bool| licences.list.iter().filter(|one| test(one)).map(name).collect::<Vec<_>>();
    let (used_up, over) = (with(Licence::is_used_up), with(|one| one.days_left.is_some_and(|days| days < 0)));
    let soon = with(|one| one.days_left.is_some_and(|days| (0..SOON).contains(&days)));
    let finding = if !over.is_empty() {
        Finding::fail(code, format!("Licences have expired: {}.", list(&over)))
            .in_short("Licences have expired")
            .because("Nobody can enrol with them.")
            .mend("Renew them on the licence server.")
    } else if !used_up.is_empty() {
        Finding::fail(code, format!("All licences are used up: {}.", list(&used_up)))
            .in_short("All licences are used up")
            .because("The next device that wants to enrol is refused.")
            .mend(add)
    } else if licences.grace_days.is_some_and(|days| days > 0) {
        let days = licences.grace_days.unwrap_or_default();
        Finding::warn(code, format!("The licence server is not reached; {days} days of grace are left."))
            .in_short("The licence server is not reached")
            .because("After them nobody can enrol.")
            .mend("Look at the licence server and at the firewall to its port 27000.")
    } else if !soon.is_empty() {
        Finding::warn(code, format!("Licences end within {SOON} days: {}.", list(&soon)))
            .because("After that nobody can enrol with them.")
            .mend("Renew them on the licence server.")
    } else if licences.list.is_empty() {
        Finding::not_checked(code, "The nodes list no licences.")
            .because("They may run on a trial, or ask a licence server that says nothing of what it has.")
    } else {
        Finding::pass(code, "There are licences left.")
    };
    let told_one = |finding: Finding, one: &Licence| {
        let count = |count: Option<i64>| count.map_or_else(|| "not told".to_owned(), |count| count.to_string());
        let sentence = format!("{}: in use {}, available {}.", one.product, count(one.in_use), count(one.available));
        finding.seen_at(sentence, told.at)
    };
    licences.list.iter().fold(finding, told_one)
}

/// That there is one is told; whether it is reached, no call says.
fn directories(scene: &Scene<'_>, seats: &[Seat<'_>]) -> Finding {
    let code = CheckCode::Directory;
    let Some(told) = newest(scene, seats, |facts| facts.directories.as_ref()) else {
        return untold(code, "Which directory the nodes use is not known.");
    };
    let finding = Finding::not_checked(code, "Whether the nodes reach their directory is not known.")
        .because(
            "No call of theirs says so. When it is lost, all logins of people fail, and local accounts still work.",
        )
        .mend(
            "Log on once with an account of the directory; Troubleshooting in the menu program can ping its servers.",
        );
    told.value
        .iter()
        .fold(finding, |finding, one| finding.seen_at(format!("{} by {}.", one.domain, list(&one.servers)), told.at))
}
