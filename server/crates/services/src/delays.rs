//! Sign-ins that wait: what delays one, what the log says of it, and the admin who lifts it.

use crate::{AdminCx, Failure, Origin, Topic, cx::entry, ground::Ground};
use model::{
    At, PersonId,
    clock::time_text,
    delay::{Delay, DelaySubject, WINDOW},
    person::Person,
    record::{Actor, Entry, Outcome, RecordKind},
};
use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex},
};
use store::{
    delays::{DelayRow, kept_out_in, key_text, lift_in, take_ended_in},
    records,
    sign_in::Attempt,
};

/// One delay as an admin sees it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DelayView {
    pub id: i64,
    /// `vera from 10.0.0.9`.
    pub what: String,
    pub until: At,
    pub wrong: i64,
    /// Tries that came meanwhile.
    pub kept_out: u64,
}

/// Tries that a delay kept out, by its key. Not on disk: a try that is kept out costs nothing.
#[derive(Default)]
pub(crate) struct KeptOut(Mutex<BTreeMap<String, u64>>);

impl KeptOut {
    fn one_more(&self, key: &str) -> u64 {
        let Ok(mut counts) = self.0.lock() else { return u64::MAX };
        if counts.len() > 1_000 {
            counts.clear();
        }
        let count = counts.entry(key.to_owned()).or_default();
        *count = count.saturating_add(1);
        *count
    }

    fn by(&self, delay: &DelayRow, forget: bool) -> u64 {
        let key = key_text(delay.about, &delay.attempt);
        let Ok(mut counts) = self.0.lock() else { return 0 };
        if forget { counts.remove(&key) } else { counts.get(&key).copied() }.unwrap_or_default()
    }
}

#[derive(Clone)]
pub struct Delays {
    pub(crate) ground: Arc<Ground>,
    pub(crate) kept_out: Arc<KeptOut>,
}

fn what(about: DelaySubject, from: &str, name: Option<&str>) -> String {
    let name = name.unwrap_or("a name that nobody has");
    match about {
        DelaySubject::NameFromAddress => format!("{name} from {from}"),
        DelaySubject::Name => format!("{name} from browsers that never signed in as such"),
        DelaySubject::Address => format!("any name from {from}"),
        DelaySubject::Device => format!("{name} in a browser that is known"),
    }
}

/// The record of a delay that begins or grows.
pub(crate) fn begun(blank: &Entry, attempt: &Attempt, whose: Option<&Person>, delay: &Delay) -> Entry {
    let what = what(delay.about, &attempt.from, whose.map(|person| person.name.as_str()));
    let until = time_text(delay.until);
    Entry {
        summary: format!("Sign-in as {what} waits until {until} after {} wrong passwords.", delay.failures),
        outcome: Some(Outcome::Refused),
        detail: serde_json::json!({
            "person": whose.filter(|_| delay.about != DelaySubject::Address).map(|person| person.id),
            "about": delay.about.code(),
            "wrong": delay.failures,
            "until": delay.until,
        }),
        ..blank.clone()
    }
}

impl Delays {
    /// Whoever gave too many wrong passwords waits; `field` is where the sentence belongs. The first try that is kept out
    /// is recorded, the others are counted.
    pub(crate) async fn not_delayed(
        &self,
        field: &str,
        origin: &Origin,
        attempt: &Attempt,
        whose: Option<&Person>,
    ) -> Result<(), Failure> {
        let now = self.ground.now();
        self.close().await?;
        let since = now.checked_sub(WINDOW).unwrap_or(At::UNIX_EPOCH);
        let Some(delay) = self.ground.store.failures(attempt, since, now).await?.standing(now) else { return Ok(()) };
        let key = key_text(delay.about, attempt);
        if self.kept_out.one_more(&key) == 1 {
            let who = whose.map_or("Somebody unknown", |person| person.name.as_str());
            let summary = format!("{who} tried to sign in while that waits; further tries until then are counted.");
            let mut kept_out = entry(origin.actor(who), now, RecordKind::SignInKeptOut, summary);
            kept_out.outcome = Some(Outcome::Refused);
            kept_out.detail =
                serde_json::json!({ "person": whose.map(|person| person.id), "about": delay.about.code() });
            let attempt = attempt.clone();
            self.ground
                .store
                .write(move |conn| {
                    Box::pin(async move {
                        if kept_out_in(conn, &attempt, delay.about).await? {
                            records::append_in(conn, &kept_out).await?;
                        }
                        Ok(())
                    })
                })
                .await?;
        }
        let where_from = match delay.about {
            DelaySubject::NameFromAddress => "for this name from this address",
            DelaySubject::Name => "for this name from browsers that never signed in with it",
            DelaySubject::Address => "from this address",
            DelaySubject::Device => "for this name in this browser",
        };
        Err(Failure::field(
            field,
            format!(
                "Too many wrong passwords {where_from}. The next try counts from {} on; an admin of your team can lift \
                 this on the team's page.",
                time_text(delay.until)
            ),
        ))
    }

    /// Delays that ended by themselves are told of; asked at each try and each look.
    pub(crate) async fn close(&self) -> Result<(), Failure> {
        let now = self.ground.now();
        if !self.ground.store.a_delay_is_over(now).await? {
            return Ok(());
        }
        let names = self.names_of_people().await?;
        let counted = self.kept_out.clone();
        self.ground
            .store
            .write(move |conn| {
                Box::pin(async move {
                    for delay in take_ended_in(conn, now).await? {
                        let blank = entry(Actor::gatehouse(), now, RecordKind::SignInDelayEnded, "");
                        let kept_out = counted.by(&delay, true);
                        records::append_in(conn, &ended(blank, &delay, &names, kept_out, "ended")).await?;
                    }
                    Ok(())
                })
            })
            .await?;
        self.ground.bus.tell(Topic::People);
        Ok(())
    }

    async fn names_of_people(&self) -> Result<BTreeMap<PersonId, String>, Failure> {
        Ok(self
            .ground
            .store
            .members()
            .await?
            .into_iter()
            .map(|member| (member.person.id, member.person.name))
            .collect())
    }

    /// What waits now, for admins.
    pub async fn list(&self, _: &AdminCx) -> Result<Vec<DelayView>, Failure> {
        let names = self.names_of_people().await?;
        let rows = self.ground.store.delays(self.ground.now()).await?;
        let view = |delay: DelayRow| DelayView {
            what: named(&delay, &names),
            kept_out: self.kept_out.by(&delay, false),
            id: delay.id,
            until: delay.until,
            wrong: delay.wrong,
        };
        Ok(rows.into_iter().map(view).collect())
    }

    /// The next try counts at once. One that is over already leaves no record.
    pub async fn lift(&self, cx: &AdminCx, id: i64) -> Result<(), Failure> {
        let names = self.names_of_people().await?;
        let blank = cx.entry(self.ground.now(), RecordKind::SignInDelayLifted, "");
        let counted = self.kept_out.clone();
        self.ground
            .store
            .write(move |conn| {
                Box::pin(async move {
                    let Some(delay) = lift_in(conn, id).await? else { return Ok(()) };
                    let kept_out = counted.by(&delay, true);
                    records::append_in(conn, &ended(blank, &delay, &names, kept_out, "was lifted")).await?;
                    Ok(())
                })
            })
            .await?;
        self.ground.bus.tell(Topic::People);
        Ok(())
    }
}

fn named(delay: &DelayRow, names: &BTreeMap<PersonId, String>) -> String {
    let name = delay.person.and_then(|person| names.get(&person));
    what(delay.about, &delay.attempt.from, name.map(String::as_str))
}

fn ended(blank: Entry, delay: &DelayRow, names: &BTreeMap<PersonId, String>, kept_out: u64, how: &str) -> Entry {
    let what = named(delay, names);
    let tries = match kept_out {
        0 => "nobody tried meanwhile".to_owned(),
        1 => "one try was kept out".to_owned(),
        more => format!("{more} tries were kept out"),
    };
    Entry {
        summary: format!(
            "The wait of sign-in as {what} {how}: {} wrong passwords since {}, {tries}.",
            delay.wrong,
            time_text(delay.begun)
        ),
        detail: serde_json::json!({
            "person": delay.person,
            "about": delay.about.code(),
            "wrong": delay.wrong,
            "kept_out": kept_out,
            "until": delay.until,
        }),
        ..blank
    }
}
