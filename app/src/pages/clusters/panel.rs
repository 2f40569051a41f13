//! A cluster as it was seen: verdict, virtual servers, groups, members. Drawn into the page and sent to open ones.

use crate::ui::{
    badge::{Badge, State},
    notice::{Note, Problem},
    time::Ago,
};
use leptos::{either::Either, prelude::*};
use model::{
    Freshness,
    desired::{Desired, Listener},
    object::ObjectRef,
    snapshot::{Seen, Snapshot},
    state::Tone,
};
use services::{ClusterView, Sighting};

/// When it was seen, and what that is worth.
pub fn seen(sighting: &Sighting) -> impl IntoView + use<> {
    let now = sighting.now;
    let seen = sighting.seen.as_ref().map(|(at, _, freshness)| (*at, *freshness));
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

/// Replaced as a whole when something is seen.
#[component]
pub fn ClusterPanel(view: ClusterView) -> impl IntoView {
    let (tone, word) = view.verdict();
    let failure = view.sighting.failure.clone();
    let now = view.sighting.now;
    let snapshot = view.sighting.seen.as_ref().map(|(_, snapshot, freshness)| (snapshot.clone(), *freshness));
    let facts = snapshot.as_ref().map(|(snapshot, _)| {
        let saved = match snapshot.unsaved {
            Some(true) => "running configuration is not saved",
            Some(false) => "configuration saved",
            None => "it does not say whether its configuration is saved",
        };
        format!("NetScaler {}, {}, {saved}", snapshot.release, snapshot.role)
    });
    view! {
        <div id="cluster-live">
            <p class="verdict">
                <Badge tone word /> <span class="sub">"seen " {seen(&view.sighting)}</span>
                {facts.map(|text| view! { <span class="sub">{text}</span> })}
            </p>
            {failure
                .map(|(at, sentence)| {
                    view! {
                        <div class="notice" data-tone="bad" role="status">
                            "The last look, " <Ago at now /> ", failed. " {sentence}
                        </div>
                    }
                })}
            {match (view.desired, snapshot) {
                (Some(desired), Some((snapshot, freshness))) => {
                    Either::Left(view! { <Balancing desired snapshot freshness /> })
                }
                (Some(_), None) => {
                    Either::Right(
                        Either::Left(view! { <Note sentence="The appliance has not been seen yet. This page fills itself in." /> }),
                    )
                }
                (None, _) => {
                    Either::Right(
                        Either::Right(view! { <Note sentence="Nothing is described yet. Begin with the set-up." /> }),
                    )
                }
            }}
        </div>
    }
}

#[component]
fn Balancing(desired: Desired, snapshot: Snapshot, freshness: Freshness) -> impl IntoView {
    let mam = desired.mam.as_ref().map(|mam| (mam.vip, mam.listener.clone()));
    let mdm = desired.mdm.iter().flat_map(|mdm| mdm.listeners.iter().map(|listener| (mdm.vip, listener.clone())));
    let all: Vec<(std::net::Ipv4Addr, Listener)> = mdm.chain(mam).collect();
    let faded = (freshness == Freshness::Unknown).then_some("true");
    let listeners = all.into_iter().map(|(vip, listener)| {
        // What was not seen lately keeps its shape and loses its states.
        let known = |seen: &Seen| {
            let state = seen.state.clone().filter(|_| freshness != Freshness::Unknown);
            Seen { state, ..seen.clone() }
        };
        let vserver = snapshot.find(&ObjectRef::vserver(&listener.vserver)).map(known);
        let group = snapshot.find(&ObjectRef::group(&listener.group)).map(known);
        let bound = snapshot.find(&ObjectRef::vserver_group(&listener.vserver, &listener.group)).is_some();
        let members: Vec<Seen> = snapshot.members(&listener.group).map(known).collect();
        let servers: Vec<(String, String)> = members
            .iter()
            .map(|member| {
                let server = snapshot.find(&ObjectRef::server(member.object.part(1)));
                let address = server.and_then(|server| server.attrs.get("ipaddress")).map(ToString::to_string);
                (member.object.part(1).to_owned(), address.unwrap_or_default())
            })
            .collect();
        view! { <ListenerCard vip=vip.to_string() listener vserver group bound members servers /> }
    });
    view! {
        <section class="chain" data-faded=faded aria-label="Load balancing as it was seen">
            {listeners.collect_view()}
        </section>
    }
}

/// Device to node, from left to right.
#[component]
fn ListenerCard(
    vip: String,
    listener: Listener,
    vserver: Option<Seen>,
    group: Option<Seen>,
    bound: bool,
    members: Vec<Seen>,
    servers: Vec<(String, String)>,
) -> impl IntoView {
    let fact = |seen: &Option<Seen>, name: &str| {
        let seen = seen.as_ref()?;
        seen.attrs.get(name).or_else(|| seen.facts.get(name)).map(ToString::to_string)
    };
    let persistence = fact(&vserver, "persistencetype").unwrap_or_else(|| "NONE".into());
    let minutes = fact(&vserver, "timeout").unwrap_or_else(|| "2".into());
    let health = fact(&vserver, "health");
    let there = vserver.is_some();
    // As it was seen; what is only wanted says so.
    let seen_at = (fact(&vserver, "ipv46"), fact(&vserver, "port"));
    let address = match seen_at {
        (Some(ip), Some(port)) => format!("{} {ip}:{port}", fact(&vserver, "servicetype").unwrap_or_default()),
        _ => format!("to be {vip}:{}", listener.port),
    };
    let rows = members.into_iter().zip(servers).map(|(member, (name, address))| {
        let enabled = member.facts.get("state").map(ToString::to_string);
        let probe = member.facts.get("probe").map(ToString::to_string);
        view! {
            <li class="node member">
                <span class="node-name">{name}</span>
                <span class="node-sub">{address} ":" {member.object.part(2).to_owned()}</span>
                <State word=member.state.clone() />
                {enabled
                    .filter(|word| word != "ENABLED")
                    .map(|word| view! { <span class="sub">"switched " {word.to_lowercase()}</span> })}
                {probe.map(|heard| view! { <span class="sub probe">{heard}</span> })}
            </li>
        }
    });
    view! {
        <article class="listener">
            <div class="node vserver">
                <span class="node-kind">"virtual server"</span>
                <span class="node-name">{listener.vserver}</span>
                <span class="node-sub">{address}</span>
                {if there {
                    Either::Left(
                        view! {
                            <State word=vserver.and_then(|seen| seen.state) />
                            <span class="sub">{format!("{persistence}, {minutes} min")}</span>
                            {health.map(|percent| view! { <span class="sub">{percent} " % health"</span> })}
                        },
                    )
                } else {
                    Either::Right(view! { <Badge tone=Tone::Quiet word="not there" /> })
                }}
            </div>
            <div class="wire" data-broken=(!bound).then_some("true") aria-hidden="true"></div>
            <div class="node group">
                <span class="node-kind">"service group"</span>
                <span class="node-name">{listener.group}</span>
                {if group.is_some() {
                    Either::Left(view! { <State word=group.and_then(|seen| seen.state) /> })
                } else {
                    Either::Right(view! { <Badge tone=Tone::Quiet word="not there" /> })
                }}
                {(there && !bound).then(|| view! { <Problem sentence="It is not bound to the virtual server." /> })}
            </div>
            <div class="wire" aria-hidden="true"></div>
            <ul class="members">{rows.collect_view()}</ul>
        </article>
    }
}
