//! Small things with one value, such as the installation's id.

use crate::{Conn, Error, Store};

pub async fn set_setting_in(conn: &mut Conn, key: &str, value: &str) -> Result<(), Error> {
    sqlx::query(
        "INSERT INTO settings (key, value) VALUES ($1, $2) ON CONFLICT (key) DO UPDATE SET value = excluded.value",
    )
    .bind(key)
    .bind(value)
    .execute(conn)
    .await?;
    Ok(())
}

impl Store {
    pub async fn setting(&self, key: &str) -> Result<Option<String>, Error> {
        Ok(sqlx::query_scalar("SELECT value FROM settings WHERE key = $1")
            .bind(key)
            .fetch_optional(self.readers())
            .await?)
    }

    pub async fn set_setting(&self, key: &str, value: &str) -> Result<(), Error> {
        let (key, value) = (key.to_owned(), value.to_owned());
        self.write(move |conn| Box::pin(async move { set_setting_in(conn, &key, &value).await })).await
    }
}
