//! How many connections, and how long.

use std::time::Duration;

/// Files that are open for other things: databases, appliances, nodes.
const OTHER_FILES: u64 = 512;

/// How long and how many.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// From the first byte of a request's head to its last, and for the first byte of all.
    pub head: Duration,
    /// Between two requests.
    pub idle: Duration,
    /// An answer of which nothing is taken.
    pub stalled: Duration,
    /// A body that nobody reads is taken in for so long,
    pub linger: Duration,
    /// and up to so many bytes: a person who chose the wrong file is told so by a page, not by a broken connection.
    pub linger_bytes: u64,
    /// Of one request's head. Also what a connection reads at once.
    pub head_bytes: usize,
    /// Connections in all,
    pub all: usize,
    /// of which so many are for people who are signed in,
    pub reserve: usize,
    /// and of one network, unless a proxy of ours stands there.
    pub network: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            head: Duration::from_secs(10),
            idle: Duration::from_secs(75),
            stalled: Duration::from_secs(30),
            linger: Duration::from_secs(30),
            linger_bytes: 128 * 1024 * 1024,
            head_bytes: 32 * 1024,
            all: 2_048,
            reserve: 512,
            network: 256,
        }
    }
}

impl Limits {
    /// As many as this process may have files open, after raising that to what it is allowed.
    #[must_use]
    pub fn raised(self) -> Self {
        let wanted = self.all as u64 + OTHER_FILES;
        match rlimit::increase_nofile_limit(wanted) {
            Ok(files) if files >= wanted => self,
            Ok(files) => {
                let all = usize::try_from(files.saturating_sub(OTHER_FILES)).unwrap_or(self.all).max(64);
                tracing::warn!("This process may open {files} files only, so {all} connections are taken at once.");
                Self { all, reserve: self.reserve.min(all / 4), network: self.network.min(all / 4), ..self }
            }
            Err(error) => {
                tracing::warn!("How many files this process may open could not be raised ({error}).");
                self
            }
        }
    }
}
