//! The state machine: `AwaitMenu -> Send(choice) -> AwaitMenu`, with what was printed in between.

use super::{Menu, Screen};
use crate::{CliProblem, Credentials, Profile, profile::Pattern};
use secrecy::{ExposeSecret, SecretString};
use std::sync::Arc;
use wire::excerpt;

/// What to look up. Nothing that changes a node is among them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Task {
    /// Clustering, Show Cluster Status.
    ClusterStatus,
    /// Clustering, Display Hazelcast Cluster.
    Hazelcast,
    /// System, Display System Date.
    Date,
}

impl Task {
    const fn name(self) -> &'static str {
        match self {
            Self::ClusterStatus => "Show Cluster Status",
            Self::Hazelcast => "Display Hazelcast Cluster",
            Self::Date => "Display System Date",
        }
    }

    /// The two entries that lead there.
    fn path(self, profile: &Profile) -> [(&'static str, &Pattern); 2] {
        let entries = &profile.cli.entries;
        match self {
            Self::ClusterStatus => [("Clustering", &entries.clustering), (self.name(), &entries.cluster_status)],
            Self::Hazelcast => [("Clustering", &entries.clustering), (self.name(), &entries.hazelcast)],
            Self::Date => [("System", &entries.system), (self.name(), &entries.date)],
        }
    }
}

/// What to do next.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DriverStep {
    /// Wait for more, at most the menu's time limit.
    Wait,
    /// Send this, then wait.
    Send(Reply),
    /// Nothing more to do: [`Driver::finish`].
    Done,
}

/// Bytes to send; may be a password, so they are not printed.
#[derive(Clone, PartialEq, Eq)]
pub struct Reply(pub Vec<u8>);

impl std::fmt::Debug for Reply {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Reply({} bytes)", self.0.len())
    }
}

/// One task's outcome: what was printed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Visit {
    /// Which.
    pub task: Task,
    /// What it printed, without menu and echo.
    pub text: Result<String, CliProblem>,
}

/// All outcomes, in the order asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Transcript {
    /// One per task.
    pub visits: Vec<Visit>,
    /// The menu program's own login refused the account; its words.
    pub refused: Option<String>,
}

/// Drives the menu program through some tasks.
pub struct Driver {
    profile: Arc<Profile>,
    user: String,
    secret: SecretString,
    screen: Screen,
    tasks: Vec<Task>,
    visits: Vec<Visit>,
    /// Which of the task's entries comes next; 2 while its answer is awaited.
    level: usize,
    sent: String,
    rounds: usize,
    password_sent: bool,
    menu_seen: bool,
    refused: Option<String>,
    over: bool,
}

impl Driver {
    /// For these tasks. The account is for a login prompt of the menu program's own, should there be one.
    pub fn new(profile: impl Into<Arc<Profile>>, account: &Credentials, tasks: &[Task]) -> Self {
        Self {
            profile: profile.into(),
            user: account.user.clone(),
            secret: account.secret.clone(),
            screen: Screen::default(),
            tasks: tasks.to_vec(),
            visits: Vec::new(),
            level: 0,
            sent: String::new(),
            rounds: 0,
            password_sent: false,
            menu_seen: false,
            refused: None,
            over: false,
        }
    }

    /// Takes what came, in pieces of any size.
    pub fn receive(&mut self, bytes: &[u8]) -> DriverStep {
        if self.over {
            return DriverStep::Done;
        }
        self.screen.write(bytes);
        // Menus, prompts and pauses all end in a line that waits; a text that goes on is not looked at.
        let last = self.screen.last_line();
        if self.screen.overflown() {
            return self.stop(CliProblem::Lost { tail: self.tail() });
        }
        if last.trim().is_empty() {
            return DriverStep::Wait;
        }
        if self.profile.cli.prompt.is_match(&last)
            && let Some(menu) = Menu::find(&self.screen.text(), &self.profile.cli)
        {
            return self.choose(&menu);
        }
        self.prompted(&last)
    }

    /// The time for a menu has passed.
    pub fn expired(&mut self) -> DriverStep {
        let problem = CliProblem::Silent { waiting_for: self.waiting_for(), tail: self.tail() };
        self.stop(problem)
    }

    /// The node closed the connection.
    pub fn closed(&mut self) -> DriverStep {
        let problem = CliProblem::Closed { waiting_for: self.waiting_for(), tail: self.tail() };
        self.stop(problem)
    }

    /// Whether all is done: what is still to be sent needs no answer.
    pub fn is_over(&self) -> bool {
        self.over
    }

    /// Whether a menu was seen: the account was not refused, and no password is asked for any more.
    pub fn is_in(&self) -> bool {
        self.menu_seen
    }

    /// What was found.
    pub fn finish(self) -> Transcript {
        Transcript { visits: self.visits, refused: self.refused }
    }

    fn task(&self) -> Option<Task> {
        self.tasks.get(self.visits.len()).copied()
    }

    fn choose(&mut self, menu: &Menu) -> DriverStep {
        self.menu_seen = true;
        if self.level == 2
            && let Some(task) = self.task()
        {
            let text = self.answer(menu);
            self.record(task, Ok(text));
        }
        loop {
            let Some(task) = self.task() else { return self.leave(menu) };
            let path = task.path(&self.profile);
            // Already in the right menu, from the task before.
            if self.level == 0 && menu.entry(path[1].1).is_some() {
                self.level = 1;
            }
            let (name, wanted) = path[self.level.min(1)];
            if let Some(entry) = menu.entry(wanted) {
                let number = entry.number.clone();
                self.level = self.level.min(1) + 1;
                return self.send(number);
            }
            if self.level == 0
                && let Some(back) = menu.entry(&self.profile.cli.entries.back)
            {
                return self.send(back.number.clone());
            }
            let entries = menu.entries.iter().map(|entry| excerpt(entry.text.as_bytes())).collect();
            let problem = CliProblem::NoEntry { wanted: name.to_owned(), menu: menu.name(), entries };
            self.record(task, Err(problem));
        }
    }

    /// To the main menu, and out; the connection is closed in any case.
    fn leave(&mut self, menu: &Menu) -> DriverStep {
        let entries = &self.profile.cli.entries;
        let (out, back) = (menu.entry(&entries.log_out), menu.entry(&entries.back));
        let number = out.or(back).map(|entry| entry.number.clone());
        self.over = out.is_some() || back.is_none();
        number.map_or(DriverStep::Done, |number| self.send(number))
    }

    fn send(&mut self, text: String) -> DriverStep {
        self.rounds += 1;
        if self.rounds > 8 * (self.tasks.len() + 1) {
            return self.stop(CliProblem::Lost { tail: self.tail() });
        }
        self.screen.clear();
        let bytes = format!("{text}\r").into_bytes();
        self.sent = text;
        DriverStep::Send(Reply(bytes))
    }

    /// A line that waits and is no menu.
    fn prompted(&mut self, last: &str) -> DriverStep {
        let cli = &self.profile.cli;
        if let Some(pause) = cli.pauses.iter().find(|pause| pause.pattern.is_match(last)) {
            let answer = pause.answer.clone().into_bytes();
            self.rounds += 1;
            if self.rounds > 64 {
                return self.stop(CliProblem::Lost { tail: self.tail() });
            }
            // The line has been answered; the text above it is still wanted.
            self.screen.write(b"\r\n");
            return DriverStep::Send(Reply(answer));
        }
        if cli.question.is_match(last) {
            return self.stop(CliProblem::Question { text: self.scrubbed(last) });
        }
        if self.menu_seen {
            return DriverStep::Wait;
        }
        if cli.first_use.is_match(last) {
            return self.stop(CliProblem::FirstUse { text: self.scrubbed(last) });
        }
        let login = cli.login.is_match(last) && !cli.not_login.is_match(last);
        let password = cli.password.is_match(last);
        if (login || password) && self.password_sent {
            self.refused = Some(self.tail());
            return self.stop(CliProblem::Closed { waiting_for: self.waiting_for(), tail: self.tail() });
        }
        if password {
            self.password_sent = true;
            self.screen.clear();
            return DriverStep::Send(Reply(format!("{}\r", self.secret.expose_secret()).into_bytes()));
        }
        if login { self.send(self.user.clone()) } else { DriverStep::Wait }
    }

    /// What the entry printed: without the echo of our choice, and without the menu's title where a blank line stands
    /// before it.
    fn answer(&self, menu: &Menu) -> String {
        let mut text = menu.before.trim();
        if let Some((above, title)) = text.rsplit_once('\n')
            && above.ends_with('\n')
            && title.trim() == menu.title
        {
            text = above.trim_end();
        }
        if let Some((first, rest)) = text.split_once('\n')
            && first.trim() == self.sent
        {
            text = rest;
        } else if text == self.sent {
            text = "";
        }
        self.scrubbed(text.trim_matches(['\n', ' ']))
    }

    fn record(&mut self, task: Task, text: Result<String, CliProblem>) {
        self.visits.push(Visit { task, text });
        self.level = 0;
    }

    /// Gives the same reason to all tasks that are left.
    fn stop(&mut self, problem: CliProblem) -> DriverStep {
        self.over = true;
        while let Some(task) = self.task() {
            self.record(task, Err(problem.clone()));
        }
        DriverStep::Done
    }

    fn waiting_for(&self) -> String {
        match self.task() {
            Some(task) if self.level == 2 => format!("the answer to \"{}\"", task.name()),
            Some(_) if self.menu_seen => "the next menu".to_owned(),
            _ => "the main menu".to_owned(),
        }
    }

    fn tail(&self) -> String {
        let text = self.scrubbed(&self.screen.text());
        let start = text.char_indices().rev().nth(119).map_or(0, |(at, _)| at);
        excerpt(text.get(start..).unwrap_or_default().as_bytes())
    }

    /// Should the terminal echo the password, it goes no further.
    fn scrubbed(&self, text: &str) -> String {
        let secret = self.secret.expose_secret();
        if secret.len() < 4 { text.to_owned() } else { text.replace(secret, "***") }
    }
}
