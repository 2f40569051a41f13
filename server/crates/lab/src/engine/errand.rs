//! What a probe is sent out to do, taken from its monitor before the lock is let go, and what its answer is worth.

use crate::model::{Judgement, Monitor};
use std::{borrow::Cow, net::IpAddr, ops::RangeInclusive, time::Duration};

/// How far into a body a pattern is looked for.
pub(super) const SEARCHED: usize = 24 * 1024;

/// One probe to be sent.
#[derive(Clone, Debug)]
pub(super) struct Errand {
    /// None: the server has no address yet.
    pub to: Option<(IpAddr, u16)>,
    pub question: Question,
    pub secure: bool,
    pub timeout: Duration,
    /// The probe that fails is the good one.
    reverse: bool,
}

/// What is asked, and what is a good answer.
#[derive(Clone, Debug)]
pub(super) enum Question {
    /// Whether the host is there at all.
    Ping,
    /// Whether the port is open.
    Connect,
    /// A request, its further headers, and what the answer must be.
    Http { request: String, headers: String, wanted: Wanted },
    /// Bytes to send, and a text that must come back.
    Talk { send: String, wanted: Pattern },
    /// A protocol that the lab does not speak. Over TCP the port must at least be open; the probe fails all the same.
    Foreign { over_tcp: bool },
}

#[derive(Clone, Debug)]
pub(super) enum Wanted {
    Codes { good: Vec<RangeInclusive<u16>>, leaving: Option<u16> },
    Body(Pattern),
}

/// What to look for in what came back.
#[derive(Clone, Debug)]
pub(super) struct Pattern {
    /// Empty: anything will do.
    good: String,
    leaving: Option<String>,
}

impl Errand {
    /// `address` and `port` are the member's own; the monitor may have others.
    pub fn new(monitor: &Monitor, address: Option<IpAddr>, port: u16) -> Self {
        let own_ip = monitor.set.get("destip").and_then(|text| text.parse::<IpAddr>().ok());
        let own_port = monitor.set.number("destport").and_then(|port| u16::try_from(port).ok());
        let address = own_ip.filter(|ip| !ip.is_unspecified()).or(address);
        let port = own_port.filter(|port| *port != 0).unwrap_or(port);
        Self {
            to: address.map(|address| (address, port)),
            question: question(monitor),
            secure: monitor.value("secure") == "YES",
            timeout: monitor.timing().resptimeout,
            reverse: monitor.value("reverse") == "YES",
        }
    }

    /// The other way round, for monitors that want a probe to fail.
    pub fn weigh(&self, found: Judgement) -> Judgement {
        if !self.reverse {
            return found;
        }
        let (good, bad) = ("Success - ", "Failure - ");
        let words = match (found.words.strip_prefix(good), found.words.strip_prefix(bad)) {
            (Some(rest), _) => format!("{bad}{rest}"),
            (_, Some(rest)) => format!("{good}{rest}"),
            _ => found.words.into_owned(),
        };
        Judgement { passed: !found.passed, words: words.into(), ..found }
    }
}

fn question(monitor: &Monitor) -> Question {
    let text = |name: &str| monitor.set.text(name).to_owned();
    let pattern = || Pattern { good: text("recv"), leaving: monitor.set.get("trofsstring").map(str::to_owned) };
    match monitor.kind() {
        "PING" | "LDNS-PING" | "ARP" | "ND6" => Question::Ping,
        "TCP" | "LDNS-TCP" => Question::Connect,
        "HTTP" => {
            let leaving = monitor.set.number("trofscode").and_then(|code| u16::try_from(code).ok());
            let good = ranges(monitor.codes().unwrap_or_default());
            let request = monitor.request().unwrap_or_default().to_owned();
            Question::Http { request, headers: text("customheaders"), wanted: Wanted::Codes { good, leaving } }
        }
        "HTTP-ECV" => {
            Question::Http { request: text("send"), headers: text("customheaders"), wanted: Wanted::Body(pattern()) }
        }
        "TCP-ECV" => Question::Talk { send: unescaped(monitor.set.text("send")), wanted: pattern() },
        "UDP-ECV" | "DNS" | "LDNS-DNS" | "RADIUS" | "RADIUS_ACCOUNTING" | "SIP-UDP" | "SNMP" | "LOAD" | "USER"
        | "HTTP-INLINE" => Question::Foreign { over_tcp: false },
        _ => Question::Foreign { over_tcp: true },
    }
}

/// `200-302 401`; what is no number matches nothing.
fn ranges(codes: &str) -> Vec<RangeInclusive<u16>> {
    let range = |word: &str| {
        let (low, high) = word.split_once('-').unwrap_or((word, word));
        Some(low.parse().ok()?..=high.parse().ok()?)
    };
    codes.split_whitespace().filter_map(range).collect()
}

/// People write `\r\n` for the end of a line, in the CLI and in JSON alike.
pub(super) fn unescaped(text: &str) -> String {
    text.replace("\\r", "\r").replace("\\n", "\n")
}

impl Wanted {
    /// What the answer to an HTTP request is worth.
    pub fn judge(&self, status: u16, body: &[u8], took: Duration) -> Judgement {
        match self {
            Self::Codes { good, leaving } => {
                let leaving = *leaving == Some(status);
                let passed = leaving || good.iter().any(|range| range.contains(&status));
                let word = if passed { "Success" } else { "Failure" };
                let words = format!("{word} - HTTP response code {status} received.").into();
                Judgement { passed, leaving, took, words }
            }
            Self::Body(pattern) => pattern.judge(body, took),
        }
    }

    /// Whether the body matters at all.
    pub fn needs_body(&self) -> bool {
        matches!(self, Self::Body(_))
    }
}

impl Pattern {
    pub fn judge(&self, heard: &[u8], took: Duration) -> Judgement {
        let heard = String::from_utf8_lossy(&heard[..heard.len().min(SEARCHED)]);
        if self.leaving.as_ref().is_some_and(|text| heard.contains(text)) {
            let words = Cow::Borrowed("Success - TROFS pattern found in response.");
            return Judgement { passed: true, leaving: true, took, words };
        }
        let passed = heard.contains(&self.good);
        let words =
            if passed { "Success - Pattern found in response." } else { "Failure - Pattern not found in response." };
        Judgement { passed, leaving: false, took, words: words.into() }
    }

    /// Nothing that comes later could change the judgement.
    pub fn is_settled(&self, heard: &[u8]) -> bool {
        heard.len() >= SEARCHED || (self.leaving.is_none() && self.judge(heard, Duration::ZERO).passed)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_single_or_ranges() {
        let wanted = Wanted::Codes { good: ranges("200-302 401"), leaving: Some(503) };
        for (status, passed) in [(200, true), (250, true), (302, true), (303, false), (401, true), (503, true)] {
            let judgement = wanted.judge(status, b"", Duration::ZERO);
            assert_eq!((judgement.passed, judgement.leaving), (passed, status == 503), "{status}");
        }
        assert!(ranges("abc 1-x").is_empty());
    }

    #[test]
    fn a_pattern_is_looked_for_in_the_first_24_kilobytes() {
        let pattern = Pattern { good: "OK".to_owned(), leaving: Some("bye".to_owned()) };
        let at = |before: usize| [vec![b'.'; before], b"OK".to_vec()].concat();
        assert!(pattern.judge(&at(SEARCHED - 2), Duration::ZERO).passed);
        assert!(!pattern.judge(&at(SEARCHED - 1), Duration::ZERO).passed);
        assert!(pattern.judge(b"good bye", Duration::ZERO).leaving);
        let anything = Pattern { good: String::new(), leaving: None };
        assert!(anything.judge(b"", Duration::ZERO).passed);
    }
}
