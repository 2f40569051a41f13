//! How a cluster stood over time: one stretch for each verdict, from when it was said first until it was said last.

use crate::{clock::At, noted::Noted, since::Since, state::Tone, verdict::Verdict};
use serde::{Deserialize, Serialize};

/// A while in which the verdict was one but for the numbers in its words.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stretch {
    pub tone: Tone,
    /// What its first words are about, as a `Verdict` says it.
    pub subject: String,
    /// The verdict's words when it began.
    pub words: String,
    from: Noted,
    /// When it was judged so last.
    last: Noted,
    /// Nobody watched just before it.
    after_gap: bool,
}

/// A verdict, as one moment has it.
#[derive(Clone, Debug)]
pub struct Judgement {
    pub at: Noted,
    pub verdict: Verdict,
}

/// What a judgement makes of the newest stretch.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Course {
    /// It goes on.
    Lasts(Stretch),
    /// Another verdict; or again what is well, after a gap in which anything may have been.
    Begins(Stretch),
}

impl Judgement {
    /// What it makes of `newest`, where looks come every `interval` seconds.
    pub fn after(self, newest: Option<Stretch>, interval: u32) -> Course {
        let Self { mut at, verdict: Verdict { tone, words, subject } } = self;
        let mut after_gap = true;
        if let Some(newest) = newest {
            if newest.last.run == at.run {
                // A look that took long is judged after something that came later.
                at.at = at.at.max(newest.last.told(at));
            }
            let watched = newest.last.is_recent(at, interval);
            if (newest.tone, &newest.subject) == (tone, &subject) && (watched || tone != Tone::Good) {
                return Course::Lasts(Stretch { last: at, ..newest });
            }
            after_gap = !watched;
        }
        Course::Begins(Stretch { tone, subject, words, from: at, last: at, after_gap })
    }
}

/// A stretch as a page shows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stood {
    pub tone: Tone,
    pub words: String,
    pub from: Since,
    /// `None`: it lasts.
    pub until: Option<At>,
}

/// By the clock as it is `now`; the newest first, here and there.
pub fn told(stretches: &[Stretch], now: Noted) -> Vec<Stood> {
    let mut next: Option<&Stretch> = None;
    let mut told = Vec::with_capacity(stretches.len());
    for stretch in stretches {
        // What is not in use, or not known, says itself that nobody could tell.
        let or_earlier = stretch.after_gap && !matches!(stretch.tone, Tone::Quiet | Tone::Unknown);
        let until = next.map(|next| if next.after_gap { stretch.last } else { next.from });
        told.push(Stood {
            tone: stretch.tone,
            words: stretch.words.clone(),
            from: Since { at: stretch.from.told(now).min(now.at), or_earlier },
            until: until.map(|until| until.told(now).min(now.at)),
        });
        next = Some(stretch);
    }
    told
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::from_millis;
    use Tone::{Bad, Good, Quiet, Unknown};

    const INTERVAL: u32 = 10;

    fn noted(second: i64, run: i64) -> Noted {
        Noted { at: from_millis(second * 1000), ahead_ms: 0, run }
    }

    /// What is judged at these seconds, in these runs of the program; newest first.
    fn course(judged: &[(i64, i64, Tone, &str)]) -> Vec<Stretch> {
        let mut all: Vec<Stretch> = Vec::new();
        for (second, run, tone, subject) in judged {
            let verdict = Verdict { tone: *tone, words: format!("{subject} {second}"), subject: (*subject).to_owned() };
            match (Judgement { at: noted(*second, *run), verdict }).after(all.first().cloned(), INTERVAL) {
                Course::Lasts(stretch) => all[0] = stretch,
                Course::Begins(stretch) => all.insert(0, stretch),
            }
        }
        all
    }

    fn seconds(judged: &[(i64, i64, Tone, &str)]) -> Vec<(Tone, i64, bool, Option<i64>)> {
        let last = judged.last().unwrap();
        let told = told(&course(judged), noted(last.0, last.1));
        let line = |stood: Stood| {
            (stood.tone, stood.from.at.as_second(), stood.from.or_earlier, stood.until.map(At::as_second))
        };
        told.into_iter().map(line).collect()
    }

    #[test]
    fn each_change_is_one_stretch_and_what_stays_is_none() {
        let judged = [(0, 1, Good, ""), (10, 1, Good, ""), (20, 1, Bad, "a"), (30, 1, Bad, "a"), (40, 1, Bad, "b")];
        assert_eq!(
            seconds(&judged),
            [(Bad, 40, false, None), (Bad, 20, false, Some(40)), (Good, 0, true, Some(20))],
            "the first look of all does not know what was before it"
        );
        assert_eq!(course(&judged)[1].words, "a 20", "as they were when it began");
    }

    #[test]
    fn what_is_well_is_not_well_while_nobody_watches() {
        let judged = [(0, 1, Good, ""), (10, 1, Good, ""), (100, 1, Good, "")];
        assert_eq!(seconds(&judged), [(Good, 100, true, None), (Good, 0, true, Some(10))], "a machine that slept");
        let judged = [(0, 1, Good, ""), (10, 1, Good, ""), (15, 2, Bad, "a")];
        assert_eq!(seconds(&judged), [(Bad, 15, true, None), (Good, 0, true, Some(10))], "a start in between");
        let judged = [(0, 1, Bad, "a"), (100, 2, Bad, "a")];
        assert_eq!(seconds(&judged), [(Bad, 0, true, None)], "nobody said that it was over");
        let judged = [(0, 1, Quiet, ""), (100, 1, Quiet, ""), (200, 1, Unknown, "x")];
        assert_eq!(seconds(&judged), [(Unknown, 200, false, None), (Quiet, 0, false, Some(100))]);
    }

    #[test]
    fn nothing_goes_back_or_lies_in_the_future() {
        // Judged by a look that began before something that was judged meanwhile.
        let judged = [(0, 1, Good, ""), (10, 1, Unknown, "x"), (7, 1, Bad, "a")];
        assert_eq!(
            seconds(&judged)[..2],
            [(Bad, 7, false, None), (Unknown, 7, false, Some(7))],
            "told at second 7, where nothing is later than now"
        );
        let told_later = told(&course(&judged), noted(60, 1));
        assert_eq!(told_later[0].from.at.as_second(), 10);
        // Set back by ten minutes: half a minute ago is half a minute ago.
        let set_back = Noted { at: from_millis(400_000), ahead_ms: -600_000, run: 1 };
        let verdict = |tone| Verdict { tone, words: String::new(), subject: String::new() };
        let Course::Begins(bad) = (Judgement { at: noted(970, 1), verdict: verdict(Bad) }).after(None, INTERVAL) else {
            panic!("there was nothing before")
        };
        let Course::Begins(good) =
            (Judgement { at: set_back, verdict: verdict(Good) }).after(Some(bad.clone()), INTERVAL)
        else {
            panic!("it is another")
        };
        let told = told(&[good, bad], set_back);
        assert_eq!(told[1].from.at.as_second(), 370);
        assert_eq!(told[1].until.map(At::as_second), Some(370), "judged last then, and not for thirty seconds");
    }
}
