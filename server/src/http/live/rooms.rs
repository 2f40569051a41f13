//! Pages as they are now, each drawn once for all who may see the same of it.

use app::live::{Blank, Concern, Drawn, Fragment, LivePage, Sign, Tree, diff};
use model::{
    PersonId,
    person::{Role, Scope},
};
use services::{Failure, ReadCx, Services, Topic};
use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};
use tokio::{
    sync::{
        Notify,
        broadcast::{Receiver, error::RecvError},
        watch,
    },
    time::{Instant, sleep_until},
};

/// Several changes within this are one look.
const AT_MOST_EVERY: Duration = Duration::from_secs(1);
/// That the same was read again is news only so often: the ages on the page go on by themselves.
const TIMES_EVERY: Duration = Duration::from_secs(5);

/// What decides what a page shows.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Key {
    page: LivePage,
    role: Role,
    scope: Scope,
    /// Where it shows one's own.
    person: Option<PersonId>,
}

impl Key {
    pub fn of(page: LivePage, cx: &ReadCx) -> Self {
        let person = page.is_ones_own(cx.scope()).then_some(cx.person().id);
        Self { page, role: cx.role(), scope: cx.scope().clone(), person }
    }
}

/// One drawing.
pub struct Shot {
    /// Grows by one with whatever differs.
    pub number: u64,
    /// The moving elements as they are.
    pub whole: Vec<(&'static str, Arc<Tree>)>,
    /// What differs from the number before: events and their data.
    pub news: Vec<(&'static str, String)>,
    pub sign: Sign,
    /// Of what was told so far ([`Services::told`]) it knows so much.
    pub told: u64,
}

#[derive(Clone)]
pub enum View {
    Drawing,
    Shown(Arc<Shot>),
    /// There is no such page for whoever may see what these readers may.
    Gone,
    /// It could not be read.
    Failed,
}

#[derive(Default)]
pub struct Rooms {
    open: Mutex<HashMap<Key, Arc<Room>>>,
    blank: Blank,
}

struct Room {
    view: watch::Sender<View>,
    /// Somebody came who has to know what was told meanwhile.
    wanted: Notify,
}

/// A reader's end of it.
pub struct Seen {
    pub key: Key,
    view: watch::Receiver<View>,
    /// What was told before it was opened must be in what is shown.
    told: u64,
}

impl Seen {
    /// Whether there is anything to follow; the newest may still be on its way.
    pub async fn first(&mut self) -> View {
        let known = |view: &View| !matches!(view, View::Drawing);
        self.view.wait_for(known).await.map_or(View::Failed, |view| view.clone())
    }

    /// The present one, unless it is older than the page that opened it.
    pub fn now(&mut self) -> View {
        let view = self.view.borrow_and_update().clone();
        match &view {
            View::Shown(shot) if shot.told < self.told => View::Drawing,
            _ => view,
        }
    }

    /// The next one; false where there will be none.
    pub async fn changed(&mut self) -> bool {
        self.view.changed().await.is_ok()
    }
}

impl Rooms {
    pub fn join(self: &Arc<Self>, services: &Services, cx: &ReadCx, page: LivePage) -> Seen {
        let (key, told) = (Key::of(page.clone(), cx), services.told());
        let mut open = self.open();
        let room = open.entry(key.clone()).or_insert_with(|| {
            let room = Arc::new(Room { view: watch::Sender::new(View::Drawing), wanted: Notify::new() });
            let artist = Artist::new(services.clone(), cx.clone(), page, self.blank.clone());
            tokio::spawn(Arc::clone(self).keep(key.clone(), Arc::clone(&room), artist));
            room
        });
        let view = room.view.subscribe();
        if matches!(&*view.borrow(), View::Shown(shot) if shot.told < told) {
            room.wanted.notify_one();
        }
        Seen { key, view, told }
    }

    pub const fn blank(&self) -> &Blank {
        &self.blank
    }

    /// Draws for as long as anybody is there.
    async fn keep(self: Arc<Self>, key: Key, room: Arc<Room>, mut artist: Artist) {
        loop {
            let view = artist.look().await;
            let over = matches!(view, View::Gone | View::Failed);
            if over {
                // Whoever comes next asks anew.
                self.open().remove(&key);
            }
            room.view.send_replace(view);
            if over {
                return;
            }
            tokio::select! {
                () = artist.due(&room.wanted) => {}
                () = room.view.closed() => {
                    let mut open = self.open();
                    // Somebody may have come in just now.
                    if room.view.receiver_count() == 0 {
                        open.remove(&key);
                        return;
                    }
                }
            }
        }
    }

    fn open(&self) -> MutexGuard<'_, HashMap<Key, Arc<Room>>> {
        self.open.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Who draws one page again and again.
struct Artist {
    services: Services,
    /// For what its readers may see; whether each of them is still signed in is their streams' matter.
    cx: ReadCx,
    page: LivePage,
    blank: Blank,
    heard: Receiver<Topic>,
    concern: Concern,
    page_due: bool,
    looked: Instant,
    times_told: Instant,
    number: u64,
    /// What differed from the number before: kept until there is another one, for readers who are a little late.
    news: Vec<(&'static str, String)>,
    /// What the readers of that number have, but for times.
    sent: Vec<(&'static str, Arc<Tree>)>,
    whole: Vec<(&'static str, Arc<Tree>)>,
}

impl Artist {
    fn new(services: Services, cx: ReadCx, page: LivePage, blank: Blank) -> Self {
        let (heard, now) = (services.listen(), Instant::now());
        Self {
            services,
            cx,
            page,
            blank,
            heard,
            concern: Concern::Nothing,
            page_due: true,
            looked: now,
            times_told: now,
            number: 0,
            news: Vec::new(),
            sent: Vec::new(),
            whole: Vec::new(),
        }
    }

    async fn look(&mut self) -> View {
        self.looked = Instant::now();
        // Counted before anything is read: what is told meanwhile may not be in it.
        let told = self.services.told();
        if std::mem::take(&mut self.page_due) {
            match self.page.draw(&self.services, &self.cx, &self.blank).await {
                Ok(drawn) => self.take(drawn),
                Err(Failure::NotFound(_) | Failure::Forbidden(_)) => return View::Gone,
                Err(failure) => return failed(&failure),
            }
        }
        let sign = match self.services.clusters().standings(&self.cx).await {
            Ok(standings) => Sign::of(&standings),
            Err(failure) => return failed(&failure),
        };
        let (whole, news) = (self.whole.clone(), self.news.clone());
        View::Shown(Arc::new(Shot { number: self.number, whole, news, sign, told }))
    }

    /// What differs from what was drawn before makes another number.
    fn take(&mut self, drawn: Drawn) {
        self.concern = drawn.concern;
        let now = Instant::now();
        let times_due = now >= self.times_told + TIMES_EVERY;
        let mut news = Vec::new();
        for Fragment { id, html } in drawn.fragments {
            let Some(tree) = Tree::parse(html).map(Arc::new) else {
                tracing::error!("What was drawn for {id} is not one element.");
                continue;
            };
            put(&mut self.whole, id, &tree);
            let Some((_, old)) = self.sent.iter().find(|(known, _)| *known == id) else {
                put(&mut self.sent, id, &tree);
                news.push(("replace", whole(id, &tree)));
                continue;
            };
            let patch = diff(old, &tree);
            if patch.is_empty() || (patch.is_times_only() && !times_due) {
                continue;
            }
            self.times_told = now;
            news.push(("patch", patch.message(id)));
            put(&mut self.sent, id, &tree);
        }
        if !news.is_empty() {
            self.number += 1;
            self.news = news;
        }
    }

    /// Returns when it may have become another one.
    async fn due(&mut self, wanted: &Notify) {
        let quiet = self.looked + self.quiet();
        tokio::select! {
            heard = self.heard.recv() => match heard {
                Ok(topic) => self.page_due |= self.concern.hears(topic),
                Err(RecvError::Lagged(_)) => self.all_due(),
                // The console is stopping, and nothing is told any more.
                Err(RecvError::Closed) => std::future::pending().await,
            },
            () = wanted.notified() => self.all_due(),
            () = sleep_until(quiet) => self.all_due(),
        }
        sleep_until(self.looked + AT_MOST_EVERY).await;
        // What was told while nothing was due is part of this look.
        while let Ok(topic) = self.heard.try_recv() {
            self.page_due |= self.concern.hears(topic);
        }
    }

    /// What grows old changes by that alone.
    fn quiet(&self) -> Duration {
        Duration::from_secs(u64::from(self.services.interval()).clamp(2, 10))
    }

    fn all_due(&mut self) {
        self.page_due = self.concern != Concern::Nothing;
    }
}

fn put(trees: &mut Vec<(&'static str, Arc<Tree>)>, id: &'static str, tree: &Arc<Tree>) {
    match trees.iter_mut().find(|(known, _)| *known == id) {
        Some(place) => place.1 = Arc::clone(tree),
        None => trees.push((id, Arc::clone(tree))),
    }
}

/// An element as it is sent whole.
pub fn whole(id: &str, tree: &Tree) -> String {
    format!("{id}\n{}", tree.outer(tree.root()))
}

fn failed(failure: &Failure) -> View {
    tracing::error!("An open page could not be drawn: {failure}");
    View::Failed
}

#[cfg(test)]
mod tests;
