//! What is wrong with a form, field by field.

use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// A sentence for each field that cannot stay as it is. The empty field name means the form as a whole.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct FieldErrors(pub BTreeMap<String, String>);

impl FieldErrors {
    /// One field, one sentence.
    pub fn one(field: &str, sentence: impl Into<String>) -> Self {
        let mut errors = Self::default();
        errors.add(field, sentence);
        errors
    }

    /// The first sentence for a field stays: it is about what was typed, later ones are about its consequences.
    pub fn add(&mut self, field: &str, sentence: impl Into<String>) {
        self.0.entry(field.to_owned()).or_insert_with(|| sentence.into());
    }

    /// Keeps the value, or notes the sentence and gives `None`.
    pub fn keep<T>(&mut self, field: &str, result: Result<T, String>) -> Option<T> {
        match result {
            Ok(value) => Some(value),
            Err(sentence) => {
                self.add(field, sentence);
                None
            }
        }
    }

    /// One more sentence for a field that may have some.
    pub fn join(&mut self, field: &str, sentence: &str) {
        let said = self.0.entry(field.to_owned()).or_default();
        if !said.is_empty() {
            said.push(' ');
        }
        said.push_str(sentence);
    }

    pub fn get(&self, field: &str) -> Option<&str> {
        self.0.get(field).map(String::as_str)
    }

    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub fn merge(&mut self, other: Self) {
        for (field, sentence) in other.0 {
            self.add(&field, sentence);
        }
    }
}

/// What a form is answered with that stands beside it, where nothing is wrong with what was typed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FormAnswer {
    /// It is done; in a sentence.
    Done(String),
    /// The connection that was tried works, and this answered.
    Works(String),
    /// The other side shows this certificate (SHA-256), for comparing and accepting.
    Certificate(String),
    /// The same of the second address in the form: the other half of a pair.
    SecondCertificate(String),
}

/// What was typed the last time, what was wrong with it, and what it was answered with.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Typed {
    pub values: BTreeMap<String, String>,
    pub errors: FieldErrors,
    pub answer: Option<FormAnswer>,
}

impl Typed {
    /// Nothing typed, and a sentence about the form as a whole.
    pub fn saying(sentence: impl Into<String>) -> Self {
        Self { errors: FieldErrors::one("", sentence), ..Self::default() }
    }

    pub fn value(&self, field: &str) -> Option<&str> {
        self.values.get(field).map(String::as_str)
    }
}
