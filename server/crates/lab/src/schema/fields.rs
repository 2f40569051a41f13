//! The attributes that somebody set, as canonical text.

use std::collections::BTreeMap;

/// Values by attribute name. What is not in here was never set and reads as the table's default.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Fields(BTreeMap<&'static str, String>);

impl Fields {
    pub fn get(&self, name: &str) -> Option<&str> {
        self.0.get(name).map(String::as_str)
    }

    /// The value, or nothing as an empty text.
    pub fn text(&self, name: &str) -> &str {
        self.get(name).unwrap_or_default()
    }

    /// The value as a number; the checker has let only numbers in.
    pub fn number(&self, name: &str) -> Option<i64> {
        self.get(name)?.parse().ok()
    }

    pub fn has(&self, name: &str) -> bool {
        self.0.contains_key(name)
    }

    pub fn put(&mut self, name: &'static str, value: impl Into<String>) {
        self.0.insert(name, value.into());
    }

    pub fn remove(&mut self, name: &str) -> Option<String> {
        self.0.remove(name)
    }

    pub fn names(&self) -> impl Iterator<Item = &'static str> {
        self.0.keys().copied()
    }

    /// Takes over every value of `other`: a PUT merges, it does not replace.
    pub fn merge(&mut self, other: Self) {
        self.0.extend(other.0);
    }

    pub fn only(mut self, names: &[&str]) -> Self {
        self.0.retain(|name, _| names.contains(name));
        self
    }
}
