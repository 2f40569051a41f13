//! Circles that are there, each with its reason.

/// Crate, files, why.
pub const KNOWN: &[(&str, &[&str], &str)] = &[];
