//! What files held.

use crate::{certificate::Certificate, key::PrivateKey};

/// What files held; each thing once.
#[derive(Debug, Default)]
pub(crate) struct Input {
    pub(crate) certificates: Vec<Certificate>,
    pub(crate) keys: Vec<PrivateKey>,
}

impl Input {
    pub(crate) fn certificate(&mut self, certificate: Certificate) {
        if !self.certificates.iter().any(|known| known.fingerprint == certificate.fingerprint) {
            self.certificates.push(certificate);
        }
    }

    pub(crate) fn key(&mut self, key: PrivateKey) {
        if !self.keys.iter().any(|known| known.same_as(&key)) {
            self.keys.push(key);
        }
    }
}
