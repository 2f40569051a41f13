//! A `server`: an address with a name.

use super::{Called, Id, Switch};
use crate::{clock::LabTime, schema::Fields};
use std::net::IpAddr;

#[derive(Clone, Debug)]
pub(crate) struct Server {
    pub id: Id,
    pub set: Fields,
    pub switch: Switch,
    pub changed: LabTime,
}

impl Server {
    pub fn address(&self) -> Option<IpAddr> {
        self.set.get("ipaddress")?.parse().ok()
    }
}

impl Called for Server {
    fn id(&self) -> Id {
        self.id
    }

    fn name(&self) -> &str {
        self.set.text("name")
    }
}
