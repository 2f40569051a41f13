//! The first-time-use wizard of a machine that was never set up. Questions and texts are the profile's; here is their
//! order of events: what is asked again, which way it goes after the database, and what comes of it.

use super::{
    database::{Database, Founding},
    disk::Network,
    menu::{End, fill, tools},
    profile::{Check, FirstUse, Kind, Step, Way},
};
use crate::node::Node;
use std::{collections::BTreeMap, net::Ipv4Addr, sync::Arc};

/// The password of the console's local users in a new database.
const CONSOLE_PASSWORD: &str = "console_password";

pub(super) struct Wizard {
    node: Arc<Node>,
    answers: BTreeMap<String, String>,
    at: usize,
    way: Option<Way>,
    /// The database that is joined.
    found: Option<Arc<Database>>,
}

/// What a check says, and where it goes on from.
enum Verdict {
    Next(String),
    Again(String, String),
}

impl Wizard {
    pub fn new(node: Arc<Node>) -> Self {
        Self { node, answers: BTreeMap::new(), at: 0, way: None, found: None }
    }

    pub fn opening(&mut self) -> String {
        let greeting = self.texts().greeting.clone();
        format!("{greeting}{}", self.go_on().0)
    }

    pub fn hear(&mut self, line: &str) -> (String, Option<End>) {
        let Some(step) = self.texts().steps.get(self.at).cloned() else { return (String::new(), Some(End::LogOut)) };
        let typed = line.trim();
        let answer = if typed.is_empty() { step.default.clone().unwrap_or_default() } else { typed.to_owned() };
        if !self.accepts(&step, &answer) {
            let invalid = &self.node.cluster.profile.cli.says.invalid;
            return (format!("{invalid}{}", fill(&self.node, step.ask.as_deref().unwrap_or_default())), None);
        }
        self.answers.insert(step.name, answer);
        match step.check.map_or(Verdict::Next(String::new()), |check| self.check(check)) {
            Verdict::Next(said) => {
                self.at += 1;
                let (text, end) = self.go_on();
                (format!("{said}{text}"), end)
            }
            Verdict::Again(said, from) => {
                self.go_back_to(&from);
                let (text, end) = self.go_on();
                (format!("{said}{text}"), end)
            }
        }
    }

    fn texts(&self) -> &FirstUse {
        &self.node.cluster.profile.cli.first_use
    }

    fn answer(&self, name: &str) -> &str {
        self.answers.get(name).map(String::as_str).unwrap_or_default()
    }

    fn is_yes(&self, name: &str) -> bool {
        self.answer(name).eq_ignore_ascii_case(&self.node.cluster.profile.cli.yes)
    }

    fn accepts(&self, step: &Step, answer: &str) -> bool {
        let cli = &self.node.cluster.profile.cli;
        let shape = match step.kind {
            Kind::Optional => true,
            Kind::Text => !answer.is_empty(),
            Kind::YesNo => [&cli.yes, &cli.no].iter().any(|word| answer.eq_ignore_ascii_case(word)),
            Kind::Address => answer.parse::<Ipv4Addr>().is_ok(),
            Kind::Port => answer.parse::<u16>().is_ok_and(|port| port > 0),
        };
        shape && step.same_as.as_ref().is_none_or(|name| self.answer(name) == answer)
    }

    fn applies(&self, step: &Step) -> bool {
        let on_the_way = step.only.is_none_or(|way| self.way == Some(way));
        let wanted = |(name, value): &(String, String)| self.answer(name).eq_ignore_ascii_case(value);
        on_the_way && step.when.as_ref().is_none_or(wanted)
    }

    /// Prints what stands before the next question and the question, or finishes.
    fn go_on(&mut self) -> (String, Option<End>) {
        let mut said = String::new();
        while let Some(step) = self.texts().steps.get(self.at).cloned() {
            if self.applies(&step) {
                said.push_str(&fill(&self.node, &step.say));
                if let Some(ask) = &step.ask {
                    return (said + &fill(&self.node, ask), None);
                }
            }
            self.at += 1;
        }
        let (text, end) = self.finish();
        (said + &text, end)
    }

    fn go_back_to(&mut self, name: &str) {
        self.at = self.texts().steps.iter().position(|step| step.name == name).unwrap_or_default();
    }

    fn check(&mut self, check: Check) -> Verdict {
        let says = &self.node.cluster.profile.cli.says;
        let again = |text: &str, from: &str| Verdict::Again(text.to_owned(), from.to_owned());
        match check {
            Check::Network if !self.is_yes("network_commit") => again("", "ip"),
            Check::Network => {
                let taken = self.answer("ip").parse().is_ok_and(|ip| tools::is_taken(&self.node, ip));
                Verdict::Next(if taken { self.texts().address_taken.clone() } else { String::new() })
            }
            Check::Database => {
                let login = tools::Login {
                    server: self.answer("database_server").to_owned(),
                    port: self.answer("database_port").to_owned(),
                    user: self.answer("database_user").to_owned(),
                    password: self.answer("database_password").to_owned(),
                };
                match tools::log_in_to_database(&self.node, &login) {
                    tools::DatabaseDoor::Unreachable => again(&says.database_unreachable, "database_server"),
                    tools::DatabaseDoor::Refused => again(&says.database_refused, "database_server"),
                    tools::DatabaseDoor::Open => {
                        self.found = self.node.cluster.database(self.answer("database_name"));
                        self.way = Some(if self.found.is_some() { Way::Join } else { Way::First });
                        let there = self.found.is_some();
                        Verdict::Next(if there { self.texts().already_there.clone() } else { String::new() })
                    }
                }
            }
        }
    }

    /// What the answers make of the machine: a member, an island of its own, or nothing when they do not fit.
    fn finish(&mut self) -> (String, Option<End>) {
        let mut said = String::new();
        let mut passphrase = self.answer("passphrase").to_owned();
        if self.is_yes("passphrase_random") {
            let Ok(random) = crate::random::hex(16) else { return (said, Some(End::LogOut)) };
            said.push_str(&self.texts().passphrase_shown.replace("{passphrase}", &random));
            passphrase = random;
        }
        let one = self.answer("pki_root").to_owned();
        let same = self.is_yes("pki_same");
        let pki = |name: &str| if same { one.clone() } else { self.answer(name).to_owned() };
        let founding = Founding {
            database: self.answer("database_name").to_owned(),
            fqdn: self.answer("fqdn").to_owned(),
            passphrase,
            fips: self.is_yes("fips"),
            pki: [one.clone(), pki("pki_server"), pki("pki_devices")],
        };
        let database = if let Some(found) = self.found.clone() {
            let there =
                Founding { fqdn: found.founding.fqdn.clone(), database: found.founding.database.clone(), ..founding };
            if there != found.founding {
                let refused = self.texts().join_refused.clone();
                *self = Self::new(Arc::clone(&self.node));
                return (format!("{said}{refused}{}", self.opening()), None);
            }
            said.push_str(&self.texts().done_join);
            found
        } else {
            let made = self.node.cluster.found(founding, self.answer(CONSOLE_PASSWORD));
            let Ok(made) = made else { return (said, Some(End::LogOut)) };
            said.push_str(&self.texts().done_first);
            made
        };
        self.settle(&database);
        (said.replace("{fqdn}", &database.founding.fqdn), Some(End::Restart))
    }

    fn settle(&self, database: &Arc<Database>) {
        let address = |name: &str| self.answer(name).parse::<Ipv4Addr>().ok();
        let mut local = self.node.machine.local();
        let disk = &mut local.disk;
        self.answer("admin_password").clone_into(&mut disk.cli_password);
        let now = disk.network.clone();
        disk.network = Network {
            ip: address("ip").unwrap_or(now.ip),
            netmask: address("netmask").unwrap_or(now.netmask),
            gateway: address("gateway").unwrap_or(now.gateway),
            dns: ["dns1", "dns2"].into_iter().filter_map(address).collect(),
        };
        disk.clustered = self.way == Some(Way::Join) || self.is_yes("cluster");
        local.database = Some(Arc::clone(database));
    }
}
