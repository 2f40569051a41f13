//! Choices that were read from the appliance, with what speaks for and against each.

use model::{
    At,
    certkey::CertFacts,
    object::{Attrs, Kind},
    snapshot::{Seen, Snapshot},
    state::Tone,
};
use services::SetupView;

/// The last look, where there was one.
pub fn snapshot(setup: &SetupView) -> Option<&Snapshot> {
    setup.view.sighting.seen.as_ref().map(|(_, snapshot, _)| snapshot)
}

pub fn text(attrs: &Attrs, name: &str) -> String {
    attrs.get(name).map(ToString::to_string).unwrap_or_default()
}

/// A certificate key as a choice.
pub struct Certificate {
    pub name: String,
    pub tone: Tone,
    pub sentence: String,
}

/// The certificate keys on the appliance that have a private key, those that fit first. Built-in ones are left out.
pub fn certificates(setup: &SetupView) -> Vec<Certificate> {
    let Some(snapshot) = snapshot(setup) else { return Vec::new() };
    let (fqdn, now) = (&setup.view.cluster.fqdn, setup.view.sighting.now);
    let keys = snapshot
        .of_kind(Kind::CertKey)
        .filter(|seen| seen.attrs.contains_key("key") && !seen.object.part(0).starts_with("ns-server-certificate"));
    let mut all: Vec<Certificate> = keys.map(|seen| certificate(seen, fqdn, now)).collect();
    all.sort_by_key(|certificate| match certificate.tone {
        Tone::Good => 0,
        Tone::Warn | Tone::Unknown => 1,
        _ => 2,
    });
    all
}

fn certificate(seen: &Seen, fqdn: &str, now: At) -> Certificate {
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
    Certificate { name: seen.object.part(0).to_owned(), tone, sentence: format!("{name}: {what}, {fits}") }
}

/// The certificate that fits, when there is just one.
pub fn fitting_certificate(setup: &SetupView) -> Option<String> {
    let mut fitting = certificates(setup).into_iter().filter(|certificate| certificate.tone == Tone::Good);
    match (fitting.next(), fitting.next()) {
        (Some(only), None) => Some(only.name),
        _ => None,
    }
}

/// Session actions that policies bind to a Gateway: name and store address.
pub fn session_actions(snapshot: &Snapshot, gateway: &str) -> Vec<(String, String)> {
    let policies = snapshot.of_kind(Kind::GatewayPolicy).filter(|seen| seen.object.part(0) == gateway);
    let mut actions: Vec<(String, String)> = policies
        .filter_map(|bound| {
            let policy =
                snapshot.of_kind(Kind::SessionPolicy).find(|seen| seen.object.part(0) == bound.object.part(1))?;
            let name = text(&policy.attrs, "action");
            let action = snapshot.of_kind(Kind::SessionAction).find(|seen| seen.object.part(0) == name)?;
            Some((name, text(&action.attrs, "storefronturl")))
        })
        .collect();
    actions.sort();
    actions.dedup();
    actions
}
