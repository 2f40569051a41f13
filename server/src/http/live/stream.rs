//! The door: who may follow what.

use super::{follower::Follower, rooms::View};
use crate::http::{refusals, said::Told, site::Site};
use app::{live::LivePage, visitor::Visitor};
use axum::{
    Extension,
    extract::{Query, State, rejection::QueryRejection},
    http::{HeaderName, StatusCode, header},
    response::{IntoResponse, Response, sse::Sse},
};

#[derive(serde::Deserialize)]
pub struct Asked {
    #[serde(default)]
    page: String,
    /// Title and icon once, and no more: a page that nobody looks at.
    glance: Option<u8>,
}

/// `GET /live?page=/clusters/7`.
pub async fn stream(
    State(site): State<Site>,
    Extension(visitor): Extension<Visitor>,
    asked: Result<Query<Asked>, QueryRejection>,
) -> Response {
    let Ok(Query(asked)) = asked else { return refusals::unreadable(&site, &Told::default()) };
    let Some(cx) = visitor.cx else { return StatusCode::UNAUTHORIZED.into_response() };
    let glance = asked.glance.is_some();
    let page = if glance { LivePage::Still } else { LivePage::of(&asked.page) };
    let mut view = site.live.rooms.join(&site.services, &cx, page.clone());
    match view.first().await {
        // A page that says itself that there is nothing has nothing to follow; 204 tells the browser not to ask again.
        View::Gone => return StatusCode::NO_CONTENT.into_response(),
        View::Failed => {
            let sentence = "This could not be read just now. The page tries again by itself.";
            return (StatusCode::SERVICE_UNAVAILABLE, [(header::RETRY_AFTER, "5")], sentence).into_response();
        }
        View::Drawing | View::Shown(_) => {}
    }
    let follower = Follower::new(&site, cx, page, view, glance);
    let headers = [
        (header::CACHE_CONTROL, "no-store, no-transform"),
        // A proxy that collects before it sends would make a live page a late one.
        (HeaderName::from_static("x-accel-buffering"), "no"),
    ];
    (headers, Sse::new(futures::stream::unfold(follower, Follower::next))).into_response()
}
