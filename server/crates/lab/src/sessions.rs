//! Sessions of one appliance: tokens, inactivity, limits, kills (1.3, 1.4).

use crate::{
    clock::LabTime,
    refusal::{Outcome, Refusal},
};
use serde::Serialize;
use std::time::Duration;

/// The NITRO default without `restrictedtimeout`: 30 minutes.
pub(crate) const DEFAULT_TIMEOUT: Duration = Duration::from_mins(30);

#[derive(Default)]
pub(crate) struct Sessions {
    open: Vec<Session>,
    made: u64,
}

#[derive(Clone, Debug)]
pub(crate) struct Session {
    pub sid: u64,
    token: String,
    pub user: String,
    pub partition: String,
    /// Given under another cookie name, and taken back under that one only.
    renamed: bool,
    timeout: Duration,
    pub begun: LabTime,
    pub last: LabTime,
}

/// How many sessions there may be.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Limits {
    /// Of this user; beyond it 445.
    pub user: usize,
    /// Of all; beyond it 446.
    pub all: usize,
}

/// A session as the control API shows it: without its token.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct SessionView {
    pub sid: String,
    pub user: String,
    pub partition: String,
    pub last_activity: String,
    pub expires: String,
}

impl Sessions {
    /// Whether one more session fits in.
    pub fn room(&mut self, user: &str, limits: Limits, now: LabTime) -> Outcome {
        self.expire(now);
        if self.open.iter().filter(|session| session.user == user).count() >= limits.user {
            return Err(Refusal::new(445));
        }
        if self.open.len() >= limits.all { Err(Refusal::new(446)) } else { Ok(()) }
    }

    /// Opens a session and gives its token.
    pub fn open(&mut self, user: &str, partition: &str, timeout: Duration, now: LabTime) -> Outcome<String> {
        self.made += 1;
        let token = format!("##{}", crate::random::hex(48).map_err(|_| Refusal::new(1043))?);
        self.open.push(Session {
            sid: self.made,
            token: token.clone(),
            user: user.to_owned(),
            partition: partition.to_owned(),
            renamed: false,
            timeout,
            begun: now,
            last: now,
        });
        Ok(token)
    }

    /// Marks activity and gives the session, or 444.
    pub fn touch(&mut self, token: &str, renamed: bool, now: LabTime) -> Outcome<&Session> {
        self.expire(now);
        let session = self.open.iter_mut().find(|session| session.token == token && session.renamed == renamed);
        let session = session.ok_or(Refusal::new(444))?;
        session.last = now;
        Ok(session)
    }

    /// The session's number without marking activity, for the log.
    pub fn number(&self, token: &str) -> Option<String> {
        self.open.iter().find(|session| session.token == token).map(|session| session.sid.to_string())
    }

    /// From now on the token comes back under the other cookie name.
    pub fn rename(&mut self, token: &str) {
        if let Some(session) = self.open.iter_mut().find(|session| session.token == token) {
            session.renamed = true;
        }
    }

    pub fn move_to(&mut self, sid: u64, partition: &str) {
        if let Some(session) = self.open.iter_mut().find(|session| session.sid == sid) {
            partition.clone_into(&mut session.partition);
        }
    }

    pub fn close(&mut self, token: &str) {
        self.open.retain(|session| session.token != token);
    }

    /// Ends the session with this number; false when there is none.
    pub fn kill(&mut self, sid: u64, now: LabTime) -> bool {
        self.expire(now);
        let before = self.open.len();
        self.open.retain(|session| session.sid != sid);
        self.open.len() != before
    }

    /// Ends all sessions but the asker's own.
    pub fn kill_others(&mut self, own: Option<u64>) {
        self.open.retain(|session| Some(session.sid) == own);
    }

    pub fn close_all(&mut self) {
        self.open.clear();
    }

    /// Those that have not run out.
    pub fn alive(&self, now: LabTime) -> impl Iterator<Item = &Session> {
        self.open.iter().filter(move |session| session.is_alive(now))
    }

    pub fn view(&self, now: LabTime) -> Vec<SessionView> {
        self.alive(now)
            .map(|session| SessionView {
                sid: session.sid.to_string(),
                user: session.user.clone(),
                partition: session.partition.clone(),
                last_activity: session.last.iso(),
                expires: session.ends().iso(),
            })
            .collect()
    }

    fn expire(&mut self, now: LabTime) {
        self.open.retain(|session| session.is_alive(now));
    }
}

impl Session {
    /// When it runs out, if nothing happens.
    pub fn ends(&self) -> LabTime {
        self.last.plus(self.timeout)
    }

    fn is_alive(&self, now: LabTime) -> bool {
        now < self.ends()
    }
}
