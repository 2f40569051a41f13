//! What is right and what is not, by what was seen last: rules over data, one file a subject.
//!
//! A rule names causes, not symptoms: a node that is off gives one finding, however many objects it turns DOWN. What is
//! not known is *not checked*, never a pass. To add a rule: a code in `model::finding`, a function in its subject's
//! file, a failing and a passing case in `tests/it/checks`.

mod access;
mod appliance;
mod backends;
mod balancing;
mod certificate;
mod clocks;
mod dns;
mod gateway;
mod ids;
mod keys;
mod members;
mod membership;
mod node;
mod offload;
mod pair;
mod persistence;
mod ports;
mod rank;
mod scene;
mod switches;
mod versions;

use model::{
    Freshness,
    desired::Step,
    finding::{CheckCode, Finding, Grade},
    object::ObjectRef,
    snapshot::Snapshot,
};
pub use scene::Input;
use scene::Scene;
use std::collections::BTreeSet;

/// All that the rules have to say, the worst first.
pub fn check(input: &Input<'_>) -> Vec<Finding> {
    let Some(desired) = input.desired.filter(|desired| !desired.is_blank()) else { return Vec::new() };
    let nothing = Snapshot::default();
    let (snapshot, freshness) = input.seen.unwrap_or((&nothing, Freshness::Unknown));
    let scene = Scene::of(input, desired, snapshot, freshness);
    let mut findings = if freshness == Freshness::Unknown { Vec::new() } else { by_appliance(&scene) };
    let passed = findings.iter().filter(|finding| finding.outcome == Grade::Pass).count();
    if freshness != Freshness::Fresh {
        // What was wrong is the last that is known; what was right may not be any more, and is one sentence.
        findings.retain(Finding::is_trouble);
        let old = |finding: Finding| finding.seen_at("So it was when the appliance was seen last.", snapshot.at);
        findings = findings.into_iter().map(old).collect();
    }
    findings.push(sight(input, freshness, passed));
    // Nodes are looked at by themselves, whatever has become of the appliance; each reading is judged by its own time.
    findings.extend(by_nodes(&scene));
    // A rule that found something does not pass as well.
    let troubled: BTreeSet<CheckCode> =
        findings.iter().filter(|finding| finding.is_trouble()).map(|finding| finding.code).collect();
    findings.retain(|finding| finding.outcome != Grade::Pass || !troubled.contains(&finding.code));
    rank::ranked(findings)
}

fn by_appliance(scene: &Scene<'_>) -> Vec<Finding> {
    let mut findings = appliance::check(scene);
    findings.extend(pair::check(scene));
    if scene.snapshot.role.is_secondary() {
        // Its copy serves nobody and may be empty: nothing in it is judged.
        return findings;
    }
    findings.extend(not_applied(scene));
    findings.extend(balancing::check(scene));
    findings.extend(switches::back_on(scene));
    findings.extend(ids::server_ids(scene));
    findings.extend(persistence::check(scene));
    findings.extend(offload::check(scene));
    findings.extend(certificate::check(scene));
    findings.extend(gateway::check(scene));
    findings.extend(dns::check(scene));
    findings
}

fn by_nodes(scene: &Scene<'_>) -> Vec<Finding> {
    let mut findings = ports::check(scene);
    findings.extend(membership::check(scene));
    findings.extend(backends::check(scene));
    findings.extend(clocks::check(scene));
    findings.extend(keys::check(scene));
    findings.extend(versions::check(scene));
    findings.extend(ids::node_ids(scene));
    findings.extend(access::check(scene));
    findings
}

/// Whether the appliance is seen. Where it is not, this one sentence stands for all that was right then.
fn sight(input: &Input<'_>, freshness: Freshness, passed: usize) -> Finding {
    let code = CheckCode::Sight;
    let finding = match (freshness, input.failure, input.seen) {
        (Freshness::Fresh, ..) => return Finding::pass(code, "The appliance was seen lately."),
        (_, Some((at, error)), _) => Finding::fail(code, "The appliance cannot be read.")
            .in_short("The NetScaler cannot be read")
            .seen_at(error.sentence(), at)
            .because(
                "Whether it serves devices is not known. All that is drawn of it is how it was when it was seen last.",
            )
            .mend("Mend what this sentence names; the next look then brings everything up to date."),
        (_, None, Some(_)) => Finding::not_checked(code, "The appliance has not been seen lately.")
            .because("That is longer than two intervals, so what was right then is not called right now.")
            .mend("Look again. If this stays, read the program's own log: its looks do not end."),
        (_, None, None) => Finding::not_checked(code, "The appliance has not been seen yet.")
            .because("Nothing of it has been checked.")
            .mend("Its first look follows by itself."),
    };
    match input.seen {
        Some((snapshot, _)) if passed > 0 => {
            finding.seen_at(format!("It was seen last then, and {passed} checks passed."), snapshot.at)
        }
        Some((snapshot, _)) => finding.seen_at("It was seen last then.", snapshot.at),
        None => finding,
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
        if finding.remedies.is_empty()
            && let Some(step) = Step::ALL.into_iter().find(|step| step.of(&object, scene.desired))
        {
            finding = finding.at(step);
        }
        finding = finding.seen(format!("There is no {object}, and Gatehouse has not made it.")).on(object);
    }
    Some(finding)
}
