//! What of much is shown where it is only a part of a page: the worst first, and the rest in a sentence.
//!
//! A cluster has two to twelve nodes and is shown whole. Of a thousand a page that listed all would be what nobody reads
//! and no browser draws in time, so each part shows so many and says where the others stand.

use crate::{state::Tone, step_state::counted};

/// In the picture: a node is as high there as a hand, and twelve of them fill two screens.
pub const DRAWN: usize = 12;
/// Rows of one table among others, and findings of one grade: as many as one still reads in a row. No fewer than are
/// drawn, so that whatever is in the picture is in the tables as well.
pub const LISTED: usize = 24;
/// Rows of a page that is one list, such as operations and switches: it is shown whole up to so many, and pages beyond. A
/// cluster of twelve nodes has some eighty.
pub const WHOLE: usize = 100;
/// Lines below one row or finding: what it rests on, names in a sentence.
pub const LINES: usize = 12;

/// How much something wants to be looked at: by the worst of its states, then by all of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Weight {
    tone: Tone,
    sum: u32,
}

impl Weight {
    /// Of one thing that is in several states at once; without any it is quiet.
    pub fn of(tones: impl IntoIterator<Item = Tone>) -> Self {
        let start: (Option<Tone>, u32) = (None, 0);
        let (tone, sum) = tones.into_iter().fold(start, |(worst, sum), tone| {
            let worst = worst.filter(|worst| worst.rank() >= tone.rank()).unwrap_or(tone);
            (Some(worst), sum + u32::from(tone.rank()))
        });
        Self { tone: tone.unwrap_or(Tone::Quiet), sum }
    }

    pub const fn tone(self) -> Tone {
        self.tone
    }

    /// The worst first, when sorted.
    pub const fn order(self) -> (std::cmp::Reverse<u8>, std::cmp::Reverse<u32>) {
        (std::cmp::Reverse(self.tone.rank()), std::cmp::Reverse(self.sum))
    }
}

impl From<Tone> for Weight {
    fn from(tone: Tone) -> Self {
        Self::of([tone])
    }
}

/// A part of many.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Excerpt<T> {
    pub shown: Vec<T>,
    pub rest: Rest,
}

/// What is not shown: how many of each, the worst first.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Rest(Vec<(Tone, usize)>);

impl<T> Excerpt<T> {
    /// All in their order while they are few; else the worst, and among equals those that came first.
    pub fn of(mut all: Vec<T>, most: usize, weight: impl Fn(&T) -> Weight) -> Self {
        if all.len() <= most {
            return Self { shown: all, rest: Rest::default() };
        }
        all.sort_by_cached_key(|one| weight(one).order());
        let rest = Rest::of(all.split_off(most).iter().map(|one| weight(one).tone()));
        Self { shown: all, rest }
    }

    /// Of what is in no state: the first ones.
    pub fn first(all: Vec<T>, most: usize) -> Self {
        Self::of(all, most, |_| Tone::Quiet.into())
    }
}

impl Rest {
    fn of(tones: impl Iterator<Item = Tone>) -> Self {
        let mut counts = Tone::WORST_FIRST.map(|tone| (tone, 0));
        for tone in tones {
            for (_, count) in counts.iter_mut().filter(|(known, _)| *known == tone) {
                *count += 1;
            }
        }
        Self(counts.into_iter().filter(|(_, count)| *count > 0).collect())
    }

    pub const fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub fn count(&self) -> usize {
        self.0.iter().map(|(_, count)| count).sum()
    }

    /// `976 more nodes`; nothing where there is no rest.
    pub fn more(&self, one: &str, many: &str) -> Option<String> {
        (!self.is_empty()).then(|| counted(self.count(), &format!("more {one}"), &format!("more {many}")))
    }

    /// `976 more nodes: 6 failing, 970 UP.`, or `976 more nodes are UP.`; `good` is their word for being well.
    pub fn sentence(&self, one: &str, many: &str, good: &str) -> Option<String> {
        let more = self.more(one, many)?;
        let word = |tone: Tone| if tone == Tone::Good { good } else { tone.word() };
        Some(match self.0.as_slice() {
            [(tone, count)] => format!("{more} {} {}.", if *count == 1 { "is" } else { "are" }, word(*tone)),
            several => {
                let parts: Vec<_> = several.iter().map(|(tone, count)| format!("{count} {}", word(*tone))).collect();
                format!("{more}: {}.", parts.join(", "))
            }
        })
    }
}

/// As many sentences as one reads, the last one saying how many more there are.
pub fn sentences(all: Vec<String>, one: &str, many: &str) -> Vec<String> {
    let Excerpt { mut shown, rest } = Excerpt::first(all, LINES);
    shown.extend(rest.more(one, many).map(|more| format!("{more}.")));
    shown
}

/// Names in a sentence: `a, b and 988 more`.
pub fn named<T: ToString>(names: &[T]) -> String {
    let shown = names.iter().take(LINES).map(ToString::to_string).collect::<Vec<_>>().join(", ");
    match names.len().saturating_sub(LINES) {
        0 => shown,
        more => format!("{shown} and {more} more"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn few_stand_as_they_are_and_of_many_the_worst_come_first() {
        let few = vec![(1, Tone::Good), (2, Tone::Bad), (3, Tone::Good)];
        let excerpt = Excerpt::of(few.clone(), 3, |(_, tone)| (*tone).into());
        assert_eq!((excerpt.shown, excerpt.rest.is_empty()), (few.clone(), true));
        let excerpt = Excerpt::of(few, 2, |(_, tone)| (*tone).into());
        assert_eq!(excerpt.shown, [(2, Tone::Bad), (1, Tone::Good)], "and among equals the first");
        assert_eq!(excerpt.rest.sentence("node", "nodes", "UP").unwrap(), "1 more node is UP.");
    }

    #[test]
    fn nothing_in_trouble_is_left_out_for_something_that_is_well() {
        let tones = [Tone::Good, Tone::Warn, Tone::Bad, Tone::Quiet, Tone::Unknown];
        let all: Vec<Tone> = (0..1_000).map(|n| tones[n % 5]).collect();
        for most in [DRAWN, LISTED, 200, 399, 999] {
            let excerpt = Excerpt::of(all.clone(), most, |tone| (*tone).into());
            let least = excerpt.shown.iter().map(|tone| tone.rank()).min().unwrap();
            let left = excerpt.rest.0.iter().map(|(tone, _)| tone.rank()).max().unwrap();
            assert!(least >= left, "{most}: {least} is shown before {left}");
            assert_eq!(excerpt.shown.len() + excerpt.rest.count(), 1_000);
        }
    }

    #[test]
    fn of_two_whose_worst_is_the_same_the_one_with_more_of_it_comes_first() {
        let one = Weight::of([Tone::Unknown, Tone::Good, Tone::Good]);
        let more = Weight::of([Tone::Unknown, Tone::Warn, Tone::Good]);
        let worse = Weight::of([Tone::Bad]);
        let mut all = [one, more, worse];
        all.sort_by_key(|weight| weight.order());
        assert_eq!(all, [worse, more, one]);
        assert_eq!(Weight::of([]).tone(), Tone::Quiet, "nothing is not well");
    }

    #[test]
    fn the_rest_is_counted_by_how_it_does() {
        let rest = Rest::of([Tone::Good, Tone::Bad, Tone::Good, Tone::Good].into_iter());
        assert_eq!(rest.sentence("node", "nodes", "UP").unwrap(), "4 more nodes: 1 failing, 3 UP.");
        assert_eq!(Rest::default().sentence("node", "nodes", "UP"), None);
        let numbers: Vec<usize> = (1..=1_000).collect();
        assert_eq!(named(&numbers), "1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12 and 988 more");
        assert_eq!(named(&["a", "b"]), "a, b");
        let told = sentences((0..20).map(|n| format!("{n}.")).collect(), "like these", "like these");
        assert_eq!((told.len(), told[12].as_str()), (13, "8 more like these."));
    }
}
