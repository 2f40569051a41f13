//! One word for a whole cluster, in agreement with its findings.

use crate::{
    Freshness,
    desired::Desired,
    finding::{CheckCode, Finding, Grade},
    object::ObjectRef,
    snapshot::Snapshot,
    state::{StateWord, Tone},
};

/// How a cluster does, in a tone and a few words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verdict {
    pub tone: Tone,
    pub words: String,
    /// What the first words are about: the key of a finding, or whose change it is; empty where nothing stands before the
    /// counts. With the tone it is what the verdict says but for its numbers.
    pub subject: String,
}

/// How a cluster does: the tone is that of its worst finding, and so are the first words; then comes what the appliance
/// counts. What was not seen lately is unknown, whatever it was then.
pub fn verdict(desired: Option<&Desired>, seen: Option<(&Snapshot, Freshness)>, findings: &[Finding]) -> Verdict {
    let (lead, (tone, words)) = (lead(findings), words_of(desired, seen, findings));
    match (lead, words) {
        (_, Words::Whole(words)) => Verdict { tone, words, subject: String::new() },
        // One word among others, in titles and lists as well: what is to be typed is marked where the finding stands.
        (Some(finding), Words::Counted(words)) => {
            Verdict { tone, words: format!("{} · {words}", finding.short().replace('`', "")), subject: finding.key() }
        }
        (None, Words::Counted(words)) => match findings.iter().find_map(|finding| finding.expected) {
            Some(by) if tone == Tone::Quiet => {
                Verdict { tone, words: format!("a change is under way · {words}"), subject: by.subject() }
            }
            _ => Verdict { tone, words, subject: String::new() },
        },
    }
}

enum Words {
    /// Nothing that was found stands before them.
    Whole(String),
    Counted(String),
}

fn words_of(desired: Option<&Desired>, seen: Option<(&Snapshot, Freshness)>, findings: &[Finding]) -> (Tone, Words) {
    let whole = |tone, words: &str| (tone, Words::Whole(words.to_owned()));
    let Some(desired) = desired.filter(|desired| desired.listeners().next().is_some()) else {
        return whole(Tone::Quiet, "not set up");
    };
    if seen.is_some_and(|(snapshot, freshness)| freshness != Freshness::Unknown && snapshot.role.is_secondary()) {
        // Its copy may be empty, and serves nobody.
        return whole(Tone::Bad, "the secondary of the pair answers");
    }
    let (waiting, words) = match seen {
        None => (false, "not seen yet".to_owned()),
        Some((_, Freshness::Unknown)) => (false, "not seen lately".to_owned()),
        Some((snapshot, freshness)) => match counted(desired, snapshot, findings) {
            None => return whole(Tone::Quiet, "not applied yet"),
            Some((waiting, words)) if freshness == Freshness::Stale => (waiting, format!("when last seen: {words}")),
            Some(counted) => counted,
        },
    };
    let is_now = matches!(seen, Some((_, Freshness::Fresh)));
    let tone = match tone(findings, waiting) {
        Tone::Good | Tone::Warn | Tone::Quiet if !is_now => Tone::Unknown,
        tone => tone,
    };
    (tone, Words::Counted(words))
}

/// What is to be read first: the worst that was found, else why it is not known whether there is anything. That the
/// appliance was not seen is in the other words already.
fn lead(findings: &[Finding]) -> Option<&Finding> {
    let blind = |finding: &&Finding| finding.is_blind() && finding.code != CheckCode::Sight;
    findings.iter().find(|finding| finding.alarms()).or_else(|| findings.iter().find(blind))
}

/// The worst state of its virtual servers, how many members are UP, and whether something is only described; `None`: all
/// of it is.
fn counted(desired: &Desired, snapshot: &Snapshot, findings: &[Finding]) -> Option<(bool, String)> {
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
        if worst.as_ref().is_none_or(|other| word.tone().rank() > other.tone().rank()) {
            worst = Some(word);
        }
    }
    let mut words = format!("{}, {up} of {all} members UP", worst?);
    match waiting {
        0 => {}
        1 => words.push_str(", one virtual server not applied yet"),
        more => words = format!("{words}, {more} virtual servers not applied yet"),
    }
    Some((waiting > 0, words))
}

/// Gatehouse made it, and it is gone.
fn is_missing(findings: &[Finding], vserver: &str) -> bool {
    let object = ObjectRef::vserver(vserver);
    findings.iter().any(|finding| finding.outcome == Grade::Fail && finding.objects.contains(&object))
}

fn tone(findings: &[Finding], waiting: bool) -> Tone {
    let alarms = |outcome| findings.iter().any(|finding| finding.alarms() && finding.outcome == outcome);
    let blind = findings.iter().any(Finding::is_blind);
    if alarms(Grade::Fail) {
        Tone::Bad
    } else if blind || findings.is_empty() {
        Tone::Unknown
    } else if alarms(Grade::Warn) {
        Tone::Warn
    } else if findings.iter().any(|finding| finding.expected.is_some()) {
        Tone::Quiet
    } else if waiting {
        Tone::Warn
    } else {
        Tone::Good
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        desired::{Form, Listener, Mdm, NodesForm, Persistence},
        finding::Expected,
        ids::ActNo,
        object::Attrs,
        snapshot::Seen,
    };

    fn told(desired: Option<&Desired>, seen: Option<(&Snapshot, Freshness)>, findings: &[Finding]) -> (Tone, String) {
        let Verdict { tone, words, .. } = verdict(desired, seen, findings);
        (tone, words)
    }

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

    fn found(outcome: Grade, code: CheckCode) -> Vec<Finding> {
        vec![Finding::pass(CheckCode::Saved, "Saved."), Finding::new(code, outcome, "Something.")]
    }

    #[test]
    fn the_tone_is_that_of_the_worst_finding() {
        let (desired, up) = (desired(), snapshot(Some("UP"), &["UP", "UP"]));
        let judged = |findings: &[Finding]| told(Some(&desired), Some((&up, Freshness::Fresh)), findings);
        let pass = found(Grade::Pass, CheckCode::Members);
        assert_eq!(judged(&pass), (Tone::Good, "UP, 2 of 2 members UP".into()));
        assert_eq!(judged(&found(Grade::Warn, CheckCode::Saved)).0, Tone::Warn);
        assert_eq!(judged(&found(Grade::Fail, CheckCode::ServerIds)).0, Tone::Bad);
        assert_eq!(judged(&found(Grade::NotChecked, CheckCode::AddressRecord)).0, Tone::Good);
        assert_eq!(judged(&found(Grade::NotChecked, CheckCode::VirtualServers)).0, Tone::Unknown);
        assert_eq!(judged(&[]).0, Tone::Unknown, "without a finding nothing is known to be well");
    }

    #[test]
    fn what_a_run_explains_alarms_nobody_and_is_not_green() {
        let (desired, seen) = (desired(), snapshot(Some("DOWN"), &["DOWN", "UP"]));
        let judged = |findings: &[Finding]| told(Some(&desired), Some((&seen, Freshness::Fresh)), findings);
        let down = Finding {
            expected: Some(Expected::Run(ActNo(7))),
            ..Finding::fail(CheckCode::VirtualServers, "It is DOWN.")
        };
        let alone = [down.clone()];
        assert_eq!(judged(&alone), (Tone::Quiet, "a change is under way · DOWN, 1 of 2 members UP".into()));
        assert_eq!(verdict(Some(&desired), Some((&seen, Freshness::Fresh)), &alone).subject, "run:7");
        assert_eq!(judged(&[down.clone(), Finding::warn(CheckCode::Apns, "Soon.")]).0, Tone::Warn);
        let dead = Finding::fail(CheckCode::Database, "xms02 has no database.");
        let both = judged(&[down.clone(), dead]);
        assert_eq!(both.0, Tone::Bad);
        assert!(both.1.starts_with("xms02 has no database"), "what nobody expects is said: {}", both.1);
        assert_eq!(judged(&[down, Finding::not_checked(CheckCode::NodePorts, "Not known.")]).0, Tone::Unknown);
    }

    #[test]
    fn the_words_count_what_serves() {
        let desired = desired();
        let words = |vserver, members: &[&str], findings: &[Finding]| {
            told(Some(&desired), Some((&snapshot(vserver, members), Freshness::Fresh)), findings).1
        };
        let pass = found(Grade::Pass, CheckCode::Members);
        assert_eq!(words(Some("UP"), &["UP"], &pass), "UP, 1 of 2 members UP", "one was unbound");
        assert_eq!(words(None, &[], &pass), "not applied yet");
        let missing = vec![Finding::fail(CheckCode::VirtualServers, "x").on(ObjectRef::vserver("xms-b-mdm-443"))];
        assert_eq!(words(None, &[], &missing), "x · DOWN, 0 of 2 members UP");
        let subject = |findings: &[Finding]| {
            verdict(Some(&desired), Some((&snapshot(None, &[]), Freshness::Fresh)), findings).subject
        };
        assert_eq!(subject(&found(Grade::Warn, CheckCode::Saved)), "", "what it says is not about what was found");
    }

    #[test]
    fn the_worst_is_said_first_and_nothing_bad_reads_as_if_all_were_well() {
        let (desired, up) = (desired(), snapshot(Some("UP"), &["UP", "UP"]));
        let judged = |findings: &[Finding]| told(Some(&desired), Some((&up, Freshness::Fresh)), findings);
        let silent = Finding::fail(CheckCode::NodePorts, "The NetScaler says UP, and xms03 does not answer on 8443.");
        let silent = silent.in_short("xms03 does not answer on 8443");
        let saved = Finding::warn(CheckCode::Saved, "The running configuration is not saved.");
        let words = "xms03 does not answer on 8443 · UP, 2 of 2 members UP".to_owned();
        assert_eq!(judged(&[silent, saved.clone()]), (Tone::Bad, words));
        assert!(judged(&[saved]).1.starts_with("The running configuration is not saved ·"));
        let blind = Finding::not_checked(CheckCode::NodePorts, "Whether xms03 answers is not known.");
        assert_eq!(
            judged(&[blind]),
            (Tone::Unknown, "Whether xms03 answers is not known · UP, 2 of 2 members UP".into())
        );
    }

    #[test]
    fn an_appliance_that_cannot_be_read_is_bad_and_an_old_sight_of_it_never_good() {
        let (desired, up) = (desired(), snapshot(Some("UP"), &["UP", "UP"]));
        let lost = vec![Finding::fail(CheckCode::Sight, "The appliance cannot be read.")];
        for freshness in [Freshness::Stale, Freshness::Unknown] {
            let (tone, words) = told(Some(&desired), Some((&up, freshness)), &lost);
            assert_eq!(tone, Tone::Bad);
            assert!(words.starts_with("The appliance cannot be read · "), "{words}");
        }
        let mild = found(Grade::Warn, CheckCode::Saved);
        assert_eq!(told(Some(&desired), Some((&up, Freshness::Stale)), &mild).0, Tone::Unknown);
        assert_eq!(told(Some(&desired), None, &lost).0, Tone::Bad);
    }

    #[test]
    fn what_was_not_seen_lately_is_unknown() {
        let desired = desired();
        let up = snapshot(Some("UP"), &["UP", "UP"]);
        let pass = found(Grade::Pass, CheckCode::Members);
        assert_eq!(told(Some(&desired), Some((&up, Freshness::Unknown)), &pass).0, Tone::Unknown);
        assert_eq!(told(Some(&desired), None, &pass).0, Tone::Unknown);
        assert_eq!(told(None, None, &pass).0, Tone::Quiet);
        let stale = found(Grade::NotChecked, CheckCode::Sight);
        let (tone, words) = told(Some(&desired), Some((&up, Freshness::Stale)), &stale);
        assert_eq!((tone, words.as_str()), (Tone::Unknown, "when last seen: UP, 2 of 2 members UP"));
    }
}
