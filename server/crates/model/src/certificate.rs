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

/// What a name may be at most, so that the files that are named after it fit (63 characters with their endings, `nitro.md`
/// 3.13).
const FOR_FILES: usize = 40;

/// The longest name of a certificate key on older releases, and the first release that is known to take more (6.2 A8).
/// Where the border is exactly is not known: what is not known to take more gets what all take.
const OLD_LONGEST: usize = 31;
const TAKES_MORE: (u32, u32) = (13, 0);

/// Ends the names of intermediates: `-ca1`. Chains have fewer than ten.
const OF_CHAIN: usize = "-ca1".len();

/// The longest name of a certificate key that fits an appliance of this release, with `chain` intermediates named after it.
/// `13.1 build 48.47`; `None`: not seen yet.
pub fn longest_name(release: Option<&str>, chain: usize) -> usize {
    let more = release.and_then(names::release).is_some_and(|release| release >= TAKES_MORE);
    let most = if more { FOR_FILES } else { OLD_LONGEST };
    if more || chain == 0 { most } else { most - OF_CHAIN }
}

/// A name for the certificate key of a cluster that fits its appliance, whatever chain it comes with: `xms-berlin-2027`.
pub fn proposed_name(title: &str, year: &str, release: Option<&str>) -> String {
    let slug = names::slug(title);
    let room = longest_name(release, 1).saturating_sub("xms--".len() + year.len());
    let slug = slug.get(..room).unwrap_or(&slug).trim_end_matches('-');
    format!("xms-{slug}-{year}")
}

impl UploadForm {
    /// The name, short enough for what is named after it; `chain` intermediates are, on an appliance of `release`.
    pub fn parse(&self, release: Option<&str>, chain: usize) -> Result<String, FieldErrors> {
        let name = names::object_name(&self.name).map_err(|sentence| FieldErrors::one("name", sentence))?;
        let most = longest_name(release, chain);
        if name.len() > FOR_FILES {
            let sentence = format!(
                "The name has {} characters; its files are named after it, so {} is the most.",
                name.len(),
                most.min(FOR_FILES)
            );
            return Err(FieldErrors::one("name", sentence));
        }
        if name.len() > most {
            let why = match release {
                Some(release) => format!("this appliance runs {release}, and releases before 13.0"),
                None => "the appliance's release is not known yet, and those before 13.0".to_owned(),
            };
            let chained = if chain > 0 { " with those of the intermediates, which are named after it" } else { "" };
            let sentence = format!(
                "The name has {} characters: {why} take {OLD_LONGEST} for a certificate key. Use {most} at most{chained}.",
                name.len()
            );
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
        let new = Some("13.1 build 48.47");
        assert!(UploadForm { name: "x".repeat(41) }.parse(new, 0).unwrap_err().get("name").is_some());
        assert!(UploadForm { name: "1".into() }.parse(new, 0).is_err());
        assert_eq!(UploadForm { name: " xms-2027 ".into() }.parse(new, 0).unwrap(), "xms-2027");
    }

    #[test]
    fn names_fit_the_release() {
        let fits = |length: usize, release, chain| UploadForm { name: "x".repeat(length) }.parse(release, chain);
        for new in ["13.0 build 79.1002", "14.1 build 12.30"] {
            assert!(fits(40, Some(new), 3).is_ok(), "{new}");
        }
        for old in [Some("12.1 build 55.18"), Some("10.5 build 57.7"), Some("odd"), None] {
            assert!(fits(31, old, 0).is_ok() && fits(27, old, 2).is_ok(), "{old:?}");
            for (length, chain) in [(32, 0), (28, 1)] {
                let errors = fits(length, old, chain).unwrap_err();
                let sentence = errors.get("name").unwrap();
                assert!(sentence.contains("take 31 for a certificate key"), "{sentence}");
            }
            let name = proposed_name("The quite long name of a cluster in Berlin", "2027", old);
            assert!(name.starts_with("xms-the-quite-") && name.ends_with("-2027") && !name.contains("--"), "{name}");
            assert!(UploadForm { name }.parse(old, 9).is_ok());
        }
        assert_eq!(proposed_name("Berlin", "2027", None), "xms-berlin-2027");
    }
}
