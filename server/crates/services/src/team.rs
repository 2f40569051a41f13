//! The team: who belongs to it, what they may do and see. For admins. People are never removed, because the log names
//! them; they are disabled.

use crate::{
    AdminCx, Failure, ReadCx, Topic,
    ground::Ground,
    passwords::{hash_password, verify_password},
    people::{names, told_of},
    sessions::Sessions,
};
use model::{
    At, ClusterId, FieldErrors, PersonId,
    person::{self, Person, RightsForm, Role, SessionEnd},
    record::{Entry, RecordKind},
};
use std::{collections::BTreeSet, sync::Arc};
use store::{Conn, people, people::TeamMember, records, sessions, sessions::SessionLine};

/// A person as the team's pages show them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MemberView {
    pub person: Person,
    pub created: At,
    pub disabled_at: Option<At>,
    pub last_seen: Option<At>,
    /// The one used last first.
    pub sessions: Vec<SessionLine>,
}

/// What a transaction came to.
enum Done {
    Written,
    /// Nothing was written: without this person nobody could manage people any more.
    LastAdmin,
}

const LAST_ADMIN: &str = "This is the last admin who can sign in: nobody could manage people and appliances any more. \
     Make somebody else an admin first.";

#[derive(Clone)]
pub struct Team {
    pub(crate) ground: Arc<Ground>,
    pub(crate) sessions: Sessions,
}

impl Team {
    /// By name.
    pub async fn list(&self, cx: &AdminCx) -> Result<Vec<MemberView>, Failure> {
        let mut views = Vec::new();
        for member in self.ground.store.members().await? {
            views.push(self.view(cx, member).await?);
        }
        Ok(views)
    }

    pub async fn show(&self, cx: &AdminCx, id: PersonId) -> Result<MemberView, Failure> {
        let member = self.known(id).await?;
        self.view(cx, member).await
    }

    async fn view(&self, cx: &ReadCx, member: TeamMember) -> Result<MemberView, Failure> {
        let sessions = match member.disabled_at {
            Some(_) => Vec::new(),
            None => {
                self.ground
                    .store
                    .sessions_of(member.person.id, self.ground.now(), self.sessions.lives, cx.session().as_ref())
                    .await?
            }
        };
        let TeamMember { person, created, disabled_at, last_seen } = member;
        Ok(MemberView { person, created, disabled_at, last_seen, sessions })
    }

    async fn known(&self, id: PersonId) -> Result<TeamMember, Failure> {
        self.ground.store.member(id).await.map_err(|error| match error {
            store::Error::NotFound => Failure::NotFound("such person"),
            other => other.into(),
        })
    }

    async fn cluster_ids(&self) -> Result<BTreeSet<ClusterId>, Failure> {
        Ok(self.ground.store.clusters().await?.into_iter().map(|cluster| cluster.id).collect())
    }

    pub async fn add(
        &self,
        cx: &AdminCx,
        name: &str,
        rights: &RightsForm,
        password: &str,
    ) -> Result<PersonId, Failure> {
        let _one_at_a_time = self.sessions.one_at_a_time().await;
        let mut errors = FieldErrors::default();
        let names = names(&self.ground).await?;
        let name = person::check_new(name, password, &names).map_err(|more| errors.merge(more)).ok();
        let rights = rights.parse(&self.cluster_ids().await?).map_err(|more| errors.merge(more)).ok();
        let (Some(name), Some((role, scope))) = (name, rights) else { return Err(errors.into()) };
        let hash = hash_password(password.to_owned()).await?;
        let (at, taken) = (self.ground.now(), name.clone());
        let mut added =
            cx.entry(at, RecordKind::PersonAdded, format!("{name} was added as {} for {scope}.", role.word()));
        let written = self
            .ground
            .store
            .write(move |conn| {
                Box::pin(async move {
                    let person = people::add_person_in(conn, &name, role, &hash, at).await?;
                    people::set_rights_in(conn, person.id, role, &scope).await?;
                    added.detail = told_of(&Person { scope, ..person.clone() });
                    records::append_in(conn, &added).await?;
                    Ok(person.id)
                })
            })
            .await;
        let id = written.map_err(|error| match error {
            store::Error::Taken { .. } => {
                Failure::field("name", format!("There is already a person called {taken}. Choose another name."))
            }
            other => other.into(),
        })?;
        self.ground.bus.tell(Topic::People);
        Ok(id)
    }

    /// Another role and scope, from the person's next request on. Saving what is already so leaves no record.
    pub async fn change_rights(&self, cx: &AdminCx, id: PersonId, rights: &RightsForm) -> Result<(), Failure> {
        self.known(id).await?;
        let (role, scope) = rights.parse(&self.cluster_ids().await?)?;
        let changed = cx.entry(self.ground.now(), RecordKind::PersonChanged, "");
        let done = self
            .ground
            .store
            .write(move |conn| {
                Box::pin(async move {
                    let before = people::member_in(conn, id).await?;
                    if (before.person.role, &before.person.scope) == (role, &scope) {
                        return Ok(Done::Written);
                    }
                    if role != Role::Admin && is_last_admin(conn, &before).await? {
                        return Ok(Done::LastAdmin);
                    }
                    people::set_rights_in(conn, id, role, &scope).await?;
                    sessions::renew_sessions_of_in(conn, id).await?;
                    let (name, was) = (&before.person.name, before.person.role.word());
                    let told =
                        format!("{name}, {was} for {}, is now {} for {scope}.", before.person.scope, role.word());
                    let detail = serde_json::json!({
                        "person": id,
                        "name": name,
                        "before": { "role": before.person.role, "scope": before.person.scope.to_string() },
                        "after": { "role": role, "scope": scope.to_string() },
                    });
                    records::append_in(conn, &Entry { summary: told, detail, ..changed }).await?;
                    Ok(Done::Written)
                })
            })
            .await?;
        self.finished(&done, "role")
    }

    /// For somebody else who forgot theirs. Ends all of their sessions.
    pub async fn set_password(&self, cx: &AdminCx, id: PersonId, password: &str) -> Result<(), Failure> {
        let member = self.known(id).await?;
        if id == cx.person.id {
            let sentence = "Your own password is changed on your account's page, where the old one is asked for.";
            return Err(Failure::field("password", sentence));
        }
        person::check_password(password, &member.person.name)
            .map_err(|sentence| Failure::field("password", sentence))?;
        let before = self.ground.store.person_by_name(&member.person.name).await?;
        if let Some((_, before)) = before
            && verify_password(password.to_owned(), before).await?
        {
            return Err(Failure::field("password", "This is the password that they have. Choose another."));
        }
        let hash = hash_password(password.to_owned()).await?;
        let summary = format!("{} was given another password.", member.person.name);
        let end = self.sessions.end(cx, SessionEnd::PasswordSet);
        let set = cx.entry(self.ground.now(), RecordKind::PasswordSet, summary);
        // No sign-in with the old one may be half-way.
        let _one_at_a_time = self.sessions.one_at_a_time().await;
        self.ground
            .store
            .write(move |conn| {
                Box::pin(async move {
                    people::set_password_in(conn, id, &hash).await?;
                    let ended = sessions::end_sessions_of_in(conn, id, None, &end).await?;
                    let detail = serde_json::json!({ "person": id, "sessions_ended": ended });
                    records::append_in(conn, &Entry { detail, ..set }).await
                })
            })
            .await?;
        self.ground.bus.tell(Topic::People);
        Ok(())
    }

    /// They cannot sign in from now on, and are signed out everywhere.
    pub async fn disable(&self, cx: &AdminCx, id: PersonId) -> Result<(), Failure> {
        self.known(id).await?;
        let at = self.ground.now();
        let end = self.sessions.end(cx, SessionEnd::Disabled);
        let disabled = cx.entry(at, RecordKind::PersonDisabled, "");
        let _one_at_a_time = self.sessions.one_at_a_time().await;
        let done = self
            .ground
            .store
            .write(move |conn| {
                Box::pin(async move {
                    let before = people::member_in(conn, id).await?;
                    if before.disabled_at.is_some() {
                        return Ok(Done::Written);
                    }
                    if is_last_admin(conn, &before).await? {
                        return Ok(Done::LastAdmin);
                    }
                    people::set_disabled_in(conn, id, Some(at)).await?;
                    let ended = sessions::end_sessions_of_in(conn, id, None, &end).await?;
                    let summary = format!("{} was disabled.", before.person.name);
                    let detail = able(&before.person, true, Some(ended));
                    records::append_in(conn, &Entry { summary, detail, ..disabled }).await?;
                    Ok(Done::Written)
                })
            })
            .await?;
        self.finished(&done, "state")
    }

    /// They may sign in again.
    pub async fn enable(&self, cx: &AdminCx, id: PersonId) -> Result<(), Failure> {
        self.known(id).await?;
        let enabled = cx.entry(self.ground.now(), RecordKind::PersonEnabled, "");
        let done = self
            .ground
            .store
            .write(move |conn| {
                Box::pin(async move {
                    let before = people::member_in(conn, id).await?;
                    if before.disabled_at.is_some() {
                        people::set_disabled_in(conn, id, None).await?;
                        let summary = format!("{} was enabled.", before.person.name);
                        let detail = able(&before.person, false, None);
                        records::append_in(conn, &Entry { summary, detail, ..enabled }).await?;
                    }
                    Ok(Done::Written)
                })
            })
            .await?;
        self.finished(&done, "state")
    }

    /// One of somebody's sessions, by the id of its line. One that is over already leaves no record.
    pub async fn end_session(&self, cx: &AdminCx, id: PersonId, session: &str) -> Result<(), Failure> {
        let member = self.known(id).await?;
        self.sessions.end_one(cx, &member.person, session).await
    }

    /// All of somebody's sessions.
    pub async fn end_sessions(&self, cx: &AdminCx, id: PersonId) -> Result<(), Failure> {
        let member = self.known(id).await?;
        self.sessions.end_all(cx, &member.person, None).await
    }

    /// Open pages of the person follow at once.
    fn finished(&self, done: &Done, field: &str) -> Result<(), Failure> {
        match done {
            Done::LastAdmin => Err(Failure::field(field, LAST_ADMIN)),
            Done::Written => {
                self.ground.bus.tell(Topic::People);
                Ok(())
            }
        }
    }
}

async fn is_last_admin(conn: &mut Conn, member: &TeamMember) -> Result<bool, store::Error> {
    if member.person.role != Role::Admin || member.disabled_at.is_some() {
        return Ok(false);
    }
    Ok(people::other_admins_in(conn, member.person.id).await? == 0)
}

/// What a record of disabling and enabling says.
fn able(person: &Person, disabled: bool, sessions_ended: Option<u64>) -> serde_json::Value {
    let word = |disabled: bool| if disabled { "disabled" } else { "enabled" };
    let mut detail = serde_json::json!({
        "person": person.id,
        "name": person.name,
        "before": { "state": word(!disabled) },
        "after": { "state": word(disabled) },
    });
    if let Some(count) = sessions_ended {
        detail["sessions_ended"] = count.into();
    }
    detail
}
