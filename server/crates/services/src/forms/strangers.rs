//! What somebody who is not signed in typed: it is kept by their own browser, sealed, and not here. Before sign-in nothing
//! is written to disk for a form that cannot be taken, however many are sent.

use super::Forms;
use crate::Failure;
use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use jiff::SignedDuration;
use model::{At, FieldErrors, fields::Typed};
use secrecy::ExposeSecret;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// How long a browser may bring it back.
const LIFE: SignedDuration = SignedDuration::from_mins(10);

/// Characters of a field: no name here is longer.
const LONGEST: usize = 80;

#[derive(Serialize, Deserialize)]
struct Note {
    at: At,
    values: BTreeMap<String, String>,
    errors: FieldErrors,
}

impl Forms {
    /// A form's values and sentences as a word that only this console can read and make.
    pub fn hand_out(&self, form: &str, kept: Typed) -> Result<String, Failure> {
        let values = kept.values.into_iter().map(|(name, value)| (name, value.chars().take(LONGEST).collect()));
        let note = Note { at: self.ground.now(), values: values.collect(), errors: kept.errors };
        let text = serde_json::to_string(&note).map_err(|error| Failure::Internal(error.to_string()))?;
        Ok(BASE64_URL_SAFE_NO_PAD.encode(self.ground.vault.seal(&text, &about(form))?))
    }

    /// What was handed out for this form a moment ago; anything else is nothing.
    pub fn handed_back(&self, form: &str, word: &str) -> Option<Typed> {
        let sealed = BASE64_URL_SAFE_NO_PAD.decode(word).ok()?;
        let text = self.ground.vault.unseal(&sealed, &about(form)).ok()?;
        let note: Note = serde_json::from_str(text.expose_secret()).ok()?;
        let age = self.ground.now().duration_since(note.at);
        (!age.is_negative() && age < LIFE).then_some(Typed { values: note.values, errors: note.errors, answer: None })
    }
}

/// Bound in: a word for one form says nothing on another.
fn about(form: &str) -> String {
    format!("stranger:{form}")
}
