//! One appliance: where it is, how it answers, what to do about a refused account.

use super::list::answered;
use crate::{
    pages::{asked, home, layout::Page, loaded, param},
    routes,
    ui::{
        badge::Badge,
        form::ButtonForm,
        notice::{Note, Problem},
        prose::prose,
        time::Time,
    },
};
use leptos::prelude::*;
use model::{
    At,
    appliance::{ApplianceSpec, HalfSeen, Heard, Trust, Which, fingerprint_text},
    excerpt::{Excerpt, LISTED},
    fleet::FleetForm,
    listing::ListForm,
};
use services::{ApplianceView, ClockStep};

#[component]
pub fn Show() -> impl IntoView {
    let (asked, id) = (asked(), param("id", "such appliance"));
    let may_edit = asked.as_ref().is_ok_and(|(_, cx)| cx.role().may_administer());
    let load = async move {
        let ((services, cx), id) = (asked?, id?);
        Ok((services.appliances().show(&cx, id).await?, services.clock_step()))
    };
    loaded(load, move |(view, clock): (ApplianceView, _)| {
        let title = view.appliance.spec.title.clone();
        let id = view.appliance.id;
        view! {
            <Page title=title.clone()>
                <div class="title-row">
                    <h1>{title}</h1>
                    {may_edit
                        .then(|| {
                            view! {
                                <div class="actions">
                                    <a class="button primary" href=routes::cluster_new(id)>
                                        "Add a cluster"
                                    </a>
                                    <a class="button" href=routes::appliance_edit(id)>
                                        "Edit"
                                    </a>
                                    <a class="button" href=routes::appliance_removal(id)>
                                        "Remove…"
                                    </a>
                                </div>
                            }
                        })}
                </div>
                {clock.map(|step: ClockStep| view! { <Note sentence=step.sentence() tone="warn" /> })}
                <AppliancePanel view may_edit />
            </Page>
        }
    })
}

/// Moves when it was looked at.
#[component]
pub fn AppliancePanel(view: ApplianceView, may_edit: bool) -> impl IntoView {
    let (tone, word) = answered(&view);
    let spec = view.appliance.spec.clone();
    let refused = view.credential_refused_at;
    let silence = view.own_log.and_then(|(at, told)| Some((at, told.silence(&view.appliance.spec.user)?)));
    let id = view.appliance.id;
    let Excerpt { shown: clusters, rest } = Excerpt::first(view.clusters, LISTED);
    let rest = rest.more("cluster", "clusters").map(|more| {
        let list = ListForm { text: format!("\"{}\"", spec.title), ..ListForm::default() };
        let href = home::href(&FleetForm { list, ..FleetForm::default() });
        view! { <a href=href>{more}</a> }
    });
    let clusters = clusters.into_iter().map(|(cluster, title)| {
        view! { <a href=routes::cluster(cluster)>{title}</a> " " }
    });
    let clusters = clusters.collect_view();
    let any = !clusters.is_empty();
    let heard = view.seen.as_ref().map(|(_, snapshot, _)| snapshot.halves.clone()).unwrap_or_default();
    let halves = halves(&spec, &heard);
    let clusters = view! { {clusters} {rest} };
    view! {
        <div id="appliance-live">
            <p class="verdict">
                <Badge tone word />
                {view.seen.as_ref().map(|(at, ..)| view! { <span class="sub">"seen " <Time at=*at /></span> })}
            </p>
            {refused
                .map(|at| {
                    view! {
                        <div class="notice" data-tone="bad" role="status">
                            <p>
                                "The account " {spec.user.clone()} " was refused at " <Time at />
                                ". It is not tried again by itself, because repeated failures lock accounts, often for the whole site."
                            </p>
                            {may_edit
                                .then(|| {
                                    let fields = vec![("appliance", id.to_string())];
                                    view! {
                                        <div class="actions">
                                            <a class="button primary" href=routes::appliance_edit(id)>
                                                "Enter its new password"
                                            </a>
                                            <ButtonForm action="/rpc/retry_credential" label="Try again" fields />
                                        </div>
                                    }
                                })}
                        </div>
                    }
                })}
            {view.failure.map(|(_, error)| view! { <Problem sentence=error.to_string() /> })}
            {silence.map(|(at, sentence)| view! { <Silence at sentence /> })}
            <dl class="facts">
                {halves}
                <dt>"Account"</dt>
                <dd>{spec.user}</dd>
                <dt>"Clusters"</dt>
                <dd>{if any { clusters.into_any() } else { "none yet".into_any() }}</dd>
                {view
                    .seen
                    .map(|(_, snapshot, _)| {
                        view! {
                            <dt>"Release"</dt>
                            <dd>{snapshot.release.clone()}</dd>
                            <dt>"Role"</dt>
                            <dd>{snapshot.role.to_string()}</dd>
                            <dt>"Configuration"</dt>
                            <dd>
                                {match snapshot.unsaved {
                                    Some(true) => "running and saved configuration differ",
                                    Some(false) => "saved",
                                    None => "it does not say",
                                }} " · " <a href=format!("{}?appliance={id}", routes::AUDIT)>"who changed it last"</a>
                            </dd>
                        }
                    })}
            </dl>
        </div>
    }
}

/// Where each half is, how it is reached, whom one trusts there, and of a pair what it said last of itself.
fn halves(spec: &ApplianceSpec, heard: &[HalfSeen]) -> impl IntoView + use<> {
    let pair = spec.second.is_some();
    let each = spec.halves().map(|(which, half)| {
        let trust = match &half.trust {
            Trust::System => "trusted by this machine's certificate authorities".to_owned(),
            Trust::Pinned { sha256 } => {
                format!("trusted by the pinned certificate, SHA-256 {}", fingerprint_text(sha256))
            }
        };
        let label = match (which, pair) {
            (Which::First, false) => "Address",
            (Which::First, true) => "One half",
            (Which::Second, _) => "The other half",
        };
        let seen = heard.iter().find(|seen| seen.which == which).cloned();
        let (url, reached) = (half.url(), format!("Reached {}, {trust}.", half.connect));
        view! {
            <dt>{label}</dt>
            <dd class="break">
                {url} {seen.map(|seen| view! { <Told seen /> })} <div class="sub">{reached}</div>
            </dd>
        }
    });
    each.collect_view()
}

/// What a half said last.
#[component]
fn Told(seen: HalfSeen) -> impl IntoView {
    let (word, sentence) = match seen.heard {
        Heard::Role { role } => (format!(" · {}", role.short()), None),
        Heard::Trouble { sentence } => (" · could not be asked".to_owned(), Some(sentence)),
    };
    view! {
        {word} " " <span class="sub">"asked " <Time at=seen.at /></span>
        {sentence.map(|sentence| view! { <div class="sub">{prose(&sentence)}</div> })}
    }
}

/// Why nobody knows who changed it, where people ask for that.
#[component]
pub fn Silence(at: At, sentence: String) -> impl IntoView {
    view! {
        <div class="notice" data-tone="warn" role="status">
            {prose(&sentence)} " " <span class="sub">"asked last " <Time at /></span>
        </div>
    }
}
