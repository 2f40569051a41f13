//! Keys: fetched without an account, accepted by a person, and a reason to stop when another one is shown.

use super::{
    Nodes,
    target::{IN_FLIGHT, Target, site},
};
use crate::{Failure, Topic, WriteCx, long_act::LongAct, refusal::Refusal};
use futures::StreamExt;
use model::{
    At, ClusterId,
    node::{Keys, NodeKeys, survey},
    record::{Entry, Outcome, RecordKind},
};
use std::net::Ipv4Addr;
use store::{
    node_keys::{node_keys_in, put_node_keys_in},
    records,
};

impl Nodes {
    /// Reads certificate and host key; no password is sent. They are kept as offered, until somebody accepts them.
    pub async fn fetch_keys(&self, cx: &WriteCx, id: ClusterId, address: Ipv4Addr) -> Result<(), Failure> {
        self.ground.cluster_in_scope(cx, id).await?;
        self.ground.not_stopping()?;
        let site = site(&self.ground, id).await?.askable()?;
        let target = site.target(address)?;
        let mut begun =
            cx.entry(self.ground.now(), RecordKind::NodeKeysBegun, format!("The keys of {address} are fetched."));
        begun.cluster = Some(id);
        let not_done = format!("The keys of {address} were not fetched.");
        let (target, nodes) = (target.clone(), self.clone());
        let problem = self
            .ground
            .long_act(begun, RecordKind::NodeKeysEnded, not_done, async move |act| {
                nodes.keep_offered(id, &target, &act).await
            })
            .await?;
        match problem {
            None => Ok(()),
            Some(problem) => Err(Refusal::NodesNotRead(problem).into()),
        }
    }

    /// What a node shows is kept, with the record of the end; `Some`: it showed nothing, and why.
    async fn keep_offered(&self, id: ClusterId, target: &Target, act: &LongAct) -> Result<Option<String>, Failure> {
        let (address, offered) = (target.address, self.doors.offered(target).await);
        let shown = !offered.keys.is_empty();
        let problem = offered.problems.join(" ");
        let (outcome, summary) = if shown {
            (Outcome::Succeeded, format!("{address} showed its keys."))
        } else {
            (Outcome::Failed, format!("{address} showed no key. {problem}"))
        };
        let detail = serde_json::json!({ "address": address, "offered": offered });
        let ended = Entry { detail, ..act.ended(self.ground.now(), outcome, summary) };
        let (keys, at) = (offered.keys.clone(), offered.at);
        self.ground
            .store
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
            return Ok(Some(problem));
        }
        self.doors.learn_keys(target, &keys, at).await;
        self.ground.bus.tell(Topic::Nodes(id));
        Ok(None)
    }

    /// Fetches the keys of all nodes whose keys nobody accepted, or which show others now; of all where there are none
    /// such. What was shown is kept even where some showed nothing, whose reasons are the failure.
    pub async fn fetch_all_keys(&self, cx: &WriteCx, id: ClusterId) -> Result<(), Failure> {
        self.ground.cluster_in_scope(cx, id).await?;
        let targets = site(&self.ground, id).await?.askable()?.targets;
        if targets.is_empty() {
            return Err(Refusal::NoNodes.into());
        }
        let open = |target: &&Target| target.keys.usable().is_none();
        let mut nodes: Vec<Ipv4Addr> = targets.iter().filter(open).map(|target| target.address).collect();
        if nodes.is_empty() {
            nodes = targets.iter().map(|target| target.address).collect();
        }
        let fetch = |address: Ipv4Addr| {
            let (nodes, cx) = (self.clone(), cx.clone());
            async move { nodes.fetch_keys(&cx, id, address).await }
        };
        let results: Vec<Result<(), Failure>> =
            futures::stream::iter(nodes).map(fetch).buffered(IN_FLIGHT).collect().await;
        let mut problems = Vec::new();
        for result in results {
            match result {
                Ok(()) => {}
                Err(Failure::Refused(refusal)) => problems.push(refusal.sentence()),
                Err(other) => return Err(other),
            }
        }
        if problems.is_empty() { Ok(()) } else { Err(Refusal::NodesNotRead(problems.join(" ")).into()) }
    }

    /// Accepts in one act what several nodes showed; each node has its record. Nothing is accepted when one of them is not
    /// as it was seen, or does not belong with the others.
    pub async fn accept_keys_together(
        &self,
        cx: &WriteCx,
        id: ClusterId,
        seen: Vec<(Ipv4Addr, Keys)>,
    ) -> Result<(), Failure> {
        self.ground.cluster_in_scope(cx, id).await?;
        let site = site(&self.ground, id).await?;
        for (address, _) in &seen {
            site.target(*address)?;
        }
        let together = survey(site.targets.iter().map(|target| (target.address, &target.keys)), &site.cluster.fqdn);
        if seen.is_empty() || seen.iter().any(|one| !together.together.contains(one)) {
            return Err(Refusal::OtherKeys.into());
        }
        let at = self.ground.now();
        let entries: Vec<(Ipv4Addr, Keys, Entry)> =
            seen.into_iter().map(|(address, keys)| (address, keys, accepting(cx, id, address, at))).collect();
        let person = cx.person().clone();
        let outcome = self
            .ground
            .store
            .write(move |conn| {
                Box::pin(async move {
                    // All or none: judged before the first is written.
                    let mut accepted = Vec::new();
                    for (address, shown, entry) in entries {
                        let before = node_keys_in(conn, id, address).await?;
                        match before.accept(&shown, Some(person.id), &person.name, at) {
                            Ok(after) => accepted.push((address, before, after, entry)),
                            Err(sentence) => return Ok(Err(sentence)),
                        }
                    }
                    let mut act = None;
                    for (address, before, after, entry) in accepted {
                        put_node_keys_in(conn, id, address, &after).await?;
                        let entry = Entry { act, detail: accepted_detail(address, &before, &after), ..entry };
                        act = Some(records::append_in(conn, &entry).await?.act);
                    }
                    Ok(Ok(()))
                })
            })
            .await?;
        self.ground.bus.tell(Topic::Nodes(id));
        outcome.map_err(|sentence| Refusal::NotAccepted(sentence).into())
    }

    /// Pins exactly what was shown: when other keys were fetched meanwhile, nothing is accepted.
    pub async fn accept_keys(
        &self,
        cx: &WriteCx,
        id: ClusterId,
        address: Ipv4Addr,
        tls: Option<&str>,
        ssh: Option<&str>,
    ) -> Result<(), Failure> {
        self.ground.cluster_in_scope(cx, id).await?;
        site(&self.ground, id).await?.target(address)?;
        let shown = Keys { tls: tls.map(str::to_owned), ssh: ssh.map(str::to_owned) };
        let (at, person) = (self.ground.now(), cx.person().clone());
        let mut accepted = accepting(cx, id, address, at);
        let accepted_or_not = self
            .ground
            .store
            .write(move |conn| {
                Box::pin(async move {
                    let before = node_keys_in(conn, id, address).await?;
                    let keys = match before.accept(&shown, Some(person.id), &person.name, at) {
                        Ok(keys) => keys,
                        Err(sentence) => return Ok(Err(sentence)),
                    };
                    put_node_keys_in(conn, id, address, &keys).await?;
                    accepted.detail = accepted_detail(address, &before, &keys);
                    records::append_in(conn, &accepted).await?;
                    Ok(Ok(()))
                })
            })
            .await?;
        self.ground.bus.tell(Topic::Nodes(id));
        accepted_or_not.map_err(|sentence| Refusal::NotAccepted(sentence).into())
    }
}

fn accepting(cx: &WriteCx, id: ClusterId, address: Ipv4Addr, at: At) -> Entry {
    let summary = format!("The keys of {address} were accepted.");
    Entry { cluster: Some(id), ..cx.entry(at, RecordKind::NodeKeysAccepted, summary) }
}

fn accepted_detail(address: Ipv4Addr, before: &NodeKeys, after: &NodeKeys) -> serde_json::Value {
    let keys = |keys: &NodeKeys| keys.accepted.clone().map(|accepted| accepted.keys);
    serde_json::json!({ "address": address, "before": keys(before), "after": keys(after) })
}
