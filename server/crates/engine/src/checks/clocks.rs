//! Clocks: the nodes' against each other and against ours. Whose is wrong cannot be seen from a difference, but who
//! stands alone with it can.

use super::{
    node::{Seat, seats},
    scene::{Scene, list},
};
use model::{
    At,
    finding::{CheckCode, Finding, Grade},
    node::Door,
};
use std::net::Ipv4Addr;

const CODE: CheckCode = CheckCode::Clocks;
/// Seconds from which a difference is worth a word; below it is the way of the answer (`xenmobile.md` F04).
const NEAR: i64 = 5;
/// Seconds from which members of a cluster lose each other.
pub const FAR: i64 = 60;
const MEND: &str = "Let the nodes, their hypervisor and the database server take their time from the same NTP servers, and \
                    look at this machine's own clock as well.";

/// A machine whose time was told.
struct Clock {
    name: String,
    /// `None`: the appliance.
    node: Option<Ipv4Addr>,
    /// Seconds ahead of ours; negative: behind.
    ahead: i64,
    at: At,
}

pub fn check(scene: &Scene<'_>) -> Vec<Finding> {
    let seats = seats(scene);
    let mut clocks: Vec<Clock> = seats.iter().filter_map(|seat| of_node(scene, seat)).collect();
    let nodes = clocks.len();
    clocks.extend(of_appliance(scene));
    if nodes == 0 && !seats.is_empty() {
        let finding = Finding::not_checked(CODE, "How the nodes' clocks go is not known.")
            .because("A node tells its time with each answer of its console, and none has answered lately.");
        return vec![finding];
    }
    let middle = middle(&clocks);
    let odd: Vec<&Clock> = clocks.iter().filter(|clock| (clock.ahead - middle).abs() > NEAR).collect();
    let mut findings: Vec<Finding> = odd.iter().map(|clock| alone(clock, middle)).collect();
    // With an odd one out, the others are judged by what they have in common.
    if middle.abs() > NEAR && odd.len() < clocks.len() {
        findings.push(all_alike(&clocks, middle));
    }
    if findings.is_empty() && !clocks.is_empty() {
        let names: Vec<&str> = clocks.iter().map(|clock| clock.name.as_str()).collect();
        findings.push(Finding::pass(CODE, format!("The clocks of {} go as ours.", list(&names))));
    }
    findings
}

fn of_node(scene: &Scene<'_>, seat: &Seat<'_>) -> Option<Clock> {
    let told = seat.facts?.clock.as_ref().filter(|told| scene.is_fresh(Door::Open, told.at))?;
    let (name, node) = (seat.server.to_owned(), Some(seat.node.address));
    Some(Clock { name, node, ahead: told.value, at: told.at })
}

fn of_appliance(scene: &Scene<'_>) -> Option<Clock> {
    let ahead = scene.snapshot.clock.filter(|_| scene.sees_appliance())?;
    Some(Clock { name: "the NetScaler".to_owned(), node: None, ahead, at: scene.snapshot.at })
}

/// What most of them say. Of two that differ, ours decides who is alone.
fn middle(clocks: &[Clock]) -> i64 {
    let mut all: Vec<i64> = clocks.iter().map(|clock| clock.ahead).collect();
    if all.len().is_multiple_of(2) {
        all.push(0);
    }
    all.sort_unstable();
    all.get(all.len() / 2).copied().unwrap_or_default()
}

fn alone(clock: &Clock, middle: i64) -> Finding {
    let off = apart(clock.ahead - middle);
    let (name, others) = (&clock.name, "the others");
    let finding = match clock.node {
        Some(node) => {
            let outcome = if (clock.ahead - middle).abs() > FAR { Grade::Fail } else { Grade::Warn };
            Finding::new(CODE, outcome, format!("The clock of {name} ({node}) is {off} {others}."))
                .because(
                    "Members of a cluster whose clocks differ lose each other and find each other again; tasks run \
                     twice, and tokens and certificates are too early or too late.",
                )
                .of_node(node)
        }
        None => Finding::warn(CODE, format!("The clock of {name} is {off} {others}.")).aspect("appliance").because(
            "It judges certificates by its own time, and its log and states carry it: what happened first cannot be told \
             from them.",
        ),
    };
    told(finding.in_short(format!("The clock of {name} is {off} {others}")).mend(MEND), clock)
}

fn all_alike(clocks: &[Clock], middle: i64) -> Finding {
    let off = apart(middle);
    let finding = match clocks {
        [one] => Finding::warn(CODE, format!("The clock of {} is {off} ours.", one.name)),
        _ => {
            Finding::warn(CODE, format!("The clocks of nodes and appliance are {off} ours, and agree with each other."))
        }
    };
    let finding = finding
        .in_short(format!("The nodes' clocks are {off} ours"))
        .because(
            "Since they agree, this machine's clock is as likely to be the wrong one. Ages and days left are then wrong \
             here, and the nodes are well.",
        )
        .mend(MEND);
    clocks.iter().fold(finding, told)
}

fn told(finding: Finding, clock: &Clock) -> Finding {
    let sentence = if clock.ahead.abs() <= NEAR {
        format!("Our time: {}.", clock.name)
    } else {
        format!("A time that is {} ours: {}.", apart(clock.ahead), clock.name)
    };
    finding.seen_at(sentence, clock.at)
}

/// `about 15 min behind`. Coarse, for each look measures a second more or less.
fn apart(seconds: i64) -> String {
    let long = match seconds.unsigned_abs() {
        s @ 0..30 => format!("{} s", (s + 2) / 5 * 5),
        s @ 30..90 => format!("{} s", (s + 5) / 10 * 10),
        s @ 90..5_400 => format!("{} min", (s + 30) / 60),
        s @ 5_400..172_800 => format!("{} h", (s + 1_800) / 3_600),
        s => format!("{} days", (s + 43_200) / 86_400),
    };
    format!("about {long} {}", if seconds < 0 { "behind" } else { "ahead of" })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_second_more_or_less_is_no_news() {
        assert_eq!(apart(-900), "about 15 min behind");
        assert_eq!(apart(-899), apart(-901));
        assert_eq!(
            (apart(45), apart(-7), apart(7_200)),
            ("about 50 s ahead of".into(), "about 5 s behind".into(), "about 2 h ahead of".into())
        );
    }
}
