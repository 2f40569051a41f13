//! What the key opens. A copy that was restored beside another key has passwords that nobody can read any more: that is said
//! at once and of each, not when a run needs it.

use crate::{Failure, nodes, pool, uploads, vault::Vault};
use model::node::Account;
use store::Store;

/// What is to be entered again, a sentence each.
pub(crate) async fn locked(store: &Store, vault: &Vault) -> Result<Vec<String>, Failure> {
    let mut locked = Vec::new();
    for stored in store.appliances().await? {
        let spec = stored.appliance.spec;
        let sealed = store.secret(stored.appliance.id).await?;
        // Where it is cannot be read: it is described again anyway.
        if stored.unreadable.is_none() && vault.unseal(&sealed, &pool::about(&spec)).is_err() {
            locked.push(format!("{}: enter the password of {} again (Appliances, Edit).", spec.title, spec.user));
        }
    }
    for cluster in store.clusters().await? {
        for (account, kept) in store.node_accounts(cluster.id).await? {
            if vault.unseal(&kept.secret, &nodes::about(cluster.id, account, &kept.user)).is_err() {
                let door = match account {
                    Account::Rest => "REST",
                    Account::Ssh => "SSH",
                };
                locked.push(format!(
                    "{}: enter the nodes' {door} password of {} again (Nodes, Access).",
                    cluster.title, kept.user
                ));
            }
        }
        for upload in store.uploads(cluster.id).await?.into_iter().filter(|upload| upload.key_gone_at.is_none()) {
            let (of, name, sealed) = store.upload_sealed(upload.id).await?;
            if vault.unseal(&sealed, &uploads::sealed::about(of, &name)).is_err() {
                locked.push(format!("{}: upload the certificate {name} with its key again.", cluster.title));
            }
        }
    }
    Ok(locked)
}
