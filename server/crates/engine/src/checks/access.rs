//! Whether the nodes let Gatehouse in where it was given an account. A door that is shut makes everything behind it grow
//! old, so it is said before that shows.

use super::{
    node::{Seat, seats},
    scene::{Scene, list},
};
use model::{
    At,
    finding::{CheckCode, Finding},
    node::{Account, Door, Trouble, TroubleKind},
};

const CODE: CheckCode = CheckCode::NodeAccess;

pub fn check(scene: &Scene<'_>) -> Vec<Finding> {
    let seats = seats(scene);
    let mut findings = Vec::new();
    for (account, door) in [(Account::Rest, Door::Rest), (Account::Ssh, Door::Ssh)] {
        match scene.accounts.get(&account) {
            None => {}
            Some(Some(since)) => findings.push(refused(account, *since)),
            Some(None) => findings.extend(shut(scene, &seats, door)),
        }
    }
    if findings.is_empty() && !scene.accounts.is_empty() && !seats.is_empty() {
        findings.push(Finding::pass(CODE, "The nodes let Gatehouse in with its accounts."));
    }
    findings
}

fn refused(account: Account, since: At) -> Finding {
    Finding::warn(CODE, format!("The nodes refused the {account}."))
        .because(
            "Its name or password is wrong, it is locked, or it may not do this. It is shown to no node any more, because \
             repeated failures lock accounts, so what only it can read grows old.",
        )
        .mend("Give the right one on the page of the nodes, or press Try again there when it has been unlocked.")
        .seen_at("It was refused then, and not tried again.", since)
        .aspect(account.to_string())
}

/// Nodes that do not answer at a door although they are well otherwise.
fn shut(scene: &Scene<'_>, seats: &[Seat<'_>], door: Door) -> Vec<Finding> {
    let trouble = |seat: &Seat<'_>| -> Option<(Trouble, At)> {
        let told = seat.facts?.tries.get(&door)?;
        let trouble = told.value.clone().filter(|trouble| is_ours(trouble.kind))?;
        // Who is off or hangs answers at no door, which is said already.
        (scene.is_fresh(door, told.at) && seat.ill(scene).is_none()).then_some((trouble, told.at))
    };
    let all: Vec<(&Seat<'_>, Trouble, At)> =
        seats.iter().filter_map(|seat| trouble(seat).map(|(trouble, at)| (seat, trouble, at))).collect();
    let Some((first, ..)) = all.first() else { return Vec::new() };
    let names: Vec<&str> = all.iter().map(|(seat, ..)| seat.server).collect();
    let finding = Finding::warn(CODE, format!("{} cannot be asked by {door}.", list(&names)))
        .because("What only this door tells grows old: it is not known any more soon.")
        .mend("The sentence of each says what to do.");
    let finding = finding.aspect(door.to_string()).of_nodes(all.iter().map(|(seat, ..)| seat.node.address));
    let finding = if all.len() == 1 { finding.of_node(first.node.address) } else { finding };
    let told = |finding: Finding, (seat, trouble, at): &(&Seat<'_>, Trouble, At)| {
        finding.seen_at(format!("{}: {}", seat.server, trouble.sentence), *at)
    };
    vec![all.iter().fold(finding, told)]
}

/// Keys and the database have rules of their own.
const fn is_ours(kind: TroubleKind) -> bool {
    !matches!(kind, TroubleKind::Unaccepted | TroubleKind::KeyChanged | TroubleKind::Database)
}
