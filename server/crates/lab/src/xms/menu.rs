//! The menu program of the appliance's command line. What it says is the profile's; here is only how it goes.

use std::{fmt::Write as _, sync::Arc};

use super::{
    members,
    profile::{Act, Cli, Entry, Menu},
};
use crate::node::Node;

/// How a session ends by itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum End {
    LogOut,
    Restart,
    Shutdown,
}

/// One person at the menus.
pub(super) struct Program {
    node: Arc<Node>,
    menu: String,
    /// An entry whose questions are not all answered.
    asking: Option<(Entry, Vec<String>)>,
}

impl Program {
    pub fn new(node: Arc<Node>) -> Self {
        Self { node, menu: "main".to_owned(), asking: None }
    }

    /// What is printed before anything is typed.
    pub fn opening(&self) -> String {
        let greeting = self.fill(&self.cli().greeting);
        format!("{greeting}{}", self.page())
    }

    /// Takes one line and says what is printed, and whether that was all.
    pub fn hear(&mut self, line: &str) -> (String, Option<End>) {
        let (entry, answers) = if let Some((entry, mut answers)) = self.asking.take() {
            answers.push(line.trim().to_owned());
            (entry, answers)
        } else if let Some(entry) = self.chosen(line) {
            (entry, Vec::new())
        } else {
            return (self.page(), None);
        };
        if let Some(question) = entry.ask.get(answers.len()) {
            let question = self.fill(question);
            self.asking = Some((entry, answers));
            return (question, None);
        }
        self.carry_out(&entry, &answers)
    }

    fn chosen(&self, line: &str) -> Option<Entry> {
        let number: usize = line.trim().parse().ok()?;
        self.here()?.entries.get(number).cloned()
    }

    fn carry_out(&mut self, entry: &Entry, answers: &[String]) -> (String, Option<End>) {
        let cli = self.cli();
        let agreed = answers.first().is_some_and(|answer| answer.eq_ignore_ascii_case(&cli.yes));
        let must_agree = entry.act.is_some_and(|act| !matches!(act, Act::LogOut | Act::WhiteList));
        if must_agree && !entry.ask.is_empty() && !agreed {
            return (format!("{}\n{}", cli.cancelled, self.page()), None);
        }
        let (said, end) = entry.act.map(|act| self.act(act, answers)).unwrap_or_default();
        let shown = entry.show.as_deref().map(|text| self.fill(text)).unwrap_or_default();
        if let Some(menu) = entry.go.as_ref().filter(|menu| self.cli().menus.contains_key(*menu)) {
            menu.clone_into(&mut self.menu);
        }
        let text = format!("{said}{shown}");
        match end {
            Some(end) => (text, Some(end)),
            None => (if text.is_empty() { self.page() } else { format!("{text}\n{}", self.page()) }, None),
        }
    }

    fn act(&self, act: Act, answers: &[String]) -> (String, Option<End>) {
        let cli = self.cli();
        let mut local = self.node.machine.local();
        let text = |now_on: bool, on: &str, off: &str| if now_on { on.to_owned() } else { off.to_owned() };
        match act {
            Act::LogOut => (String::new(), Some(End::LogOut)),
            Act::Restart => (String::new(), Some(End::Restart)),
            Act::Shutdown => (String::new(), Some(End::Shutdown)),
            Act::ToggleCluster => {
                local.clustered = !local.clustered;
                (text(local.clustered, &cli.cluster_on, &cli.cluster_off), Some(End::Restart))
            }
            Act::ToggleOffload => {
                local.offload = !local.offload;
                (text(local.offload, &cli.offload_on, &cli.offload_off), None)
            }
            Act::WhiteList => {
                local.white_list = answers.first().cloned().unwrap_or_default();
                (String::new(), None)
            }
        }
    }

    fn cli(&self) -> &Cli {
        &self.node.cluster.profile.cli
    }

    fn here(&self) -> Option<&Menu> {
        self.cli().menus.get(&self.menu)
    }

    /// The menu and its prompt.
    fn page(&self) -> String {
        let Some(menu) = self.here() else { return String::new() };
        let mut page = format!("{}\n", menu.title);
        for (number, entry) in menu.entries.iter().enumerate() {
            // Writing to a String cannot fail.
            let _infallible = writeln!(page, "[{number}] {}", entry.text);
        }
        page + &self.cli().choice.replace("{last}", &menu.entries.len().saturating_sub(1).to_string())
    }

    /// Puts facts in the place of their names.
    fn fill(&self, text: &str) -> String {
        let node = &self.node;
        let (ills, profile) = (node.machine.ills(), &node.cluster.profile);
        let facts: [(&str, &dyn Fn() -> String); 7] = [
            ("{ip}", &|| node.ip.to_string()),
            ("{fqdn}", &|| profile.site.fqdn.clone()),
            ("{node_id}", &|| ills.node_id(node.ip.to_bits(), &profile.ids)),
            ("{members}", &|| self.members()),
            ("{hazelcast}", &|| self.hazelcast()),
            ("{date}", &|| node.cluster.now().plus(ills.skew).nitro()),
            ("{white_list}", &|| node.machine.local().white_list.clone()),
        ];
        let mut text = text.to_owned();
        for (name, fact) in facts {
            if text.contains(name) {
                text = text.replace(name, &fact());
            }
        }
        text
    }

    fn members(&self) -> String {
        let rules = &self.node.cluster.profile.cluster;
        let line = |member: members::Member| {
            let status = if member.alive { &rules.status_active } else { &rules.status_dead };
            let role = if member.oldest { &rules.role_oldest } else { &rules.role_other };
            let line = self.cli().member.replace("{ip}", &member.ip.to_string());
            line.replace("{status}", status).replace("{role}", role)
        };
        members::seen_by(&self.node).into_iter().map(line).collect()
    }

    fn hazelcast(&self) -> String {
        let cli = self.cli();
        let line = |member: members::Member| {
            let this = if member.ip == self.node.ip { cli.hazelcast_this.as_str() } else { "" };
            cli.hazelcast_member.replace("{ip}", &member.ip.to_string()).replace("{this}", this)
        };
        members::seen_by(&self.node).into_iter().filter(|member| member.alive).map(line).collect()
    }
}
