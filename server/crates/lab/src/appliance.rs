//! One NetScaler: its account, sessions, configuration, what it knows about saving, and its place in a pair.

use crate::{
    Immutables, Options, Version,
    audit::{Audit, Host},
    caller::{Caller, DEFAULT_PARTITION},
    choices::{Choices, NoPolicy},
    clock::LabTime,
    ha::Membership,
    model::{Config, File, Persistence},
    refusal::{Outcome, Refusal},
    resources::View,
    schema::Fields,
    script,
    seed::USER,
    sessions::{Limits, Sessions},
    traffic::Turns,
};
use std::{borrow::Cow, net::Ipv4Addr, sync::Arc, time::Duration};

pub(crate) struct Appliance {
    pub nsip: Ipv4Addr,
    /// Its name in the lab's name service and in `hanode`.
    pub host: String,
    /// The one SNIP that a set-up presupposes, and its netmask: it reaches nodes and virtual servers.
    pub snip: (Ipv4Addr, Ipv4Addr),
    pub user: String,
    pub password: String,
    pub sessions: Sessions,
    /// Sessions of a user that says nothing else.
    pub session_limit: usize,
    pub choices: Arc<Choices>,
    pub audit: Audit,
    pub config: Config,
    /// Which clients belong to which members.
    pub persistence: Persistence,
    /// Whose turn it is among equal members.
    pub turns: Turns,
    /// Partitions besides the default one. While somebody works in one, `config` is its.
    pub partitions: Vec<Partition>,
    /// What the last save wrote; a start reads it.
    pub saved: Arc<Config>,
    /// `ns.conf` and those that it replaced, newest first: what saves write, and nobody uploads.
    pub saved_files: Vec<File>,
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
        let mut appliance = Self {
            nsip,
            host: host.to_owned(),
            snip: (Ipv4Addr::new(10, 20, 0, 10), Ipv4Addr::new(255, 255, 0, 0)),
            user: USER.to_owned(),
            password: password.to_owned(),
            sessions: Sessions::default(),
            session_limit: options.session_limit,
            choices: Arc::default(),
            audit: Audit::default(),
            config: Config::default(),
            persistence: Persistence::default(),
            turns: Turns::default(),
            partitions: Vec::new(),
            saved: Arc::default(),
            saved_files: Vec::new(),
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
        };
        appliance.choose(options.choices.clone());
        appliance
    }

    /// Whether user and password belong together.
    pub fn knows(&self, user: &str, password: &str) -> bool {
        if user == self.user {
            return self.password == password;
        }
        let secret = self.config.access.user(user).and_then(|account| account.secret.as_ref());
        secret.is_some_and(|secret| secret.is(password))
    }

    /// How many sessions a user may have, and all together.
    pub fn limits(&self, user: &str) -> Limits {
        let count = |value: Option<i64>| value.and_then(|value| usize::try_from(value).ok());
        let access = &self.config.access;
        let own = access.user(user).and_then(|account| count(account.set.number("maxsession")));
        let all = count(access.parameter.number("maxclient"));
        Limits { user: own.unwrap_or(self.session_limit), all: all.unwrap_or(MAX_CLIENT) }
    }

    /// What a user without any command policy hears for a line.
    fn without_policy(&self, line: &str) -> Refusal {
        match self.choices.no_policy {
            NoPolicy::Named => Refusal::new(371),
            NoPolicy::Plain => Refusal::about(2138, &[line]),
        }
    }

    /// Whether somebody may give this command.
    pub fn judge(&self, caller: &Caller, line: &str) -> Outcome {
        if caller.superuser {
            return Ok(());
        }
        self.config.access.judge(&caller.user, line, &self.without_policy(line))
    }

    /// Logs a command and how it went.
    pub fn note(&mut self, caller: &Caller, line: String, failure: Option<&Refusal>, now: LabTime) {
        self.audit.note(caller, line, failure.map(Refusal::message), self.choices.audit_noise, now);
    }

    pub fn host(&self) -> Host<'_> {
        Host { name: self.config.hostname.as_ref().unwrap_or(&self.host), nsip: self.nsip.into() }
    }

    /// Takes other choices. The partition in which sessions begin is made when it is missing.
    pub fn choose(&mut self, choices: Choices) {
        if let Some(name) = choices.session_partition.as_deref().filter(|name| *name != DEFAULT_PARTITION)
            && !self.partitions.iter().any(|partition| partition.name() == name)
        {
            let mut partition = Partition::default();
            partition.set.put("partitionname", name);
            self.partitions.push(partition);
        }
        self.choices = Arc::new(choices);
    }

    /// Puts the configuration of a partition in the place of the default one, or back. Accounts are everybody's.
    pub fn swap_partition(&mut self, name: &str) {
        if let Some(partition) = self.partitions.iter_mut().find(|partition| partition.name() == name) {
            std::mem::swap(&mut self.config, &mut partition.config);
            std::mem::swap(&mut self.config.access, &mut partition.config.access);
        }
    }

    pub fn is_on(&self) -> bool {
        self.off_since.is_none()
    }

    /// The packet engine and the web server are there, NITRO is not yet.
    pub fn is_booting(&self, now: LabTime) -> bool {
        self.is_on() && now < self.ready_at
    }

    /// Nobody belongs to any member any more: after a start, and when roles or the configuration change.
    pub fn forget_clients(&mut self) {
        (self.persistence, self.turns) = Default::default();
    }

    /// What the last save wrote, as text; nothing before the first one.
    pub fn saved_text(&self) -> Cow<'_, str> {
        self.saved_files.first().map_or(Cow::Borrowed(""), File::text)
    }

    /// The running configuration becomes the saved one.
    pub fn save(&mut self, now: LabTime) {
        self.saved = Arc::new(self.config.clone());
        self.dirty = false;
        self.saved_at = now;
        let text = script::text(&View::plain(self, now, &Caller::lab()), false);
        let content = text.into_bytes().into();
        self.saved_files
            .insert(0, File { name: String::new(), location: CONFIG_FOLDER.to_owned(), content, modified: now });
        self.saved_files.truncate(SAVED_FILES);
        for (age, file) in self.saved_files.iter_mut().enumerate() {
            file.name = age.checked_sub(1).map_or_else(|| "ns.conf".to_owned(), |age| format!("ns.conf.{age}"));
        }
    }
}

/// The default of `systemparameter.maxclient`.
const MAX_CLIENT: usize = 40;

/// Where saves write to, and how many of them are kept.
const CONFIG_FOLDER: &str = "/nsconfig";
const SAVED_FILES: usize = 6;

/// One partition: what was said of it, and a configuration of its own.
#[derive(Default)]
pub(crate) struct Partition {
    pub set: Fields,
    pub config: Config,
}

impl Partition {
    pub fn name(&self) -> &str {
        self.set.text("partitionname")
    }
}
