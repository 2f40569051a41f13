//! All that a cluster's checks say, page by page: where a cluster's own page has no room for it.

use super::{
    findings::{Findings, Frame},
    part::Part,
};
use crate::{
    pages::{
        asked,
        listing::{Place, asked_field, counts, fields, nothing, pager, remarks, search},
        loaded, param,
    },
    routes,
    ui::notice::Empty,
};
use leptos::prelude::*;
use model::{
    ClusterId,
    excerpt::LISTED,
    finding::Finding,
    listing::{ListForm, Sheet},
    state::Tone,
};
use services::ClusterView;

fn place(id: ClusterId, form: &ListForm) -> Place {
    Place { path: routes::checks(id), fields: fields(form), one: "finding", many: "findings", word }
}

const fn word(tone: Tone) -> &'static str {
    match tone {
        Tone::Good => "pass",
        Tone::Bad => "fail",
        Tone::Warn => "warn",
        Tone::Quiet => "expected",
        Tone::Unknown => "not checked",
    }
}

/// As they are ranked: a cause stands above what follows from it.
fn sheet(findings: &[Finding], form: &ListForm) -> Sheet<Finding> {
    // A finding is as large as a handful of lines.
    Sheet::of(findings.to_vec(), form, LISTED, |finding| {
        let mut words = vec![finding.title.clone(), finding.cause.clone(), finding.code.word().to_owned()];
        words.extend(finding.evidence.iter().map(|line| line.text.clone()));
        words.extend(finding.node.map(|node| node.to_string()));
        words.extend(finding.objects.iter().map(ToString::to_string));
        (finding.tone(), words.join("\n"))
    })
}

#[component]
pub fn Checks() -> impl IntoView {
    let (asked, id, form) = (asked(), param("id", "such cluster"), ListForm::read(asked_field()));
    let may_operate = asked.as_ref().is_ok_and(|(_, cx)| cx.role().may_operate());
    let load = async move {
        let ((services, cx), id) = (asked?, id?);
        Ok((services.clusters().show(&cx, id).await?, form))
    };
    loaded(load, move |(view, form): (ClusterView, ListForm)| {
        let (id, cluster) = (view.cluster.id, view.cluster.clone());
        let heading = format!("Checks of {}", cluster.title);
        let around = sheet(&view.findings, &form);
        let place = place(id, &form);
        let looked_for = (around.all > 0).then(|| search(&place, "Text, node or object", None));
        view! {
            <Part cluster heading>
                {remarks(&around)}
                {looked_for}
                <ChecksPanel view form may_operate />
            </Part>
        }
    })
}

/// Moves when something is seen.
#[component]
pub fn ChecksPanel(view: ClusterView, form: ListForm, may_operate: bool) -> impl IntoView {
    let frame = Frame { cluster: view.cluster.id, now: view.sighting.now, may_operate };
    let (sheet, place) = (sheet(&view.findings, &form), place(view.cluster.id, &form));
    let none = (sheet.all == 0).then(|| view! { <Empty sentence="Nothing was checked yet.">""</Empty> });
    let counts = (sheet.all > 0).then(|| counts(&place, &sheet, &form));
    let (nothing, pager) = (nothing(&place, &sheet), pager(&place, &sheet));
    view! {
        <div id="checks-live">
            {none} {counts} {nothing} <Findings findings=sheet.lines sinces=view.sinces frame open=true /> {pager}
        </div>
    }
}
