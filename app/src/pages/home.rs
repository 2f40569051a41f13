//! All clusters, each with its verdict: the worst first, and of many the part that its address asks for.

use super::{
    asked,
    listing::{Place, address, asked_field, counts, nothing, pager, remarks, search},
    loaded,
    outage::{OutageNotice, folded},
};
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
        badge::{Badge, tone_name},
        notice::{Empty, Note},
        table::Table,
        time::Since,
    },
};
use leptos::{either::Either, prelude::*};
use model::{
    At,
    certkey::days_mark,
    fleet::{FleetForm, FleetGroup, FleetLine, FleetPage, Order},
    person::Scope,
    state::Tone,
};
use services::{ClockStep, Failure, ReadCx, Services};

/// What the page shows, for its reader.
pub struct HomePage {
    fleet: FleetPage,
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

pub async fn load(services: &Services, cx: &ReadCx, form: &FleetForm) -> Result<HomePage, Failure> {
    let fleet = services.clusters().fleet(cx, form).await?;
    let first = if fleet.sheet.all == 0 { Some(first(services, cx).await?) } else { None };
    Ok(HomePage { fleet, first, clock: services.clock_step() })
}

async fn first(services: &Services, cx: &ReadCx) -> Result<First, Failure> {
    let (link, sentence) = if services.appliances().list(cx).await?.is_empty() {
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
    let (asked, form) = (asked(), FleetForm::read(asked_field()));
    let may_add = asked.as_ref().is_ok_and(|(_, cx)| cx.role().may_administer());
    let load = async move {
        let (services, cx) = asked?;
        load(&services, &cx, &form).await
    };
    loaded(load, move |page| {
        let add = may_add && page.first.is_none();
        let form = page.fleet.has_filters().then(|| looked_for(&page.fleet));
        view! {
            <Page title="Clusters">
                <div class="title-row">
                    <h1>"Clusters"</h1>
                    {add.then(|| view! { <a class="button" href=routes::CLUSTER_NEW>"Add a cluster"</a> })}
                </div>
                {form}
                <Clusters page />
            </Page>
        }
    })
}

/// Stands beside the moving part: nobody's typing is taken away by news.
fn looked_for(fleet: &FleetPage) -> impl IntoView + use<> {
    let order = fleet.form.order();
    let options = Order::ALL.map(|one| {
        let selected = (one == order).then_some("selected");
        view! {
            <option value=one.code() selected=selected>
                {one.text()}
            </option>
        }
    });
    let orders = view! {
        <label>
            <span>"Order"</span>
            <select name="order">{options.into_iter().collect_view()}</select>
        </label>
    };
    view! {
        {remarks(&fleet.sheet)}
        {search(&place(&fleet.form), "Cluster, name or appliance", Some(orders.into_any()))}
    }
}

/// The address of a page of the list.
pub fn href(form: &FleetForm) -> String {
    address(routes::HOME, &place(form).fields)
}

fn place(form: &FleetForm) -> Place {
    let fields = form.fields().into_iter().map(|(name, value)| (name, value.to_owned())).collect();
    Place { path: routes::HOME.to_owned(), fields, one: "cluster", many: "clusters", word }
}

/// What clusters of one tone have in common.
const fn word(tone: Tone) -> &'static str {
    match tone {
        Tone::Quiet => "not set up or not applied",
        tone => tone.word(),
    }
}

/// Moves when something is seen.
#[component]
pub fn Clusters(page: HomePage) -> impl IntoView {
    let HomePage { fleet, first, clock } = page;
    let now = fleet.now;
    let outage = fleet.outage.map(|(outage, clusters)| view! { <OutageNotice outage now follows=folded(clusters) /> });
    view! {
        <div id="clusters-live">
            {outage} {clock.map(|step| view! { <Note sentence=step.sentence() tone="warn" /> })} {match first {
                None => Either::Left(list(&fleet)),
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

fn list(fleet: &FleetPage) -> impl IntoView + use<> {
    let (place, sheet, now) = (place(&fleet.form), &fleet.sheet, fleet.now);
    let counts = fleet.has_filters().then(|| counts(&place, sheet, &fleet.form.list));
    let groups = if sheet.lines.is_empty() { Vec::new() } else { fleet.groups() };
    let groups: Vec<_> = groups.into_iter().map(|group| view! { <Group group now /> }).collect();
    view! { {counts} {nothing(&place, sheet)} {groups} {pager(&place, sheet)} }
}

#[component]
fn Group(group: FleetGroup, now: At) -> impl IntoView {
    let FleetGroup { tone, count, lines } = group;
    let rows = lines.into_iter().map(|line| view! { <Line line now /> }).collect_view();
    let headings = vec!["Cluster", "State", "Findings", "Appliance", "MAM certificate", "Configuration", "Seen"];
    let table = view! {
        <Table headings cards=true>
            {rows}
        </Table>
    };
    match tone {
        None => Either::Left(table),
        Some(tone) => {
            let id = format!("fleet-{}", tone.code());
            Either::Right(view! {
                <section class="fleet-group" data-key=tone.code() aria-labelledby=id.clone()>
                    <h2 id=id.clone() data-tone=tone_name(tone)>
                        {super::listing::capital(word(tone))} <span class="sub">{format!(" {count}")}</span>
                    </h2>
                    {table}
                </section>
            })
        }
    }
}

#[component]
fn Line(line: FleetLine, now: At) -> impl IntoView {
    let since = line.since.map(|since| view! { <div><Since since now /></div> });
    let saved = match line.unsaved {
        Some(true) => "unsaved changes",
        Some(false) => "saved",
        None => "not known",
    };
    view! {
        <tr data-key=line.cluster.to_string()>
            <th scope="row">
                <a href=routes::cluster(line.cluster)>{line.title}</a>
                <div class="sub">{line.fqdn}</div>
            </th>
            <td>
                <Badge tone=line.tone word=line.words /> {since}
            </td>
            <td>{tally(line.tally)} {pending(line.cluster, line.pending)}</td>
            <td>
                <a href=routes::appliance(line.appliance)>{line.appliance_title}</a>
            </td>
            <td data-label="MAM certificate">
                {match line.certificate_days.map(days_mark) {
                    Some((tone, word)) => Either::Left(view! { <Badge tone word /> }),
                    None => Either::Right("–"),
                }}
            </td>
            <td data-label="Configuration">{saved}</td>
            <td data-label="Seen">{seen(line.seen, now)}</td>
        </tr>
    }
}

#[cfg(test)]
mod tests;
