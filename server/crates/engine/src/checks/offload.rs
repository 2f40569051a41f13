//! MDM whose TLS ends on the appliance (`xenmobile.md` 4.2): what goes wrong there and nowhere else.

use super::scene::{Scene, text};
use model::{
    desired::Step,
    finding::{CheckCode, Finding},
    object::Kind,
    snapshot::Seen,
};

const CODE: CheckCode = CheckCode::CheckIns;

/// Whoever stands at the MDM address, or under its name, with TLS of its own.
pub fn check(scene: &Scene<'_>) -> Vec<Finding> {
    let Some(mdm) = &scene.desired.mdm else { return Vec::new() };
    let vip = mdm.vip.to_string();
    let is_mdm = |seen: &&Seen| {
        let at = |port: u16| text(seen, "ipv46") == vip && text(seen, "port") == port.to_string();
        mdm.listeners.iter().any(|listener| listener.vserver == seen.object.part(0) || at(listener.port))
    };
    let ends_tls = |seen: &&Seen| text(seen, "servicetype").eq_ignore_ascii_case("SSL");
    let offloaded = scene.snapshot.of_kind(Kind::LbVserver).filter(is_mdm).filter(ends_tls);
    offloaded.filter_map(reuse).collect()
}

/// A device that was wiped resumes its old TLS session, and the node is shown the certificate that was revoked (F09).
fn reuse(seen: &Seen) -> Option<Finding> {
    let (word, profile) = (text(seen, "sessreuse"), text(seen, "sslprofile"));
    let (name, object) = (seen.object.part(0), seen.object.clone());
    let finding = if !profile.is_empty() {
        Finding::not_checked(CODE, format!("Whether the {object} resumes TLS sessions is not known."))
            .because(format!("Its SSL profile {profile} decides it, and profiles are not read here."))
            .mend(format!("Type `show ssl profile {profile}`: sessReuse must be DISABLED where MDM is offloaded."))
    } else if word.eq_ignore_ascii_case("ENABLED") {
        Finding::warn(CODE, format!("The {object} hands over the wrong certificate for devices that were wiped."))
            .seen("It ends TLS (SSL offload), and sessReuse is ENABLED.")
            .because(
                "A device that was wiped and enrols again resumes its old TLS session, so the node is shown the certificate \
                 that was revoked. The device says “Profile Installation Failed”, and its check-in is answered 401 or 412.",
            )
            .mend(format!(
                "Type `set ssl vserver {name} -sessReuse DISABLED` and save, or let TLS through to the nodes (SSL_BRIDGE), as \
                 the set-up has it."
            ))
    } else if word.is_empty() {
        Finding::not_checked(CODE, format!("Whether the {object} resumes TLS sessions could not be read."))
            .mend(format!("Type `show ssl vserver {name}`: sessReuse must be DISABLED where MDM is offloaded."))
    } else {
        return None;
    };
    Some(finding.at(Step::Mdm).on(object))
}
