//! What somebody may do and see, as it is typed and as it is told.

use super::{Role, Scope};
use crate::{fields::FieldErrors, ids::ClusterId};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

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
}
