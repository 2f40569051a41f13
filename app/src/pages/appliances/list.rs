//! All appliances.

use crate::{
    pages::{
        asked,
        layout::Page,
        listing::{Place, asked_field, counts, fields, nothing, pager, remarks, search},
        loaded,
    },
    routes,
    ui::{badge::Badge, notice::Empty, table::Table, time::Time},
};
use leptos::{either::Either, prelude::*};
use model::{
    Freshness,
    listing::{A_PAGE, FEW, ListForm, Sheet},
    state::Tone,
};
use services::ApplianceView;
use std::cmp::Reverse;

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
    let (asked, form) = (asked(), ListForm::read(asked_field()));
    let may_add = asked.as_ref().is_ok_and(|(_, cx)| cx.role().may_administer());
    let load = async move {
        let (services, cx) = asked?;
        Ok((services.appliances().list(&cx).await?, form))
    };
    loaded(load, move |(views, form): (Vec<ApplianceView>, ListForm)| {
        let add = may_add && !views.is_empty();
        let around = around(&sheet(views.clone(), &form), &form);
        view! {
            <Page title="Appliances">
                <div class="title-row">
                    <h1>"Appliances"</h1>
                    {add.then(|| view! { <a class="button" href=routes::APPLIANCE_NEW>"Add an appliance"</a> })}
                </div>
                {around}
                <ApplianceTable views form may_add />
            </Page>
        }
    })
}

fn place(form: &ListForm) -> Place {
    let (path, fields) = (routes::APPLIANCES.to_owned(), fields(form));
    Place { path, fields, one: "appliance", many: "appliances", word }
}

/// What appliances of one tone have in common.
const fn word(tone: Tone) -> &'static str {
    match tone {
        Tone::Good => "answering",
        Tone::Bad => "not answering",
        Tone::Warn => "seen a while ago",
        Tone::Quiet | Tone::Unknown => "not seen lately",
    }
}

/// The worst first, and among equals by name.
fn sheet(mut views: Vec<ApplianceView>, form: &ListForm) -> Sheet<ApplianceView> {
    views.sort_by_cached_key(|view| {
        let title = view.appliance.spec.title.to_lowercase();
        (Reverse(answered(view).0.rank()), title, view.appliance.id)
    });
    Sheet::of(views, form, A_PAGE, |view| {
        let (tone, word) = answered(view);
        let spec = &view.appliance.spec;
        let seen = view.seen.as_ref().map(|(_, snapshot, _)| snapshot.release.as_str());
        (tone, [spec.title.as_str(), &spec.url(), word, seen.unwrap_or_default()].join("\n"))
    })
}

/// There is something to filter with where there are too many for one look, or somebody looks for something.
fn has_filters(sheet: &Sheet<ApplianceView>, form: &ListForm) -> bool {
    sheet.all > FEW || !sheet.is_plain(form)
}

/// Stands beside the moving part: nobody's typing is taken away by news.
fn around(sheet: &Sheet<ApplianceView>, form: &ListForm) -> Option<impl IntoView + use<>> {
    has_filters(sheet, form).then(|| {
        view! { {remarks(sheet)} {search(&place(form), "Name, address, state or release", None)} }
    })
}

/// Moves when one of them was looked at.
#[component]
pub fn ApplianceTable(views: Vec<ApplianceView>, form: ListForm, may_add: bool) -> impl IntoView {
    let any = !views.is_empty();
    let (place, sheet) = (place(&form), sheet(views, &form));
    let counts = has_filters(&sheet, &form).then(|| counts(&place, &sheet, &form));
    let around = view! { {nothing(&place, &sheet)} {pager(&place, &sheet)} };
    let shows = !sheet.lines.is_empty();
    let rows = sheet.lines.into_iter().map(|view| {
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
        let rows = rows.collect_view();
        Either::Left(view! {
            {counts}
            {shows.then(|| view! { <Table headings cards=true>{rows}</Table> })}
            {around}
        })
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
