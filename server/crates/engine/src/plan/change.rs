//! One thing to be done, and its place in the order of work.

use super::operation;
use model::{
    object::{Attrs, Kind, ObjectRef},
    plan::Verb,
};

/// The order of work. Additions go top-down and removals bottom-up (5.1, 4.4). Members join before others leave, so that
/// a group is never empty in between; an old virtual server goes before a new one takes its address and port, and an old
/// binding before its successor, because one virtual server refuses the same member through two groups (428). A binding
/// without which its virtual server still has a group can go before the members join. The Gateway is pointed last, when
/// what it is pointed to is there, and an old pointer goes only after the new one has come (3.15). What is to be out of
/// service goes out before anything is taken away; what is to be in service comes in when all that it needs is right.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Phase {
    Feature,
    CertFile,
    CertKey,
    CertLink,
    Server,
    Group,
    UnbindSpare,
    Member,
    Disable,
    UnbindCert,
    UnbindGroup,
    RemoveVserver,
    Vserver,
    BindGroup,
    BindCert,
    EnableServer,
    DisableAgain,
    EnableGroup,
    EnableMember,
    EnableVserver,
    AddressRecord,
    AppController,
    SessionAction,
    UnbindAppController,
    RemoveAddressRecord,
    UnbindMember,
    RemoveGroup,
    RemoveServer,
    UnlinkCert,
    RemoveCertKey,
    RemoveCertFile,
    Save,
}

impl Phase {
    pub const fn making(kind: Kind) -> Self {
        match kind {
            Kind::Feature => Self::Feature,
            Kind::CertFile => Self::CertFile,
            Kind::CertKey => Self::CertKey,
            Kind::CertLink => Self::CertLink,
            Kind::Server => Self::Server,
            Kind::ServiceGroup => Self::Group,
            Kind::Member => Self::Member,
            Kind::LbVserver => Self::Vserver,
            Kind::LbVserverGroup => Self::BindGroup,
            Kind::VserverCert => Self::BindCert,
            Kind::AddressRecord => Self::AddressRecord,
            Kind::AppController => Self::AppController,
            Kind::SessionAction => Self::SessionAction,
            // What is only read is never changed; it has no place of its own in the order.
            Kind::Gateway | Kind::GatewayPolicy | Kind::SessionPolicy | Kind::Address | Kind::Config => Self::Save,
        }
    }
}

/// An operation that has no number yet.
#[derive(Clone, Debug)]
pub struct Change {
    pub phase: Phase,
    pub verb: Verb,
    pub object: ObjectRef,
    pub attrs: Attrs,
    pub before: Attrs,
    pub reason: String,
}

impl Change {
    pub fn operation(self, seq: u32) -> model::plan::Operation {
        operation::build(seq, self.verb, self.object, self.attrs, self.before, self.reason)
    }
}
