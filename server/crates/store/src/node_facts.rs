//! What was read last of each node, in `observed.db`.

use crate::{Error, Store, column};
use model::{ClusterId, node::NodeFacts};
use std::{collections::BTreeMap, net::Ipv4Addr};

impl Store {
    /// Adds what was just read to what is known; of each part the newer reading stays.
    pub async fn absorb_node_facts(&self, cluster: ClusterId, read: Vec<NodeFacts>) -> Result<(), Error> {
        self.observed
            .writer
            .write(move |conn| {
                Box::pin(async move {
                    for new in read {
                        let address = new.address;
                        let known: Option<String> =
                            sqlx::query_scalar("SELECT facts FROM node_facts WHERE cluster = $1 AND address = $2")
                                .bind(cluster.0)
                                .bind(address.to_string())
                                .fetch_optional(&mut *conn)
                                .await?;
                        // What an older program wrote and this one cannot read is not worth an error: it is read anew.
                        let known = known.and_then(|text| serde_json::from_str(&text).ok());
                        let mut facts: NodeFacts = known.unwrap_or_else(|| NodeFacts::new(address));
                        facts.absorb(new);
                        sqlx::query(
                            "INSERT INTO node_facts (cluster, address, facts) VALUES ($1, $2, $3)
                             ON CONFLICT (cluster, address) DO UPDATE SET facts = excluded.facts",
                        )
                        .bind(cluster.0)
                        .bind(address.to_string())
                        .bind(column::json(&facts)?)
                        .execute(&mut *conn)
                        .await?;
                    }
                    Ok(())
                })
            })
            .await
    }

    pub async fn node_facts(&self, cluster: ClusterId) -> Result<BTreeMap<Ipv4Addr, NodeFacts>, Error> {
        let rows: Vec<String> = sqlx::query_scalar("SELECT facts FROM node_facts WHERE cluster = $1")
            .bind(cluster.0)
            .fetch_all(&self.observed.readers)
            .await?;
        let facts = rows.iter().filter_map(|text| serde_json::from_str::<NodeFacts>(text).ok());
        Ok(facts.map(|facts| (facts.address, facts)).collect())
    }
}
