//! Whether all nodes run the same program (`xenmobile.md` F28).

use super::{
    node::{Seat, seats},
    scene::{Scene, list},
};
use model::{
    At,
    finding::{CheckCode, Finding},
    node::Door,
};
use std::collections::BTreeMap;

const CODE: CheckCode = CheckCode::Versions;

pub fn check(scene: &Scene<'_>) -> Option<Finding> {
    let seats = seats(scene);
    let mut versions: BTreeMap<&str, Vec<(&Seat<'_>, At)>> = BTreeMap::new();
    for seat in &seats {
        if let Some(told) = seat.facts.and_then(|facts| facts.version.as_ref())
            && scene.is_fresh(Door::Open, told.at)
        {
            versions.entry(told.value.as_str()).or_default().push((seat, told.at));
        }
    }
    let finding = match versions.len() {
        0 if seats.is_empty() => return None,
        0 => Finding::not_checked(CODE, "Which version the nodes run has not been told lately.")
            .because("The console of a node tells it without an account, and none has answered lately."),
        1 => {
            let version = versions.keys().next().copied().unwrap_or_default();
            let all: Vec<&str> = versions.values().flatten().map(|(seat, _)| seat.server).collect();
            return Some(Finding::pass(CODE, format!("{} run version {version}.", list(&all))));
        }
        _ => {
            let said: Vec<String> = versions
                .iter()
                .map(|(version, nodes)| {
                    let names: Vec<&str> = nodes.iter().map(|(seat, _)| seat.server).collect();
                    format!("{version} on {}", list(&names))
                })
                .collect();
            Finding::fail(CODE, format!("The nodes run different versions: {}.", said.join("; ")))
                .in_short("The nodes run different versions")
                .because("They share one database, which fits one version. Mixed, some things work on one node and not on the other.")
                .mend("Finish the upgrade on every node, or take the odd one out of its groups until it is done.")
        }
    };
    let told = versions.iter().flat_map(|(version, nodes)| nodes.iter().map(move |(seat, at)| (*version, *seat, *at)));
    Some(told.fold(finding, |finding, (version, seat, at)| finding.seen_at(format!("{}: {version}.", seat.server), at)))
}
