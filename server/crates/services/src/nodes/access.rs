//! The two accounts of a cluster's nodes.

use super::{Nodes, pool::about};
use crate::{Failure, ReadCx, Topic, WriteCx};
use model::{
    At, ClusterId, FieldErrors,
    node::{Account, NodeAccess, NodeAccessForm},
    record::RecordKind,
};
use std::collections::BTreeMap;
use store::{
    node_accounts::{StoredAccount, drop_node_account_in, release_node_accounts_in, set_node_account_in},
    records,
};

/// Which accounts there are, and which were refused. No secrets.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AccessView {
    pub access: NodeAccess,
    /// Since when it is not used any more.
    pub refused: BTreeMap<Account, At>,
}

/// What is to become of one account.
enum Change {
    Drop,
    Set { user: String, sealed: Vec<u8> },
}

impl Nodes {
    pub async fn access(&self, cx: &ReadCx, id: ClusterId) -> Result<AccessView, Failure> {
        self.ground.cluster_in_scope(cx, id).await?;
        let accounts = self.ground.store.node_accounts(id).await?;
        let user = |account| accounts.get(&account).map(|stored: &StoredAccount| stored.user.clone());
        Ok(AccessView {
            access: NodeAccess { rest_user: user(Account::Rest), ssh_user: user(Account::Ssh) },
            refused: accounts.iter().filter_map(|(account, stored)| Some((*account, stored.refused_at?))).collect(),
        })
    }

    /// Saves the names, and seals each password that was typed. An empty one keeps the old.
    pub async fn save_access(
        &self,
        cx: &WriteCx,
        id: ClusterId,
        form: &NodeAccessForm,
        rest_password: &str,
        ssh_password: &str,
    ) -> Result<(), Failure> {
        let cluster = self.ground.cluster_in_scope(cx, id).await?;
        let access = form.parse()?;
        let stored = self.ground.store.node_accounts(id).await?;
        let mut errors = FieldErrors::default();
        let mut changes = Vec::new();
        for (account, password) in [(Account::Rest, rest_password), (Account::Ssh, ssh_password)] {
            match self.change(id, account, access.user(account), password, stored.get(&account)) {
                Ok(change) => changes.extend(change.map(|change| (account, change))),
                Err(Failure::Fields(more)) => errors.merge(more),
                Err(failure) => return Err(failure),
            }
        }
        if !errors.is_empty() {
            return Err(errors.into());
        }
        if changes.is_empty() {
            return Ok(());
        }
        let touched: Vec<Account> = changes.iter().map(|(account, _)| *account).collect();
        let mut saved = cx.entry(
            self.ground.now(),
            RecordKind::NodeAccessSaved,
            format!("The node accounts of {} were saved.", cluster.title),
        );
        saved.cluster = Some(id);
        let before = |account| stored.get(&account).map(|stored: &StoredAccount| stored.user.clone());
        let before = NodeAccess { rest_user: before(Account::Rest), ssh_user: before(Account::Ssh) };
        // "changed" also says whose password is another one; the passwords themselves are nowhere.
        saved.detail = serde_json::json!({ "access": access, "changed": touched, "before": before, "after": access });
        self.ground
            .store
            .write(move |conn| {
                Box::pin(async move {
                    for (account, change) in changes {
                        match change {
                            Change::Drop => drop(drop_node_account_in(conn, id, account).await?),
                            Change::Set { user, sealed } => {
                                set_node_account_in(conn, id, account, &user, &sealed).await?;
                            }
                        }
                    }
                    records::append_in(conn, &saved).await
                })
            })
            .await?;
        for account in touched {
            self.pool.leave(id, account).await;
        }
        self.ground.bus.tell(Topic::Nodes(id));
        Ok(())
    }

    /// Lets refused accounts be used again.
    pub async fn retry_credentials(&self, cx: &WriteCx, id: ClusterId) -> Result<(), Failure> {
        let cluster = self.ground.cluster_in_scope(cx, id).await?;
        let mut retried = cx.entry(
            self.ground.now(),
            RecordKind::NodeCredentialRetried,
            format!("The refused node accounts of {} may be tried again.", cluster.title),
        );
        retried.cluster = Some(id);
        self.ground
            .store
            .write(move |conn| {
                Box::pin(async move {
                    release_node_accounts_in(conn, id).await?;
                    records::append_in(conn, &retried).await
                })
            })
            .await?;
        self.pool.unlock(id).await;
        self.ground.bus.tell(Topic::Nodes(id));
        Ok(())
    }

    fn change(
        &self,
        id: ClusterId,
        account: Account,
        user: Option<&str>,
        password: &str,
        stored: Option<&StoredAccount>,
    ) -> Result<Option<Change>, Failure> {
        let field = account.password_field();
        match (user, stored) {
            (None, _) if !password.is_empty() => {
                Err(Failure::field(field, format!("To whom does this password belong? Give the {account}'s name.")))
            }
            (None, stored) => Ok(stored.map(|_| Change::Drop)),
            (Some(user), _) if !password.is_empty() => {
                let sealed = self.ground.vault.seal(password, &about(id, account, user))?;
                Ok(Some(Change::Set { user: user.to_owned(), sealed }))
            }
            (Some(user), Some(stored)) if stored.user == user => Ok(None),
            (Some(user), Some(_)) => Err(Failure::field(
                field,
                format!("The kept password belongs to another account. Type the one of {user}."),
            )),
            (Some(user), None) => Err(Failure::field(field, format!("Type the password of {user}."))),
        }
    }
}
