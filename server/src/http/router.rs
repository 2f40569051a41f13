//! All routes of the console.

use crate::http::{assets, bodies, export, hosts, live, refusals, requests, security, sessions, site::Site, weight};
use app::Pages;
use axum::{
    Router,
    extract::State,
    http::StatusCode,
    middleware::from_fn_with_state,
    routing::{MethodRouter, get},
};
use leptos::prelude::provide_context;
use leptos_axum::{LeptosRoutes, generate_route_list, render_app_async_with_context};

/// The console as one service.
pub fn router(site: Site) -> Router {
    let context = {
        let site = site.clone();
        move || {
            provide_context(site.services.clone());
            provide_context(site.cookies);
            provide_context(site.hints.clone());
        }
    };
    let shell = {
        let names = site.names.clone();
        move || app::shell::shell(&names)
    };
    // An address that is no page's is drawn by the same program, whose own fallback says so.
    let no_page = get(render_app_async_with_context(context.clone(), shell.clone()));
    let pages = Router::new().leptos_routes_with_context(&site, generate_route_list(Pages), context, shell);
    others()
        .into_iter()
        .fold(pages, |router, (path, answer)| router.route(path, answer))
        .fallback_service(no_page.with_state(site.clone()))
        // What stands below is asked first.
        .layer(from_fn_with_state(site.clone(), refusals::in_words))
        .layer(from_fn_with_state(site.clone(), bodies::whole))
        .layer(from_fn_with_state(site.clone(), sessions::resolve))
        .layer(from_fn_with_state(site.clone(), security::same_origin))
        .layer(from_fn_with_state(site.clone(), hosts::ours))
        .layer(from_fn_with_state(site.clone(), refusals::recorded))
        .layer(from_fn_with_state(site.clone(), requests::begin))
        .layer(from_fn_with_state(site.clone(), security::headers))
        .layer(weight::compression())
        .with_state(site)
}

/// All pages, with `{name}` where an id belongs.
pub fn pages() -> Vec<String> {
    generate_route_list(Pages).into_iter().map(|route| route.path().to_owned()).collect()
}

/// For whoever watches over the service: 503 with sentences while Gatehouse's own data is not in order.
async fn health(State(site): State<Site>) -> (StatusCode, String) {
    let troubles: Vec<String> =
        site.services.health().troubles().iter().map(model::health::ConsoleTrouble::sentence).collect();
    if troubles.is_empty() {
        (StatusCode::OK, "ok".into())
    } else {
        (StatusCode::SERVICE_UNAVAILABLE, troubles.join("\n"))
    }
}

/// What is answered by GET and is no page.
fn others() -> [(&'static str, MethodRouter<Site>); 4] {
    [
        ("/pkg/{name}", get(assets::serve)),
        ("/live", get(live::stream)),
        (app::routes::AUDIT_CSV, get(export::csv)),
        ("/health", get(health)),
    ]
}

/// Where that is.
pub fn other_paths() -> Vec<&'static str> {
    others().into_iter().map(|(path, _)| path).collect()
}
