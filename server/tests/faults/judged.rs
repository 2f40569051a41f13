//! What the rules say of a cluster: whether it is well, and whether what was done to it is named.

use model::{
    finding::{CheckCode, Finding, Grade},
    state::Tone,
};
use services::ClusterView;

/// What is wrong on a page, as the worst to be seen comes first.
pub fn red(view: &ClusterView) -> Vec<&Finding> {
    view.findings.iter().filter(|finding| finding.outcome < Grade::NotChecked).collect()
}

/// Why a page is not green through and through; nothing: it is.
pub fn not_green(view: &ClusterView) -> Option<String> {
    let (tone, words) = view.verdict();
    let red: Vec<String> = red(view).iter().map(|finding| told(finding)).collect();
    (tone != Tone::Good || !red.is_empty()).then(|| format!("“{words}” is {tone:?}: {}", red.join(" | ")))
}

/// Everything that a finding says, for a look at its words.
pub fn told(finding: &Finding) -> String {
    let evidence: Vec<&str> = finding.evidence.iter().map(|line| line.text.as_str()).collect();
    format!("[{}] {} {} {}", finding.code.word(), finding.title, finding.cause, evidence.join(" "))
}

/// Whether the right rule names it in the right words, and what is red is just that, from the top of the page.
pub fn names(view: &ClusterView, code: CheckCode, says: &str, red: &[CheckCode]) -> Result<(), String> {
    let (tone, words) = view.verdict();
    if tone == Tone::Good {
        return Err(format!("the verdict is green: “{words}”"));
    }
    let all: Vec<&Finding> = view.findings.iter().filter(|finding| finding.outcome < Grade::Pass).collect();
    let listed = |findings: &[&Finding]| findings.iter().map(|finding| told(finding)).collect::<Vec<_>>().join(" | ");
    if !all.iter().any(|finding| finding.code == code && told(finding).contains(says)) {
        return Err(format!("no finding of {} says “{says}”, but: {}", code.word(), listed(&all)));
    }
    let found = self::red(view);
    let mut codes: Vec<CheckCode> = found.iter().map(|finding| finding.code).collect();
    codes.dedup();
    if codes == red { Ok(()) } else { Err(format!("{red:?} should be red, but red is: {}", listed(&found))) }
}
