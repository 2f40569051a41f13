//! Everybody who may come in, or might.

use crate::{
    pages::{asked, layout::Page, loaded},
    routes,
    ui::{badge::Badge, form::ButtonForm, table::Table, time::Time},
};
use leptos::prelude::*;
use model::{ClusterId, person::sees, state::Tone};
use services::{DelayView, Failure, MemberView, ReadCx, Services};

/// Whether they are here, might be, or cannot.
pub fn state(member: &MemberView) -> (Tone, &'static str) {
    if member.disabled_at.is_some() {
        (Tone::Warn, "disabled")
    } else if member.sessions.is_empty() {
        (Tone::Quiet, "signed out")
    } else {
        (Tone::Good, "signed in")
    }
}

/// What the page shows: an admin alone reads it.
pub struct TeamPage {
    team: Vec<MemberView>,
    clusters: Vec<(ClusterId, String)>,
    delays: Vec<DelayView>,
}

pub async fn load(services: &Services, cx: &ReadCx) -> Result<TeamPage, Failure> {
    let admin = cx.admin()?;
    let (team, delays) = (services.team().list(&admin).await?, services.delays().list(&admin).await?);
    Ok(TeamPage { team, delays, clusters: services.log().choices(cx).await?.clusters })
}

#[component]
pub fn List() -> impl IntoView {
    let asked = asked();
    let load = async move {
        let (services, cx) = asked?;
        load(&services, &cx).await
    };
    loaded(load, |page| {
        view! {
            <Page title="Team">
                <div class="title-row">
                    <h1>"Team"</h1>
                    <a class="button" href=routes::TEAM_NEW>
                        "Add a person"
                    </a>
                </div>
                <TeamTable page />
            </Page>
        }
    })
}

/// Moves when somebody comes, goes or is changed.
#[component]
pub fn TeamTable(page: TeamPage) -> impl IntoView {
    let TeamPage { team, clusters, delays } = page;
    let rows = team.into_iter().map(move |member| {
        let (tone, word) = state(&member);
        view! {
            <tr data-key=member.person.id.to_string()>
                <th scope="row">
                    <a href=routes::person(member.person.id)>{member.person.name.clone()}</a>
                </th>
                <td>{member.person.role.word()}</td>
                <td data-label="Sees">{sees(&member.person.scope, &clusters)}</td>
                <td data-label="Last seen">{member.last_seen.map_or_else(|| view! { "never" }.into_any(), |at| view! { <Time at /> }.into_any())}</td>
                <td>
                    <Badge tone word />
                </td>
            </tr>
        }
    });
    view! {
        <div id="team-live">
            <Table headings=vec!["Name", "Role", "Sees", "Last seen", "State"] cards=true>{rows.collect_view()}</Table>
            <Delays delays />
        </div>
    }
}

/// Sign-ins that wait after wrong passwords; nothing where none does.
#[component]
fn Delays(delays: Vec<DelayView>) -> impl IntoView {
    let any = !delays.is_empty();
    let rows = delays.into_iter().map(|delay| {
        view! {
            <tr data-key=format!("delay-{}", delay.id)>
                <th scope="row">{delay.what}</th>
                <td data-label="Waits until">
                    <Time at=delay.until />
                </td>
                <td data-label="Wrong passwords">{delay.wrong}</td>
                <td data-label="Kept out">{delay.kept_out}</td>
                <td>
                    <ButtonForm action="/rpc/lift_delay" label="Lift" fields=vec![("delay", delay.id.to_string())] />
                </td>
            </tr>
        }
    });
    any.then(|| {
        view! {
            <h2>"Sign-ins that wait"</h2>
            <p class="sub">
                "After wrong passwords the next try waits. Browsers that somebody has signed in with before are counted by themselves, so that strangers keep nobody out. Lift one when its owner asks you to."
            </p>
            <Table headings=vec!["Sign-in as", "Waits until", "Wrong passwords", "Kept out", "Lift"] cards=true>
                {rows.collect_view()}
            </Table>
        }
    })
}
