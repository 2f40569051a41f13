//! What was uploaded, sorted: server certificate, the chain above it, private key.

use crate::{
    certificate::{Certificate, Signature},
    files,
    input::Input,
    key::PrivateKey,
    problem::{Part, Problem},
    public_key::Material,
};
use secrecy::SecretString;

/// A server certificate with its private key, which fits, and the chain that came with them.
#[derive(Debug)]
pub struct Bundle {
    /// The server's certificate.
    pub leaf: Certificate,
    /// The intermediates, from the leaf upward.
    pub chain: Vec<Certificate>,
    /// The root, where it was in the files. Phones have theirs; it is not sent to them.
    pub root: Option<Certificate>,
    /// Certificates that are in no line above the leaf.
    pub strays: Vec<Certificate>,
    key: PrivateKey,
}

impl Bundle {
    /// Reads what was uploaded: PEM, DER or PFX, in any order, in one file or two, in either field. An empty password
    /// is none.
    ///
    /// May take seconds of processor time, because keys are derived from the password: call it off the async threads.
    ///
    /// # Errors
    /// What makes the upload useless as a certificate key, with the part of the form it belongs to.
    pub fn read(certificate: &[u8], key: Option<&[u8]>, password: Option<&str>) -> Result<Self, Problem> {
        let mut input = Input::default();
        files::add(&mut input, certificate, password, Part::Certificate)?;
        if let Some(key) = key {
            files::add(&mut input, key, password, Part::Key)?;
        }
        let Input { certificates, mut keys } = input;
        if certificates.is_empty() {
            return Err(Problem::NotACertificate);
        }
        if keys.len() > 1 {
            return Err(Problem::SeveralKeys(keys.len()));
        }
        let key = keys.pop();
        let (leaf, rest) = take_leaf(certificates, key.as_ref().map(|key| &key.public))?;
        let key = key.ok_or(Problem::KeyMissing)?;
        if leaf.key.material != key.public {
            return Err(Problem::OtherKey(leaf.name().to_owned()));
        }
        let (chain, root, strays) = climb(&leaf, rest);
        Ok(Self { leaf, chain, root, strays, key })
    }

    /// The server's certificate for upload.
    pub fn leaf_pem(&self) -> String {
        self.leaf.pem()
    }

    /// The private key for upload, without a password, as PKCS#1 or SEC1: the forms that every firmware reads.
    pub fn key_pem(&self) -> SecretString {
        self.key.pem()
    }

    /// The intermediates for upload, from the leaf upward, without the root; empty where there are none.
    pub fn chain_pem(&self) -> String {
        self.chain.iter().map(Certificate::pem).collect()
    }
}

/// Finds the server's certificate among all.
fn take_leaf(mut all: Vec<Certificate>, key: Option<&Material>) -> Result<(Certificate, Vec<Certificate>), Problem> {
    let issues_another =
        |one: &Certificate| all.iter().any(|other| other.fingerprint != one.fingerprint && other.names_as_issuer(one));
    let ends: Vec<usize> = (0..all.len()).filter(|index| !issues_another(&all[*index])).collect();
    let fits = |index: &&usize| key.is_some_and(|key| all[**index].key.material == *key);
    let servers: Vec<usize> =
        ends.iter().copied().filter(|index| !all[*index].authority && !all[*index].self_issued()).collect();
    let chosen = match servers.as_slice() {
        [one] => *one,
        [one, two, ..] => {
            return Err(Problem::TwoLeaves(all[*one].name().to_owned(), all[*two].name().to_owned()));
        }
        // Self-signed, or an authority's: taken where nothing else can be meant, and judged later.
        [] => match (ends.as_slice(), ends.iter().find(fits)) {
            ([only], _) | (_, Some(only)) => *only,
            _ => return Err(Problem::NoLeaf),
        },
    };
    let leaf = all.swap_remove(chosen);
    Ok((leaf, all))
}

/// Follows the issuers upward as far as they are there.
fn climb(leaf: &Certificate, mut rest: Vec<Certificate>) -> (Vec<Certificate>, Option<Certificate>, Vec<Certificate>) {
    let mut chain: Vec<Certificate> = Vec::new();
    loop {
        let top = chain.last().unwrap_or(leaf);
        if top.self_issued() {
            break;
        }
        // Of several with the same name (a renewed authority, a cross-signed one) the one whose key made the signature.
        let issuers = rest.iter().enumerate().filter(|(_, other)| top.names_as_issuer(other));
        let next = issuers.min_by_key(|(_, other)| match top.signature_by(other) {
            Signature::Good => (0, other.self_issued()),
            Signature::Unknown => (1, other.self_issued()),
            Signature::Bad => (2, other.self_issued()),
        });
        let Some((index, _)) = next else { break };
        chain.push(rest.remove(index));
    }
    let root = chain.pop_if(|top| top.self_issued());
    (chain, root, rest)
}
