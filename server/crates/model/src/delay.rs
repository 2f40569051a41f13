//! How long whoever gave wrong passwords waits before the next try. Strangers cannot shut a person out: what they try
//! counts for them, and a device on which somebody has signed in before is counted by itself.

use crate::At;
use jiff::SignedDuration;

/// Failures older than this count for nothing.
pub const WINDOW: SignedDuration = SignedDuration::from_hours(1);

/// What is delayed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DelaySubject {
    /// This name from this address.
    NameFromAddress,
    /// This name from anywhere: many addresses guess at one.
    Name,
    /// Any name from this address: one guesses at many.
    Address,
    /// This name on a device of its owner.
    Device,
}

impl DelaySubject {
    pub const ALL: [Self; 4] = [Self::NameFromAddress, Self::Name, Self::Address, Self::Device];

    pub const fn code(self) -> &'static str {
        match self {
            Self::NameFromAddress => "name_from_address",
            Self::Name => "name",
            Self::Address => "address",
            Self::Device => "device",
        }
    }

    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|about| about.code() == code)
    }

    /// The wait after so many failures; none while there are few. It grows where somebody may have mistyped, and stays
    /// short where many people share what is delayed.
    pub fn wait(self, failures: i64) -> Option<SignedDuration> {
        let (free, longest) = match self {
            Self::NameFromAddress | Self::Device => (5, 15),
            Self::Address => (20, 1),
            Self::Name => (30, 1),
        };
        let doublings = u32::try_from(failures - free).ok()?.min(10);
        Some(SignedDuration::from_mins((1_i64 << doublings).min(longest)))
    }
}

/// So many, and when the last one was.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Series {
    pub count: i64,
    pub last: Option<At>,
}

/// Failures that have to do with one attempt.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Failures {
    pub pair: Series,
    pub name: Series,
    pub address: Series,
    /// Known: nothing else counts for it.
    pub device: Option<Series>,
}

/// One thing that is delayed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Delay {
    pub about: DelaySubject,
    pub failures: i64,
    pub until: At,
}

impl Failures {
    /// Everything that delays this attempt, whether it is over or not.
    pub fn delays(&self) -> Vec<Delay> {
        let counted = match self.device {
            Some(device) => vec![(DelaySubject::Device, device)],
            None => {
                vec![
                    (DelaySubject::NameFromAddress, self.pair),
                    (DelaySubject::Name, self.name),
                    (DelaySubject::Address, self.address),
                ]
            }
        };
        let delay = |(about, series): (DelaySubject, Series)| {
            let until = series.last?.checked_add(about.wait(series.count)?).ok()?;
            Some(Delay { about, failures: series.count, until })
        };
        counted.into_iter().filter_map(delay).collect()
    }

    /// The one that ends last, of those that have not ended.
    pub fn standing(&self, now: At) -> Option<Delay> {
        self.delays().into_iter().filter(|delay| delay.until > now).max_by_key(|delay| delay.until)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::from_millis;

    fn series(count: i64) -> Series {
        Series { count, last: Some(from_millis(0)) }
    }

    fn minutes(failures: Failures) -> Vec<(DelaySubject, i64)> {
        failures.delays().iter().map(|delay| (delay.about, delay.until.as_millisecond() / 60_000)).collect()
    }

    #[test]
    fn the_wait_grows_and_has_an_end() {
        let waits = |about: DelaySubject, counts: &[i64]| -> Vec<i64> {
            counts.iter().map(|count| about.wait(*count).map_or(0, |wait| wait.as_mins())).collect()
        };
        assert_eq!(waits(DelaySubject::NameFromAddress, &[0, 4, 5, 6, 7, 8, 9, 1_000]), [0, 0, 1, 2, 4, 8, 15, 15]);
        assert_eq!(waits(DelaySubject::Device, &[4, 5]), [0, 1]);
        assert_eq!(
            waits(DelaySubject::Address, &[19, 20, 500]),
            [0, 1, 1],
            "whoever shares an address is not shut out"
        );
        assert_eq!(waits(DelaySubject::Name, &[29, 30, 500]), [0, 1, 1]);
    }

    #[test]
    fn strangers_do_not_delay_a_known_device() {
        let strangers = Failures { pair: series(9), name: series(99), address: series(99), device: None };
        let all = [(DelaySubject::NameFromAddress, 15), (DelaySubject::Name, 1), (DelaySubject::Address, 1)];
        assert_eq!(minutes(strangers), all);
        assert_eq!(
            strangers.standing(from_millis(59_000)).map(|delay| delay.about),
            Some(DelaySubject::NameFromAddress)
        );
        assert_eq!(strangers.standing(from_millis(15 * 60_000)), None);
        let known = Failures { device: Some(series(2)), ..strangers };
        assert_eq!(known.delays(), []);
        assert_eq!(minutes(Failures { device: Some(series(6)), ..strangers }), [(DelaySubject::Device, 2)]);
    }
}
