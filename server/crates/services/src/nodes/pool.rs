//! One account for all nodes of a cluster, and one REST session for each node.

use super::{
    Target,
    access::about,
    open::at_port,
    trouble::{ours, trouble},
};
use crate::{Failure, Services, refusal::Refusal};
use model::{
    ClusterId,
    clock::time_text,
    node::{Account, Trouble, TroubleKind},
};
use secrecy::SecretString;
use std::{collections::HashMap, net::Ipv4Addr, time::Duration};
use tokio::sync::{Mutex, RwLock, RwLockReadGuard};
use xms::{Client, Credentials, Fingerprint, Port, Prober, Trust};

/// How long a stop waits for nodes that are being asked.
const PATIENCE: Duration = Duration::from_secs(10);

/// A port of a node of a cluster.
type Place = (ClusterId, Ipv4Addr, u16);

#[derive(Default)]
pub(crate) struct NodePool {
    held: Mutex<HashMap<(ClusterId, Account), Held>>,
    /// Of each node's port, with the certificate that it may show: making one at every look would cost more than the look.
    probers: Mutex<HashMap<Place, (xms::Node, Prober)>>,
    /// Read while a node is being asked with an account; the stop writes, so that no session is opened behind it.
    asking: RwLock<()>,
}

/// An account as it was taken from the store.
struct Held {
    sealed: Vec<u8>,
    account: xms::Account,
    /// REST alone: SSH opens a session for each look.
    clients: HashMap<Ipv4Addr, (xms::Node, Client)>,
}

/// An account that may be shown, and which secret it is.
pub(super) struct Usable {
    pub account: xms::Account,
    pub sealed: Vec<u8>,
}

impl Services {
    /// To be held while a node is asked with an account.
    pub(super) async fn asking_nodes(&self) -> Result<RwLockReadGuard<'_, ()>, Failure> {
        let guard = self.node_pool.asking.read().await;
        self.not_stopping()?;
        Ok(guard)
    }

    /// The cluster's account; `None` where there is none. A refused one is not tried again until somebody says so.
    pub(super) async fn usable(&self, id: ClusterId, account: Account) -> Result<Option<Usable>, Trouble> {
        let mut accounts = self.store.node_accounts(id).await.map_err(|error| ours(&error.into()))?;
        let Some(stored) = accounts.remove(&account) else { return Ok(None) };
        if let Some(at) = stored.refused_at {
            let sentence = format!(
                "The {account} {} was refused at {}. It is shown to no node any more, so that it does not get locked; \
                 once it is right again, say “Try again” on the nodes' page.",
                stored.user,
                time_text(at)
            );
            return Err(Trouble::new(TroubleKind::Account, sentence));
        }
        let mut held = self.node_pool.held.lock().await;
        if let Some(held) = held.get(&(id, account)).filter(|held| held.sealed == stored.secret) {
            return Ok(Some(Usable { account: held.account.clone(), sealed: stored.secret }));
        }
        let unsealed = self.vault.unseal(&stored.secret, &about(id, account, &stored.user));
        let secret: SecretString = unsealed.map_err(|failure| ours(&failure))?;
        let shared = xms::Account::from(Credentials { user: stored.user, secret });
        let fresh = Held { sealed: stored.secret.clone(), account: shared.clone(), clients: HashMap::new() };
        let old = held.insert((id, account), fresh);
        drop(held);
        log_out(old.into_iter().flat_map(Held::into_clients)).await;
        Ok(Some(Usable { account: shared, sealed: stored.secret }))
    }

    /// For what a port tells anybody who asks, with this certificate.
    pub(super) async fn prober(
        &self,
        target: &Target,
        number: u16,
        port: Port,
        shown: Fingerprint,
    ) -> Result<Prober, Trouble> {
        let node = at_port(target, number, Trust::Pinned(shown));
        let mut probers = self.node_pool.probers.lock().await;
        let place = (target.cluster, target.address, number);
        if let Some((known, prober)) = probers.get(&place)
            && *known == node
        {
            return Ok(prober.clone());
        }
        let profile = super::profile().map_err(|failure| ours(&failure))?;
        let made = Prober::new(&node, port, profile, super::BRIEF).map_err(|error| trouble(&error))?;
        probers.insert(place, (node, made.clone()));
        Ok(made)
    }

    /// The node's REST client. One whose trust or way is another than before gets a new one.
    pub(super) async fn rest_client(
        &self,
        target: &Target,
        node: xms::Node,
        usable: &Usable,
    ) -> Result<Client, Failure> {
        let mut held = self.node_pool.held.lock().await;
        let Some(held) = held.get_mut(&(target.cluster, Account::Rest)).filter(|held| held.sealed == usable.sealed)
        else {
            return Err(Refusal::AccountChanged.into());
        };
        if let Some((known, client)) = held.clients.get(&target.address)
            && *known == node
        {
            return Ok(client.clone());
        }
        let made = Client::new(&node, usable.account.clone(), super::profile()?, super::LIMITS);
        let made = made.map_err(|error| Refusal::NotRead(error.sentence()))?;
        let old = held.clients.insert(target.address, (node, made.clone()));
        // In the background: the old session's node may be gone, and others wait for the pool.
        tokio::spawn(log_out(old.into_iter().map(|(_, client)| client)));
        Ok(made)
    }

    /// Notes what an error means for the account.
    pub(super) async fn learn_node(&self, id: ClusterId, account: Account, usable: &Usable, error: &xms::Error) {
        let remembered = matches!(error, xms::Error::Credentials { asked: false, .. });
        let more_asked = matches!(error, xms::Error::Ssh { problem: xms::SshProblem::MoreAsked { .. }, .. });
        if (!error.is_auth() && !more_asked) || remembered {
            return;
        }
        if let Err(error) = self.store.refuse_node_account(id, account, &usable.sealed, self.now()).await {
            tracing::error!(cluster.id = id.0, "The refused account could not be noted: {}", error.sentence());
        }
    }

    /// The account is another one now: its sessions end.
    pub(crate) async fn leave_account(&self, id: ClusterId, account: Account) {
        let held = self.node_pool.held.lock().await.remove(&(id, account));
        log_out(held.into_iter().flat_map(Held::into_clients)).await;
    }

    pub(super) async fn unlock_accounts(&self, id: ClusterId) {
        for account in Account::ALL {
            let held = self.node_pool.held.lock().await.get(&(id, account)).map(|held| held.account.clone());
            if let Some(held) = held {
                held.retry().await;
            }
        }
    }

    /// At the stop: waits a little for nodes that are being asked, then ends all sessions.
    pub(crate) async fn leave_nodes(&self) {
        if tokio::time::timeout(PATIENCE, self.node_pool.asking.write()).await.is_err() {
            tracing::warn!("A node is still being asked; its session may stay open until it expires.");
        }
        let held: Vec<Held> = self.node_pool.held.lock().await.drain().map(|(_, held)| held).collect();
        log_out(held.into_iter().flat_map(Held::into_clients)).await;
    }
}

impl Held {
    fn into_clients(self) -> impl Iterator<Item = Client> {
        self.clients.into_values().map(|(_, client)| client)
    }
}

async fn log_out(clients: impl Iterator<Item = Client>) {
    let outs = clients.map(|client| async move { client.logout().await });
    for result in futures::future::join_all(outs).await {
        if let Err(error) = result {
            tracing::warn!("A session could not be ended on its node: {}", error.sentence());
        }
    }
}
