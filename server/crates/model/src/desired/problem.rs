//! What does not hold of a set-up as a whole: which steps it is about, and what is said beside their fields.

use super::{Side, Step, StepRemark, seat::SeatNames};
use crate::names::LONGEST;
use std::net::Ipv4Addr;

/// Something that does not hold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SetUpProblem {
    /// Two nodes have one address.
    NodeTwice(Ipv4Addr),
    /// Two nodes have one name, perhaps in another case.
    NodeNameTwice { node: Ipv4Addr, name: String },
    /// Two nodes have one number.
    NodeIdTwice { node: Ipv4Addr, id: String },
    /// A node's number is not known yet, and its member of the MAM group needs it.
    NodeIdMissing { node: Ipv4Addr, group: String },
    /// A node has the address of a virtual server.
    NodeAtVip { vip: Ipv4Addr, side: Side },
    /// Two virtual servers are to listen on one address and port.
    ListenTwice { vip: Ipv4Addr, port: u16, one: Side, other: Side },
    /// Two virtual servers have one name, perhaps in another case.
    VserverTwice { name: String, one: SeatNames, other: SeatNames },
    /// Two groups have one name, perhaps in another case.
    GroupTwice { name: String, one: SeatNames, other: SeatNames },
    /// A group's name, which nobody typed, is longer than an appliance takes.
    GroupTooLong(SeatNames),
    /// TLS ends at the MAM address, and no certificate is chosen.
    NoCertificate,
    /// A step makes something of the cluster's name, which is not said.
    Nameless(Step),
}

impl SetUpProblem {
    /// Stable, for doors that are no pages.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::NodeTwice(_) => "node-twice",
            Self::NodeNameTwice { .. } => "node-name-twice",
            Self::NodeIdTwice { .. } => "node-id-twice",
            Self::NodeIdMissing { .. } => "node-id-missing",
            Self::NodeAtVip { .. } => "node-at-virtual-server",
            Self::ListenTwice { .. } => "address-twice",
            Self::VserverTwice { .. } => "virtual-server-twice",
            Self::GroupTwice { .. } => "group-twice",
            Self::GroupTooLong(_) => "group-name-too-long",
            Self::NoCertificate => "no-certificate",
            Self::Nameless(_) => "no-name",
        }
    }

    /// Something is not said yet. It may be saved so, and no plan of it can be applied.
    pub const fn is_lack(&self) -> bool {
        matches!(self, Self::NodeIdMissing { .. })
    }

    /// The same thing does not hold, whatever else is said of the places by now.
    pub fn is_still(&self, before: &Self) -> bool {
        let seats = |one: &SeatNames, other: &SeatNames| [one, other].map(|place| (place.side, place.listener.port));
        match (self, before) {
            (Self::VserverTwice { name, one, other }, Self::VserverTwice { name: was, one: first, other: second })
            | (Self::GroupTwice { name, one, other }, Self::GroupTwice { name: was, one: first, other: second }) => {
                name.eq_ignore_ascii_case(was) && seats(one, other) == seats(first, second)
            }
            (Self::GroupTooLong(place), Self::GroupTooLong(was)) => place.listener.group == was.listener.group,
            _ => self == before,
        }
    }

    /// As a plan says it, of all steps.
    pub fn sentence(&self) -> String {
        match self {
            Self::NodeTwice(address) => format!("{address} stands in the Nodes step twice. A node is a member once."),
            Self::NodeNameTwice { node, name } => {
                format!("Node {node} and another node are to be called {name}. Each needs a name of its own.")
            }
            Self::NodeIdTwice { node, id } => format!(
                "Node {node} and another node have the node ID {id}. Two members with one server ID send sessions to the \
                 wrong node."
            ),
            Self::NodeAtVip { vip, side } => format!(
                "{vip} is to be the address of a node and of {}. Each needs one of its own.",
                the_vservers(*side)
            ),
            Self::ListenTwice { vip, port, one, other } if one == other => {
                format!("Two virtual servers of the {} step are to listen on {vip}:{port}.", one.word())
            }
            Self::ListenTwice { vip, port, one, other } => format!(
                "Two virtual servers are to listen on {vip}:{port}, that of the {} and that of the {} step.",
                one.word(),
                other.word()
            ),
            Self::VserverTwice { name, one, other } => {
                format!("Two virtual servers are to be called {name}: {one} and {other}. Each needs its own name.")
            }
            Self::GroupTwice { name, one, other } => {
                format!(
                    "Two groups are to be called {name}: that of {one} and that of {other}. Each needs its own name."
                )
            }
            Self::NodeIdMissing { .. } | Self::GroupTooLong(_) | Self::NoCertificate | Self::Nameless(_) => {
                self.remarks().into_iter().next().map(|remark| remark.sentence).unwrap_or_default()
            }
        }
    }

    pub fn is_at(&self, step: Step) -> bool {
        self.remarks().iter().any(|remark| remark.step == step)
    }

    /// What is said in each step that is a part of it.
    pub fn remarks(&self) -> Vec<StepRemark> {
        let nodes = |sentence: String| vec![StepRemark::new(Step::Nodes, "nodes", sentence)];
        match self {
            Self::NodeTwice(address) => nodes(format!("{address} stands here twice. A node is a member once.")),
            Self::NodeNameTwice { name, .. } => nodes(format!("The name {name} is already given to another node.")),
            Self::NodeIdTwice { id, .. } => nodes(format!(
                "The node ID {id} is already given to another node. Two members with one server ID send sessions to the \
                 wrong node."
            )),
            Self::NodeIdMissing { node, group } => vec![StepRemark::new(
                Step::Groups,
                "",
                format!(
                    "Node {node} has no node ID in the set-up. Its member of {group} needs it as server ID; without it the \
                     Gateway's sessions do not find their node. Read it in the Nodes step."
                ),
            )],
            Self::NodeAtVip { vip, side } => {
                let own = match side {
                    Side::Mdm => "The virtual servers need one of their own.",
                    Side::Mam => "The virtual server needs one of its own.",
                };
                let here = format!(
                    "{vip} is the address of a virtual server of this set-up. A node has an address of its own."
                );
                let there = format!("{vip} is the address of a node. {own}");
                vec![StepRemark::new(Step::Nodes, "nodes", here), StepRemark::new(side.step(), "vip", there)]
            }
            Self::ListenTwice { one, other, .. } if one == other => {
                vec![StepRemark::new(one.step(), "", self.sentence())]
            }
            Self::ListenTwice { vip, port, one, other } => [(one, other), (other, one)]
                .map(|(here, there)| {
                    let sentence = format!(
                        "{vip} is the {} address, which listens on {port} as well. {} needs the other of the two free \
                         addresses.",
                        there.word(),
                        here.word()
                    );
                    StepRemark::new(here.step(), "vip", sentence)
                })
                .to_vec(),
            Self::VserverTwice { name, one, other } if one.side == other.side => {
                let sentence = format!("{name} is the name of the other virtual server. Each needs its own.");
                vec![other.about_vserver(sentence)]
            }
            Self::VserverTwice { name, one, other } => [(one, other), (other, one)]
                .map(|(here, there)| {
                    let whose = match there.side {
                        Side::Mdm => "an MDM virtual server",
                        Side::Mam => "the MAM virtual server",
                    };
                    here.about_vserver(format!("{name} is the name of {whose}. Choose another."))
                })
                .to_vec(),
            Self::GroupTwice { name, one, other } => {
                let said = format!("{name} is the name of another group of this set-up. Each needs its own.");
                [other, one].iter().flat_map(|place| place.about_group(&said)).collect()
            }
            Self::GroupTooLong(place) => {
                let long = place.listener.group.len();
                place.about_group(&format!("A name of {long} characters is too long: a NetScaler takes {LONGEST}."))
            }
            Self::NoCertificate => vec![StepRemark::new(
                Step::Mam,
                "certificate",
                "Choose the certificate key for the virtual server, or upload a certificate first. Without one it stays DOWN.",
            )],
            Self::Nameless(step) => {
                let sentence = "The set-up does not say the cluster's name, of which this step is made. Save it again.";
                vec![StepRemark::new(*step, "", sentence)]
            }
        }
    }
}

const fn the_vservers(side: Side) -> &'static str {
    match side {
        Side::Mdm => "the MDM virtual servers",
        Side::Mam => "the MAM virtual server",
    }
}
