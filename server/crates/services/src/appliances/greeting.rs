//! Who answers where an appliance is said to be, and whether two addresses are the two halves of one pair.

use crate::{Failure, adapters::role, pool};
use model::appliance::{ApplianceSpec, Half, HalfField, Which};
use nitro::{Greeting, TlsKind};
use secrecy::SecretString;

/// What a connection test found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tested {
    /// `NetScaler 13.1 build 48.47, Primary`.
    pub greeting: String,
}

/// Each half by itself, one after the other: a password that the first one refuses is not shown to the second.
pub(super) async fn of(spec: &ApplianceSpec, secret: &SecretString) -> Result<Tested, Failure> {
    let first = greet(Which::First, &spec.first, &spec.user, secret).await?;
    let Some(second) = &spec.second else { return Ok(Tested { greeting: said(&first) }) };
    let other = greet(Which::Second, second, &spec.user, secret).await?;
    if let Some(sentence) = no_pair(&first, &other) {
        return Err(Failure::field(Which::Second.field(HalfField::Address), sentence));
    }
    Ok(Tested { greeting: format!("{}; the other half: {}", said(&first), said(&other)) })
}

/// The certificate first, so that no password goes to somebody whom nobody trusts; then log in, ask, log out.
async fn greet(which: Which, half: &Half, user: &str, secret: &SecretString) -> Result<Greeting, Failure> {
    let client = pool::client(half, user, secret.clone(), nitro::Limits::default())?;
    let greeting = client.test().await.map_err(|error| beside_its_field(which, &error))?;
    // A session left behind occupies one of the appliance's few places until it expires.
    if let Err(error) = client.logout().await {
        tracing::warn!("The test's session could not be ended: {}", error.sentence());
    }
    Ok(greeting)
}

/// `NetScaler 13.1 build 48.47, Primary`.
fn said(greeting: &Greeting) -> String {
    let role = greeting.role.as_ref().map(role).unwrap_or_default();
    let release = greeting.version.as_ref().map_or_else(
        || greeting.text.clone(),
        |version| {
            format!("NetScaler {}.{} build {}.{}", version.major, version.minor, version.build.0, version.build.1)
        },
    );
    format!("{release}, {}", role.short())
}

/// Why these two are not the halves of one pair; nothing where their account may not see that.
fn no_pair(first: &Greeting, second: &Greeting) -> Option<String> {
    let own = |greeting: &Greeting| greeting.address.clone().filter(|_| greeting.role.is_some());
    let (one, two) = (own(first)?, own(second)?);
    if one == two {
        return Some(format!(
            "Both addresses lead to {one}. Give the NSIP of each half, or leave this field empty where the first address is \
             one that follows the primary."
        ));
    }
    let peer = |greeting: &Greeting| greeting.peer.as_ref().and_then(|peer| peer.address.clone());
    let (peer_of_one, peer_of_two) = (peer(first), peer(second));
    if peer_of_one.as_ref() == Some(&two) && peer_of_two.as_ref() == Some(&one) {
        return None;
    }
    let names = |own: &str, peer: Option<String>| match peer {
        Some(peer) => format!("{own} names {peer} as its other half"),
        None => format!("{own} stands alone"),
    };
    Some(format!(
        "These are not the two halves of one pair: {}, and {}. Give the NSIP of the other half, or add it as an appliance of \
         its own.",
        names(&one, peer_of_one),
        names(&two, peer_of_two)
    ))
}

/// Which of the form's fields an error is about.
fn beside_its_field(which: Which, error: &nitro::Error) -> Failure {
    let sentence = error.sentence();
    let beside = |field: HalfField, sentence: String| Failure::field(which.field(field), sentence);
    match error {
        nitro::Error::Tls(problem) => match &problem.fingerprint {
            // That no authority vouches for it is so with every factory certificate: nothing is wrong, somebody has to look.
            Some(fingerprint) => Failure::Untrusted {
                which,
                sha256: fingerprint.to_string(),
                problem: (problem.kind != TlsKind::UnknownIssuer).then_some(sentence),
            },
            None => beside(HalfField::Pin, sentence),
        },
        nitro::Error::Login(inner) => beside_its_field(which, inner),
        error if error.is_auth() => Failure::field("password", sentence),
        nitro::Error::Connect { cause, .. } if cause.blames_the_proxy() => beside(HalfField::Via, sentence),
        _ => beside(HalfField::Address, sentence),
    }
}
