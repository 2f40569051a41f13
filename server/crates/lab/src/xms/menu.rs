//! The menu program of the appliance's command line. What it says is the profile's; here is only how it goes.

use super::profile::{Act, Cli, Entry, Menu};
use crate::node::Node;
use std::{fmt::Write as _, sync::Arc};

mod acts;
mod facts;
pub(super) mod tools;

pub(super) use facts::fill;

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
        let recovery = self.node.machine.local().is_in_recovery();
        let notice = if recovery { self.cli().recovery.as_str() } else { "" };
        format!("{greeting}{notice}{}", self.page())
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
        let declined =
            entry.agree && answers.first().is_some_and(|answer| !answer.eq_ignore_ascii_case(&self.cli().yes));
        if declined {
            return (format!("{}\n{}", self.cli().cancelled, self.page()), None);
        }
        if let Some(question) = entry.ask.get(answers.len()) {
            let question = self.fill(question);
            self.asking = Some((entry, answers));
            return (question, None);
        }
        self.carry_out(&entry, &answers)
    }

    fn chosen(&self, line: &str) -> Option<Entry> {
        let number: usize = line.trim().parse().ok()?;
        let mut entry = self.here()?.entries.get(number).cloned()?;
        if entry.act == Some(Act::Firewall) {
            let services = &self.cli().services;
            let asked = services.iter().flat_map(|service| {
                let put = |ask: &String| {
                    ask.replace("{service}", &service.name).replace("{service_port}", &service.port.to_string())
                };
                self.cli().service_ask.iter().map(put)
            });
            entry.ask = asked.collect();
        }
        Some(entry)
    }

    fn carry_out(&mut self, entry: &Entry, answers: &[String]) -> (String, Option<End>) {
        let (said, end) = entry.act.map(|act| self.act(entry, act, answers)).unwrap_or_default();
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
        fill(&self.node, text)
    }
}
