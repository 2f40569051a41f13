//! What of a set-up is enabled and what is not: each object with its switch, which is turned by a plan.

use super::{
    asked, filled,
    listing::{Place, asked_field, counts, fields, nothing, pager, remarks, search},
    loaded, param, stored,
};
use crate::{
    pages::layout::Page,
    routes,
    ui::{
        badge::Badge,
        form::{ButtonForm, Token},
        notice::{Empty, Note, Problem},
        prose::prose,
        table::Table,
        time::Time,
    },
};
use leptos::prelude::*;
use model::{
    ClusterId, Freshness,
    desired::KeepOffForm,
    excerpt::WHOLE,
    fields::Typed,
    listing::{ListForm, Sheet},
    object::Kind,
    state::Tone,
};
use services::{Switch, SwitchStanding, SwitchesView};

#[component]
pub fn Show() -> impl IntoView {
    let (asked, id, form) = (asked(), param("id", "such cluster"), ListForm::read(asked_field()));
    let may_operate = asked.as_ref().is_ok_and(|(_, cx)| cx.role().may_operate());
    let load = async move {
        let ((services, cx), id) = (asked?, id?);
        let view = services.switches().show(&cx, id).await?;
        let filled = filled(&routes::switches_form(id), stored(&())).await?;
        Ok((view, filled.kept, form))
    };
    loaded(load, move |(view, kept, form)| {
        let id = view.cluster.id;
        let title = format!("Switches of {}", view.cluster.title);
        let problem = kept.errors.get("").map(str::to_owned);
        let off = view.off_by_hand();
        view! {
            <Page title=title.clone()>
                <p class="crumbs">
                    <a href=routes::cluster(id)>{view.cluster.title.clone()}</a>
                </p>
                <div class="title-row">
                    <div>
                        <h1>{title}</h1>
                        <Sight view=view.clone() />
                    </div>
                    {(may_operate && off > 0)
                        .then(|| {
                            let fields = vec![("cluster", id.to_string())];
                            view! { <ButtonForm action="/rpc/make_plan" label="Plan: enable again" class="button primary" fields /> }
                        })}
                </div>
                {problem.map(|sentence| view! { <Problem sentence /> })}
                <p class="lead">
                    "Everything of the set-up is to be enabled, unless somebody keeps it disabled here and says why. Saving makes a plan; nothing is switched before it is applied."
                </p>
                <Groups view kept form may_operate />
            </Page>
        }
    })
}

#[component]
fn Sight(view: SwitchesView) -> impl IntoView {
    match view.seen {
        None => view! { <p class="sub">"The appliance has not been seen yet."</p> }.into_any(),
        Some((at, Freshness::Fresh)) => view! { <p class="sub">"As seen at " <Time at /> "."</p> }.into_any(),
        Some((at, _)) => view! {
            <Note
                tone="warn"
                sentence=format!(
                    "The appliance was seen last at {}; how it is now is not known.",
                    model::clock::time_text(at),
                )
            />
        }
        .into_any(),
    }
}

/// One table a kind, in the order of the way to the nodes.
#[component]
fn Groups(view: SwitchesView, kept: Typed, form: ListForm, may_operate: bool) -> impl IntoView {
    let (cluster, any) = (view.cluster.id, !view.switches.is_empty());
    let sheet = sheet(&view, &kept, &form);
    let around = (!sheet.is_plain(&form)).then(|| {
        let place = Place {
            path: routes::switches(cluster),
            fields: fields(&form),
            one: "switch",
            many: "switches",
            word: |tone| if tone == Tone::Good { "enabled" } else { tone.word() },
        };
        let (above, nothing) = (counts(&place, &sheet, &form), nothing(&place, &sheet));
        let above = view! {
            {remarks(&sheet)}
            {search(&place, "Object or state", None)}
            {above}
            {nothing}
        };
        (above, pager(&place, &sheet))
    });
    let (above, below) = around.unzip();
    let kinds = [
        (Kind::LbVserver, "Virtual servers"),
        (Kind::ServiceGroup, "Service groups"),
        (Kind::Server, "Servers"),
        (Kind::Member, "Members"),
    ];
    let tables = kinds.into_iter().map(|(kind, heading)| {
        let rows: Vec<_> = sheet.lines.iter().filter(|switch| switch.object.kind == kind).cloned().collect();
        let some = !rows.is_empty();
        let rows = rows.into_iter().map(|switch| {
            let mark = view.mark(&switch);
            view! { <Row cluster switch mark kept=kept.clone() may_operate /> }
        });
        let rows = rows.collect_view();
        some.then(|| {
            view! {
                <section>
                    <h2>{heading}</h2>
                    <div class="switches">
                        <Table headings=vec!["Object", "Switch", "Appliance says", "Kept disabled", "Do"] cards=true>{rows}</Table>
                    </div>
                </section>
            }
        })
    });
    let tables = tables.collect_view();
    if any {
        view! {
            {above}
            {tables}
            {below}
        }
        .into_any()
    } else {
        view! {
            <Empty sentence="There is nothing to switch: no virtual server is described yet, or the appliance has not been seen.">
                <p>
                    <a href=routes::setup(cluster)>"Open the set-up"</a>
                </p>
            </Empty>
        }
            .into_any()
    }
}

/// All of few, in their order; of many what wants a look first, and before all what somebody was typing about.
fn sheet(view: &SwitchesView, kept: &Typed, form: &ListForm) -> Sheet<Switch> {
    let mut switches = view.switches.clone();
    if switches.len() > WHOLE {
        let typed = kept.value("object").unwrap_or_default();
        switches.sort_by_cached_key(|switch| {
            (switch.object.to_string() != typed, std::cmp::Reverse(view.mark(switch).0.rank()))
        });
    }
    Sheet::of(switches, form, WHOLE, |switch| {
        let (tone, word) = view.mark(switch);
        (tone, format!("{}\n{word}", switch.object))
    })
}

#[component]
fn Row(cluster: ClusterId, switch: Switch, mark: (Tone, String), kept: Typed, may_operate: bool) -> impl IntoView {
    let says = switch.word.as_ref().map_or_else(|| "–".to_owned(), ToString::to_string);
    let name = match switch.object.kind {
        Kind::Member => {
            format!("{}:{} of {}", switch.object.part(1), switch.object.part(2), switch.object.part(0))
        }
        _ => switch.object.part(0).to_owned(),
    };
    let why = switch.kept.clone().map(|kept| kept.sentence());
    let (object, (tone, word)) = (switch.object.to_string(), mark);
    view! {
        <tr data-object=object>
            <th scope="row">{name}</th>
            <td>
                <Badge tone word />
            </td>
            <td data-label="Appliance says">{says}</td>
            <td>{why}</td>
            <td>{may_operate.then(|| view! { <Turn cluster switch kept /> })}</td>
        </tr>
    }
}

/// The switch itself: a button, or a reason to give.
#[component]
fn Turn(cluster: ClusterId, switch: Switch, kept: Typed) -> impl IntoView {
    let form = KeepOffForm::of(&switch.object);
    if switch.kept.is_some() {
        let fields = vec![("cluster", cluster.to_string()), ("object", form.object)];
        return view! { <ButtonForm action="/rpc/enable_again" label="Enable again" fields /> }.into_any();
    }
    if let SwitchStanding::Elsewhere(_) = switch.standing {
        return view! { <span class="sub">"switched by nobody"</span> }.into_any();
    }
    if switch.standing == SwitchStanding::NotThere {
        return view! { <span class="sub">"made enabled"</span> }.into_any();
    }
    let mine = kept.value("object") == Some(form.object.as_str());
    let error = kept.errors.get("reason").filter(|_| mine).map(str::to_owned);
    let reason = kept.value("reason").filter(|_| mine).unwrap_or_default().to_owned();
    let (open, invalid) = (error.is_some().then_some("open"), error.is_some().then_some("true"));
    let label = format!("Why {} is to stay disabled", switch.object);
    view! {
        <details class="folded" open=open>
            <summary>"Keep disabled"</summary>
            <form method="post" action="/rpc/keep_disabled" class="stack">
                <Token door="/rpc/keep_disabled" />
                <input type="hidden" name="cluster" value=cluster.to_string() />
                <input type="hidden" name="object" value=form.object />
                <div class="field" data-invalid=invalid>
                    <label>
                        "Because" <input name="reason" value=reason aria-label=label autocomplete="off" maxlength="300" />
                    </label>
                    {error.map(|sentence| view! { <p class="field-error">{prose(&sentence)}</p> })}
                </div>
                <button type="submit" class="button">
                    "Save and plan"
                </button>
            </form>
        </details>
    }
        .into_any()
}
