//! The desired state of a cluster's load balancing: what the set-up steps describe. One file a step: its part of the
//! state, its form as it was typed, and the way between the two. A form only parses its own fields; what must hold of the
//! whole is [`Desired::check`].

mod changes;
mod check;
mod dns;
mod form;
mod gateway;
mod groups;
mod mam;
mod mdm;
mod neighbours;
mod nodes;
mod prerequisites;
mod problem;
mod remark;
mod seat;
mod step;
mod step_form;
mod steps;
mod stored;
mod switches;

pub use changes::{Change, changes};
pub use check::refused;
pub use dns::{Dns, DnsForm};
pub use form::Form;
pub use gateway::{Gateway, GatewayForm};
pub use groups::GroupsForm;
pub use mam::{CertFiles, Mam, MamForm};
pub use mdm::{Listener, Mdm, MdmForm, Persistence};
pub use neighbours::{Neighbour, clashes};
pub use nodes::{Node, NodesForm};
pub use problem::SetUpProblem;
pub use remark::StepRemark;
pub use seat::{Seat, SeatNames, Side};
use serde::{Deserialize, Serialize};
pub use step::{Step, StepAbout};
pub use step_form::StepForm;
pub use switches::{KeepOffForm, KeptOff};

/// Devices enrol and check in here.
pub const ENROLMENT_PORT: u16 = 443;
/// MAM, the store, and the second MDM virtual server.
pub const STORE_PORT: u16 = 8443;

/// Everything that the steps described so far. Absent steps are `None`: nothing is planned for them.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "stored::Stored", into = "stored::Stored")]
pub struct Desired {
    /// The cluster's name, by which devices and the Gateway ask for it. What is made of it is made where it is needed, so
    /// that no two steps can say two names. Of the newest version the cluster's own name counts (`store::desired`); older
    /// ones tell what it was then.
    pub fqdn: String,
    pub nodes: Vec<Node>,
    pub mdm: Option<Mdm>,
    pub mam: Option<Mam>,
    pub gateway: Option<Gateway>,
    pub dns: Option<Dns>,
    /// Objects that are out of service on purpose, sorted by object.
    pub kept_off: Vec<KeptOff>,
}

impl Desired {
    /// The set-up of a cluster of this name in which nothing is described.
    pub fn blank(fqdn: &str) -> Self {
        Self { fqdn: fqdn.to_owned(), ..Self::default() }
    }

    /// The same for a cluster that devices know by another name.
    #[must_use]
    pub fn renamed(mut self, fqdn: &str) -> Self {
        fqdn.clone_into(&mut self.fqdn);
        self
    }

    /// Nothing is described that an appliance could have.
    pub const fn is_blank(&self) -> bool {
        self.mdm.is_none() && self.mam.is_none() && self.gateway.is_none() && self.dns.is_none()
    }
}
