//! The REST client of one node: one login for all callers, no second try with a refused account.

use crate::{
    Account, ApiError, Door, Error, Fingerprint, Item, Limits, Node, Port, Profile, Request,
    response::{Answer, decode},
    rest::{
        Certificates, DeviceCount, Directory, Gateway, LicenceExpiry, LicenceServer, Lifetime, ServerProperty,
        certificates, devices, gateways, ldap, licences, properties,
    },
    session::{Token, login_request, logout_request},
    transport::Transport,
};
use serde_json::Value;
use std::{collections::HashSet, sync::Arc};
use tokio::sync::Mutex;
use wire::Session;

/// A client for one node. Cheap to clone; clones share the session and the limit of requests in flight.
///
/// Whoever made it calls [`logout`](Self::logout) at the end: dropping cannot wait for the node.
#[derive(Clone)]
pub struct Client {
    inner: Arc<Inner>,
}

struct Inner {
    transport: Transport,
    account: Account,
    profile: Arc<Profile>,
    session: Session<Token, Error>,
    /// What a new token could not read either: not worth another login.
    forbidden: Mutex<HashSet<&'static str>>,
}

impl std::fmt::Debug for Client {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Client").field("account", &self.inner.account).finish_non_exhaustive()
    }
}

impl Client {
    /// A client for a node's management port. Does not connect. Clients of one [`Account`] log in one after the other.
    ///
    /// # Errors
    /// [`Error::Build`] when the node's description makes no sense.
    pub fn new(
        node: &Node,
        account: impl Into<Account>,
        profile: impl Into<Arc<Profile>>,
        limits: Limits,
    ) -> Result<Self, Error> {
        let inner = Inner {
            transport: Transport::new(node, Port::Management, limits)?,
            account: account.into(),
            profile: profile.into(),
            session: Session::default(),
            forbidden: Mutex::default(),
        };
        Ok(Self { inner: Arc::new(inner) })
    }

    /// Sends one request, logging in where necessary. A token that has ended is renewed once and the request repeated,
    /// writes too: the answer means that it was not executed.
    pub async fn perform(&self, request: &Request) -> Result<Value, Error> {
        let mut renewed = false;
        loop {
            let (token, fresh) = self.token().await?;
            let received = self.inner.transport.send(request, Some(&token)).await?;
            let rules = &self.inner.profile.token;
            let expired = rules.expired_http.contains(&received.status);
            let doubtful = rules.doubtful_http.contains(&received.status);
            if !expired && !doubtful {
                return decode(Answer::of(&received), request.what);
            }
            let new = fresh || renewed;
            if expired {
                self.inner.session.forget(&token).await;
                if new {
                    return Err(Error::Session { status: received.status });
                }
            } else if new {
                self.inner.forbidden.lock().await.insert(request.what);
                return Err(Error::Forbidden { what: request.what.to_owned() });
            } else if self.inner.forbidden.lock().await.contains(request.what) {
                return Err(Error::Forbidden { what: request.what.to_owned() });
            } else {
                self.inner.session.forget(&token).await;
            }
            renewed = true;
        }
    }

    /// Logs in if need be, and nothing else: proves that the node is alive and reaches its database.
    pub async fn login(&self) -> Result<(), Error> {
        self.token().await.map(|_| ())
    }

    /// Server properties whose name contains a text; all with an empty one.
    pub async fn properties(&self, text: &str) -> Result<Vec<Item<ServerProperty>>, Error> {
        const PAGE: u32 = 200;
        let mut all = Vec::new();
        if text.is_empty() {
            return properties::read(&self.perform(&properties::all()).await?);
        }
        for page in 0..50 {
            let some = properties::read(&self.perform(&properties::search(text, page * PAGE, PAGE)).await?)?;
            let full = some.len() >= PAGE as usize;
            // A server that does not know paging gives the same page again.
            let news = some.first().is_some_and(|first| !all.contains(first));
            if news {
                all.extend(some);
            }
            if !(full && news) {
                break;
            }
        }
        Ok(all)
    }

    /// How long sessions last, where the account may read it and the properties say it.
    pub async fn lifetime(&self) -> Result<Option<Lifetime>, Error> {
        let found = self.properties("xms.publicapi").await?;
        Ok(Lifetime::of(found.iter().map(|item| &item.value)))
    }

    /// The Gateways that the cluster knows.
    pub async fn gateways(&self) -> Result<Vec<Item<Gateway>>, Error> {
        gateways::read(&self.perform(&gateways::all()).await?)
    }

    /// The cluster's certificates.
    pub async fn certificates(&self) -> Result<Certificates, Error> {
        certificates::read(&self.perform(&certificates::all()).await?)
    }

    /// The licence server and its licences.
    pub async fn licences(&self) -> Result<Item<LicenceServer>, Error> {
        licences::read(&self.perform(&licences::all()).await?)
    }

    /// When the licences end.
    pub async fn licence_expiry(&self) -> Result<Item<LicenceExpiry>, Error> {
        licences::read_expiry(&self.perform(&licences::expiry()).await?)
    }

    /// Whether the node reaches a licence server; `None` when it does not say.
    pub async fn licence_server_reached(&self, address: &str, port: u16) -> Result<Option<bool>, Error> {
        Ok(licences::read_test(&self.perform(&licences::test_server(address, port)).await?))
    }

    /// The directories.
    pub async fn directories(&self) -> Result<Vec<Item<Directory>>, Error> {
        ldap::read(&self.perform(&ldap::all()).await?)
    }

    /// Counts devices of the whole database; see [`devices::count`].
    pub async fn device_count(&self, filters: &[&str], tree: bool) -> Result<DeviceCount, Error> {
        devices::read(&self.perform(&devices::count(filters, tree)).await?)
    }

    /// The certificate that the node showed last, trusted or not.
    pub fn fingerprint(&self) -> Option<Fingerprint> {
        self.inner.transport.seen().get()
    }

    /// Ends the session, if there is one. A later call opens a new one.
    pub async fn logout(&self) -> Result<(), Error> {
        let token = self.inner.session.take().await;
        let Some(token) = token else { return Ok(()) };
        let request = logout_request(self.inner.account.credentials());
        let received = self.inner.transport.send(&request, Some(&token)).await?;
        // A token that has ended is as good.
        if self.inner.profile.token.expired_http.contains(&received.status) {
            return Ok(());
        }
        decode(Answer::of(&received), request.what).map(|_| ())
    }

    /// Whether the account was refused, so that calls fail without contacting the node.
    pub async fn is_locked(&self) -> bool {
        self.inner.account.is_locked().await
    }

    /// Lets the account be tried again after a refusal. Only a person should decide this (invariant 14).
    pub async fn retry_credentials(&self) {
        self.inner.account.retry().await;
        self.inner.forbidden.lock().await.clear();
    }

    /// The session's token, and whether it has just been issued.
    async fn token(&self) -> Result<(Arc<Token>, bool), Error> {
        self.inner.session.token(self.inner.account.turns(), self.log_in()).await
    }

    async fn log_in(&self) -> Result<Token, Error> {
        let login = |error| Error::Login(Box::new(error));
        let request = login_request(self.inner.account.credentials());
        let received = match self.inner.transport.send(&request, None).await {
            Ok(received) => received,
            Err(error) if error.maybe_sent() => return Err(login(error)),
            Err(error) => return Err(error),
        };
        let rules = &self.inner.profile.login;
        let refused = |answer| Error::Credentials { door: Door::Rest, answer, asked: true };
        match decode(Answer::of(&received), request.what) {
            // No excerpt: whatever this is, it may hold a token.
            Ok(body) => Token::find(&body)
                .ok_or_else(|| login(Error::decode(received.status, request.what, b"", "it holds no auth_token"))),
            Err(Error::Api(ApiError { http, status, message }))
                if rules.refused_http.contains(&http) || status.is_some_and(|s| rules.refused_status.contains(&s)) =>
            {
                Err(refused((!message.is_empty()).then_some(message)))
            }
            Err(Error::Http { status, .. }) if rules.refused_http.contains(&status) => Err(refused(None)),
            Err(Error::Decode { status, what, reason, .. }) => Err(login(Error::decode(status, &what, b"", reason))),
            Err(error) => Err(login(error)),
        }
    }
}
