//! A file of the appliance's own store, as `systemfile` shows it.

use crate::clock::LabTime;
use std::{borrow::Cow, sync::Arc};

/// Where certificates and keys are looked for when a path names no directory.
pub(crate) const SSL_FOLDER: &str = "/nsconfig/ssl";

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct File {
    pub name: String,
    /// Absolute, without a slash at the end.
    pub location: String,
    /// Shared, so that a bulk request can keep a copy of the whole configuration.
    pub content: Arc<[u8]>,
    pub modified: LabTime,
}

impl File {
    /// Whether this is the file that `path` means. File names are case-sensitive, unlike those of objects.
    pub fn is(&self, path: &str) -> bool {
        let (location, name) = path.rsplit_once('/').unwrap_or((SSL_FOLDER, path));
        self.name == name && self.location == location
    }

    pub fn text(&self) -> Cow<'_, str> {
        String::from_utf8_lossy(&self.content)
    }
}
