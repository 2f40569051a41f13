//! Objects that are out of service because somebody switched them off: by hand, or on purpose and with a reason.

use super::scene::{Life, Scene, life, word};
use model::{
    desired::Step,
    finding::{CheckCode, Finding, Grade, Remedy},
    object::{Kind, ObjectRef},
    snapshot::Seen,
};

const HAND: &str =
    "Plan: the plan enables it again. If it is to stay disabled, say why under Switches; then no plan enables it.";

/// What is said of an object that is disabled itself. `name` begins the sentence; `matters` is why it matters.
pub fn off(scene: &Scene<'_>, code: CheckCode, outcome: Grade, seen: &Seen, name: &str, matters: &str) -> Finding {
    let finding = match scene.desired.kept_off(&seen.object) {
        Some(kept) => Finding::warn(code, format!("{name} is kept disabled on purpose."))
            .seen(kept.sentence())
            .because(format!("So it is wanted. {matters}"))
            .mend("Nothing, while the reason holds. When it does not any more, enable it under Switches."),
        None => Finding::new(code, outcome, format!("{name} was switched off by hand.")).because(matters).mend(HAND),
    };
    finding.seen(format!("Its state is {}.", word(seen))).on(seen.object.clone()).by(Remedy::Switches)
}

/// What is to be out of service, and is not.
pub fn back_on(scene: &Scene<'_>) -> Vec<Finding> {
    let wanted = scene.desired.kept_off.iter().filter_map(|kept| Some((kept, scene.find(&kept.object)?)));
    wanted
        .filter(|(_, seen)| life(seen) != Life::Disabled)
        .map(|(kept, seen)| {
            let (code, step) = place(&kept.object, scene);
            Finding::warn(code, format!("The {} is to be kept disabled, and it is enabled.", kept.object))
                .seen(kept.sentence())
                .seen(format!("Its state is {}.", word(seen)))
                .because("Somebody enabled it, or what was saved here has not been applied yet.")
                .mend("Plan: the plan disables it. If the reason is gone, enable it under Switches.")
                .at(step)
                .on(kept.object.clone())
                .by(Remedy::Switches)
        })
        .collect()
}

fn place(object: &ObjectRef, scene: &Scene<'_>) -> (CheckCode, Step) {
    match object.kind {
        Kind::LbVserver if Step::Mam.of(object, scene.desired) => (CheckCode::VirtualServers, Step::Mam),
        Kind::LbVserver => (CheckCode::VirtualServers, Step::Mdm),
        Kind::ServiceGroup => (CheckCode::Groups, Step::Groups),
        _ => (CheckCode::Members, Step::Groups),
    }
}
