//! What can be chosen about the lab, for `gatehouse lab` and `gatehouse demo` alike.

use anyhow::Context;
use lab::{Choices, ClockMode, Immutables, Options, Pair, SecondaryWrites, Seed, Version, WritesDuringSync, fixtures};
use serde_json::Value;
use std::{fs, net::Ipv4Addr, path::PathBuf, time::Duration};

#[derive(clap::Args)]
pub struct Knobs {
    /// Real milliseconds added before each NITRO answer.
    #[arg(long, default_value_t = 0)]
    latency: u64,
    /// `real`, or `manual`: time moves only by the control API.
    #[arg(long, default_value = "real", value_parser = clock)]
    clock: ClockMode,
    /// Release of the appliances: 10.5, 12.1, 13.0, 13.1 or 14.1.
    #[arg(long, default_value_t = Version::default())]
    firmware: Version,
    /// Seconds of lab time after a start in which NITRO answers 503.
    #[arg(long, default_value_t = 0)]
    boot: u64,
    /// NITRO over HTTPS only.
    #[arg(long)]
    https_only: bool,
    /// Sessions of an appliance before it answers 445.
    #[arg(long, default_value_t = 20)]
    session_limit: usize,
    /// Password of `nsroot`; random when not given.
    #[arg(long)]
    lab_password: Option<String>,
    /// `strict`: 278 for a change of what cannot be changed; `lenient`: it looks successful.
    #[arg(long, default_value = "strict", value_parser = immutables)]
    immutables: Immutables,
    /// Logical address of an XMS node, once for each; 10.20.30.11, .12 and .13 when none is given.
    #[arg(long = "node", value_name = "IP")]
    nodes: Vec<Ipv4Addr>,
    /// TOML laid over the built-in profile of the nodes.
    #[arg(long, value_name = "FILE")]
    profile: Option<PathBuf>,
    /// A made-up site instead of the profile: `cloned` (two nodes with one ID, and one that moved) or `xenmobile-9`.
    #[arg(long, conflicts_with = "profile", value_parser = fixture)]
    fixture: Option<&'static str>,
    /// What real appliances do one way or another, such as `no_policy="2138"` or `audit_noise=3`; once for each.
    #[arg(long = "choice", value_name = "NAME=VALUE", value_parser = choice)]
    choices: Vec<(String, Value)>,
    /// A virtual server in a persistency group shows its own persistence, not the group's.
    #[arg(long)]
    grouped_shows_own: bool,
    /// So many appliances, 10.1.0.10 and on, each with a cluster of its own in front of the same nodes.
    #[arg(long, value_name = "N", conflicts_with = "pair", value_parser = clap::value_parser!(u16).range(1..=2000))]
    fleet: Option<u16>,
    /// Two appliances that share one configuration, 10.0.0.10 and 10.0.0.11.
    #[arg(long)]
    pair: bool,
    /// What the secondary says to a write: `refused` (368) or `local` (warning 1028).
    #[arg(long, default_value = "refused", value_parser = secondary_writes, requires = "pair")]
    secondary_writes: SecondaryWrites,
    /// What the primary says to a write during a synchronisation: `busy` (412), `not-now` (366) or `alone`.
    #[arg(long, default_value = "busy", value_parser = writes_during_sync, requires = "pair")]
    writes_during_sync: WritesDuringSync,
    /// Seconds of lab time that a synchronisation takes.
    #[arg(long, default_value_t = 10, requires = "pair")]
    sync: u64,
    /// Seconds of lab time between two pulls of files by the secondary.
    #[arg(long, default_value_t = 60, requires = "pair")]
    file_pull: u64,
}

fn clock(word: &str) -> Result<ClockMode, String> {
    one_of(word, &[("real", ClockMode::Real), ("manual", ClockMode::Manual)])
}

/// A name and a value in JSON, or a plain word.
fn choice(text: &str) -> Result<(String, Value), String> {
    let (name, value) = text.split_once('=').ok_or_else(|| format!("“{text}” has no “=”"))?;
    let value = serde_json::from_str(value).unwrap_or_else(|_| value.into());
    let one = (name.to_owned(), value);
    // Said here, beside the flag, rather than when the lab starts.
    choices(vec![one.clone()]).map(|_| one)
}

fn choices(all: Vec<(String, Value)>) -> Result<Choices, String> {
    let all: serde_json::Map<String, Value> = all.into_iter().collect();
    serde_json::from_value(all.into()).map_err(|error| error.to_string())
}

/// As a profile.
fn fixture(word: &str) -> Result<&'static str, String> {
    one_of(word, &[("cloned", fixtures::CLONED), ("xenmobile-9", fixtures::XENMOBILE_9)])
}

fn immutables(word: &str) -> Result<Immutables, String> {
    one_of(word, &[("strict", Immutables::Strict), ("lenient", Immutables::Lenient)])
}

fn secondary_writes(word: &str) -> Result<SecondaryWrites, String> {
    one_of(word, &[("refused", SecondaryWrites::Refused), ("local", SecondaryWrites::Local)])
}

fn writes_during_sync(word: &str) -> Result<WritesDuringSync, String> {
    use WritesDuringSync::{Alone, Busy, NotNow};
    one_of(word, &[("busy", Busy), ("not-now", NotNow), ("alone", Alone)])
}

fn one_of<T: Copy>(word: &str, known: &[(&str, T)]) -> Result<T, String> {
    known.iter().find(|(name, _)| *name == word).map(|(_, value)| *value).ok_or_else(|| {
        let names: Vec<&str> = known.iter().map(|(name, _)| *name).collect();
        format!("“{word}” is not one of {}", names.join(", "))
    })
}

impl Knobs {
    /// `sites`: clusters besides the first one.
    pub async fn start(self, seed: Seed, sites: Vec<lab::Site>) -> anyhow::Result<lab::Lab> {
        lab::start(Options { sites, ..self.options(seed)? }).await.context("The lab could not be started.")
    }

    fn options(self, seed: Seed) -> anyhow::Result<Options> {
        let profile = self.profile.map(|path| {
            fs::read_to_string(&path).with_context(|| format!("The profile {} could not be read.", path.display()))
        });
        let pair = Pair {
            secondary_writes: self.secondary_writes,
            writes_during_sync: self.writes_during_sync,
            sync: Duration::from_secs(self.sync),
            file_pull: Duration::from_secs(self.file_pull),
        };
        let plain = Options::default();
        Ok(Options {
            seed,
            clock: self.clock,
            latency: Duration::from_millis(self.latency),
            version: self.firmware,
            boot: Duration::from_secs(self.boot),
            plain_http: !self.https_only,
            session_limit: self.session_limit,
            password: self.lab_password,
            immutables: self.immutables,
            choices: choices(self.choices).map_err(anyhow::Error::msg)?,
            grouped_shows_own: self.grouped_shows_own,
            sites: plain.sites,
            nodes: if self.nodes.is_empty() { plain.nodes } else { self.nodes },
            profile: profile.transpose()?.or_else(|| self.fixture.map(str::to_owned)),
            fleet: self.fleet,
            pair: self.pair.then_some(pair),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::{CommandFactory, Parser};

    #[derive(clap::Parser)]
    struct Line {
        #[command(flatten)]
        knobs: Knobs,
    }

    fn options(words: &[&str]) -> Result<Options, String> {
        let words = std::iter::once("lab").chain(words.iter().copied());
        let line = Line::try_parse_from(words).map_err(|error| error.to_string())?;
        line.knobs.options(Seed::Empty).map_err(|error| error.to_string())
    }

    #[test]
    fn every_flag_reaches_the_lab() {
        let words = "--pair --secondary-writes local --writes-during-sync not-now --sync 7 --file-pull 8 --firmware 14.1 \
                     --boot 9 --https-only --session-limit 3 --lab-password p --immutables lenient --node 10.1.1.1 \
                     --clock manual --latency 5";
        let options = options(&words.split_whitespace().collect::<Vec<_>>()).unwrap();
        let pair = options.pair.unwrap();
        assert_eq!(pair.secondary_writes, SecondaryWrites::Local);
        assert_eq!(pair.writes_during_sync, WritesDuringSync::NotNow);
        assert_eq!((pair.sync.as_secs(), pair.file_pull.as_secs(), options.boot.as_secs()), (7, 8, 9));
        assert_eq!((options.version, options.immutables), (Version::V14_1, Immutables::Lenient));
        assert_eq!((options.session_limit, options.plain_http), (3, false));
        assert_eq!(options.nodes, [Ipv4Addr::new(10, 1, 1, 1)]);
        assert_eq!((options.password.as_deref(), options.latency.as_millis()), (Some("p"), 5));
        assert_eq!(options.clock, ClockMode::Manual);
    }

    #[test]
    fn what_is_left_out_is_as_the_library_has_it() {
        let (line, plain) = (options(&[]).unwrap(), Options::default());
        assert!(line.pair.is_none() && line.plain_http);
        assert_eq!((line.nodes, line.version, line.session_limit), (plain.nodes, plain.version, plain.session_limit));
        let pair = options(&["--pair"]).unwrap().pair.unwrap();
        assert_eq!((pair.sync, pair.file_pull), (Pair::default().sync, Pair::default().file_pull));
    }

    #[test]
    fn every_flag_is_in_the_labs_readme() {
        let readme = include_str!("../../crates/lab/README.md");
        let command = Line::command();
        let flags = command.get_arguments().filter_map(clap::Arg::get_long);
        let missing: Vec<&str> = flags.filter(|flag| !readme.contains(&format!("`--{flag}"))).collect();
        assert!(missing.is_empty(), "{missing:?}");
    }

    #[test]
    fn nonsense_is_refused_with_what_is_known() {
        assert!(options(&["--firmware", "9.3"]).unwrap_err().contains("10.5, 12.1, 13.0, 13.1, 14.1"));
        assert!(options(&["--pair", "--secondary-writes", "x"]).unwrap_err().contains("refused, local"));
        assert!(options(&["--sync", "3"]).unwrap_err().contains("--pair"));
        assert!(options(&["--fleet", "5", "--pair"]).unwrap_err().contains("--pair"));
        assert!(options(&["--fleet", "0"]).unwrap_err().contains("1..=2000"));
        assert_eq!(options(&["--fleet", "5"]).unwrap().fleet, Some(5));
        assert_eq!(options(&["--choice", "no_policy=\"2138\""]).unwrap().choices.no_policy, lab::NoPolicy::Plain);
        let two = options(&["--choice", "audit_noise=3", "--choice", "audit_format=old"]).unwrap().choices;
        assert_eq!((two.audit_noise, two.audit_format), (3, lab::AuditFormat::Old));
        assert!(options(&["--choice", "colour=red"]).unwrap_err().contains("audit_noise"));
        assert!(options(&["--choice", "colour"]).unwrap_err().contains('='));
        assert!(options(&["--fixture", "x"]).unwrap_err().contains("cloned, xenmobile-9"));
        assert!(options(&["--fixture", "cloned"]).unwrap().profile.unwrap().contains("clone_ip"));
        assert!(options(&["--profile", "/nowhere/x.toml"]).unwrap_err().contains("/nowhere/x.toml"));
    }
}
