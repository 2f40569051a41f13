//! The words in which the table of kinds is written.

use model::object::{Attrs, Value};

/// How the values of an attribute are compared (`nitro.md` 5.3).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ValueForm {
    /// Text, integer or float on the wire; an integer here.
    Number,
    /// An enumeration: taken in any case, returned in upper case.
    Word,
    /// As given, without blanks at the ends.
    Text,
    /// Parsed, never compared as text.
    Address,
    /// A host name: in lower case, without its last dot.
    Host,
    /// A file in the store of certificates: given by its name, echoed perhaps with its folder (3.13).
    File,
}

/// What an appliance has where nobody set anything.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Preset {
    /// Nothing is documented, or the attribute is required.
    None,
    Number(i64),
    Text(&'static str),
}

impl Preset {
    pub fn value(self) -> Option<Value> {
        match self {
            Self::None => None,
            Self::Number(number) => Some(Value::Number(number)),
            Self::Text(text) => Some(text.into()),
        }
    }
}

/// One attribute that Gatehouse compares and changes. All others are left alone and never seen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Attribute {
    /// NITRO name.
    pub name: &'static str,
    /// Name of the command line's option, without its hyphen.
    pub option: &'static str,
    /// In `add`, the value stands without its option's name, in the table's order.
    pub positional: bool,
    pub form: ValueForm,
    pub preset: Preset,
    pub change: Changeable,
}

/// What can become of an attribute once its object is there (`nitro.md` 5.2).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Changeable {
    /// `PUT` changes it.
    Put,
    /// The object would have to be replaced.
    Never,
    /// It says whether the object is in service; `enable` and `disable` change it.
    Switch,
    /// It is sent and never read back, so it cannot be compared: contents of files.
    WriteOnly,
}

impl Attribute {
    pub fn is_switch(&self) -> bool {
        self.change == Changeable::Switch
    }

    pub fn is_write_only(&self) -> bool {
        self.change == Changeable::WriteOnly
    }
}

/// One part of a key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct KeyPart {
    pub name: &'static str,
    pub form: ValueForm,
    /// Name of its option on the command line, where it does not stand bare.
    pub option: Option<&'static str>,
}

/// Everything about a kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct KindRules {
    /// NITRO resource.
    pub resource: &'static str,
    /// As people call it in a sentence.
    pub noun: &'static str,
    /// The words after the verb on the command line.
    pub cli: &'static str,
    pub key: &'static [KeyPart],
    /// Made with `PUT` and `bind`, not with `POST` and `add` (1.1).
    pub bound: bool,
    /// The resource that `PUT` and `unset` go to: a member is changed through its group (3.8).
    pub changed_through: &'static str,
    /// Made and taken back by these actions instead of a method of HTTP: `link` and `unlink` (3.13).
    pub actions: Option<(&'static str, &'static str)>,
    pub attributes: &'static [Attribute],
}

impl KindRules {
    pub fn attribute(&self, name: &str) -> Option<&'static Attribute> {
        self.attributes.iter().find(|attribute| attribute.name == name)
    }

    /// The documented default of an attribute.
    pub fn preset(&self, name: &str) -> Option<Value> {
        self.attribute(name).and_then(|attribute| attribute.preset.value())
    }

    /// The attribute that says whether an object of this kind is in service.
    pub fn switch(&self) -> Option<&'static Attribute> {
        self.attributes.iter().find(|attribute| attribute.is_switch())
    }

    /// Key and managed attributes: what an `attrs=` query should ask for.
    pub fn fields(&self) -> impl Iterator<Item = &'static str> {
        self.key.iter().map(|part| part.name).chain(self.attributes.iter().map(|attribute| attribute.name))
    }
}

/// The attribute of a switch, and its two words (3.6 to 3.11).
pub const STATE: &str = "state";
pub const ON: &str = "ENABLED";
pub const OFF: &str = "DISABLED";

/// These attributes say that the object was switched off: itself, not something that it stands on.
pub fn is_off(attrs: &Attrs) -> bool {
    attrs.get(STATE) == Some(&Value::from(OFF))
}
