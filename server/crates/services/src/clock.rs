//! The one place that asks the system for the time, and who notices that somebody set it.

use crate::{Failure, Topic, bus::Bus, cx::entry};
use jiff::SignedDuration;
use model::{
    At, Clock, Reckoning,
    clock::{TOLERANCE, time_text},
    record::{Actor, RecordKind},
};
use std::{
    sync::{Arc, Mutex, PoisonError},
    time::{Duration, Instant},
};
use store::{Store, clock, records};

/// How long pages tell of a clock that was set.
const NEWS: Duration = Duration::from_hours(24);

/// The machine's own clocks.
pub struct SystemClock(Instant);

impl Default for SystemClock {
    fn default() -> Self {
        Self(Instant::now())
    }
}

impl Clock for SystemClock {
    #[expect(clippy::disallowed_methods, reason = "this is where time comes from; everybody else is handed a Clock")]
    fn now(&self) -> At {
        At::now()
    }

    fn passed(&self) -> Duration {
        self.0.elapsed()
    }
}

/// The wall's clock moved by more than time has passed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ClockStep {
    /// By the new clock.
    pub at: At,
    /// Negative: back.
    pub by: SignedDuration,
    /// It was noticed at the start: nobody was looking when it happened.
    pub at_start: bool,
}

impl ClockStep {
    pub fn is_back(&self) -> bool {
        self.by.is_negative()
    }

    /// What happened, and what it means.
    pub fn sentence(&self) -> String {
        let (amount, at) = (length(self.by), time_text(self.at));
        match (self.is_back(), self.at_start) {
            (true, false) => format!(
                "This machine's clock was set back by {amount}, to {at}. Times before and after that do not follow on one \
                 another; their order here is still the true one."
            ),
            (true, true) => format!(
                "While Gatehouse was not running, this machine's clock was set back by {amount} or more: it starts at {at}, \
                 and later times are in the log. Their order here is still the true one."
            ),
            (false, _) => format!(
                "This machine's clock went forward by {amount} at once, to {at}: it was set, or the machine slept for so \
                 long."
            ),
        }
    }
}

fn length(by: SignedDuration) -> String {
    match by.as_secs().unsigned_abs() {
        s @ 0..120 => format!("{s} s"),
        s @ 120..7_200 => format!("{} min", s / 60),
        s @ 7_200..172_800 => format!("{} h", s / 3_600),
        s => format!("{} days", s / 86_400),
    }
}

/// So much by which the wall's clock moved against the time that passes is nobody's news.
const NUDGE_MS: u64 = 250;

/// Tells the time, and compares the wall's clock with the time that only passes.
pub(crate) struct Timekeeper {
    clock: Arc<dyn Clock>,
    state: Mutex<State>,
    /// One at a time writes what was noticed.
    writing: tokio::sync::Mutex<()>,
}

struct State {
    /// Milliseconds by which the wall's clock is ahead of the time that only passes, as far as a step was told.
    ahead_ms: i64,
    /// The same, as whoever asks is told: it does not tremble with the reading of two clocks one after the other, nor with
    /// a wall's clock that is kept right bit by bit, so that what rests on it can be compared.
    told_ms: i64,
    /// Noticed and not yet written.
    pending: Vec<ClockStep>,
    /// The last one, and when by the time that only passes.
    last: Option<(ClockStep, Duration)>,
}

impl Timekeeper {
    pub(crate) fn new(clock: Arc<dyn Clock>) -> Self {
        let ahead_ms = ahead(clock.now(), clock.passed());
        let state = Mutex::new(State { ahead_ms, told_ms: ahead_ms, pending: Vec::new(), last: None });
        Self { clock, state, writing: tokio::sync::Mutex::default() }
    }

    /// Time that only passes.
    pub(crate) fn passed(&self) -> Duration {
        self.clock.passed()
    }

    /// Whoever asks for the time notices a step.
    pub(crate) fn reckoning(&self) -> Reckoning {
        let (now, passed) = (self.clock.now(), self.clock.passed());
        let ahead_ms = ahead(now, passed);
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        let by = SignedDuration::from_millis(ahead_ms.saturating_sub(state.ahead_ms));
        // What is less than that is a clock being nudged; many nudges are a step in the end.
        if by.abs() > TOLERANCE {
            state.ahead_ms = ahead_ms;
            let step = ClockStep { at: now, by, at_start: false };
            state.pending.push(step);
            state.last = Some((step, passed));
        }
        if state.told_ms.abs_diff(ahead_ms) >= NUDGE_MS {
            state.told_ms = ahead_ms;
        }
        Reckoning { now, ahead_ms: state.told_ms }
    }

    fn note(&self, step: ClockStep) {
        let passed = self.clock.passed();
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        state.pending.push(step);
        state.last = Some((step, passed));
    }

    fn next(&self) -> Option<ClockStep> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner).pending.first().copied()
    }

    fn written(&self) {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        if !state.pending.is_empty() {
            state.pending.remove(0);
        }
    }

    /// The last step, for a day.
    pub(crate) fn news(&self) -> Option<ClockStep> {
        let passed = self.clock.passed();
        let state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        state.last.filter(|(_, then)| passed.saturating_sub(*then) < NEWS).map(|(step, _)| step)
    }

    /// Writes down every step that was noticed, between the records before and after it, and moves along what would
    /// otherwise live on for as long as the clock was set back: sessions, and failures that close the way in.
    pub(crate) async fn mind(&self, store: &Store, bus: &Bus) -> Result<(), Failure> {
        self.reckoning();
        if self.next().is_none() {
            return Ok(());
        }
        let _one_at_a_time = self.writing.lock().await;
        while let Some(step) = self.next() {
            let mut stepped = entry(Actor::gatehouse(), step.at, RecordKind::ClockStepped, step.sentence());
            stepped.detail = serde_json::json!({ "seconds": step.by.as_secs(), "at_start": step.at_start });
            tracing::warn!(seconds = step.by.as_secs(), "{}", stepped.summary);
            store
                .write(move |conn| {
                    Box::pin(async move {
                        if step.is_back() {
                            clock::move_times_in(conn, step.by).await?;
                        }
                        records::append_in(conn, &stepped).await
                    })
                })
                .await?;
            self.written();
            bus.tell(Topic::Other);
        }
        Ok(())
    }

    /// A clock that was set back while nobody was looking: what the log says last is in the future.
    pub(crate) async fn compare_with_the_log(&self, store: &Store, bus: &Bus) -> Result<(), Failure> {
        let now = self.reckoning().now;
        if let Some(last) = store.last_record_at().await?.filter(|last| model::clock::is_future(*last, now)) {
            self.note(ClockStep { at: now, by: now.duration_since(last), at_start: true });
        }
        self.mind(store, bus).await
    }
}

fn ahead(now: At, passed: Duration) -> i64 {
    now.as_millisecond().saturating_sub(i64::try_from(passed.as_millis()).unwrap_or(i64::MAX))
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::clock::HandClock;

    #[test]
    fn a_step_is_noticed_once_and_told_for_a_day() {
        let clock = Arc::new(HandClock::at("2026-01-05T08:00:00Z".parse().unwrap()));
        let time = Timekeeper::new(clock.clone());
        clock.advance(Duration::from_hours(3));
        assert_eq!((time.reckoning().now, time.next()), (clock.now(), None), "time that passes is no step");
        clock.set_by(SignedDuration::from_hours(-24));
        time.reckoning();
        time.reckoning();
        let step = time.next().unwrap();
        assert!(step.sentence().contains("set back by 24 h, to 2026-01-04 11:00:00 UTC"), "{}", step.sentence());
        time.written();
        assert_eq!((time.next(), time.news()), (None, Some(step)));
        clock.advance(NEWS);
        assert_eq!(time.news(), None);
    }

    #[test]
    fn what_is_told_of_two_clocks_does_not_tremble_and_follows_what_somebody_sets() {
        let clock = Arc::new(HandClock::at("2026-01-05T08:00:00Z".parse().unwrap()));
        let time = Timekeeper::new(clock.clone());
        let first = time.reckoning().ahead_ms;
        for nudge in [1, -1, -1, 1, 100, -90] {
            clock.advance(Duration::from_millis(10));
            clock.set_by(SignedDuration::from_millis(nudge));
            assert_eq!(time.reckoning().ahead_ms, first, "{nudge}");
        }
        clock.set_by(SignedDuration::from_secs(-1));
        assert_eq!(time.reckoning().ahead_ms, first - 990, "a second is somebody's, though no step yet");
    }

    #[test]
    fn many_nudges_are_a_step_in_the_end() {
        let clock = Arc::new(HandClock::at("2026-01-05T08:00:00Z".parse().unwrap()));
        let time = Timekeeper::new(clock.clone());
        for _ in 0..3 {
            assert_eq!(time.next(), None);
            clock.set_by(SignedDuration::from_millis(900));
            time.reckoning();
        }
        assert!(!time.next().unwrap().is_back());
    }
}
