//! Sessions of one appliance: tokens, inactivity, the limit (1.3, 1.4).

use std::time::Duration;

use serde::Serialize;

use crate::{
    clock::LabTime,
    refusal::{Outcome, Refusal},
};

/// The NITRO default without `restrictedtimeout`: 30 minutes.
const DEFAULT_TIMEOUT: Duration = Duration::from_mins(30);

pub(crate) struct Sessions {
    open: Vec<Session>,
    limit: usize,
    made: u64,
}

struct Session {
    sid: u64,
    token: String,
    user: String,
    timeout: Duration,
    last: LabTime,
}

/// A session as the control API shows it: without its token.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct SessionView {
    pub sid: String,
    pub user: String,
    pub last_activity: String,
    pub expires: String,
}

impl Sessions {
    pub fn new(limit: usize) -> Self {
        Self { open: Vec::new(), limit, made: 0 }
    }

    /// Opens a session and gives its token; 445 when there are too many.
    pub fn open(&mut self, user: &str, timeout: Option<i64>, now: LabTime) -> Outcome<String> {
        self.expire(now);
        if self.open.len() >= self.limit {
            return Err(Refusal::new(445));
        }
        let timeout = timeout
            .and_then(|seconds| u64::try_from(seconds).ok())
            .filter(|seconds| *seconds > 0)
            .map_or(DEFAULT_TIMEOUT, Duration::from_secs);
        self.made += 1;
        let token = format!("##{}", crate::random::hex(48).map_err(|_| Refusal::new(1043))?);
        let session = Session { sid: self.made, token: token.clone(), user: user.to_owned(), timeout, last: now };
        self.open.push(session);
        Ok(token)
    }

    /// Marks activity and gives the session's number, or 444.
    pub fn touch(&mut self, token: &str, now: LabTime) -> Outcome<String> {
        self.expire(now);
        let session = self.open.iter_mut().find(|session| session.token == token).ok_or(Refusal::new(444))?;
        session.last = now;
        Ok(session.sid.to_string())
    }

    /// The session's number without marking activity, for the log.
    pub fn number(&self, token: &str) -> Option<String> {
        self.open.iter().find(|session| session.token == token).map(|session| session.sid.to_string())
    }

    pub fn close(&mut self, token: &str) {
        self.open.retain(|session| session.token != token);
    }

    pub fn close_all(&mut self) {
        self.open.clear();
    }

    pub fn view(&self, now: LabTime) -> Vec<SessionView> {
        self.open
            .iter()
            .filter(|session| session.is_alive(now))
            .map(|session| SessionView {
                sid: session.sid.to_string(),
                user: session.user.clone(),
                last_activity: session.last.iso(),
                expires: session.last.plus(session.timeout).iso(),
            })
            .collect()
    }

    fn expire(&mut self, now: LabTime) {
        self.open.retain(|session| session.is_alive(now));
    }
}

impl Session {
    fn is_alive(&self, now: LabTime) -> bool {
        now < self.last.plus(self.timeout)
    }
}
