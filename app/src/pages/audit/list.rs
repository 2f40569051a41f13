//! The log as a list: filters, records, and the way to take it along.

use super::{
    acts::{ActRow, HEADINGS},
    filters::{Filters, Shown, address, opened, typed},
};
use crate::{
    pages::{appliances::Silence, asked, layout::Page, loaded},
    routes,
    ui::{notice::Empty, table::Table, time::Time},
};
use leptos::{either::Either, prelude::*};
use model::{FieldErrors, log::LogForm};
use services::{ActsPage, Failure};

#[component]
pub fn List() -> impl IntoView {
    let (asked, form, open) = (asked(), typed(), opened());
    let shown = form.clone();
    let load = async move {
        let (services, cx) = asked?;
        let choices = services.log().choices(&cx).await?;
        let found = match services.log().read(&cx, &form, open).await {
            Ok(page) => Ok(page),
            Err(Failure::Fields(errors)) => Err(errors),
            Err(other) => return Err(other),
        };
        let silence = if found.is_ok() { services.foreign().silence(&cx, &form).await? } else { None };
        Ok((found, choices, cx.role().may_export(), silence))
    };
    loaded(load, move |(found, choices, may_export, silence)| {
        let errors = found.as_ref().err().cloned().unwrap_or_default();
        let export = (may_export && errors.is_empty()).then(|| address(routes::AUDIT_CSV, &shown, &["before"]));
        view! {
            <Page title="Log">
                <div class="title-row">
                    <h1>"Log"</h1>
                    {export
                        .map(|href| {
                            view! {
                                <a class="button" href=href download="">
                                    "Export as CSV"
                                </a>
                            }
                        })}
                </div>
                <Filters form=shown.clone() choices=choices.clone() errors />
                <Shown form=shown.clone() choices />
                {silence.map(|(at, sentence)| view! { <Silence at sentence /> })}
                <LogPanel found form=shown />
            </Page>
        }
    })
}

/// Moves where it shows the newest records without filters.
#[component]
pub fn LogPanel(found: Result<ActsPage, FieldErrors>, form: LogForm) -> impl IntoView {
    view! {
        <div id="log-live">
            <Found found form />
        </div>
    }
}

#[component]
fn Found(found: Result<ActsPage, FieldErrors>, form: LogForm) -> impl IntoView {
    let Ok(page) = found else {
        return Either::Left(view! {
            <Empty sentence="Correct the marked filters first.">
                <a class="button" href=routes::AUDIT>
                    "All records"
                </a>
            </Empty>
        });
    };
    let before = |id: String| address(routes::AUDIT, &LogForm { before: id, ..form.clone() }, &[]);
    let older = page.older.map(|id| {
        view! {
            <p>
                <a class="button" href=before(id.to_string())>
                    "Older records"
                </a>
            </p>
        }
    });
    let further = page.searched_to.map(|(id, at)| {
        let words = format!("Nothing older than record {id} was searched, because that would take long: it is of ");
        view! {
            <div class="notice" data-tone="quiet" role="status">
                <p>{words} <Time at /> "."</p>
                <p>
                    <a class="button" href=before(id.to_string())>
                        "Search further back"
                    </a>
                </p>
            </div>
        }
    });
    Either::Right(if page.acts.is_empty() && further.is_none() && older.is_none() {
        Either::Left(view! {
            <Empty sentence="No record fits these filters.">
                <a class="button" href=routes::AUDIT>
                    "All records"
                </a>
            </Empty>
        })
    } else {
        let any = !page.acts.is_empty();
        let rows = page.acts.into_iter().map(|view| view! { <ActRow view form=form.clone() /> }).collect_view();
        Either::Right(view! {
            {any.then(|| view! { <Table headings=HEADINGS.to_vec() cards=true>{rows}</Table> })}
            {further}
            {older}
        })
    })
}
