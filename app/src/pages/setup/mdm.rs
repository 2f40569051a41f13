//! The MDM step's fields.

use super::{
    Own,
    drawn::Drawn,
    proposal::{self, Proposed},
};
use crate::ui::field::{Choice, Text};
use leptos::prelude::*;
use model::desired::{MdmForm, Persistence};

pub const OWN: Own = Own {
    form: Some(("/rpc/save_mdm", |setup, site| {
        let vip = proposal::address(setup, site, 0);
        MdmForm { vip, ..MdmForm::fresh(&setup.view.cluster.title) }.into()
    })),
    content: |drawn| fields(drawn).into_any(),
    beside: None,
};

fn fields(drawn: &Drawn) -> impl IntoView + use<> {
    let filled = drawn.filled.clone();
    let choices = [
        (Persistence::SourceIp, "SOURCEIP: by the device's address (recommended)"),
        (Persistence::SslSession, "SSLSESSION: by the TLS session, as the older wizard did"),
    ];
    view! {
        <Text
            filled=filled.clone()
            name="vip"
            label="MDM address (VIP)"
            hint="The first of the two free addresses, in a network of the appliance. From outside, the cluster's name resolves to it. It listens on 443 for enrolment and check-in, and on 8443."
        />
        {drawn
            .proposes_address()
            .then(|| view! { <Proposed sentence="No object that was seen on the appliance has this address. Whether a foreign host has it, the appliance cannot tell." /> })}
        <div class="columns">
            <Choice
                filled=filled.clone()
                name="persistence"
                label="Keep a device on its node"
                hint="The vendor asks for SOURCEIP on clusters (CTX227406): since iOS 11 a device opens a new TLS session for each connection, and SSLSESSION loses it. Choose SSLSESSION only where many devices share one address."
                options=choices.map(|(value, text)| (value.word().to_owned(), text.to_owned())).to_vec()
            />
            <Text
                filled=filled.clone()
                name="timeout"
                label="For how many minutes"
                hint="2 to 1440. Twenty outlasts an enrolment."
            />
        </div>
        <div class="columns">
            <Text
                filled=filled.clone()
                name="vserver_443"
                label="Name of the virtual server on 443"
                hint="On the NetScaler. Letters, digits, underscore, dot, hyphen."
            />
            <Text filled=filled name="vserver_8443" label="Name of the virtual server on 8443" />
        </div>
    }
}
