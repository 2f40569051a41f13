//! Where a virtual server of the set-up stands, and what its fields are called in the forms.

use super::{Desired, Listener, Step, StepRemark};
use std::{fmt, net::Ipv4Addr};

/// The two addresses of a cluster.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Side {
    Mdm,
    Mam,
}

impl Side {
    pub const fn word(self) -> &'static str {
        self.step().title()
    }

    /// Whose form describes it.
    pub const fn step(self) -> Step {
        match self {
            Self::Mdm => Step::Mdm,
            Self::Mam => Step::Mam,
        }
    }
}

/// One virtual server with the group behind it, where it stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Seat<'d> {
    pub side: Side,
    pub vip: Ipv4Addr,
    pub listener: &'d Listener,
}

impl Seat<'_> {
    pub fn place(&self) -> SeatNames {
        SeatNames { side: self.side, listener: self.listener.clone() }
    }
}

impl Desired {
    /// The virtual servers with the groups behind them, MDM first.
    pub fn listeners(&self) -> impl Iterator<Item = &Listener> {
        self.seats().map(|seat| seat.listener)
    }

    /// The same, each with where it stands.
    pub fn seats(&self) -> impl Iterator<Item = Seat<'_>> {
        let seat = |side, vip| move |listener| Seat { side, vip, listener };
        let mdm = self.mdm.iter().flat_map(move |mdm| mdm.listeners.iter().map(seat(Side::Mdm, mdm.vip)));
        mdm.chain(self.mam.iter().map(move |mam| seat(Side::Mam, mam.vip)(&mam.listener)))
    }

    /// The addresses that the virtual servers get.
    pub fn vips(&self) -> impl Iterator<Item = (Side, Ipv4Addr)> {
        let mdm = self.mdm.iter().map(|mdm| (Side::Mdm, mdm.vip));
        mdm.chain(self.mam.iter().map(|mam| (Side::Mam, mam.vip)))
    }
}

/// The names of a virtual server and of the group behind it, and the fields that have them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SeatNames {
    pub side: Side,
    pub listener: Listener,
}

impl SeatNames {
    /// The field of its step's form with the virtual server's name.
    pub fn vserver_field(&self) -> String {
        match self.side {
            Side::Mdm => format!("vserver_{}", self.listener.port),
            Side::Mam => "vserver".to_owned(),
        }
    }

    /// The field of the Groups step with the group's name.
    fn group_field(&self) -> String {
        let side = match self.side {
            Side::Mdm => "mdm",
            Side::Mam => "mam",
        };
        format!("{side}_{}", self.listener.port)
    }

    /// Nobody named the group: its name follows that of the virtual server.
    pub fn follows(&self) -> bool {
        self.listener.group == Listener::group_of(&self.listener.vserver)
    }

    /// A sentence about the virtual server's name, beside it.
    pub fn about_vserver(&self, sentence: impl Into<String>) -> StepRemark {
        StepRemark::new(self.side.step(), self.vserver_field(), sentence)
    }

    /// One about the group's name, beside it, and beside that of the virtual server where it follows from that.
    pub fn about_group(&self, sentence: &str) -> Vec<StepRemark> {
        let mut remarks = vec![StepRemark::new(Step::Groups, self.group_field(), sentence)];
        if self.follows() {
            let here = format!(
                "The group behind it would be called {}. {sentence} Or name the group by itself, in the Groups step.",
                self.listener.group
            );
            remarks.push(self.about_vserver(here));
        }
        remarks
    }
}

impl fmt::Display for SeatNames {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} on {}", self.side.word(), self.listener.port)
    }
}
