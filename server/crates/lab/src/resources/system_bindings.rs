//! What is bound to users and groups (3.24): command policies, partitions, and members.

use super::{
    Cx, Resource, View,
    aggregates::part,
    systemuser::{chosen, group_mut, user_mut},
};
use crate::{
    caller::DEFAULT_PARTITION,
    json::Item,
    model::{Account, SUPERUSER, same},
    refusal::{Outcome, Refusal},
    schema::{
        Fields, Schema,
        tables::access::{
            GROUP_BINDING, GROUP_PARTITION, GROUP_POLICY, GROUP_USER, SYSTEMGROUP, SYSTEMUSER, USER_BINDING,
            USER_GROUP, USER_PARTITION, USER_POLICY,
        },
    },
};

/// One kind of binding of a user or of a group.
pub(super) struct Bound {
    table: &'static Schema,
    to: To,
    what: What,
}

pub(super) const USER_POLICIES: Bound = Bound { table: &USER_POLICY, to: To::User, what: What::Policy };
pub(super) const GROUP_POLICIES: Bound = Bound { table: &GROUP_POLICY, to: To::Group, what: What::Policy };
pub(super) const GROUP_USERS: Bound = Bound { table: &GROUP_USER, to: To::Group, what: What::Member };
pub(super) const USER_GROUPS: Bound = Bound { table: &USER_GROUP, to: To::User, what: What::Group };
pub(super) const USER_PARTITIONS: Bound = Bound { table: &USER_PARTITION, to: To::User, what: What::Partition };
pub(super) const GROUP_PARTITIONS: Bound = Bound { table: &GROUP_PARTITION, to: To::Group, what: What::Partition };

/// All of them in one answer.
pub(super) struct AllBound {
    table: &'static Schema,
    kinds: &'static [Bound],
}

pub(super) const USER_ALL: AllBound =
    AllBound { table: &USER_BINDING, kinds: &[USER_POLICIES, USER_GROUPS, USER_PARTITIONS] };
pub(super) const GROUP_ALL: AllBound =
    AllBound { table: &GROUP_BINDING, kinds: &[GROUP_POLICIES, GROUP_USERS, GROUP_PARTITIONS] };

#[derive(Clone, Copy, PartialEq, Eq)]
enum To {
    User,
    Group,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum What {
    Policy,
    Member,
    /// Read only: the groups of a user.
    Group,
    Partition,
}

impl Bound {
    fn accounts<'a>(&self, view: &'a View, name: Option<&str>) -> Outcome<Vec<&'a Account>> {
        accounts(self.to, view, name)
    }

    fn account<'a>(&self, cx: &'a mut Cx, name: &str) -> Outcome<&'a mut Account> {
        let access = &mut cx.appliance.config.access;
        match self.to {
            To::User => user_mut(access, name),
            To::Group => group_mut(access, name),
        }
    }

    fn items(&self, view: &View, account: &Account) -> Vec<Item> {
        let key = self.table.key().map_or("", |key| key.name);
        let row = |attribute: &'static str, value: &str, priority: Option<i64>| {
            let mut now = Fields::default();
            now.put(key, account.name.as_str());
            now.put(attribute, value);
            if let Some(priority) = priority {
                now.put("priority", priority.to_string());
            }
            self.table.item(&Fields::default(), &now)
        };
        match self.what {
            What::Policy => {
                account.policies.iter().map(|(name, priority)| row("policyname", name, Some(*priority))).collect()
            }
            What::Member => account.members.iter().map(|name| row("username", name, None)).collect(),
            What::Partition => account.partitions.iter().map(|name| row("partitionname", name, None)).collect(),
            What::Group => {
                let groups = view.appliance.config.access.groups.iter();
                let own = groups.filter(|group| group.members.contains(&account.name));
                own.map(|group| row("groupname", &group.name, None)).collect()
            }
        }
    }
}

impl Resource for Bound {
    fn schema(&self) -> &'static Schema {
        self.table
    }

    fn rows(&self, view: &View, name: Option<&str>) -> Outcome<Vec<Item>> {
        Ok(self.accounts(view, name)?.into_iter().flat_map(|account| self.items(view, account)).collect())
    }

    fn add(&self, cx: &mut Cx, fields: Fields) -> Outcome {
        let line = self.table.line("bind", &fields);
        let owner = self.table.key().map_or("", |key| fields.text(key.name)).to_owned();
        let access = &cx.appliance.config.access;
        match self.what {
            What::Policy => {
                let policy = access.policy(fields.text("policyname")).ok_or(Refusal::new(373))?.name().to_owned();
                let priority = fields.number("priority").unwrap_or_default();
                let account = self.account(cx, &owner)?;
                if account.policies.iter().any(|(name, _)| same(name, &policy)) {
                    return Err(Refusal::new(453));
                }
                account.policies.push((policy, priority));
            }
            What::Member => {
                let user = fields.text("username");
                if access.user(user).is_none() {
                    return Err(Refusal::absent("userName", user));
                }
                let account = self.account(cx, &owner)?;
                if account.members.iter().any(|name| name == user) {
                    return Err(Refusal::new(454));
                }
                account.members.push(user.to_owned());
            }
            What::Partition => {
                let name = fields.text("partitionname");
                let known =
                    name == DEFAULT_PARTITION || cx.appliance.partitions.iter().any(|known| known.name() == name);
                if !known {
                    return Err(Refusal::new(2755));
                }
                let account = self.account(cx, &owner)?;
                if account.partitions.iter().any(|bound| bound == name) {
                    return Err(Refusal::new(273));
                }
                account.partitions.push(name.to_owned());
            }
            What::Group => return Err(Refusal::new(1240)),
        }
        cx.wrote(line);
        Ok(())
    }

    fn delete(&self, cx: &mut Cx, name: &str, mut args: Fields) -> Outcome {
        let (argument, spelling) = match self.what {
            What::Policy => ("policyname", "policyName"),
            What::Member => ("username", "userName"),
            What::Partition => ("partitionname", "partitionName"),
            What::Group => return Err(Refusal::new(1240)),
        };
        let value = args.get(argument).ok_or_else(|| Refusal::about(1095, &[spelling]))?;
        if self.to == To::User && name == SUPERUSER && same(value, "superuser") {
            return Err(Refusal::new(360));
        }
        let account = self.account(cx, name)?;
        let count = |account: &Account| account.policies.len() + account.members.len() + account.partitions.len();
        let before = count(account);
        match self.what {
            What::Policy => account.policies.retain(|(bound, _)| !same(bound, value)),
            What::Partition => account.partitions.retain(|bound| bound != value),
            What::Member | What::Group => account.members.retain(|bound| bound != value),
        }
        if count(account) == before {
            return Err(Refusal::absent(spelling, value));
        }
        if let Some(key) = self.table.key() {
            args.put(key.name, name);
        }
        cx.wrote(self.table.line("unbind", &args));
        Ok(())
    }
}

impl Resource for AllBound {
    fn schema(&self) -> &'static Schema {
        self.table
    }

    fn rows(&self, view: &View, name: Option<&str>) -> Outcome<Vec<Item>> {
        let to = self.kinds.first().map_or(To::User, |kind| kind.to);
        let key = self.table.key().map_or("", |key| key.name);
        let row = |account: &Account| {
            let item = Item::default().with(key, account.name.as_str());
            self.kinds.iter().fold(item, |item, kind| part(item, kind.table.name, kind.items(view, account)))
        };
        Ok(accounts(to, view, name)?.into_iter().map(row).collect())
    }
}

fn accounts<'a>(to: To, view: &'a View, name: Option<&str>) -> Outcome<Vec<&'a Account>> {
    let access = &view.appliance.config.access;
    match to {
        To::User => chosen(&access.users, &SYSTEMUSER, name),
        To::Group => chosen(&access.groups, &SYSTEMGROUP, name),
    }
}
