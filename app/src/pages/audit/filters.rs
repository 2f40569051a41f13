//! What is looked for in the log. The filters stand in the address, so that a view can be passed on.

use crate::{pages::listing::asked_field, routes, ui::prose::prose};
use leptos::{either::Either, prelude::*};
use leptos_router::location::Url;
use model::{
    ActNo, FieldErrors,
    log::LogForm,
    record::{Outcome, RecordKind},
};
use services::LogChoices;

/// As they stand in the address of the page that is asked for.
pub fn typed() -> LogForm {
    let field = asked_field();
    let text = |name: &str| field(name).unwrap_or_default();
    LogForm {
        text: text("text"),
        person: text("person"),
        cluster: text("cluster"),
        appliance: text("appliance"),
        kind: text("kind"),
        outcome: text("outcome"),
        from: text("from"),
        to: text("to"),
        before: text("before"),
    }
}

/// The act that is unfolded.
pub fn opened() -> Option<ActNo> {
    asked_field()("open")?.parse().ok()
}

/// The same filters at an address, but for some that are left out.
pub fn address(path: &str, form: &LogForm, without: &[&str]) -> String {
    let kept = form.fields().into_iter().filter(|(name, value)| !value.trim().is_empty() && !without.contains(name));
    let parts: Vec<String> = kept.map(|(name, value)| format!("{name}={}", Url::escape(value.trim()))).collect();
    if parts.is_empty() { path.to_owned() } else { format!("{path}?{}", parts.join("&")) }
}

type Options = Vec<(String, String)>;

#[component]
pub fn Filters(form: LogForm, choices: LogChoices, errors: FieldErrors) -> impl IntoView {
    let people = choices.people.iter().map(|name| (name.clone(), name.clone())).collect();
    let clusters = choices.clusters.iter().map(|(id, title)| (id.to_string(), title.clone())).collect();
    let appliances = choices.appliances.iter().map(|(id, title)| (id.to_string(), title.clone())).collect();
    let kinds = RecordKind::ALL.iter().map(|kind| (kind.code().to_owned(), kind.text().to_owned())).collect();
    let outcomes = Outcome::ALL.iter().map(|outcome| (outcome.word().to_owned(), outcome.word().to_owned())).collect();
    let error = |name: &str| errors.get(name).map(str::to_owned);
    view! {
        <form method="get" action=routes::AUDIT class="filters">
            <Typed
                name="text"
                label="Text, command, address"
                value=form.text
                error=error("text")
                kind="search"
                example="add server 192.0.2.11"
            />
            <Chosen name="person" label="Who" value=form.person error=error("person") all="anybody" options=people />
            <Chosen
                name="cluster"
                label="Cluster"
                value=form.cluster
                error=error("cluster")
                all="any"
                options=clusters
            />
            <Chosen
                name="appliance"
                label="Appliance"
                value=form.appliance
                error=error("appliance")
                all="any"
                options=appliances
            />
            <Chosen name="kind" label="What" value=form.kind error=error("kind") all="anything" options=kinds />
            <Chosen name="outcome" label="Outcome" value=form.outcome error=error("outcome") all="any" options=outcomes />
            <Typed name="from" label="From (UTC)" value=form.from error=error("from") example="2026-01-05 08:00" />
            <Typed name="to" label="To (UTC), inclusive" value=form.to error=error("to") example="2026-01-05" />
            <button type="submit" class="button">
                "Filter"
            </button>
            {sentence("before", error("before"))}
        </form>
    }
}

fn sentence(name: &'static str, error: Option<String>) -> impl IntoView {
    error.map(|sentence| view! { <span class="field-error" id=format!("{name}-error")>{prose(&sentence)}</span> })
}

/// Times too are plain text: a browser's own field for them takes no day without a time.
#[component]
fn Typed(
    name: &'static str,
    label: &'static str,
    value: String,
    error: Option<String>,
    #[prop(default = "text")] kind: &'static str,
    #[prop(optional)] example: &'static str,
) -> impl IntoView {
    let wrong = error.is_some();
    view! {
        <label>
            <span>{label}</span>
            <input
                type=kind
                name=name
                value=value
                placeholder=(!example.is_empty()).then_some(example)
                aria-invalid=wrong.then_some("true")
                aria-describedby=wrong.then(|| format!("{name}-error"))
            />
            {sentence(name, error)}
        </label>
    }
}

/// A value that is no option stays visible, so that its sentence is about something.
#[component]
fn Chosen(
    name: &'static str,
    label: &'static str,
    value: String,
    error: Option<String>,
    all: &'static str,
    mut options: Options,
) -> impl IntoView {
    let wrong = error.is_some();
    let value = value.trim().to_owned();
    if wrong && !options.iter().any(|(known, _)| *known == value) {
        options.insert(0, (value.clone(), value.clone()));
    }
    options.insert(0, (String::new(), all.to_owned()));
    let same = move |known: &str| known.to_lowercase() == value.to_lowercase();
    let options = options.into_iter().map(move |(value, text)| {
        if same(&value) {
            Either::Left(view! { <option value=value selected="selected">{text}</option> })
        } else {
            Either::Right(view! { <option value=value>{text}</option> })
        }
    });
    view! {
        <label>
            <span>{label}</span>
            <select
                name=name
                aria-invalid=wrong.then_some("true")
                aria-describedby=wrong.then(|| format!("{name}-error"))
            >
                {options.collect_view()}
            </select>
            {sentence(name, error)}
        </label>
    }
}

/// The filters that are set, each with a way to be rid of it.
#[component]
pub fn Shown(form: LogForm, choices: LogChoices) -> impl IntoView {
    let title = |name: &str, value: &str| match name {
        "cluster" => choices.clusters.iter().find(|(id, _)| id.to_string() == value).map(|(_, title)| title.clone()),
        "appliance" => {
            choices.appliances.iter().find(|(id, _)| id.to_string() == value).map(|(_, title)| title.clone())
        }
        "kind" => RecordKind::from_code(value).map(|kind| kind.text().to_owned()),
        _ => None,
    };
    let label = |name: &str| match name {
        "text" => "Text",
        "person" => "Who",
        "cluster" => "Cluster",
        "appliance" => "Appliance",
        "kind" => "What",
        "outcome" => "Outcome",
        "from" => "From",
        "to" => "To",
        _ => "Before record",
    };
    let set: Vec<_> = form
        .fields()
        .into_iter()
        .map(|(name, value)| (name, value.trim()))
        .filter(|(_, value)| !value.is_empty())
        .map(|(name, value)| {
            let shown = title(name, value).unwrap_or_else(|| value.to_owned());
            let text = format!("{}: {shown}", label(name));
            let gone = format!("Without {text}");
            view! {
                <li>
                    {text} <a href=address(routes::AUDIT, &form, &[name, "before"]) aria-label=gone>
                        "×"
                    </a>
                </li>
            }
        })
        .collect();
    (!set.is_empty()).then(|| {
        view! {
            <ul class="chosen" aria-label="Filters that are set">
                {set} <li class="all">
                    <a href=routes::AUDIT>"Clear all"</a>
                </li>
            </ul>
        }
    })
}
