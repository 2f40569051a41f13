//! Runs a target with a fixed seed, and says what failed so that it can be kept.

use crate::mutate::{Dice, input};
use std::{
    env, fs,
    panic::{AssertUnwindSafe, catch_unwind, resume_unwind},
    time::{Duration, Instant},
};

/// So long may one input take at most: whoever decodes must not be kept busy by what comes from outside.
const PATIENCE: Duration = Duration::from_secs(10);

/// A fuzz target; made by [`check!`](crate::check).
#[derive(Debug, Clone, Copy)]
pub struct Target {
    /// `crate/name`.
    pub name: &'static str,
    /// Where its corpus is.
    pub folder: &'static str,
    /// Inputs to make.
    pub count: u64,
}

impl Target {
    /// Tries the corpus and what is made of it.
    ///
    /// # Panics
    /// As the function does, after the input was printed; when one takes too long; when there is no corpus.
    pub fn run(self, check: impl Fn(&[u8])) {
        let corpus = corpus(self.folder);
        assert!(!corpus.is_empty(), "{}: {} has no files", self.name, self.folder);
        let seed = number("FUZZ_SEED").unwrap_or(1);
        let count = self.count.saturating_mul(number("FUZZ_TIMES").unwrap_or(1));
        let mut dice = Dice::new(seed ^ name_as_number(self.name));
        let mut slowest = Duration::ZERO;
        for known in &corpus {
            slowest = slowest.max(self.try_one(&check, known));
        }
        for _ in 0..count {
            slowest = slowest.max(self.try_one(&check, &input(&corpus, &mut dice)));
        }
        // Read by `cargo xtask soak`.
        let done = count + u64::try_from(corpus.len()).unwrap_or(u64::MAX);
        eprintln!("\nFUZZ {} {done} executions, seed {seed}, slowest {} us", self.name, slowest.as_micros());
    }

    fn try_one(self, check: &impl Fn(&[u8]), input: &[u8]) -> Duration {
        let begun = Instant::now();
        if let Err(panic) = catch_unwind(AssertUnwindSafe(|| check(input))) {
            eprintln!("\n{}: this input fails; put it into {}:\nb\"{}\"", self.name, self.folder, input.escape_ascii());
            resume_unwind(panic);
        }
        let took = begun.elapsed();
        assert!(took < PATIENCE, "{}: {took:?} for b\"{}\"", self.name, input.escape_ascii());
        took
    }
}

/// The files in the order of their names.
fn corpus(folder: &str) -> Vec<Vec<u8>> {
    let mut paths: Vec<_> = fs::read_dir(folder).into_iter().flatten().flatten().map(|entry| entry.path()).collect();
    paths.sort();
    paths.iter().filter_map(|path| fs::read(path).ok()).collect()
}

#[expect(clippy::disallowed_methods, reason = "the soak's only way to a test program")]
fn number(variable: &str) -> Option<u64> {
    env::var(variable).ok()?.parse().ok()
}

/// So that two targets with the same corpus do not try the same inputs (FNV-1a).
fn name_as_number(name: &str) -> u64 {
    name.bytes().fold(0xCBF2_9CE4_8422_2325, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01B3))
}

/// An input that carries small choices before its text: the first two bytes, and the rest.
pub fn input_of(input: &[u8]) -> (u16, &[u8]) {
    match input {
        [first, second, rest @ ..] => (u16::from_be_bytes([*first, *second]), rest),
        short => (0, short),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::cell::Cell;

    #[test]
    #[should_panic(expected = "found it")]
    fn a_failure_is_not_swallowed() {
        let target = Target { name: "fuzz/self", folder: concat!(env!("CARGO_MANIFEST_DIR"), "/src"), count: 1000 };
        let tried = Cell::new(0);
        target.run(|_| {
            tried.set(tried.get() + 1);
            assert!(tried.get() < 500, "found it");
        });
    }

    #[test]
    #[should_panic(expected = "has no files")]
    fn a_target_without_a_corpus_is_none() {
        Target { name: "fuzz/none", folder: "does/not/exist", count: 1 }.run(|_| {});
    }
}
