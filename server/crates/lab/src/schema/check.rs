//! Requests against the tables: unknown, misplaced, missing and ill-formed attributes.

use super::{Access, Attribute, Fields, Kind, Place, Schema};
use crate::refusal::{Outcome, Refusal};
use serde_json::{Map, Value};

/// What a body is for; decides which attributes it may carry.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Operation {
    /// POST of an object, POST or PUT of a binding.
    Add,
    /// PUT of an object.
    Set,
    /// An action with its own list of attributes.
    Act(&'static [&'static str]),
}

impl Operation {
    fn takes(self, attribute: &Attribute) -> bool {
        match self {
            Self::Add => matches!(attribute.access, Access::Key | Access::Identity | Access::Both | Access::Add),
            Self::Set => matches!(attribute.access, Access::Key | Access::Identity | Access::Both | Access::Set),
            Self::Act(names) => names.contains(&attribute.name),
        }
    }
}

impl Schema {
    /// Turns a body into fields, or says what is wrong with it.
    ///
    /// What is not allowed at all comes first (278), then values, then what is missing (1095).
    pub fn check(&self, operation: Operation, body: &Map<String, Value>) -> Outcome<Fields> {
        let mut fields = Fields::default();
        for (name, value) in body {
            let attribute = self
                .attribute(name)
                .filter(|attribute| operation.takes(attribute))
                .ok_or_else(|| Refusal::about(278, &[name]))?;
            fields.put(attribute.name, attribute.accept(value)?);
        }
        for attribute in self.attributes {
            let needed = match operation {
                Operation::Add => attribute.required,
                // `all` stands in the place of a name.
                Operation::Set | Operation::Act(_) => {
                    attribute.names() && operation.takes(attribute) && !fields.has("all")
                }
            };
            if needed && !fields.has(attribute.name) {
                return Err(Refusal::about(1095, &[attribute.cli]));
            }
        }
        Ok(fields)
    }

    /// The body of an unset: the key, and `"attribute": true` for each one that goes back to its default.
    pub fn check_unset(&self, body: &Map<String, Value>) -> Outcome<(Fields, Vec<&'static Attribute>)> {
        let mut key = Fields::default();
        let mut unset = Vec::new();
        for (name, value) in body {
            let attribute = self.attribute(name).ok_or_else(|| Refusal::about(278, &[name]))?;
            match attribute.access {
                Access::Key | Access::Identity => key.put(attribute.name, attribute.accept(value)?),
                Access::Both if matches!(value.as_bool(), Some(true)) || value.as_str() == Some("true") => {
                    unset.push(attribute);
                }
                Access::Both => return Err(Refusal::about(1097, &[&crate::schema::words(value)])),
                // What a PUT takes beside the object's own attributes: a bare argument says which part is meant.
                Access::Set if attribute.place == Place::Argument => key.put(attribute.name, attribute.accept(value)?),
                Access::Set if matches!(value.as_bool(), Some(true)) => unset.push(attribute),
                _ => return Err(Refusal::about(278, &[name])),
            }
        }
        let missing = |attribute: &&Attribute| attribute.names() && !key.has(attribute.name);
        if let Some(missing) = self.attributes.iter().find(missing) {
            return Err(Refusal::about(1095, &[missing.cli]));
        }
        if unset.is_empty() {
            return Err(Refusal::new(431));
        }
        // In table order, so that the CLI line does not depend on the order of the request.
        unset.sort_by_key(|wanted| self.attributes.iter().position(|attribute| attribute.name == wanted.name));
        Ok((key, unset))
    }

    /// The body of `action=rm`: the object's name and what a DELETE takes in `args`, as attributes of an object.
    pub fn check_removal(&self, body: &Map<String, Value>) -> Outcome<(String, Fields)> {
        let (mut name, mut args) = (None, Fields::default());
        for (spelling, value) in body {
            let attribute = self.attribute(spelling).ok_or_else(|| Refusal::about(278, &[spelling]))?;
            if attribute.access == Access::Key {
                name = Some(attribute.accept(value)?);
            } else if self.delete_args.contains(&attribute.name) {
                args.put(attribute.name, attribute.accept(value)?);
            } else {
                return Err(Refusal::about(278, &[spelling]));
            }
        }
        match (name, self.key()) {
            (Some(name), _) => Ok((name, args)),
            // A global binding has no parent to name.
            (None, None) => Ok((String::new(), args)),
            (None, Some(key)) => Err(Refusal::about(1095, &[key.cli])),
        }
    }

    /// `key:value` pairs of a DELETE against the identifiers that it takes.
    pub fn check_delete(&self, pairs: &[(String, String)]) -> Outcome<Fields> {
        let mut fields = Fields::default();
        for (name, value) in pairs {
            let attribute = self
                .attribute(name)
                .filter(|attribute| self.delete_args.contains(&attribute.name))
                .ok_or_else(|| Refusal::about(278, &[name]))?;
            let value = attribute.accept_text(value)?;
            // A list comes as one pair per value.
            match fields.get(attribute.name).filter(|_| attribute.kind == Kind::Addresses) {
                Some(before) => fields.put(attribute.name, format!("{before} {value}")),
                None => fields.put(attribute.name, value),
            }
        }
        Ok(fields)
    }
}
