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
    // A page that says itself that there is nothing has nothing to follow; 204 tells the browser not to ask again.
    if page.fragments(&site.services, &cx).await.is_err() {
        return StatusCode::NO_CONTENT.into_response();
    }
    let follower =
        Follower { services: site.services, cx, page, heard, sent: HashMap::new(), due: true, waiting: Vec::new() };
    let events = stream::unfold(follower, Follower::next);
    Sse::new(events).keep_alive(KeepAlive::new().interval(HEARTBEAT)).into_response()
}

enum Next {
    Look,
    SignedOut,
    End,
}

/// The page itself says what is wrong, or asks to sign in.
fn reload() -> Event {
    Event::default().event("reload").data("changed")
}

/// A form's one-time token is new in each drawing; that alone is no change, and replacing a button under somebody's
/// finger would lose the click.
fn without_tokens(html: &str) -> String {
    let mut kept = String::with_capacity(html.len());
    let mut digits = 0;
    for c in html.chars() {
        digits = if c.is_ascii_hexdigit() { digits + 1 } else { 0 };
        kept.push(c);
        if digits == 64 {
            kept.truncate(kept.len() - 64);
            digits = 0;
        }
    }
    kept
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
                self.sent.insert(fragment.id, without_tokens(&fragment.html));
                return Some((Ok(event), self));
            }
            if self.due {
                self.due = false;
                match self.page.fragments(&self.services, &self.cx).await {
                    Ok(fragments) => {
                        let sent = &self.sent;
                        self.waiting = fragments
                            .into_iter()
                            .filter(|new| sent.get(new.id) != Some(&without_tokens(&new.html)))
                            .collect();
                        continue;
                    }
                    Err(_) => return Some((Ok(reload()), self.ended())),
                }
            }
            match self.wait().await {
                Next::Look => {}
                Next::SignedOut => return Some((Ok(reload()), self.ended())),
                Next::End => return None,
            }
        }
    }

    /// Until something changed, or long enough for ages to look different.
    async fn wait(&mut self) -> Next {
        let news = tokio::time::timeout(HEARTBEAT, self.heard.recv()).await;
        // Several changes at once are one look.
        while self.heard.try_recv().is_ok() {}
        self.due = true;
        if matches!(news, Ok(Err(RecvError::Closed))) {
            return Next::End;
        }
        // Role and scope may be others by now: what is drawn next is what they may see now.
        match self.services.again(&self.cx).await {
            Ok(Some(cx)) => {
                self.cx = cx;
                Next::Look
            }
            _ => Next::SignedOut,
        }
    }

    /// After its last event: nothing more is due, and the bus is gone for it.
    fn ended(mut self) -> Self {
        let (_, closed) = tokio::sync::broadcast::channel(1);
        self.heard = closed;
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_new_token_alone_is_no_change() {
        let button = |token: &str| format!("<input value=\"{token}\"><button>Go on 12</button>");
        assert_eq!(without_tokens(&button(&"0a".repeat(32))), without_tokens(&button(&"f3".repeat(32))));
        assert_ne!(without_tokens("<b>12 of 12</b>"), without_tokens("<b>11 of 12</b>"));
    }
}
