//! Times in words, as the server writes them.

/// `12 s`, `3 min`, `5 h`, `2 days`, and what is too far in the future; see `model::clock::age_text`, which cannot come
/// along into the browser.
pub fn age(seconds: i64) -> String {
    if seconds < -2 {
        return "an unknown time".to_owned();
    }
    let (number, unit) = match seconds.max(0) {
        s @ 0..120 => (s, "s"),
        s @ 120..7_200 => (s / 60, "min"),
        s @ 7_200..172_800 => (s / 3_600, "h"),
        s => (s / 86_400, "days"),
    };
    number.to_string() + " " + unit
}

/// `2026-01-05 08:00:03`, from the parts in that order.
pub fn moment(parts: [u32; 6]) -> String {
    let mut text = String::new();
    for (part, before) in parts.into_iter().zip(["", "-", "-", " ", ":", ":"]) {
        text.push_str(before);
        if part < 10 {
            text.push('0');
        }
        text.push_str(&part.to_string());
    }
    text
}

/// `UTC`, `UTC+1`, `UTC-3:30`: so many minutes east of it.
pub fn zone(east: i32) -> String {
    let mut text = "UTC".to_owned();
    if east != 0 {
        text.push(if east > 0 { '+' } else { '-' });
        let (hours, minutes) = (east.unsigned_abs() / 60, east.unsigned_abs() % 60);
        text.push_str(&hours.to_string());
        if minutes > 0 {
            text.push(':');
            if minutes < 10 {
                text.push('0');
            }
            text.push_str(&minutes.to_string());
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moments_and_zones_are_written_in_full() {
        assert_eq!(moment([2026, 1, 5, 8, 0, 3]), "2026-01-05 08:00:03");
        assert_eq!([0, 60, -210, 345, 5].map(zone), ["UTC", "UTC+1", "UTC-3:30", "UTC+5:45", "UTC+0:05"]);
    }

    #[test]
    fn an_age_reads_in_the_browser_as_it_does_on_the_server() {
        use model::clock::{age_text, from_millis};
        for seconds in [-50, -3, -2, -1, 0, 1, 59, 119, 120, 121, 3_600, 7_199, 7_200, 172_799, 172_800, 9_000_000] {
            let (at, now) = (from_millis(0), from_millis(seconds * 1_000));
            assert_eq!(age(seconds), age_text(at, now), "{seconds}");
        }
    }
}
