//! The log: what happened, newest first, and each record whole.

use super::{asked, loaded, param};
use crate::{
    routes,
    ui::{badge::Badge, layout::Page, notice::Empty, table::Table, time::Time},
};
use leptos::{either::Either, prelude::*};
use leptos_router::hooks::use_query_map;
use model::{
    record::{Outcome, Record, RecordKind},
    state::Tone,
};
use services::LogQuery;

const HEADINGS: [&str; 5] = ["#Record", "Time", "Who", "What", "Outcome"];

const fn tone(outcome: Outcome) -> Tone {
    match outcome {
        Outcome::Succeeded => Tone::Good,
        Outcome::Failed => Tone::Bad,
        Outcome::Refused => Tone::Warn,
        Outcome::InDoubt => Tone::Unknown,
    }
}

/// The filters stand in the address, so that a view can be passed on.
fn query() -> LogQuery {
    let map = use_query_map().try_get_untracked().unwrap_or_default();
    let text = |name: &str| map.get(name).map(|text| text.trim().to_owned()).filter(|text| !text.is_empty());
    LogQuery {
        kind: text("kind").and_then(|code| RecordKind::from_code(&code)),
        person: text("person"),
        cluster: text("cluster").and_then(|id| id.parse().ok()),
        outcome: text("outcome").and_then(|word| Outcome::ALL.into_iter().find(|outcome| outcome.word() == word)),
        text: text("text"),
        before: text("before").and_then(|id| id.parse().ok()),
    }
}

#[component]
pub fn List() -> impl IntoView {
    let (asked, query) = (asked(), query());
    let shown = query.clone();
    let load = async move {
        let (services, cx) = asked?;
        services.log(&cx, &query).await
    };
    loaded(load, move |page| {
        let any = !page.records.is_empty();
        let older = page.older.map(|id| older_address(&shown, id.0));
        let rows = page.records.into_iter().map(|record| view! { <Row record /> });
        view! {
            <Page title="Log">
                <h1>"Log"</h1>
                <Filters query=shown />
                {if any {
                    Either::Left(
                        view! {
                            <Table headings=HEADINGS.to_vec()>{rows.collect_view()}</Table>
                            {older.map(|href| view! { <p><a class="button" href=href>"Older records"</a></p> })}
                        },
                    )
                } else {
                    Either::Right(
                        view! {
                            <Empty sentence="No record fits these filters.">
                                <a class="button" href=routes::AUDIT>
                                    "All records"
                                </a>
                            </Empty>
                        },
                    )
                }}
            </Page>
        }
    })
}

/// The same filters, further back. Values are percent-encoded by `url`'s rules for queries.
fn older_address(query: &LogQuery, before: i64) -> String {
    let mut parts = vec![format!("before={before}")];
    let mut add = |name: &str, value: Option<String>| {
        if let Some(value) = value {
            parts.push(format!("{name}={}", leptos_router::location::Url::escape(&value)));
        }
    };
    add("kind", query.kind.map(|kind| kind.code().to_owned()));
    add("person", query.person.clone());
    add("cluster", query.cluster.map(|id| id.to_string()));
    add("outcome", query.outcome.map(|outcome| outcome.word().to_owned()));
    add("text", query.text.clone());
    format!("{}?{}", routes::AUDIT, parts.join("&"))
}

#[component]
fn Row(record: Record) -> impl IntoView {
    let entry = record.entry;
    view! {
        <tr>
            <td class="number">
                <a href=routes::record(record.id)>{record.id.to_string()}</a>
            </td>
            <td>
                <Time at=entry.at />
            </td>
            <td>{entry.actor.name}</td>
            <td>
                {entry.summary} <div class="sub">{entry.kind.text()}</div>
            </td>
            <td>{entry.outcome.map(|outcome| view! { <Badge tone=tone(outcome) word=outcome.word() /> })}</td>
        </tr>
    }
}

#[component]
fn Filters(query: LogQuery) -> impl IntoView {
    let option = |value: &'static str, text: &'static str, chosen: bool| {
        if chosen {
            Either::Left(view! { <option value=value selected="selected">{text}</option> })
        } else {
            Either::Right(view! { <option value=value>{text}</option> })
        }
    };
    let kinds = RecordKind::ALL.iter().map(|kind| option(kind.code(), kind.text(), query.kind == Some(*kind)));
    let outcomes =
        Outcome::ALL.iter().map(|outcome| option(outcome.word(), outcome.word(), query.outcome == Some(*outcome)));
    view! {
        <form method="get" action=routes::AUDIT class="filters">
            <label>"Text " <input type="search" name="text" value=query.text.clone().unwrap_or_default() /></label>
            <label>"Who " <input name="person" value=query.person.clone().unwrap_or_default() /></label>
            <label>
                "What " <select name="kind">
                    <option value="">"anything"</option>
                    {kinds.collect_view()}
                </select>
            </label>
            <label>
                "Outcome " <select name="outcome">
                    <option value="">"any"</option>
                    {outcomes.collect_view()}
                </select>
            </label>
            <button type="submit" class="button">
                "Filter"
            </button>
        </form>
    }
}

#[component]
pub fn Show() -> impl IntoView {
    let (asked, id) = (asked(), param("id", "such record"));
    let load = async move {
        let ((services, cx), id) = (asked?, id?);
        services.record(&cx, id).await
    };
    loaded(load, |(record, act)| {
        let entry = record.entry;
        let detail = (!entry.detail.is_null()).then(|| serde_json::to_string_pretty(&entry.detail).unwrap_or_default());
        let together = act.len() > 1;
        let rows = act.into_iter().map(|record| view! { <Row record /> });
        view! {
            <Page title=format!("Record {}", record.id)>
                <p class="crumbs">
                    <a href=routes::AUDIT>"Log"</a>
                </p>
                <h1>{format!("Record {}", record.id)}</h1>
                <p class="lead">{entry.summary}</p>
                <dl class="facts">
                    <dt>"What"</dt>
                    <dd>{entry.kind.text()} " " <code>{entry.kind.code()}</code></dd>
                    <dt>"Time"</dt>
                    <dd>
                        <Time at=entry.at />
                    </dd>
                    <dt>"Who"</dt>
                    <dd>{entry.actor.name}</dd>
                    {(!entry.actor.from.is_empty())
                        .then(|| {
                            view! {
                                <dt>"From"</dt>
                                <dd>{entry.actor.from.clone()}</dd>
                            }
                        })}
                    {(!entry.actor.request.is_empty())
                        .then(|| {
                            view! {
                                <dt>"Request"</dt>
                                <dd>{entry.actor.request.clone()}</dd>
                            }
                        })}
                    {entry
                        .outcome
                        .map(|outcome| {
                            view! {
                                <dt>"Outcome"</dt>
                                <dd>
                                    <Badge tone=tone(outcome) word=outcome.word() />
                                </dd>
                            }
                        })}
                </dl>
                {detail
                    .map(|text| {
                        view! {
                            <h2>"Details"</h2>
                            <pre>{text}</pre>
                        }
                    })}
                {together
                    .then(|| {
                        view! {
                            <h2>"The whole act, oldest first"</h2>
                            <Table headings=HEADINGS.to_vec()>{rows.collect_view()}</Table>
                        }
                    })}
            </Page>
        }
    })
}
