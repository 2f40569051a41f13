//! One client, and with it one session, for each appliance.

use crate::{
    Failure,
    adapters::{Filters, read_error},
    ground::Ground,
    made::Made,
    refusal::Refusal,
};
use model::{
    ApplianceId,
    appliance::{ApplianceSpec, ConnectBy, Trust},
};
use nitro::{Base, Client, Credentials, Endpoint, Fingerprint, Limits, Scheme};
use secrecy::SecretString;
use std::sync::{Arc, OnceLock};
use tokio::sync::Mutex;

/// All of them. A client is the appliance's for as long as that is described as it was then, and its sealed password is the
/// same; another title is no other appliance.
pub(crate) struct Pool {
    ground: Arc<Ground>,
    /// How long appliances are waited for.
    patience: OnceLock<Limits>,
    held: Mutex<Made<ApplianceId, (ApplianceSpec, Vec<u8>), Held>>,
}

#[derive(Clone)]
struct Held {
    client: Client,
    filters: Arc<Filters>,
}

/// A client, and which credential it shows.
pub(crate) struct Usable {
    pub appliance: ApplianceId,
    pub client: Client,
    pub filters: Arc<Filters>,
    ground: Arc<Ground>,
    sealed: Vec<u8>,
}

impl Usable {
    /// Notes what an error means for later calls.
    pub async fn learn(&self, error: &nitro::Error) {
        // Only a refusal that was really asked for is news; a remembered one may be older than "try again".
        let remembered = matches!(error, nitro::Error::Credentials { asked: false, .. });
        if !error.is_auth() || remembered {
            return;
        }
        // It is noted while the refused secret is still the one.
        let noted = self.ground.store.refuse_credential(self.appliance, &self.sealed, self.ground.now()).await;
        if let Err(error) = noted {
            tracing::error!(
                appliance.id = self.appliance.0,
                "The refused credential could not be noted: {}",
                error.sentence()
            );
        }
    }
}

/// Where and how, in the client's words.
pub fn endpoint(spec: &ApplianceSpec) -> Result<Endpoint, Failure> {
    let base =
        Base { scheme: if spec.tls { Scheme::Https } else { Scheme::Http }, host: spec.host.clone(), port: spec.port };
    let connect_by = match &spec.connect {
        ConnectBy::Direct => nitro::ConnectBy::Direct,
        ConnectBy::Map { real } => nitro::ConnectBy::Map(vec![(base.authority(), real.clone())]),
        ConnectBy::Socks5 { proxy } => nitro::ConnectBy::Socks5(proxy.clone()),
    };
    let trust = match &spec.trust {
        Trust::System => nitro::Trust::SystemRoots,
        Trust::Pinned { sha256 } => nitro::Trust::Pinned(sha256.parse::<Fingerprint>().map_err(|_| {
            Failure::Internal("The stored fingerprint cannot be read; accept the certificate again.".into())
        })?),
    };
    Ok(Endpoint { base, connect_by, trust })
}

pub fn client(spec: &ApplianceSpec, secret: SecretString, patience: Limits) -> Result<Client, Failure> {
    let credentials = Credentials { user: spec.user.clone(), secret };
    Client::with_limits(&endpoint(spec)?, credentials, patience)
        .map_err(|error| Refusal::NotRead(read_error(&error)).into())
}

/// Where an appliance is cannot be read.
pub(crate) fn describe_again(sentence: &str) -> Failure {
    Failure::Unreadable(format!("{sentence} Change the appliance: enter its address and account again."))
}

impl Pool {
    pub fn new(ground: Arc<Ground>) -> Self {
        Self { ground, patience: OnceLock::new(), held: Mutex::default() }
    }

    /// Waits no longer than this for appliances. Before the first of them was asked anything.
    pub fn be_patient(&self, patience: Limits) {
        let _ = self.patience.set(patience);
    }

    /// The appliance's client. A refused credential is not tried again until somebody says so (invariant 14).
    pub async fn client(&self, id: ApplianceId) -> Result<Usable, Failure> {
        self.ground.not_stopping()?;
        let stored = self.ground.store.appliance(id).await?;
        if let Some(sentence) = stored.unreadable {
            return Err(describe_again(&sentence));
        }
        let spec = stored.appliance.spec;
        if let Some(at) = stored.credential_refused_at {
            return Err(Refusal::CredentialRefused { appliance: spec.title, user: spec.user, at }.into());
        }
        let sealed = self.ground.store.secret(id).await?;
        let usable = |held: Held, sealed| Usable {
            appliance: id,
            client: held.client,
            filters: held.filters,
            ground: self.ground.clone(),
            sealed,
        };
        let from = (ApplianceSpec { title: String::new(), ..spec }, sealed.clone());
        let mut clients = self.held.lock().await;
        if let Some(held) = clients.made_from(&id, &from) {
            return Ok(usable(held.clone(), sealed));
        }
        let secret = self.ground.vault.unseal(&sealed, &about(&from.0))?;
        let client = client(&from.0, secret, self.patience.get().copied().unwrap_or_default())?;
        let held = Held { client, filters: Arc::default() };
        // In the background: the old one's appliance may be gone, and others wait for the pool.
        tokio::spawn(log_out(clients.put(id, from, held.clone())));
        Ok(usable(held, sealed))
    }

    /// The appliance is another one now, or is gone: its session ends.
    pub async fn leave(&self, id: ApplianceId) {
        let held = self.held.lock().await.take(&id);
        tokio::spawn(log_out(held));
    }

    /// Somebody says: try again.
    pub async fn unlock(&self, id: ApplianceId) {
        if let Some(held) = self.held.lock().await.present(&id) {
            held.client.retry_credentials().await;
        }
    }

    /// Ends all sessions on the appliances: they are few and precious there.
    pub async fn leave_all(&self) {
        let held = self.held.lock().await.take_all();
        futures::future::join_all(held.into_iter().map(|held| log_out(Some(held)))).await;
    }
}

async fn log_out(held: Option<Held>) {
    let Some(held) = held else { return };
    if let Err(error) = held.client.logout().await {
        tracing::warn!("A session could not be ended on its appliance: {}", error.sentence());
    }
}

/// What the secret is bound to: another address or account cannot have it.
pub fn about(spec: &ApplianceSpec) -> String {
    format!("appliance:{}@{}", spec.user, spec.url())
}
