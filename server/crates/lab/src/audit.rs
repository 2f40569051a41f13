//! The log of commands that `auditmessages` shows (3.23): a short window, and no way back in time.

use crate::{
    caller::{Caller, INTERNAL},
    choices::{AuditFormat, Choices},
    clock::LabTime,
};
use std::{collections::VecDeque, net::IpAddr};

/// Lines that are kept; `numofmesgs` cannot ask for more.
pub(crate) const WINDOW: usize = 256;

#[derive(Default)]
pub(crate) struct Audit {
    /// Newest last.
    entries: VecDeque<Entry>,
    made: u64,
}

struct Entry {
    id: u64,
    at: LabTime,
    what: What,
}

enum What {
    Command { user: String, from: IpAddr, interface: &'static str, partition: String, line: String, status: String },
    Noise(&'static Noise),
}

/// A line of a busy appliance that is no command.
struct Noise {
    level: &'static str,
    facility: &'static str,
    text: &'static str,
}

/// In turn, so that every level has its lines.
const NOISE: &[Noise] = &[
    Noise {
        level: "INFORMATIONAL",
        facility: "local0.info",
        text: "default SSLLOG SSL_HANDSHAKE_SUCCESS {id} 0 :  SPCBId 1 - ClientIP 10.0.99.7 - ClientPort 50001 - VserverServiceIP 10.20.40.40 - VserverServicePort 443",
    },
    Noise {
        level: "NOTICE",
        facility: "local0.notice",
        text: "default EVENT DEVICEUP {id} 0 :  Device \"server_vip(10.20.40.40:443)\" - State UP",
    },
    Noise {
        level: "DEBUG",
        facility: "local0.debug",
        text: "default TCP CONN_DELINK {id} 0 :  Source 10.0.99.7:50001 - Vserver 10.20.40.40:443 - Total_bytes_send 0 - Total_bytes_recv 517",
    },
    Noise {
        level: "WARNING",
        facility: "local0.warn",
        text: "default SNMP TRAP_SENT {id} 0 :  netScalerLoginFailure (userName = \"guest\")",
    },
];

impl Audit {
    /// Notes a command and how it went, with as many lines of noise before it as were asked for.
    pub fn note(&mut self, caller: &Caller, line: String, failure: Option<String>, noise: u64, at: LabTime) {
        for _ in 0..noise.min(WINDOW as u64) {
            let which = usize::try_from(self.made).unwrap_or(0) % NOISE.len();
            self.push(at, What::Noise(&NOISE[which]));
        }
        let status = failure.map_or_else(|| "Success".to_owned(), |message| format!("ERROR: {message}"));
        let Caller { mut user, mut from, interface, partition, propagated_by, .. } = caller.clone();
        if let Some(primary) = propagated_by {
            (user, from) = (INTERNAL.to_owned(), primary.into());
        }
        self.push(at, What::Command { user, from, interface, partition, line, status });
    }

    /// The newest lines of the levels, newest first.
    pub fn lines(&self, levels: &[&str], number: usize, host: &Host, choices: &Choices) -> Vec<String> {
        let fits = |entry: &&Entry| levels.contains(&"ALL") || levels.contains(&entry.level());
        let mut lines: Vec<String> = self
            .entries
            .iter()
            .rev()
            .filter(fits)
            .take(number)
            .map(|entry| entry.line(host, choices.audit_format))
            .collect();
        if choices.audit_oldest_first {
            lines.reverse();
        }
        lines
    }

    pub fn clear(&mut self) {
        self.entries.clear();
    }

    fn push(&mut self, at: LabTime, what: What) {
        self.made += 1;
        if self.entries.len() == WINDOW {
            self.entries.pop_front();
        }
        self.entries.push_back(Entry { id: self.made, at, what });
    }
}

/// Where the lines come from.
pub(crate) struct Host<'a> {
    pub name: &'a str,
    pub nsip: IpAddr,
}

impl Entry {
    fn level(&self) -> &'static str {
        match &self.what {
            What::Command { .. } => "INFORMATIONAL",
            What::Noise(noise) => noise.level,
        }
    }

    fn line(&self, host: &Host, format: AuditFormat) -> String {
        let Self { id, at, what } = self;
        let Host { name, nsip } = host;
        let stamp = at.audit();
        let facility = match what {
            What::Command { .. } => "local0.info",
            What::Noise(noise) => noise.facility,
        };
        match (what, format) {
            (What::Command { user, from, interface, partition, line, status }, AuditFormat::Current) => format!(
                "{} <{facility}> {nsip}  {stamp} GMT {name} 0-PPE-0 : {partition} {interface} CMD_EXECUTED {id} 0 :  User \
                 {user} - ADM_User NONE - Remote_ip {from} - Command \"{line}\" - Status \"{status}\"",
                at.syslog()
            ),
            (What::Command { user, from, line, status, .. }, AuditFormat::Old) => format!(
                "<{facility}> {nsip} {stamp} GMT {name} : UI CMD_EXECUTED : User {user} - Remote_ip {from} - \
                 Command \"{line}\" - Status \"{status}\""
            ),
            (What::Noise(noise), _) => {
                let text = noise.text.replace("{id}", &id.to_string());
                format!("{} <{facility}> {nsip}  {stamp} GMT {name} 0-PPE-0 : {text}", at.syslog())
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HOST: Host<'static> = Host { name: "ns01", nsip: IpAddr::V4(std::net::Ipv4Addr::new(10, 0, 0, 10)) };

    #[test]
    fn the_window_keeps_the_newest_and_noise_crowds_it() {
        let mut audit = Audit::default();
        let caller = Caller::new("nsroot", true);
        for number in 0..300 {
            audit.note(&caller, format!("show {number}"), None, 0, LabTime(0));
        }
        let all = Choices::default();
        let lines = audit.lines(&["ALL"], WINDOW, &HOST, &all);
        assert_eq!(lines.len(), WINDOW);
        assert!(lines[0].contains("\"show 299\"") && lines[255].contains("\"show 44\""));
        audit.note(&caller, "last".to_owned(), Some("No Service".to_owned()), 1000, LabTime(0));
        assert_eq!(audit.lines(&["INFORMATIONAL"], 2, &HOST, &all).len(), 2);
        assert!(audit.lines(&["ALL"], 1, &HOST, &all)[0].ends_with("\"last\" - Status \"ERROR: No Service\""));
        assert!(audit.lines(&["ALL"], WINDOW, &HOST, &all).iter().all(|line| !line.contains("show 299")));
    }
}
