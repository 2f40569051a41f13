//! A client for one appliance: one session, logged in when first needed and renewed when it ends (`nitro.md` 1.4).

use crate::{
    ConnectCause, Credentials, Endpoint, Error, Fingerprint, Greeting, Item, Limits, Reply, Request, Resource,
    resource::{HaNode, NsVersion, Version},
    session::{Token, login_request},
    transport::Transport,
};
use serde_json::json;
use std::sync::Arc;
use wire::{Session, Turns};

/// Where the first line of a saved configuration has ended.
const BEGINNING: usize = 1024;

/// A client for one appliance. Cheap to clone; clones share the session, its lock and the limit of requests in flight.
///
/// Whoever made it must call [`logout`](Self::logout) before dropping the last clone: dropping cannot wait for the
/// appliance, and a session that is not ended occupies one of its 20 to 40 places until it times out.
#[derive(Clone)]
pub struct Client {
    inner: Arc<Inner>,
}

struct Inner {
    transport: Transport,
    credentials: Credentials,
    session: Session<Token, Error>,
    turns: Turns<Error>,
}

impl std::fmt::Debug for Client {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Client").field("user", &self.inner.credentials.user).finish_non_exhaustive()
    }
}

impl Client {
    /// A client with the usual [`Limits`]. Does not connect.
    ///
    /// # Errors
    /// [`Error::Build`] when the endpoint makes no sense: an impossible name, a root that is not PEM.
    pub fn new(endpoint: &Endpoint, credentials: Credentials) -> Result<Self, Error> {
        Self::with_limits(endpoint, credentials, Limits::default())
    }

    /// As [`new`](Self::new), with other limits.
    pub fn with_limits(endpoint: &Endpoint, credentials: Credentials, limits: Limits) -> Result<Self, Error> {
        let inner = Inner {
            transport: Transport::new(endpoint, limits)?,
            credentials,
            session: Session::default(),
            turns: Turns::default(),
        };
        Ok(Self { inner: Arc::new(inner) })
    }

    /// Sends one request, logging in where necessary.
    ///
    /// A session that has ended is renewed once and the request repeated, writes too: the answer means that it was not
    /// executed. Reads are repeated after 503 or a broken connection, [`Limits::retries`] times; writes never are.
    pub async fn perform(&self, request: &Request) -> Result<Reply, Error> {
        request.check()?;
        let mut renewed = false;
        let mut tries = 0;
        loop {
            let token = self.token().await?;
            let error = match self.inner.transport.send(request, &token).await {
                Ok(reply) => return Ok(reply),
                Err(error) => error,
            };
            if error.is_auth() {
                return Err(self.refuse(error).await);
            }
            if error.session_expired() {
                self.inner.session.forget(&token).await;
                if !renewed {
                    renewed = true;
                    continue;
                }
            }
            if request.is_write() || tries >= self.inner.transport.limits().retries || !repeatable(&error) {
                return Err(error);
            }
            self.back_off(tries).await;
            tries += 1;
        }
    }

    /// All objects of a kind. Bindings need [`fetch`](Self::fetch) with a parent or with bulk bindings.
    pub async fn get<T: Resource>(&self) -> Result<Vec<Item<T>>, Error> {
        self.fetch(&Request::get(T::NAME)).await
    }

    /// The objects that a request of one's own making finds: filters, parents, bulk bindings.
    pub async fn fetch<T: Resource>(&self, request: &Request) -> Result<Vec<Item<T>>, Error> {
        self.perform(request).await?.into_typed()
    }

    /// The object of a kind that exists once: `nsversion`, `nsconfig`, `nsfeature`.
    ///
    /// # Errors
    /// [`Error::Empty`] when the answer holds none.
    pub async fn get_single<T: Resource>(&self) -> Result<Item<T>, Error> {
        self.first(Request::get(T::NAME)).await
    }

    /// One object by name.
    ///
    /// # Errors
    /// An error with [`Error::is_absent`] when there is none.
    pub async fn get_one<T: Resource>(&self, name: &str) -> Result<Item<T>, Error> {
        self.first(Request::get(T::NAME).named(name)).await
    }

    /// One object by name, or `None` when there is none. A refused read is an error, not `None`.
    pub async fn get_opt<T: Resource>(&self, name: &str) -> Result<Option<Item<T>>, Error> {
        match self.get_one(name).await {
            Ok(item) => Ok(Some(item)),
            Err(error) if error.is_absent() => Ok(None),
            Err(error) => Err(error),
        }
    }

    async fn first<T: Resource>(&self, request: Request) -> Result<Item<T>, Error> {
        let mut items = self.fetch(&request).await?;
        if items.is_empty() {
            return Err(Error::Empty { resource: request.resource, name: request.name });
        }
        Ok(items.swap_remove(0))
    }

    /// Connects, logs in, and asks for version and role. Leaves the session open.
    pub async fn test(&self) -> Result<Greeting, Error> {
        let version = self.get_single::<NsVersion>().await?;
        let nodes = match self.get::<HaNode>().await {
            Ok(nodes) => nodes,
            Err(error) if error.not_permitted() || error.unsupported() || error.is_absent() => Vec::new(),
            Err(error) => return Err(error),
        };
        Ok(Greeting::new(&version, &nodes, self.fingerprint()))
    }

    /// The build that wrote the saved configuration, from the first line of its text (`nitro.md` 3.3), of which no more
    /// than the beginning is read: it may be megabytes. `None`: nothing was saved yet, or it begins otherwise.
    pub async fn saved_build(&self) -> Result<Option<Version>, Error> {
        let token = self.token().await?;
        let text = self.inner.transport.beginning(&Request::get("nssavedconfig"), &token, BEGINNING).await?;
        Ok(Version::parse(&String::from_utf8_lossy(&text)))
    }

    /// The certificate that the appliance showed last, trusted or not.
    pub fn fingerprint(&self) -> Option<Fingerprint> {
        self.inner.transport.seen().get()
    }

    /// Ends the session, if there is one. A later call opens a new one.
    pub async fn logout(&self) -> Result<(), Error> {
        let token = self.inner.session.take().await;
        let Some(token) = token else { return Ok(()) };
        match self.inner.transport.send(&Request::add("logout", json!({})), &token).await {
            Ok(_) => Ok(()),
            Err(error) if error.session_expired() => Ok(()),
            Err(error) => Err(error),
        }
    }

    /// Whether the account was refused, so that calls fail without contacting the appliance.
    pub async fn is_locked(&self) -> bool {
        self.inner.turns.is_locked().await
    }

    /// Lets the account be tried again after a refusal. Only a person should decide this (invariant 14).
    pub async fn retry_credentials(&self) {
        self.inner.turns.retry().await;
    }

    /// The session's token; logs in where there is none.
    async fn token(&self) -> Result<Arc<Token>, Error> {
        // Boxed: it is seldom needed, and every request would carry its size.
        self.inner.session.token(&self.inner.turns, Box::pin(self.log_in())).await.map(|(token, _)| token)
    }

    async fn log_in(&self) -> Result<Token, Error> {
        let transport = &self.inner.transport;
        let (request, body) = login_request(&self.inner.credentials, transport.limits().session);
        match transport.exchange(&request, Some(body), None).await {
            Ok((reply, answer)) => Token::find(&reply, &answer).ok_or_else(|| {
                Error::Login(Box::new(Error::Decode {
                    status: answer.status,
                    resource: request.resource,
                    // No excerpt: whatever this is, it may hold a token.
                    excerpt: String::new(),
                    reason: "the login was accepted, but the answer holds no session token".to_owned(),
                }))
            }),
            Err(Error::Api(answer)) if Error::Api(answer.clone()).is_auth() => {
                Err(Error::Credentials { answer: Some(answer), asked: true })
            }
            Err(Error::Session) => Err(Error::Credentials { answer: None, asked: true }),
            Err(error) if error.maybe_sent() => Err(Error::Login(Box::new(error))),
            Err(error) => Err(error),
        }
    }

    /// Remembers that the account was refused in the middle of a session.
    async fn refuse(&self, error: Error) -> Error {
        let refusal = Error::Credentials { answer: error.api().cloned(), asked: true };
        self.inner.session.refused(&self.inner.turns, &refusal).await;
        refusal
    }

    #[expect(clippy::disallowed_methods, reason = "time itself is the point: the appliance is starting")]
    async fn back_off(&self, tries: u32) {
        let wait = self.inner.transport.limits().backoff.saturating_mul(2_u32.saturating_pow(tries));
        tokio::time::sleep(wait).await;
    }
}

/// The appliance is starting, or the connection broke: worth another try for a read. Not a timeout, which has cost
/// its time already.
fn repeatable(error: &Error) -> bool {
    error.not_ready() || matches!(error, Error::Transport { .. } | Error::Connect { cause: ConnectCause::Reset, .. })
}
