//! The log as a list: filters, records, and the way to take it along.

use super::{
    HEADINGS, Row,
    filters::{Filters, Shown, address, typed},
};
use crate::{
    pages::{asked, loaded},
    routes,
    ui::{layout::Page, notice::Empty, table::Table},
};
use leptos::{either::Either, prelude::*};
use model::{FieldErrors, log::LogForm};
use services::{Failure, LogPage};

#[component]
pub fn List() -> impl IntoView {
    let (asked, form) = (asked(), typed());
    let shown = form.clone();
    let load = async move {
        let (services, cx) = asked?;
        let choices = services.log_choices(&cx).await?;
        let found = match services.read_log(&cx, &form).await {
            Ok(page) => Ok(page),
            Err(Failure::Fields(errors)) => Err(errors),
            Err(other) => return Err(other),
        };
        Ok((found, choices, cx.role().may_export()))
    };
    loaded(load, move |(found, choices, may_export)| {
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
                <LogPanel found form=shown />
            </Page>
        }
    })
}

/// Moves where it shows the newest records without filters.
#[component]
pub fn LogPanel(found: Result<LogPage, FieldErrors>, form: LogForm) -> impl IntoView {
    view! {
        <div id="log-live">
            <Found found form />
        </div>
    }
}

#[component]
fn Found(found: Result<LogPage, FieldErrors>, form: LogForm) -> impl IntoView {
    let Ok(page) = found else {
        return Either::Left(view! {
            <Empty sentence="Correct the marked filters first.">
                <a class="button" href=routes::AUDIT>
                    "All records"
                </a>
            </Empty>
        });
    };
    let older = page.older.map(|id| {
        let older = LogForm { before: id.to_string(), ..form };
        view! {
            <p>
                <a class="button" href=address(routes::AUDIT, &older, &[])>
                    "Older records"
                </a>
            </p>
        }
    });
    Either::Right(if page.records.is_empty() {
        Either::Left(view! {
            <Empty sentence="No record fits these filters.">
                <a class="button" href=routes::AUDIT>
                    "All records"
                </a>
            </Empty>
        })
    } else {
        let rows = page.records.into_iter().map(|record| view! { <Row record /> });
        Either::Right(view! {
            <Table headings=HEADINGS.to_vec() cards=true>{rows.collect_view()}</Table>
            {older}
        })
    })
}
