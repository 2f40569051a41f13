//! How a device stays on its node.

use super::scene::{Scene, text};
use crate::wanted::NODE_COOKIE;
use model::{
    desired::{Persistence, Step},
    finding::{CheckCode, Finding},
    object::ObjectRef,
};

pub fn check(scene: &Scene<'_>) -> Vec<Finding> {
    let mut findings = mdm(scene);
    findings.extend(mam(scene));
    findings
}

fn mdm(scene: &Scene<'_>) -> Vec<Finding> {
    let Some(mdm) = &scene.desired.mdm else { return Vec::new() };
    let code = CheckCode::MdmPersistence;
    let (mut findings, mut right) = (Vec::new(), Vec::new());
    for listener in &mdm.listeners {
        let object = ObjectRef::vserver(&listener.vserver);
        let Some(seen) = scene.find(&object) else { continue };
        let has = or(text(seen, "persistencetype"), "NONE");
        let minutes = or(text(seen, "timeout"), "2");
        let told = format!("{object}: {has}, {minutes} minutes.");
        let about = |finding: Finding| finding.seen(told.clone()).at(Step::Mdm).on(object.clone());
        if has != mdm.persistence.word() {
            let title = format!("The {object} keeps devices by {has} instead of {}.", mdm.persistence);
            findings.push(about(
                Finding::fail(code, title)
                    .because("A device that changes its node in the middle of an enrolment begins again or fails.")
                    .mend("Plan: the plan sets it back."),
            ));
        } else if mdm.persistence == Persistence::SslSession {
            let title = format!("The {object} keeps devices by SSLSESSION.");
            findings.push(about(
                Finding::warn(code, title)
                    .because(
                        "Since iOS 11 devices begin new TLS sessions in the middle of an enrolment, which then stops after \
                         the profile, more often the more nodes there are. The vendor asks for SOURCEIP (CTX227406).",
                    )
                    .mend("Choose SOURCEIP in the MDM step and plan, unless all devices are older."),
            ));
        } else if minutes != mdm.timeout.to_string() {
            let title = format!("The {object} forgets devices after {minutes} minutes instead of {}.", mdm.timeout);
            findings.push(about(
                Finding::warn(code, title)
                    .because("It should outlast an enrolment.")
                    .mend("Plan: the plan sets it back."),
            ));
        } else {
            right.push(told);
        }
    }
    if findings.is_empty() && !right.is_empty() {
        let pass = Finding::pass(code, format!("MDM keeps each device on its node by {}.", mdm.persistence));
        findings.push(right.into_iter().fold(pass, Finding::seen));
    }
    findings
}

fn mam(scene: &Scene<'_>) -> Option<Finding> {
    let object = ObjectRef::vserver(&scene.mam()?.vserver);
    let seen = scene.find(&object)?;
    let (has, rule) = (or(text(seen, "persistencetype"), "NONE"), text(seen, "rule"));
    let code = CheckCode::MamPersistence;
    let finding = if has != "CUSTOMSERVERID" {
        Finding::fail(code, format!("The {object} keeps sessions by {has} instead of CUSTOMSERVERID."))
    } else if rule != NODE_COOKIE {
        Finding::fail(code, format!("The {object} looks for the node in the wrong place."))
    } else {
        let title = "MAM sends each session to the node that its cookie names.";
        return Some(Finding::pass(code, title).seen(format!("{object}: {has} on {rule}.")));
    };
    let finding = finding
        .seen(format!("{object}: {has}, rule {}.", or(rule, "none")))
        .because("A session that reaches another node is not known there: users sign in again and again.")
        .mend("Plan: the plan sets it back.");
    Some(finding.at(Step::Mam).on(object))
}

fn or(text: String, preset: &str) -> String {
    if text.is_empty() { preset.to_owned() } else { text }
}
