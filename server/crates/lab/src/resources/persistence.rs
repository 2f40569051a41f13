//! Which persistence goes with which protocol, and for how long.

use crate::{
    Version,
    refusal::{Outcome, Refusal},
    schema::{Fields, versions::BACKUP_OF_SSLSESSION},
};

/// Kinds of persistence whose entries live for `timeout` minutes, so that 0 makes no sense.
const TIMED: &[&str] = &["SOURCEIP", "SSLSESSION", "RULE", "URLPASSIVE", "DESTIP", "SRCIPDESTIP", "CALLID"];

/// The table of the 12.1 documentation, for the protocols that it lists; others take anything.
fn allowed(kind: &str) -> Option<&'static [&'static str]> {
    match kind {
        "SSL_BRIDGE" => Some(&["NONE", "SOURCEIP", "SSLSESSION"]),
        "SSL" => Some(&["NONE", "SOURCEIP", "COOKIEINSERT", "SSLSESSION", "URLPASSIVE", "CUSTOMSERVERID", "RULE"]),
        _ => None,
    }
}

/// 1332 for a persistence that the protocol does not know, 2307 for a backup that came later, 2136 for a time that it
/// cannot have.
pub(super) fn check(version: Version, set: &Fields) -> Outcome {
    let persistence = set.get("persistencetype").unwrap_or("NONE");
    if allowed(set.text("servicetype")).is_some_and(|allowed| !allowed.contains(&persistence)) {
        return Err(Refusal::new(1332));
    }
    let backed = persistence == "SSLSESSION" && set.get("persistencebackup") == Some("SOURCEIP");
    if backed && version < BACKUP_OF_SSLSESSION {
        return Err(Refusal::new(2307));
    }
    if TIMED.contains(&persistence) && set.number("timeout").is_some_and(|minutes| minutes < 2) {
        return Err(Refusal::new(2136));
    }
    Ok(())
}
