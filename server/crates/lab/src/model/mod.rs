//! The configuration of one appliance and the live state that hangs on it.
//!
//! Plain data without I/O. Objects point at each other by [`Id`], so that a rename is one assignment. The whole
//! [`Config`] can be cloned, which is how a bulk request is rolled back.

mod access;
mod certkey;
mod content;
mod copy;
mod dns;
mod file;
mod gateway;
mod group;
mod lbgroup;
mod monitor;
mod persistence;
mod server;
mod service;
mod settle;
mod state;
mod switch;
mod traffic;
mod vserver;
mod watch;

use crate::schema::Fields;
pub(crate) use access::{Access, Account, CmdPolicy, SUPERUSER, Secret, find as account};
pub(crate) use certkey::{BoundCert, CertKey, SslSide};
pub(crate) use content::{ContentSwitch, NameServer, PatternSet, PatternSets};
pub(crate) use dns::Record;
pub(crate) use file::{File, SSL_FOLDER};
pub(crate) use gateway::{BoundPolicy, Gateway, Plain};
pub(crate) use group::{Group, Member};
pub(crate) use lbgroup::{LbGroup, PERSISTENCE};
pub(crate) use monitor::{BoundMonitor, Monitor, Monitors};
pub(crate) use persistence::{Entry, Key, Persistence, Scope, scope};
pub(crate) use server::Server;
pub(crate) use service::Service;
pub(crate) use settle::Wish;
pub(crate) use state::State;
use std::{collections::BTreeMap, net::IpAddr};
pub(crate) use switch::{Phase, Switch};
pub(crate) use traffic::{Gauge, Traffic};
pub(crate) use vserver::{BoundService, Vserver, needs_ssl};
pub(crate) use watch::{Judgement, Probe, Watch};

/// Names an object for its whole life, whatever people call it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Id(u64);

/// Ids below this one belong to what every appliance has from the factory.
const OF_THE_HOUSE: Id = Id(1_000);

/// An object that people call by a name.
pub(crate) trait Called {
    fn id(&self) -> Id;
    fn name(&self) -> &str;
}

/// Names that differ only in case collide, as the CLI has it (`nitro.md` 5.3).
pub(crate) fn same(left: &str, right: &str) -> bool {
    left.eq_ignore_ascii_case(right)
}

/// The object called `name`.
pub(crate) fn called<'a, T: Called>(rows: &'a [T], name: &str) -> Option<&'a T> {
    rows.iter().find(|row| same(row.name(), name))
}

/// The object called `name`, to be changed.
pub(crate) fn called_mut<'a, T: Called>(rows: &'a mut [T], name: &str) -> Option<&'a mut T> {
    rows.iter_mut().find(|row| same(row.name(), name))
}

/// The object with this id. Ids only grow and rows are only appended, so rows are sorted by id.
pub(crate) fn by_id<T: Called>(rows: &[T], id: Id) -> Option<&T> {
    rows.binary_search_by_key(&id, Called::id).ok().map(|at| &rows[at])
}

/// Everything that was configured, in the order in which it was made.
#[derive(Clone, Debug, Default)]
pub(crate) struct Config {
    ids: u64,
    pub access: Access,
    pub features: Vec<&'static str>,
    pub ha: Fields,
    pub servers: Vec<Server>,
    pub groups: Vec<Group>,
    pub services: Vec<Service>,
    pub monitors: Monitors,
    /// What `lbparameter` was set to.
    pub lb: Fields,
    pub lbgroups: Vec<LbGroup>,
    pub vservers: Vec<Vserver>,
    pub files: Vec<File>,
    pub certkeys: Vec<CertKey>,
    pub gateways: Vec<Gateway>,
    pub policies: Vec<Plain>,
    pub actions: Vec<Plain>,
    pub records: Vec<Record>,
    pub name_servers: Vec<NameServer>,
    pub content: Vec<ContentSwitch>,
    pub patsets: PatternSets,
    /// App Controllers and secure ticket authorities of all gateways.
    pub controllers: Vec<Fields>,
    pub stas: Vec<Fields>,
    /// What `vpnparameter` was set to.
    pub vpn: Fields,
    /// Modes that were switched, whatever they were from the factory.
    pub modes: BTreeMap<&'static str, bool>,
    pub hostname: Option<String>,
    /// Addresses that were added (those have a `type`), and settings of others.
    pub ips: BTreeMap<IpAddr, Fields>,
}

impl Config {
    pub fn new_id(&mut self) -> Id {
        self.ids += 1;
        Id(OF_THE_HOUSE.0 + self.ids)
    }

    pub fn has_feature(&self, token: &str) -> bool {
        self.features.contains(&token)
    }

    pub fn group(&self, id: Id) -> Option<&Group> {
        by_id(&self.groups, id)
    }

    pub fn server(&self, id: Id) -> Option<&Server> {
        by_id(&self.servers, id)
    }

    /// The groups bound to a virtual server.
    pub fn groups_of<'a>(&'a self, vserver: &'a Vserver) -> impl Iterator<Item = &'a Group> {
        vserver.groups.iter().filter_map(|id| self.group(*id))
    }

    /// The virtual servers that a group is bound to.
    pub fn users_of(&self, group: Id) -> impl Iterator<Item = &Vserver> {
        self.vservers.iter().filter(move |vserver| vserver.groups.contains(&group))
    }

    pub fn certkey(&self, id: Id) -> Option<&CertKey> {
        by_id(&self.certkeys, id)
    }

    /// Every virtual server that terminates SSL, with its SSL side: load balancing first, gateways after.
    pub fn ssl_sides(&self) -> impl Iterator<Item = (&str, &SslSide)> {
        let balancing = self.vservers.iter().filter(|vserver| vserver.terminates_ssl());
        let balancing = balancing.map(|vserver| (vserver.name(), &vserver.ssl));
        let content = self.content.iter().filter(|row| row.terminates_ssl()).map(|row| (row.name(), &row.ssl));
        balancing.chain(content).chain(self.gateways.iter().map(|gateway| (gateway.name(), &gateway.ssl)))
    }

    /// Addresses, ports and states of everything that clients connect to.
    pub fn vips(&self) -> impl Iterator<Item = (IpAddr, u16, State)> {
        let balancing =
            self.vservers.iter().filter_map(|vserver| Some((vserver.address()?, vserver.port(), vserver.state)));
        let gateways =
            self.gateways.iter().filter_map(|gateway| Some((gateway.address()?, gateway.port(), gateway.state)));
        let content = self.content.iter().filter_map(|row| Some((row.address()?, row.port(), row.state)));
        balancing.chain(gateways).chain(content)
    }

    /// Whether something else has this address and port.
    pub fn is_taken(&self, own: Option<Id>, address: IpAddr, port: u16) -> bool {
        let here = |id: Id, ip: Option<IpAddr>, at: u16| Some(id) != own && ip == Some(address) && at == port;
        self.vservers.iter().any(|vserver| here(vserver.id, vserver.address(), vserver.port()))
            || self.gateways.iter().any(|gateway| here(gateway.id, gateway.address(), gateway.port()))
            || self.content.iter().any(|row| here(row.id, row.address(), row.port()))
    }

    /// Members of groups, and the inside of services.
    pub fn members(&self) -> impl Iterator<Item = &Member> {
        let members = self.groups.iter().flat_map(|group| &group.members);
        members.chain(self.services.iter().map(|service| &service.member))
    }

    /// Everything that is probed: the same.
    pub fn members_mut(&mut self) -> impl Iterator<Item = &mut Member> {
        let members = self.groups.iter_mut().flat_map(|group| &mut group.members);
        members.chain(self.services.iter_mut().map(|service| &mut service.member))
    }

    /// A member or the inside of a service, by its id.
    pub fn member_mut(&mut self, id: Id) -> Option<&mut Member> {
        self.members_mut().find(|member| member.id == id)
    }

    pub fn service(&self, id: Id) -> Option<&Service> {
        by_id(&self.services, id)
    }

    /// The persistency group that a virtual server is in.
    pub fn lbgroup_of(&self, vserver: Id) -> Option<&LbGroup> {
        self.lbgroups.iter().find(|group| group.members.contains(&vserver))
    }
}
