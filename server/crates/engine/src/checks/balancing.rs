//! Features, virtual servers, groups and their bindings. What only follows from something else is added to that.

use super::{
    certificate, members,
    scene::{Life, Scene, life, list, text, word},
    switches,
};
use crate::autoscale;
use model::{
    desired::{Listener, Step},
    finding::{CheckCode, Evidence, Finding, Grade},
    object::ObjectRef,
};

pub fn check(scene: &Scene<'_>) -> Vec<Finding> {
    let listeners = scene.applied();
    let mut findings = features(scene, &listeners);
    if listeners.is_empty() {
        return findings;
    }
    // Without its feature nothing of load balancing works, whatever else may be wrong.
    if ["LB", "SSL"].iter().any(|token| scene.find(&ObjectRef::feature(token)).is_none()) {
        return findings;
    }
    findings.extend(members::check(scene, &listeners));
    for listener in &listeners {
        findings.extend(group(scene, listener));
    }
    for listener in &listeners {
        vserver(scene, listener, &mut findings);
    }
    let up = |object: &ObjectRef| scene.find(object).is_some_and(|seen| life(seen) == Life::Up);
    let groups: Vec<ObjectRef> = listeners.iter().map(|listener| ObjectRef::group(&listener.group)).collect();
    let bound =
        |listener: &&Listener| scene.find(&ObjectRef::vserver_group(&listener.vserver, &listener.group)).is_some();
    if groups.iter().all(up) && listeners.iter().all(bound) {
        findings.push(Finding::pass(CheckCode::Groups, "Every service group is UP, enabled and bound."));
    }
    let vservers: Vec<ObjectRef> = listeners.iter().map(|listener| ObjectRef::vserver(&listener.vserver)).collect();
    if vservers.iter().all(up) {
        let names: Vec<&str> = vservers.iter().map(|object| object.part(0)).collect();
        let pass = Finding::pass(CheckCode::VirtualServers, "Every virtual server is UP.");
        findings.push(pass.seen(format!("{} answer.", list(&names))));
    }
    findings
}

fn features(scene: &Scene<'_>, listeners: &[&Listener]) -> Vec<Finding> {
    let off = |tokens: &[&'static str]| -> Vec<&'static str> {
        tokens.iter().copied().filter(|token| scene.find(&ObjectRef::feature(token)).is_none()).collect()
    };
    let balancing = if listeners.is_empty() { Vec::new() } else { off(&["LB", "SSL"]) };
    let gateway = if scene.desired.gateway.is_some() { off(&["SSLVPN"]) } else { Vec::new() };
    let mut findings = Vec::new();
    if !balancing.is_empty() {
        let title = match balancing.as_slice() {
            [one] => format!("The feature {one} is off."),
            all => format!("The features {} are off.", list(all)),
        };
        let mut finding = Finding::fail(CheckCode::Features, title)
            .because("Somebody switched it off, or a restart went back to an older saved configuration. Without it the virtual servers stay DOWN, whatever the nodes do.")
            .mend("Plan: the plan switches it on again. Then save.")
            .at(Step::Mdm);
        for token in balancing {
            finding = finding.on(ObjectRef::feature(token));
        }
        for listener in listeners {
            if let Some(seen) = scene.find(&ObjectRef::vserver(&listener.vserver)) {
                finding = finding.seen(format!("{} is {}.", seen.object, word(seen))).on(seen.object.clone());
            }
        }
        findings.push(finding);
    }
    if !gateway.is_empty() {
        findings.push(
            Finding::fail(CheckCode::Features, "The feature SSLVPN is off.")
                .because("Without it the Gateway's virtual server answers nobody.")
                .mend("Plan: the plan switches it on again.")
                .at(Step::Gateway)
                .on(ObjectRef::feature("SSLVPN")),
        );
    }
    if findings.is_empty() && (!listeners.is_empty() || scene.desired.gateway.is_some()) {
        findings.push(Finding::pass(CheckCode::Features, "The features that the set-up needs are on."));
    }
    findings
}

fn group(scene: &Scene<'_>, listener: &Listener) -> Vec<Finding> {
    let (object, code) = (ObjectRef::group(&listener.group), CheckCode::Groups);
    let binding = ObjectRef::vserver_group(&listener.vserver, &listener.group);
    let about = |finding: Finding| finding.at(Step::Groups).on(object.clone());
    let mut findings = Vec::new();
    let Some(seen) = scene.find(&object) else {
        let finding = Finding::fail(code, format!("The {object} is missing."))
            .because("Somebody removed it, so its virtual server has nobody to pass connections to.")
            .mend("Plan: the plan makes it again with its members.");
        return vec![about(finding)];
    };
    if let Some(source) = autoscale::told(seen) {
        let sentence = autoscale::sentence(&listener.group, &source);
        let finding = Finding::fail(code, format!("The members of {object} come from {source}."))
            .seen(sentence)
            .because("Somebody set its autoScale. The nodes of the set-up are not bound there by Gatehouse, and members that come by themselves carry no server ID, without which MAM sessions do not find their node.")
            .mend("Name another group in the Groups step and plan: a new one is made with the nodes of the set-up. This one stays as it is.");
        return vec![about(finding)];
    }
    match life(seen) {
        Life::Disabled => {
            let matters = "A group that is disabled takes all its members out of service.";
            let name = format!("The {object}");
            findings.push(switches::off(scene, code, Grade::Fail, seen, &name, matters).at(Step::Groups));
        }
        Life::Unknown => findings.push(about(Finding::not_checked(
            code,
            format!("The {object} is {}, which is no word that is known here.", word(seen)),
        ))),
        Life::Down if scene.up_in(&listener.group) > 0 => findings.push(about(
            Finding::fail(code, format!("The {object} is {} although members of it are UP.", word(seen)))
                .because("Nothing that was read explains it."),
        )),
        Life::Down if scene.snapshot.members(&listener.group).next().is_none() => findings.push(about(
            Finding::fail(code, format!("The {object} has no members."))
                .because("Without members it stays DOWN, and its virtual server with it.")
                .mend("Plan: the plan binds the nodes of the set-up."),
        )),
        // Members say why.
        Life::Up | Life::Down | Life::Partly => {}
    }
    if text(seen, "healthmonitor").eq_ignore_ascii_case("NO") {
        findings.push(about(
            Finding::warn(code, format!("The {object} does not monitor its members."))
                .aspect("unmonitored")
                .because("With healthMonitor NO every member counts as UP, whatever has happened to it.")
                .mend("Plan: the plan switches monitoring on again."),
        ));
    }
    if scene.find(&binding).is_none() && scene.find(&ObjectRef::vserver(&listener.vserver)).is_some() {
        findings.push(about(
            Finding::fail(code, format!("The {object} is not bound to virtual server {}.", listener.vserver))
                .aspect("unbound")
                .because("Without the binding the virtual server passes nothing on and is DOWN.")
                .mend("Plan: the plan binds it again."),
        ));
    }
    findings
}

/// A virtual server's own faults. One that is DOWN only because of something else is mentioned there.
fn vserver(scene: &Scene<'_>, listener: &Listener, findings: &mut Vec<Finding>) {
    let (object, code) = (ObjectRef::vserver(&listener.vserver), CheckCode::VirtualServers);
    let step = if Step::Mam.of(&object, scene.desired) { Step::Mam } else { Step::Mdm };
    let about = |finding: Finding| finding.at(step).on(object.clone());
    let Some(seen) = scene.find(&object) else {
        let finding = Finding::fail(code, format!("The {object} is missing."))
            .because("Gatehouse made it, and somebody removed it since. Nobody answers at its address.")
            .mend("Plan: the plan makes it again.");
        findings.push(about(finding));
        return;
    };
    match life(seen) {
        Life::Up => {}
        Life::Disabled => {
            let matters = "Nobody answers at its address until it is enabled.";
            findings.push(switches::off(scene, code, Grade::Fail, seen, &format!("The {object}"), matters).at(step));
        }
        Life::Unknown => findings.push(about(Finding::not_checked(
            code,
            format!("The {object} is {}, which is no word that is known here.", word(seen)),
        ))),
        Life::Partly => findings.push(about(Finding::warn(code, format!("The {object} is {}.", word(seen))))),
        Life::Down if step == Step::Mam && certificate::is_missing(scene) => {}
        Life::Down => {
            // Nobody is left, and somebody wanted it so.
            let wanted = |finding: &Finding| {
                let kept = |object: &ObjectRef| scene.desired.kept_off(object).is_some();
                scene.up_in(&listener.group) == 0 && finding.objects.iter().any(kept)
            };
            let explains = |finding: &&mut Finding| {
                (finding.outcome == Grade::Fail || wanted(finding))
                    && finding.objects.iter().any(|cause| {
                        // A group stands first in the key of its members as well.
                        matches!(finding.code, CheckCode::Groups | CheckCode::Members)
                            && cause.part(0) == listener.group
                    })
            };
            if let Some(cause) = findings.iter_mut().find(explains) {
                cause.evidence.push(Evidence { text: format!("So {object} is {}.", word(seen)), at: None });
                cause.objects.push(object);
            } else {
                let mut finding = Finding::fail(code, format!("The {object} is {}.", word(seen)));
                let told = text(seen, "value");
                if !told.is_empty() {
                    finding = finding.seen(format!("The appliance says: {told}."));
                }
                findings.push(about(finding.because("Nothing else that was read explains it.")));
            }
        }
    }
}
