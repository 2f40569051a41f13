//! Which page answers at which address.

use super::{account, appliances, audit, clusters, home, nodes, people, plans, runs, setup, switches, team, wrong};
use leptos::prelude::*;
use leptos_router::{
    SsrMode,
    components::{Route, Router, Routes},
    path,
};

/// Every page is whole before its first byte is sent: a reader without script sees all of it, and a page that does not
/// exist can say so in its status.
#[component]
pub fn Pages() -> impl IntoView {
    view! {
        <Router>
            <Routes fallback=wrong::NoPage>
                <Route path=path!("/") view=home::Home ssr=SsrMode::Async />
                <Route path=path!("/sign-in") view=people::SignIn ssr=SsrMode::Async />
                <Route path=path!("/first-use") view=people::FirstUse ssr=SsrMode::Async />
                <Route path=path!("/appliances") view=appliances::List ssr=SsrMode::Async />
                <Route path=path!("/appliances/new") view=appliances::New ssr=SsrMode::Async />
                <Route path=path!("/appliances/:id") view=appliances::Show ssr=SsrMode::Async />
                <Route path=path!("/appliances/:id/edit") view=appliances::Edit ssr=SsrMode::Async />
                <Route path=path!("/appliances/:id/remove") view=appliances::Remove ssr=SsrMode::Async />
                <Route path=path!("/clusters/new") view=clusters::New ssr=SsrMode::Async />
                <Route path=path!("/clusters/:id") view=clusters::Show ssr=SsrMode::Async />
                <Route path=path!("/clusters/:id/edit") view=clusters::Edit ssr=SsrMode::Async />
                <Route path=path!("/clusters/:id/remove") view=clusters::Remove ssr=SsrMode::Async />
                <Route path=path!("/clusters/:id/setup") view=setup::Overview ssr=SsrMode::Async />
                <Route path=path!("/clusters/:id/setup/certificate") view=setup::Certificate ssr=SsrMode::Async />
                <Route path=path!("/clusters/:id/setup/:step") view=setup::StepPage ssr=SsrMode::Async />
                <Route path=path!("/clusters/:id/checks") view=clusters::Checks ssr=SsrMode::Async />
                <Route path=path!("/clusters/:id/history") view=clusters::History ssr=SsrMode::Async />
                <Route path=path!("/clusters/:id/members") view=clusters::Members ssr=SsrMode::Async />
                <Route path=path!("/clusters/:id/nodes") view=nodes::List ssr=SsrMode::Async />
                <Route path=path!("/clusters/:id/nodes/:ip") view=nodes::Show ssr=SsrMode::Async />
                <Route path=path!("/clusters/:id/switches") view=switches::Show ssr=SsrMode::Async />
                <Route path=path!("/clusters/:id/plans/:plan") view=plans::Show ssr=SsrMode::Async />
                <Route path=path!("/clusters/:id/runs/:run") view=runs::Show ssr=SsrMode::Async />
                <Route path=path!("/audit") view=audit::List ssr=SsrMode::Async />
                <Route path=path!("/audit/:id") view=audit::Show ssr=SsrMode::Async />
                <Route path=path!("/team") view=team::List ssr=SsrMode::Async />
                <Route path=path!("/team/new") view=team::New ssr=SsrMode::Async />
                <Route path=path!("/team/:id") view=team::Show ssr=SsrMode::Async />
                <Route path=path!("/account") view=account::Show ssr=SsrMode::Async />
            </Routes>
        </Router>
    }
}
