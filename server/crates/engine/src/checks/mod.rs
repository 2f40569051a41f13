//! What is right and what is not, by what was seen last: rules over data, one file a subject.
//!
//! A rule names causes, not symptoms: a node that is off gives one finding, however many objects it turns DOWN. What is
//! not known is *not checked*, never a pass. To add a rule: a code in `model::finding`, a function in its subject's
//! file, a failing and a passing case in `tests/checks.rs`.

mod appliance;
mod balancing;
mod certificate;
mod dns;
mod gateway;
mod ids;
mod members;
mod pair;
mod persistence;
mod scene;
mod switches;

use model::{
    At, Freshness,
    desired::{Desired, Step},
    finding::{CheckCode, Evidence, Finding, Outcome},
    node::NodeFacts,
    object::ObjectRef,
    snapshot::Snapshot,
};
use scene::Scene;
use std::collections::BTreeSet;

/// What there is to judge by.
#[derive(Clone, Copy, Debug)]
pub struct Input<'a> {
    pub desired: Option<&'a Desired>,
    /// The last good look at the appliance, and what it is still worth.
    pub seen: Option<(&'a Snapshot, Freshness)>,
    /// What Gatehouse made or adopted for the cluster.
    pub owned: &'a BTreeSet<ObjectRef>,
    /// What the nodes told, where a source gives it.
    pub nodes: &'a [NodeFacts],
    pub fqdn: &'a str,
    pub now: At,
}

/// All that the rules have to say, the worst first.
pub fn check(input: &Input<'_>) -> Vec<Finding> {
    let Some(desired) = input.desired.filter(|desired| !desired.is_blank()) else { return Vec::new() };
    let (snapshot, freshness) = match input.seen {
        Some((snapshot, freshness)) if freshness != Freshness::Unknown => (snapshot, freshness),
        seen => return vec![out_of_sight(seen.map(|(snapshot, _)| snapshot.at))],
    };
    let scene = Scene { desired, snapshot, owned: input.owned, nodes: input.nodes, fqdn: input.fqdn, now: input.now };
    let mut findings = vec![sight(snapshot.at, freshness)];
    findings.extend(appliance::check(&scene));
    findings.extend(pair::check(&scene));
    if appliance::is_secondary(&scene) {
        // Its copy serves nobody and may be empty: nothing in it is judged.
        findings.sort_by_key(|finding| finding.outcome);
        return findings;
    }
    findings.extend(not_applied(&scene));
    findings.extend(balancing::check(&scene));
    findings.extend(switches::back_on(&scene));
    findings.extend(ids::check(&scene));
    findings.extend(persistence::check(&scene));
    findings.extend(certificate::check(&scene));
    findings.extend(gateway::check(&scene));
    findings.extend(dns::check(&scene));
    // A rule that found something does not pass as well.
    let troubled: BTreeSet<CheckCode> =
        findings.iter().filter(|finding| finding.outcome < Outcome::NotChecked).map(|finding| finding.code).collect();
    findings.retain(|finding| finding.outcome != Outcome::Pass || !troubled.contains(&finding.code));
    if freshness == Freshness::Stale {
        for finding in &mut findings {
            grow_stale(finding, snapshot.at);
        }
    }
    // Stable: rules of one outcome stay in the order above, which is that of the way from the appliance to the nodes.
    findings.sort_by_key(|finding| finding.outcome);
    findings
}

fn out_of_sight(at: Option<At>) -> Finding {
    let finding = match at {
        None => Finding::not_checked(CheckCode::Sight, "Nothing is checked: the appliance has not been seen yet."),
        Some(at) => {
            Finding::not_checked(CheckCode::Sight, "Nothing is checked: the appliance has not been seen lately.")
                .seen_at(LAST, at)
        }
    };
    finding
        .because("What was not seen lately may have changed since, for better or worse.")
        .mend("The last look's sentence above says why there is nothing newer. Mend that, then look again.")
}

const LAST: &str = "It was seen last then.";

fn sight(at: At, freshness: Freshness) -> Finding {
    match freshness {
        Freshness::Fresh => Finding::pass(CheckCode::Sight, "The appliance was seen lately."),
        _ => Finding::not_checked(CheckCode::Sight, "The appliance has not been seen lately.")
            .seen_at(LAST, at)
            .because("That is longer than two intervals, so what was right then is not called right now."),
    }
}

/// What was right may not be any more; what was wrong is still the last that is known.
fn grow_stale(finding: &mut Finding, at: At) {
    if finding.outcome == Outcome::Pass {
        finding.outcome = Outcome::NotChecked;
        let text = "It was so when it was seen last; nothing newer is known.".to_owned();
        finding.evidence.push(Evidence { text, at: Some(at) });
    }
}

/// One sentence for all that is only described: it is no fault, and nothing else is said about it.
fn not_applied(scene: &Scene<'_>) -> Option<Finding> {
    let waiting = scene.waiting();
    let all = scene.desired.listeners().count();
    if waiting.is_empty() {
        return (all > 0).then(|| Finding::pass(CheckCode::Applied, "What is described has been applied."));
    }
    let title = match (waiting.len(), all) {
        (waiting, all) if waiting == all => "The set-up has not been applied yet.".to_owned(),
        (1, _) => "One virtual server has not been applied yet.".to_owned(),
        (more, _) => format!("{more} virtual servers have not been applied yet."),
    };
    let mut finding = Finding::not_checked(CheckCode::Applied, title)
        .because("It is described here and was never made on the appliance, so there is nothing to check.")
        .mend("Plan the change, read the plan, and apply it.");
    for listener in waiting {
        let object = ObjectRef::vserver(&listener.vserver);
        finding.step = finding.step.or_else(|| Step::ALL.into_iter().find(|step| step.of(&object, scene.desired)));
        finding = finding.seen(format!("There is no {object}, and Gatehouse has not made it.")).on(object);
    }
    Some(finding)
}
