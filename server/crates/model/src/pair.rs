//! The other half of a pair, as the half that answers sees it (`nitro.md` 3.4, 3.22).

use crate::{clock::At, ids::ActNo, pair_role::PairRole};
use serde::{Deserialize, Deserializer, Serialize};

/// What is known of it. Words are the appliance's own; empty where it says none.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Pair {
    /// Of the other half.
    pub address: String,
    pub role: PairRole,
    /// How it is: `UP`, `DOWN`, `INIT`, `STAYSECONDARY`, `DISABLED`.
    pub status: String,
    /// Its copy of the configuration: `SUCCESS`, `ENABLED`, `IN PROGRESS`, `DISABLED`, `FAILED`.
    pub sync: String,
    /// Why the last synchronisation failed; newer releases.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub sync_failure: String,
    /// Both halves pass commands on; `None`: not told.
    pub passes_on: Option<bool>,
    /// What this half was told and the other one was not, as far as Gatehouse knows.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub behind: Option<Behind>,
    /// What was stored before these were data: a sentence.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub told: String,
}

/// Operations of ours that the peer has not taken over, and no synchronisation was seen since.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Behind {
    /// When the last of them was done.
    pub since: At,
    /// The run that did it.
    pub act: ActNo,
    pub operations: u32,
    /// What the appliance said.
    pub cause: String,
}

/// Whether the other half has the same configuration.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sync {
    InStep,
    /// It is being brought over now; until it has ended, nothing is passed on.
    Running,
    /// Switched off.
    Off,
    Failed,
    /// No word, or one that we do not know.
    Unknown,
}

/// How the other half is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PeerState {
    Ready,
    /// Both say that they are the primary.
    AlsoPrimary,
    Starting,
    /// It does not answer its other half.
    Silent,
    /// It answers, and would not take over.
    Unready,
}

impl Pair {
    pub fn sync(&self) -> Sync {
        match self.sync.trim().to_ascii_uppercase().as_str() {
            "IN PROGRESS" => Sync::Running,
            _ if !self.sync_failure.is_empty() => Sync::Failed,
            "SUCCESS" | "ENABLED" => Sync::InStep,
            "DISABLED" => Sync::Off,
            "FAILED" => Sync::Failed,
            _ => Sync::Unknown,
        }
    }

    /// What would become of the pair if the half that answers failed now.
    pub fn peer(&self) -> PeerState {
        match (&self.role, self.status.trim().to_ascii_uppercase().as_str()) {
            (PairRole::Primary, _) => PeerState::AlsoPrimary,
            (PairRole::Secondary, "UP") => PeerState::Ready,
            (_, "INIT") => PeerState::Starting,
            (PairRole::Unknown | PairRole::NotTold, _) | (_, "DOWN" | "") => PeerState::Silent,
            _ => PeerState::Unready,
        }
    }

    /// It stands ready: if this half fails, that one takes over.
    pub fn is_ready(&self) -> bool {
        self.peer() == PeerState::Ready
    }

    /// In one sentence.
    pub fn sentence(&self) -> String {
        if !self.told.is_empty() {
            return self.told.clone();
        }
        let or = |word: &str| if word.is_empty() { "not told".to_owned() } else { word.to_owned() };
        format!(
            "The peer {} is {}, its node state {}, its synchronisation {}.",
            or(&self.address),
            self.role,
            or(&self.status),
            or(&self.sync)
        )
    }
}

/// Data, or the sentence that was stored before.
pub(crate) fn read<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Pair>, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum Stored {
        Sentence(String),
        Data(Pair),
    }
    Ok(Option::<Stored>::deserialize(deserializer)?.map(|stored| match stored {
        Stored::Sentence(told) => Pair { told, ..Pair::default() },
        Stored::Data(pair) => pair,
    }))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::snapshot::Snapshot;

    fn pair(sync: &str) -> Pair {
        Pair { sync: sync.into(), role: "Secondary".into(), status: "UP".into(), ..Pair::default() }
    }

    #[test]
    fn words_of_the_copy_are_understood_and_unknown_ones_are_unknown() {
        for (word, expected) in [
            ("SUCCESS", Sync::InStep),
            ("ENABLED", Sync::InStep),
            ("In Progress", Sync::Running),
            ("DISABLED", Sync::Off),
            ("FAILED", Sync::Failed),
            ("", Sync::Unknown),
            ("SUCCESSFUL-ISH", Sync::Unknown),
        ] {
            assert_eq!(pair(word).sync(), expected, "{word}");
        }
        assert_eq!(Pair { sync_failure: "2 command(s) failed".into(), ..pair("SUCCESS") }.sync(), Sync::Failed);
        assert!(pair("SUCCESS").is_ready() && !Pair { status: "DOWN".into(), ..pair("SUCCESS") }.is_ready());
    }

    #[test]
    fn the_other_half_is_ready_only_as_a_secondary_that_is_up() {
        for (role, status, expected) in [
            ("Secondary", "UP", PeerState::Ready),
            ("secondary", " up ", PeerState::Ready),
            ("Primary", "UP", PeerState::AlsoPrimary),
            ("Primary", "DOWN", PeerState::AlsoPrimary),
            ("Secondary", "INIT", PeerState::Starting),
            ("UNKNOWN", "INIT", PeerState::Starting),
            ("UNKNOWN", "UP", PeerState::Silent),
            ("", "UP", PeerState::Silent),
            ("Secondary", "DOWN", PeerState::Silent),
            ("Secondary", "", PeerState::Silent),
            ("Secondary", "STAYSECONDARY", PeerState::Unready),
            ("CLAIMING", "UP", PeerState::Unready),
        ] {
            let pair = Pair { role: role.into(), status: status.into(), ..Pair::default() };
            assert_eq!((pair.peer(), pair.is_ready()), (expected, expected == PeerState::Ready), "{role} {status}");
        }
    }

    #[test]
    fn a_stored_sentence_and_stored_data_are_both_read() {
        let mut json = serde_json::to_value(Snapshot::default()).unwrap();
        assert!(json.get("pair").is_none() && json.get("peer").is_none(), "{json}");
        json["peer"] = "The peer 10.0.0.11 is Secondary, its node state UP.".into();
        let old: Snapshot = serde_json::from_value(json).unwrap();
        assert_eq!(old.pair.unwrap().sentence(), "The peer 10.0.0.11 is Secondary, its node state UP.");
        let new = Snapshot { pair: Some(pair("SUCCESS")), ..Snapshot::default() };
        let again: Snapshot = serde_json::from_value(serde_json::to_value(&new).unwrap()).unwrap();
        assert_eq!(again, new);
    }
}
