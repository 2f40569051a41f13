//! Sign-in, and the first use of all.

use super::{filled, loaded};
use crate::{
    routes,
    ui::{field::Text, form::Token, layout::Page, notice::Problem},
};
use leptos::prelude::*;
use services::Kept;

#[component]
pub fn SignIn() -> impl IntoView {
    loaded(filled("sign-in", Kept::default()), |filled| {
        view! {
            <Page title="Sign in">
                <section class="narrow">
                    <h1>"Sign in"</h1>
                    {filled.problem().map(|sentence| view! { <Problem sentence /> })}
                    <form method="post" action="/rpc/sign_in" class="stack">
                        <Token />
                        <Text filled=filled.clone() name="name" label="Name" complete="username" />
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
                </section>
            </Page>
        }
    })
}

#[component]
pub fn FirstUse() -> impl IntoView {
    loaded(filled("first-use", Kept::default()), |filled| {
        view! {
            <Page title="First use">
                <section class="narrow">
                    <h1>"Welcome to Gatehouse"</h1>
                    <p>
                        "Nobody can sign in yet. Make the first admin here; the one-time token was printed where Gatehouse was started."
                    </p>
                    {filled.problem().map(|sentence| view! { <Problem sentence /> })}
                    <form method="post" action="/rpc/first_use" class="stack">
                        <Token />
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
