//! What was read last of each node, in `observed.db`.

use crate::{Error, Store, column};
use model::{
    At, ClusterId, Reckoning,
    clock::from_millis,
    node::{Door, NodeFacts},
};
use std::{collections::BTreeMap, net::Ipv4Addr};

impl Store {
    /// Adds what was just read to what is known; of each part what was read last stays.
    pub async fn absorb_node_facts(
        &self,
        cluster: ClusterId,
        look: i64,
        reckoning: Reckoning,
        interval: u32,
        read: Vec<NodeFacts>,
    ) -> Result<(), Error> {
        let store = self.clone();
        self.observed
            .writer
            .write(move |conn| {
                Box::pin(async move {
                    for new in read {
                        let address = new.address;
                        let known: Option<(String, i64, i64)> = sqlx::query_as(
                            "SELECT facts, look, ahead FROM node_facts WHERE cluster = $1 AND address = $2",
                        )
                        .bind(cluster.0)
                        .bind(address.to_string())
                        .fetch_optional(&mut *conn)
                        .await?;
                        let known = known.and_then(|row| store.told(row, reckoning, interval));
                        let mut facts: NodeFacts = known.unwrap_or_else(|| NodeFacts::new(address));
                        facts.absorb(new);
                        sqlx::query(
                            "INSERT INTO node_facts (cluster, address, facts, look, ahead) VALUES ($1, $2, $3, $4, $5)
                             ON CONFLICT (cluster, address) DO UPDATE
                             SET facts = excluded.facts, look = max(look, excluded.look), ahead = excluded.ahead",
                        )
                        .bind(cluster.0)
                        .bind(address.to_string())
                        .bind(column::json(&facts)?)
                        .bind(look)
                        .bind(reckoning.ahead_ms)
                        .execute(&mut *conn)
                        .await?;
                    }
                    Ok(())
                })
            })
            .await
    }

    /// Times are by the clock as it is now; `interval` is that of the looks. What an earlier run of the program heard is
    /// called older than fresh, for only a clock that may have been set says how old it is.
    pub async fn node_facts(
        &self,
        cluster: ClusterId,
        reckoning: Reckoning,
        interval: u32,
    ) -> Result<BTreeMap<Ipv4Addr, NodeFacts>, Error> {
        let rows = sqlx::query_as("SELECT facts, look, ahead FROM node_facts WHERE cluster = $1")
            .bind(cluster.0)
            .fetch_all(&self.observed.readers)
            .await;
        let rows: Vec<(String, i64, i64)> = match rows.map_err(Error::from) {
            Err(error @ Error::Corrupt { .. }) => {
                tracing::error!(cluster.id = cluster.0, "What the nodes said cannot be read: {}", error.sentence());
                Vec::new()
            }
            rows => rows?,
        };
        let facts = rows.into_iter().filter_map(|row| self.told(row, reckoning, interval));
        Ok(facts.map(|facts| (facts.address, facts)).collect())
    }

    /// Nothing where an older program wrote what this one cannot read: it is read anew.
    fn told(&self, (text, look, ahead): (String, i64, i64), reckoning: Reckoning, interval: u32) -> Option<NodeFacts> {
        let mut facts = match serde_json::from_str::<NodeFacts>(&text) {
            Ok(facts) => facts,
            Err(error) => {
                tracing::warn!(%error, "What a node said cannot be read and counts as never heard");
                return None;
            }
        };
        if self.is_before_start(look) {
            facts.retime(|door, at| at.min(no_more_fresh(door, reckoning.now, interval)));
        } else {
            facts.retime(|_, at| reckoning.retime(at, ahead));
        }
        Some(facts)
    }
}

/// The latest time that is not fresh any more at `now`.
fn no_more_fresh(door: Door, now: At, interval: u32) -> At {
    let seconds = 2 * i64::from(interval.max(1)) * i64::from(door.every()) + 1;
    from_millis(now.as_millisecond().saturating_sub(seconds * 1000))
}
