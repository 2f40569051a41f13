//! What there is to know of each kind of object: names, keys, managed attributes, defaults (`nitro.md` 3.6 to 3.12, 5.2).

mod normalise;
mod table;

pub use normalise::{equal, normalise, normalise_json};

use model::object::{Kind, Value};

/// How the values of an attribute are compared (`nitro.md` 5.3).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// Text, integer or float on the wire; an integer here.
    Number,
    /// An enumeration: taken in any case, returned in upper case.
    Word,
    /// As given, without blanks at the ends.
    Text,
    /// Parsed, never compared as text.
    Address,
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
    pub form: Form,
    pub preset: Preset,
    /// `PUT` may change it (5.2); otherwise the object would have to be replaced.
    pub settable: bool,
}

/// One part of a key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct KeyPart {
    pub name: &'static str,
    pub form: Form,
}

/// Everything about a kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rules {
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
    pub attributes: &'static [Attribute],
}

impl Rules {
    pub fn attribute(&self, name: &str) -> Option<&'static Attribute> {
        self.attributes.iter().find(|attribute| attribute.name == name)
    }

    /// The documented default of an attribute.
    pub fn preset(&self, name: &str) -> Option<Value> {
        self.attribute(name).and_then(|attribute| attribute.preset.value())
    }

    /// Key and managed attributes: what an `attrs=` query should ask for.
    pub fn fields(&self) -> impl Iterator<Item = &'static str> {
        self.key.iter().map(|part| part.name).chain(self.attributes.iter().map(|attribute| attribute.name))
    }
}

/// The rules of a kind.
pub const fn of(kind: Kind) -> &'static Rules {
    match kind {
        Kind::Feature => &table::FEATURE,
        Kind::Server => &table::SERVER,
        Kind::ServiceGroup => &table::SERVICE_GROUP,
        Kind::Member => &table::MEMBER,
        Kind::LbVserver => &table::LB_VSERVER,
        Kind::LbVserverGroup => &table::LB_VSERVER_GROUP,
        Kind::Config => &table::CONFIG,
    }
}

/// The feature is needed by more than us, a server by anybody's members: both are used without being owned.
pub const fn needs_ownership(kind: Kind) -> bool {
    !matches!(kind, Kind::Feature | Kind::Server | Kind::Config)
}
