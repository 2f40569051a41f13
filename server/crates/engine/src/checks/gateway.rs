//! How the Gateway finds the cluster: its state, its App Controller, the store's address in its session.

use super::scene::{Life, Scene, life, list, text, word};
use model::{
    desired::{Gateway, Step},
    finding::{CheckCode, Finding},
    object::{Kind, ObjectRef},
    snapshot::Seen,
};
use std::collections::BTreeSet;

pub fn check(scene: &Scene<'_>) -> Vec<Finding> {
    let Some(gateway) = &scene.desired.gateway else {
        let title = "Where the Gateway finds the cluster is not described.";
        let finding = Finding::not_checked(CheckCode::AppController, title).mend("Describe the Gateway step.");
        // Without MAM there is nothing that a Gateway could find.
        return scene.mam().map(|_| finding.at(Step::Gateway)).into_iter().collect();
    };
    // With its feature off it is DOWN, and that has been said.
    let has_feature = scene.find(&ObjectRef::feature("SSLVPN")).is_some();
    let mut findings: Vec<Finding> = has_feature.then(|| state(scene, gateway)).into_iter().collect();
    // Its pointer goes to MAM: until that is applied there is none.
    if scene.mam().is_some() {
        findings.push(controller(scene, gateway));
        findings.extend(actions(scene, gateway));
    }
    findings
}

fn state(scene: &Scene<'_>, gateway: &Gateway) -> Finding {
    let (code, object) = (CheckCode::Gateway, ObjectRef::gateway(&gateway.vserver));
    if let Some(sentence) = scene.unread(Kind::Gateway) {
        return Finding::not_checked(code, "The Gateway could not be read.").seen(sentence).on(object);
    }
    let finding = match scene.find(&object) {
        None => Finding::fail(code, format!("There is no {object} on the appliance."))
            .because("It was removed or renamed, or it is on another appliance.")
            .mend("Choose the Gateway again in the Gateway step."),
        Some(seen) => match life(seen) {
            Life::Up => Finding::pass(code, format!("The {object} is UP.")),
            Life::Down => Finding::fail(code, format!("The {object} is {}.", word(seen)))
                .because("Devices cannot sign in through it. Without a certificate, or with the feature SSLVPN off, it stays DOWN.")
                .mend("Look at its certificate and at the appliance's licence."),
            Life::Disabled => Finding::fail(code, format!("The {object} was switched off by hand."))
                .seen(format!("Its state is {}.", word(seen)))
                .because("Devices cannot sign in through it until it is enabled.")
                .mend(format!("Find out why, then type `enable vpn vserver {}`.", gateway.vserver)),
            Life::Partly | Life::Unknown => {
                Finding::not_checked(code, format!("The {object} is {}, which is no word that is known here.", word(seen)))
            }
        },
    };
    finding.at(Step::Gateway).on(object)
}

fn controller(scene: &Scene<'_>, gateway: &Gateway) -> Finding {
    let code = CheckCode::AppController;
    if let Some(sentence) = scene.unread(Kind::AppController) {
        return Finding::not_checked(code, "The App Controller of the Gateway could not be read.").seen(sentence);
    }
    let bound: Vec<&Seen> = scene.snapshot.bound_to(Kind::AppController, &gateway.vserver).collect();
    let urls: Vec<&str> = bound.iter().map(|seen| seen.object.part(1)).collect();
    let store = Gateway::url_of(scene.fqdn);
    let about = |finding: Finding| {
        let finding = finding.at(Step::Gateway).seen(match urls.as_slice() {
            [] => format!("{} has no App Controller.", gateway.vserver),
            _ => format!("{} has {}; wanted is {store}.", gateway.vserver, list(&urls)),
        });
        bound.iter().fold(finding, |finding, seen| finding.on(seen.object.clone()))
    };
    about(match urls.as_slice() {
        [] => Finding::fail(code, "The Gateway does not know where the cluster is.")
            .because("No App Controller is bound to it, so its users get no store.")
            .mend("Plan: the plan binds it."),
        [one] if same_url(one, &store) => Finding::pass(code, format!("The Gateway finds the cluster at {one}.")),
        [one] => Finding::fail(code, format!("The Gateway looks for the cluster at {one}."))
            .because("Another host, or the port 8443 missing: its users get another store or none.")
            .mend("Plan: the plan binds the right one. One that others bound is named and stays until they remove it."),
        all => Finding::fail(code, format!("The Gateway has {} App Controllers.", all.len()))
            .because(
                "Which of them a session gets is not said; with one of another cluster, half of the users end there.",
            )
            .mend("Leave one: unbind those that are not of this cluster."),
    })
}

/// Session actions that are bound to the Gateway by a policy or named in the set-up.
fn actions(scene: &Scene<'_>, gateway: &Gateway) -> Vec<Finding> {
    let code = CheckCode::SessionAction;
    if let Some(sentence) = scene.unread(Kind::SessionAction) {
        return vec![Finding::not_checked(code, "The Gateway's session actions could not be read.").seen(sentence)];
    }
    let mut names: BTreeSet<String> = gateway.actions.iter().cloned().collect();
    for bound in scene.snapshot.bound_to(Kind::GatewayPolicy, &gateway.vserver) {
        let policy = ObjectRef::new(Kind::SessionPolicy, [bound.object.part(1)]);
        names.extend(scene.find(&policy).map(|seen| text(seen, "action")).filter(|name| !name.is_empty()));
    }
    let (mut findings, mut right) = (Vec::new(), Vec::new());
    let store = Gateway::url_of(scene.fqdn);
    for name in names {
        let object = ObjectRef::session_action(&name);
        let wanted = gateway.actions.contains(&name);
        let url = scene.find(&object).map(|seen| text(seen, "storefronturl"));
        let finding = match url.as_deref() {
            None if wanted => Finding::fail(code, format!("There is no {object} on the appliance."))
                .because("It was removed or renamed since it was chosen.")
                .mend("Choose the session actions again in the Gateway step."),
            Some("") if wanted => Finding::fail(code, format!("The {object} names no store."))
                .because(
                    "Secure Hub is told the store's address when its session begins; without one it finds no apps.",
                )
                .mend("Plan: the plan sets it."),
            None | Some("") => continue,
            Some(url) if same_url(url, &store) => {
                right.push(format!("{object}: {url}."));
                continue;
            }
            Some(url) => {
                Finding::fail(code, format!("The {object} sends users to another store than the App Controller."))
                    .seen(format!("It says {url}; the App Controller is to be {store}."))
                    .because("Secure Hub is told this address when its session begins, and believes it.")
                    .mend(if wanted {
                        "Plan: the plan sets it."
                    } else {
                        "Choose this action in the Gateway step, then plan."
                    })
            }
        };
        findings.push(finding.at(Step::Gateway).on(object));
    }
    if findings.is_empty() {
        let title = if right.is_empty() {
            "No session action of the Gateway names a store, so its App Controller counts."
        } else {
            "The Gateway's session actions name the same store as its App Controller."
        };
        findings.push(right.into_iter().fold(Finding::pass(code, title), Finding::seen));
    }
    findings
}

fn same_url(one: &str, other: &str) -> bool {
    one.trim().trim_end_matches('/').eq_ignore_ascii_case(other.trim().trim_end_matches('/'))
}
