//! How the Gateway finds the cluster: its pointer, the store's address in its session, and the name's address
//! (procedure 2.6 and 2.7).

use super::object::{Target, attrs};
use model::{
    desired::{Desired, Gateway},
    object::{Attrs, ObjectRef, Value},
    snapshot::Snapshot,
};

/// The appliance's own answer for the cluster's name. It is the MAM address: the Gateway asks for the name, and devices
/// ask other name servers (`xenmobile.md` 7.1).
pub fn address_record(target: &mut Target, desired: &Desired) {
    if !desired.dns.as_ref().is_some_and(|dns| dns.record) {
        return;
    }
    let Some(mam) = &desired.mam else {
        target.notes.push("The address record waits for the MAM step, which says where it points.".into());
        return;
    };
    let reason = format!(
        "The Gateway looks {} up on this appliance and has to reach MAM, so the answer is the MAM address. Devices outside \
         ask other name servers, which answer with the public address of MDM.",
        desired.fqdn
    );
    target.add(ObjectRef::address_record(&desired.fqdn, &mam.vip.to_string()), Attrs::new(), reason);
}

pub fn pointer(target: &mut Target, desired: &Desired, snapshot: &Snapshot) {
    let Some(gateway) = &desired.gateway else { return };
    let vserver = ObjectRef::gateway(&gateway.vserver);
    if snapshot.find(&vserver).is_none() {
        let sentence = format!(
            "There is no {vserver} on the appliance. Choose another in the Gateway step, or make it there first."
        );
        target.contradict(vserver, sentence);
        return;
    }
    if desired.mam.is_none() {
        target.notes.push(
            "The Gateway waits for the MAM step: pointed to an address where nobody answers, it would cut its sessions off."
                .into(),
        );
        return;
    }
    let reason = format!(
        "The Gateway {} asks for its sessions at this address: the App Controller of the wizard's “XenMobile settings”.",
        gateway.vserver
    );
    let store = Gateway::url_of(&desired.fqdn);
    target.add(ObjectRef::app_controller(&gateway.vserver, &store), Attrs::new(), reason);
    for action in &gateway.actions {
        let reason = "Secure Hub is told this store address when its session begins; on some releases it stands here and not \
                      in the App Controller binding.";
        let url = attrs([("storefronturl", Value::Text(store.clone()))]);
        target.add(ObjectRef::session_action(action), url, reason.into());
    }
}
