//! What moves by itself, put over what was read whole.

use super::upkeep::TLS;
use model::{
    object::{Attrs, Kind, ObjectRef},
    snapshot::{Seen, Snapshot},
    state::StateWord,
};
use std::collections::{BTreeMap, BTreeSet};

/// What the monitors heard last, among a member's facts.
pub const PROBE: &str = "probe";

/// The kinds that each look reads.
const MOVING: [Kind; 3] = [Kind::ServiceGroup, Kind::Member, Kind::LbVserver];

/// Whether the configuration of what each look reads is another one: something came, went, or was set differently.
pub fn is_changed(before: &Snapshot, moved: &Snapshot) -> bool {
    let moving = |snapshot: &Snapshot| -> BTreeMap<ObjectRef, Attrs> {
        let seen = snapshot.objects.iter().filter(|seen| MOVING.contains(&seen.object.kind));
        seen.map(|seen| (seen.object.clone(), seen.attrs.clone())).collect()
    };
    moving(before) != moving(moved)
}

/// `before` with the moving kinds as they are in `moved` and nowhere else: what has vanished is dropped, with the
/// bindings that hung on it.
pub fn onto(before: Snapshot, moved: Snapshot) -> Snapshot {
    let there: BTreeSet<&ObjectRef> = moved.objects.iter().map(|seen| &seen.object).collect();
    let hangs = |object: &ObjectRef| match object.kind {
        Kind::LbVserverGroup => {
            there.contains(&ObjectRef::vserver(object.part(0))) && there.contains(&ObjectRef::group(object.part(1)))
        }
        // The Gateway has certificates as well: only what was ours to see may vanish with its virtual server.
        Kind::VserverCert => {
            let vserver = ObjectRef::vserver(object.part(0));
            there.contains(&vserver) || before.find(&vserver).is_none()
        }
        _ => true,
    };
    let mut objects: Vec<Seen> = (before.objects.iter())
        .filter(|seen| !MOVING.contains(&seen.object.kind) && hangs(&seen.object))
        .cloned()
        .collect();
    objects.extend(moved.objects.iter().cloned().map(|seen| with_reason(seen, &before)));
    let whole_at = Some(before.read_whole_at());
    let mut unread = before.unread;
    unread.extend(moved.unread.into_iter().filter(|sentence| !unread.contains(sentence)).collect::<Vec<_>>());
    let mut snapshot = Snapshot { objects, whole_at, unread, glances: before.glances.saturating_add(1), ..before };
    snapshot.settle();
    snapshot
}

/// A member that still does not serve keeps its monitors' words until newer ones are asked for, and a virtual server what
/// was read of its TLS.
fn with_reason(mut seen: Seen, before: &Snapshot) -> Seen {
    let serves = seen.state.as_ref().is_some_and(StateWord::is_up);
    let probe = before.find(&seen.object).and_then(|old| old.facts.get(PROBE));
    if let (false, Some(probe)) = (serves, probe) {
        seen.facts.entry(PROBE.to_owned()).or_insert_with(|| probe.clone());
    }
    let old = before.find(&seen.object).filter(|old| old.object.kind == Kind::LbVserver);
    for (name, value) in old.iter().flat_map(|old| &old.facts).filter(|(name, _)| TLS.contains(&name.as_str())) {
        seen.facts.entry(name.clone()).or_insert_with(|| value.clone());
    }
    seen
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seen(object: ObjectRef, word: &str, probe: &str) -> Seen {
        let facts = if probe.is_empty() { Attrs::new() } else { Attrs::from([(PROBE.to_owned(), probe.into())]) };
        Seen { object, attrs: Attrs::new(), state: Some(StateWord(word.into())), facts }
    }

    fn snapshot(objects: Vec<Seen>) -> Snapshot {
        let mut snapshot = Snapshot { objects, ..Snapshot::default() };
        snapshot.settle();
        snapshot
    }

    #[test]
    fn states_move_and_configuration_changes() {
        let vserver = |word: &str| seen(ObjectRef::vserver("v"), word, "");
        let before = snapshot(vec![vserver("UP"), seen(ObjectRef::server("s"), "ENABLED", "")]);
        assert!(!is_changed(&before, &snapshot(vec![vserver("DOWN")])));
        assert!(is_changed(&before, &snapshot(vec![])));
        assert!(is_changed(&before, &snapshot(vec![vserver("UP"), seen(ObjectRef::group("g"), "UP", "")])));
        let mut other = vserver("UP");
        other.attrs.insert("timeout".into(), 5i64.into());
        assert!(is_changed(&before, &snapshot(vec![other])));
    }

    #[test]
    fn what_vanished_goes_with_what_hung_on_it_and_reasons_stay_while_they_are_needed() {
        let member = |name: &str| ObjectRef::member("sg", name, 443);
        let before = snapshot(vec![
            seen(ObjectRef::vserver("gone"), "UP", ""),
            seen(ObjectRef::vserver_cert("gone"), "", ""),
            seen(ObjectRef::vserver_cert("gateway"), "", ""),
            seen(ObjectRef::vserver_group("gone", "sg"), "", ""),
            seen(ObjectRef::vserver("stays"), "DOWN", ""),
            seen(ObjectRef::vserver_group("stays", "sg"), "", ""),
            seen(ObjectRef::group("sg"), "UP", ""),
            seen(member("a"), "DOWN", "tcp: refused"),
            seen(member("b"), "DOWN", "tcp: refused"),
            seen(member("c"), "UP", ""),
            seen(ObjectRef::server("c"), "ENABLED", ""),
        ]);
        let moved = snapshot(vec![
            seen(ObjectRef::vserver("stays"), "UP", ""),
            seen(ObjectRef::group("sg"), "UP", ""),
            seen(member("a"), "DOWN", ""),
            seen(member("b"), "UP", ""),
        ]);
        let after = onto(before, moved);
        let names: Vec<String> = after.objects.iter().map(|seen| seen.object.to_string()).collect();
        assert_eq!(
            names,
            [
                "server c",
                "service group sg",
                "member a:443 of sg",
                "member b:443 of sg",
                "virtual server stays",
                "binding of sg to stays",
                "certificate of gateway"
            ]
        );
        assert!(after.find(&member("a")).unwrap().facts.contains_key(PROBE));
        assert!(!after.find(&member("b")).unwrap().facts.contains_key(PROBE));
        assert_eq!((after.glances, after.whole_at), (1, Some(after.at)));
    }
}
