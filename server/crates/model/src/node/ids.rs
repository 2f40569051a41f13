//! Node IDs by source (`xenmobile.md` 5).

use super::door::Door;
use crate::{clock::At, freshness::Freshness};
use serde::{Deserialize, Serialize};
use std::{fmt, net::Ipv4Addr};

/// Where a number comes from; the order is that of authority.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Source {
    /// The node's menu program, asked over SSH.
    Ssh,
    /// The menu program's answer, pasted by a person.
    Pasted,
    /// A cookie that the node's pages set.
    ConsolePage,
    /// Computed from the address.
    Address,
}

impl Source {
    pub const ALL: [Self; 4] = [Self::Ssh, Self::Pasted, Self::ConsolePage, Self::Address];
}

impl fmt::Display for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Ssh => "SSH",
            Self::Pasted => "pasted",
            Self::ConsolePage => "page",
            Self::Address => "computed",
        })
    }
}

/// A node ID, as it was written there.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct IdFact {
    pub source: Source,
    pub id: String,
    /// `None`: computed, which is no reading.
    pub at: Option<At>,
    /// Why it is not verified; `None`: it is.
    #[serde(default)]
    pub doubt: Option<String>,
}

/// Pages are asked and texts are pasted when somebody wants to know, not at intervals: a day long that is taken for now.
const HALF_A_DAY: u32 = 43_200;

impl IdFact {
    pub fn is_verified(&self) -> bool {
        self.doubt.is_none()
    }

    /// What it is worth now. `interval`: seconds between two looks.
    pub fn freshness(&self, now: At, interval: u32) -> Freshness {
        match (self.source, self.at) {
            (_, None) => Freshness::Fresh,
            (Source::Ssh, Some(at)) => Door::Ssh.freshness(at, now, interval),
            (_, Some(at)) => Freshness::of(at, now, HALF_A_DAY),
        }
    }

    /// Something may be concluded from it.
    pub fn counts(&self, now: At, interval: u32) -> bool {
        self.freshness(now, interval) == Freshness::Fresh
    }
}

/// The number that an address gives by a rule that rests on one example (`xenmobile.md` 5.1).
pub fn computed_id(address: Ipv4Addr) -> IdFact {
    let doubt = "No document states the rule; it is right where one node of the site has confirmed it.";
    IdFact { source: Source::Address, id: address.to_bits().to_string(), at: None, doubt: Some(doubt.into()) }
}

/// A number as it is compared: signed and unsigned forms of the same 32 bits are one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum IdKey<'a> {
    Number(i128),
    Text(&'a str),
}

impl<'a> IdKey<'a> {
    pub fn of(text: &'a str) -> Self {
        let text = text.trim();
        let bits = |number: i128| i32::try_from(number).map_or(number, |signed| signed.cast_unsigned().into());
        text.parse().map_or(Self::Text(text), |number| Self::Number(bits(number)))
    }

    /// The one that an address gives, as [`computed_id`] has it.
    pub(super) fn computed(address: Ipv4Addr) -> Self {
        Self::Number(address.to_bits().into())
    }
}

/// Whether two numbers are the same node's.
pub fn same_id(one: &str, other: &str) -> bool {
    IdKey::of(one) == IdKey::of(other)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn signed_and_unsigned_forms_are_one_number() {
        assert!(same_id("3232235777", "-1062731519"));
        assert!(same_id(" 7 ", "7"));
        assert!(!same_id("7", "8"));
        assert!(!same_id("8226125278091195649", "7"));
        assert!(!same_id("abc", "7"));
        assert!(same_id(" abc", "abc "));
        let address = Ipv4Addr::new(192, 168, 1, 1);
        assert_eq!(IdKey::computed(address), IdKey::of(&computed_id(address).id));
    }
}
