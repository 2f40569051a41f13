//! People: the first one, signing in and out, who a session belongs to.

use crate::{
    Failure, Origin, ReadCx, Services, Topic,
    cx::entry,
    passwords::{hash_password, nobodys_hash, verify_password},
    random,
};
use jiff::{SignedDuration, ToSpan};
use model::{
    At,
    person::{self, Person, Role},
    record::{Actor, Outcome, RecordKind},
};
use store::{people, records, sessions, sessions::Ended, sign_in};

/// A session ends after this long without a request.
const IDLE: SignedDuration = SignedDuration::from_hours(12);
/// This many wrong passwords for a name, or from an address, within [`FAILURE_WINDOW`] stop further tries.
const FAILURES: i64 = 5;
const FAILURE_WINDOW: SignedDuration = SignedDuration::from_mins(15);

/// A fresh session: the token goes into the browser's cookie and is not kept here.
pub struct SignedIn {
    pub token: String,
    pub person: Person,
}

impl Services {
    /// Nobody exists yet.
    pub async fn nobody_yet(&self) -> Result<bool, Failure> {
        Ok(self.store.count_people().await? == 0)
    }

    /// A one-time token for making the first admin; a new one at each start, while nobody exists.
    pub async fn first_use_token(&self) -> Result<Option<String>, Failure> {
        if !self.nobody_yet().await? {
            return Ok(None);
        }
        let token = random::token()?;
        self.store.set_bootstrap(&random::hash(&token)).await?;
        Ok(Some(token))
    }

    /// Makes the first admin.
    pub async fn first_use(
        &self,
        origin: &Origin,
        token: &str,
        name: &str,
        password: &str,
    ) -> Result<SignedIn, Failure> {
        let name = person::check_new(name, password)?;
        let _one_at_a_time = self.sign_in.lock().await;
        if !self.nobody_yet().await? {
            let sentence = "There are people already, so the one-time token is of no use any more. Sign in instead.";
            return Err(Failure::field("once", sentence));
        }
        let token_hash = random::hash(token.trim());
        let hash = hash_password(password.to_owned()).await?;
        let (at, actor) = (self.now(), origin.actor(&name));
        let person = self
            .store
            .write(move |conn| {
                Box::pin(async move {
                    if !sign_in::take_bootstrap_in(conn, &token_hash).await? {
                        return Ok(None);
                    }
                    let person = people::add_person_in(conn, &name, Role::Admin, &hash, at).await?;
                    let summary = format!("{name} was added as the first admin.");
                    let mut added = entry(actor, at, RecordKind::PersonAdded, summary);
                    added.detail = told_of(&person);
                    records::append_in(conn, &added).await?;
                    Ok(Some(person))
                })
            })
            .await?;
        let Some(person) = person else {
            return Err(Failure::field(
                "once",
                "This is not the one-time token. It was printed when Gatehouse was started last; copy it whole.",
            ));
        };
        self.open_session(origin, person).await
    }

    /// Adds a person from the command line of the machine itself.
    pub async fn add_person(&self, name: &str, role: Role, password: &str) -> Result<Person, Failure> {
        let name = person::check_new(name, password)?;
        let hash = hash_password(password.to_owned()).await?;
        let (at, taken) = (self.now(), name.clone());
        let written = self
            .store
            .write(move |conn| {
                Box::pin(async move {
                    let person = people::add_person_in(conn, &name, role, &hash, at).await?;
                    let summary = format!("{name} was added as {} from the server's command line.", role.word());
                    let mut added = entry(Actor::gatehouse(), at, RecordKind::PersonAdded, summary);
                    added.detail = told_of(&person);
                    records::append_in(conn, &added).await?;
                    Ok(person)
                })
            })
            .await;
        written.map_err(|error| match error {
            store::Error::Taken { .. } => Failure::field("name", format!("There is already a person called {taken}.")),
            other => other.into(),
        })
    }

    /// Name and password against the store. Wrong ones cost the same time whether the name exists or not.
    pub async fn sign_in(&self, origin: &Origin, name: &str, password: &str) -> Result<SignedIn, Failure> {
        let name = name.trim();
        if name.is_empty() {
            return Err(Failure::field("name", "Give your name."));
        }
        // Refused names stand in the log; nobody's name is longer than a line.
        if name.chars().count() > 80 {
            return Err(Failure::field("name", "No name here is longer than 80 characters."));
        }
        if password.is_empty() {
            return Err(Failure::field("password", "Give your password."));
        }
        let _one_at_a_time = self.sign_in.lock().await;
        self.mind_the_clock().await?;
        let now = self.now();
        self.slow_down("password", name, origin, now).await?;
        let found = self.store.person_by_name(name).await?;
        let hash = found.as_ref().map_or_else(|| nobodys_hash().to_owned(), |(_, hash)| hash.clone());
        let right = verify_password(password.to_owned(), hash).await?;
        let found = found.map(|(member, _)| member);
        match found {
            Some(member) if right && member.disabled_at.is_none() => self.open_session(origin, member.person).await,
            _ => {
                self.refused(origin, name, found.as_ref().map(|member| &member.person), "could not sign in").await?;
                // Only who knows the password learns that it would have been the right one.
                Err(Failure::field(
                    "password",
                    if right && found.is_some() {
                        "Sign-in is switched off for you. An admin can switch it on again, on the team's page."
                    } else {
                        "The name or the password is wrong. Type both again."
                    },
                ))
            }
        }
    }

    /// A wrong password, whoever typed it: counted and recorded.
    pub(crate) async fn refused(
        &self,
        origin: &Origin,
        name: &str,
        whose: Option<&Person>,
        what: &str,
    ) -> Result<(), Failure> {
        let now = self.now();
        // A name that nobody has may be a password in the wrong field: it does not go into the log.
        let who = whose.map_or("Somebody unknown", |person| person.name.as_str());
        let mut refused = entry(origin.actor(who), now, RecordKind::SignInRefused, format!("{who} {what}."));
        refused.outcome = Some(Outcome::Refused);
        refused.detail = whose.map_or(serde_json::Value::Null, |person| serde_json::json!({ "person": person.id }));
        let (name, from) = (name.to_owned(), origin.network().to_string());
        self.sum_up_refusals().await?;
        // By network, whoever is named: it is strangers who must not fill the log.
        let written = self.refusal_is_written(RecordKind::SignInRefused, origin, None);
        self.store
            .write(move |conn| {
                Box::pin(async move {
                    sign_in::sign_in_failed_in(conn, &name, &from, now).await?;
                    if written {
                        records::append_in(conn, &refused).await?;
                    }
                    Ok(())
                })
            })
            .await?;
        Ok(())
    }

    /// Too many wrong passwords close the way for a while; `field` is where the sentence belongs.
    pub(crate) async fn slow_down(&self, field: &str, name: &str, origin: &Origin, now: At) -> Result<(), Failure> {
        let since = now.checked_sub(FAILURE_WINDOW).unwrap_or(At::UNIX_EPOCH);
        let failures = self.store.recent_failures(name, &origin.network().to_string(), since, now).await?;
        // Many people may share one address behind a proxy, so an address is given more room than a name.
        if failures.of_name < FAILURES && failures.of_from < 4 * FAILURES {
            return Ok(());
        }
        let until = failures.last.and_then(|last| last.checked_add(FAILURE_WINDOW).ok()).unwrap_or(now);
        Err(Failure::field(
            field,
            format!(
                "Too many wrong passwords. Sign-in for this name or from this address opens again at {}.",
                model::clock::time_text(until)
            ),
        ))
    }

    async fn open_session(&self, origin: &Origin, person: Person) -> Result<SignedIn, Failure> {
        let token = random::token()?;
        let at = self.now();
        let new = sessions::NewSession {
            token_hash: random::hash(&token),
            person: person.id,
            at,
            expires: at.checked_add(IDLE).unwrap_or(at),
            from: origin.from.clone(),
            agent: origin.agent.chars().take(200).collect(),
        };
        let mut actor = origin.actor(&person.name);
        actor.person = Some(person.id);
        let mut begun = entry(actor, at, RecordKind::SignInSucceeded, format!("{} signed in.", person.name));
        begun.outcome = Some(Outcome::Succeeded);
        let name = person.name.clone();
        self.store
            .write(move |conn| {
                Box::pin(async move {
                    sign_in::forget_failures_in(conn, &name).await?;
                    sessions::add_session_in(conn, &new).await?;
                    records::append_in(conn, &begun).await
                })
            })
            .await?;
        Ok(SignedIn { token, person })
    }

    /// Whose session this is; `None` when there is none, or no longer.
    pub async fn visitor(&self, token: &str, origin: Origin) -> Result<Option<ReadCx>, Failure> {
        // Before anything is compared with the time.
        self.mind_the_clock().await?;
        let (session, now) = (random::hash(token), self.now());
        let Some((person, row)) = self.store.session(&session, now).await? else { return Ok(None) };
        // A write a minute is enough to know who is there.
        if now.duration_since(row.last_seen).abs() > SignedDuration::from_mins(1) {
            let expires = now.checked_add(IDLE).unwrap_or(now);
            self.store.touch_session(&session, now, expires).await?;
        }
        Ok(Some(ReadCx { person, origin, session }))
    }

    /// Why the token's session is over, for whoever comes back with it.
    pub async fn session_end(&self, token: &str) -> Result<Option<Ended>, Failure> {
        Ok(self.store.session_end(&random::hash(token), self.now()).await?)
    }

    /// The same reader as they are now; `None` where the session is over. Asked by streams that outlive their
    /// request.
    pub async fn again(&self, cx: &ReadCx) -> Result<Option<ReadCx>, Failure> {
        self.mind_the_clock().await?;
        let found = self.store.session(&cx.session, self.now()).await?;
        Ok(found.map(|(person, _)| ReadCx { person, ..cx.clone() }))
    }

    pub async fn sign_out(&self, cx: &ReadCx) -> Result<(), Failure> {
        let ended = cx.entry(self.now(), RecordKind::SignedOut, format!("{} signed out.", cx.person.name));
        let session = cx.session;
        self.store
            .write(move |conn| {
                Box::pin(async move {
                    sessions::end_session_in(conn, &session).await?;
                    records::append_in(conn, &ended).await
                })
            })
            .await?;
        // Other tabs of the same browser end with it.
        self.bus.tell(Topic::Other);
        Ok(())
    }

    /// What is old enough to be of no use to anybody; run now and then.
    pub(crate) async fn sweep(&self) -> Result<(), Failure> {
        let now = self.now();
        let day_ago = now.checked_sub(24.hours()).unwrap_or(At::UNIX_EPOCH);
        self.store.purge_sessions(now).await?;
        self.store.purge_form_tokens(day_ago).await?;
        let month_ago = now.checked_sub((30 * 24).hours()).unwrap_or(At::UNIX_EPOCH);
        self.store.purge_drafts(month_ago).await?;
        self.store.purge_draft_secrets(now.checked_sub(1.minutes()).unwrap_or(At::UNIX_EPOCH)).await?;
        Ok(())
    }
}

/// Whom a record is about, and what they may do.
pub(crate) fn told_of(person: &Person) -> serde_json::Value {
    serde_json::json!({
        "person": person.id,
        "name": person.name,
        "after": { "role": person.role, "scope": person.scope.to_string() },
    })
}
