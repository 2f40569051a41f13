//! What a node's menu program says over SSH: its own number, and the cluster as it sees it.

use super::{
    doors::Doors,
    target::{LIMITS, Target, profile},
    trouble::{ours, trouble},
};
use model::node::{Account, Door, IdFact, Keys, Member, Members, NodeFacts, Source, Told, Trouble, TroubleKind};
use xms::{Error, HostKey, Shell, SshProblem, cli::ClusterStatus};

const DOUBT: &str = "How the menu's answer is read was never compared with a real server's.";

impl Doors {
    /// Not tried, and nothing noted, where there is no account. Its pages are worth asking afterwards only where the
    /// host key was no other one: see [`Target::keys`].
    pub(super) async fn look_ssh(&self, target: &mut Target, into: &mut NodeFacts) {
        // At a stop nothing is begun, and that is no trouble of the node.
        let Ok(_asking) = self.pool.asking().await else { return };
        let trouble = match self.try_ssh(target).await {
            Ok(None) => return,
            Ok(Some(status)) => {
                let trouble = status.node_id.is_none().then(|| Trouble::new(TroubleKind::Unreadable, NO_ID));
                note(into, &status, Source::Ssh, self.ground.now());
                trouble
            }
            Err(trouble) => Some(trouble),
        };
        into.tries.insert(Door::Ssh, Told::new(self.ground.now(), trouble));
    }

    async fn try_ssh(&self, target: &mut Target) -> Result<Option<ClusterStatus>, Trouble> {
        let Some(usable) = self.pool.usable(target.cluster, Account::Ssh).await? else { return Ok(None) };
        if let Some(alarm) = target.keys.alarm(&target.address.to_string()) {
            return Err(Trouble::new(TroubleKind::KeyChanged, alarm));
        }
        let pin =
            target.keys.usable().and_then(|keys| keys.ssh.as_deref()).and_then(|text| text.parse::<HostKey>().ok());
        let Some(pin) = pin else {
            let sentence = format!(
                "Nobody has accepted the SSH host key of {} yet, so the password is not sent to it. Fetch its keys, \
                 compare and accept them.",
                target.address
            );
            return Err(Trouble::new(TroubleKind::Unaccepted, sentence));
        };
        let node = target.node(xms::Trust::SystemRoots);
        let shell = Shell::new(node, usable.account.clone(), pin, profile().map_err(|failure| ours(&failure))?, LIMITS);
        match shell.cluster_status().await {
            Ok(status) => Ok(Some(status)),
            Err(error) => {
                usable.learn(&error).await;
                if let Error::Ssh { problem: SshProblem::KeyChanged { shown, .. }, .. } = &error {
                    let (keys, at) = (Keys { tls: None, ssh: Some(shown.to_string()) }, self.ground.now());
                    self.learn_keys(target, &keys, at).await;
                    if let Some(changed) = target.keys.changed_by(&keys, at) {
                        target.keys = changed;
                    }
                }
                Err(trouble(&error))
            }
        }
    }
}

pub(super) const NO_ID: &str = "The answer lists members, but not the node's own ID.";

/// Puts an answer of Show Cluster Status where it belongs; by whichever way it came.
pub(super) fn note(into: &mut NodeFacts, status: &ClusterStatus, source: Source, at: model::At) {
    if let Some(id) = &status.node_id {
        let doubt = (!status.verified).then(|| DOUBT.to_owned());
        into.ids.push(IdFact { source, id: id.as_str().to_owned(), at: Some(at), doubt });
    }
    let member = |member: &xms::cli::Member| Member {
        address: member.address.clone(),
        status: member.status.to_string(),
        role: member.role.to_string(),
    };
    let list = status.members.iter().map(member).collect();
    into.members = Some(Told::new(at, Members { list, source }));
}
