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

use crate::http::router::Site;
use app::{
    live::{Concern, Drawn, Fragment, LivePage, Sign, Tree, diff},
    visitor::Visitor,
};
use axum::{
    Extension,
    extract::{Query, State},
    http::{HeaderName, StatusCode, header},
    response::{
        IntoResponse, Response,
        sse::{Event, Sse},
    },
};
use futures::stream;
use services::{Failure, ReadCx, Services, Topic};
use std::{
    collections::{HashMap, VecDeque},
    convert::Infallible,
    time::Duration,
};
use tokio::{
    sync::broadcast::{Receiver, error::RecvError},
    time::{Instant, timeout_at},
};

/// After two of these and a little the browser says that it hears nothing (`app::islands::live::follow`): within half a
/// minute.
const HEARTBEAT: Duration = Duration::from_secs(10);
/// Several changes within this are one look.
const AT_MOST_EVERY: Duration = Duration::from_secs(1);
/// That the same was read again is news only so often: the ages on the page go on by themselves.
const TIMES_EVERY: Duration = Duration::from_secs(5);

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
    Query(asked): Query<Asked>,
) -> Response {
    let Some(cx) = visitor.cx else { return StatusCode::UNAUTHORIZED.into_response() };
    let page = if asked.glance.is_some() { LivePage::Still } else { LivePage::of(&asked.page) };
    let heard = site.services.listen();
    let first = match page.draw(&site.services, &cx).await {
        Ok(drawn) => drawn,
        // A page that says itself that there is nothing has nothing to follow; 204 tells the browser not to ask again.
        Err(Failure::NotFound(_) | Failure::Forbidden(_)) => return StatusCode::NO_CONTENT.into_response(),
        Err(failure) => return not_now(&failure),
    };
    // A beat vouches for title and icon as well, so these are known before the first one.
    let sign = match site.services.standings(&cx).await {
        Ok(standings) => Sign::of(&standings),
        Err(failure) => return not_now(&failure),
    };
    let mut follower = Follower::new(site.services, cx, page, heard);
    follower.tell_beat();
    follower.take(first);
    follower.take_sign(sign);
    follower.over = asked.glance.is_some();
    let headers = [
        (header::CACHE_CONTROL, "no-store, no-transform"),
        // A proxy that collects before it sends would make a live page a late one.
        (HeaderName::from_static("x-accel-buffering"), "no"),
    ];
    (headers, Sse::new(stream::unfold(follower, Follower::next))).into_response()
}

/// It may pass: whoever asked asks again.
fn not_now(failure: &Failure) -> Response {
    tracing::error!("A page's stream could not begin: {failure}");
    let sentence = "This could not be read just now. The page tries again by itself.";
    (StatusCode::SERVICE_UNAVAILABLE, [(header::RETRY_AFTER, "5")], sentence).into_response()
}

fn event(name: &str, data: impl AsRef<str>) -> Event {
    Event::default().event(name).data(data)
}

/// Something was told that may change it.
#[derive(Clone, Copy, Default)]
struct Due {
    page: bool,
    /// Title and icon.
    sign: bool,
}

/// One open page.
struct Follower {
    services: Services,
    cx: ReadCx,
    page: LivePage,
    concern: Concern,
    heard: Receiver<Topic>,
    /// What the browser has, by id, so that only changes travel.
    sent: HashMap<&'static str, Tree>,
    sign: Option<Sign>,
    waiting: VecDeque<Event>,
    due: Due,
    looked: Instant,
    times_told: Instant,
    beat: Instant,
    over: bool,
}

impl Follower {
    fn new(services: Services, cx: ReadCx, page: LivePage, heard: Receiver<Topic>) -> Self {
        let now = Instant::now();
        Self {
            services,
            cx,
            page,
            concern: Concern::Nothing,
            heard,
            sent: HashMap::new(),
            sign: None,
            waiting: VecDeque::new(),
            due: Due::default(),
            looked: now,
            times_told: now,
            beat: now,
            over: false,
        }
    }

    async fn next(mut self) -> Option<(Result<Event, Infallible>, Self)> {
        loop {
            if let Some(event) = self.waiting.pop_front() {
                return Some((Ok(event), self));
            }
            if self.over {
                return None;
            }
            let now = Instant::now();
            let due = self.due.page || self.due.sign;
            if now >= self.beat {
                self.tell_beat();
                // A session that ran out tells nobody.
                self.due.sign = true;
            } else if due && now >= self.looked + AT_MOST_EVERY {
                self.looked = now;
                self.look().await;
            } else {
                let until = if due { self.looked + AT_MOST_EVERY } else { self.beat.min(self.looked + self.quiet()) };
                self.wait(until).await;
            }
        }
    }

    /// What grows old changes by that alone.
    fn quiet(&self) -> Duration {
        Duration::from_secs(u64::from(self.services.interval()).clamp(2, 10))
    }

    async fn wait(&mut self, until: Instant) {
        match timeout_at(until, self.heard.recv()).await {
            Ok(Ok(topic)) => {
                self.due.page |= self.concern.hears(topic);
                self.due.sign = true;
            }
            Ok(Err(RecvError::Closed)) => self.over = true,
            Ok(Err(RecvError::Lagged(_))) => self.all_due(),
            Err(_) if Instant::now() >= self.looked + self.quiet() => self.all_due(),
            Err(_) => {}
        }
    }

    fn all_due(&mut self) {
        self.due.page = self.concern != Concern::Nothing;
        self.due.sign = true;
    }

    async fn look(&mut self) {
        // Role and scope may be others by now: what is drawn next is what they may see now.
        match self.services.again(&self.cx).await {
            Ok(Some(cx)) => {
                self.due.page |= cx.role() != self.cx.role() || cx.scope() != self.cx.scope();
                self.cx = cx;
            }
            Ok(None) => return self.reload(),
            Err(failure) => return self.fall_silent(&failure),
        }
        if std::mem::take(&mut self.due.page) {
            match self.page.draw(&self.services, &self.cx).await {
                Ok(drawn) => self.take(drawn),
                Err(Failure::NotFound(_) | Failure::Forbidden(_)) => return self.reload(),
                Err(failure) => return self.fall_silent(&failure),
            }
        }
        if std::mem::take(&mut self.due.sign) {
            match self.services.standings(&self.cx).await {
                Ok(standings) => self.take_sign(Sign::of(&standings)),
                Err(failure) => return self.fall_silent(&failure),
            }
        }
    }

    fn tell_beat(&mut self) {
        self.beat = Instant::now() + HEARTBEAT;
        self.waiting.push_back(event("beat", self.services.now().as_millisecond().to_string()));
    }

    fn take_sign(&mut self, sign: Sign) {
        if self.sign.as_ref() != Some(&sign) {
            self.waiting.push_back(event("sign", sign.message()));
            self.sign = Some(sign);
        }
    }

    /// What differs from what the browser has.
    fn take(&mut self, drawn: Drawn) {
        self.concern = drawn.concern;
        let now = Instant::now();
        let times_due = now >= self.times_told + TIMES_EVERY;
        for Fragment { id, html } in drawn.fragments {
            let Some(tree) = Tree::parse(html) else {
                tracing::error!("What was drawn for {id} is not one element.");
                continue;
            };
            let Some(old) = self.sent.get(id) else {
                self.waiting.push_back(event("replace", format!("{id}\n{}", tree.outer(tree.root()))));
                self.sent.insert(id, tree);
                continue;
            };
            let patch = diff(old, &tree);
            if patch.is_empty() || (patch.is_times_only() && !times_due) {
                continue;
            }
            self.times_told = now;
            self.waiting.push_back(event("patch", patch.message(id)));
            self.sent.insert(id, tree);
        }
    }

    /// The page itself says what is wrong, or asks to sign in.
    fn reload(&mut self) {
        self.waiting.push_back(event("reload", "changed"));
        self.over = true;
    }

    /// What cannot be read is not vouched for by going on beating; the browser asks again.
    fn fall_silent(&mut self, failure: &Failure) {
        tracing::error!("An open page could not be drawn again: {failure}");
        self.over = true;
    }
}
