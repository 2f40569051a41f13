//! The parts of the REST interface that an administrator of a cluster needs (`xenmobile.md` 1.7): how to ask for each,
//! and how to read the answer. No I/O.

pub mod certificates;
pub mod devices;
pub mod gateways;
pub mod ldap;
pub mod licences;
pub mod properties;

pub use certificates::{ApnsCheck, Certificate, CertificateKind, Certificates};
pub use devices::DeviceCount;
pub use gateways::{Callback, Gateway, LogonType};
pub use ldap::{Directory, SearchBy};
pub use licences::{Licence, LicenceExpiry, LicenceServer, ServerType};
pub use properties::{Lifetime, ServerProperty};
