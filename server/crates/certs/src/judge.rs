//! What phones and appliance will make of a bundle that can be used at all.

use crate::{
    bundle::Bundle,
    certificate::{Certificate, Signature},
    names::covers,
    public_key::Algorithm,
};
use jiff::Timestamp;

const DAY: i64 = 86_400;

/// Fewer days left than this are worth a warning: a public authority and a change window take weeks.
const DAYS_TO_RENEW: i64 = 30;

/// How bad.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum RemarkSeverity {
    /// It works, perhaps not for everybody, perhaps not for long.
    Warn,
    /// Phones will refuse the connection, or the appliance the certificate.
    Fail,
}

/// Which rule speaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Check {
    /// The time is over.
    Expired,
    /// The time has not come.
    NotYetValid,
    /// The time is over soon.
    ExpiresSoon,
    /// The FQDN is not among the names.
    Name,
    /// The FQDN is the common name only.
    CommonNameOnly,
    /// The intermediates were left out.
    NoIntermediate,
    /// Certificates that do not belong together.
    BrokenChain,
    /// A root signed the server's certificate itself.
    RootIsIssuer,
    /// Signed by itself.
    SelfSigned,
    /// A key that is too short.
    ShortKey,
    /// A key of a kind that the appliance does not take.
    UnknownKey,
    /// SHA-1 or MD5.
    WeakSignature,
    /// Not for servers.
    Usage,
    /// An authority's certificate in the place of a server's, or the reverse.
    Authority,
}

/// What a rule says, for people.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Remark {
    /// How bad.
    pub severity: RemarkSeverity,
    /// Which rule.
    pub check: Check,
    /// What, why it matters, next step.
    pub sentence: String,
}

/// Judges a bundle as the certificate of `fqdn`'s MAM address at `now_unix` (seconds). The worst come first; nothing to
/// say is an empty list.
pub fn judge(bundle: &Bundle, fqdn: &str, now_unix: i64) -> Vec<Remark> {
    let mut found = Findings(Vec::new());
    let leaf = &bundle.leaf;
    found.time(leaf, now_unix);
    found.names(leaf, fqdn);
    found.use_of(leaf);
    found.strength(leaf);
    found.line(bundle);
    for above in &bundle.chain {
        found.time(above, now_unix);
        found.strength(above);
        if !above.authority {
            found.fail(Check::Authority, format!(
                "{} stands above the server's certificate, but may not sign certificates. Phones refuse the chain; ask \
                 the certificate authority for the right intermediate.",
                above.name()
            ));
        }
    }
    found.0.sort_by_key(|finding| std::cmp::Reverse(finding.severity));
    found.0
}

struct Findings(Vec<Remark>);

impl Findings {
    fn fail(&mut self, check: Check, sentence: String) {
        self.0.push(Remark { severity: RemarkSeverity::Fail, check, sentence });
    }

    fn warn(&mut self, check: Check, sentence: String) {
        self.0.push(Remark { severity: RemarkSeverity::Warn, check, sentence });
    }

    fn time(&mut self, one: &Certificate, now: i64) {
        let name = one.name();
        let left = one.not_after.saturating_sub(now);
        if left < 0 {
            self.fail(
                Check::Expired,
                format!(
                    "The certificate for {name} expired on {}. Phones refuse it; upload a renewed one.",
                    day(one.not_after)
                ),
            );
        } else if now < one.not_before {
            self.fail(Check::NotYetValid, format!(
                "The certificate for {name} is not valid before {}. Phones refuse it until then; wait, or compare the \
                 clock of this machine.",
                day(one.not_before)
            ));
        } else if left < DAYS_TO_RENEW * DAY {
            let days = left / DAY;
            let days = if days == 1 { "1 day".to_owned() } else { format!("{days} days") };
            self.warn(
                Check::ExpiresSoon,
                format!(
                    "The certificate for {name} expires on {}; {days} are left. Ask for a renewed one now.",
                    day(one.not_after)
                ),
            );
        }
    }

    fn names(&mut self, leaf: &Certificate, fqdn: &str) {
        if leaf.has_alternative_names {
            if !leaf.dns_names.iter().any(|name| covers(name, fqdn)) {
                let names =
                    if leaf.dns_names.is_empty() { "no DNS name".to_owned() } else { leaf.dns_names.join(", ") };
                self.fail(Check::Name, format!(
                    "The certificate does not cover {fqdn}; it has {names}. A wildcard covers exactly one label. Phones \
                     refuse it; ask for one with {fqdn} among its alternative names."
                ));
            }
            return;
        }
        let common = leaf.common_name.as_deref().unwrap_or_default();
        if covers(common, fqdn) {
            self.warn(Check::CommonNameOnly, format!(
                "The certificate names {fqdn} in its common name only. iOS since 13 and Android since 9 look at the \
                 alternative names alone and refuse it; ask for one with {fqdn} among them."
            ));
        } else {
            self.fail(Check::Name, format!(
                "The certificate does not cover {fqdn}; it is for {}. Phones refuse it; ask for one with {fqdn} among \
                 its alternative names.",
                leaf.name()
            ));
        }
    }

    fn use_of(&mut self, leaf: &Certificate) {
        if leaf.for_servers == Some(false) {
            self.fail(Check::Usage, format!(
                "The certificate for {} is not for servers: its extended key usage lacks server authentication. Phones \
                 refuse it; ask for a server (TLS) certificate.",
                leaf.name()
            ));
        }
        if leaf.authority && !leaf.self_issued() {
            self.fail(Check::Authority, format!(
                "The certificate for {} is an authority's own, made to sign others. Phones refuse it on a server; upload \
                 the certificate that was issued for the FQDN.",
                leaf.name()
            ));
        }
    }

    fn strength(&mut self, one: &Certificate) {
        let name = one.name();
        match &one.key.algorithm {
            Algorithm::Rsa if one.key.bits < 2048 => self.fail(Check::ShortKey, format!(
                "The RSA key of {name} has {} bits. Phones refuse fewer than 2048; ask for a certificate with a new key.",
                one.key.bits
            )),
            Algorithm::Other(oid) => self.fail(Check::UnknownKey, format!(
                "The key of {name} is of a kind that a NetScaler does not take (object identifier {oid}). Ask for a \
                 certificate with an RSA key of 2048 bits or more."
            )),
            _ => {}
        }
        // Nobody verifies what a self-signed certificate says of itself.
        if one.weak_signature && !one.self_issued() {
            self.fail(Check::WeakSignature, format!(
                "The certificate for {name} is signed with SHA-1 or MD5. Phones refuse that; ask for one with SHA-256."
            ));
        }
    }

    /// How the certificates hang together.
    fn line(&mut self, bundle: &Bundle) {
        let leaf = &bundle.leaf;
        if leaf.self_signed() {
            self.warn(Check::SelfSigned, format!(
                "The certificate for {} is signed by itself. Phones refuse it unless it is installed on each of them as \
                 trusted; use one of a certificate authority.",
                leaf.name()
            ));
        }
        let mut below = leaf;
        for above in bundle.chain.iter().chain(&bundle.root) {
            if below.signature_by(above) == Signature::Bad {
                self.fail(Check::BrokenChain, format!(
                    "The certificate for {} names {} as its issuer, but that key did not sign it. Perhaps it is an older \
                     or newer certificate of the same authority; ask for the one that belongs to it.",
                    below.name(),
                    above.name()
                ));
            }
            below = above;
        }
        let complete = leaf.self_issued() || bundle.root.is_some();
        for stray in &bundle.strays {
            let sentence = format!(
                "The certificate of {} does not belong to the chain of {}: none of its certificates names it as the \
                 issuer.",
                stray.name(),
                leaf.name()
            );
            if complete || !bundle.chain.is_empty() {
                self.warn(Check::BrokenChain, format!("{sentence} It is left out."));
            } else {
                self.fail(Check::BrokenChain, format!("{sentence} Add the certificate of {}.", leaf.issuer));
            }
        }
        if leaf.self_issued() || !bundle.chain.is_empty() {
            return;
        }
        match &bundle.root {
            Some(root) => self.warn(Check::RootIsIssuer, format!(
                "{} signed the certificate for {} itself, without an intermediate. Phones accept it only where this \
                 authority is installed as trusted.",
                root.name(),
                leaf.name()
            )),
            None => self.fail(Check::NoIntermediate, format!(
                "The intermediate certificate is missing: the one for {} was issued by {}. Phones do not fetch \
                 intermediates; they refuse the MAM address. Add the intermediate, or the root if it signed itself.",
                leaf.name(),
                leaf.issuer
            )),
        }
    }
}

/// A day in UTC, for sentences.
fn day(unix: i64) -> String {
    Timestamp::from_second(unix).map_or_else(|_| format!("second {unix}"), |time| time.strftime("%Y-%m-%d").to_string())
}
