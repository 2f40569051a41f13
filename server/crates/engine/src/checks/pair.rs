//! The other half of a pair: whether it stands ready, and what a failover now would lose.

use super::scene::Scene;
use model::{
    appliance::{HalfSeen, Heard},
    finding::{CheckCode, Finding},
    pair::{Behind, Pair, PeerState, Sync},
    snapshot::Snapshot,
};

const CODE: CheckCode = CheckCode::Pair;

/// Nothing is said of an appliance that stands alone, nor by its secondary, which sees the pair from the wrong side.
pub fn check(scene: &Scene<'_>) -> Vec<Finding> {
    let Some(pair) = scene.snapshot.pair.as_ref().filter(|pair| pair.told.is_empty()) else { return Vec::new() };
    if !scene.snapshot.role.is_primary() {
        return Vec::new();
    }
    let mut findings: Vec<Finding> = pair.behind.iter().map(|behind| lost(pair, behind)).collect();
    findings.extend(standing(pair, scene.snapshot));
    findings.extend(beyond_reach(pair, scene.snapshot));
    findings.extend(copy(pair).map(|finding| finding.aspect("copy")));
    if findings.is_empty() {
        findings.push(Finding::pass(CODE, "The other half of the pair stands ready and is in step."));
    }
    findings.into_iter().map(|finding| finding.seen(pair.sentence())).collect()
}

/// What we did here and know to be missing there.
fn lost(pair: &Pair, behind: &Behind) -> Finding {
    let what = match behind.operations {
        1 => "An operation of Gatehouse is".to_owned(),
        more => format!("{more} operations of Gatehouse are"),
    };
    let finding = Finding::fail(CODE, format!("{what} done here and not on the peer {}.", pair.address))
        .seen_at(format!("Run {}: {}", behind.act, behind.cause), behind.since)
        .aspect(format!("run {}", behind.act))
        .because("A failover now would lose it: the peer never heard of it, and no synchronisation was seen since.");
    if pair.sync() == Sync::Running {
        return finding.mend("A synchronisation is under way. Wait until it has ended; then this goes by itself.");
    }
    finding.mend(format!(
        "Synchronise the pair: the button is on the page of run {}; at the command line it is “force HA sync” on the primary. \
         Look why the peer was not reached.",
        behind.act
    ))
}

/// It stands ready for the other half, and Gatehouse cannot ask it.
fn beyond_reach(pair: &Pair, snapshot: &Snapshot) -> Option<Finding> {
    if !pair.is_ready() {
        // It is told otherwise why.
        return None;
    }
    let (sentence, at) = snapshot.halves.iter().find_map(|half| match &half.heard {
        Heard::Trouble { sentence } => Some((sentence, half.at)),
        Heard::Role { .. } => None,
    })?;
    let title = format!("Gatehouse cannot ask the other half {} at its own address.", pair.address);
    let finding = Finding::warn(CODE, title)
        .seen_at(sentence.as_str(), at)
        .because("If this half fails now, that one takes over, and nothing could be seen or mended there.")
        .mend(
            "Look at the second address of the appliance, the way there and its certificate. The account is the same on both \
             halves once they are in step.",
        );
    Some(finding.aspect("own address"))
}

fn standing(pair: &Pair, snapshot: &Snapshot) -> Option<Finding> {
    // Only what was asked in this very look: the half that answers has told its own a moment before.
    let primary =
        |half: &&HalfSeen| half.at == snapshot.at && matches!(&half.heard, Heard::Role { role } if role.is_primary());
    let peer = if snapshot.halves.iter().filter(primary).count() > 1 { PeerState::AlsoPrimary } else { pair.peer() };
    let finding = match peer {
        PeerState::Ready => return None,
        PeerState::AlsoPrimary => Finding::fail(CODE, "Both halves of the pair say that they are the primary.")
            .because("They do not hear each other, and both answer for the same addresses.")
            .mend("Look at the connection between the two (UDP 3003), and let one of them stay secondary."),
        PeerState::Starting => Finding::warn(CODE, format!("The peer {} is starting.", pair.address))
            .because("Until it is up, nobody takes over if this half fails."),
        PeerState::Silent => Finding::warn(CODE, format!("The peer {} does not answer its other half.", pair.address))
            .because("If this half fails now, nobody takes over, and what is changed meanwhile is not there.")
            .mend("Look whether it runs and whether the two reach each other (UDP 3003, TCP 3010)."),
        PeerState::Unready => {
            Finding::warn(CODE, format!("The peer {} would not take over: it is {}.", pair.address, pair.status))
                .because("If this half fails now, nobody serves.")
                .mend("Look at its node state with “show HA node” on both halves.")
        }
    };
    Some(finding)
}

fn copy(pair: &Pair) -> Option<Finding> {
    if !pair.is_ready() {
        // It is told above why; its copy says nothing new.
        return None;
    }
    let finding = match (pair.sync(), pair.passes_on) {
        (Sync::Failed, _) => Finding::fail(CODE, format!("The configuration was not brought over to the peer {}.", pair.address))
            .seen(format!("It says: {}.", if pair.sync_failure.is_empty() { &pair.sync } else { &pair.sync_failure }))
            .because("A failover would lose what the peer does not have.")
            .mend("Look at “show HA node” and “show ns hasyncfailures” on the peer, mend the cause, then “force HA sync”."),
        (Sync::Off, _) | (_, Some(false)) => {
            Finding::warn(CODE, format!("Changes are not passed on to the peer {}.", pair.address))
                .because("Synchronisation or propagation is switched off, so a failover loses what was changed since.")
                .mend("Switch it on: “set HA node -haSync ENABLED -haProp ENABLED” on both halves, then “force HA sync”.")
        }
        (Sync::Running, _) => Finding::warn(CODE, format!("The peer {} is being brought into step.", pair.address))
            .because("It happens after a failover and after a restart. Until it has ended, the peer has no configuration to serve with.")
            .mend("Wait; it takes seconds to minutes."),
        (Sync::Unknown, _) => Finding::not_checked(CODE, "Whether the peer has the same configuration is not known."),
        (Sync::InStep, _) => return None,
    };
    Some(finding)
}
