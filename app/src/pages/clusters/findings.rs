//! What the checks say: what is wrong first, what passes in one line.

use super::remedies::Remedies;
use crate::{
    routes,
    ui::{
        badge::{Badge, tone_name},
        prose::prose,
        time::{Ago, Since},
    },
};
use leptos::{either::Either, prelude::*};
use model::{
    At, ClusterId,
    excerpt::{Excerpt, LINES, LISTED},
    finding::{Evidence, Expected, Finding, Grade, Remedy, Tally},
    listing::WantedState,
    since::{self, Sinces},
    state::Tone,
    step_state::counted,
};

/// What every line needs besides what it says.
#[derive(Clone, Copy)]
pub struct Frame {
    pub cluster: ClusterId,
    pub now: At,
    pub may_operate: bool,
}

/// With `whole`, the address of all of them, many are cut: what was ranked first is shown.
#[component]
pub fn Findings(
    findings: Vec<Finding>,
    sinces: Sinces,
    frame: Frame,
    #[prop(optional, into)] whole: Option<String>,
    /// Nothing is folded: it was asked for.
    #[prop(optional)]
    open: bool,
) -> impl IntoView {
    let tally = Tally::of(&findings);
    let of = |outcome: Grade| findings.iter().filter(move |finding| finding.outcome == outcome);
    // As they were ranked: a warning may be the cause of a failure, and stands above it.
    let wrong: Vec<Finding> = findings.iter().filter(|finding| finding.alarms()).cloned().collect();
    let expected: Vec<Finding> = findings.iter().filter(|finding| finding.expected.is_some()).cloned().collect();
    let blind: Vec<Finding> = of(Grade::NotChecked).cloned().collect();
    // Where nothing could be judged, that is the news.
    // They are a page of more, which says itself how many there are.
    let heading = move |page: &str, whole: String| if open { page.to_owned() } else { whole };
    let (passes_open, open) = (open, open || (tally.passes == 0 && wrong.is_empty()));
    let (passes_open, open) = (passes_open.then_some("open"), open.then_some("open"));
    let passes: Vec<Finding> = of(Grade::Pass).cloned().collect();
    let any = !findings.is_empty();
    let most = if whole.is_some() { LISTED } else { usize::MAX };
    let cut = move |findings: Vec<Finding>, state: &'static str| {
        let Excerpt { shown, rest } = Excerpt::first(findings, most);
        let rest = rest.more("finding of this kind", "findings of this kind").zip(whole.clone()).map(|(more, href)| {
            view! {
                <p class="more">
                    {more} ": " <a href=format!("{href}?state={state}")>"all of them"</a>
                </p>
            }
        });
        (shown, rest)
    };
    let list = move |(findings, rest): (Vec<Finding>, _)| {
        let one = |finding: Finding| {
            let since = sinces.of(&finding);
            view! { <One finding since frame /> }
        };
        view! {
            <ul class="finding-list">{findings.into_iter().map(one).collect_view()}</ul>
            {rest}
        }
    };
    any.then(|| {
        view! {
            <section class="findings" aria-label="Findings">
                {(!wrong.is_empty()).then(|| list(cut(wrong, WantedState::TROUBLE)))}
                {(!expected.is_empty()).then(|| list(cut(expected, Tone::Quiet.code())))}
                {(!blind.is_empty())
                    .then(|| {
                        let summary = heading("Checks that could not be made", counted(blind.len(), "check could not be made", "checks could not be made"));
                        view! {
                            <details class="folded" data-key="not-checked" open=open>
                                <summary>{summary}</summary>
                                {list(cut(blind, Tone::Unknown.code()))}
                            </details>
                        }
                    })}
                {(!passes.is_empty())
                    .then(|| {
                        let summary = heading("Checks that pass", counted(passes.len(), "check passes", "checks pass"));
                        let now = frame.now;
                        let (passes, rest) = cut(passes, Tone::Good.code());
                        view! {
                            <details class="folded" data-key="passes" open=passes_open>
                                <summary>{summary}</summary>
                                <ul class="passes">
                                    {passes.into_iter().map(|finding| view! { <Pass finding now /> }).collect_view()}
                                </ul>
                                {rest}
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
    let (key, now, tone, word) = (finding.key(), frame.now, finding.tone(), finding.word());
    let Finding { outcome, title, evidence, cause, fix, remedies, code, explained_by, expected, .. } = finding;
    // Why things fail by themselves, and what to do then, would lead astray.
    let (cause, fix, remedies) = if expected.is_some() { <_>::default() } else { (cause, fix, remedies) };
    let expected = expected.map(|by| {
        let whose = match by {
            Expected::Run(act) => Either::Left(view! { <a href=routes::run(frame.cluster, act)>"A run of ours"</a> }),
            Expected::Beside => Either::Right("A run of ours for another cluster of this appliance"),
        };
        view! {
            <p>
                {whose}
                " explains it. It alarms nobody until that is over and its end was seen; what the run made has half a minute more."
            </p>
        }
    });
    let follows = explained_by.map(model::finding::CheckCode::word);
    let (evidence, more) = evidenced(evidence);
    let more = more.map(|text| view! { <li class="more">{text}</li> });
    let remedies: Vec<Remedy> = if outcome < Grade::NotChecked || !fix.is_empty() { remedies } else { Vec::new() };
    view! {
        <li class="finding" data-tone=tone_name(tone) data-check=code.word() data-follows=follows data-key=key>
            <p class="finding-title">
                <Badge tone word />
                <strong>{prose(&title)}</strong>
                {follows.map(|_| view! { <span class="sub">"follows from what stands above"</span> })}
                {since.map(|since| view! { <Since since now /> })}
            </p>
            {expected}
            {(!cause.is_empty()).then(|| view! { <p>{prose(&cause)}</p> })}
            {(!evidence.is_empty())
                .then(|| {
                    view! {
                        <ul class="evidence">
                            {evidence.into_iter().map(|line| view! { <li>{told(line, now)}</li> }).collect_view()} {more}
                        </ul>
                    }
                })}
            <Remedies fix remedies cluster=frame.cluster may_operate=frame.may_operate />
        </li>
    }
}

/// What a finding rests on, and how much more of it there is.
fn evidenced(evidence: Vec<Evidence>) -> (Vec<Evidence>, Option<String>) {
    let Excerpt { shown, rest } = Excerpt::first(evidence, LINES);
    (shown, rest.more("like these", "like these").map(|more| format!("{more}.")))
}

/// What was read, and when.
fn told(evidence: Evidence, now: At) -> impl IntoView {
    let at = evidence.at.map(|at| view! { " " <span class="sub"><Ago at now /></span> });
    view! { {prose(&evidence.text)} {at} }
}

#[component]
fn Pass(finding: Finding, now: At) -> impl IntoView {
    let key = finding.key();
    let (evidence, more) = evidenced(finding.evidence);
    let evidence = evidence.into_iter().map(|line| view! { " " <span class="sub">{told(line, now)}</span> });
    let evidence = evidence.collect_view();
    let more = more.map(|text| view! { " " <span class="sub">{text}</span> });
    view! {
        <li data-check=finding.code.word() data-key=key>
            <Badge tone=finding.outcome.tone() word=finding.outcome.word() />
            <span>
                {prose(&finding.title)} {evidence} {more}
            </span>
        </li>
    }
}
