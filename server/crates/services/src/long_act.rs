//! What takes time, between the record of its begin and that of its end. See [`crate::Services::long_act`].

use model::{
    ActNo, At,
    record::{Entry, Outcome, RecordKind},
};

/// Something that takes time and has begun.
#[derive(Clone)]
pub(crate) struct LongAct {
    /// In the log.
    pub number: ActNo,
    pub begun: Entry,
    /// The kind of the record that ends it.
    pub ends_as: RecordKind,
}

impl LongAct {
    /// The record of its end. Who makes one writes it.
    pub(crate) fn ended(&self, at: At, outcome: Outcome, summary: String) -> Entry {
        Entry { at, kind: self.ends_as, act: Some(self.number), outcome: Some(outcome), summary, ..self.begun.clone() }
    }
}
