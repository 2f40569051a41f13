//! Keys of nodes: offered, accepted, changed.

use crate::{Conn, Error, Store, column};
use model::{ClusterId, node::NodeKeys};
use std::{collections::BTreeMap, net::Ipv4Addr};

/// As they are now, for whoever changes them in the same write.
pub async fn node_keys_in(conn: &mut Conn, cluster: ClusterId, address: Ipv4Addr) -> Result<NodeKeys, Error> {
    let text: Option<String> = sqlx::query_scalar("SELECT keys FROM node_keys WHERE cluster = $1 AND address = $2")
        .bind(cluster.0)
        .bind(address.to_string())
        .fetch_optional(conn)
        .await?;
    text.map_or(Ok(NodeKeys::default()), |text| column::parse(&text, &format!("the keys of {address}")))
}

pub async fn put_node_keys_in(
    conn: &mut Conn,
    cluster: ClusterId,
    address: Ipv4Addr,
    keys: &NodeKeys,
) -> Result<(), Error> {
    sqlx::query(
        "INSERT INTO node_keys (cluster, address, keys) VALUES ($1, $2, $3)
         ON CONFLICT (cluster, address) DO UPDATE SET keys = excluded.keys",
    )
    .bind(cluster.0)
    .bind(address.to_string())
    .bind(column::json(keys)?)
    .execute(conn)
    .await?;
    Ok(())
}

impl Store {
    /// All nodes of the cluster whose keys were ever fetched.
    pub async fn node_keys(&self, cluster: ClusterId) -> Result<BTreeMap<Ipv4Addr, NodeKeys>, Error> {
        let rows: Vec<(String, String)> = sqlx::query_as("SELECT address, keys FROM node_keys WHERE cluster = $1")
            .bind(cluster.0)
            .fetch_all(self.readers())
            .await?;
        rows.into_iter()
            .map(|(address, keys)| {
                let what = format!("the keys of {address}");
                let address = address.parse().map_err(|error| Error::corrupt(format!("{what} ({error})")))?;
                Ok((address, column::parse(&keys, &what)?))
            })
            .collect()
    }
}
