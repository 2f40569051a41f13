//! Why an upload cannot be used, beside the part of the form that it belongs to.

use thiserror::Error;

/// The part of the upload that a problem is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    /// The file with the certificate.
    Certificate,
    /// The file with the private key.
    Key,
    /// The password of either.
    Password,
}

/// Why an upload cannot be used. `Display` is the sentence for people; it never holds what was typed.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum Problem {
    /// Larger than [`crate::MAX_BYTES`].
    #[error("The file is larger than 256 KB, so it is no certificate or key. Choose another file.")]
    TooLarge(Part),
    /// No bytes, or blanks only.
    #[error("The file is empty. Choose another file.")]
    Empty(Part),
    /// Nothing in it that we know.
    #[error(
        "There is no certificate in this file, in none of the forms PEM, DER and PFX. Upload what the certificate \
         authority sent, or an export with the private key."
    )]
    NotACertificate,
    /// Nothing in the second file that we know.
    #[error("There is no private key in this file. It should begin with a line such as “BEGIN PRIVATE KEY”.")]
    NotAKey,
    /// A certificate signing request.
    #[error(
        "This is a request for a certificate (CSR), not a certificate. Send it to the certificate authority, and \
         upload what comes back."
    )]
    Request(Part),
    /// PKCS#7, `.p7b`.
    #[error(
        "This is a PKCS#7 file (.p7b). Convert it with `openssl pkcs7 -print_certs -in file.p7b -out file.pem` (add \
         `-inform DER` for a binary one), or ask the certificate authority for PEM."
    )]
    Pkcs7(Part),
    /// Looks like what it should be, and cannot be read.
    #[error("The {what} in this file is damaged or incomplete. Export or copy it again, with all lines.")]
    Damaged {
        /// The file it is in.
        part: Part,
        /// "certificate", "private key", "PFX archive", …
        what: &'static str,
    },
    /// A PFX that is torn, in BER, or with unusual protection.
    #[error(
        "This PFX archive is incomplete, or protected or encoded in a way that cannot be read here. Export it again \
         with AES or 3DES, or convert it with `openssl pkcs12 -in file.pfx -out file.pem`."
    )]
    UnknownPfx(Part),
    /// Encrypted, and no password was given.
    #[error("The {0} is encrypted. Type its password.")]
    PasswordNeeded(&'static str),
    /// Encrypted, and the password does not open it.
    #[error("The password does not open the {0}. Type the one that was chosen when the file was exported.")]
    WrongPassword(&'static str),
    /// Encrypted in a way that is not supported.
    #[error(
        "The private key is encrypted in an old or unusual way. Convert it with `openssl pkcs8 -topk8 -in old.key \
         -out new.key`, and upload the new file."
    )]
    UnknownEncryption(Part),
    /// Neither RSA nor an elliptic curve of the appliance's.
    #[error(
        "The private key is neither RSA nor ECDSA on P-256, P-384 or P-521, and a NetScaler takes no other. Ask for a \
         certificate with an RSA key of 2048 bits or more."
    )]
    UnknownKey(Part),
    /// No private key in all that was given.
    #[error(
        "The private key is missing. Upload the key file that belongs to the certificate, or a PFX that holds both. \
         The certificate authority does not have it; it is where the request was made."
    )]
    KeyMissing,
    /// Several private keys.
    #[error("There are {0} private keys, and only one can be meant. Upload the certificate's own key alone.")]
    SeveralKeys(usize),
    /// The key does not fit.
    #[error(
        "The key belongs to another certificate, not to the one for {0}. Upload the key that was made with the \
         request for this certificate."
    )]
    OtherKey(String),
    /// Two or more server certificates.
    #[error(
        "There are two server certificates, for {0} and for {1}. Upload one of them with its own chain; each needs a \
         certificate key of its own."
    )]
    TwoLeaves(String, String),
    /// Authorities only.
    #[error(
        "There are certificates of authorities only, and none of a server. Add the certificate that was issued for \
         the FQDN."
    )]
    NoLeaf,
}

impl Problem {
    /// Where on a form the sentence belongs.
    pub fn part(&self) -> Part {
        match self {
            Self::TooLarge(part)
            | Self::Empty(part)
            | Self::Request(part)
            | Self::Pkcs7(part)
            | Self::Damaged { part, .. }
            | Self::UnknownPfx(part)
            | Self::UnknownEncryption(part)
            | Self::UnknownKey(part) => *part,
            Self::NotACertificate | Self::TwoLeaves(..) | Self::NoLeaf => Part::Certificate,
            Self::NotAKey | Self::KeyMissing | Self::SeveralKeys(_) | Self::OtherKey(_) => Part::Key,
            Self::PasswordNeeded(_) | Self::WrongPassword(_) => Part::Password,
        }
    }

    /// The sentence for people: what, likely cause, next step.
    pub fn sentence(&self) -> String {
        self.to_string()
    }
}
