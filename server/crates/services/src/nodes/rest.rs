//! What a node says over REST: that it lives and reaches its database, and how many devices there are.

use super::{Target, digits};
use crate::{Failure, Services};
use model::node::{Account, Door, Keys, NodeFacts, Told};
use xms::{Error, TlsKind, Trust};

impl Services {
    /// Not tried, and nothing noted, where there is no account.
    pub(super) async fn look_rest(&self, target: &Target, into: &mut NodeFacts) {
        let trouble = match self.try_rest(target).await {
            Ok(None) => return,
            Ok(Some(devices)) => {
                into.devices = devices.map(|count| Told::new(self.now(), count));
                None
            }
            Err(failure) => Some(failure.to_string()),
        };
        into.tries.insert(Door::Rest, Told::new(self.now(), trouble));
    }

    async fn try_rest(&self, target: &Target) -> Result<Option<Option<u64>>, Failure> {
        let _asking = self.asking_nodes().await?;
        let Some(usable) = self.usable(target.cluster, Account::Rest).await? else { return Ok(None) };
        if let Some(alarm) = target.keys.alarm(&target.address.to_string()) {
            return Err(Failure::Refused(alarm));
        }
        let client = self.rest_client(target, target.node(target.trust()), &usable).await?;
        let asked = async {
            client.login().await?;
            client.device_count(&[], false).await
        };
        match asked.await {
            Ok(count) => Ok(Some(count.total)),
            // The login worked, so the node and its database do; the account just may not count.
            Err(error) if error.not_permitted() => Ok(Some(None)),
            Err(error) => {
                self.learn_node(target.cluster, Account::Rest, &usable, &error).await;
                if let Some(shown) = other_certificate(&error) {
                    self.learn_keys(target, &Keys { tls: Some(shown), ssh: None }, self.now()).await;
                }
                let accepted = !matches!(target.trust(), Trust::SystemRoots);
                Err(Failure::Refused(if accepted || !error.not_trusted() {
                    error.sentence()
                } else {
                    format!(
                        "Nobody has accepted the certificate of {} yet, and no authority that this machine knows vouches \
                         for it, so the password is not sent to it. Fetch its keys, compare and accept them.",
                        target.address
                    )
                }))
            }
        }
    }
}

fn other_certificate(error: &Error) -> Option<String> {
    match error {
        Error::Tls(problem) => match problem.kind {
            TlsKind::PinMismatch { seen, .. } => Some(digits(seen)),
            _ => None,
        },
        Error::Login(inner) => other_certificate(inner),
        _ => None,
    }
}
