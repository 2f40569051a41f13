//! The document around every page.

use crate::{
    islands::Live,
    live::LivePage,
    pages::router::Pages,
    routes,
    visitor::{Visitor, services},
};
use http::{HeaderValue, header, request::Parts};
use leptos::{nonce::use_nonce, prelude::*};
use leptos_axum::ResponseOptions;
use leptos_meta::{MetaTags, Title, provide_meta_context};
use leptos_router::location::Url;

/// Content-hashed names of the embedded files, handed in by the server.
#[derive(Clone, Debug)]
pub struct SiteNames {
    pub boot: String,
    pub style: String,
    pub icons: Icons,
}

/// The icon in each state's colour and shape.
#[derive(Clone, Debug, Default)]
pub struct Icons {
    pub plain: String,
    pub good: String,
    pub warn: String,
    pub bad: String,
    pub unknown: String,
    /// Gatehouse itself was not heard.
    pub stale: String,
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
                <link
                    rel="icon"
                    id="icon"
                    type="image/svg+xml"
                    href=file(&names.icons.plain)
                    data-quiet=file(&names.icons.plain)
                    data-good=file(&names.icons.good)
                    data-warn=file(&names.icons.warn)
                    data-bad=file(&names.icons.bad)
                    data-unknown=file(&names.icons.unknown)
                    data-stale=file(&names.icons.stale)
                />
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

/// Where the page that is being drawn gets its news from: every page of somebody signed in has a title to keep true. Nobody
/// else has anything to follow, and loads nothing for it.
fn follow() -> Option<(String, bool)> {
    Visitor::current().and_then(|visitor| visitor.cx)?;
    let uri = use_context::<Parts>().map(|parts| parts.uri).unwrap_or_default();
    // The log with filters is what was searched for; new records would push it away.
    let filtered = uri.path() == routes::AUDIT && uri.query().is_some_and(|query| !query.is_empty());
    let asked =
        if filtered { String::new() } else { uri.path_and_query().map(ToString::to_string).unwrap_or_default() };
    let page = LivePage::of(&asked);
    let path = if filtered { "" } else { uri.path() };
    Some((stream(&page.address(path)), page == LivePage::Still))
}

/// A path stands in an address as it is; what it is filtered by does not.
fn stream(page: &str) -> String {
    let (path, query) = page.split_once('?').unwrap_or((page, ""));
    let query = if query.is_empty() { String::new() } else { Url::escape(&format!("?{query}")) };
    format!("/live?page={path}{query}")
}

/// `leptos_meta` puts the title into the document as it is, and names come from people and appliances.
fn titled(text: String) -> String {
    if text.is_empty() { "Gatehouse".to_owned() } else { format!("{} · Gatehouse", html_escape::encode_text(&text)) }
}

#[component]
fn App() -> impl IntoView {
    provide_meta_context();
    let now = services().now().as_millisecond();
    view! {
        <Title formatter=titled />
        <Pages />
        {follow().map(|(stream, still)| view! { <Live stream still now /> })}
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pages::listing::field;

    #[test]
    fn a_filter_reaches_the_stream_as_it_was_typed() {
        assert_eq!(stream("/clusters/7"), "/live?page=/clusters/7");
        let there = stream("/?text=a%26b&state=bad");
        assert_eq!(there, "/live?page=/%3Ftext%3Da%2526b%26state%3Dbad");
        assert_eq!(field(&there)("page").as_deref(), Some("/?text=a%26b&state=bad"));
    }

    #[test]
    fn a_title_is_text() {
        assert_eq!(titled("A </title><h1> & B".into()), "A &lt;/title&gt;&lt;h1&gt; &amp; B · Gatehouse");
        assert_eq!(titled(String::new()), "Gatehouse");
    }
}
