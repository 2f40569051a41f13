//! All appliances.

use crate::{
    pages::{asked, layout::Page, loaded},
    routes,
    ui::{badge::Badge, notice::Empty, table::Table, time::Time},
};
use leptos::{either::Either, prelude::*};
use model::{Freshness, state::Tone};
use services::ApplianceView;

/// How an appliance answered the last time.
pub fn answered(view: &ApplianceView) -> (Tone, &'static str) {
    // A failure is told only while no later look went well: their order is that of the looks, never of their times.
    match (view.credential_refused_at, &view.failure, &view.seen) {
        _ if view.is_unreadable => (Tone::Bad, "cannot be read"),
        (Some(_), _, _) => (Tone::Bad, "account refused"),
        (None, Some((_, error)), _) => (Tone::Bad, error.kind.word()),
        (None, None, Some((.., Freshness::Fresh))) => (Tone::Good, "answers"),
        (None, None, Some((.., Freshness::Stale))) => (Tone::Warn, "answered a while ago"),
        (None, None, Some((.., Freshness::Unknown))) => (Tone::Unknown, "not seen lately"),
        (None, None, None) => (Tone::Unknown, "not seen yet"),
    }
}

#[component]
pub fn List() -> impl IntoView {
    let asked = asked();
    let may_add = asked.as_ref().is_ok_and(|(_, cx)| cx.role().may_administer());
    let load = async move {
        let (services, cx) = asked?;
        services.appliances().list(&cx).await
    };
    loaded(load, move |views| {
        let add = may_add && !views.is_empty();
        view! {
            <Page title="Appliances">
                <div class="title-row">
                    <h1>"Appliances"</h1>
                    {add.then(|| view! { <a class="button" href=routes::APPLIANCE_NEW>"Add an appliance"</a> })}
                </div>
                <ApplianceTable views may_add />
            </Page>
        }
    })
}

/// Moves when one of them was looked at.
#[component]
pub fn ApplianceTable(views: Vec<ApplianceView>, may_add: bool) -> impl IntoView {
    let any = !views.is_empty();
    let rows = views.into_iter().map(|view| {
        let (tone, word) = answered(&view);
        let seen = view.seen.map(|(at, snapshot, _)| (at, format!("{}, {}", snapshot.release, snapshot.role.short())));
        let (at, facts) = seen.unzip();
        view! {
            <tr data-key=view.appliance.id.to_string()>
                <th scope="row">
                    <a href=routes::appliance(view.appliance.id)>{view.appliance.spec.title.clone()}</a>
                    <div class="sub">{view.appliance.spec.url()}</div>
                </th>
                <td>
                    <Badge tone word />
                </td>
                <td>{facts}</td>
                <td>{at.map(|at| view! { <Time at /> })}</td>
            </tr>
        }
    });
    let content = if any {
        let headings = vec!["Appliance", "State", "Release and role", "Seen"];
        Either::Left(view! { <Table headings cards=true>{rows.collect_view()}</Table> })
    } else {
        Either::Right(view! {
            <Empty sentence="No NetScaler is known yet. Its address and an account are all that is needed.">
                {may_add
                    .then(|| {
                        view! {
                            <a class="button primary" href=routes::APPLIANCE_NEW>
                                "Add an appliance"
                            </a>
                        }
                    })}
            </Empty>
        })
    };
    view! { <div id="appliances-live">{content}</div> }
}
