//! What an appliance tells of a certificate (`nitro.md` 3.13).

use crate::{clock::At, snapshot::Seen, state::Tone};
use jiff::{civil::DateTime, tz::TimeZone};
use serde::{Deserialize, Serialize};

const DAY: i64 = 86_400;

/// The facts of one certificate, as far as the release tells them, or as a node showed it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct CertFacts {
    pub subject: Option<String>,
    pub issuer: Option<String>,
    /// Names and patterns in its subject alternative names; `None`: this release does not tell them.
    pub names: Option<Vec<String>>,
    pub not_before: Option<At>,
    pub not_after: Option<At>,
    /// Left, by the appliance's own clock.
    pub days: Option<i64>,
    /// `Valid`, `Expired`, `Not yet valid`.
    pub status: Option<String>,
}

impl CertFacts {
    pub fn of(seen: &Seen) -> Self {
        let fact = |name: &str| seen.facts.get(name).map(ToString::to_string).filter(|text| !text.trim().is_empty());
        Self {
            subject: fact("subject"),
            issuer: fact("issuer"),
            names: fact("sandns").map(|text| split_names(&text)),
            not_before: fact("clientcertnotbefore").and_then(|text| time(&text)),
            not_after: fact("clientcertnotafter").and_then(|text| time(&text)),
            days: fact("daystoexpiration").and_then(|text| text.trim().parse().ok()),
            status: fact("status"),
        }
    }

    /// Whole days left at `now`, negative when it is over; `None`: not told.
    pub fn days_left(&self, now: At) -> Option<i64> {
        let told = self.not_after.map(|end| (end.as_second() - now.as_second()).div_euclid(DAY));
        told.or(self.days)
    }

    /// The common name of its subject.
    pub fn common_name(&self) -> Option<&str> {
        common_name(self.subject.as_deref()?)
    }

    /// Whether it covers a host name; `None`: nothing is told by which to judge. With subject alternative names the
    /// common name does not count.
    pub fn covers(&self, host: &str) -> Option<bool> {
        if let Some(names) = &self.names {
            return Some(names.iter().any(|pattern| fits(pattern, host)));
        }
        self.common_name().map(|pattern| fits(pattern, host))
    }

    pub fn is_self_signed(&self) -> bool {
        self.subject.is_some() && self.subject == self.issuer
    }
}

/// Fewer days than these are a warning: to renew something takes a while, and to have it approved longer.
pub const SOON: i64 = 30;

/// How many days are left, as a state.
pub fn days_mark(days: i64) -> (Tone, String) {
    match days {
        ..0 => (Tone::Bad, "expired".to_owned()),
        0..SOON => (Tone::Warn, format!("{days} days")),
        _ => (Tone::Good, format!("{days} days")),
    }
}

/// The common name in a subject, however its parts are set apart.
pub fn common_name(subject: &str) -> Option<&str> {
    let mut parts = subject.split([',', '/']).map(str::trim);
    parts.find_map(|part| part.strip_prefix("CN=").or_else(|| part.strip_prefix("cn="))).map(str::trim)
}

fn split_names(text: &str) -> Vec<String> {
    let names = text.split([',', ' ', ';']).map(str::trim).filter(|name| !name.is_empty());
    names.map(|name| name.strip_prefix("DNS:").unwrap_or(name).to_ascii_lowercase()).collect()
}

/// Whether a name in a certificate covers a host. A wildcard stands for exactly one label, the first.
pub fn fits(pattern: &str, host: &str) -> bool {
    let (pattern, host) = (pattern.to_ascii_lowercase(), host.to_ascii_lowercase());
    match pattern.strip_prefix("*.") {
        Some(rest) => host.split_once('.').is_some_and(|(first, domain)| !first.is_empty() && domain == rest),
        None => pattern == host,
    }
}

/// `May 17 07:21:16 2021 GMT`, the day padded with a blank.
fn time(text: &str) -> Option<At> {
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let civil = DateTime::strptime("%b %d %H:%M:%S %Y", text.strip_suffix(" GMT")?).ok()?;
    Some(civil.to_zoned(TimeZone::UTC).ok()?.timestamp())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_month_before_its_end_is_the_time_to_renew() {
        let tones = [-1, 0, SOON - 1, SOON].map(|days| days_mark(days).0);
        assert_eq!(tones, [Tone::Bad, Tone::Warn, Tone::Warn, Tone::Good]);
        assert_eq!((days_mark(-1).1.as_str(), days_mark(0).1.as_str()), ("expired", "0 days"));
    }
    use crate::object::{Attrs, ObjectRef};

    fn facts(pairs: &[(&str, &str)]) -> CertFacts {
        let facts: Attrs = pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).into())).collect();
        CertFacts::of(&Seen { object: ObjectRef::cert_key("c"), attrs: Attrs::new(), state: None, facts })
    }

    #[test]
    fn dates_are_read_as_an_appliance_writes_them() {
        let cert = facts(&[("clientcertnotafter", "May  7 07:21:16 2027 GMT"), ("daystoexpiration", "9")]);
        let end = cert.not_after.unwrap();
        assert_eq!(end.to_string(), "2027-05-07T07:21:16Z");
        let before = At::from_second(end.as_second() - 3 * DAY - 5).unwrap();
        assert_eq!(cert.days_left(before), Some(3));
        assert_eq!(cert.days_left(At::from_second(end.as_second() + 5).unwrap()), Some(-1));
        let vague = facts(&[("clientcertnotafter", "tomorrow"), ("daystoexpiration", "9")]);
        assert_eq!((vague.not_after, vague.days_left(before)), (None, Some(9)));
        assert_eq!(facts(&[]).days_left(before), None);
    }

    #[test]
    fn names_count_before_the_common_name_and_a_wildcard_is_one_label() {
        let host = "xms.example.com";
        for (pairs, covers) in [
            (&[("subject", "C=US,O=Example,CN=*.example.com")][..], Some(true)),
            (&[("subject", "/C=US/CN=XMS.example.com")], Some(true)),
            (&[("subject", "CN=*.com")], Some(false)),
            (&[("subject", "CN=xms.example.com"), ("sandns", "other.example.com")], Some(false)),
            (&[("subject", "CN=x"), ("sandns", "a.b, DNS:xms.example.com")], Some(true)),
            (&[("subject", "O=Example")], None),
            (&[], None),
        ] {
            assert_eq!(facts(pairs).covers(host), covers, "{pairs:?}");
        }
    }
}
