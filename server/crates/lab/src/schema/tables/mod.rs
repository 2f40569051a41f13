//! The tables, one file per resource family. Names, types, ranges and defaults are those of `nitro.md` section 3.

pub(crate) mod access;
pub(crate) mod certificates;
pub(crate) mod content;
pub(crate) mod counters;
pub(crate) mod dns;
pub(crate) mod gateway;
pub(crate) mod ha;
pub(crate) mod lbgroup;
pub(crate) mod lbmonitor;
pub(crate) mod lbvserver;
pub(crate) mod lbvserver_bindings;
pub(crate) mod license;
pub(crate) mod ntp;
pub(crate) mod parameters;
pub(crate) mod persistence;
pub(crate) mod policies;
pub(crate) mod server;
pub(crate) mod service;
pub(crate) mod servicegroup;
pub(crate) mod servicegroup_bindings;
pub(crate) mod session;
pub(crate) mod statistics;
pub(crate) mod system;
pub(crate) mod texts;
mod words;

use super::{
    Kind,
    attribute::{Attribute, attribute, boolean, choice, double, integer, ip, text},
};

/// A name whose first character is alphabetic or `_`.
const fn name(spelling: &'static str) -> Attribute {
    attribute(spelling, Kind::Name { alphabetic: true })
}

/// A name that may begin with a digit.
const fn wide_name(spelling: &'static str) -> Attribute {
    attribute(spelling, Kind::Name { alphabetic: false })
}

const fn texts(spelling: &'static str) -> Attribute {
    attribute(spelling, Kind::Texts)
}
