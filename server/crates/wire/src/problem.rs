//! TLS failures told apart, because each has another remedy.

use crate::Fingerprint;
use rustls::{AlertDescription, CertificateError, InvalidMessage, PeerIncompatible};
use std::fmt;

/// Why a TLS connection was not made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TlsProblem {
    /// The other side's address as configured, `host:port`.
    pub address: String,
    /// What is wrong.
    pub kind: TlsKind,
    /// SHA-256 of the certificate that was shown, where one was.
    pub fingerprint: Option<Fingerprint>,
    /// The library's words.
    pub detail: String,
}

/// What is wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TlsKind {
    /// Self-signed, or signed by an authority that is not trusted here.
    UnknownIssuer,
    /// A trusted certificate for somebody else.
    NameMismatch {
        /// The host that we asked for.
        expected: String,
        /// The names in the certificate.
        presented: Vec<String>,
    },
    /// Its time is over.
    Expired,
    /// Its time has not come; or one of the two clocks is wrong.
    NotYetValid,
    /// Another certificate than the pinned one.
    PinMismatch {
        /// The pinned fingerprint.
        expected: Fingerprint,
        /// That of the certificate shown.
        seen: Fingerprint,
    },
    /// The other side offers only TLS 1.0 or 1.1.
    ProtocolVersion,
    /// The other side refused all our ciphers; typical for old firmware as well.
    NoCommonCipher,
    /// Something answered, but not TLS: a plain HTTP port, for instance.
    NotTls,
    /// The connection was closed in the middle of the handshake, without a word: by the other side, or on the way.
    Closed,
    /// Anything else.
    Other(String),
}

impl fmt::Display for TlsKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::UnknownIssuer => f.write_str("the issuer of the certificate is not trusted"),
            Self::NameMismatch { expected, .. } => write!(f, "the certificate is not for {expected}"),
            Self::Expired => f.write_str("the certificate has expired"),
            Self::NotYetValid => f.write_str("the certificate is not valid yet"),
            Self::PinMismatch { .. } => f.write_str("the certificate is not the pinned one"),
            Self::ProtocolVersion => f.write_str("no common TLS version"),
            Self::NoCommonCipher => f.write_str("no common cipher"),
            Self::NotTls => f.write_str("the port does not speak TLS"),
            Self::Closed => f.write_str("the connection was closed during the TLS handshake"),
            Self::Other(text) => f.write_str(text),
        }
    }
}

impl TlsKind {
    /// Sorts an error of the library.
    pub(crate) fn of(error: &rustls::Error) -> Self {
        match error {
            rustls::Error::InvalidCertificate(certificate) => Self::of_certificate(certificate),
            rustls::Error::PeerIncompatible(
                PeerIncompatible::ServerDoesNotSupportTls12Or13
                | PeerIncompatible::ServerTlsVersionIsDisabledByOurConfig
                | PeerIncompatible::Tls12NotOffered
                | PeerIncompatible::Tls12NotOfferedOrEnabled,
            )
            | rustls::Error::AlertReceived(AlertDescription::ProtocolVersion) => Self::ProtocolVersion,
            rustls::Error::AlertReceived(
                AlertDescription::HandshakeFailure | AlertDescription::InsufficientSecurity,
            ) => Self::NoCommonCipher,
            rustls::Error::InvalidMessage(
                InvalidMessage::InvalidContentType
                | InvalidMessage::UnknownProtocolVersion
                | InvalidMessage::MessageTooLarge
                | InvalidMessage::InvalidEmptyPayload,
            ) => Self::NotTls,
            other => Self::Other(other.to_string()),
        }
    }

    pub(crate) fn of_certificate(error: &CertificateError) -> Self {
        match error {
            CertificateError::UnknownIssuer => Self::UnknownIssuer,
            CertificateError::Expired | CertificateError::ExpiredContext { .. } => Self::Expired,
            CertificateError::NotValidYet | CertificateError::NotValidYetContext { .. } => Self::NotYetValid,
            CertificateError::NotValidForName => Self::NameMismatch { expected: String::new(), presented: Vec::new() },
            CertificateError::NotValidForNameContext { expected, presented } => {
                let presented = presented.iter().filter_map(|name| plain_name(name)).collect();
                Self::NameMismatch { expected: expected.to_str().into_owned(), presented }
            }
            CertificateError::BadSignature => {
                Self::Other("the other side could not prove that the certificate is its own".to_owned())
            }
            CertificateError::Other(other) => match other.0.downcast_ref::<Refused>() {
                Some(refused) => refused.kind.clone(),
                // A self-signed certificate that calls itself an authority, as small tools make them. The verifier's
                // own error type is not public, its text is.
                None if other.0.to_string() == "CaUsedAsEndEntity" => Self::UnknownIssuer,
                None if other.0.to_string() == "UnsupportedCertVersion" => {
                    Self::Other("the certificate is of X.509 version 1, which cannot be checked".to_owned())
                }
                None => Self::Other(other.0.to_string()),
            },
            other => Self::Other(other.to_string()),
        }
    }
}

/// `xms.example.com` from the library's `DnsName("xms.example.com")`; nothing where it is no name that people know.
fn plain_name(printed: &str) -> Option<String> {
    let (kind, rest) = printed.split_once('(')?;
    let inner = rest.strip_suffix(')')?.trim_matches('"');
    matches!(kind, "DnsName" | "IpAddress" | "UniformResourceIdentifier").then(|| inner.to_owned())
}

/// Travels inside the library's error, so that a failure names the certificate of its own connection.
#[derive(Debug)]
pub(crate) struct Refused {
    pub(crate) fingerprint: Fingerprint,
    pub(crate) kind: TlsKind,
}

impl fmt::Display for Refused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.kind.fmt(f)
    }
}

impl std::error::Error for Refused {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_in_a_certificate_are_said_as_people_write_them() {
        assert_eq!(plain_name("DnsName(\"*.example.com\")").as_deref(), Some("*.example.com"));
        assert_eq!(plain_name("IpAddress(10.0.0.10)").as_deref(), Some("10.0.0.10"));
        assert_eq!(plain_name("Unsupported(0x04)"), None);
        assert_eq!(plain_name("DirectoryName"), None);
    }
}
