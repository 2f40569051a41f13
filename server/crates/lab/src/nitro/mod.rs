//! NITRO over HTTP: from bytes to a resource and back.
//!
//! [`serve`] listens and frames, [`front`] logs, breaks and delays, [`request`] and [`body`] read what was asked,
//! [`access`] asks who it is, [`read`] and [`mod@write`] do it, [`answer`] is what goes back.

mod access;
mod answer;
mod body;
mod execute;
mod front;
#[cfg(test)]
mod kept;
mod read;
mod request;
pub(crate) mod serve;
#[cfg(test)]
mod walk;
mod write;

pub(crate) use execute::{internally, on_behalf};
