//! The DNS step's fields.

use super::{drawn::Drawn, now::Now, own::Own, seen};
use crate::ui::field::Choice;
use leptos::prelude::*;
use model::{desired::DnsForm, object::Kind, state::Tone};

pub const OWN: Own = Own {
    form: Some(("/rpc/save_dns", |_, _| DnsForm::fresh().into())),
    content: |drawn| fields(drawn).into_any(),
    beside: None,
};

fn fields(drawn: &Drawn) -> impl IntoView + use<> {
    let (setup, filled) = (&drawn.setup, drawn.filled.clone());
    let fqdn = setup.view.cluster.fqdn.clone();
    let mam = setup.desired.mam.as_ref().map(|mam| mam.vip.to_string());
    let records = seen::snapshot(setup).into_iter().flat_map(|snapshot| snapshot.of_kind(Kind::AddressRecord));
    let mut now: Vec<(Tone, String, String)> = records
        .filter(|seen| seen.object.part(0) == fqdn)
        .map(|seen| {
            let address = seen.object.part(1);
            let right = mam.as_deref() == Some(address);
            let (tone, word) = if right { (Tone::Good, "MAM") } else { (Tone::Warn, "elsewhere") };
            (tone, word.to_owned(), format!("{fqdn} → {address}"))
        })
        .collect();
    if now.is_empty() && seen::snapshot(setup).is_some() {
        now.push((Tone::Quiet, "none".into(), format!("The appliance has no address record for {fqdn}.")));
    }
    let make = match &mam {
        Some(vip) => format!("Make the record {fqdn} → {vip} (the MAM address)"),
        None => format!("Make the record {fqdn} → the MAM address, once the MAM step says which"),
    };
    let options = vec![
        ("make".to_owned(), make),
        (
            "none".to_owned(),
            "No record: the name server that the appliance asks answers with the MAM address".to_owned(),
        ),
    ];
    view! {
        <Now title="On the appliance now" lines=now known=setup.is_known() />
        <Choice
            filled
            name="record"
            label="Address record on the NetScaler"
            hint="Devices outside ask other name servers; there the same name has the MDM address. Two different answers to one name are meant: this is split DNS."
            options
        />
    }
}
