//! What the nodes of a cluster share: its database.

use std::{collections::BTreeMap, net::Ipv4Addr, time::Duration};

use serde_json::{Value, json};

use super::profile::Site;
use crate::clock::LabTime;

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
    pub kind: String,
    pub use_as: String,
    pub common_name: String,
    pub issuer: String,
    pub private_key: bool,
    pub from: LabTime,
    pub to: LabTime,
}

#[derive(Debug, Default)]
pub(crate) struct Store {
    /// Grows with each change of a server property; a node that started with another one wants a restart.
    pub revision: u64,
    pub properties: Vec<Property>,
    pub gateways: Vec<Value>,
    pub certificates: Vec<Certificate>,
    pub licence_ends: Option<LabTime>,
    /// Sessions of devices and the node that made each.
    pub device_sessions: BTreeMap<String, Ipv4Addr>,
    made: u64,
}

impl Store {
    pub fn new(site: &Site, start: LabTime, listener: (LabTime, LabTime)) -> Self {
        let mut store = Self {
            gateways: site.gateways.clone(),
            certificates: certificates(site, start, listener),
            licence_ends: Some(start.plus(DAY * site.licences.days_left)),
            made: 300,
            ..Self::default()
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

    /// A number that was not given before.
    pub fn next_id(&mut self) -> u64 {
        self.made += 1;
        self.made
    }

    /// What a node reads when it starts.
    pub fn values(&self) -> BTreeMap<String, String> {
        self.properties.iter().map(|property| (property.name.clone(), property.value.clone())).collect()
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

fn certificates(site: &Site, start: LabTime, (from, to): (LabTime, LabTime)) -> Vec<Certificate> {
    let listener = Certificate {
        id: 1,
        name: site.fqdn.clone(),
        kind: "entity".to_owned(),
        use_as: "listener".to_owned(),
        common_name: site.fqdn.clone(),
        issuer: site.fqdn.clone(),
        private_key: true,
        from,
        to,
    };
    let others = site.certificates.iter().enumerate().map(|(at, seed)| Certificate {
        id: at + 2,
        name: seed.name.clone(),
        kind: seed.kind.clone(),
        use_as: seed.use_as.clone(),
        common_name: seed.common_name.clone(),
        issuer: seed.issuer.clone(),
        private_key: seed.private_key,
        from: start,
        to: start.plus(DAY * seed.days_left),
    });
    std::iter::once(listener).chain(others).collect()
}

/// Whole days from one moment to another, never negative.
pub(crate) fn days(from: LabTime, to: LabTime) -> i64 {
    to.since(from) / (24 * 60 * 60 * 1000)
}
