//! What must be there, object by object.

use model::object::{Attrs, ObjectRef, Value};

/// One object that must be there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wanted {
    pub object: ObjectRef,
    /// What it must have; what is left out must be at its default.
    pub attrs: Attrs,
    /// Why, for somebody who reads the plan late in the evening.
    pub reason: String,
}

/// What must be there, and what was decided on the way.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Target {
    /// Each object once, whatever it refers to before it.
    pub wanted: Vec<Wanted>,
    /// Servers that exist under another name and are used as they are.
    pub notes: Vec<String>,
    /// Where the desired state contradicts itself or lacks something. Saving prevents most of it; a plan must not guess.
    pub contradictions: Vec<(ObjectRef, String)>,
}

impl Target {
    /// One sentence for an object: the first is what the others come from.
    pub fn contradict(&mut self, object: ObjectRef, sentence: String) {
        if !self.contradictions.iter().any(|(other, _)| *other == object) {
            self.contradictions.push((object, sentence));
        }
    }

    pub fn wants(&self, object: &ObjectRef) -> bool {
        self.find(object).is_some()
    }

    pub fn find(&self, object: &ObjectRef) -> Option<&Wanted> {
        self.wanted.iter().find(|wanted| wanted.object == *object)
    }

    pub fn add(&mut self, object: ObjectRef, attrs: Attrs, reason: String) {
        if self.wants(&object) {
            let sentence = format!("The set-up asks for {object} twice. Give one of them another name or port.");
            self.contradict(object, sentence);
        } else {
            self.wanted.push(Wanted { object, attrs, reason });
        }
    }
}

pub fn attrs<const N: usize>(pairs: [(&str, Value); N]) -> Attrs {
    pairs.into_iter().map(|(name, value)| (name.to_owned(), value)).collect()
}
