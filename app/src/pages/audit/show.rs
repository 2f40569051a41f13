//! One record: what it says, what changed, the calls of its run, and its bytes as they were written.

use super::{
    acts::{Step, standing_cluster},
    tone,
};
use crate::{
    pages::{asked, layout::Page, loaded, param},
    routes,
    ui::{badge::Badge, prose::prose, table::Table, time::Time},
};
use leptos::{either::Either, prelude::*};
use model::{
    RecordId,
    act::plan_of,
    calls::CallLine,
    difference::{Changed, difference},
    record::{Entry, Record},
    state::Tone,
};
use services::RecordAbout;

#[component]
pub fn Show() -> impl IntoView {
    let (asked, id) = (asked(), param("id", "such record"));
    let load = async move {
        let ((services, cx), id) = (asked?, id?);
        services.log().read_record(&cx, id).await
    };
    loaded(load, |view| {
        let (record, act) = (view.record, view.act);
        let together = act.len() > 1 || act.iter().any(|line| line.answer.is_some());
        let rows = act.into_iter().map(|line| view! { <Step line /> }).collect_view();
        view! {
            <Page title=format!("Record {}", record.id)>
                <p class="crumbs">
                    <a href=routes::AUDIT>"Log"</a>
                </p>
                <Neighbours before=view.before after=view.after />
                <h1>{format!("Record {}", record.id)}</h1>
                <p class="lead">{prose(&record.entry.summary)}</p>
                <Facts entry=record.entry.clone() about=view.about.clone() />
                <Ways record=record.clone() about=view.about is_run=!view.calls.is_empty() />
                <Difference entry=record.entry.clone() />
                <Calls lines=view.calls />
                {together
                    .then(|| {
                        view! {
                            <h2>"The whole act, oldest first"</h2>
                            <ol class="steps">{rows}</ol>
                        }
                    })}
                <Detail entry=record.entry />
                <h2>"As it was written"</h2>
                <pre class="canonical">{view.canonical}</pre>
            </Page>
        }
    })
}

/// The records before and after it, whatever they are about.
#[component]
fn Neighbours(before: Option<RecordId>, after: Option<RecordId>) -> impl IntoView {
    let link =
        |id: RecordId, rel: &'static str, words: String| view! { <a href=routes::record(id) rel=rel>{words}</a> };
    view! {
        <nav class="neighbours" aria-label="Records before and after this one">
            {before.map(|id| link(id, "prev", format!("← Record {id}")))}
            {after.map(|id| link(id, "next", format!("Record {id} →")))}
        </nav>
    }
}

/// The detail as people read it; the bytes that count stand below.
#[component]
fn Detail(entry: Entry) -> impl IntoView {
    let pretty = (!entry.detail.is_null()).then(|| serde_json::to_string_pretty(&entry.detail).ok()).flatten();
    pretty.map(|pretty| {
        view! {
            <h2>"Detail"</h2>
            <pre class="canonical">{pretty}</pre>
        }
    })
}

#[component]
fn Facts(entry: Entry, about: RecordAbout) -> impl IntoView {
    let actor = entry.actor;
    let cluster = about.cluster.map(|(id, name)| ("Cluster", routes::cluster(id), id.to_string(), name));
    let appliance = about.appliance.map(|(id, name)| ("Appliance", routes::appliance(id), id.to_string(), name));
    let about = [cluster, appliance].into_iter().flatten().map(|(what, href, number, name)| {
        // What is gone has no page to lead to.
        let shown = match name {
            Some(name) if !name.removed => Either::Left(view! { <a href=href>{name.title}</a> }),
            name => Either::Right(name.map_or(number, |name| name.to_string())),
        };
        view! {
            <dt>{what}</dt>
            <dd>{shown}</dd>
        }
    });
    let about = about.collect_view();
    view! {
        <dl class="facts">
            <dt>"What"</dt>
            <dd>{entry.kind.text()} " " <code>{entry.kind.code()}</code></dd>
            <dt>"Time"</dt>
            <dd>
                <Time at=entry.at />
            </dd>
            <dt>"Who"</dt>
            <dd>{actor.name}</dd>
            {about}
            {(!actor.from.is_empty())
                .then(|| {
                    view! {
                        <dt>"From"</dt>
                        <dd>{actor.from}</dd>
                    }
                })}
            {actor
                .via
                .text()
                .map(|by| {
                    view! {
                        <dt>"By"</dt>
                        <dd>{by}</dd>
                    }
                })}
            {(!actor.request.is_empty())
                .then(|| {
                    view! {
                        <dt>"Request"</dt>
                        <dd>{actor.request}</dd>
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
    }
}

/// From the record to the plan and the run that it tells of.
#[component]
fn Ways(record: Record, about: RecordAbout, is_run: bool) -> impl IntoView {
    let cluster = standing_cluster(&about)?;
    let number = plan_of(&record.entry);
    let plan = number.map(|plan| view! { <a href=routes::plan(cluster, plan)>{format!("Plan {plan}")}</a> " " });
    let run = is_run.then(|| view! { <a href=routes::run(cluster, record.act)>{format!("Run {}", record.act)}</a> });
    (plan.is_some() || run.is_some()).then(|| view! { <p>{plan} {run}</p> })
}

/// Before and after, leaf by leaf; only what changed.
#[component]
fn Difference(entry: Entry) -> impl IntoView {
    let side = |name: &str| entry.detail.get(name).unwrap_or(&serde_json::Value::Null);
    let (before, after) = (side("before"), side("after"));
    let changed = difference(before, after);
    if changed.is_empty() {
        return None;
    }
    let rows = changed.into_iter().map(|Changed { path, before, after }| {
        let side = |value: Option<String>| {
            value.map_or_else(
                || view! { <span class="sub">"not there"</span> }.into_any(),
                |text| view! { <code>{text}</code> }.into_any(),
            )
        };
        view! {
            <tr>
                <th scope="row">
                    <code>{path}</code>
                </th>
                <td class="before">{side(before)}</td>
                <td class="after">{side(after)}</td>
            </tr>
        }
    });
    Some(view! {
        <h2>"What changed"</h2>
        <div class="difference">
            <Table headings=vec!["Where", "Before", "After"]>{rows.collect_view()}</Table>
        </div>
    })
}

#[component]
fn Calls(lines: Vec<CallLine>) -> impl IntoView {
    let any = !lines.is_empty();
    let rows = lines.into_iter().map(|line| {
        let (tone, word) = line.outcome.map_or((Tone::Unknown, "no answer"), |outcome| (tone(outcome), outcome.word()));
        let took = line.answered.map(|at| format!("{} ms", at.as_millisecond() - line.sent.as_millisecond()));
        view! {
            <tr>
                <td class="number">{line.seq.to_string()}</td>
                <td>
                    {line.title}
                    {(!line.note.is_empty()).then(|| view! { <div class="sub">{prose(&line.note)}</div> })}
                </td>
                <td class="break">
                    <code>{line.request}</code>
                </td>
                <td class="break">
                    <code>{line.cli}</code>
                </td>
                <td>
                    <Badge tone word />
                </td>
                <td>
                    <Time at=line.sent />
                    {took.map(|text| view! { <div class="sub">{text}</div> })}
                </td>
            </tr>
        }
    });
    any.then(|| {
        view! {
            <h2>"Calls of this run"</h2>
            <Table headings=vec!["#No.", "Operation", "Request", "CLI", "Outcome", "Time"]>{rows.collect_view()}</Table>
        }
    })
}
