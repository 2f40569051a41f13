//! The certificate of the MAM address.

use super::scene::{Scene, list, text, word};
use model::{
    At,
    certkey::{CertFacts, SOON},
    clock::time_text,
    desired::Step,
    finding::{CheckCode, Finding},
    object::{Kind, ObjectRef},
    snapshot::Seen,
};

/// Without a certificate an SSL virtual server is DOWN, and nothing else need be looked for.
pub fn is_missing(scene: &Scene<'_>) -> bool {
    let bound = scene.mam().map(|listener| ObjectRef::vserver_cert(&listener.vserver));
    scene.unread(Kind::VserverCert).is_none() && bound.is_some_and(|object| scene.find(&object).is_none())
}

pub fn check(scene: &Scene<'_>) -> Vec<Finding> {
    let (Some(listener), Some(mam)) = (scene.mam(), &scene.desired.mam) else { return Vec::new() };
    let vserver = ObjectRef::vserver(&listener.vserver);
    let Some(there) = scene.find(&vserver) else { return Vec::new() };
    let code = CheckCode::CertificateBound;
    if let Some(sentence) = scene.unread(Kind::VserverCert) {
        let title = "Which certificate the MAM virtual server has could not be read.";
        return vec![Finding::not_checked(code, title).seen(sentence).on(vserver)];
    }
    let binding = ObjectRef::vserver_cert(&listener.vserver);
    let Some(bound) = scene.find(&binding) else {
        let finding = Finding::fail(code, format!("The {vserver} has no certificate."))
            .seen(format!("The {vserver} is {}.", word(there)))
            .because("TLS ends there, so without a certificate it stays DOWN even when all its members are UP.")
            .mend("Plan: the plan binds the certificate of the MAM step.");
        return vec![finding.at(Step::Mam).on(binding).on(vserver)];
    };
    let name = text(bound, "certkeyname");
    let better = better(scene, &name, &mam.certificate);
    let mut findings = vec![if name == mam.certificate {
        Finding::pass(code, format!("The {vserver} has its certificate, {name}."))
    } else if let Some((flaw, wanted)) = &better {
        Finding::fail(code, format!("The {vserver} has the certificate {name}, which {flaw}, instead of {}.", mam.certificate))
            .in_short(format!("MAM has a certificate that {flaw}"))
            .because("Somebody bound another one than the set-up wants. Gateway and apps refuse it, so nobody reaches the store.")
            .mend(wanted.as_str())
            .at(Step::Mam)
            .on(binding)
            .on(vserver.clone())
    } else {
        Finding::warn(
            code,
            format!("The {vserver} has the certificate {name}, and the set-up wants {}.", mam.certificate),
        )
        .because("Somebody bound another one, perhaps a renewed one.")
        .mend("Choose it in the MAM step if it is right; otherwise plan, which binds the described one again.")
        .at(Step::Mam)
        .on(binding)
    }];
    let object = ObjectRef::cert_key(&name);
    match (scene.unread(Kind::CertKey), scene.find(&object)) {
        (None, Some(key)) => findings.extend(inside(scene, key).into_iter().map(|finding| {
            let finding = finding.at(Step::Mam).on(key.object.clone()).on(vserver.clone());
            // Nobody need renew what a plan replaces.
            match &better {
                Some((_, wanted)) if finding.is_trouble() => {
                    finding.mend(wanted.as_str()).explained_by(CheckCode::CertificateBound)
                }
                _ => finding,
            }
        })),
        (unread, _) => {
            let title = format!("Nothing could be read of the {object}.");
            let finding = Finding::not_checked(CheckCode::CertificateValid, title).on(object);
            findings.push(unread.into_iter().fold(finding, Finding::seen));
        }
    }
    findings
}

/// What is wrong with the bound certificate, and how the plan mends it: the one that the set-up wants is well.
fn better(scene: &Scene<'_>, bound: &str, wanted: &str) -> Option<(&'static str, String)> {
    let facts = |name: &str| scene.find(&ObjectRef::cert_key(name)).map(CertFacts::of);
    let flaw = flaw(scene, &facts(bound)?)?;
    let good = facts(wanted).filter(|facts| bound != wanted && self::flaw(scene, facts).is_none())?;
    let days =
        good.days_left(scene.now).map(|days| format!(", which is valid for {days} more days")).unwrap_or_default();
    Some((flaw, format!("Plan: the plan binds {wanted} again{days}.")))
}

fn flaw(scene: &Scene<'_>, facts: &CertFacts) -> Option<&'static str> {
    if is_over(scene, facts) {
        Some("has expired")
    } else if is_early(scene, facts) {
        Some("is not valid yet")
    } else if facts.covers(scene.fqdn) == Some(false) {
        Some("is for another name")
    } else {
        None
    }
}

fn is_over(scene: &Scene<'_>, facts: &CertFacts) -> bool {
    let said = facts.status.as_deref().is_some_and(|status| status.eq_ignore_ascii_case("Expired"));
    said || facts.days_left(scene.now).is_some_and(|days| days < 0)
}

fn is_early(scene: &Scene<'_>, facts: &CertFacts) -> bool {
    let said = facts.status.as_deref().is_some_and(|status| status.eq_ignore_ascii_case("Not yet valid"));
    said || facts.not_before.is_some_and(|begin| begin > scene.now)
}

fn inside(scene: &Scene<'_>, key: &Seen) -> Vec<Finding> {
    let facts = CertFacts::of(key);
    vec![valid(scene, key, &facts), name(scene, key, &facts), chain(scene, key, &facts)]
}

fn valid(scene: &Scene<'_>, key: &Seen, facts: &CertFacts) -> Finding {
    let (code, object) = (CheckCode::CertificateValid, &key.object);
    let renew = "Upload the new certificate in the MAM step and plan. Users see no gap: the new one replaces the old.";
    // As we write times; one that cannot be read, as the appliance has it.
    let said = |at: Option<At>, name: &str| at.map_or_else(|| or_unknown(text(key, name)), time_text);
    let evidence = format!(
        "Valid from {} to {}.",
        said(facts.not_before, "clientcertnotbefore"),
        said(facts.not_after, "clientcertnotafter")
    );
    let days = facts.days_left(scene.now);
    let finding = if is_over(scene, facts) {
        Finding::fail(code, format!("The {object} has expired."))
            .in_short("The certificate of MAM has expired")
            .because("Gateway and apps refuse it, so nobody reaches the store.")
            .mend(renew)
    } else if is_early(scene, facts) {
        Finding::fail(code, format!("The {object} is not valid yet."))
            .because("Gateway and apps refuse it until then. If the time has come, the appliance's clock is behind.")
            .mend("Check the appliance's clock (NTP), or bind the previous certificate until then.")
    } else {
        match days {
            None => Finding::not_checked(code, format!("The appliance does not say until when the {object} is valid.")),
            Some(days) if days < SOON => Finding::warn(code, format!("The {object} is valid for {days} more days."))
                .because("After that Gateway and apps refuse it.")
                .mend(renew),
            Some(days) => Finding::pass(code, format!("The {object} is valid for {days} more days.")),
        }
    };
    finding.seen(evidence)
}

fn name(scene: &Scene<'_>, key: &Seen, facts: &CertFacts) -> Finding {
    let (code, object, fqdn) = (CheckCode::CertificateName, &key.object, scene.fqdn);
    let told = match (&facts.names, facts.common_name()) {
        (Some(names), _) => format!("Its names: {}.", list(names)),
        (None, Some(name)) => {
            format!("Its common name is {name}. This release does not tell other names, which would count before it.")
        }
        (None, None) => "Neither names nor a subject were told.".to_owned(),
    };
    let finding = match facts.covers(fqdn) {
        Some(true) => Finding::pass(code, format!("The {object} covers {fqdn}.")),
        Some(false) if facts.names.is_none() => {
            Finding::warn(code, format!("The {object} does not seem to cover {fqdn}."))
                .because("Its common name does not. Other names in it may, which this release does not tell.")
                .mend("Look at the certificate itself, for example with `openssl x509 -text`.")
        }
        Some(false) => Finding::fail(code, format!("The {object} does not cover {fqdn}."))
            .because("The Gateway and the apps ask for this name, and refuse a certificate of another.")
            .mend("Choose or upload a certificate for this name in the MAM step, and plan."),
        None => Finding::not_checked(code, format!("For which names the {object} is, is not told.")),
    };
    finding.seen(told)
}

fn chain(scene: &Scene<'_>, key: &Seen, facts: &CertFacts) -> Finding {
    let code = CheckCode::CertificateChain;
    let name = key.object.part(0);
    let (mut below, mut links) = (name.to_owned(), Vec::new());
    // Each certificate has one issuer here; a ring that somebody linked must not keep us going round.
    while let Some(link) = scene.find(&ObjectRef::cert_link(&below)) {
        let above = text(link, "linkcertkeyname");
        if above.is_empty() || above == name || links.contains(&above) {
            break;
        }
        links.push(above.clone());
        below = above;
    }
    if links.is_empty() && facts.is_self_signed() {
        return Finding::warn(code, format!("The {} is signed by itself.", key.object))
            .because("Nobody trusts it who was not told to. Devices of users were not.")
            .mend("Use a certificate of an authority that devices and Gateway trust.");
    }
    if links.is_empty() {
        let issuer = facts.issuer.as_deref().map(|issuer| format!("Its issuer is {issuer}."));
        let finding = Finding::warn(code, format!("The {} has no chain.", key.object))
            .because("No intermediate certificate is linked to it, so the appliance does not send any. Phones do not fetch them and refuse the connection, unless a root that they trust issued it itself.")
            .mend("Upload the certificate with its intermediates in the MAM step, or link them: `link ssl certKey`.");
        return issuer.into_iter().fold(finding, Finding::seen);
    }
    let expired = links
        .iter()
        .filter_map(|link| scene.find(&ObjectRef::cert_key(link)))
        .find(|seen| CertFacts::of(seen).days_left(scene.now).is_some_and(|days| days < 0));
    let evidence = format!("{name} → {}.", links.join(" → "));
    match expired {
        Some(seen) => Finding::fail(code, format!("In the chain of {name}, {} has expired.", seen.object))
            .because("A chain is as good as its oldest part: devices refuse all of it.")
            .mend("Link the renewed intermediate certificate instead.")
            .on(seen.object.clone()),
        None => Finding::pass(code, format!("The {} is sent with its chain.", key.object)),
    }
    .seen(evidence)
}

fn or_unknown(text: String) -> String {
    if text.is_empty() { "unknown".to_owned() } else { text }
}
