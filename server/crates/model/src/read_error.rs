//! Why an appliance could not be read: a kind that rules go by, and a sentence for people.

use serde::{Deserialize, Serialize};
use std::fmt;

/// What stood in the way. Stored, so that no word is ever renamed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ReadErrorKind {
    /// Nobody took the connection: off, refused, no way there.
    Unreachable,
    /// The connection was taken, and then nothing came in time or it broke off.
    Silent,
    /// The two sides have no TLS in common.
    Handshake,
    /// Nobody vouches for the certificate, or it is not valid for this appliance and this day.
    Untrusted,
    /// Another certificate than the accepted one was shown.
    KeyChanged,
    /// The account was refused, or is not shown any more because it was.
    Account,
    /// The account may not read this.
    Forbidden,
    /// It is starting, or a part of it is down.
    NotReady,
    /// It answered, and said no with this number.
    Refused { code: i64 },
    /// What answers is no NetScaler.
    Foreign,
    /// It answered, and what it said could not be read.
    Unreadable,
    /// A mistake or a lack of our own.
    Ours,
    /// An earlier program kept the sentence alone.
    Unknown,
}

impl ReadErrorKind {
    /// Stable, for machines.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Unreachable => "unreachable",
            Self::Silent => "silent",
            Self::Handshake => "handshake",
            Self::Untrusted => "untrusted",
            Self::KeyChanged => "key_changed",
            Self::Account => "credential_refused",
            Self::Forbidden => "forbidden",
            Self::NotReady => "not_ready",
            Self::Refused { .. } => "appliance_refused",
            Self::Foreign => "foreign",
            Self::Unreadable => "unreadable_answer",
            Self::Ours => "not_asked",
            Self::Unknown => "not_read",
        }
    }

    /// How it is, in a list of appliances.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Unreachable | Self::Silent | Self::Unknown => "does not answer",
            Self::Handshake => "no common TLS",
            Self::Untrusted => "not trusted",
            Self::KeyChanged => "another certificate",
            Self::Account => "account refused",
            Self::Forbidden => "account may not read",
            Self::NotReady => "not ready",
            Self::Refused { .. } => "refuses",
            Self::Foreign => "no NetScaler",
            Self::Unreadable => "answer not understood",
            Self::Ours => "was not asked",
        }
    }

    /// Of two halves of a pair that were both asked: that something came back from one of them tells more than silence.
    #[must_use]
    pub const fn or(self, other: Self) -> Self {
        if self.is_no_answer() { other } else { self }
    }

    /// Nothing came back: what is on the way, or this machine's own network, may be to blame as well as the appliance.
    pub const fn is_no_answer(self) -> bool {
        matches!(self, Self::Unreachable | Self::Silent)
    }
}

/// Reading failed; nothing is known of what was asked for. Never the same as "absent".
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReadError {
    pub kind: ReadErrorKind,
    sentence: String,
}

impl ReadError {
    pub fn new(kind: ReadErrorKind, sentence: impl Into<String>) -> Self {
        Self { kind, sentence: sentence.into() }
    }

    /// What a person reads: what happened, and what to do.
    pub fn sentence(&self) -> &str {
        &self.sentence
    }
}

impl fmt::Display for ReadError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.sentence)
    }
}

impl std::error::Error for ReadError {}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    const ALL: [ReadErrorKind; 13] = [
        ReadErrorKind::Unreachable,
        ReadErrorKind::Silent,
        ReadErrorKind::Handshake,
        ReadErrorKind::Untrusted,
        ReadErrorKind::KeyChanged,
        ReadErrorKind::Account,
        ReadErrorKind::Forbidden,
        ReadErrorKind::NotReady,
        ReadErrorKind::Refused { code: 258 },
        ReadErrorKind::Foreign,
        ReadErrorKind::Unreadable,
        ReadErrorKind::Ours,
        ReadErrorKind::Unknown,
    ];

    #[test]
    fn of_two_halves_the_one_that_answered_tells_more() {
        let (silent, other) = (ReadErrorKind::Silent, ReadErrorKind::KeyChanged);
        assert_eq!([silent.or(other), other.or(silent)], [other, other]);
        assert!(silent.or(ReadErrorKind::Unreachable).is_no_answer());
    }

    #[test]
    fn each_has_a_code_of_its_own_and_only_silence_is_no_answer() {
        let codes: BTreeSet<&str> = ALL.iter().map(|kind| kind.code()).collect();
        assert_eq!(codes.len(), ALL.len());
        let silent: Vec<_> = ALL.into_iter().filter(|kind| kind.is_no_answer()).collect();
        assert_eq!(silent, [ReadErrorKind::Unreachable, ReadErrorKind::Silent]);
    }
}
