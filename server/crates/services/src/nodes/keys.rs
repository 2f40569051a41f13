//! Keys: fetched without an account, accepted by a person, and a reason to stop when another one is shown.

use super::{LIMITS, Target, digits};
use crate::{Failure, Services, Topic, WriteCx, cx::entry};
use model::{
    At, ClusterId,
    node::{Keys, NodeKeys, Offered},
    record::{Actor, Entry, Outcome, RecordKind},
};
use std::net::Ipv4Addr;
use store::{
    node_keys::{node_keys_in, put_node_keys_in},
    records,
};
use xms::{Port, Trust, probes};

impl Services {
    /// Reads certificate and host key; no password is sent. They are kept as offered, until somebody accepts them.
    pub async fn fetch_node_keys(&self, cx: &WriteCx, id: ClusterId, address: Ipv4Addr) -> Result<(), Failure> {
        self.cluster(cx, id).await?;
        self.not_stopping()?;
        let site = self.site(id).await?;
        let target = site.target(address)?;
        let mut begun = cx.entry(self.now(), RecordKind::NodeKeysBegun, format!("The keys of {address} are fetched."));
        begun.cluster = Some(id);
        let act = self.store.append(&begun).await?.act;
        let offered = self.offered(target).await;
        let shown = !offered.keys.is_empty();
        let problem = offered.problems.join(" ");
        let (outcome, summary) = if shown {
            (Outcome::Succeeded, format!("{address} showed its keys."))
        } else {
            (Outcome::Failed, format!("{address} showed no key. {problem}"))
        };
        let ended = Entry {
            act: Some(act),
            cluster: Some(id),
            outcome: Some(outcome),
            detail: serde_json::json!({ "address": address, "offered": offered }),
            ..cx.entry(self.now(), RecordKind::NodeKeysEnded, summary)
        };
        self.store
            .write(move |conn| {
                Box::pin(async move {
                    if shown {
                        let keys = NodeKeys { offered: Some(offered), ..node_keys_in(conn, id, address).await? };
                        put_node_keys_in(conn, id, address, &keys).await?;
                    }
                    records::append_in(conn, &ended).await
                })
            })
            .await?;
        if !shown {
            return Err(Failure::Refused(problem));
        }
        if let Some(offered) = self.store.node_keys(id).await?.remove(&address).and_then(|keys| keys.offered) {
            self.learn_keys(target, &offered.keys, offered.at).await;
        }
        self.bus.tell(Topic::Nodes(id));
        Ok(())
    }

    /// Pins exactly what was shown: when other keys were fetched meanwhile, nothing is accepted.
    pub async fn accept_node_keys(
        &self,
        cx: &WriteCx,
        id: ClusterId,
        address: Ipv4Addr,
        tls: Option<&str>,
        ssh: Option<&str>,
    ) -> Result<(), Failure> {
        self.cluster(cx, id).await?;
        self.site(id).await?.target(address)?;
        let shown = Keys { tls: tls.map(str::to_owned), ssh: ssh.map(str::to_owned) };
        let (at, person) = (self.now(), cx.person().clone());
        let mut accepted = cx.entry(at, RecordKind::NodeKeysAccepted, format!("The keys of {address} were accepted."));
        accepted.cluster = Some(id);
        let accepted_or_not = self
            .store
            .write(move |conn| {
                Box::pin(async move {
                    let before = node_keys_in(conn, id, address).await?;
                    let keys = match before.accept(&shown, Some(person.id), &person.name, at) {
                        Ok(keys) => keys,
                        Err(sentence) => return Ok(Err(sentence)),
                    };
                    put_node_keys_in(conn, id, address, &keys).await?;
                    accepted.detail = serde_json::json!({
                        "address": address,
                        "before": before.accepted.map(|accepted| accepted.keys),
                        "after": keys.accepted.map(|accepted| accepted.keys),
                    });
                    records::append_in(conn, &accepted).await?;
                    Ok(Ok(()))
                })
            })
            .await?;
        self.bus.tell(Topic::Nodes(id));
        accepted_or_not.map_err(Failure::Refused)
    }

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
        let noted = self.store.write(move |conn| {
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
                self.bus.tell(Topic::Nodes(id));
                changed
            }
            Err(error) => {
                tracing::error!(node = %address, "The changed key could not be noted: {}", error.sentence());
                true
            }
        }
    }

    async fn offered(&self, target: &Target) -> Offered {
        let node = target.node(Trust::SystemRoots);
        let (leaf, host_key) =
            tokio::join!(probes::leaf(&node, Port::Management, LIMITS), xms::ssh::host_key(&node, LIMITS));
        let mut offered = Offered { at: self.now(), keys: Keys::default(), subject: None, problems: Vec::new() };
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
