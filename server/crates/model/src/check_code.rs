//! The rules by name.

use serde::{Deserialize, Serialize};

/// The rules, each with a word that stays: filters, links and records refer to it. Of findings that are equally bad,
/// those come first whose rule stands first here: what takes service away, what gives it wrongly, upkeep.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum CheckCode {
    /// The appliance was seen lately enough to be judged by.
    Sight,
    /// The appliance that was read is the primary of its pair.
    Primary,
    /// The other half of the pair stands ready and has the same configuration.
    Pair,
    Features,
    /// Nodes answer the appliance, and are members where they should be.
    Members,
    /// A node runs and serves nobody until somebody repairs it.
    RecoveryMode,
    /// Nodes answer Gatehouse itself with TLS, on the ports that devices use.
    NodePorts,
    /// Nodes reach their database.
    Database,
    VirtualServers,
    Groups,
    /// Clocks of nodes agree with each other and with ours.
    Clocks,
    /// The nodes are one cluster, by their own lists.
    Membership,
    CertificateBound,
    CertificateValid,
    CertificateName,
    CertificateChain,
    /// What nodes show on the ports that devices use.
    NodeCertificate,
    /// What the nodes say of their numbers.
    NodeIds,
    /// Each member of the MAM group carries the number of its node.
    ServerIds,
    MdmPersistence,
    MamPersistence,
    Gateway,
    AppController,
    SessionAction,
    AddressRecord,
    /// Devices may check in.
    CheckIns,
    /// The certificate for Apple's push service.
    Apns,
    Licences,
    /// Nodes reach the directory of their users.
    Directory,
    /// Nodes show the keys that somebody accepted.
    NodeKeys,
    /// All nodes run the same version.
    Versions,
    /// Nodes let Gatehouse in where it has an account.
    NodeAccess,
    /// What could not be read of the appliance.
    Readable,
    /// What is described has been applied.
    Applied,
    Saved,
}

impl CheckCode {
    pub const ALL: [Self; 35] = [
        Self::Sight,
        Self::Primary,
        Self::Pair,
        Self::Features,
        Self::Members,
        Self::RecoveryMode,
        Self::NodePorts,
        Self::Database,
        Self::VirtualServers,
        Self::Groups,
        Self::Clocks,
        Self::Membership,
        Self::CertificateBound,
        Self::CertificateValid,
        Self::CertificateName,
        Self::CertificateChain,
        Self::NodeCertificate,
        Self::NodeIds,
        Self::ServerIds,
        Self::MdmPersistence,
        Self::MamPersistence,
        Self::Gateway,
        Self::AppController,
        Self::SessionAction,
        Self::AddressRecord,
        Self::CheckIns,
        Self::Apns,
        Self::Licences,
        Self::Directory,
        Self::NodeKeys,
        Self::Versions,
        Self::NodeAccess,
        Self::Readable,
        Self::Applied,
        Self::Saved,
    ];

    /// The word that stays; the same as in JSON.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Sight => "sight",
            Self::Primary => "primary",
            Self::Pair => "pair",
            Self::Features => "features",
            Self::Members => "members",
            Self::RecoveryMode => "recovery-mode",
            Self::NodePorts => "node-ports",
            Self::Database => "database",
            Self::VirtualServers => "virtual-servers",
            Self::Groups => "groups",
            Self::Clocks => "clocks",
            Self::Membership => "membership",
            Self::CertificateBound => "certificate-bound",
            Self::CertificateValid => "certificate-valid",
            Self::CertificateName => "certificate-name",
            Self::CertificateChain => "certificate-chain",
            Self::NodeCertificate => "node-certificate",
            Self::NodeIds => "node-ids",
            Self::ServerIds => "server-ids",
            Self::MdmPersistence => "mdm-persistence",
            Self::MamPersistence => "mam-persistence",
            Self::Gateway => "gateway",
            Self::AppController => "app-controller",
            Self::SessionAction => "session-action",
            Self::AddressRecord => "address-record",
            Self::CheckIns => "check-ins",
            Self::Apns => "apns",
            Self::Licences => "licences",
            Self::Directory => "directory",
            Self::NodeKeys => "node-keys",
            Self::Versions => "versions",
            Self::NodeAccess => "node-access",
            Self::Readable => "readable",
            Self::Applied => "applied",
            Self::Saved => "saved",
        }
    }

    /// What it finds may be the doing of whoever changes the appliance's configuration; the rest is the nodes' own, or time's.
    pub const fn is_of_configuration(self) -> bool {
        matches!(
            self,
            Self::Features
                | Self::Members
                | Self::VirtualServers
                | Self::Groups
                | Self::CertificateBound
                | Self::CertificateName
                | Self::CertificateChain
                | Self::ServerIds
                | Self::MdmPersistence
                | Self::MamPersistence
                | Self::Gateway
                | Self::AppController
                | Self::SessionAction
                | Self::AddressRecord
                | Self::Applied
                | Self::Saved
        )
    }

    /// Whether a cluster can be called well while this one is not known.
    pub const fn is_vital(self) -> bool {
        matches!(
            self,
            Self::Sight | Self::Primary | Self::VirtualServers | Self::Groups | Self::Members | Self::NodePorts
        )
    }
}
