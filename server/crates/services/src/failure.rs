//! What a use case can answer besides success, as data that a page can show.

use crate::refusal::Refusal;
use model::{FieldErrors, appliance::Which, health::ConsoleTrouble};

/// Why it was not done.
#[derive(Clone, Debug, thiserror::Error)]
pub enum Failure {
    /// Something typed cannot stay as it is; each sentence belongs beside its field.
    #[error("{} field(s) need another value", .0.0.len())]
    Fields(FieldErrors),
    /// The person may not; the sentence says who may.
    #[error("{0}")]
    Forbidden(String),
    /// There is no such thing, or not for this person.
    #[error("There is no {0}.")]
    NotFound(&'static str),
    /// Not now, and why.
    #[error("{}", .0.sentence())]
    Refused(Refusal),
    /// The other side shows a certificate that nobody here trusts, so no password was sent to it. `problem` says what is
    /// wrong with it, where it is not only unknown.
    #[error("it shows a certificate that nobody has accepted yet, SHA-256 {sha256}.")]
    Untrusted { which: Which, sha256: String, problem: Option<String> },
    /// It could not be written down, so it was not done; nor can anything else be until that is mended.
    #[error("{}", .0.sentence())]
    Unwritten(ConsoleTrouble),
    /// It is there, and what is stored of it cannot be read. Said in its place; nothing else is the worse for it.
    #[error("{0}")]
    Unreadable(String),
    /// Our own fault or our own disk: the sentence is for the log, the page shows the request id.
    #[error("{0}")]
    Internal(String),
}

impl From<FieldErrors> for Failure {
    fn from(errors: FieldErrors) -> Self {
        Self::Fields(errors)
    }
}

impl Failure {
    /// Stable, for machines.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Fields(_) => "fields",
            Self::Forbidden(_) => "forbidden",
            Self::NotFound(_) => "not_found",
            Self::Refused(refusal) => refusal.code(),
            Self::Untrusted { .. } => "untrusted",
            Self::Unwritten(_) => "unwritten",
            Self::Unreadable(_) => "unreadable",
            Self::Internal(_) => "internal",
        }
    }

    /// Of HTTP.
    pub const fn status(&self) -> u16 {
        match self {
            Self::Fields(_) => 400,
            Self::Forbidden(_) => 403,
            Self::NotFound(_) => 404,
            Self::Untrusted { .. } => 409,
            Self::Refused(refusal) => refusal.status(),
            Self::Unwritten(_) => 503,
            Self::Unreadable(_) | Self::Internal(_) => 500,
        }
    }

    /// As the log says it, which has no fields to put sentences beside.
    pub fn reason(&self) -> String {
        match self {
            Self::Fields(errors) => errors.0.values().cloned().collect::<Vec<_>>().join(" "),
            Self::Untrusted { problem: Some(sentence), .. } => sentence.clone(),
            other => other.to_string(),
        }
    }

    /// One field, one sentence.
    pub fn field(field: &str, sentence: impl Into<String>) -> Self {
        Self::Fields(FieldErrors::one(field, sentence))
    }
}

impl From<Refusal> for Failure {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(refusal)
    }
}

impl From<store::Error> for Failure {
    fn from(error: store::Error) -> Self {
        match error {
            store::Error::NotFound => Self::NotFound("such entry"),
            store::Error::Unreadable { .. } => Self::Unreadable(format!(
                "{} Another version of Gatehouse may have written it. Nothing else is affected.",
                error.sentence()
            )),
            other => match other.trouble().filter(ConsoleTrouble::stops_writing) {
                Some(trouble) => Self::Unwritten(trouble),
                None => Self::Internal(other.sentence()),
            },
        }
    }
}
