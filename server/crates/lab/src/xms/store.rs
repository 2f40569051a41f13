//! What the nodes of a cluster share: the contents of its database.

use super::profile::Site;
use crate::{clock::LabTime, tls::Identity};
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use serde_json::{Value, json};
use std::{collections::BTreeMap, net::Ipv4Addr, sync::Arc, time::Duration};

mod user;

pub(crate) use user::{LockRule, User};

const DAY: Duration = Duration::from_hours(24);

#[derive(Clone, Debug)]
pub(crate) struct Property {
    pub id: u64,
    pub name: String,
    pub value: String,
    pub default: String,
    pub display: String,
    pub description: String,
}

#[derive(Clone, Debug)]
pub(crate) struct Certificate {
    pub id: usize,
    pub name: String,
    pub description: String,
    pub kind: String,
    pub use_as: String,
    pub common_name: String,
    pub issuer: String,
    pub private_key: bool,
    pub active: bool,
    pub from: LabTime,
    pub to: LabTime,
    /// Of what was imported or made here.
    pub der: Option<CertificateDer<'static>>,
}

pub(crate) struct Licences {
    pub server: String,
    pub remote_port: u16,
    pub kind: String,
    pub active: bool,
    pub in_use: u64,
    pub available: u64,
    pub ends: LabTime,
}

pub(crate) struct Store {
    /// Grows with each change that a node takes over when it starts; one that started with another wants a restart.
    pub revision: u64,
    pub properties: Vec<Property>,
    pub gateways: Vec<Value>,
    pub certificates: Vec<Certificate>,
    /// What a node shows after its next start.
    pub listener: Arc<Identity>,
    /// Keys of requests for a signature that have not come back.
    pub asked: Vec<PrivateKeyDer<'static>>,
    pub licences: Licences,
    pub users: Vec<User>,
    pub roles: Vec<Value>,
    pub groups: Vec<String>,
    pub directories: Vec<Value>,
    pub notifiers: Vec<Value>,
    pub delivery_groups: Vec<Value>,
    /// Sessions of devices and the node that made each.
    pub device_sessions: BTreeMap<String, Ipv4Addr>,
    /// Whether the site's devices are enrolled here.
    pub has_devices: bool,
    made: u64,
}

/// By how much the numbers of one database differ from those of another.
const STRIDE: usize = 1_000;

impl Store {
    pub fn new(
        site: &Site,
        fqdn: &str,
        password: &str,
        start: LabTime,
        listener: (LabTime, LabTime),
        identity: &Arc<Identity>,
    ) -> Self {
        let licences = &site.licences;
        let mut store = Self {
            revision: 0,
            properties: Vec::new(),
            gateways: site.gateways.clone(),
            certificates: certificates(site, fqdn, start, listener, identity),
            listener: Arc::clone(identity),
            asked: Vec::new(),
            licences: Licences {
                server: licences.server_address.clone(),
                remote_port: licences.remote_port,
                kind: "remote".to_owned(),
                active: true,
                in_use: licences.in_use,
                available: licences.available,
                ends: start.plus(DAY * licences.days_left),
            },
            users: site.users.iter().map(|seed| User::new(seed, password)).collect(),
            roles: site.roles.clone(),
            groups: site.groups.clone(),
            directories: site.ldap.clone(),
            notifiers: site.notifiers.clone(),
            delivery_groups: site.delivery_groups.clone(),
            device_sessions: BTreeMap::new(),
            has_devices: true,
            made: 300,
        };
        for seed in &site.properties {
            let id = store.next_id();
            store.properties.push(Property {
                id,
                name: seed.name.clone(),
                value: seed.value.clone(),
                default: seed.default.clone(),
                display: seed.display.clone(),
                description: seed.display.clone(),
            });
        }
        store
    }

    /// Leaves what every new database has: the listener and the device CA, the local administrator, roles, settings.
    pub fn empty(&mut self, place: usize) {
        let offset = STRIDE * place;
        self.gateways.clear();
        self.directories.clear();
        self.notifiers.clear();
        self.delivery_groups.clear();
        self.has_devices = false;
        self.users.retain(|user| user.directory.is_none());
        self.certificates.retain(|certificate| certificate.use_as != "apns");
        for certificate in &mut self.certificates {
            certificate.id += offset;
        }
        for property in &mut self.properties {
            property.id += offset as u64;
        }
        self.made += offset as u64;
        let licences = &mut self.licences;
        (licences.active, licences.in_use, licences.available) = (false, 0, 0);
        licences.server.clear();
    }

    /// A number that was not given before.
    pub fn next_id(&mut self) -> u64 {
        self.made += 1;
        self.made
    }

    /// What a node reads when it starts.
    pub fn values(&self) -> BTreeMap<String, String> {
        self.properties.iter().map(|property| (property.name.clone(), property.value.clone())).collect()
    }

    /// A local or directory user; names compare without case.
    pub fn user(&self, name: &str) -> Option<&User> {
        self.users.iter().find(|user| user.name.eq_ignore_ascii_case(name))
    }

    pub fn user_mut(&mut self, name: &str) -> Option<&mut User> {
        self.users.iter_mut().find(|user| user.name.eq_ignore_ascii_case(name))
    }

    /// Whether a role may use the API: it says so, or it is the super user's.
    pub fn may_use_api(&self, role: &str) -> bool {
        let found = self.roles.iter().find(|known| known["name"].as_str() == Some(role));
        let granted = |permission: &Value| {
            permission["permission"].as_str().is_some_and(|word| word.contains("PUBLIC_API_ACCESS"))
                && permission["granted"] == true
        };
        role == "ADMIN"
            || found.and_then(|role| role["permissions"].as_array()).is_some_and(|all| all.iter().any(granted))
    }
}

impl Property {
    pub fn view(&self) -> Value {
        json!({
            "id": self.id,
            "name": self.name,
            "value": self.value,
            "displayName": self.display,
            "description": self.description,
            "defaultValue": self.default,
        })
    }
}

fn certificates(
    site: &Site,
    fqdn: &str,
    start: LabTime,
    (from, to): (LabTime, LabTime),
    identity: &Identity,
) -> Vec<Certificate> {
    let listener = Certificate {
        id: 1,
        name: fqdn.to_owned(),
        description: "listener".to_owned(),
        kind: "entity".to_owned(),
        use_as: "listener".to_owned(),
        common_name: fqdn.to_owned(),
        issuer: fqdn.to_owned(),
        private_key: true,
        active: true,
        from,
        to,
        der: identity.chain().first().cloned(),
    };
    let others = site.certificates.iter().enumerate().map(|(at, seed)| Certificate {
        id: at + 2,
        name: seed.name.clone(),
        description: seed.use_as.clone(),
        kind: seed.kind.clone(),
        use_as: seed.use_as.clone(),
        common_name: seed.common_name.clone(),
        issuer: seed.issuer.clone(),
        private_key: seed.private_key,
        active: true,
        from: start,
        to: start.plus(DAY * seed.days_left),
        der: None,
    });
    std::iter::once(listener).chain(others).collect()
}

/// Whole days from one moment to another, never negative.
pub(crate) fn days(from: LabTime, to: LabTime) -> i64 {
    to.since(from) / (24 * 60 * 60 * 1000)
}
