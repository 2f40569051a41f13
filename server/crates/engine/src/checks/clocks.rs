//! Clocks: the nodes' against each other and against ours. Whose is wrong cannot be seen from a difference, but who
//! stands alone with it can.

use super::{
    node::{Seat, seats},
    scene::{Scene, list},
};
use model::{
    At,
    finding::{CheckCode, Finding, Outcome},
    node::Door,
};

const CODE: CheckCode = CheckCode::Clocks;
/// Seconds from which a difference is worth a word; below it is the way of the answer (`xenmobile.md` F04).
const NEAR: i64 = 5;
/// Seconds from which members of a cluster lose each other.
pub const FAR: i64 = 60;
const MEND: &str = "Let the nodes, their hypervisor and the database server take their time from the same NTP servers, and \
                    look at this machine's own clock as well.";

struct Clock<'a> {
    seat: &'a Seat<'a>,
    /// Seconds ahead of ours; negative: behind.
    ahead: i64,
    at: At,
}

pub fn check(scene: &Scene<'_>) -> Vec<Finding> {
    let seats = seats(scene);
    let clocks: Vec<Clock<'_>> = (seats.iter())
        .filter_map(|seat| {
            let told = seat.facts?.clock.as_ref().filter(|told| scene.is_fresh(Door::Open, told.at))?;
            Some(Clock { seat, ahead: told.value, at: told.at })
        })
        .collect();
    if clocks.is_empty() {
        let finding = Finding::not_checked(CODE, "How the nodes' clocks go is not known.")
            .because("A node tells its time with each answer of its console, and none has answered lately.");
        return (!seats.is_empty()).then_some(finding).into_iter().collect();
    }
    let middle = middle(&clocks);
    let odd: Vec<&Clock<'_>> = clocks.iter().filter(|clock| (clock.ahead - middle).abs() > NEAR).collect();
    let mut findings: Vec<Finding> = odd.iter().map(|clock| alone(clock, middle)).collect();
    // With an odd one out, the others are judged by what they have in common.
    if middle.abs() > NEAR && odd.len() < clocks.len() {
        findings.push(all_alike(&clocks, middle));
    }
    if findings.is_empty() {
        let title = if clocks.len() == seats.len() {
            "The nodes' clocks go as ours.".to_owned()
        } else {
            format!("The clocks of {} go as ours.", list(&clocks.iter().map(|it| it.seat.server).collect::<Vec<_>>()))
        };
        findings.push(Finding::pass(CODE, title));
    }
    findings
}

/// What most of them say. Of two that differ, ours decides who is alone.
fn middle(clocks: &[Clock<'_>]) -> i64 {
    let mut all: Vec<i64> = clocks.iter().map(|clock| clock.ahead).collect();
    if all.len().is_multiple_of(2) {
        all.push(0);
    }
    all.sort_unstable();
    all.get(all.len() / 2).copied().unwrap_or_default()
}

fn alone(clock: &Clock<'_>, middle: i64) -> Finding {
    let off = clock.ahead - middle;
    let outcome = if off.abs() > FAR { Outcome::Fail } else { Outcome::Warn };
    let title = format!("The clock of {} is {} the other nodes.", clock.seat.name(), apart(off));
    let finding = Finding::new(CODE, outcome, title)
        .in_short(format!("The clock of {} is {} the other nodes", clock.seat.server, apart(off)))
        .because(
            "Members of a cluster whose clocks differ lose each other and find each other again; tasks run twice, and \
             tokens and certificates are too early or too late.",
        )
        .mend(MEND)
        .of_node(clock.seat.node.address);
    told(finding, clock)
}

fn all_alike(clocks: &[Clock<'_>], middle: i64) -> Finding {
    let title = format!("The nodes' clocks are {} ours, and agree with each other.", apart(middle));
    let finding = if clocks.len() == 1 {
        Finding::warn(CODE, format!("The node's clock is {} ours.", apart(middle)))
    } else {
        Finding::warn(CODE, title)
    };
    let finding = finding
        .in_short(format!("The nodes' clocks are {} ours", apart(middle)))
        .because(
            "Since they agree, this machine's clock is as likely to be the wrong one. Ages and days left are then wrong \
             here, and the nodes are well.",
        )
        .mend(MEND);
    clocks.iter().fold(finding, told)
}

fn told(finding: Finding, clock: &Clock<'_>) -> Finding {
    let sentence = if clock.ahead.abs() <= NEAR {
        format!("{} answers with our time.", clock.seat.server)
    } else {
        format!("{} answers with a time that is {} ours.", clock.seat.server, apart(clock.ahead))
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
