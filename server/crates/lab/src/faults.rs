//! Faults that are waiting for their request (or node), and the words for them.

use crate::tls::{GUISES, Guise};
use serde::{Deserialize, Serialize};

/// An order to the lab to misbehave. See the README for the words.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FaultSpec {
    /// An NSIP, the word `netscaler` for every appliance, or the address of a node.
    pub target: String,
    /// A word of the README's tables.
    pub fault: String,
    /// How often; 0: until removed.
    #[serde(default)]
    pub times: u64,
    /// How many matching requests (or, on a node, connections) go by unharmed before.
    #[serde(default)]
    pub after: u64,
    /// For faults that take a time: how long.
    #[serde(default)]
    pub ms: u64,
    /// Only requests of this method.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub method: Option<String>,
    /// Only requests for this resource.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub resource: Option<String>,
    /// Only requests with this `?action=`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub action: Option<String>,
}

/// What can go wrong with the power and the network of a node; `xms::FAULTS` has what can go wrong inside.
pub(crate) const NODE_FAULTS: &[&str] = &["power_off", "slow", "hang"];

/// What can go wrong with the power of an appliance.
pub(crate) const APPLIANCE_FAULTS: &[&str] = &["power_off"];

/// What can go wrong with a request to an appliance.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Trouble {
    Refuse,
    HangBefore,
    HangAfter,
    ResetBefore,
    ResetAfter,
    Slow,
    Unavailable,
    SessionKilled,
    MalformedJson,
    TruncatedBody,
    WrongContentType,
    HtmlError,
    Front(Guise),
    /// The roles change before the request is carried out, or after it.
    FailoverBefore,
    FailoverAfter,
    /// The power goes once the request has taken effect; nobody hears of it.
    DiesAfter,
    /// The primary does what it is told, and the command does not reach the secondary: answered with this code.
    Propagation(u16),
    RenamedSessionCookie,
}

/// The words of the control API, in the order of the README.
pub(crate) const TROUBLES: &[(&str, Trouble)] = &[
    ("refuse", Trouble::Refuse),
    ("hang_before", Trouble::HangBefore),
    ("hang_after", Trouble::HangAfter),
    ("reset_before", Trouble::ResetBefore),
    ("reset_after", Trouble::ResetAfter),
    ("slow", Trouble::Slow),
    ("unavailable", Trouble::Unavailable),
    ("session_killed", Trouble::SessionKilled),
    ("malformed_json", Trouble::MalformedJson),
    ("truncated_body", Trouble::TruncatedBody),
    ("wrong_content_type", Trouble::WrongContentType),
    ("html_error", Trouble::HtmlError),
    ("failover_before", Trouble::FailoverBefore),
    ("failover_after", Trouble::FailoverAfter),
    ("dies_after", Trouble::DiesAfter),
    ("propagation_failed", Trouble::Propagation(347)),
    ("propagation_refused", Trouble::Propagation(358)),
    ("peer_unreachable", Trouble::Propagation(457)),
    ("peer_silent", Trouble::Propagation(458)),
    ("renamed_session_cookie", Trouble::RenamedSessionCookie),
];

/// All words that appliances know.
pub(crate) fn appliance_words() -> Vec<&'static str> {
    let (requests, fronts) = (TROUBLES.iter().map(|(word, _)| *word), GUISES.iter().map(|(word, _)| *word));
    requests.chain(APPLIANCE_FAULTS.iter().copied()).chain(fronts).collect()
}

pub(crate) fn trouble(word: &str) -> Option<Trouble> {
    let front = || GUISES.iter().find(|(known, _)| *known == word).map(|(_, guise)| Trouble::Front(*guise));
    TROUBLES.iter().find(|(known, _)| *known == word).map(|(_, trouble)| *trouble).or_else(front)
}

impl Trouble {
    /// Strikes before any request is read, and so takes no matchers.
    pub fn is_of_connections(self) -> bool {
        matches!(self, Self::Refuse | Self::Front(_))
    }
}

/// A fault in force.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Fault {
    pub id: u64,
    #[serde(flatten)]
    pub spec: FaultSpec,
    /// Matching requests so far.
    pub seen: u64,
    /// How often it has struck.
    pub struck: u64,
}

/// What a request looks like to a fault.
pub(crate) struct Sight<'a> {
    pub appliance: &'a str,
    pub method: &'a str,
    pub resource: &'a str,
    pub action: Option<&'a str>,
}

#[derive(Default)]
pub(crate) struct Faults {
    made: u64,
    pub list: Vec<Fault>,
}

impl Faults {
    pub fn add(&mut self, spec: FaultSpec) -> Fault {
        self.made += 1;
        let fault = Fault { id: self.made, spec, seen: 0, struck: 0 };
        self.list.push(fault.clone());
        fault
    }

    /// Removes what matches; an empty criterion matches everything.
    pub fn remove(&mut self, target: Option<&str>, word: Option<&str>) -> Vec<Fault> {
        let gone = |fault: &Fault| {
            target.is_none_or(|target| fault.spec.target == target) && word.is_none_or(|word| fault.spec.fault == word)
        };
        self.list.extract_if(.., |fault| gone(fault)).collect()
    }

    /// The trouble that strikes a new connection.
    pub fn at_accept(&mut self, appliance: &str) -> bool {
        self.list.iter_mut().filter(|fault| fault.spec.fault == "refuse" && fault.is_at(appliance)).any(Fault::strikes)
    }

    /// What a new TLS connection is shown instead of the certificate.
    pub fn at_handshake(&mut self, appliance: &str) -> Option<Guise> {
        for fault in self.list.iter_mut().filter(|fault| fault.is_at(appliance)) {
            if let Some(Trouble::Front(guise)) = trouble(&fault.spec.fault)
                && fault.strikes()
            {
                return Some(guise);
            }
        }
        None
    }

    /// The trouble that strikes this request, with its milliseconds. The first one that strikes wins.
    pub fn at_request(&mut self, sight: &Sight) -> Option<(Trouble, u64)> {
        for fault in &mut self.list {
            let Some(trouble) = trouble(&fault.spec.fault).filter(|trouble| !trouble.is_of_connections()) else {
                continue;
            };
            if fault.is_at(sight.appliance) && fault.sees(sight) && fault.strikes() {
                return Some((trouble, fault.spec.ms));
            }
        }
        None
    }
}

impl Fault {
    fn is_at(&self, appliance: &str) -> bool {
        self.spec.target == appliance || self.spec.target == "netscaler"
    }

    fn sees(&self, sight: &Sight) -> bool {
        let fits = |wanted: &Option<String>, found: Option<&str>| {
            wanted.as_deref().is_none_or(|wanted| found.is_some_and(|found| wanted.eq_ignore_ascii_case(found)))
        };
        fits(&self.spec.method, Some(sight.method))
            && fits(&self.spec.resource, Some(sight.resource))
            && fits(&self.spec.action, sight.action)
    }

    fn strikes(&mut self) -> bool {
        if self.spec.times != 0 && self.struck >= self.spec.times {
            return false;
        }
        self.seen += 1;
        if self.seen <= self.spec.after {
            return false;
        }
        self.struck += 1;
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn after_and_times_count_matching_requests_only() {
        let mut faults = Faults::default();
        faults.add(FaultSpec {
            target: "netscaler".to_owned(),
            fault: "hang_after".to_owned(),
            times: 1,
            after: 1,
            method: Some("POST".to_owned()),
            resource: Some("nsconfig".to_owned()),
            action: Some("save".to_owned()),
            ..FaultSpec::default()
        });
        let mut strikes = |method, resource, action| {
            faults.at_request(&Sight { appliance: "10.0.0.10", method, resource, action }).is_some()
        };
        assert!(!strikes("GET", "nsconfig", None));
        assert!(!strikes("POST", "nsconfig", Some("save")));
        assert!(strikes("POST", "nsconfig", Some("save")));
        assert!(!strikes("POST", "nsconfig", Some("save")));
    }
}
