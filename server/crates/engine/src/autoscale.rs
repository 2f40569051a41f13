//! Groups whose members come from elsewhere. An appliance lets nobody enable or disable such a group or its members, and
//! whoever binds or unbinds there works against what does it by itself (`nitro.md` 6.2 A4).

use crate::kinds;
use model::{
    object::{Kind, ObjectRef},
    snapshot::{Seen, Snapshot},
};

/// The attribute of a service group that says so.
pub const AUTOSCALE: &str = "autoscale";

/// Where the members of a group come from, for the middle of a sentence; `None`: somebody binds them.
pub fn source(snapshot: &Snapshot, group: &str) -> Option<String> {
    snapshot.find(&ObjectRef::group(group)).and_then(told)
}

/// The same, of what was read of the group.
pub fn told(group: &Seen) -> Option<String> {
    let preset = kinds::of(Kind::ServiceGroup).preset(AUTOSCALE);
    let word = group.attrs.get(AUTOSCALE).filter(|word| Some(*word) != preset.as_ref())?.to_string();
    Some(match word.as_str() {
        "POLICY" => "a policy".to_owned(),
        "CLOUD" => "a cloud".to_owned(),
        "API" => "an API".to_owned(),
        _ => word,
    })
}

/// Of a group or a member: where the members of its group come from.
pub fn of(snapshot: &Snapshot, object: &ObjectRef) -> Option<String> {
    match object.kind {
        Kind::ServiceGroup | Kind::Member => source(snapshot, object.part(0)),
        _ => None,
    }
}

/// Why nothing is done to it.
pub fn sentence(group: &str, source: &str) -> String {
    format!(
        "The members of service group {group} come from {source} (autoscale), so nobody enables, disables, binds or unbinds \
         anything there, and Gatehouse leaves the group and its members alone."
    )
}
