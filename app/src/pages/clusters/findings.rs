//! What the checks say: what is wrong first, what passes in one line.

use crate::{
    routes,
    ui::{
        badge::{Badge, tone_name},
        prose::prose,
        time::Ago,
    },
};
use leptos::prelude::*;
use model::{
    At, ClusterId,
    finding::{Evidence, Finding, Outcome, Tally},
};

/// `1 failure`, `2 warnings`.
pub fn counted(number: usize, one: &str, more: &str) -> String {
    if number == 1 { format!("1 {one}") } else { format!("{number} {more}") }
}

#[component]
pub fn Findings(findings: Vec<Finding>, cluster: ClusterId, now: At) -> impl IntoView {
    let tally = Tally::of(&findings);
    let of = |outcome: Outcome| findings.iter().filter(move |finding| finding.outcome == outcome);
    // As they were ranked: a warning may be the cause of a failure, and stands above it.
    let wrong: Vec<Finding> = findings.iter().filter(|finding| finding.is_trouble()).cloned().collect();
    let blind: Vec<Finding> = of(Outcome::NotChecked).cloned().collect();
    // Where nothing could be judged, that is the news.
    let open = (tally.passes == 0 && wrong.is_empty()).then_some("open");
    let passes: Vec<Finding> = of(Outcome::Pass).cloned().collect();
    let any = !findings.is_empty();
    any.then(|| {
        view! {
            <section class="findings" aria-label="Findings">
                {(!wrong.is_empty())
                    .then(|| {
                        view! {
                            <ul class="finding-list">
                                {wrong.into_iter().map(|finding| view! { <One finding cluster now /> }).collect_view()}
                            </ul>
                        }
                    })}
                {(!blind.is_empty())
                    .then(|| {
                        let summary = counted(blind.len(), "check could not be made", "checks could not be made");
                        view! {
                            <details class="folded" data-key="not-checked" open=open>
                                <summary>{summary}</summary>
                                <ul class="finding-list">
                                    {blind.into_iter().map(|finding| view! { <One finding cluster now /> }).collect_view()}
                                </ul>
                            </details>
                        }
                    })}
                {(!passes.is_empty())
                    .then(|| {
                        let summary = counted(passes.len(), "check passes", "checks pass");
                        view! {
                            <details class="folded" data-key="passes">
                                <summary>{summary}</summary>
                                <ul class="passes">{passes.into_iter().map(|finding| view! { <Pass finding now /> }).collect_view()}</ul>
                            </details>
                        }
                    })}
            </section>
        }
    })
}

/// What it is about stays while what is said of it changes: an open page moves it instead of drawing all others anew.
fn key(finding: &Finding) -> String {
    let code = finding.code.word();
    finding.node.map_or_else(|| code.to_owned(), |node| format!("{code}:{node}"))
}

#[component]
fn One(finding: Finding, cluster: ClusterId, now: At) -> impl IntoView {
    let key = key(&finding);
    let Finding { outcome, title, evidence, cause, fix, step, code, explained_by, switches, .. } = finding;
    let follows = explained_by.map(model::finding::CheckCode::word);
    let step = step.filter(|_| outcome < Outcome::NotChecked || !fix.is_empty());
    view! {
        <li class="finding" data-tone=tone_name(outcome.tone()) data-check=code.word() data-follows=follows data-key=key>
            <p class="finding-title">
                <Badge tone=outcome.tone() word=outcome.word() />
                <strong>{title}</strong>
                {follows.map(|_| view! { <span class="sub">"follows from what stands above"</span> })}
            </p>
            {(!cause.is_empty()).then(|| view! { <p>{prose(&cause)}</p> })}
            {(!evidence.is_empty())
                .then(|| {
                    view! {
                        <ul class="evidence">
                            {evidence.into_iter().map(|line| view! { <li>{told(line, now)}</li> }).collect_view()}
                        </ul>
                    }
                })}
            {(!fix.is_empty() || step.is_some())
                .then(|| {
                    view! {
                        <p class="finding-fix">
                            {prose(&fix)} " "
                            {switches.then(|| view! { <a href=routes::switches(cluster)>"Switches"</a> " " })}
                            {step
                                .map(|step| {
                                    view! {
                                        <a href=routes::step(cluster, step)>
                                            {format!("{} step", step.title())}
                                        </a>
                                    }
                                })}
                        </p>
                    }
                })}
        </li>
    }
}

/// What was read, and when.
fn told(evidence: Evidence, now: At) -> impl IntoView {
    let at = evidence.at.map(|at| view! { " " <span class="sub"><Ago at now /></span> });
    view! { {prose(&evidence.text)} {at} }
}

#[component]
fn Pass(finding: Finding, now: At) -> impl IntoView {
    let key = key(&finding);
    let evidence = finding.evidence.into_iter().map(|line| view! { " " <span class="sub">{told(line, now)}</span> });
    let evidence = evidence.collect_view();
    view! {
        <li data-check=finding.code.word() data-key=key>
            <Badge tone=finding.outcome.tone() word=finding.outcome.word() />
            <span>
                {finding.title} {evidence}
            </span>
        </li>
    }
}
