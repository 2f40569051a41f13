//! The document around every page.

use crate::{islands::Live, live::LivePage, routes::Pages, visitor::Visitor};
use http::{HeaderValue, header, request::Parts};
use leptos::{nonce::use_nonce, prelude::*};
use leptos_axum::ResponseOptions;
use leptos_meta::{MetaTags, Title, provide_meta_context};

/// Content-hashed names of the embedded files, handed in by the server.
#[derive(Clone, Debug)]
pub struct SiteNames {
    pub boot: String,
    pub style: String,
    pub icon: String,
}

/// Nothing inline, nothing foreign. A document adds the nonce of its boot script.
pub const FIXED_POLICY: &str = "default-src 'none'; style-src 'self'; img-src 'self'; connect-src 'self'; \
     form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

fn allow_boot_script() {
    let (Some(nonce), Some(response)) = (use_nonce(), use_context::<ResponseOptions>()) else { return };
    let policy = format!("{FIXED_POLICY}; script-src 'nonce-{nonce}' 'wasm-unsafe-eval'");
    if let Ok(value) = HeaderValue::from_str(&policy) {
        response.insert_header(header::CONTENT_SECURITY_POLICY, value);
    }
}

/// The whole document, for every route.
pub fn shell(names: &SiteNames) -> impl IntoView + use<> {
    // Islands wake by themselves; nothing else of the page is hydrated, so nothing of it is serialised for the browser.
    if let Some(context) = Owner::current_shared_context() {
        context.set_is_hydrating(false);
    }
    allow_boot_script();
    let file = |name: &str| format!("/pkg/{name}");
    view! {
        <!DOCTYPE html>
        <html lang="en">
            <head>
                <meta charset="utf-8" />
                <meta name="viewport" content="width=device-width, initial-scale=1" />
                <meta name="color-scheme" content="light dark" />
                <link rel="icon" type="image/svg+xml" href=file(&names.icon) />
                <link rel="stylesheet" href=file(&names.style) />
                <script type="module" nonce=use_nonce() src=file(&names.boot)></script>
                <MetaTags />
            </head>
            <body>
                <App />
            </body>
        </html>
    }
}

/// Where the page that is being drawn gets its news from.
fn stream() -> String {
    let path = use_context::<Parts>().map(|parts| parts.uri.path().to_owned()).unwrap_or_default();
    let signed_in = Visitor::current().is_some_and(|visitor| visitor.cx.is_some());
    if signed_in && LivePage::of(&path).is_some() { format!("/live?page={path}") } else { String::new() }
}

#[component]
fn App() -> impl IntoView {
    provide_meta_context();
    view! {
        <Title formatter=|text: String| if text.is_empty() { "Gatehouse".to_owned() } else { format!("{text} · Gatehouse") } />
        <Pages />
        <Live stream=stream() />
    }
}
