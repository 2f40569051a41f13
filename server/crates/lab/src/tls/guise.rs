//! What a listener shows instead of what it has.

use super::{Identity, factory, params, private, rsa};
use crate::clock::LabTime;
use rcgen::{BasicConstraints, CertificateParams, DnType, IsCa, Issuer, KeyPair};
use std::{
    collections::BTreeMap,
    io,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

const DAY: Duration = Duration::from_hours(24);

/// A wrong front, common to nodes and appliances.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Guise {
    /// Answers every hello with TLS 1.0 and goes no further.
    Tls10,
    /// An RSA key of 1024 bits.
    Rsa1024,
    Expired,
    WrongName,
    /// Signed by an authority whose certificate is not sent.
    Incomplete,
    /// The one before the present one, still valid.
    Old,
    /// Another one on the same name, as after a renewal; or somebody else answers.
    Other,
}

/// The words of the control API that nodes and appliances have in common.
pub(crate) const GUISES: &[(&str, Guise)] = &[
    ("tls10_only", Guise::Tls10),
    ("rsa1024", Guise::Rsa1024),
    ("expired", Guise::Expired),
    ("wrong_name", Guise::WrongName),
    ("incomplete_chain", Guise::Incomplete),
];

/// The guises of one name, made when first wanted and the same from then on.
pub(crate) struct Wardrobe {
    name: String,
    from: LabTime,
    to: LabTime,
    made: Mutex<BTreeMap<Guise, Arc<Identity>>>,
}

impl Wardrobe {
    pub fn new(name: &str, from: LabTime, to: LabTime) -> Self {
        Self { name: name.to_owned(), from, to, made: Mutex::default() }
    }

    /// `present` is what is shown otherwise.
    pub fn get(&self, guise: Guise, present: &Identity) -> io::Result<Arc<Identity>> {
        if guise == Guise::Incomplete
            && let Some(alone) = present.without_chain()
        {
            return Ok(Arc::new(alone?));
        }
        let mut made = self.made.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = made.get(&guise) {
            return Ok(Arc::clone(known));
        }
        let identity = Arc::new(self.make(guise)?);
        made.insert(guise, Arc::clone(&identity));
        Ok(identity)
    }

    fn make(&self, guise: Guise) -> io::Result<Identity> {
        let (from, to) = (self.from, self.to);
        match guise {
            Guise::Expired => factory(&self.name, from.minus(DAY * 400), from.minus(DAY * 35)),
            Guise::WrongName => factory("www.example.net", from, to),
            Guise::Old => factory(&self.name, from.minus(DAY * 300), to.minus(DAY * 20)),
            Guise::Other | Guise::Tls10 => factory(&self.name, from, to),
            Guise::Rsa1024 => rsa::identity(&params(&self.name, from, to)?),
            Guise::Incomplete => orphan(&params(&self.name, from, to)?),
        }
    }
}

/// An appliance's: its own certificate, and the guises of it.
pub(crate) struct Front {
    own: Arc<Identity>,
    wardrobe: Wardrobe,
}

impl Front {
    pub fn new(own: Identity, name: &str, now: LabTime) -> Self {
        Self { own: Arc::new(own), wardrobe: Wardrobe::new(name, now.minus(DAY * 300), now.plus(DAY * 300)) }
    }

    /// SHA-256 of its own certificate.
    pub fn fingerprint(&self) -> &str {
        &self.own.fingerprint
    }

    /// What to show; nothing for a server that gets no further than the hello.
    pub fn identity(&self, guise: Option<Guise>) -> io::Result<Option<Arc<Identity>>> {
        match guise {
            Some(Guise::Tls10) => Ok(None),
            Some(guise) => self.wardrobe.get(guise, &self.own).map(Some),
            None => Ok(Some(Arc::clone(&self.own))),
        }
    }
}

/// A leaf of an authority that nobody gets to see.
fn orphan(leaf: &CertificateParams) -> io::Result<Identity> {
    let mut authority = CertificateParams::new(Vec::new()).map_err(io::Error::other)?;
    authority.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    authority.distinguished_name.push(DnType::CommonName, "Example Intermediate CA");
    let issuer = Issuer::new(authority, KeyPair::generate().map_err(io::Error::other)?);
    let key = KeyPair::generate().map_err(io::Error::other)?;
    let certificate = leaf.signed_by(&key, &issuer).map_err(io::Error::other)?;
    Identity::with_key(vec![certificate.der().clone()], &private(&key))
}
