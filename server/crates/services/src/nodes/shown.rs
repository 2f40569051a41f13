//! The keys that a node shows, compared with those that somebody accepted.

use super::{
    doors::Doors,
    target::{LIMITS, Target, digits},
};
use crate::{Topic, cx::entry};
use model::{
    At,
    node::{Keys, Offered},
    record::{Actor, RecordKind},
};
use store::{
    node_keys::{node_keys_in, put_node_keys_in},
    records,
};
use xms::{Port, Trust, probes};

impl Doors {
    /// Compares with what was accepted. True: it is another key, and from now on nobody logs in to the node.
    pub(super) async fn learn_keys(&self, target: &Target, seen: &Keys, at: At) -> bool {
        if target.keys.changed_by(seen, at).is_none() {
            return false;
        }
        let (id, address, seen) = (target.cluster, target.address, seen.clone());
        let mut record = entry(
            Actor::gatehouse(),
            at,
            RecordKind::NodeKeyChanged,
            format!("{address} shows another key than was accepted. Nobody logs in to it until somebody accepts it."),
        );
        record.cluster = Some(id);
        let noted = self.ground.store.write(move |conn| {
            Box::pin(async move {
                // Somebody may have accepted it a moment ago.
                let before = node_keys_in(conn, id, address).await?;
                let Some(keys) = before.changed_by(&seen, at) else { return Ok(before.changed.is_some()) };
                put_node_keys_in(conn, id, address, &keys).await?;
                record.detail = serde_json::json!({
                    "address": address,
                    "accepted": before.accepted.map(|accepted| accepted.keys),
                    "shown": keys.changed.map(|changed| changed.keys),
                });
                records::append_in(conn, &record).await?;
                Ok(true)
            })
        });
        match noted.await {
            Ok(changed) => {
                self.ground.bus.tell(Topic::Nodes(id));
                changed
            }
            Err(error) => {
                tracing::error!(node = %address, "The changed key could not be noted: {}", error.sentence());
                true
            }
        }
    }

    /// What it shows to anybody; no password is sent.
    pub(super) async fn offered(&self, target: &Target) -> Offered {
        let node = target.node(Trust::SystemRoots);
        let (leaf, host_key) =
            tokio::join!(probes::leaf(&node, Port::Management, LIMITS), xms::ssh::host_key(&node, LIMITS));
        let mut offered = Offered { at: self.ground.now(), keys: Keys::default(), subject: None, problems: Vec::new() };
        match leaf {
            Ok(leaf) => {
                offered.keys.tls = Some(digits(leaf.fingerprint));
                offered.subject = leaf.subject();
            }
            Err(error) => offered.problems.push(error.sentence()),
        }
        match host_key {
            Ok(key) => offered.keys.ssh = Some(key.to_string()),
            Err(error) => offered.problems.push(error.sentence()),
        }
        offered
    }
}
