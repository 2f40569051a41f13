//! Certificates to choose from, with what speaks for and against each.

use super::SetupView;
use model::{
    At,
    certkey::CertFacts,
    object::{Attrs, Kind},
    snapshot::Seen,
    state::Tone,
};

impl SetupView {
    /// The certificate keys on the appliance that have a private key, those that fit first.
    pub fn certificates(&self) -> Vec<CertificateChoice> {
        certificates(self)
    }

    /// The certificate that fits, when there is just one.
    pub fn fitting_certificate(&self) -> Option<String> {
        let mut fitting = certificates(self).into_iter().filter(|certificate| certificate.tone == Tone::Good);
        match (fitting.next(), fitting.next()) {
            (Some(only), None) => Some(only.name),
            _ => None,
        }
    }
}

pub(super) fn text(attrs: &Attrs, name: &str) -> String {
    attrs.get(name).map(ToString::to_string).unwrap_or_default()
}

/// A certificate key as a choice.
pub struct CertificateChoice {
    pub name: String,
    pub tone: Tone,
    pub sentence: String,
}

/// The certificate keys on the appliance that have a private key, those that fit first. Built-in ones are left out.
fn certificates(setup: &SetupView) -> Vec<CertificateChoice> {
    let Some((_, snapshot, _)) = &setup.view.sighting.seen else { return Vec::new() };
    let (fqdn, now) = (&setup.view.cluster.fqdn, setup.view.sighting.now);
    let keys = snapshot
        .of_kind(Kind::CertKey)
        .filter(|seen| seen.attrs.contains_key("key") && !seen.object.part(0).starts_with("ns-server-certificate"));
    let mut all: Vec<CertificateChoice> = keys.map(|seen| certificate(seen, fqdn, now)).collect();
    all.sort_by_key(|certificate| match certificate.tone {
        Tone::Good => 0,
        Tone::Warn | Tone::Unknown => 1,
        _ => 2,
    });
    all
}

fn certificate(seen: &Seen, fqdn: &str, now: At) -> CertificateChoice {
    let facts = CertFacts::of(seen);
    let name = facts.common_name().or(facts.subject.as_deref()).unwrap_or("no subject").to_owned();
    let told = if facts.names.is_none() { " (by its common name; this release does not tell the others)" } else { "" };
    let (tone, what) = match (facts.status.as_deref(), facts.days_left(now)) {
        (Some("Not yet valid"), _) => (Tone::Bad, "not valid yet".to_owned()),
        (Some("Expired"), _) => (Tone::Bad, "expired".to_owned()),
        (_, Some(days)) if days < 0 => (Tone::Bad, "expired".to_owned()),
        (_, Some(days)) if days < 30 => (Tone::Warn, format!("{days} days left")),
        (_, Some(days)) => (Tone::Good, format!("{days} days left")),
        (_, None) => (Tone::Unknown, "validity not told".to_owned()),
    };
    let (tone, fits) = match facts.covers(fqdn) {
        Some(true) => (tone, format!("covers {fqdn}{told}")),
        Some(false) => (Tone::Bad, format!("does not cover {fqdn}{told}")),
        None => (Tone::Unknown, "its names are not told".to_owned()),
    };
    CertificateChoice { name: seen.object.part(0).to_owned(), tone, sentence: format!("{name}: {what}, {fits}") }
}
