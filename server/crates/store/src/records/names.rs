//! Who occurs in the log: from name to name along an index, as many steps as there are names and not records.

use super::{conditions::beside_clusters, filter::LogScope};
use crate::{Conn, Error, column};
use sqlx::{QueryBuilder, Sqlite};

pub(super) async fn names(conn: &mut Conn, sight: &LogScope) -> Result<Vec<String>, Error> {
    let LogScope::Only { clusters, .. } = sight else {
        return Ok(sqlx::query_scalar(
            "WITH RECURSIVE names (name) AS (
                 SELECT min(person_name) FROM records
                 UNION ALL
                 SELECT (SELECT min(person_name) FROM records WHERE person_name > name)
                 FROM names WHERE name IS NOT NULL)
             SELECT name FROM names WHERE name IS NOT NULL",
        )
        .fetch_all(conn)
        .await?);
    };
    let mut query = QueryBuilder::<Sqlite>::new(
        "WITH RECURSIVE names (place, name) AS (
             SELECT value, (SELECT min(person_name) FROM records INDEXED BY records_cluster_names WHERE cluster = value)
             FROM json_each(",
    );
    query.push_bind(column::json(clusters)?).push(
        ")
             UNION ALL
             SELECT place, (SELECT min(person_name) FROM records INDEXED BY records_cluster_names
                            WHERE cluster = place AND person_name > name)
             FROM names WHERE name IS NOT NULL)
         SELECT name COLLATE NOCASE AS name FROM names WHERE name IS NOT NULL",
    );
    for way in beside_clusters(sight)? {
        query.push(" UNION SELECT person_name FROM records INDEXED BY ").push(way.index).push(" WHERE ");
        way.test.push(&mut query);
    }
    query.push(" ORDER BY name");
    Ok(query.build_query_scalar().fetch_all(conn).await?)
}
