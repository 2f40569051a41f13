//! Virtual servers, groups and members in figures.

use super::sight::{Sight, text};
use crate::{
    routes,
    ui::{badge::Badge, table::Table, time::by_its_clock},
};
use leptos::prelude::*;
use model::{
    Freshness,
    certkey::{CertFacts, days_mark},
    desired::Listener,
    excerpt::{Excerpt, LISTED},
    object::ObjectRef,
    snapshot::Seen,
    state::Tone,
};

/// Each with what it needs to serve, and how much it does.
pub fn vservers(sight: &Sight<'_>) -> impl IntoView + use<> {
    let rows: Vec<_> = sight.desired.listeners().map(|listener| vserver(sight, listener)).collect();
    let headings = vec![
        "Virtual server",
        "State",
        "Address",
        "Persistence",
        "Certificate",
        "#Connections",
        "#Hits",
        "#Per second",
    ];
    view! {
        <section>
            <h2>"Virtual servers"</h2>
            <Table headings cards=true>{rows}</Table>
            <p class="sub">{sight.ages()}</p>
        </section>
    }
}

fn vserver(sight: &Sight<'_>, listener: &Listener) -> impl IntoView + use<> {
    let seen = sight.find(&ObjectRef::vserver(&listener.vserver));
    let mark = sight.mark(seen);
    let address = seen.map_or_else(
        || format!("to be {}:{}", sight.vip(listener), listener.port),
        |seen| format!("{} {}:{}", text(seen, "servicetype"), text(seen, "ipv46"), text(seen, "port")),
    );
    let bound = sight.find(&ObjectRef::vserver_group(&listener.vserver, &listener.group)).is_some();
    let group = if bound { listener.group.clone() } else { format!("{} (not bound)", listener.group) };
    let persistence = seen.map(persistence).unwrap_or_default();
    let certificate = certificate(sight, listener, seen.is_some());
    // Who passes bytes on sees no requests, so hits are counted for both kinds.
    let rate = sight.count(seen, "hits_rate");
    view! {
        <tr class="vserver-row" data-key=listener.vserver.clone()>
            <th scope="row">
                {listener.vserver.clone()} <div class="sub">{sight.side(listener)} " → " {group}</div>
            </th>
            <td>
                <Badge tone=mark.tone word=mark.word />
            </td>
            <td>{address}</td>
            <td class="break" data-label="Persistence">{persistence}</td>
            <td data-label="Certificate">{certificate}</td>
            <td class="number" data-label="Connections">{sight.count(seen, "connections")}</td>
            <td class="number" data-label="Hits">{sight.count(seen, "hits")}</td>
            <td class="number" data-label="Per second">{rate}</td>
        </tr>
    }
}

fn persistence(seen: &Seen) -> String {
    let or = |text: String, preset: &str| if text.is_empty() { preset.to_owned() } else { text };
    let kind = or(text(seen, "persistencetype"), "NONE");
    match kind.as_str() {
        "CUSTOMSERVERID" => {
            let rule = or(text(seen, "rule"), "no rule");
            let cookie = rule.strip_prefix("HTTP.REQ.COOKIE.VALUE(\"").and_then(|rest| rest.strip_suffix("\")"));
            cookie.map_or_else(|| format!("{kind} on {rule}"), |cookie| format!("{kind} by cookie {cookie}"))
        }
        "NONE" => kind,
        _ => format!("{kind}, {} min", or(text(seen, "timeout"), "2")),
    }
}

fn certificate(sight: &Sight<'_>, listener: &Listener, there: bool) -> impl IntoView + use<> {
    let bound = sight.find(&ObjectRef::vserver_cert(&listener.vserver)).map(|seen| text(seen, "certkeyname"));
    let needed = sight.is_mam(listener) && there;
    let days = bound.as_ref().and_then(|name| {
        let key = sight.find(&ObjectRef::cert_key(name)).filter(|_| sight.freshness == Freshness::Fresh)?;
        CertFacts::of(key).days_left(sight.now())
    });
    let days = days.map(|days| {
        let (tone, word) = days_mark(days);
        view! { <Badge tone word /> }
    });
    match bound {
        Some(name) => view! { {name} " " {days} }.into_any(),
        None if needed => view! { <Badge tone=Tone::Bad word="none" /> }.into_any(),
        None if sight.is_mam(listener) => "–".into_any(),
        None => view! { <span class="sub">"the nodes' own"</span> }.into_any(),
    }
}

/// Groups with their members below.
pub fn groups(sight: &Sight<'_>) -> impl IntoView + use<> {
    let rows: Vec<_> = sight.desired.listeners().map(|listener| group(sight, listener)).collect();
    let headings = vec![
        "Group and members",
        "State",
        "Since, by its clock",
        "#Server ID",
        "What its monitor heard last",
        "#Connections",
    ];
    view! {
        <section>
            <h2>"Service groups and members"</h2>
            <Table headings cards=true>{rows}</Table>
            <p class="sub">{sight.ages()}</p>
        </section>
    }
}

fn group(sight: &Sight<'_>, listener: &Listener) -> impl IntoView + use<> {
    let seen = sight.find(&ObjectRef::group(&listener.group));
    let mark = sight.mark(seen);
    let members = sight.snapshot.members(&listener.group).collect();
    let marked = |member: &&Seen| sight.pinned(&member.object, sight.mark(Some(member))).tone.into();
    let Excerpt { shown, rest } = Excerpt::of(members, LISTED, marked);
    let members: Vec<_> = shown.into_iter().map(|member| row(sight, listener, member)).collect();
    let rest = rest.sentence("member", "members", "UP").map(|sentence| {
        let href = routes::members(sight.view.cluster.id);
        view! {
            <tr class="member-row more" data-key=format!("{}-more", listener.group)>
                <td colspan="6">
                    {sentence} " " <a href=href>"All nodes and their members"</a>
                </td>
            </tr>
        }
    });
    view! {
        <tr class="group-row" data-key=listener.group.clone()>
            <th scope="row">
                {listener.group.clone()} <div class="sub">{sight.side(listener)} " on port " {listener.port}</div>
            </th>
            <td>
                <Badge tone=mark.tone word=mark.word />
            </td>
            <td></td>
            <td></td>
            <td></td>
            <td></td>
        </tr>
        {members}
        {rest}
    }
}

fn row(sight: &Sight<'_>, listener: &Listener, member: &Seen) -> impl IntoView + use<> {
    let mark = sight.mark(Some(member));
    let (server, port) = (member.object.part(1), member.object.part(2));
    let address = sight.find(&ObjectRef::server(server)).map(|seen| text(seen, "ipaddress")).unwrap_or_default();
    let since =
        Some(by_its_clock(&text(member, "statechangetimesec"))).filter(|_| sight.freshness != Freshness::Unknown);
    let id = match text(member, "customserverid") {
        id if !id.is_empty() => id,
        _ if sight.is_mam(listener) => "none".to_owned(),
        _ => "–".to_owned(),
    };
    let heard = if mark.tone == Tone::Good { String::new() } else { text(member, "probe") };
    view! {
        <tr class="member-row" data-key=member.object.to_string()>
            <th scope="row">{server.to_owned()} <span class="sub">{format!(" {address}:{port}")}</span></th>
            <td>
                <Badge tone=mark.tone word=mark.word />
            </td>
            <td class="when" data-label="Since">{since}</td>
            <td class="number" data-label="Server ID">{id}</td>
            <td>{heard}</td>
            <td class="number" data-label="Connections">{sight.count(Some(member), "connections")}</td>
        </tr>
    }
}
