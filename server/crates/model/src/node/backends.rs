//! What the nodes' shared database says of what they depend on: Apple's push service, licences, directories. Any node
//! may have told it; the newest reading counts for all.

use crate::clock::At;
use serde::{Deserialize, Serialize};

const DAY: i64 = 86_400;

/// The certificate for Apple's push service, by which iOS devices are woken (`xenmobile.md` F23).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Apns {
    /// Its name; `None`: the list has none that looks like it.
    pub name: Option<String>,
    /// Its last day.
    pub ends: Option<At>,
    /// What the server thinks of it: `true` is bad, `None` was not said.
    pub expired: Option<bool>,
    pub not_yet_valid: Option<bool>,
    pub malformed: Option<bool>,
    /// Renewed with another Apple ID: every iOS device would have to enrol again.
    pub topic_mismatch: Option<bool>,
}

impl Apns {
    /// Whole days left at `now`, negative when it is over; `None`: not told.
    pub fn days_left(&self, now: At) -> Option<i64> {
        days_left(self.ends, now)
    }
}

/// Where licences come from, and what there is of them (`xenmobile.md` 1.11).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Licences {
    pub configured: Option<bool>,
    /// Days of grace left; above 0 the licence server is not reached.
    pub grace_days: Option<i64>,
    pub list: Vec<Licence>,
}

/// One kind of licence.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Licence {
    pub product: String,
    pub in_use: Option<i64>,
    /// Whether this means free or all is not documented; 0 is bad in either case.
    pub available: Option<i64>,
    /// Taken beyond what was bought.
    pub overdraft: Option<i64>,
    /// Left, as the server counts; negative when it is over.
    pub days_left: Option<i64>,
}

impl Licence {
    /// Nobody more can enrol with it.
    pub fn is_used_up(&self) -> bool {
        self.available.is_some_and(|count| count <= 0) && self.in_use.is_some_and(|count| count > 0)
            || self.overdraft.is_some_and(|count| count > 0)
    }
}

/// One directory that people log on by (`xenmobile.md` 1.12). Whether the nodes reach it, no call tells.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Directory {
    pub domain: String,
    /// Its servers, `host:port`.
    pub servers: Vec<String>,
    /// The one that is used where none is named.
    pub default: bool,
}

fn days_left(ends: Option<At>, now: At) -> Option<i64> {
    Some((ends?.as_second() - now.as_second()).div_euclid(DAY))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn licences_are_used_up_at_none_left_whatever_available_means() {
        let licence = |in_use, available, overdraft| Licence {
            in_use: Some(in_use),
            available: Some(available),
            overdraft: Some(overdraft),
            ..Licence::default()
        };
        assert!(licence(1000, 0, 0).is_used_up() && licence(1000, 1000, 3).is_used_up());
        assert!(!licence(812, 188, 0).is_used_up() && !licence(0, 0, 0).is_used_up());
        assert!(!Licence::default().is_used_up(), "what was not told is no fault");
    }

    #[test]
    fn days_are_whole_and_go_below_zero() {
        let apns = |ends: &str| Apns { ends: Some(ends.parse().unwrap()), ..Apns::default() };
        let now = "2026-01-05T08:00:00Z".parse().unwrap();
        assert_eq!(apns("2026-01-07T00:00:00Z").days_left(now), Some(1));
        assert_eq!(apns("2026-01-04T00:00:00Z").days_left(now), Some(-2));
        assert_eq!(Apns::default().days_left(now), None);
    }
}
