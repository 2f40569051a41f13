//! A certificate on a real RSA key of 1024 bits. The usual library refuses to sign with one, so another one does it.

use super::Identity;
use rcgen::{CertificateParams, PublicKeyData, SignatureAlgorithm};
use rsa::{
    RsaPrivateKey,
    pkcs1::EncodeRsaPublicKey,
    pkcs1v15, pss,
    sha2::Sha256,
    signature::{RandomizedSigner, SignatureEncoding, Signer as _},
};
use russh::keys::key::safe_rng;
use rustls::{
    Error, SignatureScheme,
    sign::{Signer, SigningKey},
};
use std::{io, sync::Arc};

const BITS: usize = 1024;

/// What it can sign with, the better one first.
const SCHEMES: [SignatureScheme; 2] = [SignatureScheme::RSA_PSS_SHA256, SignatureScheme::RSA_PKCS1_SHA256];

#[derive(Clone, Debug)]
struct SmallKey {
    private: RsaPrivateKey,
    /// PKCS#1, as it stands in certificates.
    public: Vec<u8>,
}

/// A key at work, with the scheme that the client chose.
#[derive(Debug)]
struct SmallSigner(SmallKey, SignatureScheme);

pub(super) fn identity(params: &CertificateParams) -> io::Result<Identity> {
    let private = RsaPrivateKey::new(&mut safe_rng(), BITS).map_err(io::Error::other)?;
    let public = private.to_public_key().to_pkcs1_der().map_err(io::Error::other)?.as_bytes().to_vec();
    let key = SmallKey { private, public };
    let certificate = params.self_signed(&key).map_err(io::Error::other)?;
    Identity::new(vec![certificate.der().clone()], Arc::new(key))
}

impl SmallKey {
    fn pkcs1(&self, message: &[u8]) -> Vec<u8> {
        pkcs1v15::SigningKey::<Sha256>::new(self.private.clone()).sign(message).to_vec()
    }

    fn pss(&self, message: &[u8]) -> Vec<u8> {
        pss::SigningKey::<Sha256>::new(self.private.clone()).sign_with_rng(&mut safe_rng(), message).to_vec()
    }
}

impl PublicKeyData for SmallKey {
    fn der_bytes(&self) -> &[u8] {
        &self.public
    }

    fn algorithm(&self) -> &'static SignatureAlgorithm {
        &rcgen::PKCS_RSA_SHA256
    }
}

impl rcgen::SigningKey for SmallKey {
    fn sign(&self, message: &[u8]) -> Result<Vec<u8>, rcgen::Error> {
        Ok(self.pkcs1(message))
    }
}

impl SigningKey for SmallKey {
    fn choose_scheme(&self, offered: &[SignatureScheme]) -> Option<Box<dyn Signer>> {
        let scheme = SCHEMES.into_iter().find(|scheme| offered.contains(scheme))?;
        Some(Box::new(SmallSigner(self.clone(), scheme)))
    }

    fn algorithm(&self) -> rustls::SignatureAlgorithm {
        rustls::SignatureAlgorithm::RSA
    }
}

impl Signer for SmallSigner {
    fn sign(&self, message: &[u8]) -> Result<Vec<u8>, Error> {
        Ok(if self.1 == SignatureScheme::RSA_PSS_SHA256 { self.0.pss(message) } else { self.0.pkcs1(message) })
    }

    fn scheme(&self) -> SignatureScheme {
        self.1
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rsa::signature::Verifier;

    #[test]
    fn what_it_signs_can_be_verified() {
        let private = RsaPrivateKey::new(&mut safe_rng(), BITS).unwrap();
        let public = private.to_public_key();
        let key = SmallKey { private, public: Vec::new() };
        let offered = [SignatureScheme::RSA_PKCS1_SHA256];
        let signed = key.choose_scheme(&offered).unwrap().sign(b"hello").unwrap();
        let verifier = pkcs1v15::VerifyingKey::<Sha256>::new(public.clone());
        verifier.verify(b"hello", &signed.as_slice().try_into().unwrap()).unwrap();
        let signed = key.choose_scheme(&SCHEMES).unwrap().sign(b"hello").unwrap();
        let verifier = pss::VerifyingKey::<Sha256>::new(public);
        verifier.verify(b"hello", &signed.as_slice().try_into().unwrap()).unwrap();
        assert!(key.choose_scheme(&[SignatureScheme::ED25519]).is_none());
    }
}
