//! One NetScaler: its account, sessions, configuration, and what it knows about saving.

use std::{net::Ipv4Addr, sync::Arc};

use crate::{
    audit::{Audit, Host},
    caller::{Caller, DEFAULT_PARTITION},
    choices::{Choices, NoPolicy},
    clock::LabTime,
    model::Config,
    refusal::{Outcome, Refusal},
    schema::Fields,
    sessions::{Limits, Sessions},
};

pub(crate) struct Appliance {
    pub nsip: Ipv4Addr,
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
    /// Partitions besides the default one. While somebody works in one, `config` is its.
    pub partitions: Vec<Partition>,
    /// The text of the last save.
    pub saved: Arc<str>,
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
            sessions: Sessions::default(),
            session_limit,
            choices: Arc::default(),
            audit: Audit::default(),
            config: Config::default(),
            partitions: Vec::new(),
            saved: Arc::from(""),
            dirty: false,
            saving: false,
            changed_at: now,
            saved_at: now,
            booted_at: now,
        }
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

    pub fn host(&self) -> Host {
        Host { name: "ns01", nsip: self.nsip.into() }
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
}

/// The default of `systemparameter.maxclient`.
const MAX_CLIENT: usize = 40;

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
