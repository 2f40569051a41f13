//! What moves by itself, put over what was read whole.

use super::upkeep::TLS;
use model::{
    object::{Kind, ObjectRef},
    snapshot::{Seen, Snapshot},
    state::StateWord,
};
use std::collections::BTreeSet;

/// What the monitors heard last, among a member's facts.
pub const PROBE: &str = "probe";

/// The kinds that each look reads.
const MOVING: [Kind; 3] = [Kind::ServiceGroup, Kind::Member, Kind::LbVserver];

/// What a look is about.
#[derive(Clone, Debug, Default)]
pub(crate) struct About {
    /// Groups that Gatehouse made or adopted: why their members do not serve is asked.
    pub owned_groups: BTreeSet<String>,
    /// What is described or owned here, where there is so much else that only this is asked for.
    pub only: Option<Ours>,
    /// The last look went well.
    pub steady: bool,
}

/// Those of the moving kinds that a look asked for.
pub struct Moved {
    pub seen: Snapshot,
    /// Names of the virtual servers and groups that were asked for; `None`: all of them.
    pub only: Option<Ours>,
}

/// Virtual servers and groups by name.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Ours {
    pub vservers: BTreeSet<String>,
    pub groups: BTreeSet<String>,
}

impl Moved {
    /// Whether this object would be there if it were on the appliance.
    fn shows(&self, object: &ObjectRef) -> bool {
        let name = object.part(0);
        match (&self.only, object.kind) {
            (None, kind) => MOVING.contains(&kind),
            (Some(ours), Kind::LbVserver) => ours.vservers.contains(name),
            (Some(ours), Kind::ServiceGroup | Kind::Member) => ours.groups.contains(name),
            (Some(_), _) => false,
        }
    }
}

/// Whether the configuration of what each look reads is another one: something came, went, or was set differently.
pub fn is_changed(before: &Snapshot, moved: &Moved) -> bool {
    let known = before.objects.iter().filter(|seen| moved.shows(&seen.object));
    let mut found = moved.seen.objects.iter();
    let mut known = known.map(|seen| (&seen.object, &seen.attrs));
    loop {
        match (known.next(), found.next()) {
            (None, None) => return false,
            (Some(known), Some(found)) if known == (&found.object, &found.attrs) => {}
            _ => return true,
        }
    }
}

/// `before` with the moving kinds as they were seen now: what has vanished is dropped, with the bindings that hung on it.
pub fn onto(before: &Snapshot, moved: Moved) -> Snapshot {
    let gone = |object: &ObjectRef| moved.shows(object) && moved.seen.find(object).is_none();
    let hangs = |object: &ObjectRef| match object.kind {
        Kind::LbVserverGroup => !gone(&ObjectRef::vserver(object.part(0))) && !gone(&ObjectRef::group(object.part(1))),
        // The Gateway has certificates as well: only what was ours to see may vanish with its virtual server.
        Kind::VserverCert => {
            let vserver = ObjectRef::vserver(object.part(0));
            !gone(&vserver) || before.find(&vserver).is_none()
        }
        _ => true,
    };
    let mut objects: Vec<Seen> =
        (before.objects.iter()).filter(|seen| !moved.shows(&seen.object) && hangs(&seen.object)).cloned().collect();
    objects.extend(moved.seen.objects.into_iter().map(|seen| with_reason(seen, before)));
    let (whole_at, glances) = (Some(before.read_whole_at()), before.glances.saturating_add(1));
    let mut snapshot = Snapshot { objects, whole_at, glances, ..before.without_objects() };
    snapshot.unread.extend(moved.seen.unread.into_iter().filter(|unread| !before.unread.contains(unread)));
    snapshot.settle();
    snapshot
}

/// These kinds, taken out: they are read again.
pub fn take_out(snapshot: &mut Snapshot, kinds: &[Kind]) {
    // A link is read with its key.
    let again = |kind: Kind| kinds.contains(&if kind == Kind::CertLink { Kind::CertKey } else { kind });
    snapshot.objects.retain(|seen| !again(seen.object.kind));
    snapshot.remembered.retain(|object| !again(object.kind));
    snapshot.unread.retain(|unread| !unread.kind.is_some_and(again));
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
    use model::object::Attrs;

    fn seen(object: ObjectRef, word: &str, probe: &str) -> Seen {
        let facts = if probe.is_empty() { Attrs::new() } else { Attrs::from([(PROBE.to_owned(), probe.into())]) };
        Seen { object, attrs: Attrs::new(), state: Some(StateWord(word.into())), facts }
    }

    fn snapshot(objects: Vec<Seen>) -> Snapshot {
        let mut snapshot = Snapshot { objects, ..Snapshot::default() };
        snapshot.settle();
        snapshot
    }

    fn all(objects: Vec<Seen>) -> Moved {
        Moved { seen: snapshot(objects), only: None }
    }

    #[test]
    fn states_move_and_configuration_changes() {
        let vserver = |word: &str| seen(ObjectRef::vserver("v"), word, "");
        let before = snapshot(vec![vserver("UP"), seen(ObjectRef::server("s"), "ENABLED", "")]);
        assert!(!is_changed(&before, &all(vec![vserver("DOWN")])));
        assert!(is_changed(&before, &all(vec![])));
        assert!(is_changed(&before, &all(vec![vserver("UP"), seen(ObjectRef::group("g"), "UP", "")])));
        let mut other = vserver("UP");
        other.attrs.insert("timeout".into(), 5i64.into());
        assert!(is_changed(&before, &all(vec![other])));
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
        let moved = all(vec![
            seen(ObjectRef::vserver("stays"), "UP", ""),
            seen(ObjectRef::group("sg"), "UP", ""),
            seen(member("a"), "DOWN", ""),
            seen(member("b"), "UP", ""),
        ]);
        let after = onto(&before, moved);
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

    #[test]
    fn what_was_not_asked_for_stays_as_it_was() {
        let before = snapshot(vec![
            seen(ObjectRef::vserver("ours"), "UP", ""),
            seen(ObjectRef::vserver("theirs"), "UP", ""),
            seen(ObjectRef::vserver_group("theirs", "sg-theirs"), "", ""),
            seen(ObjectRef::group("sg"), "UP", ""),
            seen(ObjectRef::member("sg", "a", 443), "UP", ""),
            seen(ObjectRef::member("sg-theirs", "b", 443), "UP", ""),
        ]);
        let names = |name: &str| BTreeSet::from([name.to_owned()]);
        let asked = |objects: Vec<Seen>| Moved {
            seen: snapshot(objects),
            only: Some(Ours { vservers: names("ours"), groups: names("sg") }),
        };
        let ours = |word: &str| {
            vec![
                seen(ObjectRef::vserver("ours"), word, ""),
                seen(ObjectRef::group("sg"), "UP", ""),
                seen(ObjectRef::member("sg", "a", 443), word, ""),
            ]
        };
        assert!(!is_changed(&before, &asked(ours("DOWN"))));
        assert!(is_changed(&before, &asked(ours("UP").split_off(1))), "one of ours has gone");
        let after = onto(&before, asked(ours("DOWN")));
        assert_eq!(after.objects.len(), before.objects.len());
        let word = |object: ObjectRef| after.find(&object).unwrap().state.clone().unwrap().0;
        assert_eq!(word(ObjectRef::vserver("ours")), "DOWN");
        assert_eq!(word(ObjectRef::vserver("theirs")), "UP");
    }
}
