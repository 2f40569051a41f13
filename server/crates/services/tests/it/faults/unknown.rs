//! What the console does not know, by name and with the reason. Nothing is green by silence: what is not in a row of the
//! tables, and not here, fails the test.

/// Faults of nodes that no look can tell.
pub const OF_NODES: &[(&str, &str)] = &[
    (
        "checkin_401",
        "The status of an iOS check-in is told to devices alone: a healthy server refuses whoever shows no device's \
         certificate, and Gatehouse does not act as a device.",
    ),
    ("checkin_412", "As checkin_401."),
    (
        "ldap_down",
        "REST tells which directories are set up, and not whether a node reaches them. An account of a directory that is \
         refused looks like a wrong password; a local one goes on.",
    ),
];
