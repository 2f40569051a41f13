//! What the checks say: what is wrong first, what passes in one line.

use super::remedies::Remedies;
use crate::ui::{
    badge::{Badge, tone_name},
    prose::prose,
    time::{Ago, Since},
};
use leptos::prelude::*;
use model::{
    At, ClusterId,
    finding::{Evidence, Finding, Grade, Remedy, Tally},
    since::{self, Sinces},
    step_state::counted,
};

/// What every line needs besides what it says.
#[derive(Clone, Copy)]
pub struct Frame {
    pub cluster: ClusterId,
    pub now: At,
    pub may_operate: bool,
}

#[component]
pub fn Findings(findings: Vec<Finding>, sinces: Sinces, frame: Frame) -> impl IntoView {
    let tally = Tally::of(&findings);
    let of = |outcome: Grade| findings.iter().filter(move |finding| finding.outcome == outcome);
    // As they were ranked: a warning may be the cause of a failure, and stands above it.
    let wrong: Vec<Finding> = findings.iter().filter(|finding| finding.is_trouble()).cloned().collect();
    let blind: Vec<Finding> = of(Grade::NotChecked).cloned().collect();
    // Where nothing could be judged, that is the news.
    let open = (tally.passes == 0 && wrong.is_empty()).then_some("open");
    let passes: Vec<Finding> = of(Grade::Pass).cloned().collect();
    let any = !findings.is_empty();
    let list = move |findings: Vec<Finding>| {
        let one = |finding: Finding| {
            let since = sinces.of(&finding);
            view! { <One finding since frame /> }
        };
        view! { <ul class="finding-list">{findings.into_iter().map(one).collect_view()}</ul> }
    };
    any.then(|| {
        view! {
            <section class="findings" aria-label="Findings">
                {(!wrong.is_empty()).then(|| list(wrong))}
                {(!blind.is_empty())
                    .then(|| {
                        let summary = counted(blind.len(), "check could not be made", "checks could not be made");
                        view! {
                            <details class="folded" data-key="not-checked" open=open>
                                <summary>{summary}</summary>
                                {list(blind)}
                            </details>
                        }
                    })}
                {(!passes.is_empty())
                    .then(|| {
                        let (summary, now) = (counted(passes.len(), "check passes", "checks pass"), frame.now);
                        view! {
                            <details class="folded" data-key="passes">
                                <summary>{summary}</summary>
                                <ul class="passes">
                                    {passes.into_iter().map(|finding| view! { <Pass finding now /> }).collect_view()}
                                </ul>
                            </details>
                        }
                    })}
            </section>
        }
    })
}

#[component]
fn One(finding: Finding, since: Option<since::Since>, frame: Frame) -> impl IntoView {
    // What it is about stays while what is said of it changes: an open page moves it instead of drawing all others anew.
    let (key, now) = (finding.key(), frame.now);
    let Finding { outcome, title, evidence, cause, fix, remedies, code, explained_by, .. } = finding;
    let follows = explained_by.map(model::finding::CheckCode::word);
    let remedies: Vec<Remedy> = if outcome < Grade::NotChecked || !fix.is_empty() { remedies } else { Vec::new() };
    view! {
        <li class="finding" data-tone=tone_name(outcome.tone()) data-check=code.word() data-follows=follows data-key=key>
            <p class="finding-title">
                <Badge tone=outcome.tone() word=outcome.word() />
                <strong>{prose(&title)}</strong>
                {follows.map(|_| view! { <span class="sub">"follows from what stands above"</span> })}
                {since.map(|since| view! { <Since since now /> })}
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
            <Remedies fix remedies cluster=frame.cluster may_operate=frame.may_operate />
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
    let key = finding.key();
    let evidence = finding.evidence.into_iter().map(|line| view! { " " <span class="sub">{told(line, now)}</span> });
    let evidence = evidence.collect_view();
    view! {
        <li data-check=finding.code.word() data-key=key>
            <Badge tone=finding.outcome.tone() word=finding.outcome.word() />
            <span>
                {prose(&finding.title)} {evidence}
            </span>
        </li>
    }
}
