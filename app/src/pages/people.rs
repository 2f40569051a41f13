//! Sign-in, and the first use of all.

use super::{filled, loaded};
use crate::{
    pages::layout::Page,
    routes,
    ui::{
        field::{Filled, Text},
        form::Token,
        notice::Problem,
        time::Time,
    },
    visitor::{Visitor, services},
};
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;
use model::fields::Typed;
use services::Failure;

/// What the sign-in page has to say to this browser.
struct Coming {
    filled: Filled,
    /// Who sent something when their session was over.
    returning: Option<String>,
}

async fn coming() -> Result<Coming, Failure> {
    let mut filled = filled("sign-in", Typed::default()).await?;
    let Some(visitor) = Visitor::current() else { return Ok(Coming { filled, returning: None }) };
    let services = services();
    let mut returning = None;
    if let Some(lapsed) = visitor.lapsed.as_ref().map(|lapsed| &lapsed.who)
        && services.forms().waits_for_return(lapsed).await?
    {
        returning = Some(lapsed.name().to_owned());
    }
    // A browser that one person has signed in with: it knows whom it is used by.
    if let Some(name) = services.sessions().known_by(&visitor.origin).await? {
        filled.stored.values.insert("name".into(), name);
    }
    Ok(Coming { filled, returning })
}

#[component]
pub fn SignIn() -> impl IntoView {
    let then = use_query_map().try_get_untracked().and_then(|query| query.get("to")).unwrap_or_default();
    let then = routes::own_path(&then).map(str::to_owned);
    let ended = Visitor::current().and_then(|visitor| visitor.ended);
    loaded(coming(), |Coming { filled, returning }| {
        view! {
            <Page title="Sign in">
                <section class="narrow">
                    <h1>"Sign in to Gatehouse"</h1>
                    <p class="lead">
                        "The console for XenMobile Server clusters behind a NetScaler: see how they are, set them up, and know who did what."
                    </p>
                    {ended
                        .map(|ended| {
                            view! {
                                <div class="notice" data-tone="warn" role="status">
                                    {ended.why.sentence(&ended.by)} " " <Time at=ended.at />
                                    {returning
                                        .map(|name| {
                                            view! {
                                                <p>
                                                    {format!(
                                                        "What you sent then was not done and is not lost: sign in as {name} within four hours, and its form comes back as you filled it in.",
                                                    )}
                                                </p>
                                            }
                                        })}
                                </div>
                            }
                        })} {filled.problem().map(|sentence| view! { <Problem sentence /> })}
                    <form method="post" action="/rpc/sign_in" class="stack">
                        <Token door="/rpc/sign_in" />
                        {then.map(|path| view! { <input type="hidden" name="to" value=path /> })}
                        <Text filled=filled.clone() name="name" label="Name" complete="username" focus=true />
                        <Text
                            filled=filled
                            name="password"
                            label="Password"
                            kind="password"
                            complete="current-password"
                        />
                        <button type="submit" class="button primary">
                            "Sign in"
                        </button>
                    </form>
                    <p class="field-hint aside">"Password forgotten, or no account yet? Ask an admin of your team."</p>
                </section>
            </Page>
        }
    })
}

#[component]
pub fn FirstUse() -> impl IntoView {
    loaded(filled("first-use", Typed::default()), |filled| {
        view! {
            <Page title="First use">
                <section class="narrow">
                    <h1>"Welcome to Gatehouse"</h1>
                    <p>
                        "Nobody can sign in yet. Make the first admin here; the one-time token was printed where Gatehouse was started."
                    </p>
                    {filled.problem().map(|sentence| view! { <Problem sentence /> })}
                    <form method="post" action="/rpc/first_use" class="stack">
                        <Token door="/rpc/first_use" />
                        <Text filled=filled.clone() name="once" label="One-time token" kind="password" />
                        <Text filled=filled.clone() name="name" label="Your name" complete="username" />
                        <Text
                            filled=filled
                            name="password"
                            label="Password"
                            kind="password"
                            complete="new-password"
                            hint="At least 12 characters; longer is better than stranger."
                        />
                        <button type="submit" class="button primary">
                            "Make the first admin"
                        </button>
                    </form>
                    <p>
                        <a href=routes::SIGN_IN>"Sign in instead"</a>
                    </p>
                </section>
            </Page>
        }
    })
}
