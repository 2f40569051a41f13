//! All clusters, each with its verdict.

use super::{asked, loaded};
use crate::{
    pages::{
        clusters::{
            panel::{seen, tally},
            pending::pending,
        },
        layout::Page,
    },
    routes,
    ui::{
        badge::Badge,
        notice::{Empty, Note},
        table::Table,
        time::Since,
    },
};
use leptos::{either::Either, prelude::*};
use model::{certkey::days_mark, person::Scope};
use services::{ClockStep, ClusterView, Failure, ReadCx, Services};

/// What the page shows, for its reader.
pub struct HomePage {
    clusters: Vec<ClusterView>,
    /// The way on where there is no cluster.
    first: Option<First>,
    /// The console's clock was set not long ago: every time on the page wants a second look.
    clock: Option<ClockStep>,
}

struct First {
    sentence: &'static str,
    /// Address and text of a link, for those who may follow it.
    link: Option<(&'static str, &'static str)>,
}

pub async fn load(services: &Services, cx: &ReadCx) -> Result<HomePage, Failure> {
    let clusters = services.clusters(cx).await?;
    let first = if clusters.is_empty() { Some(first(services, cx).await?) } else { None };
    Ok(HomePage { clusters, first, clock: services.clock_step() })
}

async fn first(services: &Services, cx: &ReadCx) -> Result<First, Failure> {
    let (link, sentence) = if services.appliances(cx).await?.is_empty() {
        let sentence = "There is no cluster yet. Add the NetScaler that will balance it first.";
        ((routes::APPLIANCE_NEW, "Add an appliance"), sentence)
    } else {
        ((routes::CLUSTER_NEW, "Add a cluster"), "There is no cluster yet.")
    };
    let limited = *cx.scope() != Scope::All;
    let sentence = if limited { "None of your clusters exists. An admin can give you others." } else { sentence };
    Ok(First { sentence, link: cx.role().may_administer().then_some(link) })
}

#[component]
pub fn Home() -> impl IntoView {
    let asked = asked();
    let may_add = asked.as_ref().is_ok_and(|(_, cx)| cx.role().may_administer());
    let load = async move {
        let (services, cx) = asked?;
        load(&services, &cx).await
    };
    loaded(load, move |page| {
        let add = may_add && !page.clusters.is_empty();
        view! {
            <Page title="Clusters">
                <div class="title-row">
                    <h1>"Clusters"</h1>
                    {add.then(|| view! { <a class="button" href=routes::CLUSTER_NEW>"Add a cluster"</a> })}
                </div>
                <Clusters page />
            </Page>
        }
    })
}

/// Moves when something is seen.
#[component]
pub fn Clusters(page: HomePage) -> impl IntoView {
    let HomePage { clusters, first, clock } = page;
    view! {
        <div id="clusters-live">
            {clock.map(|step| view! { <Note sentence=step.sentence() tone="warn" /> })} {match first {
                None => Either::Left(view! { <ClusterTable clusters /> }),
                Some(First { sentence, link }) => {
                    Either::Right(
                        view! {
                            <Empty sentence>
                                {link.map(|(href, text)| view! { <a class="button primary" href=href>{text}</a> })}
                            </Empty>
                        },
                    )
                }
            }}
        </div>
    }
}

#[component]
fn ClusterTable(clusters: Vec<ClusterView>) -> impl IntoView {
    let rows = clusters.into_iter().map(|view| {
        let (tone, word) = view.verdict();
        let now = view.sighting.now;
        let since = view.verdict_since().map(|since| view! { <div><Since since now /></div> });
        // What was not read lately is not known, whatever it was then.
        let unsaved = view.sighting.seen.as_ref().filter(|_| view.sighting.is_known());
        let unsaved = unsaved.and_then(|(_, snapshot, _)| snapshot.unsaved);
        view! {
            <tr data-key=view.cluster.id.to_string()>
                <th scope="row">
                    <a href=routes::cluster(view.cluster.id)>{view.cluster.title.clone()}</a>
                    <div class="sub">{view.cluster.fqdn.clone()}</div>
                </th>
                <td>
                    <Badge tone word /> {since}
                </td>
                <td>{tally(view.tally())} {pending(&view)}</td>
                <td>
                    <a href=routes::appliance(view.appliance.id)>{view.appliance.spec.title.clone()}</a>
                </td>
                <td data-label="MAM certificate">
                    {match view.certificate_days().map(days_mark) {
                        Some((tone, word)) => Either::Left(view! { <Badge tone word /> }),
                        None => Either::Right("–"),
                    }}
                </td>
                <td data-label="Configuration">{match unsaved { Some(true) => "unsaved changes", Some(false) => "saved", None => "not known" }}</td>
                <td data-label="Seen">{seen(&view.sighting)}</td>
            </tr>
        }
    });
    view! {
        <Table headings=vec!["Cluster", "State", "Findings", "Appliance", "MAM certificate", "Configuration", "Seen"] cards=true>
            {rows.collect_view()}
        </Table>
    }
}
