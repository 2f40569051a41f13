//! Has an operation taken effect? Judged by what is read back, not by what the appliance answered.

use crate::kinds;
use model::{
    object::{Attrs, ObjectRef, Value},
    plan::{Operation, Verb},
    snapshot::Seen,
};

/// The attribute of [`ObjectRef::config`] in a read: `"true"` or `"false"`, absent where the appliance does not say.
pub const UNSAVED: &str = "unsaved";

/// What a read says of an operation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sight {
    /// The effect is there.
    Holds,
    /// It is not.
    Lacks,
    /// The read cannot tell: an old build does not say whether everything is saved (`nitro.md` 3.3).
    Silent,
}

/// Does what was read show the operation's effect?
pub fn holds(op: &Operation, read: Option<&Seen>) -> bool {
    sight(op, read) == Sight::Holds
}

/// [`holds`], with the case in which nobody can say.
pub fn sight(op: &Operation, read: Option<&Seen>) -> Sight {
    let yes = match op.verb {
        Verb::FeatureOn => read.is_some(),
        Verb::Add | Verb::Bind | Verb::Set | Verb::Unset | Verb::Enable | Verb::Disable => {
            read.is_some_and(|seen| mismatches(&op.object, &op.attrs, &seen.attrs).is_empty())
        }
        Verb::Unbind | Verb::Remove => read.is_none(),
        Verb::Save => match read.and_then(|seen| seen.attrs.get(UNSAVED)) {
            None => return Sight::Silent,
            Some(unsaved) => *unsaved == Value::from("false"),
        },
    };
    if yes { Sight::Holds } else { Sight::Lacks }
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
