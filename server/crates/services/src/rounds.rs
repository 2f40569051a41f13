//! The timetable: what is due when. Pure; whoever keeps it asks what is due and says how it ended.
//!
//! Each thing has its own interval, begins an interval after it last began, and is never begun twice at once. At most so many
//! are at work together, so that five hundred appliances are no storm of connections; what fails again and again is tried
//! less often, so that those that do not answer take no place from those that do.

use std::{collections::HashMap, hash::Hash, time::Duration};

/// What does not answer is tried each so many intervals at last.
const LEAST_OFTEN: u32 = 4;

#[derive(Debug)]
pub struct Rounds<K> {
    /// At work at the same time.
    most: usize,
    entries: HashMap<K, Entry>,
}

#[derive(Debug)]
struct Entry {
    due: Duration,
    begun: Duration,
    every: Duration,
    at_work: bool,
    /// In a row.
    failures: u32,
}

impl<K: Copy + Eq + Hash + Ord> Rounds<K> {
    pub fn new(most: usize) -> Self {
        Self { most, entries: HashMap::new() }
    }

    /// What there is now, each with its interval: what is new is due at once, what is gone is forgotten.
    pub fn know(&mut self, now: Duration, known: &HashMap<K, Duration>) {
        self.entries.retain(|key, entry| entry.at_work || known.contains_key(key));
        for (key, every) in known {
            let new = Entry { due: now, begun: now, every: *every, at_work: false, failures: 0 };
            self.entries.entry(*key).or_insert(new).every = *every;
        }
    }

    /// What is to be begun now: who waits longest comes first. All of it is at work from here on.
    pub fn begin(&mut self, now: Duration) -> Vec<K> {
        let at_work = self.entries.values().filter(|entry| entry.at_work).count();
        let waits = self.entries.iter().filter(|(_, entry)| !entry.at_work && entry.due <= now);
        let mut waits: Vec<(Duration, K)> = waits.map(|(key, entry)| (entry.due, *key)).collect();
        waits.sort_unstable();
        waits.truncate(self.most.saturating_sub(at_work));
        for (_, key) in &waits {
            if let Some(entry) = self.entries.get_mut(key) {
                (entry.at_work, entry.begun) = (true, now);
            }
        }
        waits.into_iter().map(|(_, key)| key).collect()
    }

    /// When the next thing is due that could be begun; `None`: only after something has ended.
    pub fn next(&self) -> Option<Duration> {
        let at_work = self.entries.values().filter(|entry| entry.at_work).count();
        let waits = self.entries.values().filter(|entry| !entry.at_work).map(|entry| entry.due);
        waits.min().filter(|_| at_work < self.most)
    }

    /// It has ended, well or not.
    pub fn ended(&mut self, key: K, now: Duration, well: bool) {
        let Some(entry) = self.entries.get_mut(&key) else { return };
        entry.at_work = false;
        entry.failures = if well { 0 } else { entry.failures.saturating_add(1) };
        // The second failure says that it does not answer; from then on it is in no hurry.
        let times = entry.failures.saturating_sub(1).clamp(1, LEAST_OFTEN);
        entry.due = (entry.begun + entry.every * times).max(now);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEN: Duration = Duration::from_secs(10);

    fn seconds(seconds: u64) -> Duration {
        Duration::from_secs(seconds)
    }

    fn rounds(most: usize, keys: impl IntoIterator<Item = u32>) -> Rounds<u32> {
        let mut rounds = Rounds::new(most);
        rounds.know(Duration::ZERO, &keys.into_iter().map(|key| (key, TEN)).collect());
        rounds
    }

    #[test]
    fn each_begins_an_interval_after_it_last_began_and_never_twice_at_once() {
        let mut rounds = rounds(9, [1, 2]);
        assert_eq!(rounds.begin(seconds(0)), [1, 2], "at once");
        rounds.ended(1, seconds(3), true);
        assert!(rounds.begin(seconds(9)).is_empty());
        assert_eq!(rounds.begin(seconds(10)), [1], "the other one is still at work");
        rounds.ended(2, seconds(25), true);
        assert_eq!(rounds.begin(seconds(25)), [2], "a slow one delays itself alone");
    }

    #[test]
    fn so_many_are_at_work_and_who_waits_longest_comes_next() {
        let mut rounds = rounds(3, 0..5);
        assert_eq!(rounds.next(), Some(seconds(0)));
        assert_eq!(rounds.begin(seconds(0)), [0, 1, 2]);
        assert!(rounds.begin(seconds(1)).is_empty());
        assert_eq!(rounds.next(), None, "there is no place");
        rounds.ended(1, seconds(2), true);
        assert_eq!(rounds.begin(seconds(2)), [3]);
        rounds.ended(0, seconds(11), true);
        rounds.ended(2, seconds(11), true);
        assert_eq!(rounds.begin(seconds(30)), [4, 0]);
    }

    #[test]
    fn what_does_not_answer_is_tried_less_often_until_it_does() {
        let mut rounds = rounds(9, [7]);
        let mut now = Duration::ZERO;
        let mut waits = Vec::new();
        for well in [false, false, false, false, false, false, false, true, false] {
            assert_eq!(rounds.begin(now), [7]);
            rounds.ended(7, now, well);
            let begun = now;
            while rounds.entries[&7].due > now {
                now += seconds(1);
            }
            waits.push(now.saturating_sub(begun).as_secs());
        }
        assert_eq!(waits, [10, 10, 20, 30, 40, 40, 40, 10, 10]);
    }

    #[test]
    fn what_is_gone_is_forgotten_and_another_interval_counts_from_the_next_time() {
        let mut rounds = rounds(9, [1, 2]);
        assert_eq!(rounds.begin(seconds(0)), [1, 2]);
        rounds.ended(1, seconds(1), true);
        rounds.know(seconds(1), &HashMap::from([(2, seconds(5))]));
        assert_eq!(rounds.entries.len(), 1);
        rounds.ended(2, seconds(1), true);
        assert_eq!(rounds.begin(seconds(5)), [2]);
        rounds.know(seconds(5), &HashMap::new());
        assert_eq!(rounds.entries.len(), 1, "it is still at work");
        rounds.ended(2, seconds(6), true);
        rounds.know(seconds(6), &HashMap::new());
        assert!(rounds.begin(seconds(99)).is_empty());
    }
}
