//! One act as one line of the log, and unfolded.

use super::{filters::address, tone};
use crate::{
    routes,
    ui::{badge::Badge, prose::prose, time::Time},
};
use leptos::{either::Either, prelude::*};
use model::{
    ActNo, ClusterId,
    act::{Act, Line},
    log::LogForm,
    record::{Outcome, Record, RecordKind},
    state::Tone,
};
use services::{ActView, RecordAbout};

pub const HEADINGS: [&str; 5] = ["#Record", "Time", "Who", "What", "Outcome"];

/// Where an act stands in its list.
fn place(act: ActNo) -> String {
    format!("act-{act}")
}

/// The same list with this act unfolded, or with none.
fn unfolded(form: &LogForm, act: ActNo, open: bool) -> String {
    let list = address(routes::AUDIT, form, &[]);
    let place = place(act);
    if !open {
        return format!("{list}#{place}");
    }
    let joined = if list.contains('?') { '&' } else { '?' };
    format!("{list}{joined}open={act}#{place}")
}

#[component]
pub fn ActRow(view: ActView, form: LogForm) -> impl IntoView {
    let ActView { act, about, lines } = view;
    let (shown, row) = (act.shown().clone(), place(act.act));
    let foreign = act.kind() == RecordKind::ApplianceCommand;
    let many = act.records > 1;
    let searched = !form.is_empty();
    let open = lines.is_some();
    let fold = many.then(|| {
        let words = format!("{} {} records", if open { "Fold" } else { "Unfold" }, act.records);
        let expanded = if open { "true" } else { "false" };
        view! {
            " · "
            <a href=unfolded(&form, act.act, !open) aria-expanded=expanded>
                {words}
            </a>
        }
    });
    let found = (searched && many && !open).then(|| view! { <FoundRecords act=act.clone() /> });
    let more = lines.as_ref().map_or(0, |lines| rest(&act, lines));
    view! {
        <tr id=row.clone() data-key=row class="act" data-foreign=foreign.then_some("")>
            <td class="number">
                <a href=routes::record(shown.id)>{shown.id.to_string()}</a>
            </td>
            <td>
                <Time at=shown.entry.at />
            </td>
            <td>{shown.entry.actor.name.clone()}</td>
            <td class="wide">
                {act.title()} <Subject act=act.clone() about fold=fold.into_any() /> {found}
                {lines.map(|lines| view! { <Steps lines more act=act.clone() /> })}
            </td>
            <td>
                <Ended act=act />
            </td>
        </tr>
    }
}

/// Records that an unfolded act does not show here.
fn rest(act: &Act, lines: &[Line]) -> usize {
    let shown: usize = lines.iter().map(|line| 1 + usize::from(line.answer.is_some())).sum();
    usize::try_from(act.records).unwrap_or(usize::MAX).saturating_sub(shown)
}

#[component]
fn Ended(act: Act) -> impl IntoView {
    match act.outcome() {
        Some(outcome) => Some(view! { <Badge tone=tone(outcome) word=outcome.word() /> }),
        None => act.is_open().then(|| view! { <Badge tone=Tone::Unknown word="not ended" /> }),
    }
}

/// Its kind, what it is about by name, and the ways to its plan and run.
#[component]
fn Subject(act: Act, about: RecordAbout, fold: AnyView) -> impl IntoView {
    let here = standing_cluster(&about);
    let cluster = about.cluster.and_then(|(_, name)| name).map(|name| format!(" · {name}"));
    let appliance = match cluster {
        None => about.appliance.and_then(|(_, name)| name).map(|name| format!(" · {name}")),
        Some(_) => None,
    };
    let run = here.filter(|_| act.is_run()).map(|cluster| {
        view! {
            " · "
            <a href=routes::run(cluster, act.act)>"Run"</a>
        }
    });
    let plan = here.zip(act.plan()).map(|(cluster, plan)| {
        view! {
            " · "
            <a href=routes::plan(cluster, plan)>{format!("Plan {plan}")}</a>
        }
    });
    view! { <div class="sub">{act.kind().text()} {cluster} {appliance} {run} {plan} {fold}</div> }
}

/// The cluster, where it has a page still.
pub fn standing_cluster(about: &RecordAbout) -> Option<ClusterId> {
    let (id, name) = about.cluster.as_ref()?;
    name.as_ref().is_some_and(|name| !name.removed).then_some(*id)
}

/// What was looked for, within its act.
#[component]
fn FoundRecords(act: Act) -> impl IntoView {
    let more = act.found_in_all.saturating_sub(act.found.len());
    let rows = act.found.into_iter().map(|record| {
        let key = record.id.to_string();
        view! {
            <li data-key=key>
                <Named record />
            </li>
        }
    });
    view! {
        <ul class="found">
            {rows.collect_view()} {(more > 0).then(|| view! { <li>{format!("and at least {more} more that fit")}</li> })}
        </ul>
    }
}

/// A record by its number and what it says; of a call, its command.
#[component]
fn Named(record: Record) -> impl IntoView {
    let entry = record.entry;
    let cli = entry.detail.get("cli").and_then(serde_json::Value::as_str).map(str::to_owned);
    let answered = (entry.kind == RecordKind::CallResult).then_some(entry.outcome).flatten();
    view! {
        <a href=routes::record(record.id)>{record.id.to_string()}</a>
        " "
        {prose(&entry.summary)}
        {cli.map(|cli| view! { " " <code>{cli}</code> })}
        {answered.map(|outcome| format!(" ({outcome})"))}
    }
}

/// An act's records, oldest first, each call with its answer in one line.
#[component]
pub fn Steps(lines: Vec<Line>, more: usize, act: Act) -> impl IntoView {
    let rows = lines.into_iter().map(|line| view! { <Step line /> });
    view! {
        <ol class="steps">{rows.collect_view()}</ol>
        {(more > 0)
            .then(|| {
                view! {
                    <p>
                        {format!("{more} more records: ")}
                        <a href=routes::record(act.first.id)>"the whole act"</a>
                    </p>
                }
            })}
    }
}

#[component]
pub fn Step(line: Line) -> impl IntoView {
    let (first, answer) = line.ids();
    let outcome = line.outcome();
    let (cli, took) = (line.cli().map(str::to_owned), line.took());
    let badge = match outcome {
        Some(outcome) => Some(view! { <Badge tone=tone(outcome) word=outcome.word() /> }),
        None => line.is_unanswered().then(|| view! { <Badge tone=Tone::Unknown word="no answer" /> }),
    };
    let note = line
        .answer
        .as_ref()
        .filter(|_| outcome != Some(Outcome::Succeeded))
        .and_then(|answer| answer.entry.detail.get("note").and_then(serde_json::Value::as_str).map(str::to_owned));
    let kind = if line.record.entry.kind == RecordKind::CallIntent { "Call" } else { line.record.entry.kind.text() };
    view! {
        <li data-key=first.to_string()>
            <span class="numbers">
                <a href=routes::record(first)>{first.to_string()}</a>
                {answer.map(|id| view! { " → " <a href=routes::record(id)>{id.to_string()}</a> })}
            </span>
            <span class="step-what">
                {prose(&line.record.entry.summary)}
                {match cli {
                    Some(cli) => Either::Left(view! { " " <code>{cli}</code> }),
                    None => Either::Right(view! { " " <span class="sub">{kind}</span> }),
                }} {note.map(|note| view! { <span class="sub">{prose(&note)}</span> })}
            </span>
            <span class="step-end">
                {badge} " " <Time at=line.record.entry.at /> {took.map(|took| format!(" · {took} ms"))}
            </span>
        </li>
    }
}
