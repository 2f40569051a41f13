//! What there is to know of each kind of object: names, keys, managed attributes, defaults (`nitro.md` 3.6 to 3.12, 5.2).

mod normalise;
mod rules;
mod table;

use model::object::Kind;
pub use normalise::{equal, normalise, normalise_json, spelled};
pub use rules::{Attribute, Changeable, KeyPart, KindRules, OFF, ON, Preset, STATE, ValueForm, is_off};

/// The rules of a kind.
pub const fn of(kind: Kind) -> &'static KindRules {
    match kind {
        Kind::Feature => &table::FEATURE,
        Kind::Server => &table::SERVER,
        Kind::ServiceGroup => &table::SERVICE_GROUP,
        Kind::Member => &table::MEMBER,
        Kind::LbVserver => &table::LB_VSERVER,
        Kind::LbVserverGroup => &table::LB_VSERVER_GROUP,
        Kind::CertFile => &table::CERT_FILE,
        Kind::CertKey => &table::CERT_KEY,
        Kind::CertLink => &table::CERT_LINK,
        Kind::VserverCert => &table::VSERVER_CERT,
        Kind::AddressRecord => &table::ADDRESS_RECORD,
        Kind::AppController => &table::APP_CONTROLLER,
        Kind::SessionAction => &table::SESSION_ACTION,
        Kind::Gateway => &table::GATEWAY,
        Kind::GatewayPolicy => &table::GATEWAY_POLICY,
        Kind::SessionPolicy => &table::SESSION_POLICY,
        Kind::Address => &table::ADDRESS,
        Kind::Config => &table::CONFIG,
    }
}

/// The feature is needed by more than us, a server by anybody's members: both are used without being owned.
pub const fn needs_ownership(kind: Kind) -> bool {
    !matches!(kind, Kind::Feature | Kind::Server | Kind::Config)
}

/// Gatehouse reads it for choices and checks, and never makes or changes it.
pub const fn only_read(kind: Kind) -> bool {
    matches!(kind, Kind::Gateway | Kind::GatewayPolicy | Kind::SessionPolicy | Kind::Address)
}

/// Others make it; Gatehouse changes it where it is and never makes or removes it.
pub const fn changed_only(kind: Kind) -> bool {
    matches!(kind, Kind::SessionAction) || only_read(kind)
}
