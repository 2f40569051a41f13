//! One open page.

use super::{
    HEARTBEAT, Live,
    places::Place,
    rooms::{Key, Seen, Shot, View, whole},
};
use crate::http::site::Site;
use app::live::{LivePage, Sign};
use axum::response::sse::Event;
use services::{Failure, ReadCx, Services};
use std::{collections::VecDeque, convert::Infallible, sync::Arc};
use tokio::time::{Instant, sleep_until};

pub struct Follower {
    services: Services,
    live: Arc<Live>,
    cx: ReadCx,
    page: LivePage,
    seen: Seen,
    /// Which drawing the browser has.
    number: Option<u64>,
    sign: Option<Sign>,
    glance: bool,
    /// A glance needs none.
    place: Option<Place>,
    waiting: VecDeque<Event>,
    beat: Instant,
    over: bool,
}

/// Why a follower wakes.
enum Woken {
    Changed(bool),
    Beat,
    Lost,
}

impl Follower {
    pub fn new(site: &Site, cx: ReadCx, page: LivePage, seen: Seen, glance: bool) -> Self {
        let place = (!glance).then(|| site.live.places.take(&cx));
        let mut follower = Self {
            services: site.services.clone(),
            live: Arc::clone(&site.live),
            cx,
            page,
            seen,
            number: None,
            sign: None,
            glance,
            place,
            waiting: VecDeque::new(),
            beat: Instant::now(),
            over: false,
        };
        follower.send_beat();
        // The session was looked up for this very request.
        follower.show();
        follower
    }

    pub async fn next(mut self) -> Option<(Result<Event, Infallible>, Self)> {
        loop {
            if let Some(event) = self.waiting.pop_front() {
                return Some((Ok(event), self));
            }
            if self.over {
                return None;
            }
            match self.woken().await {
                // Another stream took its place, or nobody draws any more: the console is stopping.
                Woken::Lost | Woken::Changed(false) => self.over = true,
                Woken::Changed(true) => self.look().await,
                Woken::Beat => {
                    self.send_beat();
                    // A session that ran out tells nobody.
                    self.look().await;
                }
            }
        }
    }

    async fn woken(&mut self) -> Woken {
        let lost = async {
            match &self.place {
                Some(place) => place.lost.notified().await,
                None => std::future::pending().await,
            }
        };
        tokio::select! {
            () = lost => Woken::Lost,
            () = sleep_until(self.beat) => Woken::Beat,
            changed = self.seen.changed() => Woken::Changed(changed),
        }
    }

    fn send_beat(&mut self) {
        self.beat = Instant::now() + HEARTBEAT;
        self.waiting.push_back(event("beat", self.services.now().as_millisecond().to_string()));
    }

    async fn look(&mut self) {
        // Role and scope may be others by now: what is sent next is what they may see now.
        match self.services.sessions().reader_again(&self.cx).await {
            Ok(Some(cx)) => self.cx = cx,
            Ok(None) => return self.reload(),
            Err(failure) => return self.fall_silent(&failure),
        }
        if self.seen.key != Key::of(self.page.clone(), &self.cx) {
            self.seen = self.live.rooms.join(&self.services, &self.cx, self.page.clone());
            self.number = None;
        }
        self.show();
    }

    fn show(&mut self) {
        match self.seen.now() {
            View::Drawing => {}
            View::Shown(shot) => self.send(&shot),
            View::Gone => self.reload(),
            // What cannot be read is not vouched for by going on beating; the browser asks again.
            View::Failed => self.over = true,
        }
    }

    /// What the browser does not have. Who missed one gets all of it whole.
    fn send(&mut self, shot: &Shot) {
        if self.number != Some(shot.number) {
            let next = self.number.is_some_and(|number| number + 1 == shot.number);
            let news: Vec<Event> = if next {
                shot.news.iter().map(|(name, data)| self.filled(name, data)).collect()
            } else {
                shot.whole.iter().map(|(id, tree)| self.filled("replace", &whole(id, tree))).collect()
            };
            self.waiting.extend(news);
            self.number = Some(shot.number);
        }
        if self.sign.as_ref() != Some(&shot.sign) {
            self.waiting.push_back(event("sign", shot.sign.message()));
            self.sign = Some(shot.sign.clone());
        }
        self.over |= self.glance;
    }

    /// The drawing is everybody's; a form's token is one reader's.
    fn filled(&self, name: &str, data: &str) -> Event {
        let person = Some(self.cx.person().id);
        let token =
            |door: Option<&str>| self.services.forms().token(door.unwrap_or_default(), person).unwrap_or_default();
        event(name, self.live.rooms.blank().filled(data, token))
    }

    /// The page itself says what is wrong, or asks to sign in.
    fn reload(&mut self) {
        self.waiting.push_back(event("reload", "changed"));
        self.over = true;
    }

    fn fall_silent(&mut self, failure: &Failure) {
        tracing::error!("An open page could not be followed: {failure}");
        self.over = true;
    }
}

fn event(name: &str, data: impl AsRef<str>) -> Event {
    Event::default().event(name).data(data)
}
