//! People: the first one, and those that the machine's own command line adds.

use crate::{
    Failure, Origin, SignedIn, cx::entry, ground::Ground, passwords::hash_password, random, sessions::Sessions,
};
use model::{
    person::{self, Person, Role},
    record::{Actor, Entrance, RecordKind},
};
use std::sync::Arc;
use store::{people, records, sign_in};

#[derive(Clone)]
pub struct People {
    pub(crate) ground: Arc<Ground>,
    pub(crate) sessions: Sessions,
}

impl People {
    /// Nobody exists yet.
    pub async fn nobody_yet(&self) -> Result<bool, Failure> {
        Ok(self.ground.store.count_people().await? == 0)
    }

    /// A one-time token for making the first admin; a new one at each start, while nobody exists.
    pub async fn first_use_token(&self) -> Result<Option<String>, Failure> {
        if !self.nobody_yet().await? {
            return Ok(None);
        }
        let token = random::token()?;
        self.ground.store.set_bootstrap(&random::hash(&token)).await?;
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
        let _one_at_a_time = self.sessions.one_at_a_time().await;
        if !self.nobody_yet().await? {
            let sentence = "There are people already, so the one-time token is of no use any more. Sign in instead.";
            return Err(Failure::field("once", sentence));
        }
        let name = person::check_new(name, password, &[])?;
        let token_hash = random::hash(token.trim());
        let hash = hash_password(password.to_owned()).await?;
        let (at, actor) = (self.ground.now(), origin.actor(&name));
        let person = self
            .ground
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
        self.sessions.open(origin, person, None).await
    }

    /// Adds a person from the command line of the machine itself.
    pub async fn add(&self, name: &str, role: Role, password: &str) -> Result<Person, Failure> {
        let _one_at_a_time = self.sessions.one_at_a_time().await;
        let name = person::check_new(name, password, &names(&self.ground).await?)?;
        let hash = hash_password(password.to_owned()).await?;
        let (at, taken) = (self.ground.now(), name.clone());
        let written = self
            .ground
            .store
            .write(move |conn| {
                Box::pin(async move {
                    let person = people::add_person_in(conn, &name, role, &hash, at).await?;
                    let summary = format!("{name} was added as {} from the server's command line.", role.word());
                    let by = Actor { via: Entrance::Console, ..Actor::gatehouse() };
                    let mut added = entry(by, at, RecordKind::PersonAdded, summary);
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
}

/// Whom a record is about, and what they may do.
pub(crate) fn told_of(person: &Person) -> serde_json::Value {
    serde_json::json!({
        "person": person.id,
        "name": person.name,
        "after": { "role": person.role, "scope": person.scope.to_string() },
    })
}

/// What people are called: no two names may look alike.
pub(crate) async fn names(ground: &Ground) -> Result<Vec<String>, Failure> {
    Ok(ground.store.members().await?.into_iter().map(|member| member.person.name).collect())
}
