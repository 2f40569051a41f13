//! Who may do what: users, groups and the command policies bound to them (`nitro.md` 3.24).

mod policy;

use super::same;
use crate::{
    refusal::{Outcome, Refusal},
    schema::Fields,
};
pub(crate) use policy::CmdPolicy;
use sha2::{Digest, Sha256};

/// The account that no policy holds back.
pub(crate) const SUPERUSER: &str = "nsroot";

#[derive(Clone, Debug)]
pub(crate) struct Access {
    pub users: Vec<Account>,
    pub groups: Vec<Account>,
    pub policies: Vec<CmdPolicy>,
    /// `systemparameter`.
    pub parameter: Fields,
}

/// A user or a group: a name to which policies and partitions are bound.
#[derive(Clone, Debug, Default)]
pub(crate) struct Account {
    pub name: String,
    pub set: Fields,
    /// Of a user; the superuser's is the appliance's own.
    pub secret: Option<Secret>,
    /// Policy and priority, in the order of binding.
    pub policies: Vec<(String, i64)>,
    pub partitions: Vec<String>,
    /// Names of users, for a group.
    pub members: Vec<String>,
}

/// A password that can be compared and not be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Secret {
    salt: String,
    digest: String,
}

impl Secret {
    pub fn new(password: &str) -> Outcome<Self> {
        let salt = crate::random::hex(4).map_err(|_| Refusal::new(1043))?;
        let digest = digest(&salt, password);
        Ok(Self { salt, digest })
    }

    pub fn is(&self, password: &str) -> bool {
        digest(&self.salt, password) == self.digest
    }

    /// As the configuration's text shows it.
    pub fn text(&self) -> String {
        format!("{}{}", self.salt, self.digest)
    }
}

fn digest(salt: &str, password: &str) -> String {
    hex::encode(Sha256::digest(format!("{salt}{password}")))
}

impl Default for Access {
    fn default() -> Self {
        let superuser =
            Account { name: SUPERUSER.to_owned(), policies: vec![("superuser".to_owned(), 100)], ..Account::default() };
        Self {
            users: vec![superuser],
            groups: Vec::new(),
            policies: CmdPolicy::built_in(),
            parameter: Fields::default(),
        }
    }
}

impl Access {
    pub fn user(&self, name: &str) -> Option<&Account> {
        find(&self.users, name)
    }

    pub fn policy(&self, name: &str) -> Option<&CmdPolicy> {
        self.policies.iter().find(|policy| same(policy.name(), name))
    }

    /// A setting of the system, or its default.
    pub fn is_on(&self, parameter: &str, default: bool) -> bool {
        self.parameter.get(parameter).map_or(default, |word| word == "ENABLED")
    }

    /// Whether somebody uses the policy.
    pub fn is_bound(&self, policy: &str) -> bool {
        let mut accounts = self.users.iter().chain(&self.groups);
        accounts.any(|account| account.policies.iter().any(|(name, _)| same(name, policy)))
    }

    /// Whether a user may give this command: the first policy that matches decides, in ascending priority; none
    /// denies. `without` is what a user without any policy hears.
    pub fn judge(&self, user: &str, line: &str, without: &Refusal) -> Outcome {
        let mut rules: Vec<(i64, &CmdPolicy)> = self.rules(user).collect();
        if rules.is_empty() {
            return Err(without.clone());
        }
        rules.sort_by_key(|(priority, _)| *priority);
        match rules.iter().find(|(_, policy)| policy.matches(line)) {
            Some((_, policy)) if policy.allows() => Ok(()),
            _ => Err(Refusal::about(2138, &[line])),
        }
    }

    /// The policies of a user and of the groups that it belongs to.
    fn rules(&self, user: &str) -> impl Iterator<Item = (i64, &CmdPolicy)> {
        let groups = self.groups.iter().filter(move |group| group.members.iter().any(|member| member == user));
        let bound = self.user(user).into_iter().chain(groups).flat_map(|account| &account.policies);
        bound.filter_map(|(name, priority)| Some((*priority, self.policy(name)?)))
    }
}

/// User and group names are case-sensitive, unlike those of objects.
pub(crate) fn find<'a>(accounts: &'a [Account], name: &str) -> Option<&'a Account> {
    accounts.iter().find(|account| account.name == name)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn access(bound: &[(&str, i64)]) -> Access {
        let mut access = Access::default();
        let policies = bound.iter().map(|(name, priority)| ((*name).to_owned(), *priority)).collect();
        access.users.push(Account { name: "jdoe".to_owned(), policies, ..Account::default() });
        access
    }

    fn judge(access: &Access, line: &str) -> Result<(), u16> {
        access.judge("jdoe", line, &Refusal::new(371)).map_err(|refusal| refusal.code)
    }

    #[test]
    fn the_lowest_number_decides_and_nothing_denies() {
        let mut access = access(&[("read-only", 100), ("no-db", 10)]);
        access.policies.push(CmdPolicy::new("no-db", "DENY", "^SHOW server db").unwrap());
        assert_eq!(judge(&access, "show server web01"), Ok(()));
        assert_eq!(judge(&access, "show server db01"), Err(2138));
        assert_eq!(judge(&access, "add server web01"), Err(2138));
        assert_eq!(judge(&Access::default(), "show server"), Err(371));
    }

    #[test]
    fn groups_lend_their_policies() {
        let mut access = access(&[]);
        let members = vec!["jdoe".to_owned()];
        let policies = vec![("operator".to_owned(), 1)];
        access.groups.push(Account { name: "desk".to_owned(), members, policies, ..Account::default() });
        assert_eq!(judge(&access, "disable serviceGroup sg xms01 443"), Ok(()));
        assert_eq!(judge(&access, "save ns config"), Err(2138));
    }

    #[test]
    fn the_built_in_ones_hold_back_what_they_should() {
        for (policy, allowed, refused) in [
            ("read-only", "show ns config", "show ns runningConfig"),
            ("read-only", "stat lb vserver", "show system session"),
            ("read-only", "man add server", "show audit messages"),
            ("operator", "enable server xms01", "rm server xms01"),
            ("network", "add lb vserver vs SSL", "add system user x"),
            ("network", "show ns version", "show ns savedConfig"),
            ("sysadmin", "show ns runningConfig", "diff ns config"),
            ("sysadmin", "show audit messages", "show system user"),
            ("partition-admin", "switch ns partition p1", "shell"),
            ("partition-read-only", "switch ns partition p1", "add server x"),
        ] {
            let access = access(&[(policy, 1)]);
            assert_eq!(judge(&access, allowed), Ok(()), "{policy}: {allowed}");
            assert_eq!(judge(&access, refused), Err(2138), "{policy}: {refused}");
        }
        assert_eq!(judge(&access(&[("superuser", 1)]), "shell"), Ok(()));
    }
}
