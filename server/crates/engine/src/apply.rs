//! Has an operation taken effect? Judged by what is read back, not by what the appliance answered.

use crate::kinds;
use model::{
    object::{Attrs, Kind, ObjectRef, Value},
    plan::{Operation, Verb},
    snapshot::{Seen, Snapshot},
};

/// The attribute of [`ObjectRef::config`] in a read: `"true"` or `"false"`, absent where the appliance does not say.
pub const UNSAVED: &str = "unsaved";

/// What a read says of an operation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Effect {
    /// The effect is there.
    Holds,
    /// It is not.
    Lacks,
    /// The read cannot tell: an old build does not say whether everything is saved (`nitro.md` 3.3).
    Silent,
    /// It is listed as an answer that is remembered: by itself that proves nothing, and some builds list a record that was
    /// made in no other way (6.2 A3).
    Remembered,
}

/// The fact by which an address record says what it is, and the word for an answer that is only remembered (3.16).
const AUTHTYPE: &str = "authtype";
const PROXY: &str = "PROXY";

/// What was read is an answer that somebody gave, not a record.
pub fn is_remembered(seen: &Seen) -> bool {
    let word = seen.facts.get(AUTHTYPE).map(ToString::to_string).unwrap_or_default();
    seen.object.kind == Kind::AddressRecord && word.eq_ignore_ascii_case(PROXY)
}

/// The effect of a confirmed operation is still there: as itself, or as the only thing that some builds list.
pub fn stands(op: &Operation, snapshot: &Snapshot) -> bool {
    let remembered = matches!(op.verb, Verb::Add | Verb::Bind) && snapshot.remembers(&op.object);
    remembered || sight(op, snapshot.find(&op.object)) == Effect::Holds
}

/// Does what was read show the operation's effect?
pub fn holds(op: &Operation, read: Option<&Seen>) -> bool {
    sight(op, read) == Effect::Holds
}

/// [`holds`], with the case in which nobody can say.
pub fn sight(op: &Operation, read: Option<&Seen>) -> Effect {
    let read = match read.filter(|seen| is_remembered(seen)) {
        Some(_) if matches!(op.verb, Verb::Add | Verb::Bind) => return Effect::Remembered,
        // For everything else there is no record.
        Some(_) => None,
        None => read,
    };
    let yes = match op.verb {
        Verb::FeatureOn => read.is_some(),
        Verb::Add | Verb::Bind | Verb::Set | Verb::Unset | Verb::Enable | Verb::Disable => {
            read.is_some_and(|seen| mismatches(&op.object, &op.attrs, &seen.attrs).is_empty())
        }
        Verb::Unbind | Verb::Remove => read.is_none(),
        Verb::Save => match read.and_then(|seen| seen.attrs.get(UNSAVED)) {
            None => return Effect::Silent,
            Some(unsaved) => *unsaved == Value::from("false"),
        },
    };
    if yes { Effect::Holds } else { Effect::Lacks }
}

/// Which of `expected` the object does not have, each as `timeout is 2, not 20`.
pub fn mismatches(object: &ObjectRef, expected: &Attrs, seen: &Attrs) -> Vec<String> {
    let rules = kinds::of(object.kind);
    expected
        .iter()
        .filter(|(name, value)| match rules.attribute(name) {
            Some(attribute) if attribute.is_write_only() => false,
            Some(attribute) => !kinds::equal(attribute, Some(*value), seen.get(*name)),
            None => seen.get(*name) != Some(*value),
        })
        .map(|(name, value)| format!("{name} is {}, not {value}", shown(object, name, seen)))
        .collect()
}

/// A value as people see it: the default where nothing was set.
pub fn shown(object: &ObjectRef, name: &str, attrs: &Attrs) -> String {
    let value = attrs.get(name).cloned().or_else(|| kinds::of(object.kind).preset(name));
    value.map_or_else(|| "not set".to_owned(), |value| value.to_string())
}
