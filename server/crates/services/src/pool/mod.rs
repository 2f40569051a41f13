//! One client, and with it one session, for each half of an appliance; who comes gets that of the primary.

mod halves;

use crate::{
    Failure,
    adapters::{Filters, read_error},
    ground::Ground,
    made::Made,
    refusal::Refusal,
};
use halves::{Found, Halves};
use model::{
    ApplianceId, At, PairRole,
    appliance::{ApplianceSpec, ConnectBy, Half, HalfSeen, Trust, Which},
};
use nitro::{Base, Client, Credentials, Endpoint, Fingerprint, Limits, Scheme};
use secrecy::SecretString;
use std::{
    collections::BTreeSet,
    sync::{Arc, OnceLock},
};
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
    halves: Arc<Halves>,
    filters: Arc<Filters>,
}

/// A client, and which credential it shows. It stays with the half that was the primary when it was handed out.
pub(crate) struct Usable {
    pub appliance: ApplianceId,
    pub client: Client,
    pub filters: Arc<Filters>,
    which: Which,
    halves: Arc<Halves>,
    ground: Arc<Ground>,
    sealed: Vec<u8>,
}

impl Usable {
    /// The half that answers is not the primary, or does not answer: who connects next asks who is.
    pub async fn doubt(&self) {
        self.halves.doubt(self.which).await;
    }

    /// Something spoke against this half's being the primary, and there is another one.
    pub async fn is_doubted(&self) -> bool {
        self.halves.is_doubted(self.which).await
    }

    /// The same half as that one.
    pub fn is_that_of(&self, other: &Self) -> bool {
        self.which == other.which
    }

    /// What was heard of each half, the other one asked now; `role` is what this one said.
    pub async fn look_at_the_other(&self, role: &PairRole, at: At) -> Vec<HalfSeen> {
        self.halves.look_at_the_other(self.which, role, at).await
    }

    /// Notes what an error means for later calls.
    pub async fn learn(&self, error: &nitro::Error) {
        if halves::is_gone(error) {
            self.doubt().await;
        }
        note_refused(&self.ground, self.appliance, &self.sealed, error).await;
    }
}

/// Only a refusal that was really asked for is news; a remembered one may be older than "try again".
async fn note_refused(ground: &Ground, appliance: ApplianceId, sealed: &[u8], error: &nitro::Error) {
    let remembered = matches!(error, nitro::Error::Credentials { asked: false, .. });
    if error.is_auth() && !remembered {
        refuse(ground, appliance, sealed, error).await;
    }
}

/// Nobody goes on with this account until somebody says so. It is noted while the refused secret is still the one.
async fn refuse(ground: &Ground, appliance: ApplianceId, sealed: &[u8], error: &nitro::Error) {
    tracing::warn!(appliance.id = appliance.0, "The account is not shown any more: {}", error.sentence());
    if let Err(error) = ground.store.refuse_credential(appliance, sealed, ground.now()).await {
        tracing::error!(appliance.id = appliance.0, "The refused credential could not be noted: {}", error.sentence());
    }
}

/// Where and how, in the client's words.
pub fn endpoint(half: &Half) -> Result<Endpoint, Failure> {
    let base =
        Base { scheme: if half.tls { Scheme::Https } else { Scheme::Http }, host: half.host.clone(), port: half.port };
    let connect_by = match &half.connect {
        ConnectBy::Direct => nitro::ConnectBy::Direct,
        ConnectBy::Map { real } => nitro::ConnectBy::Map(vec![(base.authority(), real.clone())]),
        ConnectBy::Socks5 { proxy } => nitro::ConnectBy::Socks5(proxy.clone()),
    };
    let trust = match &half.trust {
        Trust::System => nitro::Trust::SystemRoots,
        Trust::Pinned { sha256 } => nitro::Trust::Pinned(sha256.parse::<Fingerprint>().map_err(|_| {
            Failure::Internal("The stored fingerprint cannot be read; accept the certificate again.".into())
        })?),
    };
    Ok(Endpoint { base, connect_by, trust })
}

pub fn client(half: &Half, user: &str, secret: SecretString, patience: Limits) -> Result<Client, Failure> {
    let credentials = Credentials { user: user.to_owned(), secret };
    Client::with_limits(&endpoint(half)?, credentials, patience)
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

    /// The client of the appliance's primary. A refused credential is not tried again until somebody says so (invariant 14).
    pub async fn client(&self, id: ApplianceId) -> Result<Usable, Failure> {
        self.usable(id, false).await
    }

    /// The same, and who is the primary is asked anew where there are two: before something is written.
    pub async fn client_to_write(&self, id: ApplianceId) -> Result<Usable, Failure> {
        self.usable(id, true).await
    }

    async fn usable(&self, id: ApplianceId, anew: bool) -> Result<Usable, Failure> {
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
        let from = (ApplianceSpec { title: String::new(), ..spec }, sealed.clone());
        let held = self.held(id, from).await?;
        if anew {
            held.halves.ask_anew().await;
        }
        match held.halves.primary(|| self.ground.now()).await {
            Ok(Found { which, client, refused }) => {
                if let Some(error) = refused {
                    refuse(&self.ground, id, &sealed, &error).await;
                }
                let Held { halves, filters } = held;
                Ok(Usable { appliance: id, client, filters, which, halves, ground: self.ground.clone(), sealed })
            }
            Err(nobody) => {
                if let Some(error) = nobody.refused() {
                    refuse(&self.ground, id, &sealed, error).await;
                }
                Err(Refusal::NotRead(nobody.read_error()).into())
            }
        }
    }

    async fn held(&self, id: ApplianceId, from: (ApplianceSpec, Vec<u8>)) -> Result<Held, Failure> {
        let mut clients = self.held.lock().await;
        if let Some(held) = clients.made_from(&id, &from) {
            return Ok(held.clone());
        }
        let (spec, sealed) = &from;
        let secret = self.ground.vault.unseal(sealed, &about(spec))?;
        let patience = self.patience.get().copied().unwrap_or_default();
        let client = |half: &Half| client(half, &spec.user, secret.clone(), patience);
        let halves = Halves::new(client(&spec.first)?, spec.second.as_ref().map(client).transpose()?);
        let held = Held { halves: Arc::new(halves), filters: Arc::default() };
        // In the background: the old one's appliance may be gone, and others wait for the pool.
        tokio::spawn(log_out(clients.put(id, from, held.clone())));
        Ok(held)
    }

    /// The appliance is another one now, or is gone: its session ends.
    pub async fn leave(&self, id: ApplianceId) {
        let held = self.held.lock().await.take(&id);
        tokio::spawn(log_out(held));
    }

    /// Somebody says: try again.
    pub async fn unlock(&self, id: ApplianceId) {
        if let Some(held) = self.held.lock().await.present(&id) {
            for client in held.halves.each() {
                client.retry_credentials().await;
            }
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
    futures::future::join_all(held.halves.each().map(async |client| {
        if let Err(error) = client.logout().await {
            tracing::warn!("A session could not be ended on its appliance: {}", error.sentence());
        }
    }))
    .await;
}

/// What the secret is bound to: other addresses or another account cannot have it.
pub fn about(spec: &ApplianceSpec) -> String {
    format!("appliance:{}@{}", spec.user, spec.url())
}

/// Whoever is described as `after` may have what was given for `before`: the account is the same, and none of the addresses
/// is new.
pub fn may_keep(before: &ApplianceSpec, after: &ApplianceSpec) -> bool {
    before.user == after.user && addresses(after).is_subset(&addresses(before))
}

fn addresses(spec: &ApplianceSpec) -> BTreeSet<String> {
    spec.halves().map(|(_, half)| half.url()).collect()
}
