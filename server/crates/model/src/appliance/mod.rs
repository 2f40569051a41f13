//! An appliance as people describe it: where it is, how to reach it, whom to trust. It is one NetScaler or a pair of them;
//! account, observer and write lock belong to the whole.

mod form;
mod half;
mod trust;

use crate::ids::ApplianceId;
pub use form::ApplianceForm;
pub use half::{ConnectBy, Half, HalfField, HalfSeen, Heard, Which};
use serde::{Deserialize, Serialize};
pub use trust::{Trust, fingerprint, fingerprint_text};

/// Everything but the password.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "Stored", into = "Stored")]
pub struct ApplianceSpec {
    pub title: String,
    pub user: String,
    /// The only one, or either one of a pair: which of them is the primary, they say themselves.
    pub first: Half,
    /// The other one of a pair, where it has an address of its own.
    pub second: Option<Half>,
}

/// As it is written: an appliance had one address once, whose fields stood among its own.
#[derive(Serialize, Deserialize)]
struct Stored {
    title: String,
    tls: bool,
    host: String,
    port: u16,
    user: String,
    connect: ConnectBy,
    trust: Trust,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    second: Option<Half>,
}

impl From<Stored> for ApplianceSpec {
    fn from(Stored { title, tls, host, port, user, connect, trust, second }: Stored) -> Self {
        Self { title, user, first: Half { tls, host, port, connect, trust }, second }
    }
}

impl From<ApplianceSpec> for Stored {
    fn from(ApplianceSpec { title, user, first, second }: ApplianceSpec) -> Self {
        let Half { tls, host, port, connect, trust } = first;
        Self { title, tls, host, port, user, connect, trust, second }
    }
}

impl ApplianceSpec {
    pub fn halves(&self) -> impl Iterator<Item = (Which, &Half)> {
        [(Which::First, Some(&self.first)), (Which::Second, self.second.as_ref())]
            .into_iter()
            .filter_map(|(which, half)| Some((which, half?)))
    }

    /// Its addresses as people read them; empty where nobody knows the host any more.
    pub fn url(&self) -> String {
        let urls: Vec<String> = self.halves().map(|(_, half)| half.url()).collect();
        urls.join(" and ")
    }
}

/// One appliance of the store.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Appliance {
    pub id: ApplianceId,
    pub spec: ApplianceSpec,
}
