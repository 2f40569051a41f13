//! One cluster: how it is, and what can be done with it.

use super::panel::ClusterPanel;
use crate::{
    pages::{asked, layout::Page, loaded, param, problem},
    routes,
    ui::{form::ButtonForm, notice::Problem, table::Table, time::Time},
};
use leptos::prelude::*;
use services::ClusterView;

#[component]
pub fn Show() -> impl IntoView {
    let (asked, id) = (asked(), param("id", "such cluster"));
    let may_operate = asked.as_ref().is_ok_and(|(_, cx)| cx.role().may_operate());
    let may_edit = asked.as_ref().is_ok_and(|(_, cx)| cx.role().may_administer());
    let load = async move {
        let ((services, cx), id) = (asked?, id?);
        let view = services.clusters().show(&cx, id).await?;
        Ok((view, problem(&routes::cluster_form(id)).await?))
    };
    loaded(load, move |(view, problem)| {
        let id = view.cluster.id;
        let planned = view.desired.is_some();
        let appliance = view.appliance.clone();
        let cluster = move || vec![("cluster", id.to_string())];
        view! {
            <Page title=view.cluster.title.clone()>
                <div class="title-row">
                    <div>
                        <h1>{view.cluster.title.clone()}</h1>
                        <p class="sub">
                            {view.cluster.fqdn.clone()} " on "
                            <a href=routes::appliance(appliance.id)>{appliance.spec.title.clone()}</a>
                        </p>
                    </div>
                    <div class="actions">
                        {may_operate
                            .then(|| view! { <ButtonForm action="/rpc/look_again" label="Look again" fields=cluster() /> })}
                        <a class="button" href=routes::nodes(id)>
                            "Nodes"
                        </a>
                        <a class="button" href=routes::switches(id)>
                            "Switches"
                        </a>
                        <a class="button" href=routes::setup(id)>
                            "Set-up"
                        </a>
                        <a class="button" href=format!("{}?cluster={id}", routes::AUDIT)>
                            "Log"
                        </a>
                        {may_edit
                            .then(|| {
                                view! {
                                    <a class="button" href=routes::cluster_edit(id)>
                                        "Edit"
                                    </a>
                                }
                            })}
                        {(may_operate && planned)
                            .then(|| {
                                view! {
                                    <ButtonForm
                                        action="/rpc/make_plan"
                                        label="Plan"
                                        class="button primary"
                                        fields=cluster()
                                    />
                                }
                            })}
                    </div>
                </div>
                {problem.map(|sentence| view! { <Problem sentence /> })}
                <noscript>
                    <p class="sub">"Without script this page shows the moment it was opened; reload it to look again."</p>
                </noscript>
                <ClusterPanel view=view.clone() may_operate />
                <Plans view />
            </Page>
        }
    })
}

/// Moves when one was made or carried out.
#[component]
pub fn Plans(view: ClusterView) -> impl IntoView {
    let id = view.cluster.id;
    let any = !view.plans.is_empty();
    let rows = view.plans.into_iter().map(move |line| {
        let conflicts = line.gist.as_ref().map_or(0, |gist| gist.conflicts);
        let what = match line.gist {
            Ok(gist) if gist.only_saves => "save only".to_owned(),
            Ok(gist) => {
                let counts = gist.counts;
                format!("{} add, {} change, {} remove", counts.add, counts.change, counts.remove)
            }
            Err(sentence) => sentence,
        };
        view! {
            <tr data-key=line.id.to_string()>
                <td>
                    <a href=routes::plan(id, line.id)>"Plan " {line.id.to_string()}</a>
                </td>
                <td>
                    <Time at=line.at />
                </td>
                <td>{line.by_name}</td>
                <td>
                    {what}
                    {(conflicts > 0).then(|| format!(", blocked by {conflicts}"))}
                </td>
                <td>
                    {line.run.map(|act| view! { <a href=routes::run(id, act)>"Run " {act.to_string()}</a> })}
                </td>
            </tr>
        }
    });
    view! {
        <div id="cluster-plans">
            {any
                .then(|| {
                    view! {
                        <section>
                            <h2>"Plans and runs"</h2>
                            <Table headings=vec!["Plan", "Made", "By", "What", "Run"] cards=true>{rows.collect_view()}</Table>
                        </section>
                    }
                })}
        </div>
    }
}
