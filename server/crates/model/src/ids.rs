//! Row numbers with a type, so that a cluster's id cannot stand where an appliance's belongs.

use serde::{Deserialize, Serialize};
use std::{fmt, num::ParseIntError, str::FromStr};

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident),* $(,)?) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(pub i64);

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }

        impl FromStr for $name {
            type Err = ParseIntError;
            fn from_str(s: &str) -> Result<Self, Self::Err> {
                s.parse().map(Self)
            }
        }
    )*};
}

ids! {
    /// One NetScaler, or an HA pair of them.
    ApplianceId,
    /// One `XenMobile` cluster.
    ClusterId,
    /// One version of a cluster's desired state.
    VersionId,
    PlanId,
    PersonId,
    RecordId,
    /// What takes time is one act: its records share this number. A run's number is its act's.
    ActNo,
}
