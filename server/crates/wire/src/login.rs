//! One login at a time, and a refusal that is remembered (invariant 14): whoever comes meanwhile waits and shares the
//! outcome, and what was refused once is not shown again until a person says so.

use secrecy::SecretString;
use std::{
    future::Future,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
};
use tokio::sync::{Mutex, OwnedMutexGuard};

/// An account at the other side. Debug shows the name only.
#[derive(Debug, Clone)]
pub struct Credentials {
    /// The account's name.
    pub user: String,
    /// Its password.
    pub secret: SecretString,
}

/// What a client's error says about an account.
pub trait LoginError: Clone {
    /// Where and how the account was refused.
    type Refusal: Clone;

    /// The account was refused before; the other side was not asked.
    fn remembered(refusal: Self::Refusal) -> Self;

    /// The refusal, where this is one. Other errors say nothing about the account.
    fn refusal(&self) -> Option<Self::Refusal>;
}

/// The turns of one account, and its refusal. Clones share both, so that several clients of an account log in one after
/// the other: together they would lock it.
pub struct Turns<E: LoginError>(Arc<Mutex<Option<E::Refusal>>>);

/// The right to log in now; others wait until it is dropped.
pub struct Turn<E: LoginError>(OwnedMutexGuard<Option<E::Refusal>>);

impl<E: LoginError> Default for Turns<E> {
    fn default() -> Self {
        Self(Arc::new(Mutex::new(None)))
    }
}

impl<E: LoginError> Clone for Turns<E> {
    fn clone(&self) -> Self {
        Self(Arc::clone(&self.0))
    }
}

impl<E: LoginError> Turns<E> {
    /// Whether the account was refused. Waits for a login that is under way.
    pub async fn is_locked(&self) -> bool {
        self.0.lock().await.is_some()
    }

    /// Lets the account be tried again. Only a person should decide this.
    pub async fn retry(&self) {
        *self.0.lock().await = None;
    }

    /// Waits until nobody else is logging in.
    ///
    /// # Errors
    /// [`LoginError::remembered`] when the account was refused meanwhile or before: nothing is to be sent.
    pub async fn turn(&self) -> Result<Turn<E>, E> {
        let refusal = Arc::clone(&self.0).lock_owned().await;
        match &*refusal {
            Some(refusal) => Err(E::remembered(refusal.clone())),
            None => Ok(Turn(refusal)),
        }
    }
}

impl<E: LoginError> Turn<E> {
    /// Ends the turn and remembers a refusal.
    pub fn failed(mut self, error: &E) {
        if let Some(refusal) = error.refusal() {
            *self.0 = Some(refusal);
        }
    }
}

/// A client's session: `T` is the token that the other side issued.
pub struct Session<T, E> {
    state: Mutex<State<T, E>>,
    /// Logins that ended, either way. Tells those who waited for one that it was tried meanwhile.
    logins: AtomicU64,
}

struct State<T, E> {
    token: Option<Arc<T>>,
    /// Why the last login failed, for those who waited for it. Never a refusal: that is the account's.
    failure: Option<E>,
}

impl<T, E> Default for Session<T, E> {
    fn default() -> Self {
        Self { state: Mutex::new(State { token: None, failure: None }), logins: AtomicU64::new(0) }
    }
}

impl<T, E: LoginError> Session<T, E> {
    /// The session's token, and whether it has just been issued. Where there is none, `log_in` is awaited in the account's
    /// turn, and otherwise dropped without having begun. Callers who arrive meanwhile wait for the same login and share
    /// its outcome, whether good or bad.
    ///
    /// # Errors
    /// Those of `log_in`, own or shared, and [`LoginError::remembered`].
    pub async fn token(
        &self,
        turns: &Turns<E>,
        log_in: impl Future<Output = Result<T, E>>,
    ) -> Result<(Arc<T>, bool), E> {
        let before = self.logins.load(Ordering::Acquire);
        let mut state = self.state.lock().await;
        if let Some(token) = &state.token {
            return Ok((Arc::clone(token), false));
        }
        if self.logins.load(Ordering::Acquire) != before
            && let Some(error) = &state.failure
        {
            return Err(error.clone());
        }
        let turn = turns.turn().await?;
        let outcome = log_in.await.map(Arc::new);
        match &outcome {
            Ok(token) => {
                state.token = Some(Arc::clone(token));
                state.failure = None;
            }
            Err(error) => {
                state.failure = error.refusal().is_none().then(|| error.clone());
                turn.failed(error);
            }
        }
        self.logins.fetch_add(1, Ordering::Release);
        outcome.map(|token| (token, true))
    }

    /// Drops a token, unless somebody has already renewed it.
    pub async fn forget(&self, token: &Arc<T>) {
        let mut state = self.state.lock().await;
        if state.token.as_ref().is_some_and(|current| Arc::ptr_eq(current, token)) {
            state.token = None;
        }
    }

    /// Takes the token out, if there is one: for a logout.
    pub async fn take(&self) -> Option<Arc<T>> {
        self.state.lock().await.token.take()
    }

    /// Ends the session because the account was refused in the middle of it, and remembers that.
    pub async fn refused(&self, turns: &Turns<E>, error: &E) {
        let mut state = self.state.lock().await;
        state.token = None;
        state.failure = None;
        if let Some(refusal) = error.refusal() {
            *turns.0.lock().await = Some(refusal);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::future::ready;

    #[derive(Debug, Clone, PartialEq)]
    enum No {
        Down,
        Refused { asked: bool },
    }

    impl LoginError for No {
        type Refusal = ();

        fn remembered((): ()) -> Self {
            Self::Refused { asked: false }
        }

        fn refusal(&self) -> Option<()> {
            (*self != Self::Down).then_some(())
        }
    }

    #[tokio::test]
    async fn one_login_serves_all_and_a_renewed_token_is_not_forgotten() {
        let (session, turns) = (Session::<u8, No>::default(), Turns::default());
        let (one, two) = tokio::join!(session.token(&turns, ready(Ok(1))), session.token(&turns, ready(Ok(2))));
        let (old, fresh) = one.unwrap();
        assert_eq!((*old, fresh, two.unwrap()), (1, true, (Arc::clone(&old), false)));
        session.forget(&old).await;
        session.token(&turns, ready(Ok(3))).await.unwrap();
        session.forget(&old).await;
        assert_eq!(session.take().await, Some(Arc::new(3)));
        assert_eq!(session.take().await, None);
    }

    #[tokio::test]
    async fn who_waited_shares_a_failure_and_who_comes_later_tries_again() {
        let (session, turns) = (Session::<u8, No>::default(), Turns::default());
        let slow = async {
            tokio::task::yield_now().await;
            Err(No::Down)
        };
        let (one, two) = tokio::join!(session.token(&turns, slow), session.token(&turns, ready(Ok(2))));
        assert_eq!((one, two), (Err(No::Down), Err(No::Down)));
        assert!(!turns.is_locked().await);
        assert_eq!(session.token(&turns, ready(Ok(3))).await, Ok((Arc::new(3), true)));
    }

    #[tokio::test]
    async fn what_one_client_was_refused_no_client_of_the_account_asks_again() {
        let (session, other, turns) = (Session::<u8, No>::default(), Session::default(), Turns::default());
        let refused = No::Refused { asked: true };
        assert_eq!(session.token(&turns, ready(Err(refused.clone()))).await, Err(refused.clone()));
        assert!(turns.is_locked().await);
        for client in [&session, &other] {
            let never = async { unreachable!("the other side is not asked") };
            assert_eq!(client.token(&turns, never).await, Err(No::Refused { asked: false }));
        }
        turns.retry().await;
        let (token, _) = other.token(&turns, ready(Ok(1))).await.unwrap();
        other.refused(&turns, &refused).await;
        assert_eq!((*token, turns.is_locked().await, other.take().await), (1, true, None));
    }
}
