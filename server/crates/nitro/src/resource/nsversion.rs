use super::Resource;
use crate::de;
use serde::{Deserialize, Serialize};
use std::fmt;

/// The firmware (`nitro.md` 3.2).
#[derive(Debug, Clone, PartialEq, Default, Deserialize)]
#[serde(default)]
pub struct NsVersion {
    /// `NetScaler NS13.0: Build 79.1002.nc, Date: Jul  7 2021, 10:31:36   (64-bit)`.
    #[serde(deserialize_with = "de::text")]
    pub version: String,
    /// Meaning not documented; `"1"` as a rule.
    #[serde(deserialize_with = "de::opt_text")]
    pub mode: Option<String>,
}

impl Resource for NsVersion {
    const NAME: &'static str = "nsversion";
    const KEYS: &'static [&'static str] = &["version"];
}

impl NsVersion {
    /// Release and build as numbers; `None` when the text is of another form.
    pub fn parse(&self) -> Option<Version> {
        Version::parse(&self.version)
    }
}

/// Release and build, in the order of time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Version {
    /// 13 of 13.0.
    pub major: u32,
    /// 0 of 13.0.
    pub minor: u32,
    /// 79 and 1002 of `79.1002`.
    pub build: (u32, u32),
}

impl Version {
    /// Finds `NS13.0: Build 79.1002` in a version text.
    pub fn parse(text: &str) -> Option<Self> {
        text.match_indices("NS").find_map(|(at, _)| {
            let rest = text.get(at + 2..)?;
            let (major, rest) = number(rest)?;
            let (minor, rest) = number(rest.strip_prefix('.')?)?;
            let (first, rest) = number(rest.trim_start_matches([':', ' ', ',']).strip_prefix("Build")?.trim_start())?;
            let (second, _) = number(rest.strip_prefix('.')?)?;
            Some(Self { major, minor, build: (first, second) })
        })
    }

    /// The release alone, `13.0`.
    pub fn release(self) -> String {
        format!("{}.{}", self.major, self.minor)
    }

    /// Whether this is at least release `major.minor`.
    pub fn at_least(self, major: u32, minor: u32) -> bool {
        (self.major, self.minor) >= (major, minor)
    }
}

fn number(text: &str) -> Option<(u32, &str)> {
    let end = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
    let (digits, rest) = text.split_at(end);
    Some((digits.parse().ok()?, rest))
}

impl fmt::Display for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{} build {}.{}", self.major, self.minor, self.build.0, self.build.1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn reads_release_and_build() {
        for (text, shown) in [
            ("NetScaler NS13.0: Build 79.1002.nc, Date: Jul  7 2021, 10:31:36   (64-bit)", "13.0 build 79.1002"),
            ("NetScaler NS10.5: Build 50.10.nc, Date: May 21 2014, 21:58:28", "10.5 build 50.10"),
            ("Citrix NS NS14.1 Build 4.42.nc", "14.1 build 4.42"),
        ] {
            assert_eq!(Version::parse(text).unwrap().to_string(), shown);
        }
        for text in ["", "NS", "NS13", "NS13.0: Build", "NS13.0: Build 99999999999.1"] {
            assert_eq!(Version::parse(text), None, "{text}");
        }
    }

    #[test]
    fn versions_have_an_order() {
        let older = Version::parse("NS12.1: Build 9.5").unwrap();
        let newer = Version::parse("NS12.1: Build 65.21").unwrap();
        assert!(older < newer && newer.at_least(12, 1) && newer.at_least(11, 1) && !newer.at_least(13, 0));
    }

    proptest! {
        #[test]
        fn no_text_makes_it_panic(text in ".*NS.*") {
            let _ = Version::parse(&text);
        }
    }
}
