//! One word for a whole cluster, in agreement with its findings.

use crate::{
    Freshness,
    desired::Desired,
    finding::{Finding, Outcome},
    object::ObjectRef,
    snapshot::Snapshot,
    state::{StateWord, Tone},
};

/// How a cluster does: the tone is that of its worst finding, the words are the appliance's. What was not seen lately is
/// unknown, whatever it was then.
pub fn verdict(
    desired: Option<&Desired>,
    seen: Option<(&Snapshot, Freshness)>,
    findings: &[Finding],
) -> (Tone, String) {
    let Some(desired) = desired.filter(|desired| desired.listeners().next().is_some()) else {
        return (Tone::Quiet, "not set up".into());
    };
    let (snapshot, freshness) = match seen {
        None => return (Tone::Unknown, "not seen yet".into()),
        Some((_, Freshness::Unknown)) => return (Tone::Unknown, "not seen lately".into()),
        Some(seen) => seen,
    };
    if snapshot.role.trim().eq_ignore_ascii_case("Secondary") {
        // Its copy may be empty, and serves nobody.
        return (Tone::Bad, "the secondary of the pair answers".into());
    }
    let (mut up, mut all, mut waiting) = (0, 0, 0);
    let mut worst: Option<StateWord> = None;
    for listener in desired.listeners() {
        let word = match snapshot.find(&ObjectRef::vserver(&listener.vserver)) {
            Some(seen) => seen.state.clone().unwrap_or_else(|| StateWord("state not told".into())),
            None if is_missing(findings, &listener.vserver) => StateWord("DOWN".into()),
            None => {
                waiting += 1;
                continue;
            }
        };
        let members: Vec<_> = snapshot.members(&listener.group).collect();
        up += members.iter().filter(|member| member.state.as_ref().is_some_and(StateWord::is_up)).count();
        // A member that somebody unbound is one that does not serve.
        all += members.len().max(desired.nodes.len());
        if worst.as_ref().is_none_or(|other| rank(word.tone()) > rank(other.tone())) {
            worst = Some(word);
        }
    }
    let Some(worst) = worst else { return (Tone::Quiet, "not applied yet".into()) };
    let mut words = format!("{worst}, {up} of {all} members UP");
    match waiting {
        0 => {}
        1 => words.push_str(", one virtual server not applied yet"),
        more => words = format!("{words}, {more} virtual servers not applied yet"),
    }
    if freshness == Freshness::Stale {
        words = format!("when last seen: {words}");
    }
    (tone(findings, waiting > 0), words)
}

/// Gatehouse made it, and it is gone.
fn is_missing(findings: &[Finding], vserver: &str) -> bool {
    let object = ObjectRef::vserver(vserver);
    findings.iter().any(|finding| finding.outcome == Outcome::Fail && finding.objects.contains(&object))
}

fn tone(findings: &[Finding], waiting: bool) -> Tone {
    let has = |outcome| findings.iter().any(|finding| finding.outcome == outcome);
    let blind = findings.iter().any(|finding| finding.outcome == Outcome::NotChecked && finding.code.is_vital());
    if has(Outcome::Fail) {
        Tone::Bad
    } else if blind || findings.is_empty() {
        Tone::Unknown
    } else if has(Outcome::Warn) || waiting {
        Tone::Warn
    } else {
        Tone::Good
    }
}

const fn rank(tone: Tone) -> u8 {
    match tone {
        Tone::Good => 0,
        Tone::Quiet => 1,
        Tone::Warn => 2,
        Tone::Unknown => 3,
        Tone::Bad => 4,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        desired::{Listener, Mdm, NodesForm, Persistence},
        finding::CheckCode,
        object::Attrs,
        snapshot::Seen,
    };

    fn desired() -> Desired {
        let nodes = NodesForm { nodes: "10.20.30.11 xms01\n10.20.30.12 xms02".into() };
        let listeners = vec![Listener { port: 443, vserver: "xms-b-mdm-443".into(), group: "xms-b-mdm-443-sg".into() }];
        let mdm = Mdm { vip: [10, 20, 40, 51].into(), persistence: Persistence::SourceIp, timeout: 20, listeners };
        Desired { mdm: Some(mdm), ..nodes.apply(&Desired::default()).unwrap() }
    }

    fn snapshot(vserver: Option<&str>, members: &[&str]) -> Snapshot {
        let seen = |object, word: &str| Seen {
            object,
            attrs: Attrs::new(),
            state: Some(StateWord(word.into())),
            facts: Attrs::new(),
        };
        let mut objects: Vec<Seen> =
            vserver.into_iter().map(|word| seen(ObjectRef::vserver("xms-b-mdm-443"), word)).collect();
        for (word, name) in members.iter().zip(["xms01", "xms02"]) {
            objects.push(seen(ObjectRef::member("xms-b-mdm-443-sg", name, 443), word));
        }
        let mut snapshot = Snapshot { role: "Primary".into(), objects, ..Snapshot::default() };
        snapshot.settle();
        snapshot
    }

    fn found(outcome: Outcome, code: CheckCode) -> Vec<Finding> {
        vec![Finding::pass(CheckCode::Saved, "Saved."), Finding::new(code, outcome, "Something.")]
    }

    #[test]
    fn the_tone_is_that_of_the_worst_finding() {
        let (desired, up) = (desired(), snapshot(Some("UP"), &["UP", "UP"]));
        let judged = |findings: &[Finding]| verdict(Some(&desired), Some((&up, Freshness::Fresh)), findings);
        let pass = found(Outcome::Pass, CheckCode::Members);
        assert_eq!(judged(&pass), (Tone::Good, "UP, 2 of 2 members UP".into()));
        assert_eq!(judged(&found(Outcome::Warn, CheckCode::Saved)).0, Tone::Warn);
        assert_eq!(judged(&found(Outcome::Fail, CheckCode::ServerIds)).0, Tone::Bad);
        assert_eq!(judged(&found(Outcome::NotChecked, CheckCode::AddressRecord)).0, Tone::Good);
        assert_eq!(judged(&found(Outcome::NotChecked, CheckCode::VirtualServers)).0, Tone::Unknown);
        assert_eq!(judged(&[]).0, Tone::Unknown, "without a finding nothing is known to be well");
    }

    #[test]
    fn the_words_count_what_serves() {
        let desired = desired();
        let words = |vserver, members: &[&str], findings: &[Finding]| {
            verdict(Some(&desired), Some((&snapshot(vserver, members), Freshness::Fresh)), findings).1
        };
        let pass = found(Outcome::Pass, CheckCode::Members);
        assert_eq!(words(Some("UP"), &["UP"], &pass), "UP, 1 of 2 members UP", "one was unbound");
        assert_eq!(words(None, &[], &pass), "not applied yet");
        let missing = vec![Finding::fail(CheckCode::VirtualServers, "x").on(ObjectRef::vserver("xms-b-mdm-443"))];
        assert_eq!(words(None, &[], &missing), "DOWN, 0 of 2 members UP");
    }

    #[test]
    fn what_was_not_seen_lately_is_unknown() {
        let desired = desired();
        let up = snapshot(Some("UP"), &["UP", "UP"]);
        let pass = found(Outcome::Pass, CheckCode::Members);
        assert_eq!(verdict(Some(&desired), Some((&up, Freshness::Unknown)), &pass).0, Tone::Unknown);
        assert_eq!(verdict(Some(&desired), None, &pass).0, Tone::Unknown);
        assert_eq!(verdict(None, None, &pass).0, Tone::Quiet);
        let stale = found(Outcome::NotChecked, CheckCode::Sight);
        let (tone, words) = verdict(Some(&desired), Some((&up, Freshness::Stale)), &stale);
        assert_eq!((tone, words.as_str()), (Tone::Unknown, "when last seen: UP, 2 of 2 members UP"));
    }
}
