//! Time is an argument here: whoever needs "now" is handed a [`Clock`].

/// An instant, UTC. Stored as whole milliseconds.
pub type At = jiff::Timestamp;

/// Where "now" comes from. The system's clock in the product, a hand-set one in tests.
pub trait Clock: Send + Sync {
    fn now(&self) -> At;
}

/// `at` from stored milliseconds; out-of-range values (never written by us) become the epoch.
pub fn from_millis(ms: i64) -> At {
    At::from_millisecond(ms).unwrap_or(At::UNIX_EPOCH)
}

/// Age in whole seconds, never negative: clocks of two machines may differ.
pub fn age_seconds(at: At, now: At) -> i64 {
    (now.as_second() - at.as_second()).max(0)
}

/// An age as people say it: `12 s`, `3 min`, `5 h`, `2 days`.
pub fn age_text(at: At, now: At) -> String {
    match age_seconds(at, now) {
        s @ 0..120 => format!("{s} s"),
        s @ 120..7_200 => format!("{} min", s / 60),
        s @ 7_200..172_800 => format!("{} h", s / 3_600),
        s => format!("{} days", s / 86_400),
    }
}

/// `2026-01-05 08:00:03 UTC`: every time that is shown names its zone.
pub fn time_text(at: At) -> String {
    at.strftime("%Y-%m-%d %H:%M:%S UTC").to_string()
}

/// `Mon Nov 30 04:11:13 2026`, as an appliance writes a time by its own clock, in our order; `None`: not such a time. It
/// names no zone, so neither do we.
pub fn appliance_text(text: &str) -> Option<String> {
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let time = jiff::civil::DateTime::strptime("%a %b %d %H:%M:%S %Y", text).ok()?;
    Some(time.strftime("%Y-%m-%d %H:%M:%S").to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ages_read_as_people_say_them() {
        let now = from_millis(10_000_000_000);
        let before = |seconds: i64| from_millis(10_000_000_000 - seconds * 1000);
        assert_eq!(age_text(before(5), now), "5 s");
        assert_eq!(age_text(before(119), now), "119 s");
        assert_eq!(age_text(before(600), now), "10 min");
        assert_eq!(age_text(before(8_000), now), "2 h");
        assert_eq!(age_text(before(200_000), now), "2 days");
        assert_eq!(age_text(before(-50), now), "0 s", "a clock that is ahead is not the future");
    }

    #[test]
    fn an_appliances_time_is_read_as_it_writes_it() {
        assert_eq!(appliance_text("Sun Nov  1 07:12:09 2026").as_deref(), Some("2026-11-01 07:12:09"));
        for odd in ["", "Nov 1 2026", "Sun Nov 31 07:12:09 2026"] {
            assert_eq!(appliance_text(odd), None, "{odd}");
        }
    }
}
