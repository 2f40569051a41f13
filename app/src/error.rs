//! The one error of a server function that is not a form's own answer.

use crate::visitor::Visitor;
use http::StatusCode;
use leptos::{
    prelude::{FromServerFnError, ServerFnErrorErr},
    server_fn::codec::JsonEncoding,
};
use model::health::ConsoleTrouble;
use serde::{Deserialize, Serialize};

/// Expected refusals never come here: they are kept beside the form (see `rpc`). No secret and nothing typed in here.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "error", rename_all = "snake_case")]
pub enum AppError {
    /// Not signed in, or no longer.
    SignedOut,
    /// Signed in without the right to do this.
    Forbidden,
    /// What it was to be done to does not exist, or not for this person.
    NotFound,
    /// It cannot be read: no page of ours sends this.
    Malformed,
    /// Nothing can be written down, so nothing is done.
    Unwritten { trouble: ConsoleTrouble },
    /// Our own fault. The log has the rest under this request id.
    Internal { request: String },
}

impl AppError {
    pub const fn status(&self) -> StatusCode {
        match self {
            Self::SignedOut => StatusCode::UNAUTHORIZED,
            Self::Forbidden => StatusCode::FORBIDDEN,
            Self::NotFound => StatusCode::NOT_FOUND,
            Self::Malformed => StatusCode::BAD_REQUEST,
            // The disk may be free again at any moment; what was typed is worth sending once more.
            Self::Unwritten { .. } => StatusCode::SERVICE_UNAVAILABLE,
            Self::Internal { .. } => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }

    pub const fn title(&self) -> &'static str {
        match self {
            Self::SignedOut => "Not signed in",
            Self::Forbidden => "Not allowed",
            Self::NotFound => "Not found",
            Self::Malformed => "Not understood",
            Self::Unwritten { .. } => "Nothing was done",
            Self::Internal { .. } => "Something is wrong",
        }
    }

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
            Self::Malformed => "What was sent is not what a form of Gatehouse sends: a field is missing, or holds \
                 something else than its page writes there. Nothing was changed. Open the form's page again and send \
                 it from there."
                .into(),
            Self::Unwritten { trouble } => trouble.sentence(),
            Self::Internal { request } => format!(
                "Gatehouse could not finish this. Nothing tells whether trying again helps; the server's log says why \
                 under request {}.",
                plain(request)
            ),
        }
    }
}

/// Only what a request id consists of is shown.
fn plain(request: &str) -> String {
    request.chars().filter(|c| c.is_ascii_hexdigit() || *c == '-').take(40).collect()
}

impl FromServerFnError for AppError {
    type Encoder = JsonEncoding;

    /// What the library says of a request holds parts of it: it is for nobody's page.
    fn from_server_fn_error(value: ServerFnErrorErr) -> Self {
        match value {
            ServerFnErrorErr::Args(_)
            | ServerFnErrorErr::MissingArg(_)
            | ServerFnErrorErr::Deserialization(_)
            | ServerFnErrorErr::Request(_)
            | ServerFnErrorErr::UnsupportedRequestMethod(_) => Self::Malformed,
            ServerFnErrorErr::Registration(what)
            | ServerFnErrorErr::ServerError(what)
            | ServerFnErrorErr::MiddlewareError(what)
            | ServerFnErrorErr::Serialization(what)
            | ServerFnErrorErr::Response(what) => {
                let request = Visitor::current().map(|visitor| visitor.origin.request).unwrap_or_default();
                tracing::error!(request.id = %request, "A form could not be dealt with: {what}");
                Self::Internal { request }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_library_says_of_a_request_is_shown_to_nobody() {
        let told = ServerFnErrorErr::Args("invalid digit found in string: hunter2".into());
        let error = AppError::from_server_fn_error(told);
        assert_eq!((error.status(), error.clone()), (StatusCode::BAD_REQUEST, AppError::Malformed));
        assert!(!error.sentence().contains("hunter2"));
        let ours = AppError::from_server_fn_error(ServerFnErrorErr::ServerError("a path of ours".into()));
        assert_eq!(ours.status(), StatusCode::INTERNAL_SERVER_ERROR);
        assert!(!ours.sentence().contains("path of ours"));
    }
}
