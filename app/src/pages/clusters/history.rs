//! How a cluster stood over time: its verdicts, the newest first.

use super::part::Part;
use crate::{
    pages::{
        asked,
        listing::{Place, asked_field, counts, fields, nothing, pager, remarks, search},
        loaded, param,
    },
    routes,
    ui::{
        badge::Badge,
        notice::Empty,
        table::Table,
        time::{For, Time},
    },
};
use leptos::{either::Either, prelude::*};
use model::{
    At, ClusterId, clock,
    listing::{A_PAGE, ListForm, Sheet},
    state::Tone,
    stretch::Stood,
};
use services::HistoryView;

fn place(id: ClusterId, form: &ListForm) -> Place {
    Place { path: routes::history(id), fields: fields(form), one: "verdict", many: "verdicts", word: Tone::word }
}

/// As they came, and not the worst first.
fn sheet(view: &HistoryView, form: &ListForm) -> Sheet<Stood> {
    Sheet::of(view.stood.clone(), form, A_PAGE, |stood| (stood.tone, stood.words.clone()))
}

#[component]
pub fn History() -> impl IntoView {
    let (asked, id, form) = (asked(), param("id", "such cluster"), ListForm::read(asked_field()));
    let load = async move {
        let ((services, cx), id) = (asked?, id?);
        Ok((services.clusters().history(&cx, id).await?, form))
    };
    loaded(load, move |(view, form): (HistoryView, ListForm)| {
        let cluster = view.cluster.clone();
        let heading = format!("History of {}", cluster.title);
        let around = sheet(&view, &form);
        let place = place(cluster.id, &form);
        let looked_for = (around.all > 0).then(|| search(&place, "Words of a verdict", None));
        view! {
            <Part cluster heading>
                <p>
                    "Each line is a verdict, from when it was said first. Where one ends before the next begins, nobody watched in between."
                </p>
                {remarks(&around)}
                {looked_for}
                <HistoryPanel view form />
            </Part>
        }
    })
}

/// Moves when the verdict is another.
#[component]
pub fn HistoryPanel(view: HistoryView, form: ListForm) -> impl IntoView {
    let (sheet, place) = (sheet(&view, &form), place(view.cluster.id, &form));
    let none = (sheet.all == 0).then(|| {
        view! { <Empty sentence="Nothing was judged yet. The first look at its appliance makes the first line.">""</Empty> }
    });
    let counts = (sheet.all > 0).then(|| counts(&place, &sheet, &form));
    let (nothing, pager) = (nothing(&place, &sheet), pager(&place, &sheet));
    let rows: Vec<_> = sheet.lines.into_iter().map(|stood| line(stood, view.now)).collect();
    let table = (!rows.is_empty()).then(|| {
        view! { <Table headings=vec!["Verdict", "From", "Until", "#For"] cards=true>{rows}</Table> }
    });
    view! { <div id="history-live">{none} {counts} {nothing} {table} {pager}</div> }
}

fn line(stood: Stood, now: At) -> impl IntoView {
    let Stood { tone, words, from, until } = stood;
    let earlier = from.or_earlier.then_some(" or earlier");
    let lasts = match until {
        Some(until) => Either::Left(clock::age_text(from.at, until)),
        None => Either::Right(view! { <For at=from.at now /> }),
    };
    let until = match until {
        Some(at) => Either::Left(view! { <Time at /> }),
        None => Either::Right("now"),
    };
    view! {
        <tr data-key=from.at.as_millisecond().to_string()>
            <td data-label="Verdict">
                <Badge tone word=words />
            </td>
            <td data-label="From"><Time at=from.at /> {earlier}</td>
            <td data-label="Until">{until}</td>
            <td data-label="For" class="number">{lasts}</td>
        </tr>
    }
}
