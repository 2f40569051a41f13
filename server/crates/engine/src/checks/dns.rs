//! What the appliance itself answers for the cluster's name: MAM's address and no other (`xenmobile.md` 7.1).

use super::scene::{Scene, list, text};
use model::{
    desired::Step,
    finding::{CheckCode, Finding},
    object::{Kind, ObjectRef},
};

pub fn check(scene: &Scene<'_>) -> Option<Finding> {
    let code = CheckCode::AddressRecord;
    let mam = scene.desired.mam.as_ref().filter(|mam| scene.is_applied(&mam.listener))?;
    let (host, vip) = (scene.fqdn, mam.vip.to_string());
    if let Some(sentence) = scene.unread(Kind::AddressRecord) {
        return Some(Finding::not_checked(code, "The appliance's address records could not be read.").seen(sentence));
    }
    let records: Vec<&ObjectRef> = (scene.snapshot.of_kind(Kind::AddressRecord))
        .map(|seen| &seen.object)
        .filter(|object| object.part(0).eq_ignore_ascii_case(host))
        .collect();
    let addresses: Vec<&str> = records.iter().map(|object| object.part(1)).collect();
    let wanted = scene.desired.dns.as_ref().map(|dns| dns.record);
    let ours = ObjectRef::address_record(host, &vip);
    let remembered = scene.snapshot.remembers(&ours) && scene.owned.contains(&ours);
    let why = "The Gateway looks the name up on this appliance and has to reach MAM there. Devices outside ask other name servers, which answer with the public address of MDM.";
    let finding = match (addresses.as_slice(), wanted) {
        ([], Some(true)) if remembered => Finding::not_checked(
            code,
            format!("The record of {host} is listed only as an answer that the appliance remembers."),
        )
        .seen(format!("{ours}: authtype PROXY."))
        .because("Gatehouse made it, and some builds list a record so. Whether it is still there cannot be seen; for now the appliance answers with the right address.")
        .mend("Type `flush dns proxyRecords` on the appliance and look again: a record that is there stays listed."),
        ([], Some(true)) => Finding::fail(code, format!("The appliance has no address record for {host}."))
            .because(format!(
                "{why} Without a record it asks its name servers, which may say another address or nothing."
            ))
            .mend("Plan: the plan makes the record."),
        ([], Some(false)) => Finding::not_checked(code, format!("A name server answers for {host}, by the set-up."))
            .because("What it answers to the appliance cannot be seen from here.")
            .mend(format!("Type `nslookup {host}` on the appliance: it must say {vip}.")),
        ([], None) => Finding::not_checked(code, format!("Who answers the appliance for {host} is not described."))
            .mend("Describe the DNS step."),
        ([one], _) if *one == vip => {
            Finding::pass(code, format!("The appliance answers {host} with the MAM address {vip}."))
        }
        ([one], _) => {
            Finding::fail(code, format!("The address record of {host} points to {one}, {}.", whose(scene, one)))
                .because(format!("{why} It must be {vip}, the MAM address."))
                .mend("Plan: the plan makes the right record. Remove the wrong one if others made it: `rm dns addRec`.")
        }
        (all, _) => Finding::fail(code, format!("The appliance has {} address records for {host}.", all.len()))
            .seen(format!("They point to {}.", list(all)))
            .because("It answers with them in turn, so that some sessions reach MAM and others do not.")
            .mend(format!("Leave the one that points to {vip}; remove the others.")),
    };
    Some(records.into_iter().cloned().fold(finding.at(Step::Dns), Finding::on))
}

/// Two addresses are mixed up more often than all others.
fn whose(scene: &Scene<'_>, address: &str) -> &'static str {
    let mdm = scene.desired.mdm.as_ref().is_some_and(|mdm| mdm.vip.to_string() == address);
    let mut gateways = scene.snapshot.of_kind(Kind::Gateway);
    if mdm {
        "which is the MDM address"
    } else if gateways.any(|seen| text(seen, "ipv46") == address) {
        "which is the address of a Gateway, as the procedure's own text has it by mistake"
    } else {
        "which is no address of this set-up"
    }
}
