//! Circles that are there, each with its reason. A file leaves this list when its circle is cut; none may be added.

/// Crate, files, why.
pub const KNOWN: &[(&str, &[&str], &str)] = &[];
