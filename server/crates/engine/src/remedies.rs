//! Which findings a plan mends: the rules once more, over what would be read if all of it worked.

use crate::{
    checks::{Input, check},
    remains::{after, same},
};
use model::{
    finding::{Finding, Remedy},
    plan::Plan,
};

/// What `check` found for `input`, with [`Remedy::Plan`] where `plan` takes it away. `input` is what the cluster would be
/// judged by after that plan: the set-up that it was made from.
pub fn with_plan(findings: Vec<Finding>, input: &Input<'_>, plan: &Plan) -> Vec<Finding> {
    let Some((snapshot, freshness)) = input.seen.filter(|_| !plan.operations.is_empty()) else { return findings };
    if !findings.iter().any(Finding::is_trouble) {
        return findings;
    }
    let after = after(snapshot, plan);
    let then = check(&Input { seen: Some((&after, freshness)), ..*input });
    let stays = |finding: &Finding| then.iter().any(|other| other.is_trouble() && same(finding, other));
    let mended = |finding: &Finding| finding.is_trouble() && !stays(finding);
    // First, because it is the shortest way.
    let with = |mut finding: Finding| {
        if mended(&finding) {
            finding.remedies.insert(0, Remedy::Plan);
        }
        finding
    };
    findings.into_iter().map(with).collect()
}
