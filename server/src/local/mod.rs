//! The console's door for sub-commands on its own machine: a Unix socket in the data folder, small JSON over HTTP.
//!
//! Whoever can open the socket owns the data folder, and with it the key to everything that is kept in it; so no password is
//! asked. A sub-command says in whose name it acts, and that person's role and scope hold as they do in the browser
//! ([`services::Sessions::at_console`]). This door does what the web door does, by the same methods: what it has of its own
//! is a socket and words.
//!
//! To add a thing that can be asked: a variant of [`words::Ask`], what it is answered with, an arm in [`answering`], and a
//! sub-command in `commands`.

#[cfg(unix)]
mod answering;
#[cfg(unix)]
mod asking;
#[cfg(unix)]
mod serving;
#[cfg(unix)]
mod socket;
pub mod words;

#[cfg(unix)]
pub use self::{asking::ask, serving::served, socket::Socket};
use std::time::Duration;

/// Bytes of a request: names and numbers.
const MOST_ASKED: usize = 64 * 1024;
/// Bytes of an answer: a plan of thousands of operations.
const MOST_ANSWERED: usize = 16 * 1024 * 1024;
/// For reading an appliance that answers slowly.
const PATIENCE: Duration = Duration::from_mins(5);
/// Requests at once.
const AT_ONCE: usize = 16;

/// There are no such sockets here, so there is nobody to ask.
#[cfg(not(unix))]
pub async fn ask(_: &std::path::Path, _: &words::Request) -> anyhow::Result<words::Reply> {
    anyhow::bail!(
        "Sub-commands reach the running console by a Unix socket, which this system does not have. Use the browser."
    )
}
