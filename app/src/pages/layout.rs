//! What surrounds a page's own content.

use crate::{
    routes,
    ui::{notice::Problem, time::Time},
    visitor::{self, Visitor},
};
use leptos::prelude::*;
use leptos_meta::Title;
use model::person::Person;
use services::Services;

/// Header, navigation, content. Pages before sign-in have no navigation.
#[component]
pub fn Page(#[prop(into)] title: String, children: Children) -> impl IntoView {
    let person = Visitor::current().and_then(|visitor| visitor.cx).map(|cx| cx.person().clone());
    let signed_in = person.is_some();
    view! {
        <Title text=title />
        <a class="skip" href="#content">
            "Skip to content"
        </a>
        <header class="top">
            <a class="brand" href=routes::HOME>
                "Gatehouse"
            </a>
            {person.map(|person| view! { <Navigation person /> })}
        </header>
        {signed_in.then(|| view! { <Watched /> <OnPaper /> })}
        <main id="content">
            <OwnTroubles />
            {children()}
        </main>
    }
}

/// From when the sheet is that somebody prints. In an open page `islands::live` keeps it at the last heartbeat: what is
/// not heard of any more is dated from then.
#[component]
fn OnPaper() -> impl IntoView {
    let at = visitor::services().now();
    view! {
        <p class="on-paper">
            "As of " <span id="drawn">
                <Time at />
            </span>
        </p>
    }
}

/// What is wrong with Gatehouse's own data stands on every page, for whoever reads one: nobody looks for it.
#[component]
fn OwnTroubles() -> impl IntoView {
    let troubles = use_context::<Services>().map(|services| services.health().troubles()).unwrap_or_default();
    let notices = troubles.into_iter().map(|trouble| view! { <Problem sentence=trouble.sentence() /> });
    view! { <div id="own-troubles">{notices.collect_view()}</div> }
}

/// What the browser's half shows when Gatehouse is not heard any more, and where it says what changed to whoever hears
/// the page read out. Its sentences stand here; `islands::live` fills in the time.
#[component]
fn Watched() -> impl IntoView {
    view! {
        <p id="no-word" class="no-word" data-title="? stale" data-again="Gatehouse is heard again." hidden>
            <strong>"No word since "</strong>
            <time data-at=""></time>
            "; what you see is from then. Gatehouse, or the way to it, does not answer; this page tries again by itself."
        </p>
        <p id="live-said" class="unseen" aria-live="polite"></p>
    }
}

#[component]
fn Navigation(person: Person) -> impl IntoView {
    let mut links = vec![(routes::HOME, "Clusters"), (routes::APPLIANCES, "Appliances"), (routes::AUDIT, "Log")];
    if person.role.may_administer() {
        links.push((routes::TEAM, "Team"));
    }
    let path = use_context::<http::request::Parts>().map(|parts| parts.uri.path().to_owned()).unwrap_or_default();
    let here = move |href: &str| {
        let inside =
            if href == routes::HOME { path == "/" || path.starts_with("/clusters") } else { path.starts_with(href) };
        inside.then_some("page")
    };
    let account = here(routes::ACCOUNT);
    let links: Vec<_> = links
        .into_iter()
        .map(|(href, text)| {
            view! {
                <a href=href aria-current=here(href)>
                    {text}
                </a>
            }
        })
        .collect();
    view! {
        <nav aria-label="Main">{links}</nav>
        <span class="live-sign" aria-hidden="true"></span>
        <a class="who" href=routes::ACCOUNT aria-current=account>
            {person.name}
            " "
            <span class="role">{person.role.word()}</span>
        </a>
        <form method="post" action="/rpc/sign_out" class="button-form">
            <button type="submit" class="link">
                "Sign out"
            </button>
        </form>
    }
}
