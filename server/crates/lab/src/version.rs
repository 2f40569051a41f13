//! Which firmware the appliances pretend to have. What each lacks is in `schema::versions`.

use std::{fmt, str::FromStr};

/// A release, oldest first.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Version {
    /// 10.5
    V10_5,
    /// 12.1
    V12_1,
    /// 13.0
    #[default]
    V13_0,
    /// 13.1
    V13_1,
    /// 14.1
    V14_1,
}

/// Release, build, and the date that `nsversion` shows. The text of 13.0 is a captured one, the others are like it.
const BUILDS: [(Version, &str, &str, &str); 5] = [
    (Version::V10_5, "10.5", "57.7.nc", "May 14 2015, 10:14:26"),
    (Version::V12_1, "12.1", "55.18.nc", "Jan 23 2020, 05:06:39"),
    (Version::V13_0, "13.0", "79.1002.nc", "Jul  7 2021, 10:31:36"),
    (Version::V13_1, "13.1", "48.47.nc", "May 31 2023, 01:22:41"),
    (Version::V14_1, "14.1", "12.30.nc", "Nov 15 2023, 12:49:29"),
];

impl Version {
    /// All of them, oldest first.
    pub fn all() -> impl Iterator<Item = Self> {
        BUILDS.iter().map(|build| build.0)
    }

    fn build(self) -> (&'static str, &'static str, &'static str) {
        BUILDS.iter().find(|build| build.0 == self).map_or(("", "", ""), |build| (build.1, build.2, build.3))
    }

    /// The first line of a saved configuration: `#NS13.0 Build 79.1002`.
    pub(crate) fn file_header(self) -> String {
        let (release, build, _) = self.build();
        format!("#NS{release} Build {}", build.trim_end_matches(".nc"))
    }

    /// The text of `nsversion`.
    pub(crate) fn banner(self) -> String {
        let (release, build, date) = self.build();
        format!("NetScaler NS{release}: Build {build}, Date: {date}   (64-bit)")
    }
}

impl fmt::Display for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.build().0)
    }
}

impl FromStr for Version {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        Self::all().find(|version| version.build().0 == text).ok_or_else(|| {
            let known: Vec<&str> = BUILDS.iter().map(|build| build.1).collect();
            format!("\"{text}\" is not one of {}", known.join(", "))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_are_read_and_written_alike() {
        for version in Version::all() {
            assert_eq!(version.to_string().parse(), Ok(version));
        }
        assert!("9.3".parse::<Version>().is_err_and(|error| error.contains("10.5, 12.1")));
        assert!(Version::V10_5 < Version::V12_1);
    }
}
