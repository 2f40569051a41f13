//! One row of a schema table, and the small words that build it.

/// The type column of the documentation; it predicts how a GET prints the value (`nitro.md` 3.0).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// Free text.
    Text,
    /// The name of an object.
    Name {
        /// Whether the first character must be alphabetic or `_` (a digit is fine for virtual servers).
        alphabetic: bool,
    },
    /// An address.
    Ip,
    /// One word of a list; taken in any case, kept and printed as listed.
    Choice(&'static [&'static str]),
    /// Printed as a *string* with a decimal number.
    Double,
    /// Printed as a number.
    Integer,
    Boolean,
    /// A list of texts, kept as one text with blanks between.
    Texts,
    /// One IPv4 address or many, kept as one text with blanks between; an item shows one.
    Addresses,
}

/// Which operations may carry the attribute.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Access {
    /// Names the object; required everywhere.
    Key,
    /// Names the object beside its key: required by add and set, told by an unset.
    Identity,
    /// Add (or bind) and set.
    Both,
    /// Add (or bind) only: immutable afterwards.
    Add,
    /// Set only: addresses something inside the object.
    Set,
    /// Accepted by actions only.
    Act,
    /// Never accepted.
    Read,
}

/// Where the CLI puts the value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Place {
    /// `-name value`.
    Option,
    /// A bare argument in `add`, an option in `set`.
    ArgumentOnAdd,
    /// A bare argument everywhere.
    Argument,
    /// Not at all.
    Nowhere,
}

/// One attribute.
#[expect(clippy::struct_excessive_bools, reason = "each is a property of its own, told by one word of a row")]
#[derive(Clone, Copy, Debug)]
pub(crate) struct Attribute {
    pub name: &'static str,
    pub kind: Kind,
    pub access: Access,
    pub required: bool,
    /// What a GET prints when nothing was set; `None`: the attribute is absent then.
    pub default: Option<&'static str>,
    pub range: Option<(i64, i64)>,
    pub length: (usize, usize),
    /// The exception of 3.0: documented as Double, printed as a number.
    pub as_number: bool,
    /// Taken, but never returned by a GET.
    pub hidden: bool,
    /// Never shown as it was sent: not in a GET, not in a CLI line.
    pub secret: bool,
    /// The CLI's camel case, used for options and in the brackets of error texts.
    pub cli: &'static str,
    pub place: Place,
}

/// A row with everything at rest; the words below change one thing each.
pub(crate) const fn attribute(name: &'static str, kind: Kind) -> Attribute {
    Attribute {
        name,
        kind,
        access: Access::Both,
        required: false,
        default: None,
        range: None,
        length: (1, 255),
        as_number: false,
        hidden: false,
        secret: false,
        cli: name,
        place: Place::Option,
    }
}

pub(crate) const fn text(name: &'static str) -> Attribute {
    attribute(name, Kind::Text)
}

pub(crate) const fn ip(name: &'static str) -> Attribute {
    attribute(name, Kind::Ip)
}

pub(crate) const fn choice(name: &'static str, words: &'static [&'static str]) -> Attribute {
    attribute(name, Kind::Choice(words))
}

pub(crate) const fn double(name: &'static str) -> Attribute {
    attribute(name, Kind::Double)
}

pub(crate) const fn integer(name: &'static str) -> Attribute {
    attribute(name, Kind::Integer)
}

pub(crate) const fn boolean(name: &'static str) -> Attribute {
    attribute(name, Kind::Boolean)
}

impl Attribute {
    /// Whether it is the name of the object, or a part of it.
    pub fn names(&self) -> bool {
        matches!(self.access, Access::Key | Access::Identity)
    }

    /// The object's name: required, a bare argument on the command line.
    pub const fn key(mut self) -> Self {
        self.access = Access::Key;
        self.required = true;
        self.place = Place::Argument;
        self.length = (1, 127);
        self
    }

    /// A second part of the name.
    pub const fn identity(mut self) -> Self {
        self.access = Access::Identity;
        self.required = true;
        self
    }

    pub const fn required(mut self) -> Self {
        self.required = true;
        self
    }

    pub const fn add_only(mut self) -> Self {
        self.access = Access::Add;
        self
    }

    pub const fn set_only(mut self) -> Self {
        self.access = Access::Set;
        self
    }

    pub const fn act_only(mut self) -> Self {
        self.access = Access::Act;
        self
    }

    pub const fn read_only(mut self) -> Self {
        self.access = Access::Read;
        self
    }

    pub const fn default(mut self, value: &'static str) -> Self {
        self.default = Some(value);
        self
    }

    /// Read-only and always the same in this lab.
    pub const fn fixed(self, value: &'static str) -> Self {
        self.read_only().default(value)
    }

    pub const fn range(mut self, low: i64, high: i64) -> Self {
        self.range = Some((low, high));
        self
    }

    pub const fn length(mut self, low: usize, high: usize) -> Self {
        self.length = (low, high);
        self
    }

    pub const fn as_number(mut self) -> Self {
        self.as_number = true;
        self
    }

    pub const fn hidden(mut self) -> Self {
        self.hidden = true;
        self
    }

    pub const fn secret(mut self) -> Self {
        self.secret = true;
        self
    }

    pub const fn cli(mut self, name: &'static str) -> Self {
        self.cli = name;
        self
    }

    pub const fn argument(mut self) -> Self {
        self.place = Place::Argument;
        self
    }

    /// Not part of a command line.
    pub const fn unspoken(mut self) -> Self {
        self.place = Place::Nowhere;
        self
    }

    pub const fn argument_on_add(mut self) -> Self {
        self.place = Place::ArgumentOnAdd;
        self
    }
}
