//! Node IDs, when somebody asks for them: by SSH, by the pages, or pasted.

use super::{
    Nodes, ssh,
    target::{IN_FLIGHT, Target, profile, site},
};
use crate::{Failure, Topic, WriteCx, refusal::Refusal};
use futures::StreamExt;
use model::{
    ClusterId,
    node::{Door, Hindrance, IdFact, NodeFacts, Source, computed_id, same_id},
    record::{Entry, Outcome, RecordKind},
};
use std::net::Ipv4Addr;
use xms::{Error, cli::answers};

/// Characters of a pasted text that are looked at: many times the answer of the largest cluster.
const LONGEST: usize = 20_000;

impl Nodes {
    /// Asks the nodes, or says at once what is missing: without an account or a key that somebody accepted, no menu
    /// program is asked.
    pub async fn ask_ids(&self, cx: &WriteCx, id: ClusterId) -> Result<(), Failure> {
        let view = self.show(cx, id).await?;
        let missing = view.hindrances();
        let nobody = view.nodes.len();
        let hopeless = missing.iter().any(|why| match why {
            Hindrance::NoAccount | Hindrance::AccountRefused => true,
            Hindrance::Keys(nodes) => nodes.len() == nobody,
        });
        if hopeless {
            return Err(Refusal::NotAsked(missing).into());
        }
        self.read_ids(cx, id).await
    }

    /// Asks all nodes of the set-up, four at a time. What each said, or why it did not, is kept with the node.
    pub async fn read_ids(&self, cx: &WriteCx, id: ClusterId) -> Result<(), Failure> {
        self.ground.cluster_in_scope(cx, id).await?;
        self.ground.not_stopping()?;
        let site = site(&self.ground, id).await?.askable()?;
        if site.targets.is_empty() {
            return Err(Refusal::NoNodes.into());
        }
        let title = site.cluster.title;
        let mut begun =
            cx.entry(self.ground.now(), RecordKind::NodeIdsBegun, format!("The node IDs of {title} are read."));
        begun.cluster = Some(id);
        let not_done = format!("The node IDs of {title} were not read.");
        let (targets, nodes) = (site.targets, self.clone());
        self.ground
            .long_act(begun, RecordKind::NodeIdsEnded, not_done, async move |act| {
                let (count, look_number) = (targets.len(), nodes.ground.store.begin_look());
                let looks: Vec<_> = targets.into_iter().map(|target| nodes.clone().look_for_id(target)).collect();
                let read: Vec<NodeFacts> = futures::stream::iter(looks).buffered(IN_FLIGHT).collect().await;
                let reported = read.iter().filter(|facts| facts.reported_id().is_some()).count();
                let told: Vec<_> = read
                    .iter()
                    .map(|facts| {
                        let trouble = facts.trouble(Door::Ssh).map(|(_, sentence)| sentence);
                        serde_json::json!({ "address": facts.address, "ids": facts.ids, "ssh": trouble })
                    })
                    .collect();
                nodes.keep_facts(id, look_number, read).await;
                let outcome = if reported == count { Outcome::Succeeded } else { Outcome::Failed };
                let summary = format!("{reported} of {count} nodes of {title} told their node ID.");
                let ended = Entry { detail: told.into(), ..act.ended(nodes.ground.now(), outcome, summary) };
                nodes.ground.store.append(&ended).await?;
                nodes.ground.bus.tell(Topic::Nodes(id));
                Ok(())
            })
            .await
    }

    async fn look_for_id(self, mut target: Target) -> NodeFacts {
        let mut facts = NodeFacts::new(target.address);
        self.doors.look_ssh(&mut target, &mut facts).await;
        self.doors.look_page(&target, &mut facts).await;
        facts
    }

    /// Reads what Show Cluster Status printed on one node; without `address`, on the node whose address gives the ID.
    pub async fn paste_status(
        &self,
        cx: &WriteCx,
        id: ClusterId,
        address: Option<Ipv4Addr>,
        text: &str,
    ) -> Result<(), Failure> {
        self.ground.cluster_in_scope(cx, id).await?;
        let site = site(&self.ground, id).await?;
        let text: String = text.chars().take(LONGEST).collect();
        let at = self.ground.now();
        let mut facts = read_pasted(&text, at)?;
        let address = match address {
            Some(address) => site.target(address)?.address,
            None => fitting(&facts, &site.targets)?,
        };
        facts.address = address;
        let told = facts.reported_id().map(|fact| fact.id.clone());
        let mut pasted = cx.entry(
            at,
            RecordKind::NodeStatusPasted,
            match &told {
                Some(id) => format!("The cluster status of {address} was pasted: node ID {id}."),
                None => format!("The cluster status of {address} was pasted."),
            },
        );
        pasted.cluster = Some(id);
        pasted.detail = serde_json::json!({ "address": address, "node_id": told, "members": facts.members });
        self.ground.store.append(&pasted).await?;
        self.keep_facts(id, self.ground.store.begin_look(), vec![facts]).await;
        self.ground.bus.tell(Topic::Nodes(id));
        Ok(())
    }
}

/// Of no node yet.
fn read_pasted(text: &str, at: model::At) -> Result<NodeFacts, Failure> {
    let mut facts = NodeFacts { ids: Vec::new(), ..NodeFacts::new(Ipv4Addr::UNSPECIFIED) };
    if text.trim().is_empty() {
        return Err(Failure::field(
            "text",
            "Paste what the node prints: in its menu choose Clustering, then Show Cluster Status.",
        ));
    }
    match answers::cluster_status(text, &profile()?.cli) {
        Ok(status) => ssh::note(&mut facts, &status, Source::Pasted, at),
        // Not the menu's answer, but perhaps the number alone.
        Err(problem) => {
            let id = xms::node_id::paste(text).map_err(|error| {
                let sentence = match error {
                    xms::node_id::NodeIdError::NoNumber => {
                        Error::Cli { address: "the pasted text".into(), problem }.sentence()
                    }
                    other => other.to_string(),
                };
                Failure::field("text", sentence)
            })?;
            let id = id.as_str().to_owned();
            facts.ids.push(IdFact { source: Source::Pasted, id, at: Some(at), doubt: None });
        }
    }
    Ok(facts)
}

fn fitting(facts: &NodeFacts, targets: &[Target]) -> Result<Ipv4Addr, Failure> {
    let Some(told) = facts.reported_id() else {
        return Err(Failure::field("address", "The text does not hold a node ID. Say on which node it was printed."));
    };
    let fits = |target: &&Target| same_id(&computed_id(target.address).id, &told.id);
    targets.iter().find(fits).map(|target| target.address).ok_or_else(|| {
        let sentence = format!(
            "The node ID {} is not the one that any of these nodes' addresses gives. Say on which node it was printed.",
            told.id
        );
        Failure::field("address", sentence)
    })
}
