//! Circles that are there, each with its reason. A file leaves this list when its circle is cut; none may be added.

/// Crate, files, why.
pub const KNOWN: &[(&str, &[&str], &str)] = &[(
    "server/crates/services",
    &[
        "adapters/edges.rs",
        "adapters/netscaler.rs",
        "bus.rs",
        "clock.rs",
        "clusters.rs",
        "delays.rs",
        "health.rs",
        "lib.rs",
        "nodes/access.rs",
        "nodes/mod.rs",
        "nodes/open.rs",
        "nodes/pool.rs",
        "observe.rs",
        "plans.rs",
        "pool.rs",
        "readings.rs",
        "records.rs",
        "refusals/mod.rs",
        "runs/locks.rs",
        "setup/mod.rs",
        "setup/saving.rs",
        "setup/versions.rs",
        "standings.rs",
        "watch.rs",
    ],
    "Services is one type that holds every part and is implemented beside each of them; adapters hold it and call back up",
)];
