//! The one error of a server function that is not a form's own answer.

use leptos::{
    prelude::{FromServerFnError, ServerFnErrorErr},
    server_fn::codec::JsonEncoding,
};
use model::health::Trouble;
use serde::{Deserialize, Serialize};

/// Expected refusals never come here: they are kept beside the form (see `rpc`). No secret and nothing typed in here:
/// without script it travels in an address.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(tag = "error", rename_all = "snake_case")]
pub enum AppError {
    /// Not signed in, or no longer.
    SignedOut,
    /// Signed in without the right to do this.
    Forbidden,
    /// What it was to be done to does not exist, or not for this person.
    NotFound,
    /// Nothing can be written down, so nothing is done.
    Unwritten { trouble: Trouble },
    /// Our own fault. The log has the rest under this request id.
    Internal { request: String },
}

impl AppError {
    /// What a person reads.
    pub fn sentence(&self) -> String {
        match self {
            Self::SignedOut => "You are not signed in any more. Sign in and try again.".into(),
            Self::Forbidden => {
                "Your role does not allow this. Nothing was changed. An admin can give you another one.".into()
            }
            Self::NotFound => {
                "What this was meant for does not exist, or no longer. Nothing was changed. Open its page again.".into()
            }
            Self::Unwritten { trouble } => trouble.sentence(),
            Self::Internal { request } => format!(
                "Gatehouse could not finish this. Nothing tells whether trying again helps; the server's log says why \
                 under request {}.",
                plain(request)
            ),
        }
    }
}

/// It comes back to us in an address, where anybody can write anything: only what a request id consists of is shown.
fn plain(request: &str) -> String {
    request.chars().filter(|c| c.is_ascii_hexdigit() || *c == '-').take(40).collect()
}

impl FromServerFnError for AppError {
    type Encoder = JsonEncoding;

    fn from_server_fn_error(value: ServerFnErrorErr) -> Self {
        Self::Internal { request: value.to_string() }
    }
}
