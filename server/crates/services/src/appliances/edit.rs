//! Appliances as they change: another password, address or certificate, or gone for good.

use super::{Appliances, Tested};
use crate::{
    AdminCx, Failure, Topic,
    confirmed::confirmed,
    pool::{about, may_keep},
    refusal::Refusal,
};
use model::{
    ApplianceId,
    appliance::{ApplianceForm, ApplianceSpec, Half, Trust, fingerprint_text},
    record::{Entry, RecordKind},
};
use secrecy::{ExposeSecret, SecretString};
use store::{appliances, records, removed};

impl Appliances {
    /// Saves what was typed, after a test; `untested` saves without one, for an appliance that is off. An empty password
    /// keeps the old one, which goes to no other address and for no other account than it was given for.
    pub async fn edit(
        &self,
        cx: &AdminCx,
        id: ApplianceId,
        form: &ApplianceForm,
        password: &str,
        untested: bool,
    ) -> Result<(), Failure> {
        let before = self.ground.appliance_in_scope(cx, id).await?.appliance.spec;
        let after = form.parse()?;
        let typed = !password.is_empty();
        let changes = changes(&before, &after, typed);
        if changes.is_empty() {
            return Ok(());
        }
        let secret = if typed { SecretString::from(password) } else { self.kept_password(id, &before, &after).await? };
        let renamed_only = !typed && ApplianceSpec { title: after.title.clone(), ..before.clone() } == after;
        let tested = if untested || renamed_only { None } else { Some(self.try_out(cx, &after, &secret).await?) };
        // What it is bound to has its addresses in it, and what was seen was seen there.
        let moved = about(&before) != about(&after);
        let sealed =
            (typed || moved).then(|| self.ground.vault.seal(secret.expose_secret(), &about(&after))).transpose()?;

        let told = match &tested {
            Some(Tested { greeting }) => format!(" It answered: {greeting}."),
            None if renamed_only => String::new(),
            None => " It was not tested.".into(),
        };
        let summary = format!("{} was changed: {}.{told}", before.title, changes.join("; "));
        let detail = serde_json::json!({ "before": before, "after": after, "password_changed": typed });
        let record =
            Entry { appliance: Some(id), detail, ..cx.entry(self.ground.now(), RecordKind::ApplianceChanged, summary) };
        let works = tested.is_some();
        let title = after.title.clone();
        let no_run = self.locks.no_run_on(id).await?;
        let written = self
            .ground
            .store
            .write(move |conn| {
                Box::pin(async move {
                    appliances::set_spec_in(conn, id, &after).await?;
                    match sealed {
                        Some(sealed) if typed => appliances::set_secret_in(conn, id, &sealed).await?,
                        Some(sealed) => appliances::reseal_secret_in(conn, id, &sealed).await?,
                        None => {}
                    }
                    if works {
                        appliances::release_credential_in(conn, id).await?;
                    }
                    records::append_in(conn, &record).await
                })
            })
            .await;
        drop(no_run);
        written.map_err(|error| match error {
            store::Error::Taken { .. } => {
                Failure::field("title", format!("There is already an appliance called {title}. Choose another name."))
            }
            other => other.into(),
        })?;
        if !renamed_only {
            self.pool.leave(id).await;
            self.observer.contact.forget(id);
        }
        if moved {
            // What was seen there is not what is seen here.
            self.ground.store.forget_observation(id).await?;
        }
        self.observer.look_soon(id);
        self.ground.bus.tell(Topic::Other);
        Ok(())
    }

    async fn kept_password(
        &self,
        id: ApplianceId,
        before: &ApplianceSpec,
        after: &ApplianceSpec,
    ) -> Result<SecretString, Failure> {
        if !may_keep(before, after) {
            return Err(Failure::field(
                "password",
                format!(
                    "The kept password is that of {} at {}, and is shown to nobody else. Type the one of {} at {}.",
                    before.user,
                    before.url(),
                    after.user,
                    after.url()
                ),
            ));
        }
        self.ground.vault.unseal(&self.ground.store.secret(id).await?, &about(before))
    }

    /// Takes the appliance out of Gatehouse. On the appliance itself nothing is changed. `typed` is its name, against a
    /// slip of the hand.
    pub async fn remove(&self, cx: &AdminCx, id: ApplianceId, typed: &str) -> Result<(), Failure> {
        let spec = self.ground.appliance_in_scope(cx, id).await?.appliance.spec;
        confirmed(typed, &spec.title)?;
        let at = self.ground.now();
        let summary = format!("{} ({}) was removed. Nothing was changed on it.", spec.title, spec.url());
        let removed = Entry {
            appliance: Some(id),
            detail: serde_json::json!({ "before": spec }),
            ..cx.entry(at, RecordKind::ApplianceRemoved, summary)
        };
        let no_run = self.locks.no_run_on(id).await?;
        let still_there = self
            .ground
            .store
            .write(move |conn| {
                Box::pin(async move {
                    let clusters = removed::clusters_on_in(conn, id).await?;
                    if clusters.is_empty() {
                        removed::remove_appliance_in(conn, id, at).await?;
                        records::append_in(conn, &removed).await?;
                    }
                    Ok(clusters)
                })
            })
            .await?;
        drop(no_run);
        if !still_there.is_empty() {
            return Err(Refusal::Needed { appliance: spec.title, by: still_there }.into());
        }
        self.pool.leave(id).await;
        self.observer.contact.forget(id);
        self.ground.store.forget_observation(id).await?;
        self.ground.bus.tell(Topic::Other);
        Ok(())
    }
}

/// What is another than before, in words. Never a password.
fn changes(before: &ApplianceSpec, after: &ApplianceSpec, password: bool) -> Vec<String> {
    let mut changes = Vec::new();
    let mut differs = |what: &str, before: String, after: String| {
        if before != after {
            changes.push(format!("{what} {before} → {after}"));
        }
    };
    differs("name", before.title.clone(), after.title.clone());
    differs("account", before.user.clone(), after.user.clone());
    let first = (Some(&before.first), Some(&after.first));
    for (of, (before, after)) in [("", first), ("the other half's ", (before.second.as_ref(), after.second.as_ref()))] {
        let none = || "none".to_owned();
        let told = |half: Option<&Half>, say: fn(&Half) -> String| half.map_or_else(none, say);
        let mut differ = |what: &str, say: fn(&Half) -> String| {
            differs(&format!("{of}{what}"), told(before, say), told(after, say));
        };
        differ("address", Half::url);
        differ("way", |half| half.connect.to_string());
        differ("trusted certificate", |half| trusted(&half.trust));
    }
    if password {
        changes.push("password".into());
    }
    changes
}

fn trusted(trust: &Trust) -> String {
    match trust {
        Trust::System => "any that this machine's authorities vouch for".into(),
        Trust::Pinned { sha256 } => fingerprint_text(sha256),
    }
}
