//! A plan: the immutable difference between desired state and what was read, as ordered operations.

use crate::{
    finding::Grade,
    ids::ClusterId,
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

/// How a planned request changes something. None of them reads.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum Method {
    Post,
    Put,
    Delete,
}

impl Method {
    /// As it goes over the wire.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Post => "POST",
            Self::Put => "PUT",
            Self::Delete => "DELETE",
        }
    }
}

/// One NITRO request as data; `nitro` turns it into a URL and a body (`nitro.md` 1.1).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Call {
    pub method: Method,
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
    /// Who consents, consents to its removal: the next plan takes it away.
    #[serde(default)]
    pub removes: bool,
    /// Another object that is the reason: the virtual server that listens on the wanted address.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub other: Option<ObjectRef>,
    /// Gatehouse made or adopted the object for this other cluster.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub owner: Option<ClusterId>,
}

impl Conflict {
    /// The input must change.
    pub fn refusal(object: ObjectRef, sentence: impl Into<String>) -> Self {
        let sentence = sentence.into();
        Self { object, sentence, adoptable: false, removes: false, other: None, owner: None }
    }

    /// Gatehouse may take it over, with consent.
    pub fn adoptable(object: ObjectRef, sentence: impl Into<String>) -> Self {
        Self { adoptable: true, ..Self::refusal(object, sentence) }
    }

    /// Gatehouse may take it away, with consent.
    pub fn removable(object: ObjectRef, sentence: impl Into<String>) -> Self {
        Self { removes: true, ..Self::adoptable(object, sentence) }
    }
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
    /// What was adopted and is in the set-up no more: it stays until somebody asks for its removal.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub kept: Vec<ObjectRef>,
    /// Nodes whose connections it cuts: applying it wants their names typed.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub cuts: Vec<Cut>,
}

/// Something that is wrong and that a plan does not mend.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Remains {
    pub outcome: Grade,
    pub sentence: String,
    /// What to do about it; empty where nothing is known to help.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub fix: String,
}

/// A node that is taken out of groups while devices use it, as counted when the plan was made.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cut {
    /// Name of its server.
    pub node: String,
    /// In how many groups.
    pub members: usize,
    /// `None`: the appliance did not say.
    pub connections: Option<i64>,
}

impl Cut {
    pub fn sentence(&self) -> String {
        let Self { node, connections, .. } = self;
        match connections {
            Some(1) => format!("{node} has 1 open connection, which is cut."),
            Some(many) => format!("{node} has {many} open connections, which are cut."),
            None => format!("{node} serves, and how many connections it has is not known; all of them are cut."),
        }
    }
}

/// What a person adds to the button *Apply*.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct ApplyForm {
    /// Names of the nodes that are cut off, typed.
    pub confirm: String,
    /// Ticked: with an undo, the set-up goes back as well.
    pub take_back: String,
}

impl ApplyForm {
    pub fn takes_back(&self) -> bool {
        !self.take_back.trim().is_empty()
    }
}

/// Whether the names of all nodes that are cut off were typed, in any order; otherwise the sentence for the field.
pub fn confirmed(cuts: &[Cut], typed: &str) -> Result<(), String> {
    let said: Vec<&str> = typed.split([' ', ',', ';', '\t']).filter(|word| !word.is_empty()).collect();
    let missing: Vec<&str> = cuts
        .iter()
        .map(|cut| cut.node.as_str())
        .filter(|node| !said.iter().any(|word| word.eq_ignore_ascii_case(node)))
        .collect();
    match missing.as_slice() {
        [] => Ok(()),
        [one] => Err(format!("Type the name {one}: its connections are cut when this plan is applied.")),
        all => Err(format!("Type the names {}: their connections are cut when this plan is applied.", all.join(", "))),
    }
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

    /// Nothing is changed; what is running is written to disk.
    pub fn only_saves(&self) -> bool {
        !self.operations.is_empty() && self.operations.iter().all(|operation| operation.verb == Verb::Save)
    }

    /// What it takes away or unbinds.
    pub fn removals(&self) -> impl Iterator<Item = &Operation> {
        self.operations.iter().filter(|operation| matches!(operation.verb, Verb::Unbind | Verb::Remove))
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

    fn cut(node: &str, connections: Option<i64>) -> Cut {
        Cut { node: node.into(), members: 1, connections }
    }

    #[test]
    fn every_node_that_is_cut_off_is_typed() {
        let cuts = [cut("xms02", Some(7)), cut("xms04", None)];
        assert_eq!(confirmed(&[], ""), Ok(()));
        for typed in ["xms02 xms04", "XMS04,xms02", " xms04 ;\txms02 and more"] {
            assert_eq!(confirmed(&cuts, typed), Ok(()), "{typed}");
        }
        assert!(confirmed(&cuts, "xms02").is_err_and(|said| said.contains("xms04") && !said.contains("xms02")));
        assert!(confirmed(&cuts, "yes").is_err_and(|said| said.contains("xms02, xms04")));
        assert!(cuts[1].sentence().contains("not known"), "{}", cuts[1].sentence());
        assert_eq!(cut("a", Some(1)).sentence(), "a has 1 open connection, which is cut.");
    }

    #[test]
    fn a_plan_that_was_written_before_is_still_read() {
        let old = r#"{"fingerprint":"f","operations":[],"unchanged":[],"notes":["n"],
            "conflicts":[{"object":{"kind":"server","key":["s"]},"sentence":"There.","adoptable":true}]}"#;
        let plan: Plan = serde_json::from_str(old).unwrap();
        assert_eq!(plan.conflicts, [Conflict::adoptable(ObjectRef::server("s"), "There.")]);
        assert!(plan.kept.is_empty() && plan.cuts.is_empty() && !plan.only_saves());
    }
}
