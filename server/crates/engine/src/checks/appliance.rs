//! The appliance itself: which half of the pair was read, what could not be read, whether all is saved.

use super::scene::Scene;
use model::{
    PairRole,
    desired::Step,
    finding::{CheckCode, Finding},
    object::ObjectRef,
};

pub fn check(scene: &Scene<'_>) -> Vec<Finding> {
    let mut findings = vec![primary(scene)];
    findings.extend(scene.snapshot.unread.iter().map(|unread| {
        Finding::not_checked(CheckCode::Readable, "Some of the appliance could not be read.")
            .seen(unread.sentence.as_str())
            .because("What cannot be read is neither right nor wrong here.")
            .mend("Give the account of this appliance the right to read it, then look again.")
    }));
    // What a secondary has saved is overwritten by the primary's.
    if !scene.snapshot.role.is_secondary() {
        findings.push(saved(scene));
        findings.extend(upgraded(scene));
    }
    findings
}

fn primary(scene: &Scene<'_>) -> Finding {
    let code = CheckCode::Primary;
    let mut finding = match &scene.snapshot.role {
        PairRole::Primary => Finding::pass(code, "The appliance that was read is the primary."),
        PairRole::Secondary => Finding::fail(code, "The appliance that was read is the secondary of its pair.")
            .because(
                "The secondary serves nobody: its states say little, and what is changed on it is lost at the next \
                 synchronisation.",
            )
            .mend("Use an address that follows the primary (a SNIP with management access), or wait until the pair has failed back."),
        role @ (PairRole::Unknown | PairRole::NotTold) => Finding::not_checked(code, format!("{}.", role.said())),
        PairRole::Other(word) => {
            Finding::not_checked(code, format!("The appliance calls its role “{word}”, a word that is not known here."))
        }
    };
    if let Some(pair) = &scene.snapshot.pair {
        finding = finding.seen(pair.sentence());
    }
    finding
}

fn saved(scene: &Scene<'_>) -> Finding {
    let code = CheckCode::Saved;
    match scene.snapshot.unsaved {
        Some(false) => Finding::pass(code, "The running configuration is saved."),
        Some(true) => Finding::warn(code, "The running configuration is not saved.")
            .because("Somebody changed the appliance and did not save. A restart would take it back to the last save.")
            .mend("Look who changed what, then save: every plan of Gatehouse ends with it, or type `save ns config`.")
            .at(Step::Prerequisites)
            .on(ObjectRef::config()),
        None => Finding::not_checked(code, "The appliance does not say whether its configuration is saved."),
    }
}

/// The saved file is the one that the former firmware wrote.
fn upgraded(scene: &Scene<'_>) -> Option<Finding> {
    let (runs, saved) = (scene.snapshot.release.as_str(), scene.snapshot.saved_build.as_deref()?);
    let other = !runs.is_empty() && runs != saved;
    other.then(|| {
        Finding::warn(CheckCode::Saved, "The configuration was not saved since the firmware was changed.")
            .seen(format!("The appliance runs {runs}; its saved configuration was written by {saved}."))
            .because(
                "At each start the appliance reads commands that another build wrote. What this build no longer knows is left \
                 out without a word, and a peer or a rescue with the other build reads them differently.",
            )
            .mend("Look whether everything is there, then type `save ns config`.")
            .at(Step::Prerequisites)
            .on(ObjectRef::config())
    })
}
