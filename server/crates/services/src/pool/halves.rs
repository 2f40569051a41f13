//! Which half of a pair is asked. A pair has one primary, which the halves tell themselves; it is remembered until something
//! speaks against it, so that what is asked usually costs nothing more.
//!
//! One after the other, never both at once: a refused credential must not be shown to the second as well (invariant 14).

use crate::adapters::{own_role, read_error};
use model::{
    At, PairRole,
    appliance::{HalfSeen, Heard, Which},
    read_error::ReadError,
};
use nitro::{Client, Error, resource::HaNode};
use std::time::Duration;
use tokio::sync::Mutex;

/// How long a look waits for the half that it is not about.
const STANDBY: Duration = Duration::from_secs(5);

/// The clients of an appliance, one for each half that has an address.
pub(crate) struct Halves {
    first: Client,
    second: Option<Client>,
    known: Mutex<Known>,
}

#[derive(Default)]
struct Known {
    /// What said last that it is the primary, and nothing was heard against it since.
    primary: Option<Which>,
    /// Who was asked last, and is not sure to be the primary any more.
    doubted: Option<Which>,
    heard: [Option<HalfSeen>; 2],
}

/// The half that is asked from now on.
pub(crate) struct Found {
    pub which: Which,
    pub client: Client,
    /// It is not the primary, and the other one, which may be, refuses the account.
    pub refused: Option<Error>,
}

/// Nobody there tells who is the primary: what each said.
pub(crate) struct Nobody {
    pub asked_first: Error,
    pub other: Option<Error>,
}

impl Nobody {
    /// Who refuses the account.
    pub fn refused(&self) -> Option<&Error> {
        [Some(&self.asked_first), self.other.as_ref()].into_iter().flatten().find(|error| error.is_auth())
    }

    /// Both, so that nobody asks whether the other one was tried.
    pub fn read_error(&self) -> ReadError {
        let first = read_error(&self.asked_first);
        let Some(other) = &self.other else { return first };
        let both = format!("Neither half of the pair can be asked. {first} The other half: {}", other.sentence());
        ReadError::new(first.kind.or(read_error(other).kind), both)
    }
}

impl Halves {
    pub fn new(first: Client, second: Option<Client>) -> Self {
        Self { first, second, known: Mutex::default() }
    }

    pub fn each(&self) -> impl Iterator<Item = &Client> {
        [Some(&self.first), self.second.as_ref()].into_iter().flatten()
    }

    fn of(&self, which: Which) -> &Client {
        match (which, &self.second) {
            (Which::Second, Some(second)) => second,
            _ => &self.first,
        }
    }

    /// The primary's client. Where neither says that it is the primary, the one that answers at all: what it says of itself
    /// is shown then, and nothing is written to it.
    pub async fn primary(&self, now: impl Fn() -> At) -> Result<Found, Nobody> {
        let found = |which: Which, refused| Found { which, client: self.of(which).clone(), refused };
        if self.second.is_none() {
            return Ok(found(Which::First, None));
        }
        // Held while they are asked: who comes meanwhile waits for the same answer.
        let mut known = self.known.lock().await;
        if let Some(which) = known.primary {
            return Ok(found(which, None));
        }
        let begin = known.doubted.map_or(Which::First, Which::other);
        let first = self.ask(&mut known, begin, &now).await;
        match &first {
            Ok(PairRole::Primary) => return Ok(found(begin, None)),
            // Refused just now. What was refused earlier, and is remembered, keeps nobody from asking the other half.
            Err(error @ Error::Credentials { asked: true, .. }) => {
                return Err(Nobody { asked_first: error.clone(), other: None });
            }
            _ => {}
        }
        let other = begin.other();
        let second = self.ask(&mut known, other, &now).await;
        match (first, second) {
            (_, Ok(PairRole::Primary)) => Ok(found(other, None)),
            (Err(error), Ok(_)) => Ok(found(other, Some(error).filter(Error::is_auth))),
            (Ok(_), Err(error)) => Ok(found(begin, Some(error).filter(Error::is_auth))),
            (Ok(_), Ok(_)) => Ok(found(begin, None)),
            (Err(asked_first), Err(second)) => Err(Nobody { asked_first, other: Some(second) }),
        }
    }

    async fn ask(&self, known: &mut Known, which: Which, now: &impl Fn() -> At) -> Result<PairRole, Error> {
        let asked = role(self.of(which)).await;
        known.hear(which, heard(&asked), now());
        known.primary = matches!(&asked, Ok(PairRole::Primary)).then_some(which);
        known.doubted = known.primary.is_none().then_some(which);
        asked
    }

    /// It may not be the primary any more: who comes next asks again.
    pub async fn doubt(&self, which: Which) {
        let mut known = self.known.lock().await;
        if known.primary.is_none_or(|primary| primary == which) {
            (known.primary, known.doubted) = (None, Some(which));
        }
    }

    /// It is not known to be the primary, and another one may be.
    pub async fn is_doubted(&self, which: Which) -> bool {
        self.second.is_some() && self.known.lock().await.primary != Some(which)
    }

    /// The primary is asked for anew: before something is written, what was true a moment ago is not enough.
    pub async fn ask_anew(&self) {
        let mut known = self.known.lock().await;
        if let Some(primary) = known.primary.take() {
            // It most likely still is.
            known.doubted = Some(primary.other());
        }
    }

    /// Asks the half that is not the one of `answering` who it is, so that it is known before it is needed whether it could
    /// be asked; and tells what was heard of both. Nothing where there is no other address.
    pub async fn look_at_the_other(&self, answering: Which, role_there: &PairRole, at: At) -> Vec<HalfSeen> {
        if self.second.is_none() {
            return Vec::new();
        }
        // In a task of its own: a login that nobody waits for any more still has an end, and a refusal is remembered.
        let client = self.of(answering.other()).clone();
        let asked = tokio::spawn(async move { role(&client).await });
        let other = match tokio::time::timeout(STANDBY, asked).await {
            Ok(Ok(asked)) => heard(&asked),
            Ok(Err(error)) => Heard::Trouble { sentence: format!("It was not asked to the end: {error}.") },
            Err(_) => Heard::Trouble { sentence: format!("It did not answer within {} seconds.", STANDBY.as_secs()) },
        };
        let mut known = self.known.lock().await;
        known.hear(answering, heard(&Ok(role_there.clone())), at);
        known.hear(answering.other(), other, at);
        known.heard.iter().flatten().cloned().collect()
    }
}

impl Known {
    fn hear(&mut self, which: Which, heard: Heard, at: At) {
        let place = match which {
            Which::First => 0,
            Which::Second => 1,
        };
        self.heard[place] = Some(HalfSeen { which, at, heard });
    }
}

fn heard(asked: &Result<PairRole, Error>) -> Heard {
    match asked {
        Ok(role) => Heard::Role { role: role.clone() },
        Err(error) => Heard::Trouble { sentence: error.sentence() },
    }
}

/// Who answers there.
async fn role(client: &Client) -> Result<PairRole, Error> {
    let nodes = client.get::<HaNode>().await?;
    Ok(own_role(&nodes))
}

/// What it means for the half that was asked: it may have gone, or given its place to the other one.
pub(crate) fn is_gone(error: &Error) -> bool {
    match error {
        Error::Connect { .. } | Error::Tls(_) | Error::Timeout { .. } | Error::Transport { .. } => true,
        Error::Login(inner) => is_gone(inner),
        error => error.not_primary() || error.not_ready(),
    }
}
