//! The Gateway step's fields: which one, and both places where the address may live.

use super::{drawn::Drawn, now::Now, own::Own, proposal, seen};
use crate::ui::{
    field::{Choice, Text, Ticks},
    notice::Note,
};
use leptos::{either::Either, prelude::*};
use model::{desired::Gateway, object::Kind, state::Tone};

pub const OWN: Own = Own {
    form: Some(("/rpc/save_gateway", |setup, _| proposal::gateway(setup).into())),
    content: |drawn| fields(drawn).into_any(),
    beside: None,
};

fn fields(drawn: &Drawn) -> impl IntoView + use<> {
    let (setup, filled) = (&drawn.setup, drawn.filled.clone());
    let url = Gateway::url_of(&setup.view.cluster.fqdn);
    let snapshot = seen::snapshot(setup);
    let gateways: Vec<(String, String)> = snapshot
        .into_iter()
        .flat_map(|snapshot| snapshot.of_kind(Kind::Gateway))
        .map(|seen| {
            let state = seen.state.as_ref().map_or("state not told", |word| word.0.as_str());
            let serves = setup.gateway_serves(seen.object.part(0));
            let serves = serves.map(|title| format!(", serves {title}")).unwrap_or_default();
            let place = format!("{}:{}", seen::text(&seen.attrs, "ipv46"), seen::text(&seen.attrs, "port"));
            (seen.object.part(0).to_owned(), format!("{} ({place}, {state}{serves})", seen.object.part(0)))
        })
        .collect();
    let chosen = filled.value("gateway");
    let now = snapshot.map(|snapshot| standing(snapshot, &chosen, &url)).unwrap_or_default();
    let ticked: Vec<String> = filled.value("actions").split(',').map(|name| name.trim().to_owned()).collect();
    let actions: Vec<(String, String, bool)> = snapshot
        .map(|snapshot| seen::session_actions(snapshot, &chosen))
        .unwrap_or_default()
        .into_iter()
        .map(|(name, store)| {
            let text =
                if store.is_empty() { format!("{name}: no store address set") } else { format!("{name}: now {store}") };
            let on = ticked.contains(&name);
            (name, text, on)
        })
        .collect();
    let none = actions.is_empty();
    let mut options = gateways.clone();
    options.insert(0, (String::new(), "Choose…".into()));
    view! {
        <Now title="On the appliance now" lines=now known=setup.is_known() />
        {if gateways.is_empty() {
            Either::Left(
                view! {
                    <Text
                        filled=filled.clone()
                        name="gateway"
                        label="Gateway virtual server"
                        hint="Its name on the NetScaler. None was seen yet, so there is nothing to choose from."
                    />
                },
            )
        } else {
            Either::Right(
                view! {
                    <Choice
                        filled=filled.clone()
                        name="gateway"
                        label="Gateway virtual server"
                        hint="Where devices sign in. It exists already; only its bindings are changed."
                        options
                    />
                },
            )
        }}
        <p>
            "First place: the App Controller bound to it becomes "
            <code>{url}</code>
            ". A binding to another address is taken away after the new one is there."
        </p>
        {if none {
            Either::Left(
                view! { <Note sentence="Second place: no session action with a store address is bound to this Gateway by a policy, so there is nothing to repoint. After choosing another Gateway, save to see its session actions." /> },
            )
        } else {
            Either::Right(
                view! {
                    <Ticks
                        filled
                        name="actions"
                        label="Second place: repoint the store address of these session actions"
                        hint="Ticking one is your consent: Gatehouse changes it, and gives it back with an undo. Untick an action that serves something else; others that use the same action are repointed with it."
                        options=actions
                    />
                },
            )
        }}
    }
}

/// What the chosen Gateway points to.
fn standing(snapshot: &model::snapshot::Snapshot, gateway: &str, url: &str) -> Vec<(Tone, String, String)> {
    if gateway.is_empty() {
        return Vec::new();
    }
    let bound = snapshot.bound_to(Kind::AppController, gateway);
    let mut lines: Vec<(Tone, String, String)> = bound
        .map(|seen| {
            let right = seen.object.part(1) == url;
            let (tone, word) = if right { (Tone::Good, "right") } else { (Tone::Warn, "elsewhere") };
            (tone, word.to_owned(), format!("App Controller {}", seen.object.part(1)))
        })
        .collect();
    if lines.is_empty() {
        lines.push((Tone::Quiet, "none".into(), "No App Controller is bound to it.".into()));
    }
    for (name, store) in seen::session_actions(snapshot, gateway) {
        let (tone, word) = if store == url { (Tone::Good, "right") } else { (Tone::Warn, "elsewhere") };
        lines.push((tone, word.into(), format!("session action {name}: {store}")));
    }
    lines
}
