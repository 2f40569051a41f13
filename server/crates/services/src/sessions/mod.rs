//! Sessions: who one belongs to, how it begins, gets another token, and ends.

mod devices;
mod ending;
mod sign_in;

use crate::{
    Failure, Origin, ReadCx, Topic,
    cx::{Via, entry},
    delays::Delays,
    ground::Ground,
    lapsed::{self, Lapsed},
    random,
    refusal::Refusal,
    refusals::Refusals,
};
use jiff::SignedDuration;
use model::{
    At,
    person::{Person, SessionEnd},
    record::{Outcome, RecordKind},
};
use std::{sync::Arc, time::Duration};
use store::{
    drafts as kept, records, sessions,
    sessions::{Ended, Lives},
    sign_in::{Attempt, forget_failures_in},
};
use tokio::sync::{Mutex, MutexGuard};

/// How long a session's old token is good once it has another one: a page's requests come together.
const TOGETHER: SignedDuration = SignedDuration::from_mins(1);

/// A fresh session: the token goes into the browser's cookie and is not kept here, nor is what tells the browser apart.
pub struct SignedIn {
    pub token: String,
    pub device: String,
    pub person: Person,
}

/// How long sessions live, from the settings; nobody is helped by one that never ends, or ends at once.
pub(crate) fn lives(idle: Duration, most: Duration) -> Lives {
    let bounded = |given: Duration, least: u64, longest: u64| {
        let seconds = given.as_secs().clamp(least, longest);
        SignedDuration::from_secs(i64::try_from(seconds).unwrap_or_default())
    };
    Lives { idle: bounded(idle, 60, 30 * 86_400), most: bounded(most, 60, 90 * 86_400) }
}

#[derive(Clone)]
pub struct Sessions {
    pub(crate) ground: Arc<Ground>,
    pub(crate) delays: Delays,
    pub(crate) refusals: Arc<Refusals>,
    pub(crate) lives: Lives,
    /// Checking passwords one at a time: a count of failures that many could pass at once would be none.
    pub(crate) checking: Arc<Mutex<()>>,
}

impl Sessions {
    /// Held while a password is compared, or what it is compared with is changed.
    pub(crate) async fn one_at_a_time(&self) -> MutexGuard<'_, ()> {
        self.checking.lock().await
    }

    pub(crate) async fn open(
        &self,
        origin: &Origin,
        person: Person,
        attempt: Option<Attempt>,
    ) -> Result<SignedIn, Failure> {
        let token = random::token()?;
        let at = self.ground.now();
        let new = sessions::NewSession {
            token_hash: random::hash(&token),
            person: person.id,
            at,
            expires: self.lives.end(at, at),
            from: origin.from.clone(),
            agent: origin.agent.chars().take(200).collect(),
        };
        let device = devices::with(&self.ground.vault, &origin.device, person.id)?;
        let mut actor = origin.actor(&person.name);
        actor.person = Some(person.id);
        let mut begun = entry(actor, at, RecordKind::SignInSucceeded, format!("{} signed in.", person.name));
        begun.outcome = Some(Outcome::Succeeded);
        let before = origin.session;
        let replaced = Ended { person: None, why: SessionEnd::Replaced, by: person.name.clone(), at };
        let (owner, since) = (person.owner(), at.checked_sub(lapsed::KEPT).unwrap_or(At::UNIX_EPOCH));
        let id = person.id;
        self.ground
            .store
            .write(move |conn| {
                Box::pin(async move {
                    if let Some(attempt) = attempt {
                        forget_failures_in(conn, &attempt).await?;
                    }
                    if let Some(session) = before {
                        // What they sent when it was over already is theirs again; nobody else's who signs in here now.
                        kept::adopt_in(conn, &lapsed::owner(id, &session), &owner, since).await?;
                        if sessions::end_session_in(conn, &session, &replaced).await? {
                            begun.detail = serde_json::json!({ "replaced": "the session that this browser had" });
                        }
                    }
                    sessions::add_session_in(conn, &new).await?;
                    records::append_in(conn, &begun).await
                })
            })
            .await?;
        self.ground.bus.tell(Topic::People);
        Ok(SignedIn { token, device, person })
    }

    /// Whose session this is; `None` when there is none, or no longer.
    pub async fn visitor(&self, token: &str, origin: Origin) -> Result<Option<ReadCx>, Failure> {
        // Before anything is compared with the time.
        self.ground.mind_the_clock().await?;
        let (session, now) = (random::hash(token), self.ground.now());
        let Some((person, row)) = self.ground.store.session(&session, now, self.lives).await? else { return Ok(None) };
        // A write a minute is enough to know who is there.
        if now.duration_since(row.last_seen).abs() > SignedDuration::from_mins(1) {
            let expires = self.lives.end(row.created, now);
            self.ground.store.touch_session(&session, now, expires).await?;
        }
        Ok(Some(ReadCx { person, origin, via: Via::Session { token: session, renew: row.renew } }))
    }

    /// Another token for a session whose owner may do other things than before; `None` where it needs none.
    pub async fn renewed(&self, cx: &mut ReadCx) -> Result<Option<String>, Failure> {
        let Via::Session { token: old, renew: true } = cx.via else { return Ok(None) };
        cx.via = Via::Session { token: old, renew: false };
        let token = random::token()?;
        let (fresh, now) = (random::hash(&token), self.ground.now());
        let until = now.checked_add(TOGETHER).unwrap_or(now);
        if !self.ground.store.renew_session(&old, &fresh, until).await? {
            return Ok(None);
        }
        cx.via = Via::Session { token: fresh, renew: false };
        Ok(Some(token))
    }

    /// Why the token's session is over, for whoever comes back with it.
    pub async fn end_of(&self, token: &str) -> Result<Option<Ended>, Failure> {
        Ok(self.ground.store.session_end(&random::hash(token), self.ground.now(), self.lives).await?)
    }

    /// Whose it was, if they may still come in.
    pub async fn lapsed(&self, token: &str, ended: &Ended) -> Result<Option<Lapsed>, Failure> {
        let Some(person) = ended.person else { return Ok(None) };
        match self.ground.store.member(person).await {
            Ok(member) if member.disabled_at.is_none() => {
                Ok(Some(Lapsed { person: member.person, session: random::hash(token) }))
            }
            Ok(_) | Err(store::Error::NotFound) => Ok(None),
            Err(error) => Err(error.into()),
        }
    }

    /// The same caller as they are now; `None` where the session is over, or the person may not come in any more. Asked by
    /// whatever outlives the request that it was begun by.
    pub async fn reader_again(&self, cx: &ReadCx) -> Result<Option<ReadCx>, Failure> {
        self.ground.mind_the_clock().await?;
        let found = match cx.via {
            Via::Session { token, .. } => {
                let found = self.ground.store.session(&token, self.ground.now(), self.lives).await?;
                found.map(|(person, _)| person)
            }
            Via::Console => {
                let member = self.ground.store.member(cx.person.id).await?;
                member.disabled_at.is_none().then_some(member.person)
            }
        };
        Ok(found.map(|person| ReadCx { person, ..cx.clone() }))
    }

    /// Somebody in whose name a sub-command on this machine acts. No password is asked: whoever can reach this owns the
    /// data folder, and with it the key to everything in it. Role and scope hold as in the browser.
    pub async fn at_console(&self, name: &str, origin: Origin) -> Result<ReadCx, Failure> {
        self.ground.mind_the_clock().await?;
        let name = name.trim();
        match self.called(name).await? {
            Some((member, _)) if member.disabled_at.is_none() => {
                Ok(ReadCx { person: member.person, origin, via: Via::Console })
            }
            Some((member, _)) => Err(Refusal::Disabled(member.person.name).into()),
            None => Err(Refusal::NobodyCalled(name.chars().take(80).collect()).into()),
        }
    }

    pub async fn sign_out(&self, cx: &ReadCx) -> Result<(), Failure> {
        let ended = cx.entry(self.ground.now(), RecordKind::SignedOut, format!("{} signed out.", cx.person.name));
        let (session, end) = (cx.own_session()?, self.end(cx, SessionEnd::SignedOut));
        self.ground
            .store
            .write(move |conn| {
                Box::pin(async move {
                    sessions::end_session_in(conn, &session, &end).await?;
                    records::append_in(conn, &ended).await
                })
            })
            .await?;
        // Other tabs of the same browser end with it.
        self.ground.bus.tell(Topic::People);
        Ok(())
    }
}
