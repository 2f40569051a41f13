//! A cluster as it was seen: verdict, findings, picture, tables. Drawn into the page and sent to open ones.

use super::{
    findings::{Findings, Frame},
    nodes::nodes,
    pending::pending,
    picture::{Map, picture},
    sight::Sight,
    tables::{groups, vservers},
};
use crate::{
    pages::outage::OutageNotice,
    routes,
    ui::{
        badge::Badge,
        notice::{Empty, Note},
        prose::prose,
        time::{Ago, Since},
    },
};
use leptos::{either::Either, prelude::*};
use model::{
    At, Freshness,
    finding::{CheckCode, Finding, Tally},
    state::Tone,
    step_state::counted,
};
use services::ClusterView;

/// When it was seen, and what that is worth.
pub fn seen(seen: Option<(At, Freshness)>, now: At) -> impl IntoView + use<> {
    match seen {
        None => Either::Left("never"),
        Some((at, freshness)) => Either::Right(view! {
            <Ago at now />
            {match freshness {
                Freshness::Fresh => None,
                Freshness::Stale => Some(view! { " " <Badge tone=Tone::Warn word="stale" /> }),
                Freshness::Unknown => Some(view! { " " <Badge tone=Tone::Unknown word="unknown" /> }),
            }}
        }),
    }
}

/// How many failures and warnings there are; nothing where there are none.
pub fn tally(tally: Tally) -> impl IntoView + use<> {
    let fails = (tally.fails > 0).then(|| {
        view! { <Badge tone=Tone::Bad word=counted(tally.fails, "failure", "failures") /> " " }
    });
    let warns = (tally.warns > 0).then(|| {
        view! { <Badge tone=Tone::Warn word=counted(tally.warns, "warning", "warnings") /> " " }
    });
    let expected = (tally.expected > 0).then(|| {
        view! { <Badge tone=Tone::Quiet word=format!("{} expected", tally.expected) /> }
    });
    view! { {fails} {warns} {expected} }
}

/// Three parts, each replaced when it changes: what somebody has unfolded in the findings stays so while they are the same.
#[component]
pub fn ClusterPanel(view: ClusterView, may_operate: bool) -> impl IntoView {
    view! {
        <div id="cluster-live">
            <Verdict view=view.clone() />
            <CheckList view=view.clone() may_operate />
            <Parts view />
        </div>
    }
}

/// One word, how many findings, and how old all of it is.
#[component]
pub fn Verdict(view: ClusterView) -> impl IntoView {
    let (tone, word) = view.verdict();
    let now = view.sighting.now;
    let since = view.verdict_since().map(|since| view! { <Since since now /> });
    let looked = view.sighting.seen.as_ref().map(|(at, _, freshness)| (*at, *freshness));
    // Where nothing is seen any more, a finding says so with this same sentence.
    let outage = view.outage.map(|outage| {
        let follows = "That this cluster's NetScaler cannot be read follows from it.";
        view! { <OutageNotice outage now follows /> }
    });
    let is_told = view.findings.iter().any(|finding| finding.code == CheckCode::Sight && finding.is_trouble());
    let failure = view.sighting.failure.clone().filter(|_| !is_told);
    let failure = failure.map(|(at, error)| {
        view! {
            <div class="notice" data-tone="bad">
                "The last look, " <Ago at now /> ", failed. " {prose(error.sentence())}
            </div>
        }
    });
    let facts = view.sighting.seen.as_ref().map(|(_, snapshot, _)| {
        let saved = match snapshot.unsaved {
            _ if !view.sighting.is_known() => "whether its configuration is saved is not known now",
            Some(true) => "running configuration is not saved",
            Some(false) => "configuration saved",
            None => "it does not say whether its configuration is saved",
        };
        format!("NetScaler {}, {}, {saved}", snapshot.release, snapshot.role.short())
    });
    view! {
        <div id="cluster-verdict">
            {outage} <p class="verdict">
                <Badge tone word /> {since} {tally(view.tally())} <span class="sub">"seen " {seen(looked, now)}</span>
                <a href=routes::history(view.cluster.id)>"How it stood before"</a>
                {facts.map(|text| view! { <span class="sub">{text}</span> })}
            </p>
            {failure} {pending(view.cluster.id, view.pending.len())}
        </div>
    }
}

#[component]
pub fn CheckList(view: ClusterView, may_operate: bool) -> impl IntoView {
    let any = view.sighting.seen.is_some() || view.findings.iter().any(Finding::is_trouble);
    let frame = Frame { cluster: view.cluster.id, now: view.sighting.now, may_operate };
    view! {
        <div id="cluster-findings">
            {any.then(|| view! { <Findings findings=view.findings sinces=view.sinces frame whole=routes::checks(view.cluster.id) /> })}
        </div>
    }
}

/// The picture and the tables.
#[component]
pub fn Parts(view: ClusterView) -> impl IntoView {
    let parts = Sight::of(&view).map(|sight| {
        let old = sight.freshness != Freshness::Fresh;
        let (at, now) = (sight.snapshot.at, sight.now());
        let map = Map::of(&sight);
        let was = old.then(|| view! { <p class="sub">"How it was when it was seen last, " <Ago at now /> "."</p> });
        view! {
            <div class="cluster-parts" data-faded=old.then_some("true")>
                {was} {picture(&sight, &map)} {nodes(&sight, &map)} {vservers(&sight)} {groups(&sight)}
            </div>
        }
    });
    let missing = match (&view.desired, &view.sighting.seen) {
        // It is described; that it cannot be read is the finding above.
        (None, _) if view.unreadable.is_some() => ().into_any(),
        (None, _) => view! {
            <Empty sentence="Nothing is described yet.">
                <a class="button primary" href=routes::setup(view.cluster.id)>
                    "Begin with the set-up"
                </a>
            </Empty>
        }
        .into_any(),
        (Some(_), None) => {
            view! { <Note sentence="The appliance has not been seen yet. This page fills itself in." /> }.into_any()
        }
        _ => ().into_any(),
    };
    view! { <div id="cluster-parts">{parts} {missing}</div> }
}
