//! Asking for what is ours alone. Beside thousands of other people's virtual servers the difference is megabytes a look.
//!
//! A filter with a pattern is documented (`nitro.md` 2.1) and was not verified on every release, so nothing rests on it:
//! what it does not show is asked for without it, and an appliance that does not narrow is asked to no more.

use nitro::{Client, Error, Object, Request};
use std::{
    collections::BTreeSet,
    sync::atomic::{AtomicU8, Ordering},
};

/// Longer requests may meet a limit on the way.
const LONGEST: usize = 2_000;

/// So often in a row an answer may lack what was there. Once is when somebody took it away.
const MISSES: u8 = 3;

/// What an appliance's answers have shown of its filters, of configuration and of statistics.
#[derive(Debug, Default)]
pub(crate) struct Filters {
    config: Misses,
    stat: Misses,
}

#[derive(Debug, Default)]
struct Misses(AtomicU8);

impl Misses {
    fn are_too_many(&self) -> bool {
        self.0.load(Ordering::Relaxed) >= MISSES
    }

    fn one_more(&self) {
        self.0.fetch_add(1, Ordering::Relaxed);
    }

    fn no_more_tries(&self) {
        self.0.store(MISSES, Ordering::Relaxed);
    }

    fn none(&self) {
        self.0.store(0, Ordering::Relaxed);
    }
}

/// Rows whose `key` is one of `names`.
pub(super) struct Narrow<'a> {
    pub client: &'a Client,
    pub filters: &'a Filters,
    pub key: &'static str,
    pub names: &'a BTreeSet<String>,
}

impl Narrow<'_> {
    /// `expected`: of these names there were rows at the last look. `None`: only a question for all of them tells.
    pub async fn rows(&self, request: &Request, expected: &BTreeSet<&str>) -> Result<Option<Vec<Object>>, Error> {
        if self.names.is_empty() {
            return Ok(Some(Vec::new()));
        }
        let misses = if request.stat { &self.filters.stat } else { &self.filters.config };
        let Some(pattern) = pattern(self.names).filter(|_| !misses.are_too_many()) else { return Ok(None) };
        let rows = match self.client.perform(&request.clone().filter(self.key, pattern)).await {
            Ok(reply) => reply.items,
            Err(error) if error.is_auth() => return Err(error),
            // Whatever it is that was refused, the question without a filter shows it.
            Err(Error::Api(_)) => {
                misses.no_more_tries();
                return Ok(None);
            }
            Err(error) => return Err(error),
        };
        let name = |row: &Object| row.get(self.key).and_then(|name| name.as_str()).map(str::to_owned);
        let (ours, others): (Vec<Object>, Vec<Object>) =
            rows.into_iter().partition(|row| name(row).is_some_and(|name| self.names.contains(&name)));
        if !others.is_empty() {
            // It answers with everything: that is right, and no cheaper.
            misses.no_more_tries();
        }
        let found: BTreeSet<String> = ours.iter().filter_map(name).collect();
        if expected.iter().any(|name| !found.contains(*name)) {
            misses.one_more();
            return Ok(None);
        }
        if others.is_empty() {
            misses.none();
        }
        Ok(Some(ours))
    }
}

/// `/^(a|b)$/`; `None` where it would be too long or cannot be written.
fn pattern(names: &BTreeSet<String>) -> Option<String> {
    let mut pattern = String::from("/^(");
    for (place, name) in names.iter().enumerate() {
        if place > 0 {
            pattern.push('|');
        }
        for letter in name.chars() {
            // It would end the pattern.
            if letter == '/' {
                return None;
            }
            if letter.is_ascii() && !letter.is_ascii_alphanumeric() && letter != '_' {
                pattern.push('\\');
            }
            pattern.push(letter);
        }
    }
    pattern.push_str(")$/");
    (pattern.len() <= LONGEST).then_some(pattern)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(names: &[&str]) -> BTreeSet<String> {
        names.iter().map(|name| (*name).to_owned()).collect()
    }

    #[test]
    fn names_are_nothing_but_themselves_in_a_pattern() {
        let all = ["a", "b.c", "d-e f", "g|h", "(i)", "j\\k", "l_1", "Müller’s", "m?n*"];
        let pattern = pattern(&names(&all)).unwrap();
        let inner = pattern.strip_prefix('/').unwrap().strip_suffix('/').unwrap();
        let regex = regex::Regex::new(inner).unwrap();
        assert!(all.iter().all(|name| regex.is_match(name)), "{pattern}");
        assert!(["bxc", "g", "h", "i", "aa", "d-e  f", "mn", ""].iter().all(|name| !regex.is_match(name)), "{pattern}");
        assert_eq!(super::pattern(&names(&["a/b"])), None);
        assert_eq!(super::pattern(&names(&["x".repeat(3_000).as_str()])), None);
    }
}
