//! One NetScaler: its account, sessions, configuration, and what it knows about saving.

use std::net::Ipv4Addr;

use crate::{
    clock::LabTime,
    model::{Config, Persistence},
    sessions::Sessions,
    traffic::Turns,
};

pub(crate) struct Appliance {
    pub nsip: Ipv4Addr,
    /// The one SNIP that a set-up presupposes, and its netmask: it reaches nodes and virtual servers.
    pub snip: (Ipv4Addr, Ipv4Addr),
    pub user: String,
    pub password: String,
    pub sessions: Sessions,
    pub config: Config,
    /// Which clients belong to which members.
    pub persistence: Persistence,
    /// Whose turn it is among equal members.
    pub turns: Turns,
    /// Whether the running configuration differs from the saved one.
    pub dirty: bool,
    /// A save whose answer has not gone out yet; a second one gets 293.
    pub saving: bool,
    pub changed_at: LabTime,
    pub saved_at: LabTime,
    pub booted_at: LabTime,
}

impl Appliance {
    pub fn new(user: &str, password: &str, session_limit: usize, now: LabTime) -> Self {
        Self {
            nsip: Ipv4Addr::new(10, 0, 0, 10),
            snip: (Ipv4Addr::new(10, 20, 0, 10), Ipv4Addr::new(255, 255, 0, 0)),
            user: user.to_owned(),
            password: password.to_owned(),
            sessions: Sessions::new(session_limit),
            config: Config::default(),
            persistence: Persistence::default(),
            turns: Turns::default(),
            dirty: false,
            saving: false,
            changed_at: now,
            saved_at: now,
            booted_at: now,
        }
    }

    pub fn knows(&self, user: &str, password: &str) -> bool {
        self.user == user && self.password == password
    }
}
