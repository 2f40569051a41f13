//! The people of the team, what they may see, and whether they may come in.

use crate::{Conn, Error, Store, column};
use model::{
    At, PersonId,
    clock::from_millis,
    person::{Person, Role, Scope},
};

/// A person as the team's page knows them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TeamMember {
    pub person: Person,
    pub created: At,
    /// Since when they cannot sign in; `None`: they can.
    pub disabled_at: Option<At>,
    /// `None`: never signed in.
    pub last_seen: Option<At>,
}

/// Of the view `people`: id, name, role, scope.
pub(crate) type Row = (i64, String, String, Option<String>);

pub(crate) fn person((id, name, role, scope): Row) -> Result<Person, Error> {
    let scope = match scope {
        None => Scope::All,
        Some(clusters) => Scope::Only(column::parse(&clusters, "a person's clusters")?),
    };
    Ok(Person { id: PersonId(id), name, role: column::from_code(&role, "a person's role")?, scope })
}

#[derive(sqlx::FromRow)]
struct MemberRow {
    id: i64,
    name: String,
    role: String,
    scope: Option<String>,
    created: i64,
    disabled_at: Option<i64>,
    last_seen: Option<i64>,
}

fn member(row: MemberRow) -> Result<TeamMember, Error> {
    Ok(TeamMember {
        person: person((row.id, row.name, row.role, row.scope))?,
        created: from_millis(row.created),
        disabled_at: row.disabled_at.map(from_millis),
        last_seen: row.last_seen.map(from_millis),
    })
}

/// With all clusters. `Taken { what: "name" }` where somebody is called so already, in any case of letters.
pub async fn add_person_in(
    conn: &mut Conn,
    name: &str,
    role: Role,
    password_hash: &str,
    at: At,
) -> Result<Person, Error> {
    let id = sqlx::query_scalar(
        "INSERT INTO persons (name, role, password_hash, created) VALUES ($1, $2, $3, $4) RETURNING id",
    )
    .bind(name)
    .bind(role.word())
    .bind(password_hash)
    .bind(at.as_millisecond())
    .fetch_one(conn)
    .await?;
    Ok(Person { id: PersonId(id), name: name.to_owned(), role, scope: Scope::All })
}

/// Another role and scope. An admin with less than all clusters is refused by the table.
pub async fn set_rights_in(conn: &mut Conn, id: PersonId, role: Role, scope: &Scope) -> Result<(), Error> {
    let done = sqlx::query("UPDATE persons SET role = $2, scoped = $3 WHERE id = $1")
        .bind(id.0)
        .bind(role.word())
        .bind(matches!(scope, Scope::Only(_)))
        .execute(&mut *conn)
        .await?;
    if done.rows_affected() == 0 {
        return Err(Error::NotFound);
    }
    sqlx::query("DELETE FROM person_clusters WHERE person = $1").bind(id.0).execute(&mut *conn).await?;
    if let Scope::Only(clusters) = scope {
        sqlx::query("INSERT INTO person_clusters (person, cluster) SELECT $1, value FROM json_each($2)")
            .bind(id.0)
            .bind(column::json(clusters)?)
            .execute(conn)
            .await?;
    }
    Ok(())
}

pub async fn set_password_in(conn: &mut Conn, id: PersonId, password_hash: &str) -> Result<(), Error> {
    let done = sqlx::query("UPDATE persons SET password_hash = $2 WHERE id = $1")
        .bind(id.0)
        .bind(password_hash)
        .execute(conn)
        .await?;
    if done.rows_affected() == 0 { Err(Error::NotFound) } else { Ok(()) }
}

/// `None` lets them in again. Their sessions are another matter.
pub async fn set_disabled_in(conn: &mut Conn, id: PersonId, at: Option<At>) -> Result<(), Error> {
    let done = sqlx::query("UPDATE persons SET disabled_at = $2 WHERE id = $1")
        .bind(id.0)
        .bind(at.map(At::as_millisecond))
        .execute(conn)
        .await?;
    if done.rows_affected() == 0 { Err(Error::NotFound) } else { Ok(()) }
}

/// The person as they are at this moment of a bigger write.
pub async fn member_in(conn: &mut Conn, id: PersonId) -> Result<TeamMember, Error> {
    let row = sqlx::query_as("SELECT id, name, role, scope, created, disabled_at, last_seen FROM people WHERE id = $1")
        .bind(id.0)
        .fetch_one(conn)
        .await?;
    member(row)
}

/// How many admins who can sign in there are besides this person.
pub async fn other_admins_in(conn: &mut Conn, id: PersonId) -> Result<i64, Error> {
    Ok(sqlx::query_scalar("SELECT count(*) FROM persons WHERE role = 'admin' AND disabled_at IS NULL AND id <> $1")
        .bind(id.0)
        .fetch_one(conn)
        .await?)
}

impl Store {
    pub async fn add_person(&self, name: &str, role: Role, password_hash: &str, at: At) -> Result<Person, Error> {
        let (name, hash) = (name.to_owned(), password_hash.to_owned());
        self.write(move |conn| Box::pin(async move { add_person_in(conn, &name, role, &hash, at).await })).await
    }

    /// The person and the password's hash.
    pub async fn person_by_name(&self, name: &str) -> Result<Option<(TeamMember, String)>, Error> {
        let row: Option<(i64, String)> = sqlx::query_as("SELECT id, password_hash FROM persons WHERE name = $1")
            .bind(name)
            .fetch_optional(self.readers())
            .await?;
        match row {
            None => Ok(None),
            Some((id, hash)) => Ok(Some((self.member(PersonId(id)).await?, hash))),
        }
    }

    pub async fn member(&self, id: PersonId) -> Result<TeamMember, Error> {
        self.read(|conn| Box::pin(member_in(conn, id))).await
    }

    pub async fn count_people(&self) -> Result<i64, Error> {
        Ok(sqlx::query_scalar("SELECT count(*) FROM persons").fetch_one(self.readers()).await?)
    }

    /// By name.
    pub async fn members(&self) -> Result<Vec<TeamMember>, Error> {
        let rows: Vec<MemberRow> = sqlx::query_as(
            "SELECT id, name, role, scope, created, disabled_at, last_seen FROM people ORDER BY name COLLATE NOCASE",
        )
        .fetch_all(self.readers())
        .await?;
        rows.into_iter().map(member).collect()
    }
}
