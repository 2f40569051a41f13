//! The event stream of a page: the present state at once, then each moving part again whenever it changes.

use crate::http::router::Site;
use app::{
    live::{Fragment, LivePage},
    visitor::Visitor,
};
use axum::{
    Extension,
    extract::{Query, State},
    http::StatusCode,
    response::{
        IntoResponse, Response,
        sse::{Event, KeepAlive, Sse},
    },
};
use futures::stream;
use services::{ReadCx, Services, Topic};
use std::{collections::HashMap, convert::Infallible, time::Duration};
use tokio::sync::broadcast::{Receiver, error::RecvError};

/// A quiet stream says this often that it is alive, and looks whether its reader is still signed in.
const HEARTBEAT: Duration = Duration::from_secs(15);

#[derive(serde::Deserialize)]
pub struct Asked {
    #[serde(default)]
    page: String,
}

/// `GET /live?page=/clusters/7`.
pub async fn stream(
    State(site): State<Site>,
    Extension(visitor): Extension<Visitor>,
    Query(asked): Query<Asked>,
) -> Response {
    let Some(cx) = visitor.cx else { return StatusCode::UNAUTHORIZED.into_response() };
    let Some(page) = LivePage::of(&asked.page) else {
        return (StatusCode::NOT_FOUND, "Nothing on this page moves.").into_response();
    };
    let heard = site.services.listen();
    let follower =
        Follower { services: site.services, cx, page, heard, sent: HashMap::new(), due: true, waiting: Vec::new() };
    let events = stream::unfold(follower, Follower::next);
    Sse::new(events).keep_alive(KeepAlive::new().interval(HEARTBEAT)).into_response()
}

/// One open page.
struct Follower {
    services: Services,
    cx: ReadCx,
    page: LivePage,
    heard: Receiver<Topic>,
    /// What the browser has, by id, so that only changes travel.
    sent: HashMap<&'static str, String>,
    due: bool,
    waiting: Vec<Fragment>,
}

impl Follower {
    async fn next(mut self) -> Option<(Result<Event, Infallible>, Self)> {
        loop {
            if let Some(fragment) = self.waiting.pop() {
                let event = Event::default().event("replace").data(format!("{}\n{}", fragment.id, fragment.html));
                self.sent.insert(fragment.id, fragment.html);
                return Some((Ok(event), self));
            }
            if self.due {
                self.due = false;
                match self.page.fragments(&self.services, &self.cx).await {
                    Ok(fragments) => {
                        let sent = &self.sent;
                        self.waiting =
                            fragments.into_iter().filter(|new| sent.get(new.id) != Some(&new.html)).collect();
                        continue;
                    }
                    // The page itself says what is wrong; the stream only asks for it.
                    Err(_) => return Some((Ok(Event::default().event("reload").data("gone")), self.ended())),
                }
            }
            if !self.wait().await {
                return None;
            }
        }
    }

    /// Until something changed, or long enough for ages to look different. False: the reader is signed out.
    async fn wait(&mut self) -> bool {
        let news = tokio::time::timeout(HEARTBEAT, self.heard.recv()).await;
        // Several changes at once are one look.
        while self.heard.try_recv().is_ok() {}
        self.due = true;
        if matches!(news, Ok(Err(RecvError::Closed))) {
            return false;
        }
        self.services.still_signed_in(&self.cx).await
    }

    /// After its last event: nothing more is due, and the bus is gone for it.
    fn ended(mut self) -> Self {
        let (_, closed) = tokio::sync::broadcast::channel(1);
        self.heard = closed;
        self
    }
}
