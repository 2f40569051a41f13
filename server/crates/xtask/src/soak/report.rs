//! A long proof's result: as a line for programs, and as a section for people.

use serde_json::{Value, json};
use std::fmt::Write;

/// What a proof did.
pub struct Report {
    /// As in the JSON line.
    pub name: &'static str,
    /// What is counted.
    pub unit: &'static str,
    /// So many at least.
    pub budget: u64,
    /// What it consists of, and how many each did.
    pub parts: Vec<Part>,
    /// How it was done, in full sentences.
    pub how: String,
}

/// One part of a proof.
#[derive(Debug, PartialEq, Eq)]
pub struct Part {
    pub name: String,
    pub done: u64,
    /// The longest that one took.
    pub slowest_us: u64,
}

/// The file's beginning.
pub const HEAD: &str = "# Long proofs\n\n\
    What `cargo xtask soak` last proved. Each is the same code as a test with a fixed seed that every run of\n\
    `cargo xtask test` has a little of. A run that stays below its budget, or fails, is not written here.\n";

impl Report {
    pub fn value(&self) -> u64 {
        self.parts.iter().map(|part| part.done).sum()
    }

    pub fn ok(&self) -> bool {
        self.value() >= self.budget
    }

    pub fn json(&self, seed: u64) -> Value {
        json!({ "name": self.name, "value": self.value(), "unit": self.unit, "budget": self.budget, "ok": self.ok(),
            "n": self.parts.len(), "seed": seed })
    }

    /// The section under the proof's own heading.
    pub fn section(&self, name: &str, commit: &str, seed: u64, rounds: u64) -> String {
        let mut text = format!(
            "## {name}\n\n{} {} (budget {}), none failed. Commit {commit}, seed {seed}, {rounds} rounds. {}\n\n\
             | part | {} | slowest |\n|---|---:|---:|\n",
            grouped(self.value()),
            self.unit,
            grouped(self.budget),
            self.how,
            self.unit,
        );
        for part in &self.parts {
            let _ = writeln!(text, "| {} | {} | {} us |", part.name, grouped(part.done), grouped(part.slowest_us));
        }
        text
    }
}

/// 10,000,000
fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// The file with a proof's section in place of its former one, or at the end.
pub fn replaced(text: &str, name: &str, section: &str) -> String {
    let heading = format!("## {name}");
    let mut out = String::new();
    let (mut skipping, mut placed) = (false, false);
    for line in text.lines() {
        if line.starts_with("## ") {
            skipping = line.trim() == heading;
            if skipping {
                out += section;
                placed = true;
            } else if !out.ends_with("\n\n") {
                out.push('\n');
            }
        }
        if !skipping {
            out += line;
            out.push('\n');
        }
    }
    if !placed {
        if !out.ends_with("\n\n") {
            out.push('\n');
        }
        out += section;
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn report() -> Report {
        let part = |name: &str, done| Part { name: name.to_owned(), done, slowest_us: 12 };
        Report {
            name: "soak_x",
            unit: "executions",
            budget: 1_500,
            parts: vec![part("a/b", 1_000), part("a/c", 501)],
            how: "On one core.".to_owned(),
        }
    }

    #[test]
    fn what_the_parts_did_is_summed_and_held_against_the_budget() {
        let line = r#"{"budget":1500,"n":2,"name":"soak_x","ok":true,"seed":7,"unit":"executions","value":1501}"#;
        assert_eq!(report().json(7), serde_json::from_str::<Value>(line).unwrap());
        assert!(!Report { budget: 1_502, ..report() }.ok());
    }

    #[test]
    fn a_section_replaces_its_former_self_and_no_other() {
        let section = report().section("x", "abc", 7, 3);
        assert!(section.contains("1,501 executions (budget 1,500), none failed. Commit abc, seed 7, 3 rounds."));
        let first = replaced(HEAD, "x", &section);
        assert!(first.starts_with(HEAD) && first.ends_with("| a/c | 501 | 12 us |\n"));
        let both = replaced(&first, "y", "## y\n\nother\n");
        let again = replaced(&both, "x", &section.replace("abc", "def"));
        assert_eq!(again, both.replace("abc", "def"));
        assert_eq!(again.matches("## ").count(), 2);
    }
}
