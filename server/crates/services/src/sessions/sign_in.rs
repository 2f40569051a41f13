//! Signing in: name and password against the store, and the log of those who could not.

use super::{Sessions, SignedIn, devices};
use crate::{
    Failure, Origin,
    cx::entry,
    delays,
    passwords::{nobodys_hash, verify_password},
};
use model::{
    person::{self, Person},
    record::{Outcome, RecordKind},
};
use store::{delays as kept, people::TeamMember, records, sign_in, sign_in::Attempt};

impl Sessions {
    /// Wrong ones cost the same time whether the name exists or not.
    pub async fn sign_in(&self, origin: &Origin, name: &str, password: &str) -> Result<SignedIn, Failure> {
        let name = name.trim();
        if name.is_empty() {
            return Err(Failure::field("name", "Give your name."));
        }
        // Nobody's name is longer than a line.
        if name.chars().count() > 80 {
            return Err(Failure::field("name", "No name here is longer than 80 characters."));
        }
        if password.is_empty() {
            return Err(Failure::field("password", "Give your password."));
        }
        let _one_at_a_time = self.one_at_a_time().await;
        self.ground.mind_the_clock().await?;
        let found = self.called(name).await?;
        let whose = found.as_ref().map(|(member, _)| &member.person);
        let attempt = self.attempt(origin, name, whose);
        self.delays.not_delayed("password", origin, &attempt, whose).await?;
        let hash = found.as_ref().map_or_else(|| nobodys_hash().to_owned(), |(_, hash)| hash.clone());
        let right = verify_password(password.to_owned(), hash).await?;
        match found {
            Some((member, _)) if right && member.disabled_at.is_none() => {
                self.open(origin, member.person, Some(attempt)).await
            }
            found => {
                let whose = found.map(|(member, _)| member.person);
                self.refused(origin, &attempt, whose.as_ref(), "could not sign in").await?;
                // Only who knows the password learns that it would have been the right one.
                Err(Failure::field(
                    "password",
                    if right && whose.is_some() {
                        "Sign-in is switched off for you. An admin can switch it on again, on the team's page."
                    } else {
                        "The name or the password is wrong. Type both again."
                    },
                ))
            }
        }
    }

    /// The one person who has signed in with this browser; with several, it knows nobody.
    pub async fn known_by(&self, origin: &Origin) -> Result<Option<String>, Failure> {
        if origin.device.is_empty() {
            return Ok(None);
        }
        let members = self.ground.store.members().await?;
        let mut known = members.into_iter().filter(|member| {
            member.disabled_at.is_none()
                && devices::known(&self.ground.vault, &origin.device, member.person.id).is_some()
        });
        Ok(known.next().filter(|_| known.next().is_none()).map(|member| member.person.name))
    }

    /// As it is typed, or as it is written here: keyboards spell the same letters in several ways.
    pub(crate) async fn called(&self, name: &str) -> Result<Option<(TeamMember, String)>, Failure> {
        if let Some(found) = self.ground.store.person_by_name(&person::spelled(name)).await? {
            return Ok(Some(found));
        }
        Ok(self.ground.store.person_by_name(name).await?)
    }

    /// Somebody's try, as failures are counted by.
    fn attempt(&self, origin: &Origin, name: &str, whose: Option<&Person>) -> Attempt {
        let device = whose.and_then(|person| devices::known(&self.ground.vault, &origin.device, person.id));
        self.attempt_on(origin, whose.map_or(name, |person| &person.name), device)
    }

    /// The same on a device that is known otherwise.
    pub(crate) fn attempt_on(&self, origin: &Origin, name: &str, device: Option<String>) -> Attempt {
        let mark = self.ground.vault.mark("name", &[&person::spelled(name).to_lowercase().replace('\n', " ")]);
        let hash = mark.first_chunk::<16>().copied().unwrap_or_default();
        Attempt { name: hash, from: origin.network().to_string(), device }
    }

    /// A wrong password, whoever typed it: counted and recorded, with the delay that begins or grows by it.
    pub(crate) async fn refused(
        &self,
        origin: &Origin,
        attempt: &Attempt,
        whose: Option<&Person>,
        what: &str,
    ) -> Result<(), Failure> {
        let now = self.ground.now();
        // A name that nobody has may be a password in the wrong field: it does not go into the log.
        let who = whose.map_or("Somebody unknown", |person| person.name.as_str());
        let mut refused = entry(origin.actor(who), now, RecordKind::SignInRefused, format!("{who} {what}."));
        refused.outcome = Some(Outcome::Refused);
        refused.detail = whose.map_or(serde_json::Value::Null, |person| serde_json::json!({ "person": person.id }));
        let delayed = entry(origin.actor(who), now, RecordKind::SignInDelayed, "");
        let (attempt, whose) = (attempt.clone(), whose.cloned());
        let since = now.checked_sub(model::delay::WINDOW).unwrap_or(model::At::UNIX_EPOCH);
        self.refusals.sum_up().await?;
        // By network, whoever is named: it is strangers who must not fill the log.
        let written = self.refusals.is_written(RecordKind::SignInRefused, origin, None);
        self.ground
            .store
            .write(move |conn| {
                Box::pin(async move {
                    sign_in::sign_in_failed_in(conn, &attempt, now).await?;
                    if written {
                        records::append_in(conn, &refused).await?;
                    }
                    let failures = sign_in::failures_in(conn, &attempt, since, now).await?;
                    for delay in failures.delays().into_iter().filter(|delay| delay.until > now) {
                        let person = whose.as_ref().map(|person| person.id);
                        let listed = kept::put_delay_in(conn, &attempt, person, &delay, now).await?;
                        if listed && (written || whose.is_some()) {
                            records::append_in(conn, &delays::begun(&delayed, &attempt, whose.as_ref(), &delay))
                                .await?;
                        }
                    }
                    Ok(())
                })
            })
            .await?;
        Ok(())
    }
}
