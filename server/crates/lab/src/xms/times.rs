//! The many ways in which nodes write a time.

use crate::clock::LabTime;
use std::time::Duration;

impl LabTime {
    pub fn minus(self, by: Duration) -> Self {
        Self(self.0.saturating_sub(i64::try_from(by.as_millis()).unwrap_or(i64::MAX)))
    }

    /// So many milliseconds later; earlier when negative.
    pub fn ahead_by(self, ms: i64) -> Self {
        Self(self.0.saturating_add(ms))
    }

    /// `2026-01-05T08:00:00.000+0000`, as in the debug log.
    pub fn log(self) -> String {
        self.timestamp().strftime("%Y-%m-%dT%H:%M:%S.%3f+0000").to_string()
    }

    /// `Mon, 05 Jan 2026 08:00:00 GMT`, as HTTP wants it.
    pub fn http(self) -> String {
        self.timestamp().strftime("%a, %d %b %Y %H:%M:%S GMT").to_string()
    }

    /// Year, month and day.
    pub fn day(self) -> (i32, u8, u8) {
        let date = self.timestamp().to_zoned(jiff::tz::TimeZone::UTC).date();
        (i32::from(date.year()), date.month().unsigned_abs(), date.day().unsigned_abs())
    }

    /// `2026-01-05`
    pub fn iso_day(self) -> String {
        self.timestamp().strftime("%Y-%m-%d").to_string()
    }

    /// `05-JAN-2026`
    pub fn day_month_year(self) -> String {
        self.timestamp().strftime("%d-%b-%Y").to_string().to_uppercase()
    }

    /// `2026.0105`
    pub fn year_month_day(self) -> String {
        self.timestamp().strftime("%Y.%m%d").to_string()
    }

    /// `1/5/26 8:00 AM`
    pub fn american(self) -> String {
        self.timestamp().strftime("%-m/%-d/%y %-I:%M %p").to_string()
    }
}
