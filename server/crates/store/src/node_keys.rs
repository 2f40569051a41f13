//! Keys of nodes: offered, accepted, changed.

use crate::{Conn, Error, Store, column};
use model::{
    At, ClusterId,
    node::{Keys, NodeKeys, Offered},
};
use std::{
    collections::{BTreeMap, HashMap},
    net::Ipv4Addr,
};

/// As they are now, for whoever changes them in the same write.
pub async fn node_keys_in(conn: &mut Conn, cluster: ClusterId, address: Ipv4Addr) -> Result<NodeKeys, Error> {
    let text: Option<String> = sqlx::query_scalar("SELECT keys FROM node_keys WHERE cluster = $1 AND address = $2")
        .bind(cluster.0)
        .bind(address.to_string())
        .fetch_optional(conn)
        .await?;
    Ok(text.map(|text| keys(&text, &address.to_string())).unwrap_or_default())
}

/// Keys that cannot be read were accepted by nobody: no password goes to the node until somebody compares them again. That
/// is said where the page tells why a key is missing.
fn keys(text: &str, address: &str) -> NodeKeys {
    column::parse(text, &format!("what was kept of the keys of {address}")).unwrap_or_else(|error| {
        let sentence = format!("{} Fetch the keys again, and accept them anew.", error.sentence());
        tracing::error!("{sentence}");
        let offered = Offered { at: At::default(), keys: Keys::default(), subject: None, problems: vec![sentence] };
        NodeKeys { offered: Some(offered), ..NodeKeys::default() }
    })
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
        // What is no address belongs to no node that anybody can ask for.
        let node = |(address, text): (String, String)| Some((address.parse().ok()?, keys(&text, &address)));
        Ok(rows.into_iter().filter_map(node).collect())
    }

    /// The same of all clusters: one question, however many.
    pub async fn node_keys_of_all(&self) -> Result<HashMap<ClusterId, BTreeMap<Ipv4Addr, NodeKeys>>, Error> {
        let rows: Vec<(i64, String, String)> =
            sqlx::query_as("SELECT cluster, address, keys FROM node_keys").fetch_all(self.readers()).await?;
        let mut all: HashMap<ClusterId, BTreeMap<Ipv4Addr, NodeKeys>> = HashMap::new();
        for (cluster, address, text) in rows {
            if let Ok(node) = address.parse() {
                all.entry(ClusterId(cluster)).or_default().insert(node, keys(&text, &address));
            }
        }
        Ok(all)
    }
}
