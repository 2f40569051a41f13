//! One client, and with it one session, for each appliance.

use crate::{Failure, Services};
use model::{
    ApplianceId,
    appliance::{ApplianceSpec, ConnectBy, Trust},
};
use nitro::{Base, Client, Credentials, Endpoint, Fingerprint, Scheme};
use secrecy::SecretString;
use std::collections::HashMap;
use tokio::sync::Mutex;

#[derive(Default)]
pub struct Pool(Mutex<HashMap<ApplianceId, Client>>);

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
            Failure::Internal("The stored fingerprint cannot be read; add the appliance again.".into())
        })?),
    };
    Ok(Endpoint { base, connect_by, trust })
}

pub fn client(spec: &ApplianceSpec, secret: SecretString) -> Result<Client, Failure> {
    let credentials = Credentials { user: spec.user.clone(), secret };
    Client::new(&endpoint(spec)?, credentials).map_err(|error| Failure::Refused(error.sentence()))
}

impl Services {
    /// The appliance's client. A refused credential is not tried again until somebody says so (invariant 14).
    pub(crate) async fn client(&self, id: ApplianceId) -> Result<Client, Failure> {
        self.not_stopping()?;
        let stored = self.store.appliance(id).await?;
        if let Some(at) = stored.credential_refused_at {
            return Err(Failure::Refused(format!(
                "{} refused the account {} at {}. It is not tried again, so that it does not get locked; \
                 once the account is right again, say “Try again” on the appliance's page.",
                stored.appliance.spec.title,
                stored.appliance.spec.user,
                model::clock::time_text(at)
            )));
        }
        let mut clients = self.pool.0.lock().await;
        if let Some(client) = clients.get(&id) {
            return Ok(client.clone());
        }
        let sealed = self.store.secret(id).await?;
        let secret = self.vault.unseal(&sealed, &about(&stored.appliance.spec))?;
        let client = client(&stored.appliance.spec, secret)?;
        clients.insert(id, client.clone());
        Ok(client)
    }

    /// Notes what an error means for later calls.
    pub(crate) async fn learn(&self, id: ApplianceId, error: &nitro::Error) {
        // Only a refusal that was really asked for is news; a remembered one may be older than "try again".
        let remembered = matches!(error, nitro::Error::Credentials { asked: false, .. });
        if error.is_auth()
            && !remembered
            && let Err(failure) = self.store.refuse_credential(id, self.now()).await
        {
            tracing::error!(appliance.id = id.0, "The refused credential could not be noted: {failure}");
        }
    }

    /// Somebody says: try again.
    pub(crate) async fn unlock_client(&self, id: ApplianceId) {
        if let Some(client) = self.pool.0.lock().await.get(&id) {
            client.retry_credentials().await;
        }
    }

    /// Ends all sessions on the appliances: they are few and precious there.
    pub(crate) async fn log_out_everywhere(&self) {
        let clients: Vec<Client> = self.pool.0.lock().await.drain().map(|(_, client)| client).collect();
        let outs = clients.iter().map(Client::logout);
        for result in futures::future::join_all(outs).await {
            if let Err(error) = result {
                tracing::warn!("A session could not be ended on its appliance: {}", error.sentence());
            }
        }
    }
}

/// What the secret is bound to: another address or account cannot have it.
pub fn about(spec: &ApplianceSpec) -> String {
    format!("appliance:{}@{}", spec.user, spec.url())
}
