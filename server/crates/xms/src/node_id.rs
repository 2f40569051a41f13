//! The number of a node (`xenmobile.md` 5.1): very probably its IPv4 address as an unsigned 32-bit number, big-endian.
//! That rests on one example, so a computed number is always shown as such beside what was configured or reported.

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::{fmt, net::Ipv4Addr, str::FromStr};

/// A node's number. Kept as it was written; signed and unsigned forms of the same 32 bits are equal.
#[derive(Debug, Clone, Eq)]
pub struct NodeId {
    text: String,
    bits: Bits,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Bits {
    /// 32 bits, however signed.
    Address(u32),
    /// Longer: the predecessor's 63 bits.
    Long(u64),
}

/// How a number is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum IdForm {
    /// 0 to 4294967295.
    Unsigned,
    /// Negative: an address from 128.0.0.0 on, printed as a signed number.
    Signed,
    /// Longer than 32 bits: the scheme of `XenMobile` 9.
    Legacy,
}

/// Where a number was read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Source {
    /// The node's menu program; where sources differ, this one is right.
    Cli,
    /// The console's Cluster Information page.
    ClusterPage,
    /// The cookie that the node sets.
    Cookie,
    /// Typed or pasted by a person.
    Typed,
    /// Configured on the `NetScaler`: what ought to be, not what is.
    NetScaler,
    /// From the address, by a rule that no document states.
    Computed,
}

impl fmt::Display for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Cli => "reported by the node's menu program",
            Self::ClusterPage => "shown on the Cluster Information page",
            Self::Cookie => "set by the node as a cookie",
            Self::Typed => "typed in",
            Self::NetScaler => "configured on the NetScaler",
            Self::Computed => "computed from the IP address (not documented)",
        })
    }
}

/// A number and where it was read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct IdSighting {
    /// The number.
    pub id: NodeId,
    /// Where it was read.
    pub source: Source,
}

/// What several sightings of one node say together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IdVerdict {
    /// By the best source.
    pub best: IdSighting,
    /// Whether somebody saw it on the node, or it was only computed, typed or configured.
    pub observed: bool,
    /// Those that say otherwise.
    pub others: Vec<IdSighting>,
}

/// Puts sightings of one node together; `None` without any.
pub fn judge(sightings: &[IdSighting]) -> Option<IdVerdict> {
    let best = sightings.iter().min_by_key(|sighting| sighting.source)?.clone();
    let others = sightings.iter().filter(|sighting| sighting.id != best.id).cloned().collect();
    Some(IdVerdict { observed: best.source <= Source::Cookie, best, others })
}

impl NodeId {
    /// The number that an address gives by the rule. Show it as [`Source::Computed`].
    pub fn from_ipv4(address: Ipv4Addr) -> Self {
        let number = address.to_bits();
        Self { text: number.to_string(), bits: Bits::Address(number) }
    }

    /// The address that the rule gives back; none for the long form.
    pub fn ipv4(&self) -> Option<Ipv4Addr> {
        match self.bits {
            Bits::Address(bits) => Some(Ipv4Addr::from_bits(bits)),
            Bits::Long(_) => None,
        }
    }

    /// As it was written.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// How it was written.
    pub fn form(&self) -> IdForm {
        match self.bits {
            Bits::Long(_) => IdForm::Legacy,
            Bits::Address(_) if self.text.starts_with('-') => IdForm::Signed,
            Bits::Address(_) => IdForm::Unsigned,
        }
    }

    /// The 32 bits as a signed number, as some programs print them; `None` for the long form.
    pub fn signed(&self) -> Option<i32> {
        match self.bits {
            Bits::Address(bits) => Some(bits.cast_signed()),
            Bits::Long(_) => None,
        }
    }

    /// The 32 bits as an unsigned number; `None` for the long form.
    pub fn unsigned(&self) -> Option<u32> {
        match self.bits {
            Bits::Address(bits) => Some(bits),
            Bits::Long(_) => None,
        }
    }
}

impl PartialEq for NodeId {
    fn eq(&self, other: &Self) -> bool {
        self.bits == other.bits
    }
}

impl std::hash::Hash for NodeId {
    fn hash<H: std::hash::Hasher>(&self, state: &mut H) {
        self.bits.hash(state);
    }
}

impl fmt::Display for NodeId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

/// Why a text is no node ID, in words for the person who pasted it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NodeIdError {
    /// Nothing there.
    #[error("A node ID is needed: the number that the node's menu shows under Clustering, Show Cluster Status.")]
    Empty,
    /// No number in it.
    #[error(
        "There is no node ID in this text. Paste the number alone, or the line \"Current Node ID: …\" as it stands."
    )]
    NoNumber,
    /// An IP address.
    #[error(
        "This is the address {address}; its node ID would be {id}, computed from it. Enter that if the node confirms it."
    )]
    Address {
        /// The address.
        address: Ipv4Addr,
        /// Its number by the rule.
        id: NodeId,
    },
    /// Several different numbers.
    #[error("This text holds several different numbers: {}. Paste the one of this node.", .0.join(", "))]
    Several(Vec<String>),
    /// Too large, or too far below zero.
    #[error("The number {0} is no node ID: it does not fit into 32 bits, nor is it one of XenMobile 9's long ones.")]
    OutOfRange(String),
}

impl FromStr for NodeId {
    type Err = NodeIdError;

    /// One number and nothing else.
    fn from_str(text: &str) -> Result<Self, NodeIdError> {
        let text = text.trim();
        if text.is_empty() {
            return Err(NodeIdError::Empty);
        }
        if let Ok(address) = text.parse::<Ipv4Addr>() {
            return Err(NodeIdError::Address { address, id: Self::from_ipv4(address) });
        }
        let digits = text.strip_prefix('-').unwrap_or(text);
        if digits.is_empty() || !digits.bytes().all(|b| b.is_ascii_digit()) {
            return Err(NodeIdError::NoNumber);
        }
        let out_of_range = || NodeIdError::OutOfRange(text.chars().take(40).collect());
        let number: i128 = text.parse().map_err(|_| out_of_range())?;
        let bits = if let Ok(bits) = u32::try_from(number) {
            Bits::Address(bits)
        } else if let Ok(signed) = i32::try_from(number) {
            Bits::Address(signed.cast_unsigned())
        } else {
            Bits::Long(i64::try_from(number).ok().and_then(|long| long.try_into().ok()).ok_or_else(out_of_range)?)
        };
        Ok(Self { text: number.to_string(), bits })
    }
}

/// Reads what people paste: the number, the menu's line, the whole page, a cookie.
///
/// # Errors
/// A [`NodeIdError`], whose text is for them.
pub fn paste(text: &str) -> Result<NodeId, NodeIdError> {
    let outcome = text.parse::<NodeId>();
    if !matches!(outcome, Err(NodeIdError::NoNumber)) {
        return outcome;
    }
    let mut found: Vec<NodeId> = Vec::new();
    for label in ["node id", "nodeid", "server id", "serverid"] {
        // ASCII case folding keeps the positions.
        let folded = text.to_ascii_lowercase();
        for (at, _) in folded.match_indices(label) {
            let rest = text[at + label.len()..].trim_start_matches([' ', '\t', ':', '=', '"', '\'']);
            let end = rest.char_indices().find(|&(i, c)| !(c.is_ascii_digit() || (i == 0 && c == '-')));
            let number = &rest[..end.map_or(rest.len(), |(i, _)| i)];
            match number.parse::<NodeId>() {
                Ok(id) if !found.contains(&id) => found.push(id),
                Err(error @ NodeIdError::OutOfRange(_)) => return Err(error),
                _ => {}
            }
        }
    }
    match found.len() {
        0 => Err(NodeIdError::NoNumber),
        1 => Ok(found.swap_remove(0)),
        _ => Err(NodeIdError::Several(found.into_iter().map(|id| id.text).collect())),
    }
}

impl Serialize for NodeId {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.text)
    }
}

impl<'de> Deserialize<'de> for NodeId {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
    }
}
