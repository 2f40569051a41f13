//! What the console does not know, by name and with the reason. Nothing is green by silence: what is not in a row of the
//! tables, and not here, fails the test; and the page itself says of what stands here that it is not known.

use model::finding::CheckCode;

/// A fault that no look can tell.
pub struct Unknown {
    pub fault: &'static str,
    /// The rule that says so, and in which words.
    pub code: CheckCode,
    pub says: &'static str,
}

/// Faults of nodes.
pub const OF_NODES: &[Unknown] = &[
    // The status of an iOS check-in is told to devices alone: a healthy server refuses whoever shows no device's
    // certificate, and Gatehouse does not act as a device.
    Unknown { fault: "checkin_401", code: CheckCode::CheckIns, says: CHECK_INS },
    Unknown { fault: "checkin_412", code: CheckCode::CheckIns, says: CHECK_INS },
    // REST tells which directories are set up, and not whether a node reaches them. An account of a directory that is
    // refused looks like a wrong password; a local one goes on.
    Unknown {
        fault: "ldap_down",
        code: CheckCode::Directory,
        says: "Whether the nodes reach their directory is not known.",
    },
];

const CHECK_INS: &str = "Whether devices that are enrolled check in well is not known.";
