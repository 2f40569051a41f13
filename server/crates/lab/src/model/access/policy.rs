//! Command policies: patterns over command lines, the built-in ones among them.

use crate::{
    refusal::{Outcome, Refusal},
    schema::Fields,
};
use fancy_regex::{Expr, Regex, RegexBuilder};
use std::sync::{Arc, OnceLock};

#[derive(Clone, Debug)]
pub(crate) struct CmdPolicy {
    /// `policyname`, `action`, `cmdspec`.
    pub set: Fields,
    pub built_in: bool,
    /// Made when it is first asked: most policies of a fleet never are.
    pattern: Arc<OnceLock<Option<Regex>>>,
}

impl CmdPolicy {
    /// A policy of somebody's own; 1097 when the pattern is none.
    pub fn new(name: &str, action: &str, spec: &str) -> Outcome<Self> {
        Expr::parse_tree(spec).map_err(|_| Refusal::about(1097, &[spec]))?;
        Ok(Self::unchecked(name, action, spec))
    }

    pub fn name(&self) -> &str {
        self.set.text("policyname")
    }

    pub fn allows(&self) -> bool {
        self.set.get("action") == Some("ALLOW")
    }

    /// Whether the pattern is found anywhere in the line, in any case. One that takes too long does not match.
    pub fn matches(&self, line: &str) -> bool {
        let made = || RegexBuilder::new(self.set.text("cmdspec")).case_insensitive(true).build().ok();
        let pattern = self.pattern.get_or_init(made).as_ref();
        pattern.is_some_and(|pattern| pattern.is_match(line).unwrap_or(false))
    }

    /// Those that every appliance has.
    pub fn built_in() -> Vec<Self> {
        let policy = |(name, spec): &(&str, &str)| Self { built_in: true, ..Self::unchecked(name, "ALLOW", spec) };
        BUILT_IN.iter().map(policy).collect()
    }

    fn unchecked(name: &str, action: &str, spec: &str) -> Self {
        let mut set = Fields::default();
        set.put("policyname", name);
        set.put("action", action);
        set.put("cmdspec", spec);
        Self { set, built_in: false, pattern: Arc::default() }
    }
}

/// What the read-only policy of recent builds allows.
macro_rules! look {
    () => {
        r"(^man.*)|(^show\s+(?!system)(?!configstatus)(?!ns ns\.conf)(?!ns savedconfig)(?!ns runningConfig)(?!gslb runningConfig)(?!audit messages)(?!techsupport).*)|(^stat.*)"
    };
}

/// Switching servers and services on and off.
macro_rules! operate {
    () => {
        r"|(^(enable|disable) (server|service).*)"
    };
}

/// Everything but the system's own objects and the texts of the configuration.
macro_rules! network {
    () => {
        r"(^(?!shell)(?!\S+\s+system)(?!\S+\s+configstatus)(?!\S+\s+ns ns\.conf)(?!\S+\s+ns savedconfig)(?!\S+\s+ns runningConfig)(?!\S+\s+gslb runningConfig)(?!\S+\s+audit messages)(?!\S+\s+techsupport)\S+.*)"
    };
}

/// Everything but accounts, partitions, and what leaves the command line.
macro_rules! administer {
    () => {
        r"(^(?!shell)(?!sftp)(?!scp)(?!batch)(?!source)(?!install)(?!diff\s+ns\s+config)(?!\S+\s+system\s+(user|group|cmdPolicy))(?!(add|set|unset|rm|bind|unbind|switch)\s+ns\s+partition)\S+.*)"
    };
}

macro_rules! switching {
    () => {
        r"|(^switch\s+ns\s+partition.*)"
    };
}

/// Only the text of `read-only` is known; the others do what their descriptions say.
const BUILT_IN: &[(&str, &str)] = &[
    ("read-only", look!()),
    ("operator", concat!(look!(), operate!())),
    ("network", network!()),
    ("sysadmin", administer!()),
    ("superuser", ".*"),
    ("partition-read-only", concat!(look!(), switching!())),
    ("partition-operator", concat!(look!(), operate!(), switching!())),
    ("partition-network", concat!(network!(), switching!())),
    ("partition-admin", concat!(administer!(), switching!())),
];
