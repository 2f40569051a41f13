//! One account for all nodes of a cluster, and one REST session for each node. As the appliances' (`crate::pool`): an account
//! is the cluster's for as long as its sealed password is the same, a client the node's while its way and trust are.

use super::{
    target::{BRIEF, LIMITS, Target, at_port, profile},
    trouble::{ours, trouble},
};
use crate::{Failure, ground::Ground, made::Made, refusal::Refusal};
use model::{
    ClusterId,
    clock::time_text,
    node::{Account, Trouble, TroubleKind},
};
use std::{net::Ipv4Addr, sync::Arc, time::Duration};
use tokio::sync::{Mutex, RwLock, RwLockReadGuard};
use xms::{Client, Credentials, Fingerprint, Node, Port, Prober, Trust};

/// How long a stop waits for nodes that are being asked.
const PATIENCE: Duration = Duration::from_secs(10);

/// A port of a node of a cluster.
type Place = (ClusterId, Ipv4Addr, u16);

pub(crate) struct NodePool {
    ground: Arc<Ground>,
    held: Mutex<Made<(ClusterId, Account), Vec<u8>, Held>>,
    /// Of each node's port, with the certificate that it may show: making one at every look would cost more than the look.
    probers: Mutex<Made<Place, Node, Prober>>,
    /// Read while a node is being asked with an account; the stop writes, so that no session is opened behind it.
    asking: RwLock<()>,
}

/// An account, and the sessions that it has.
struct Held {
    account: xms::Account,
    /// REST alone: SSH opens a session for each look.
    clients: Made<Ipv4Addr, Node, Client>,
}

/// An account that may be shown, and which secret it is.
pub(super) struct Usable {
    pub account: xms::Account,
    ground: Arc<Ground>,
    of: (ClusterId, Account),
    sealed: Vec<u8>,
}

impl Usable {
    /// Notes what an error means for the account.
    pub async fn learn(&self, error: &xms::Error) {
        let remembered = matches!(error, xms::Error::Credentials { asked: false, .. });
        let more_asked = matches!(error, xms::Error::Ssh { problem: xms::SshProblem::MoreAsked { .. }, .. });
        if (!error.is_auth() && !more_asked) || remembered {
            return;
        }
        // It is noted while the refused secret is still the one.
        let (id, account) = self.of;
        let noted = self.ground.store.refuse_node_account(id, account, &self.sealed, self.ground.now()).await;
        if let Err(error) = noted {
            tracing::error!(cluster.id = id.0, "The refused account could not be noted: {}", error.sentence());
        }
    }
}

impl NodePool {
    pub fn new(ground: Arc<Ground>) -> Self {
        Self { ground, held: Mutex::default(), probers: Mutex::default(), asking: RwLock::default() }
    }

    /// To be held while a node is asked with an account.
    pub(super) async fn asking(&self) -> Result<RwLockReadGuard<'_, ()>, Failure> {
        let guard = self.asking.read().await;
        self.ground.not_stopping()?;
        Ok(guard)
    }

    /// The cluster's account; `None` where there is none. A refused one is not tried again until somebody says so.
    pub(super) async fn usable(&self, id: ClusterId, account: Account) -> Result<Option<Usable>, Trouble> {
        let mut accounts = self.ground.store.node_accounts(id).await.map_err(|error| ours(&error.into()))?;
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
        let (of, sealed) = ((id, account), stored.secret);
        let usable = |account, sealed| Some(Usable { account, ground: self.ground.clone(), of, sealed });
        let mut held = self.held.lock().await;
        if let Some(held) = held.made_from(&of, &sealed) {
            return Ok(usable(held.account.clone(), sealed));
        }
        let unsealed = self.ground.vault.unseal(&sealed, &about(id, account, &stored.user));
        let secret = unsealed.map_err(|failure| ours(&failure))?;
        let shared = xms::Account::from(Credentials { user: stored.user, secret });
        let old = held.put(of, sealed.clone(), Held { account: shared.clone(), clients: Made::default() });
        // In the background: the old sessions' nodes may be gone, and a look is waiting.
        tokio::spawn(log_out(old.into_iter()));
        Ok(usable(shared, sealed))
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
        let place = (target.cluster, target.address, number);
        let mut probers = self.probers.lock().await;
        if let Some(prober) = probers.made_from(&place, &node) {
            return Ok(prober.clone());
        }
        let profile = profile().map_err(|failure| ours(&failure))?;
        let made = Prober::new(&node, port, profile, BRIEF).map_err(|error| trouble(&error))?;
        probers.put(place, node, made.clone());
        Ok(made)
    }

    /// The node's REST client.
    pub(super) async fn rest_client(&self, target: &Target, node: Node, usable: &Usable) -> Result<Client, Failure> {
        let mut held = self.held.lock().await;
        let Some(held) = held.made_from(&usable.of, &usable.sealed) else {
            return Err(Refusal::AccountChanged.into());
        };
        if let Some(client) = held.clients.made_from(&target.address, &node) {
            return Ok(client.clone());
        }
        let made = Client::new(&node, usable.account.clone(), profile()?, LIMITS);
        let made = made.map_err(|error| Refusal::NodesNotRead(error.sentence()))?;
        let old = held.clients.put(target.address, node, made.clone());
        // In the background: the old session's node may be gone, and others wait for the pool.
        tokio::spawn(async move {
            if let Some(old) = old {
                leave(old).await;
            }
        });
        Ok(made)
    }

    /// The accounts are others now, or are gone with their cluster: their sessions end.
    pub async fn leave(&self, id: ClusterId, account: Account) {
        let held = self.held.lock().await.take(&(id, account));
        log_out(held.into_iter()).await;
    }

    /// Somebody says: try again.
    pub(super) async fn unlock(&self, id: ClusterId) {
        for account in Account::ALL {
            let held = self.held.lock().await.present(&(id, account)).map(|held| held.account.clone());
            if let Some(held) = held {
                held.retry().await;
            }
        }
    }

    /// At the stop: waits a little for nodes that are being asked, then ends all sessions.
    pub async fn leave_all(&self) {
        if tokio::time::timeout(PATIENCE, self.asking.write()).await.is_err() {
            tracing::warn!("A node is still being asked; its session may stay open until it expires.");
        }
        let held = self.held.lock().await.take_all();
        log_out(held.into_iter()).await;
    }
}

async fn log_out(held: impl Iterator<Item = Held>) {
    let clients = held.flat_map(|mut held| held.clients.take_all());
    futures::future::join_all(clients.map(leave)).await;
}

async fn leave(client: Client) {
    if let Err(error) = client.logout().await {
        tracing::warn!("A session could not be ended on its node: {}", error.sentence());
    }
}

/// What the secret is bound to: another cluster, door or name cannot have it.
pub(crate) fn about(id: ClusterId, account: Account, user: &str) -> String {
    let door = match account {
        Account::Rest => "rest",
        Account::Ssh => "ssh",
    };
    format!("nodes:{id}:{door}:{user}")
}
