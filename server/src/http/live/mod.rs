//! The event stream of a page: the present state at once, then what differs whenever something changed, and a heartbeat
//! by which the browser knows that there is nothing to say and nobody is gone.
//!
//! | event | data |
//! |---|---|
//! | `beat` | the console's clock in milliseconds; see [`HEARTBEAT`] |
//! | `sign` | title and icon, see `app::live::Sign` |
//! | `replace` | an element's id, a line break, its HTML |
//! | `patch` | what differs in an element, see `app::live::Patch` |
//! | `reload` | the page itself says what is wrong, or asks to sign in |
//!
//! A page is drawn once for all who may see the same of it (`rooms`), so that a hundred readers cost as much as one; each
//! stream (`follower`) sends what its browser does not have, and there are so many for each person (`places`). Who takes
//! nothing of what is sent is dropped by `connections`; who takes it slowly misses what came between.

mod follower;
mod places;
mod rooms;

use crate::http::{refusals, router::Site, said::Told};
use app::{live::LivePage, visitor::Visitor};
use axum::{
    Extension,
    extract::{Query, State, rejection::QueryRejection},
    http::{HeaderName, StatusCode, header},
    response::{IntoResponse, Response, sse::Sse},
};
use follower::Follower;
use futures::stream;
use places::Places;
use rooms::{Rooms, View};
use std::{sync::Arc, time::Duration};

/// After two of these and a little the browser says that it hears nothing (`app::islands::live::follow`): within half a
/// minute.
const HEARTBEAT: Duration = Duration::from_secs(10);

/// All open streams.
#[derive(Default)]
pub struct Live {
    rooms: Arc<Rooms>,
    places: Arc<Places>,
}

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
    let mut view = site.live.rooms.join(&site.services, &cx, page);
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
    (headers, Sse::new(stream::unfold(follower, Follower::next))).into_response()
}
