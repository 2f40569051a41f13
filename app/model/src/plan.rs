//! A plan: the immutable difference between desired state and what was read, as ordered operations.

use crate::{
    finding::Outcome,
    object::{Attrs, Kind, ObjectRef},
};
use serde::{Deserialize, Serialize};

/// What an operation does to its object.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Verb {
    /// Switch a feature on. Its word in what is stored is older than the two below.
    #[serde(rename = "enable")]
    FeatureOn,
    Add,
    Set,
    /// Back to the appliance's default.
    Unset,
    Bind,
    Unbind,
    Remove,
    /// Put an object that is there back into service.
    #[serde(rename = "switch_on")]
    Enable,
    /// Take an object that is there out of service.
    #[serde(rename = "switch_off")]
    Disable,
    /// Write the running configuration to disk.
    Save,
}

impl Verb {
    /// How a diff marks it: `+`, `~`, `-` or, for what changes no object, a dot.
    pub const fn mark(self) -> &'static str {
        match self {
            Self::FeatureOn | Self::Add | Self::Bind => "+",
            Self::Set | Self::Unset | Self::Enable | Self::Disable => "~",
            Self::Unbind | Self::Remove => "−",
            Self::Save => "·",
        }
    }

    pub const fn word(self) -> &'static str {
        match self {
            Self::FeatureOn | Self::Enable => "Enable",
            Self::Disable => "Disable",
            Self::Add => "Add",
            Self::Set => "Change",
            Self::Unset => "Reset",
            Self::Bind => "Bind",
            Self::Unbind => "Unbind",
            Self::Remove => "Remove",
            Self::Save => "Save",
        }
    }
}

/// One NITRO request as data; `nitro` turns it into a URL and a body (`nitro.md` 1.1).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Call {
    /// `GET`, `POST`, `PUT` or `DELETE`.
    pub method: String,
    pub resource: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub args: Vec<(String, String)>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub action: Option<String>,
    /// The object inside the top-level resource key.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub body: Option<serde_json::Value>,
}

/// How to take an operation back.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Inverse {
    /// This verb on the same object, with these attributes.
    Do { verb: Verb, attrs: Attrs },
    /// It stays, for this reason.
    Stays(String),
}

/// One step of a plan. Nothing is left to decide when it runs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Operation {
    /// 1-based position in the plan; records name it.
    pub seq: u32,
    pub verb: Verb,
    pub object: ObjectRef,
    /// What is sent besides the key. After success the object has these values.
    #[serde(default)]
    pub attrs: Attrs,
    /// For a change: the values before.
    #[serde(default)]
    pub before: Attrs,
    /// Why, in a sentence.
    pub reason: String,
    pub call: Call,
    /// The same thing typed at the appliance's command line.
    pub cli: String,
    pub inverse: Inverse,
}

impl Operation {
    /// What it does, in the fewest words: `Add server xms01`, `Bind sg to vs`, `Save the configuration`.
    pub fn title(&self) -> String {
        let object = &self.object;
        match (self.verb, object.kind) {
            (Verb::Save, _) => "Save the configuration".into(),
            (Verb::Bind, Kind::LbVserverGroup) => format!("Bind {} to {}", object.part(1), object.part(0)),
            (Verb::Unbind, Kind::LbVserverGroup) => format!("Unbind {} from {}", object.part(1), object.part(0)),
            (Verb::Add, Kind::CertFile) => format!("Upload {object}"),
            (Verb::Bind, Kind::VserverCert) => format!("Bind the {object}"),
            (Verb::Unbind, Kind::VserverCert) => format!("Unbind the {object}"),
            (Verb::Bind, Kind::CertLink) => format!("Link the {object}"),
            (Verb::Unbind, Kind::CertLink) => format!("Unlink the {object}"),
            (verb, _) => format!("{} {object}", verb.word()),
        }
    }
}

/// What keeps a plan from being applied, until somebody decides.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Conflict {
    pub object: ObjectRef,
    /// A sentence: what is there, what was wanted.
    pub sentence: String,
    /// Gatehouse may take the object over once somebody consents; otherwise the input must change.
    pub adoptable: bool,
}

/// The difference, ready to apply when it has no conflicts.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Plan {
    /// Of the configuration that was read; apply refuses when it moved.
    pub fingerprint: String,
    pub operations: Vec<Operation>,
    /// What is already as it should be.
    pub unchanged: Vec<ObjectRef>,
    pub conflicts: Vec<Conflict>,
    /// What the plan does not cover or could not see, in sentences.
    pub notes: Vec<String>,
    /// What is wrong now and will be wrong when all of this is done.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub remains: Vec<Remains>,
}

/// Something that is wrong and that a plan does not mend.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Remains {
    pub outcome: Outcome,
    pub sentence: String,
    /// What to do about it; empty where nothing is known to help.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub fix: String,
}

/// How many of each, for the header.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    pub add: usize,
    pub change: usize,
    pub remove: usize,
    pub unchanged: usize,
}

impl Plan {
    pub fn is_empty(&self) -> bool {
        self.operations.is_empty()
    }

    pub fn counts(&self) -> Counts {
        let mut counts = Counts { unchanged: self.unchanged.len(), ..Counts::default() };
        for operation in &self.operations {
            match operation.verb {
                Verb::FeatureOn | Verb::Add | Verb::Bind => counts.add += 1,
                Verb::Set | Verb::Unset | Verb::Enable | Verb::Disable => counts.change += 1,
                Verb::Unbind | Verb::Remove => counts.remove += 1,
                Verb::Save => {}
            }
        }
        counts
    }

    pub fn operation(&self, seq: u32) -> Option<&Operation> {
        self.operations.iter().find(|operation| operation.seq == seq)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A plan as it was stored before objects could be enabled and disabled by one.
    const STORED: &str = r#"{"fingerprint":"f1","operations":[{"seq":1,"verb":"enable","object":{"kind":"feature","key":["LB"]},"attrs":{},"before":{},"reason":"Load balancing is off.","call":{"method":"POST","resource":"nsfeature","action":"enable","body":{"feature":["LB"]}},"cli":"enable ns feature LB","inverse":{"stays":"A feature stays on."}}],"unchanged":[],"conflicts":[],"notes":[]}"#;

    #[test]
    fn an_old_plan_is_read_and_keeps_its_bytes() {
        let plan: Plan = serde_json::from_str(STORED).unwrap();
        assert_eq!(plan.operations[0].verb, Verb::FeatureOn);
        assert_eq!(serde_json::to_string(&plan).unwrap(), STORED);
    }

    #[test]
    fn each_verb_has_a_word_of_its_own_in_what_is_stored() {
        let all = [Verb::FeatureOn, Verb::Enable, Verb::Disable].map(|verb| serde_json::to_value(verb).unwrap());
        assert_eq!(all, ["enable", "switch_on", "switch_off"]);
    }
}
