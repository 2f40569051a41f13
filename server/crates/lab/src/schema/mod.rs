//! The lab's own schema tables: what every resource looks like, written down once per resource.
//!
//! A table row says how NITRO spells an attribute, its documented type, what a GET prints for it, which values and
//! operations it takes, and how the CLI spells it. From these rows the lab checks requests ([`check`]), prints GET
//! items ([`render`]) and prints CLI lines ([`cli`]). Values are kept as text in canonical spelling ([`Fields`]).

mod attribute;
mod check;
mod cli;
mod fields;
mod kinds;
mod render;
pub(crate) mod tables;
pub(crate) mod versions;

pub(crate) use attribute::{Access, Attribute, Kind, Place};
pub(crate) use check::Operation;
pub(crate) use cli::{quoted, words};
pub(crate) use fields::Fields;

/// How a resource answers a GET.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Shape {
    /// A list, one item per name.
    Named,
    /// A list under a parent: without a name only with `bulkbindings=yes`, and an empty one has no key.
    Binding,
    /// One object without a name.
    Single,
}

/// One `?action=` of a resource.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Action {
    /// The word as printed in the documentation; matched exactly.
    pub name: &'static str,
    /// The attributes it takes; everything else is refused with 278.
    pub takes: &'static [&'static str],
}

/// One resource.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Schema {
    /// The name in the URL and in bodies.
    pub name: &'static str,
    /// The object's words on the command line, for example `lb vserver`.
    pub noun: &'static str,
    pub shape: Shape,
    /// In the order in which a GET prints them.
    pub attributes: &'static [Attribute],
    pub actions: &'static [Action],
    /// Identifiers that `GET ?args=` takes.
    pub get_args: &'static [&'static str],
    /// Identifiers that `DELETE ?args=` takes.
    pub delete_args: &'static [&'static str],
}

impl Schema {
    pub fn attribute(&self, name: &str) -> Option<&'static Attribute> {
        self.attributes.iter().find(|attribute| attribute.name == name)
    }

    pub fn action(&self, name: &str) -> Option<&'static Action> {
        self.actions.iter().find(|action| action.name == name)
    }

    /// Whether there is anything that a PUT could change; an address record, for one, is removed and made anew (3.16).
    pub fn can_be_set(&self) -> bool {
        self.attributes.iter().any(|attribute| matches!(attribute.access, Access::Both | Access::Set))
    }

    /// The attribute that carries the name in a path.
    pub fn key(&self) -> Option<&'static Attribute> {
        self.attributes.iter().find(|attribute| attribute.access == Access::Key)
    }
}
