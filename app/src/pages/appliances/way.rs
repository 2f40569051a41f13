//! Where one half of an appliance is, and how it is reached: the fields that both have.

use crate::ui::field::{Choice, Filled, Text};
use leptos::prelude::*;
use model::appliance::{HalfField, Which};

const WAYS: [(&str, &str); 3] =
    [("direct", "Directly"), ("socks5", "Through a SOCKS5 proxy"), ("map", "At another address (NAT)")];

/// How it is connected to.
#[component]
pub fn Way(filled: Filled, which: Which) -> impl IntoView {
    let (connect, via) = match which {
        Which::First => ("Connect", "Proxy, or the other address"),
        Which::Second => ("Way to the other half", "Its proxy, or its real address"),
    };
    view! {
        <Choice
            filled=filled.clone()
            name=which.field(HalfField::Connect)
            label=connect
            options=WAYS.map(|(value, text)| (value.to_owned(), text.to_owned())).to_vec()
        />
        <Text
            filled
            name=which.field(HalfField::Via)
            label=via
            hint="Host and port, for example 192.0.2.9:1080. Empty for a direct connection."
        />
    }
}

/// The other half of a pair. Folded as long as there is nothing to be said of it.
#[component]
pub fn OtherHalf(
    filled: Filled,
    /// Whom to trust there.
    #[prop(optional)]
    children: Option<Children>,
) -> impl IntoView {
    let fields =
        [HalfField::Address, HalfField::Via, HalfField::Connect, HalfField::Pin].map(|of| Which::Second.field(of));
    let typed = [HalfField::Address, HalfField::Via].map(|of| !filled.value(Which::Second.field(of)).is_empty());
    let open = typed.contains(&true)
        || fields.into_iter().any(|field| filled.error(field).is_some())
        || filled.certificate(Which::Second).is_some();
    view! {
        <details class="other-half" open=open>
            <summary>"The other half of a pair"</summary>
            <div class="stack">
                <p class="field-hint">
                    "For an HA pair whose address above is the NSIP of one half. Gatehouse asks both who is the primary, works with that one, and finds the other one after a failover. Account and password are the pair's. Leave it empty for a single NetScaler, or where the address above follows the primary (a SNIP with management access)."
                </p>
                <Text
                    filled=filled.clone()
                    name=Which::Second.field(HalfField::Address)
                    label="Address of the other half"
                    hint="Its NSIP. HTTPS unless you type http://."
                />
                <Way filled which=Which::Second />
                {children.map(|children| children())}
            </div>
        </details>
    }
}
