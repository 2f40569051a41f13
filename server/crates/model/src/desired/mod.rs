//! The desired state of a cluster's load balancing: what the set-up steps describe. One file a step: its part of the
//! state, its form as it was typed, and the way between the two.

mod changes;
mod dns;
mod gateway;
mod groups;
mod mam;
mod mdm;
mod neighbours;
mod nodes;
mod switches;

use crate::object::{Kind, ObjectRef};
pub use changes::{Change, changes};
pub use dns::{Dns, DnsForm};
pub use gateway::{Gateway, GatewayForm};
pub use groups::GroupsForm;
pub use mam::{CertFiles, Mam, MamForm};
pub use mdm::{Listener, Mdm, MdmForm, Persistence};
pub use neighbours::{Neighbour, clashes};
pub use nodes::{Node, NodesForm};
use serde::{Deserialize, Serialize};
pub use switches::{KeepOffForm, KeptOff};

/// Devices enrol and check in here.
pub const ENROLMENT_PORT: u16 = 443;
/// MAM, the store, and the second MDM virtual server.
pub const STORE_PORT: u16 = 8443;

/// Everything that the steps described so far. Absent steps are `None`: nothing is planned for them.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Desired {
    pub nodes: Vec<Node>,
    pub mdm: Option<Mdm>,
    pub mam: Option<Mam>,
    pub gateway: Option<Gateway>,
    pub dns: Option<Dns>,
    /// Objects that are out of service on purpose, sorted by object.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub kept_off: Vec<KeptOff>,
}

impl Desired {
    /// Nothing is described that an appliance could have.
    pub const fn is_blank(&self) -> bool {
        self.mdm.is_none() && self.mam.is_none() && self.gateway.is_none() && self.dns.is_none()
    }

    /// The virtual servers with the groups behind them, MDM first.
    pub fn listeners(&self) -> impl Iterator<Item = &Listener> {
        self.mdm.iter().flat_map(|mdm| &mdm.listeners).chain(self.mam.iter().map(|mam| &mam.listener))
    }
}

/// The steps, in the procedure's order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Step {
    Prerequisites,
    Nodes,
    Mdm,
    Mam,
    Groups,
    Gateway,
    Dns,
}

impl Step {
    pub const ALL: [Self; 7] =
        [Self::Prerequisites, Self::Nodes, Self::Mdm, Self::Mam, Self::Groups, Self::Gateway, Self::Dns];

    /// As it stands in an address.
    pub const fn slug(self) -> &'static str {
        match self {
            Self::Prerequisites => "prerequisites",
            Self::Nodes => "nodes",
            Self::Mdm => "mdm",
            Self::Mam => "mam",
            Self::Groups => "groups",
            Self::Gateway => "gateway",
            Self::Dns => "dns",
        }
    }

    pub const fn title(self) -> &'static str {
        match self {
            Self::Prerequisites => "Prerequisites",
            Self::Nodes => "Nodes",
            Self::Mdm => "MDM",
            Self::Mam => "MAM",
            Self::Groups => "Groups and members",
            Self::Gateway => "Gateway",
            Self::Dns => "DNS",
        }
    }

    /// Where the published procedure has it.
    pub const fn procedure(self) -> &'static str {
        match self {
            Self::Prerequisites => "Before step 1 of the procedure",
            Self::Nodes => "Procedure 1 and 1.1",
            Self::Mdm => "Procedure 2.1",
            Self::Mam => "Procedure 2.2",
            Self::Groups => "Procedure 2.3 to 2.5",
            Self::Gateway => "Procedure 2.6",
            Self::Dns => "Procedure 2.7",
        }
    }

    /// Whether `desired` has something of this step. Prerequisites describe nothing.
    pub fn is_described(self, desired: &Desired) -> bool {
        match self {
            Self::Prerequisites => false,
            Self::Nodes => !desired.nodes.is_empty(),
            Self::Mdm => desired.mdm.is_some(),
            Self::Mam => desired.mam.is_some(),
            // Its names are proposed with the virtual servers; without nodes a group has no members.
            Self::Groups => !desired.nodes.is_empty() && desired.listeners().next().is_some(),
            Self::Gateway => desired.gateway.is_some(),
            Self::Dns => desired.dns.is_some(),
        }
    }

    /// Where somebody who follows the procedure goes on: the first step that is not described; `None`: all are.
    pub fn first_open(desired: &Desired) -> Option<Self> {
        if *desired == Desired::default() {
            return Some(Self::Prerequisites);
        }
        Self::ALL.into_iter().find(|step| *step != Self::Prerequisites && !step.is_described(desired))
    }

    /// Whether `object` is this step's affair, in the set-up `desired`.
    pub fn of(self, object: &ObjectRef, desired: &Desired) -> bool {
        let is_mam = |name: &str| desired.mam.as_ref().is_some_and(|mam| mam.listener.vserver == name);
        self == match object.kind {
            Kind::Feature | Kind::Address | Kind::Config => Self::Prerequisites,
            Kind::Server => Self::Nodes,
            Kind::LbVserver if is_mam(object.part(0)) => Self::Mam,
            Kind::LbVserver => Self::Mdm,
            Kind::CertFile | Kind::CertKey | Kind::CertLink | Kind::VserverCert => Self::Mam,
            Kind::ServiceGroup | Kind::Member | Kind::LbVserverGroup => Self::Groups,
            Kind::AppController | Kind::SessionAction | Kind::Gateway | Kind::GatewayPolicy | Kind::SessionPolicy => {
                Self::Gateway
            }
            Kind::AddressRecord => Self::Dns,
        }
    }

    /// What of `desired` this step's form changes, for comparing two versions.
    pub fn part(self, desired: &Desired) -> Desired {
        let none = Desired::default();
        match self {
            Self::Prerequisites => none,
            Self::Nodes => Desired { nodes: desired.nodes.clone(), ..none },
            Self::Mdm => Desired { mdm: desired.mdm.clone(), ..none },
            Self::Mam => Desired { mam: desired.mam.clone(), ..none },
            Self::Groups => Desired { mdm: desired.mdm.clone(), mam: desired.mam.clone(), ..none },
            Self::Gateway => Desired { gateway: desired.gateway.clone(), ..none },
            Self::Dns => Desired { dns: desired.dns.clone(), ..none },
        }
    }

    /// `desired` with nothing of this step; `None` where the step has no part of its own.
    pub fn left_out(self, desired: &Desired) -> Option<Desired> {
        let mut rest = desired.clone();
        match self {
            Self::Prerequisites | Self::Groups => return None,
            Self::Nodes => rest.nodes.clear(),
            Self::Mdm => rest.mdm = None,
            Self::Mam => rest.mam = None,
            Self::Gateway => rest.gateway = None,
            Self::Dns => rest.dns = None,
        }
        Some(rest)
    }

    pub fn from_slug(slug: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|step| step.slug() == slug)
    }

    pub fn next(self) -> Option<Self> {
        let at = Self::ALL.iter().position(|step| *step == self)?;
        Self::ALL.get(at + 1).copied()
    }
}
