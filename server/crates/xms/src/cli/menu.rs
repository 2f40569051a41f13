//! Recognises a menu: entries, and a prompt on the last line.

use crate::profile::{Cli, Pattern};

/// A menu as shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Menu {
    /// The line above the entries; empty where there is none.
    pub title: String,
    /// The entries in order.
    pub entries: Vec<MenuEntry>,
    /// What was written before the entries, title included.
    pub before: String,
}

/// One entry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MenuEntry {
    /// What to type.
    pub number: String,
    /// What it says. This is what we choose by: numbers change with releases.
    pub text: String,
}

impl Menu {
    /// The menu at the end of a text, once its prompt is there. A prompt without entries above it is text.
    pub fn find(text: &str, cli: &Cli) -> Option<Self> {
        let lines: Vec<&str> = text.lines().collect();
        let (last, above) = lines.split_last()?;
        if text.ends_with('\n') || !cli.prompt.is_match(last) {
            return None;
        }
        let mut first = above.len();
        let mut entries = Vec::new();
        // Upwards from the prompt; blank lines may stand between.
        for (index, line) in above.iter().enumerate().rev() {
            match cli.entry.captures(line) {
                Some(found) => {
                    let part = |group: usize| found.get(group).map_or("", |part| part.as_str()).to_owned();
                    entries.push(MenuEntry { number: part(1), text: part(2) });
                    first = index;
                }
                None if line.trim().is_empty() => {}
                None => break,
            }
        }
        entries.reverse();
        if entries.is_empty() {
            return None;
        }
        let before = above.get(..first).unwrap_or_default();
        let title = before.iter().rev().find(|line| !line.trim().is_empty()).map_or("", |line| line.trim());
        Some(Self { title: title.to_owned(), entries, before: before.join("\n") })
    }

    /// The entry with this text.
    pub fn entry(&self, wanted: &Pattern) -> Option<&MenuEntry> {
        self.entries.iter().find(|entry| wanted.is_match(&entry.text))
    }

    /// For people.
    pub fn name(&self) -> String {
        if self.title.is_empty() { "The menu".to_owned() } else { format!("The menu \"{}\"", short(&self.title)) }
    }
}

/// A title that is none may be a long line of something else.
fn short(text: &str) -> String {
    wire::excerpt(text.as_bytes())
}
