//! The console's file as it lies on disk, behind its back.

use crate::support::World;
use sqlx::{AssertSqlSafe, ConnectOptions, Connection, SqliteConnection, sqlite::SqliteConnectOptions};
use std::time::Duration;

impl World {
    async fn database(&self) -> SqliteConnection {
        let file = SqliteConnectOptions::new().filename(self.data().join("gatehouse.db"));
        file.busy_timeout(Duration::from_secs(20)).connect().await.unwrap()
    }

    /// Puts into the database what this program would not write.
    pub async fn plant(&self, sql: impl Into<String>) {
        let mut conn = self.database().await;
        sqlx::query(AssertSqlSafe(sql.into())).execute(&mut conn).await.unwrap();
        conn.close().await.unwrap();
    }

    /// Rows of a table, as they lie on disk.
    pub async fn rows(&self, of: &str) -> i64 {
        let mut conn = self.database().await;
        let count = sqlx::query_scalar(AssertSqlSafe(format!("SELECT count(*) FROM {of}"))).fetch_one(&mut conn).await;
        conn.close().await.unwrap();
        count.unwrap()
    }
}
