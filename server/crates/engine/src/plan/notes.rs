//! What a plan does not cover. A reader who knows the gaps can trust the rest.

use model::snapshot::Snapshot;

/// Adds what holds for every plan on this snapshot; `works` when the plan has operations.
pub fn standing(notes: &mut Vec<String>, snapshot: &Snapshot, works: bool) {
    notes.extend(snapshot.unread.iter().map(|what| {
        format!("Not everything could be read, and what is not seen is not planned for: {}", what.sentence.trim())
    }));
    match (works, snapshot.unsaved) {
        (true, Some(true)) => notes.push(
            "The appliance already has unsaved changes. The save at the end of this plan keeps them as well, whoever made \
             them."
                .into(),
        ),
        (false, Some(true)) => notes.push(
            "The appliance has unsaved changes, none of them Gatehouse's. They are lost at a restart unless somebody saves \
             them."
                .into(),
        ),
        (true, None) => notes.push("The appliance does not say whether it has unsaved changes; the plan saves all.".into()),
        _ => {}
    }
    if works {
        notes.extend([
            "Only this appliance is changed. Whether an HA peer has taken the changes over is not part of the plan."
                .to_owned(),
            "The plan configures; it does not send traffic. Whether devices get through is seen in the states and checks \
             afterwards."
                .to_owned(),
            "Virtual servers for content switching are not looked at. Should one of them hold an address and \
             port of this plan, the appliance refuses the operation and the run stops there."
                .to_owned(),
        ]);
    }
}
