//! All clusters, each with its verdict.

use super::{asked, loaded};
use crate::{
    pages::clusters::{
        panel::{seen, tally},
        tables::days_mark,
    },
    routes,
    ui::{badge::Badge, layout::Page, notice::Empty, table::Table},
};
use leptos::{either::Either, prelude::*};
use model::{Freshness, person::Scope};
use services::ClusterView;

#[component]
pub fn Home() -> impl IntoView {
    let asked = asked();
    let limited = asked.as_ref().is_ok_and(|(_, cx)| *cx.scope() != Scope::All);
    let may_add = asked.as_ref().is_ok_and(|(_, cx)| cx.role().may_administer());
    let load = async move {
        let (services, cx) = asked?;
        let clusters = services.clusters(&cx).await?;
        let appliances = services.appliances(&cx).await?.len();
        Ok((clusters, appliances))
    };
    loaded(load, move |(clusters, appliances)| {
        let first = if appliances == 0 {
            (
                routes::APPLIANCE_NEW,
                "Add an appliance",
                "There is no cluster yet. Add the NetScaler that will balance it first.",
            )
        } else {
            (routes::CLUSTER_NEW, "Add a cluster", "There is no cluster yet.")
        };
        let first = if limited {
            (first.0, first.1, "None of your clusters exists. An admin can give you others.")
        } else {
            first
        };
        let any = !clusters.is_empty();
        view! {
            <Page title="Clusters">
                <div class="title-row">
                    <h1>"Clusters"</h1>
                    {(any && may_add)
                        .then(|| view! { <a class="button" href=routes::CLUSTER_NEW>"Add a cluster"</a> })}
                </div>
                {if any {
                    Either::Left(view! { <ClusterTable clusters /> })
                } else {
                    Either::Right(
                        view! {
                            <Empty sentence=first.2>
                                {may_add
                                    .then(|| view! { <a class="button primary" href=first.0>{first.1}</a> })}
                            </Empty>
                        },
                    )
                }}
            </Page>
        }
    })
}

/// Replaced as a whole when something is seen.
#[component]
pub fn ClusterTable(clusters: Vec<ClusterView>) -> impl IntoView {
    let rows = clusters.into_iter().map(|view| {
        let (tone, word) = view.verdict();
        // What was read long ago is not known now.
        let seen_now = view.sighting.seen.as_ref().filter(|(_, _, freshness)| *freshness == Freshness::Fresh);
        let unsaved = seen_now.and_then(|(_, snapshot, _)| snapshot.unsaved);
        view! {
            <tr>
                <th scope="row">
                    <a href=routes::cluster(view.cluster.id)>{view.cluster.title.clone()}</a>
                    <div class="sub">{view.cluster.fqdn.clone()}</div>
                </th>
                <td>
                    <Badge tone word />
                </td>
                <td>{tally(view.tally())}</td>
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
        <div id="clusters-live">
            <Table headings=vec!["Cluster", "State", "Findings", "Appliance", "MAM certificate", "Configuration", "Seen"] cards=true>{rows.collect_view()}</Table>
        </div>
    }
}
