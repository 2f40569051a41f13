//! A typed value beside what was written.

use crate::{Error, Object};
use serde::de::DeserializeOwned;
use serde_json::Value;
use std::ops::Deref;

/// A typed object and the fields as written, unknown ones included.
#[derive(Debug, Clone, PartialEq)]
pub struct Item<T> {
    /// The fields that we know.
    pub value: T,
    /// All of it.
    pub raw: Object,
}

impl<T: DeserializeOwned> Item<T> {
    /// Reads an object. The types read tolerantly, so this fails only where the object is none of theirs.
    pub fn read(raw: Object, what: &str) -> Result<Self, Error> {
        let value = Value::Object(raw);
        let typed = T::deserialize(&value)
            .map_err(|error| Error::decode(200, what, value.to_string().as_bytes(), error.to_string()))?;
        match value {
            Value::Object(raw) => Ok(Self { value: typed, raw }),
            _ => Err(Error::Build("an object is no object".to_owned())),
        }
    }
}

impl<T> Deref for Item<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.value
    }
}
