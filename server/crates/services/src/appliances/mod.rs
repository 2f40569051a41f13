//! Appliances: tried before they are added, and looked at afterwards.

mod edit;
mod greeting;
mod reach;
mod trial;

use crate::{
    AdminCx, Failure, ReadCx, Sighting, Topic,
    cx::detail,
    ground::Ground,
    judging::sighting,
    observer::Observer,
    pool::{self, Pool},
    runs::WriteLocks,
};
pub use greeting::Tested;
use model::{
    ApplianceId, At, ClusterId, FieldErrors, Freshness,
    appliance::{Appliance, ApplianceForm, ApplianceSpec},
    cluster::Cluster,
    own_log::OwnLog,
    read_error::{ReadError, ReadErrorKind},
    record::{Outcome, RecordKind},
    snapshot::Snapshot,
};
use secrecy::{ExposeSecret, SecretString};
use std::sync::Arc;
use store::{appliances, records};

/// One appliance as a page shows it.
#[derive(Clone, Debug)]
pub struct ApplianceView {
    pub appliance: Appliance,
    pub credential_refused_at: Option<At>,
    /// What was seen last, when, and what that is worth.
    pub seen: Option<(At, Arc<Snapshot>, Freshness)>,
    /// Where it is cannot be read; [`Self::failure`] says why.
    pub is_unreadable: bool,
    /// Why the last look failed, and when; nothing once a later one went well.
    pub failure: Option<(At, ReadError)>,
    /// Whether its own log tells who changes it, by the last time that it was asked.
    pub own_log: Option<(At, OwnLog)>,
    /// The reader's clusters on it, by title.
    pub clusters: Vec<(ClusterId, String)>,
}

#[derive(Clone)]
pub struct Appliances {
    pub(crate) ground: Arc<Ground>,
    pub(crate) pool: Arc<Pool>,
    pub(crate) observer: Observer,
    pub(crate) locks: Arc<WriteLocks>,
    /// They may be on this machine, as those of a demo are.
    pub(crate) may_be_here: bool,
}

impl Appliances {
    pub async fn list(&self, cx: &ReadCx) -> Result<Vec<ApplianceView>, Failure> {
        let clusters = self.ground.clusters_in_scope(cx).await?;
        let mut views = Vec::new();
        for stored in self.ground.appliances_in_scope(cx).await? {
            views.push(self.view(&clusters, stored).await?);
        }
        Ok(views)
    }

    pub async fn show(&self, cx: &ReadCx, id: ApplianceId) -> Result<ApplianceView, Failure> {
        let stored = self.ground.appliance_in_scope(cx, id).await?;
        self.view(&self.ground.clusters_in_scope(cx).await?, stored).await
    }

    /// `clusters`: those that its reader sees.
    async fn view(&self, clusters: &[Cluster], stored: appliances::StoredAppliance) -> Result<ApplianceView, Failure> {
        let id = stored.appliance.id;
        let Sighting { seen, failure, .. } = sighting(&self.ground, id).await?;
        let here = clusters.iter().filter(|cluster| cluster.appliance == id);
        Ok(ApplianceView {
            clusters: here.map(|cluster| (cluster.id, cluster.title.clone())).collect(),
            appliance: stored.appliance,
            credential_refused_at: stored.credential_refused_at,
            own_log: self.ground.store.own_log(id).await?,
            seen,
            is_unreadable: stored.unreadable.is_some(),
            failure: stored
                .unreadable
                .map(|sentence| (self.ground.now(), ReadError::new(ReadErrorKind::Ours, sentence)))
                .or(failure),
        })
    }

    /// Connects, shows what was found; keeps nothing but the records.
    pub async fn test(&self, cx: &AdminCx, form: &ApplianceForm, password: &str) -> Result<Tested, Failure> {
        let (spec, secret) = read_form(form, password)?;
        self.try_out(cx, &spec, &secret).await
    }

    /// Tests, then adds: an appliance that does not answer or is not trusted is not added.
    pub async fn add(&self, cx: &AdminCx, form: &ApplianceForm, password: &str) -> Result<ApplianceId, Failure> {
        let (spec, secret) = read_form(form, password)?;
        let tested = self.try_out(cx, &spec, &secret).await?;
        let sealed = self.ground.vault.seal(secret.expose_secret(), &pool::about(&spec))?;
        let at = self.ground.now();
        let mut added = cx.entry(
            at,
            RecordKind::ApplianceAdded,
            format!("{} ({}) was added: {}.", spec.title, spec.url(), tested.greeting),
        );
        added.detail = detail(&spec)?;
        let title = spec.title.clone();
        let written = self
            .ground
            .store
            .write(move |conn| {
                Box::pin(async move {
                    let id = appliances::add_appliance_in(conn, &spec, &sealed, at).await?;
                    added.appliance = Some(id);
                    records::append_in(conn, &added).await?;
                    Ok(id)
                })
            })
            .await;
        let id = written.map_err(|error| match error {
            store::Error::Taken { .. } => {
                Failure::field("title", format!("There is already an appliance called {title}. Choose another name."))
            }
            other => other.into(),
        })?;
        self.observer.look_soon(id);
        self.ground.bus.tell(Topic::Other);
        Ok(id)
    }

    /// Lets a refused credential be used again.
    pub async fn retry_credential(&self, cx: &AdminCx, id: ApplianceId) -> Result<(), Failure> {
        self.ground.appliance_in_scope(cx, id).await?;
        let mut retried =
            cx.entry(self.ground.now(), RecordKind::CredentialRetried, "The refused account may be tried again.");
        retried.appliance = Some(id);
        self.pool.unlock(id).await;
        self.ground
            .store
            .write(move |conn| {
                Box::pin(async move {
                    appliances::release_credential_in(conn, id).await?;
                    records::append_in(conn, &retried).await
                })
            })
            .await?;
        self.observer.look_soon(id);
        Ok(())
    }

    pub(crate) async fn try_out(
        &self,
        cx: &AdminCx,
        spec: &ApplianceSpec,
        secret: &SecretString,
    ) -> Result<Tested, Failure> {
        let title = format!("Connection to {} as {} is tested.", spec.url(), spec.user);
        let begun = cx.entry(self.ground.now(), RecordKind::ApplianceTestBegun, title);
        let (spec, secret) = (spec.clone(), secret.clone());
        let (not_done, appliances) = (format!("{}:", spec.url()), self.clone());
        self.ground
            .long_act(begun, RecordKind::ApplianceTestEnded, not_done, async move |act| {
                for (which, half) in spec.halves() {
                    appliances.is_elsewhere(which, half).await?;
                }
                let tested = greeting::of(&spec, &secret).await?;
                let summary = format!("{} answered: {}.", spec.url(), tested.greeting);
                appliances
                    .ground
                    .store
                    .append(&act.ended(appliances.ground.now(), Outcome::Succeeded, summary))
                    .await?;
                Ok(tested)
            })
            .await
    }
}

fn read_form(form: &ApplianceForm, password: &str) -> Result<(ApplianceSpec, SecretString), Failure> {
    let mut errors = FieldErrors::default();
    if password.is_empty() {
        errors.add("password", "Type the password. It is never shown in a form, and kept for no longer than a minute.");
    }
    match form.parse() {
        Ok(spec) if errors.is_empty() => Ok((spec, SecretString::from(password))),
        Ok(_) => Err(errors.into()),
        Err(more) => {
            errors.merge(more);
            Err(errors.into())
        }
    }
}
