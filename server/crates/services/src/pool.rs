//! One client, and with it one session, for each appliance.

use crate::{Failure, Services, adapters::Filters, refusal::Refusal};
use model::{
    ApplianceId,
    appliance::{ApplianceSpec, ConnectBy, Trust},
};
use nitro::{Base, Client, Credentials, Endpoint, Fingerprint, Limits, Scheme};
use secrecy::SecretString;
use std::{collections::HashMap, sync::Arc};
use tokio::sync::Mutex;

#[derive(Default)]
pub struct Pool(Mutex<HashMap<ApplianceId, Held>>);

/// A client, and what it was made from. An appliance that was edited since gets another one.
struct Held {
    spec: ApplianceSpec,
    sealed: Vec<u8>,
    client: Client,
    filters: Arc<Filters>,
}

impl Held {
    /// Another title is no other appliance.
    fn is_for(&self, spec: &ApplianceSpec, sealed: &[u8]) -> bool {
        let titled = ApplianceSpec { title: self.spec.title.clone(), ..spec.clone() };
        self.spec == titled && self.sealed == sealed
    }
}

/// A client, and which credential it shows.
pub struct Usable {
    pub client: Client,
    pub sealed: Vec<u8>,
    pub filters: Arc<Filters>,
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
        .map_err(|error| Refusal::NotRead(error.sentence()).into())
}

/// Where an appliance is cannot be read.
pub(crate) fn describe_again(sentence: &str) -> Failure {
    Failure::Unreadable(format!("{sentence} Change the appliance: enter its address and account again."))
}

impl Services {
    /// The appliance's client. A refused credential is not tried again until somebody says so (invariant 14).
    pub(crate) async fn client(&self, id: ApplianceId) -> Result<Usable, Failure> {
        self.not_stopping()?;
        let stored = self.store.appliance(id).await?;
        if let Some(sentence) = stored.unreadable {
            return Err(describe_again(&sentence));
        }
        if let Some(at) = stored.credential_refused_at {
            let spec = stored.appliance.spec;
            return Err(Refusal::CredentialRefused { appliance: spec.title, user: spec.user, at }.into());
        }
        let sealed = self.store.secret(id).await?;
        let mut clients = self.pool.0.lock().await;
        if let Some(held) = clients.get(&id).filter(|held| held.is_for(&stored.appliance.spec, &sealed)) {
            return Ok(Usable { client: held.client.clone(), sealed, filters: held.filters.clone() });
        }
        let secret = self.vault.unseal(&sealed, &about(&stored.appliance.spec))?;
        let client = client(&stored.appliance.spec, secret, self.patience)?;
        let filters = Arc::<Filters>::default();
        let (spec, held) = (stored.appliance.spec, filters.clone());
        let held = Held { spec, sealed: sealed.clone(), client: client.clone(), filters: held };
        // In the background: the old one's appliance may be gone, and others wait for the pool.
        tokio::spawn(log_out(clients.insert(id, held)));
        Ok(Usable { client, sealed, filters })
    }

    /// The appliance is another one now, or is gone: its session ends.
    pub(crate) async fn leave_client(&self, id: ApplianceId) {
        let held = self.pool.0.lock().await.remove(&id);
        tokio::spawn(log_out(held));
    }

    /// Notes what an error means for later calls.
    pub(crate) async fn learn(&self, id: ApplianceId, sealed: &[u8], error: &nitro::Error) {
        // Only a refusal that was really asked for is news; a remembered one may be older than "try again".
        let remembered = matches!(error, nitro::Error::Credentials { asked: false, .. });
        if error.is_auth()
            && !remembered
            && let Err(failure) = self.store.refuse_credential(id, sealed, self.now()).await
        {
            tracing::error!(appliance.id = id.0, "The refused credential could not be noted: {failure}");
        }
    }

    /// Somebody says: try again.
    pub(crate) async fn unlock_client(&self, id: ApplianceId) {
        if let Some(held) = self.pool.0.lock().await.get(&id) {
            held.client.retry_credentials().await;
        }
    }

    /// Ends all sessions on the appliances: they are few and precious there.
    pub(crate) async fn log_out_everywhere(&self) {
        let held: Vec<Held> = self.pool.0.lock().await.drain().map(|(_, held)| held).collect();
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
