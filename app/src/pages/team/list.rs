//! Everybody who may come in, or might.

use crate::{
    pages::{asked, loaded},
    routes,
    ui::{badge::Badge, layout::Page, table::Table, time::Time},
};
use leptos::prelude::*;
use model::{ClusterId, person::sees, state::Tone};
use services::{Failure, MemberView, ReadCx, Services};

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
}

pub async fn load(services: &Services, cx: &ReadCx) -> Result<TeamPage, Failure> {
    let team = services.team(&cx.admin()?).await?;
    Ok(TeamPage { team, clusters: services.log_choices(cx).await?.clusters })
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
    let TeamPage { team, clusters } = page;
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
        </div>
    }
}
