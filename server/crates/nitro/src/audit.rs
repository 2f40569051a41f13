//! The appliance's own log of commands, as `auditmessages` shows it (`nitro.md` 3.23): who typed or sent what. Pure.
//!
//! The layout of a line is known from single captures of three releases, and the order of lines, how secrets are masked and
//! what a failed status says are not verified. So a line is taken apart by its fixed words, from the front to the command
//! and from the back to the status, and what does not fit is no command.

use crate::{Object, Request};

/// Lines that one answer has at most; the appliance shows no older ones.
pub const WINDOW: u16 = 256;

/// Longer texts are cut: whoever may type a command may type a long one.
const LONGEST: usize = 600;

/// One command that somebody gave, without its secrets.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Command {
    /// `01/05/2026:08:00:00`, by the appliance's clock.
    pub time: String,
    /// Milliseconds since 1970, where the line says that its time is GMT.
    pub at: Option<i64>,
    /// `CLI`, `GUI`, `API`; old releases say `UI` for all of them.
    pub interface: String,
    pub user: String,
    pub from: String,
    pub command: String,
    pub status: String,
}

/// All that the appliance has kept of it.
pub fn request() -> Request {
    Request::get("auditmessages").arg("loglevel", "ALL").arg("numofmesgs", WINDOW.to_string())
}

/// The lines of an answer, as written.
pub fn lines(items: &[Object]) -> Vec<String> {
    let line = |item: &Object| item.get("value").and_then(serde_json::Value::as_str).map(str::to_owned);
    items.iter().filter_map(line).take(usize::from(WINDOW)).collect()
}

impl Command {
    /// `None`: the line tells of no command.
    pub fn read(line: &str) -> Option<Self> {
        let (head, rest) = line.split_once(" CMD_EXECUTED")?;
        let interface = head.rsplit(' ').next().filter(|word| ["CLI", "GUI", "API", "UI"].contains(word))?;
        let (time, at) = time(head)?;
        let (_, rest) = rest.split_once("User ")?;
        let (user, rest) = rest.split_once(" - ")?;
        let (_, rest) = format!(" - {rest}").split_once(" - Remote_ip ").map(|(a, b)| (a.to_owned(), b.to_owned()))?;
        let (from, rest) = rest.split_once(" - Command \"")?;
        // The command may have anything in it, the words of a status too.
        let (command, status) = rest.rsplit_once("\" - Status \"")?;
        let status = status.trim_end().trim_end_matches('"');
        Some(Self {
            time: time.to_owned(),
            at,
            interface: interface.to_owned(),
            user: plain(user),
            from: plain(from),
            command: plain(&without_secrets(command)),
            status: plain(&without_secrets(status)),
        })
    }

    /// It changes something, or tried to; reading and signing in do not.
    pub fn is_change(&self) -> bool {
        let first = self.command.split_whitespace().next().unwrap_or_default().to_ascii_lowercase();
        !["", "show", "sh", "stat", "login", "logout", "exit", "quit", "help", "man", "ping", "traceroute"]
            .contains(&first.as_str())
    }

    /// The appliance's own doing: what came over from the other half of a pair.
    pub fn is_internal(&self) -> bool {
        self.user == "#nsinternal#"
    }

    pub fn is_done(&self) -> bool {
        self.status.eq_ignore_ascii_case("Success")
    }
}

/// `MM/DD/YYYY:HH:MM:SS`, and the instant where `GMT` follows.
fn time(head: &str) -> Option<(&str, Option<i64>)> {
    let mut words = head.split_whitespace();
    let time = words.by_ref().find(|word| stamp(word).is_some())?;
    let at = stamp(time).filter(|_| words.next() == Some("GMT"));
    Some((time, at))
}

fn stamp(word: &str) -> Option<i64> {
    let (date, clock) = word.split_once(':')?;
    let number = |text: &str, len: usize| {
        (text.len() == len && text.bytes().all(|b| b.is_ascii_digit())).then(|| text.parse::<i64>().ok()).flatten()
    };
    let mut date = date.split('/');
    let (month, day, year) = (number(date.next()?, 2)?, number(date.next()?, 2)?, number(date.next()?, 4)?);
    let mut clock = clock.split(':');
    let (hour, minute, second) = (number(clock.next()?, 2)?, number(clock.next()?, 2)?, number(clock.next()?, 2)?);
    let whole = date.next().is_none() && clock.next().is_none();
    let sane = (1..=12).contains(&month) && (1..=31).contains(&day) && hour < 24 && minute < 60 && second < 61;
    // Days from 1970 (Howard Hinnant's `days_from_civil`), with years that begin in March.
    let (year, month) = if month > 2 { (year, month - 3) } else { (year - 1, month + 9) };
    let (era, of_era) = (year.div_euclid(400), year.rem_euclid(400));
    let days = era * 146_097 + of_era * 365 + of_era / 4 - of_era / 100 + (153 * month + 2) / 5 + day - 1 - 719_468;
    (whole && sane).then_some((((days * 24 + hour) * 60 + minute) * 60 + second) * 1000)
}

/// One line, without characters that a terminal or a page would obey, and not longer than is read.
fn plain(text: &str) -> String {
    let inert = |c: char| if c.is_control() || is_format(c) { '\u{fffd}' } else { c };
    let mut plain: String = text.chars().take(LONGEST).map(inert).collect();
    if text.chars().nth(LONGEST).is_some() {
        plain.push('…');
    }
    plain
}

/// Marks that turn the direction of writing round or are not to be seen.
const fn is_format(c: char) -> bool {
    matches!(c, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}')
}

/// Kinds of object whose commands may have a secret without a name before it: of these the first words alone are kept
/// (`nitro.md` 3.23: never store the raw lines).
const KEPT_SHORT: &[(&str, &str)] = &[
    ("system", "user"),
    ("ssl", "certkey"),
    ("lb", "monitor"),
    ("aaa", "user"),
    ("snmp", "community"),
    ("snmp", "user"),
    ("snmp", "manager"),
    ("db", "user"),
    ("ns", "rpcnode"),
    ("ns", "encryptionkey"),
    ("ns", "hmackey"),
    ("ssl", "rsakey"),
    ("ssl", "wrapkey"),
    ("ssl", "fipskey"),
];

/// Parts of the names of options whose values are secrets.
const SECRET: &[&str] = &[
    "pass",
    "secret",
    "psk",
    "token",
    "radkey",
    "keyvalue",
    "community",
    "credential",
    "encrypted",
    "sessionid",
    "pwd",
];

/// Words of a command, a quoted one whole with its marks.
fn words(command: &str) -> Vec<&str> {
    let (mut words, mut from, mut quoted) = (Vec::new(), None, false);
    let mut escaped = false;
    for (at, c) in command.char_indices() {
        let begun = *from.get_or_insert(at);
        if escaped {
            escaped = false;
        } else if c == '\\' {
            escaped = true;
        } else if c == '"' {
            quoted = !quoted;
        } else if c.is_whitespace() && !quoted {
            if begun < at {
                words.push(&command[begun..at]);
            }
            from = None;
        }
    }
    words.extend(from.map(|begun| &command[begun..]).filter(|word| !word.trim().is_empty()));
    words
}

fn without_secrets(command: &str) -> String {
    let words = words(command);
    let word = |at: usize| words.get(at).map(|word| word.to_ascii_lowercase()).unwrap_or_default();
    if word(0) == "login" {
        return words.iter().take(2).copied().collect::<Vec<_>>().join(" ");
    }
    if KEPT_SHORT.iter().any(|(group, noun)| word(1) == *group && word(2) == *noun) {
        let name = words.get(3).filter(|name| !name.starts_with('-') && word(2) != "community");
        let kept: Vec<&str> = words.iter().take(3).chain(name).copied().collect();
        return format!("{}{}", kept.join(" "), if words.len() > kept.len() { " …" } else { "" });
    }
    let mut kept: Vec<&str> = Vec::new();
    let mut hide = false;
    for word in words {
        let option = word.starts_with('-') && word.len() > 1;
        if option {
            let name = word.to_ascii_lowercase();
            hide = SECRET.iter().any(|part| name.contains(part));
            kept.push(word);
        } else if !hide {
            kept.push(word);
        } else if kept.last() != Some(&"***") {
            kept.push("***");
        }
    }
    kept.join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    const CURRENT: &str = "May 31 02:05:23 <local0.info> 10.0.0.10  05/31/2024:06:05:23 GMT ns01 0-PPE-0 : default API \
                           CMD_EXECUTED 7825 0 :  User xmconsole - ADM_User NONE - Remote_ip 10.0.99.5 - Command \"add server \
                           xms01 10.0.20.11\" - Status \"Success\"";

    fn told(command: &str) -> String {
        let line = CURRENT.replace("add server xms01 10.0.20.11", command);
        Command::read(&line).unwrap_or_else(|| panic!("{line}")).command
    }

    #[test]
    fn lines_of_all_releases_are_read() {
        let read = Command::read(CURRENT).unwrap();
        let expected = Command {
            time: "05/31/2024:06:05:23".into(),
            at: Some(1_717_135_523_000),
            interface: "API".into(),
            user: "xmconsole".into(),
            from: "10.0.99.5".into(),
            command: "add server xms01 10.0.20.11".into(),
            status: "Success".into(),
        };
        assert_eq!(read, expected);
        let old = "<local0.info> 192.0.2.42 01/16/2010:13:15:56 GMT ns2-ha : UI CMD_EXECUTED : User #nsinternal# - Remote_ip \
                   127.0.0.1 - Command \"clear ns config -force extended+\" - Status \"Success\"";
        let old = Command::read(old).unwrap();
        assert!(old.is_internal() && old.is_change() && old.is_done() && old.interface == "UI");
        let local = Command::read(&CURRENT.replace("GMT ", "CET ")).unwrap();
        assert_eq!((local.at, local.time.as_str()), (None, "05/31/2024:06:05:23"));
        let without = Command::read(&CURRENT.replace(" - ADM_User NONE", "")).unwrap();
        assert_eq!(without.user, "xmconsole");
        for line in [
            "",
            "default SSLLOG SSL_HANDSHAKE_SUCCESS 5 0 :  SPCBId 1",
            &CURRENT.replace("05/31/2024", "31.05.2024"),
            &CURRENT.replace("API CMD", "XML CMD"),
            &CURRENT[..CURRENT.len() - 30],
        ] {
            assert_eq!(Command::read(line), None, "{line}");
        }
    }

    #[test]
    fn a_command_cannot_pass_for_another() {
        let forged = CURRENT.replace("add server xms01 10.0.20.11", "add x \" - Status \"Success\" \" y");
        let read = Command::read(&forged).unwrap();
        assert_eq!((read.command.as_str(), read.status.as_str()), ("add x \" - Status \"Success\" \" y", "Success"));
        assert_eq!(told("add x \u{1b}[2J\u{202e}y"), "add x \u{fffd}[2J\u{fffd}y");
        assert!(told(&format!("add server {}", "x".repeat(5_000))).chars().count() <= LONGEST + 1);
        for (command, change) in [("show ns ip", false), ("login x", false), ("STAT lb", false), ("rm server a", true)]
        {
            let read = Command::read(&CURRENT.replace("add server xms01 10.0.20.11", command)).unwrap();
            assert_eq!(read.is_change(), change, "{command}");
        }
    }

    #[test]
    fn secrets_are_not_kept() {
        for command in [
            "add system user joe hunter2",
            "set system user joe -password hunter2",
            "add ssl certKey web -cert a.pem -key b.pem -password hunter2",
            "add lb monitor m HTTP -userName u -password hunter2 -lrtm ON",
            "add authentication ldapAction l -ldapBindDnPassword hunter2 -encrypted -encryptmethod ENCMTHD_3",
            "add authentication ldapAction l -ldapBindDnPassword \"hunter2 with blanks\" -x y",
            "add authentication radiusAction r -serverIP 10.0.0.1 -radKey hunter2",
            "add vpn sessionAction s -PASSPHRASE \"a \\\" hunter2\" -x",
            "set ns rpcNode 10.0.0.1 -password hunter2",
            "add snmp community hunter2 ALL",
            "login joe hunter2",
            "add authentication x -secret \"hunter2 without an end",
        ] {
            assert!(!told(command).contains("hunter2"), "{}", told(command));
        }
        assert_eq!(
            told("add authentication radiusAction r -radKey hunter2 -serverIP 1.2.3.4"),
            "add authentication \
                    radiusAction r -radKey *** -serverIP 1.2.3.4"
        );
        assert_eq!(told("add system user joe hunter2"), "add system user joe …");
        assert_eq!(told("set lb vserver v -comment \"two  words\""), "set lb vserver v -comment \"two  words\"");
    }
}
