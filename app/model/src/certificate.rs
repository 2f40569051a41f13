//! What is known of an uploaded certificate, without anything secret.

use crate::{clock::At, desired::CertFiles, fields::FieldErrors, names};
use serde::{Deserialize, Serialize};

/// What was found in the files, and where it will go.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Summary {
    /// Common name, for lists.
    pub subject: String,
    /// All names that it covers.
    pub names: Vec<String>,
    pub issuer: String,
    pub not_before: At,
    pub not_after: At,
    /// Of the leaf, as DER, in hexadecimal.
    pub sha256: String,
    /// `RSA 2048` and the like.
    pub key: String,
    /// Common names of the intermediates, from the leaf upwards.
    #[serde(default)]
    pub chain: Vec<String>,
    /// What is not as it should be and was taken all the same, in sentences.
    #[serde(default)]
    pub warnings: Vec<String>,
}

/// The upload form as it was typed; files and password apart.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct UploadForm {
    /// Name of the certificate key to be made.
    pub name: String,
}

impl UploadForm {
    /// The name, short enough for the files that are named after it (63 characters with their endings, `nitro.md` 3.13).
    pub fn parse(&self) -> Result<String, FieldErrors> {
        let name = names::object_name(&self.name).map_err(|sentence| FieldErrors::one("name", sentence))?;
        if name.len() > 40 {
            let sentence =
                format!("The name has {} characters; its files are named after it, so 40 is the most.", name.len());
            return Err(FieldErrors::one("name", sentence));
        }
        Ok(name)
    }
}

/// The files that an upload becomes on the appliance: new names for each upload, so that a running certificate is never
/// replaced under its users' feet.
pub fn files(name: &str, upload: i64, chain: usize, sha256: &str) -> CertFiles {
    let link = |index: usize| {
        let name = format!("{name}-ca{}", index + 1);
        let file = format!("{name}.cer");
        (name, file)
    };
    CertFiles {
        upload,
        cert: format!("{name}.cer"),
        key: format!("{name}.key"),
        chain: (0..chain).map(link).collect(),
        sha256: sha256.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_files_follow_the_certificate_key() {
        let files = files("xms-2027", 7, 2, "ab");
        assert_eq!((files.cert.as_str(), files.key.as_str()), ("xms-2027.cer", "xms-2027.key"));
        assert_eq!(files.chain[1], ("xms-2027-ca2".into(), "xms-2027-ca2.cer".into()));
        assert!(UploadForm { name: "x".repeat(41) }.parse().unwrap_err().get("name").is_some());
        assert!(UploadForm { name: "1".into() }.parse().is_err());
        assert_eq!(UploadForm { name: " xms-2027 ".into() }.parse().unwrap(), "xms-2027");
    }
}
