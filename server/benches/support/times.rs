//! How long something took, many times.

use std::{
    fmt,
    time::{Duration, Instant},
};

pub fn ms(time: Duration) -> f64 {
    time.as_secs_f64() * 1_000.0
}

#[expect(clippy::cast_precision_loss, reason = "far below what a float can count")]
pub fn count(things: usize) -> f64 {
    things as f64
}

/// In milliseconds, in order once they are asked for.
#[derive(Clone, Default)]
pub struct Times(Vec<f64>);

impl Times {
    pub fn push(&mut self, time: Duration) {
        self.0.push(ms(time));
    }

    /// Does it once and notes how long that took.
    pub async fn of<T>(&mut self, act: impl Future<Output = T>) -> T {
        let begun = Instant::now();
        let done = act.await;
        self.push(begun.elapsed());
        done
    }

    pub fn len(&self) -> usize {
        self.0.len()
    }

    pub fn median(&self) -> f64 {
        self.at(50)
    }

    pub fn p99(&self) -> f64 {
        self.at(99)
    }

    pub fn most(&self) -> f64 {
        self.at(100)
    }

    /// So many in a hundred are not above this. Nothing measured is for ever.
    fn at(&self, percent: usize) -> f64 {
        let mut times = self.0.clone();
        times.sort_by(f64::total_cmp);
        let place = (times.len() * percent).div_ceil(100).max(1) - 1;
        times.get(place).copied().unwrap_or(f64::INFINITY)
    }
}

impl fmt::Debug for Times {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:.1} ms, p99 {:.1}, most {:.1}", self.median(), self.p99(), self.most())
    }
}
