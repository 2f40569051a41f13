//! One NetScaler: its account, sessions, configuration, what it knows about saving, and its place in a pair.

use std::{net::Ipv4Addr, sync::Arc, time::Duration};

use crate::{
    Immutables, Options, Version, clock::LabTime, ha::Membership, model::Config, seed::USER, sessions::Sessions,
};

pub(crate) struct Appliance {
    pub nsip: Ipv4Addr,
    /// Its name in the lab's name service and in `hanode`.
    pub host: String,
    /// The one SNIP that a set-up presupposes, and its netmask: it reaches nodes and virtual servers.
    pub snip: (Ipv4Addr, Ipv4Addr),
    pub user: String,
    pub password: String,
    pub sessions: Sessions,
    pub config: Config,
    /// What the last save wrote; a start reads it.
    pub saved: Arc<Config>,
    /// Whether the running configuration differs from the saved one.
    pub dirty: bool,
    /// A save whose answer has not gone out yet; a second one gets 293.
    pub saving: bool,
    pub changed_at: LabTime,
    pub saved_at: LabTime,
    pub booted_at: LabTime,
    pub version: Version,
    pub immutables: Immutables,
    /// How long a start takes, and when the present one is over.
    pub boot: Duration,
    pub ready_at: LabTime,
    /// Set while the power is off.
    pub off_since: Option<LabTime>,
    /// Its place in a pair; none when it is alone.
    pub ha: Option<Membership>,
    /// What a GET of a virtual server in a persistency group shows: its own persistence, or the group's.
    pub grouped_shows_own: bool,
}

impl Appliance {
    /// The appliance called `host`; `password` is settled already.
    pub fn new(nsip: Ipv4Addr, host: &str, options: &Options, password: &str, now: LabTime) -> Self {
        Self {
            nsip,
            host: host.to_owned(),
            snip: (Ipv4Addr::new(10, 20, 0, 10), Ipv4Addr::new(255, 255, 0, 0)),
            user: USER.to_owned(),
            password: password.to_owned(),
            sessions: Sessions::new(options.session_limit),
            config: Config::default(),
            saved: Arc::default(),
            dirty: false,
            saving: false,
            changed_at: now,
            saved_at: now,
            booted_at: now,
            version: options.version,
            immutables: options.immutables,
            boot: options.boot,
            ready_at: now.plus(options.boot),
            off_since: None,
            ha: None,
            grouped_shows_own: options.grouped_shows_own,
        }
    }

    pub fn knows(&self, user: &str, password: &str) -> bool {
        self.user == user && self.password == password
    }

    pub fn is_on(&self) -> bool {
        self.off_since.is_none()
    }

    /// The packet engine and the web server are there, NITRO is not yet.
    pub fn is_booting(&self, now: LabTime) -> bool {
        self.is_on() && now < self.ready_at
    }

    /// The running configuration becomes the saved one.
    pub fn save(&mut self, now: LabTime) {
        self.saved = Arc::new(self.config.clone());
        self.dirty = false;
        self.saved_at = now;
    }
}
