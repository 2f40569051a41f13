//! The people of the team.

use crate::{Conn, Error, Store, column};
use model::{
    At, PersonId,
    person::{Person, Role},
};

type Row = (i64, String, String);

pub(crate) fn person((id, name, role): Row) -> Result<Person, Error> {
    Ok(Person { id: PersonId(id), name, role: column::from_code(&role, "a person's role")? })
}

/// `Taken { what: "name" }` where somebody is called so already, in any case of letters.
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
    Ok(Person { id: PersonId(id), name: name.to_owned(), role })
}

impl Store {
    pub async fn add_person(&self, name: &str, role: Role, password_hash: &str, at: At) -> Result<Person, Error> {
        let (name, hash) = (name.to_owned(), password_hash.to_owned());
        self.write(move |conn| Box::pin(async move { add_person_in(conn, &name, role, &hash, at).await })).await
    }

    /// The person and the password's hash.
    pub async fn person_by_name(&self, name: &str) -> Result<Option<(Person, String)>, Error> {
        let row: Option<(i64, String, String, String)> =
            sqlx::query_as("SELECT id, name, role, password_hash FROM persons WHERE name = $1")
                .bind(name)
                .fetch_optional(self.readers())
                .await?;
        row.map(|(id, name, role, hash)| Ok((person((id, name, role))?, hash))).transpose()
    }

    pub async fn person(&self, id: PersonId) -> Result<Person, Error> {
        let row = sqlx::query_as("SELECT id, name, role FROM persons WHERE id = $1")
            .bind(id.0)
            .fetch_one(self.readers())
            .await?;
        person(row)
    }

    pub async fn count_people(&self) -> Result<i64, Error> {
        Ok(sqlx::query_scalar("SELECT count(*) FROM persons").fetch_one(self.readers()).await?)
    }

    /// By name.
    pub async fn people(&self) -> Result<Vec<Person>, Error> {
        let rows: Vec<Row> =
            sqlx::query_as("SELECT id, name, role FROM persons ORDER BY name").fetch_all(self.readers()).await?;
        rows.into_iter().map(person).collect()
    }
}
