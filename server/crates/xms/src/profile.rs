//! What no document vouches for, as data (`xenmobile.md` 0): a TOML file that one capture can replace.

use crate::Error;
use regex::Regex;
use serde::{Deserialize, Deserializer};

const EMBEDDED: &str = include_str!("../profiles/xms-10.toml");

/// Everything about a release that is not documented. Each part says whether it was verified against a real server.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Profile {
    /// Its name, to be shown.
    pub name: String,
    /// How a login is refused.
    pub login: Login,
    /// How a token is refused.
    pub token: Token,
    /// Pages that answer without a login.
    pub probes: Probes,
    /// The menu program.
    pub cli: Cli,
}

/// How a login is refused.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Login {
    /// Whether a real server confirmed it.
    pub verified: bool,
    /// Where it is from.
    pub source: String,
    /// HTTP statuses that refuse the account.
    pub refused_http: Vec<u16>,
    /// JSON statuses that refuse the account.
    pub refused_status: Vec<i64>,
}

/// How a token is refused.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Token {
    /// Whether a real server confirmed it.
    pub verified: bool,
    /// Where it is from.
    pub source: String,
    /// The token has ended.
    pub expired_http: Vec<u16>,
    /// The token has ended, or a right is missing.
    pub doubtful_http: Vec<u16>,
}

/// Pages that answer without a login.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Probes {
    /// Whether a real server confirmed it.
    pub verified: bool,
    /// Where it is from.
    pub source: String,
    /// The console's login page.
    pub login_page: String,
    /// What stands on it, all of it.
    pub page_markers: Vec<String>,
    /// What stands on the predecessor's, any of it.
    pub old_markers: Vec<String>,
    /// Tells the version.
    pub version: String,
    /// What Secure Hub asks first.
    pub server_info: String,
    /// As whom we ask for it.
    pub server_info_agent: String,
    /// Pages that may set the node's cookie.
    pub node_id_paths: Vec<String>,
    /// The cookie's name.
    pub node_id_cookie: String,
}

/// The menu program.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Cli {
    /// Whether a real server confirmed it.
    pub verified: bool,
    /// Where it is from.
    pub source: String,
    /// The last line of a menu.
    pub prompt: Pattern,
    /// One entry of a menu: number and text.
    pub entry: Pattern,
    /// The menu program's own login prompt.
    pub login: Pattern,
    /// What looks like one and is none.
    pub not_login: Pattern,
    /// Its password prompt.
    pub password: Pattern,
    /// The first-time wizard.
    pub first_use: Pattern,
    /// A question that we never answer.
    pub question: Pattern,
    /// Prompts to go on.
    pub pauses: Vec<Pause>,
    /// Entries by their text.
    pub entries: Entries,
    /// What to find in answers.
    pub answers: Answers,
}

/// A prompt to go on, and what to answer.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Pause {
    /// The prompt.
    pub pattern: Pattern,
    /// What to send.
    pub answer: String,
}

/// Entries of menus, by their text.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Entries {
    /// Clustering.
    pub clustering: Pattern,
    /// Show Cluster Status.
    pub cluster_status: Pattern,
    /// Display Hazelcast Cluster.
    pub hazelcast: Pattern,
    /// System.
    pub system: Pattern,
    /// Display System Date.
    pub date: Pattern,
    /// Back to Main Menu.
    pub back: Pattern,
    /// Log Out.
    pub log_out: Pattern,
}

/// What to find in answers.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Answers {
    /// The node's own number.
    pub node_id: Pattern,
    /// A member: address, status, role.
    pub member: Pattern,
    /// A Hazelcast member: address, perhaps port.
    pub hazelcast_member: Pattern,
}

/// A regular expression from a file. Linear in time whatever the text: the library has no backtracking.
#[derive(Debug, Clone)]
pub struct Pattern(pub Regex);

impl std::ops::Deref for Pattern {
    type Target = Regex;

    fn deref(&self) -> &Regex {
        &self.0
    }
}

impl<'de> Deserialize<'de> for Pattern {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Regex::new(&text).map(Self).map_err(serde::de::Error::custom)
    }
}

/// A part of a profile that no real server confirmed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Unverified<'a> {
    /// Which part.
    pub part: &'static str,
    /// Where it is from.
    pub source: &'a str,
}

impl Profile {
    /// Reads a profile of one's own, as a whole.
    ///
    /// # Errors
    /// [`Error::Build`] with the place and the reason.
    pub fn parse(text: &str) -> Result<Self, Error> {
        let profile: Self =
            toml::from_str(text).map_err(|error| Error::Build(format!("the profile cannot be read: {error}")))?;
        for (what, pattern, groups) in [
            ("cli.entry", &profile.cli.entry, 2),
            ("cli.answers.node_id", &profile.cli.answers.node_id, 1),
            ("cli.answers.member", &profile.cli.answers.member, 3),
            ("cli.answers.hazelcast_member", &profile.cli.answers.hazelcast_member, 1),
        ] {
            if pattern.captures_len() <= groups {
                return Err(Error::Build(format!("the profile's {what} needs {groups} groups in parentheses")));
            }
        }
        for path in [&profile.probes.login_page, &profile.probes.version, &profile.probes.server_info]
            .into_iter()
            .chain(&profile.probes.node_id_paths)
        {
            if !path.starts_with('/') || !path.bytes().all(|b| b.is_ascii_graphic()) {
                return Err(Error::Build(format!("the profile's “{path}” is not a path")));
            }
        }
        Ok(profile)
    }

    /// The one that comes with the program.
    ///
    /// # Errors
    /// None that a build with passing tests can have; it is read like any other.
    pub fn embedded() -> Result<Self, Error> {
        Self::parse(EMBEDDED)
    }

    /// The embedded one as text, for somebody who wants to correct it.
    pub const fn embedded_text() -> &'static str {
        EMBEDDED
    }

    /// What no real server confirmed, to be shown.
    pub fn unverified(&self) -> Vec<Unverified<'_>> {
        [
            ("login", self.login.verified, &self.login.source),
            ("token", self.token.verified, &self.token.source),
            ("probes", self.probes.verified, &self.probes.source),
            ("menus", self.cli.verified, &self.cli.source),
        ]
        .into_iter()
        .filter(|(_, verified, _)| !verified)
        .map(|(part, _, source)| Unverified { part, source })
        .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_embedded_profile_is_good_and_says_that_nothing_is_verified() {
        let profile = Profile::embedded().unwrap();
        assert_eq!(profile.unverified().len(), 4);
        assert!(profile.unverified().iter().all(|part| !part.source.is_empty()));
    }

    #[test]
    fn a_capture_replaces_a_part() {
        let text = EMBEDDED.replace("refused_http = [400, 401, 403]", "refused_http = [409]").replacen(
            "verified = false",
            "verified = true",
            1,
        );
        let profile = Profile::parse(&text).unwrap();
        assert_eq!(profile.login.refused_http, [409]);
        assert!(profile.unverified().iter().all(|part| part.part != "login"));
    }

    #[test]
    fn a_broken_profile_says_where() {
        for (from, to, part) in [
            ("(-?\\d+)", "(-?\\d+", "unclosed"),
            ("(?i)Node\\s*ID\\s*[:=]\\s*(-?\\d+)", "Node ID", "groups"),
            ("\"/controlpoint", "\"controlpoint", "not a path"),
            ("name =", "nmae =", "nmae"),
        ] {
            let error = Profile::parse(&EMBEDDED.replacen(from, to, 1)).unwrap_err();
            assert!(error.to_string().contains(part), "{error}");
        }
    }
}
