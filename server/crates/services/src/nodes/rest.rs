//! What a node says over REST: that it lives and reaches its database, how many devices there are, and once a round for
//! all nodes what the database says of push certificate, licences and directories.

use super::{
    doors::{Doors, Share},
    target::{MANAGEMENT, Target, digits},
    trouble,
    trouble::ours,
};
use crate::judging::told_by_nodes;
use model::{
    At,
    node::{Account, Apns, Directory, Door, Keys, Licence, Licences, NodeFacts, Told, Trouble, TroubleKind},
};
use xms::{Client, Error, Item, TlsKind, Trust, rest};

impl Doors {
    /// Not tried, and nothing noted, where there is no account.
    pub(super) async fn look_rest(&self, target: &Target, share: &Share, into: &mut NodeFacts) {
        // At a stop nothing is begun, and that is no trouble of the node.
        let Ok(_asking) = self.pool.asking().await else { return };
        let trouble = match self.try_rest(target, share, into).await {
            Ok(true) => None,
            Ok(false) => return,
            Err(trouble) => Some(trouble),
        };
        into.tries.insert(Door::Rest, Told::new(self.ground.now(), trouble));
    }

    /// False: there is no account.
    async fn try_rest(&self, target: &Target, share: &Share, into: &mut NodeFacts) -> Result<bool, Trouble> {
        let Some(usable) = self.pool.usable(target.cluster, Account::Rest).await? else { return Ok(false) };
        if let Some(alarm) = target.keys.alarm(&target.address.to_string()) {
            return Err(Trouble::new(TroubleKind::KeyChanged, alarm));
        }
        if let Some(trouble) = self.nobody_there(target).await {
            return Err(trouble);
        }
        let client = self.pool.rest_client(target, target.node(target.trust()), &usable).await.map_err(|f| ours(&f))?;
        let asked = async {
            client.login().await?;
            client.device_count(&[], false).await
        };
        match asked.await {
            Ok(count) => into.devices = count.total.map(|total| Told::new(self.ground.now(), total)),
            // The login worked, so the node and its database do; the account just may not count.
            Err(error) if error.not_permitted() => {}
            Err(error) => {
                usable.learn(&error).await;
                if let Some(shown) = other_certificate(&error) {
                    self.learn_keys(target, &Keys { tls: Some(shown), ssh: None }, self.ground.now()).await;
                }
                let accepted = !matches!(target.trust(), Trust::SystemRoots);
                return Err(if accepted || !error.not_trusted() {
                    trouble::trouble(&error)
                } else {
                    let sentence = format!(
                        "Nobody has accepted the certificate of {} yet, and no authority that this machine knows vouches \
                         for it, so the password is not sent to it. Fetch its keys, compare and accept them.",
                        target.address
                    );
                    Trouble::new(TroubleKind::Unaccepted, sentence)
                });
            }
        }
        if share.claim() {
            let told = self.ask_database(&client, into).await;
            if told.is_err() {
                share.give_back();
            }
            told.map_err(|error| trouble::trouble(&error))?;
        }
        Ok(true)
    }

    /// Why it is no use to log in to a node: at the last look nobody answered there. A login that hangs would make those
    /// of the other nodes wait, for they are made one after the other.
    async fn nobody_there(&self, target: &Target) -> Option<Trouble> {
        let facts = told_by_nodes(&self.ground, target.cluster).await.ok()?.remove(&target.address)?;
        let trouble = facts.ports.get(&MANAGEMENT)?.value.trouble.clone()?;
        matches!(trouble.kind, TroubleKind::Silent | TroubleKind::Unreachable).then_some(trouble)
    }

    /// What an account may not read stays unknown.
    async fn ask_database(&self, client: &Client, into: &mut NodeFacts) -> Result<(), Error> {
        if let Some(all) = permitted(client.certificates().await)? {
            into.apns = Some(Told::new(self.ground.now(), apns(&all)));
        }
        if let Some(server) = permitted(client.licences().await)? {
            into.licences = Some(Told::new(self.ground.now(), licences(&server.value)));
        }
        if let Some(list) = permitted(client.directories().await)? {
            into.directories = Some(Told::new(self.ground.now(), list.iter().map(directory).collect()));
        }
        Ok(())
    }
}

/// Nothing where the account lacks the right, or the release the call.
fn permitted<T>(answer: Result<T, Error>) -> Result<Option<T>, Error> {
    match answer {
        Ok(value) => Ok(Some(value)),
        Err(error) if error.not_permitted() || error.is_absent() => Ok(None),
        Err(error) => Err(error),
    }
}

/// Apple names its push certificates `APSP:…`; nothing else in the list says which one it is.
fn apns(all: &rest::Certificates) -> Apns {
    let is_push = |certificate: &rest::Certificate| {
        let subject = certificate.cert_details.as_ref().and_then(|details| details.subject_name.as_ref());
        let common = subject.and_then(|name| name.common_name.as_deref()).unwrap_or_default();
        certificate.name.starts_with("APSP:") || common.starts_with("APSP:")
    };
    let push = || all.list.iter().map(|item| &item.value).filter(|certificate| is_push(certificate));
    let active = push().find(|certificate| certificate.is_active == Some(true)).or_else(|| push().next());
    let check = all.apns.unwrap_or_default();
    Apns {
        name: active.map(|certificate| certificate.name.clone()),
        ends: active.and_then(|certificate| day(certificate.valid_to.as_deref()?)),
        expired: check.cert_expired,
        not_yet_valid: check.cert_not_yet_valid,
        malformed: check.malformed,
        topic_mismatch: check.topic_name_mismatch,
    }
}

/// `2026-07-24`: its beginning, so that the last day does not count as a whole one.
fn day(text: &str) -> Option<At> {
    let date: jiff::civil::Date = text.trim().parse().ok()?;
    Some(date.to_zoned(jiff::tz::TimeZone::UTC).ok()?.timestamp())
}

fn licences(server: &rest::LicenceServer) -> Licences {
    let licence = |licence: &rest::Licence| Licence {
        product: licence.product.clone().unwrap_or_default(),
        in_use: licence.licenses_in_use,
        available: licence.licenses_available,
        overdraft: licence.overdraft_license_count,
        days_left: licence.remaining_days,
    };
    Licences {
        configured: server.is_server_configured,
        grace_days: server.grace_period_left,
        list: server.license_list.iter().map(licence).collect(),
    }
}

fn directory(item: &Item<rest::Directory>) -> Directory {
    let directory = &item.value;
    let hosts = [&directory.primary_host, &directory.secondary_host].into_iter().flatten();
    let port = directory.port.unwrap_or(389);
    Directory {
        domain: directory.domain.clone(),
        servers: hosts.filter(|host| !host.is_empty()).map(|host| format!("{host}:{port}")).collect(),
        default: directory.default_domain.unwrap_or_default(),
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
