//! People and what they may do.

pub use crate::passwords::{PASSWORD_LEAST, check_password};
use crate::{
    fields::FieldErrors,
    ids::{ClusterId, PersonId},
    names,
};
use serde::{Deserialize, Serialize};
use std::{collections::BTreeSet, fmt};
use unicode_normalization::UnicodeNormalization;
use unicode_security::{GeneralSecurityProfile, MixedScript, skeleton};

/// What a person may do. Viewers read; operators draft, plan and apply; admins also manage appliances and people;
/// auditors read, and export and verify the log.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Role {
    Viewer,
    Operator,
    Admin,
    Auditor,
}

impl Role {
    pub const ALL: [Self; 4] = [Self::Viewer, Self::Operator, Self::Admin, Self::Auditor];

    pub const fn word(self) -> &'static str {
        match self {
            Self::Viewer => "viewer",
            Self::Operator => "operator",
            Self::Admin => "admin",
            Self::Auditor => "auditor",
        }
    }

    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|role| role.word() == word)
    }

    /// May change clusters: draft, plan, apply.
    pub const fn may_operate(self) -> bool {
        matches!(self, Self::Operator | Self::Admin)
    }

    /// May manage appliances, people, settings.
    pub const fn may_administer(self) -> bool {
        matches!(self, Self::Admin)
    }

    /// May take the log out of Gatehouse.
    pub const fn may_export(self) -> bool {
        matches!(self, Self::Admin | Self::Auditor)
    }
}

/// Which clusters a person has to do with. What is out of scope does not exist for them.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Scope {
    /// All there are, and all there will be.
    #[default]
    All,
    Only(BTreeSet<ClusterId>),
}

impl Scope {
    pub fn includes(&self, cluster: ClusterId) -> bool {
        match self {
            Self::All => true,
            Self::Only(clusters) => clusters.contains(&cluster),
        }
    }
}

/// By number, as the log keeps it: a title would tell of a cluster that its reader may not see.
impl fmt::Display for Scope {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::All => f.write_str("all clusters"),
            Self::Only(clusters) => {
                f.write_str(if clusters.len() == 1 { "cluster" } else { "clusters" })?;
                let mut before = " ";
                for id in clusters {
                    write!(f, "{before}{id}")?;
                    before = ", ";
                }
                Ok(())
            }
        }
    }
}

/// One person of the team.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Person {
    pub id: PersonId,
    /// What they sign in with, and what the log calls them.
    pub name: String,
    pub role: Role,
    pub scope: Scope,
}

impl Person {
    /// Whose drafts these are.
    pub fn owner(&self) -> String {
        format!("person:{}", self.id)
    }
}

/// Why a session is over.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SessionEnd {
    /// By an admin, or by its owner from another browser.
    Ended,
    /// An admin gave its owner another password.
    PasswordSet,
    /// Its owner changed theirs.
    PasswordChanged,
    /// Sign-in was switched off for its owner.
    Disabled,
    /// Nobody used it for long enough, or it was as old as one may be.
    Expired,
    /// By its owner, from another tab perhaps.
    SignedOut,
    /// Somebody signed in with the same browser.
    Replaced,
}

impl SessionEnd {
    /// To whoever still has it. `by` is who did it.
    pub fn sentence(self, by: &str) -> String {
        match self {
            Self::Ended => format!("Your session was ended by {by}."),
            Self::PasswordSet => format!("Your session ended because {by} gave you another password."),
            Self::PasswordChanged => {
                "Your session ended because your password was changed from another browser.".into()
            }
            Self::Disabled => format!("Your session ended because {by} switched sign-in off for you."),
            Self::Expired => {
                "Your session ended: nobody had used it for a while, or it was as old as a session may be.".into()
            }
            Self::SignedOut => "You signed out, perhaps in another tab.".into(),
            Self::Replaced => "Your session ended when somebody signed in with this browser.".into(),
        }
    }
}

/// A name as it is kept: what looks the same is written the same (NFKC).
pub fn spelled(typed: &str) -> String {
    typed.trim().nfkc().collect()
}

/// What a name looks like to somebody who reads it quickly (UTS 39): `аdа` with Cyrillic letters looks like `ada`.
fn looks(name: &str) -> String {
    let lower: String = spelled(name).to_lowercase();
    // `0` looks like a capital O, and `O` like what people mean by it.
    skeleton(&lower).collect::<String>().to_lowercase()
}

/// A name to sign in with, which nobody takes for one of `others`.
pub fn sign_in_name(typed: &str, others: &[String]) -> Result<String, String> {
    let name = names::title(&spelled(typed), "the person")?;
    let fits = |c: char| "._-@".contains(c) || (c.is_alphanumeric() && c.identifier_allowed());
    if !name.chars().all(fits) {
        return Err("A sign-in name has letters, digits, dot, hyphen, underscore and @, and no blanks.".into());
    }
    if !name.chars().any(char::is_alphanumeric) {
        return Err("A sign-in name has at least one letter or digit.".into());
    }
    if !name.as_str().is_single_script() {
        return Err("This name mixes letters of several scripts, so that it may look like another one. \
             Write it with the letters of one."
            .into());
    }
    let looks_like = looks(&name);
    let twin = others.iter().find(|other| looks(other) == looks_like);
    match twin {
        Some(twin) if twin.to_lowercase() == name.to_lowercase() => {
            Err(format!("There is already a person called {twin}. Choose another name."))
        }
        Some(twin) => Err(format!("This name looks like {twin}, who is there already. Choose another name.")),
        None => Ok(name),
    }
}

/// A new person's name and password.
pub fn check_new(name: &str, password: &str, others: &[String]) -> Result<String, FieldErrors> {
    let mut errors = FieldErrors::default();
    let known = spelled(name);
    let name = errors.keep("name", sign_in_name(name, others));
    errors.keep("password", check_password(password, &known));
    match name {
        Some(name) if errors.is_empty() => Ok(name),
        _ => Err(errors),
    }
}

/// Role and scope as they were chosen in a form.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct RightsForm {
    pub role: String,
    /// `all` or `some`.
    pub scope: String,
    /// Numbers of the ticked clusters, with commas between.
    pub clusters: String,
}

impl RightsForm {
    pub fn of(role: Role, scope: &Scope) -> Self {
        let (word, clusters) = match scope {
            Scope::All => ("all", String::new()),
            Scope::Only(clusters) => ("some", clusters.iter().map(ToString::to_string).collect::<Vec<_>>().join(",")),
        };
        Self { role: role.word().into(), scope: word.into(), clusters }
    }

    /// `there` are the clusters that exist.
    pub fn parse(&self, there: &BTreeSet<ClusterId>) -> Result<(Role, Scope), FieldErrors> {
        let mut errors = FieldErrors::default();
        let role = errors.keep("role", Role::from_word(&self.role).ok_or_else(|| "Choose a role.".to_owned()));
        if role == Some(Role::Admin) && self.scope != "all" {
            errors.add(
                "scope",
                "An admin manages people and appliances for everybody and therefore always has all clusters. \
                 Choose “All clusters”, or another role.",
            );
        }
        let scope = errors.keep("scope", self.parse_scope(there));
        match (role, scope) {
            (Some(role), Some(scope)) if errors.is_empty() => Ok((role, scope)),
            _ => Err(errors),
        }
    }

    /// Ticks without “all” mean these and no others. Ticks beside “all” contradict it, and nobody's view is widened by a
    /// guess: whoever wants all says so by taking the ticks away.
    fn parse_scope(&self, there: &BTreeSet<ClusterId>) -> Result<Scope, String> {
        let typed = self.clusters.split(',').filter(|part| !part.trim().is_empty());
        let ticked: Option<BTreeSet<ClusterId>> = typed.map(|part| part.trim().parse().ok()).collect();
        let known = ticked.filter(|ticked| ticked.is_subset(there));
        let known = known.ok_or("One of the ticked clusters does not exist. Open the page again.")?;
        match (self.scope.as_str(), known.is_empty()) {
            ("all", true) => Ok(Scope::All),
            ("all", false) => {
                Err("“All clusters” is chosen, and some clusters are ticked as well, so nothing was saved. \
                 Choose “Only these clusters” for the ticked ones, or take the ticks away for all."
                    .into())
            }
            ("some" | "", false) => Ok(Scope::Only(known)),
            ("some", true) => Err("Tick at least one cluster, or choose “All clusters”.".into()),
            _ => Err("Choose all clusters, or some.".into()),
        }
    }
}

/// What a record says of a scope, with the names that its reader may know: records name clusters by number, because whom
/// they are about may see them and not the clusters.
pub fn with_names(text: &str, titles: &[(ClusterId, String)]) -> String {
    let (mut told, mut rest) = (String::new(), text);
    while let Some(at) = rest.find("cluster") {
        let (before, word) = rest.split_at(at);
        told.push_str(before);
        let list = word.strip_prefix("clusters ").or_else(|| word.strip_prefix("cluster ")).unwrap_or_default();
        let length = list.find(|c: char| !c.is_ascii_digit() && c != ',' && c != ' ').unwrap_or(list.len());
        let numbers = list[..length].trim_end_matches([',', ' ']);
        let ids: Vec<ClusterId> = numbers.split(", ").filter_map(|number| number.parse().ok()).collect();
        if ids.is_empty() || ids.len() != numbers.split(", ").count() {
            told.push_str("cluster");
            rest = &word["cluster".len()..];
            continue;
        }
        let name = |id: &ClusterId| {
            let known = titles.iter().find(|(known, _)| known == id);
            known.map_or_else(|| format!("cluster {id}"), |(_, title)| title.clone())
        };
        told.push_str(&ids.iter().map(name).collect::<Vec<_>>().join(", "));
        rest = &list[numbers.len()..];
    }
    told.push_str(rest);
    told
}

/// What a person of this scope sees, as a sentence's end: `Hamburg and Berlin only`. `titles` are the clusters' names.
pub fn sees(scope: &Scope, titles: &[(ClusterId, String)]) -> String {
    let title = |id: &ClusterId| {
        let known = titles.iter().find(|(known, _)| known == id);
        known.map_or_else(|| format!("cluster {id}"), |(_, title)| title.clone())
    };
    match scope {
        Scope::All => "all clusters, also those that are added later".into(),
        Scope::Only(ids) => {
            let names: Vec<String> = ids.iter().map(title).collect();
            match names.as_slice() {
                [] => "no cluster".into(),
                [one] => format!("{one} only"),
                [first @ .., last] => format!("{} and {last} only", first.join(", ")),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ids(ids: &[i64]) -> BTreeSet<ClusterId> {
        ids.iter().copied().map(ClusterId).collect()
    }

    #[test]
    fn rights_survive_their_form() {
        let there = ids(&[1, 2, 7]);
        for (role, scope) in [
            (Role::Admin, Scope::All),
            (Role::Viewer, Scope::All),
            (Role::Operator, Scope::Only(ids(&[1, 7]))),
            (Role::Auditor, Scope::Only(ids(&[2]))),
        ] {
            assert_eq!(RightsForm::of(role, &scope).parse(&there).unwrap(), (role, scope));
        }
    }

    #[test]
    fn rights_that_cannot_be_have_their_sentence() {
        let there = ids(&[1]);
        for (role, scope, clusters, field, part) in [
            ("chief", "all", "", "role", "Choose a role"),
            ("viewer", "", "", "scope", "all clusters, or some"),
            ("viewer", "some", "", "scope", "at least one"),
            ("viewer", "some", "9", "scope", "does not exist"),
            ("viewer", "some", "x", "scope", "does not exist"),
            ("admin", "some", "1", "scope", "always has all clusters"),
            ("admin", "", "1", "scope", "always has all clusters"),
            ("admin", "some", "", "scope", "always has all clusters"),
            // A tick beside the radio that says the opposite: nobody's scope is widened in silence.
            ("viewer", "all", "1", "scope", "as well, so nothing was saved"),
            ("admin", "all", "1", "scope", "as well, so nothing was saved"),
            ("operator", "every", "1", "scope", "all clusters, or some"),
        ] {
            let form = RightsForm { role: role.into(), scope: scope.into(), clusters: clusters.into() };
            let errors = form.parse(&there).unwrap_err();
            assert!(errors.get(field).is_some_and(|sentence| sentence.contains(part)), "{form:?}: {errors:?}");
        }
    }

    #[test]
    fn ticks_alone_mean_only_these() {
        let form = RightsForm { role: "operator".into(), scope: String::new(), clusters: "7".into() };
        assert_eq!(form.parse(&ids(&[1, 7])).unwrap(), (Role::Operator, Scope::Only(ids(&[7]))));
    }

    #[test]
    fn what_is_seen_is_said_by_name() {
        let titles = [(ClusterId(1), "Berlin".to_owned()), (ClusterId(2), "Hamburg".to_owned())];
        let says = |only: &[i64]| sees(&Scope::Only(ids(only)), &titles);
        assert_eq!(says(&[2]), "Hamburg only");
        assert_eq!(says(&[1, 2]), "Berlin and Hamburg only");
        assert_eq!(says(&[1, 2, 9]), "Berlin, Hamburg and cluster 9 only");
        assert_eq!(says(&[]), "no cluster");
        assert_eq!(sees(&Scope::All, &titles), "all clusters, also those that are added later");
    }

    #[test]
    fn a_scope_includes_what_it_names() {
        assert!(Scope::All.includes(ClusterId(5)));
        let some = Scope::Only(ids(&[1, 7]));
        assert!(some.includes(ClusterId(7)) && !some.includes(ClusterId(5)));
        assert_eq!((some.to_string(), Scope::All.to_string()), ("clusters 1, 7".into(), "all clusters".into()));
        assert!(!Scope::Only(BTreeSet::new()).includes(ClusterId(1)), "nothing is not everything");
    }

    #[test]
    fn a_reader_reads_the_names_that_they_know() {
        let titles = [(ClusterId(1), "Berlin".to_owned()), (ClusterId(7), "Hamburg".to_owned())];
        for (text, told) in [
            ("vera was added as viewer for cluster 1.", "vera was added as viewer for Berlin."),
            (
                "vera, viewer for clusters 1, 7, is now operator for clusters 1, 9.",
                "vera, viewer for Berlin, Hamburg, is now operator for Berlin, cluster 9.",
            ),
            ("vera, viewer for all clusters, is now", "vera, viewer for all clusters, is now"),
            ("cluster x of clusters", "cluster x of clusters"),
            ("cluster 99999999999999999999", "cluster 99999999999999999999"),
            ("cluster", "cluster"),
        ] {
            assert_eq!(with_names(text, &titles), told);
        }
    }

    #[test]
    fn no_two_names_look_alike() {
        let there = ["ada".to_owned(), "olga".to_owned(), "Jürgen".to_owned()];
        let name = |typed: &str| sign_in_name(typed, &there);
        for (typed, part) in [
            ("\u{430}d\u{430}", "several scripts"),
            ("\u{430}da", "several scripts"),
            ("ADA", "already a person called ada"),
            ("\u{ff41}\u{ff44}\u{ff41}", "already a person called ada"),
            ("0lga", "looks like olga"),
            ("Ju\u{308}rgen", "already a person called Jürgen"),
            ("two words", "no blanks"),
            ("ada\u{200b}", "invisible"),
            ("ada\u{202e}nimda", "invisible"),
            ("a<b>", "letters, digits"),
            ("\u{1f980}", "letters, digits"),
            ("...", "at least one"),
        ] {
            let sentence = name(typed).expect_err(typed);
            assert!(sentence.contains(part), "{typed}: {sentence}");
        }
        for (typed, kept) in [
            ("vera", "vera"),
            (" b.o_b-2@example.com ", "b.o_b-2@example.com"),
            ("Жанна", "Жанна"),
            ("北京", "北京"),
            ("e\u{301}va", "éva"),
        ] {
            assert_eq!(name(typed).as_deref(), Ok(kept), "{typed}");
        }
        // Letters of one script that look like another's: taken only while nobody is called so.
        assert!(sign_in_name("\u{430}\u{441}\u{430}", &["aca".to_owned()]).unwrap_err().contains("looks like aca"));
        assert!(name("\u{430}\u{441}\u{430}").is_ok());
    }
}
