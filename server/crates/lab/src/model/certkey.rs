//! Certificate keys, and what an SSL virtual server has bound.

use super::{Called, Id};
use crate::{certificate::Facts, schema::Fields};
use rustls::sign::SigningKey;
use std::sync::Arc;

/// A certificate, perhaps with its private key, under a name.
#[derive(Clone, Debug)]
pub(crate) struct CertKey {
    pub id: Id,
    pub set: Fields,
    /// Read from the file when it was added or updated; the file may be gone since.
    pub facts: Facts,
    /// Read with it, if there is one: with this, clients are served.
    pub signer: Option<Arc<dyn SigningKey>>,
    /// The certificate that signed this one, when somebody linked it.
    pub link: Option<Id>,
}

impl CertKey {
    /// Without a private key nothing can be served.
    pub fn has_key(&self) -> bool {
        self.set.has("key")
    }
}

impl Called for CertKey {
    fn id(&self) -> Id {
        self.id
    }

    fn name(&self) -> &str {
        self.set.text("certkey")
    }
}

/// The SSL side of a virtual server (`sslvserver`): it exists by itself.
#[derive(Clone, Debug, Default)]
pub(crate) struct SslSide {
    pub set: Fields,
    /// In the order of binding.
    pub bound: Vec<BoundCert>,
}

#[derive(Clone, Debug)]
pub(crate) struct BoundCert {
    pub certkey: Id,
    /// For checking clients, not for being shown to them.
    pub ca: bool,
    pub sni: bool,
    /// `crlcheck`, `ocspcheck`, `skipcaname`.
    pub set: Fields,
}

impl SslSide {
    /// The certificate that clients get without SNI.
    pub fn server_certificate(&self) -> Option<usize> {
        self.bound.iter().position(|bound| !bound.ca && !bound.sni)
    }

    pub fn find(&self, certkey: Id, ca: bool, sni: bool) -> Option<usize> {
        self.bound.iter().position(|bound| bound.certkey == certkey && bound.ca == ca && bound.sni == sni)
    }

    /// Whether clients can be served at all.
    pub fn can_serve(&self) -> bool {
        self.bound.iter().any(|bound| !bound.ca)
    }

    pub fn uses(&self, certkey: Id) -> bool {
        self.bound.iter().any(|bound| bound.certkey == certkey)
    }
}
