//! One port of a node, from outside: whether it is open, the certificate that it shows, and what it serves.

use super::trouble::Trouble;
use crate::{certkey::CertFacts, state::Tone};
use serde::{Deserialize, Serialize};

/// What was heard on a port without an account.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct PortFact {
    /// SHA-256 of the certificate that it showed: 64 hexadecimal digits.
    pub sha256: Option<String>,
    /// The name in it.
    pub subject: Option<String>,
    /// Why there is no certificate, or why nothing was served behind it.
    pub problem: Option<String>,
    /// The same, for rules.
    pub trouble: Option<Trouble>,
    /// What stands in the certificate.
    pub certificate: Option<CertFacts>,
    /// Bits of an RSA key; `None`: another kind of key, or not read.
    pub rsa_bits: Option<u32>,
    /// Certificates shown, the leaf included; 0: not counted.
    pub chain: usize,
    /// What the web server answered; `None`: not asked.
    pub web: Option<Web>,
}

/// An answer over HTTP.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Web {
    /// As a server does that works; where it was asked, whether devices may enrol.
    Serves {
        #[serde(default)]
        enrolment: Option<bool>,
    },
    /// A page for an error; 503 is that of recovery mode.
    Error { status: u16 },
    /// The connection was taken, and nothing came.
    Silent,
    /// What answers is no XenMobile Server of version 10.
    Foreign,
}

impl PortFact {
    /// Something answered with TLS.
    pub fn answers(&self) -> bool {
        self.sha256.is_some()
    }

    /// It answered with TLS, and where it was asked for a page it served one.
    pub fn serves(&self) -> bool {
        self.answers() && self.trouble.is_none() && matches!(self.web, None | Some(Web::Serves { .. }))
    }

    /// The node says that it is in recovery mode.
    pub fn is_in_recovery(&self) -> bool {
        self.web == Some(Web::Error { status: 503 })
    }

    /// How it does, in a word.
    pub fn standing(&self) -> (Tone, String) {
        match (self.answers(), self.web) {
            (false, _) => (Tone::Bad, "silent".into()),
            (true, Some(Web::Error { status })) => (Tone::Bad, format!("HTTP {status}")),
            (true, Some(Web::Silent)) => (Tone::Bad, "TLS, but no page".into()),
            (true, Some(Web::Foreign)) => (Tone::Bad, "no XenMobile Server".into()),
            (true, None | Some(Web::Serves { .. })) if self.trouble.is_some() => (Tone::Bad, "fails".into()),
            (true, None | Some(Web::Serves { .. })) => (Tone::Good, "answers".into()),
        }
    }
}
