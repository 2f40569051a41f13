//! How many streams one session and one person may have open. The oldest ends where there is one too many: after a broken
//! connection that is the one which nobody hears any more.

use model::PersonId;
use services::ReadCx;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use tokio::sync::Notify;

/// A browser follows only what somebody looks at; so many windows nobody sees at once.
const OF_SESSION: usize = 12;
/// On three machines.
const OF_PERSON: usize = 36;

#[derive(Default)]
pub struct Places(Mutex<Taken>);

#[derive(Default)]
struct Taken {
    next: u64,
    /// In the order in which they were taken.
    open: Vec<Seat>,
}

struct Seat {
    number: u64,
    session: String,
    person: PersonId,
    lost: Arc<Notify>,
}

/// One stream's; given back when it ends.
pub struct Place {
    number: u64,
    places: Arc<Places>,
    pub lost: Arc<Notify>,
}

impl Places {
    pub fn take(self: &Arc<Self>, cx: &ReadCx) -> Place {
        self.take_for(cx.session_id().unwrap_or_default(), cx.person().id)
    }

    fn take_for(self: &Arc<Self>, session: String, person: PersonId) -> Place {
        let mut taken = self.taken();
        taken.make_room(OF_SESSION, |seat| seat.session == session);
        taken.make_room(OF_PERSON, |seat| seat.person == person);
        taken.next += 1;
        let (number, lost) = (taken.next, Arc::new(Notify::new()));
        taken.open.push(Seat { number, session, person, lost: Arc::clone(&lost) });
        Place { number, places: Arc::clone(self), lost }
    }

    fn taken(&self) -> MutexGuard<'_, Taken> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Taken {
    fn make_room(&mut self, most: usize, of: impl Fn(&Seat) -> bool) {
        while self.open.iter().filter(|seat| of(seat)).count() >= most
            && let Some(oldest) = self.open.iter().position(&of)
        {
            self.open.remove(oldest).lost.notify_one();
        }
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        self.places.taken().open.retain(|seat| seat.number != self.number);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use futures::FutureExt;

    fn is_lost(place: &Place) -> bool {
        place.lost.notified().now_or_never().is_some()
    }

    #[test]
    fn the_oldest_of_too_many_ends_and_nobody_elses() {
        let places = Arc::new(Places::default());
        let take = |session: &str, person| places.take_for(session.to_owned(), PersonId(person));
        let other = take("olga's", 2);
        let mut open: Vec<Place> = (0..300).map(|_| take("ada's", 1)).collect();
        assert_eq!(places.taken().open.len(), OF_SESSION + 1);
        let lost: Vec<bool> = open.iter().map(is_lost).collect();
        assert_eq!(lost.iter().filter(|lost| **lost).count(), 300 - OF_SESSION);
        assert!(lost[0] && !lost[299] && !is_lost(&other));
        // What was given back is free again.
        open.pop();
        open.push(take("ada's", 1));
        assert!(!is_lost(&open[298]));
        let sessions: Vec<Place> = (0..100).map(|n| take(&format!("ada's {n}"), 1)).collect();
        assert_eq!(places.taken().open.len(), OF_PERSON + 1);
        assert!(is_lost(&sessions[0]) && !is_lost(&sessions[99]) && !is_lost(&other));
    }
}
