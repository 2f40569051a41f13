//! What a node says without a login (`xenmobile.md` 2.1, 2.7, 5.3, 10.2): version, login page, enrolment, certificate,
//! perhaps its number. Seen in public scanners, documented nowhere: see [`Profile::unverified`].

mod page;
mod server_info;
mod version;
mod xml;

use crate::{
    Error, Limits, Node, NodeId, Port, Profile,
    node_id::{IdSighting, Source},
    response::Answer,
    transport::{Transport, place},
};
use http::header;
pub use page::{LoginPage, Product};
pub use server_info::ServerInfo;
use std::sync::Arc;
pub use version::Version;
use wire::{Leaf, Received};

/// Readers of the probes' answers, without I/O.
pub mod read {
    pub use super::{page::read as login_page, server_info::read as server_info, version::read as version};
}

/// Asks one door of a node what it tells anybody.
#[derive(Clone)]
pub struct Prober {
    transport: Arc<Transport>,
    profile: Arc<Profile>,
}

impl std::fmt::Debug for Prober {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Prober").finish_non_exhaustive()
    }
}

/// An answer, and the node's clock where it was said.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Probed<T> {
    /// The answer.
    pub value: T,
    /// The `Date` header as written; compare it with our clock.
    pub date: Option<String>,
    /// The number that came along as a cookie.
    pub node_id: Option<NodeId>,
}

impl Prober {
    /// For [`Port::Management`] or [`Port::Enrolment`]. Does not connect.
    ///
    /// # Errors
    /// [`Error::Build`] when the node's description makes no sense.
    pub fn new(node: &Node, port: Port, profile: impl Into<Arc<Profile>>, limits: Limits) -> Result<Self, Error> {
        Ok(Self { transport: Arc::new(Transport::new(node, port, limits)?), profile: profile.into() })
    }

    /// The version.
    pub async fn version(&self) -> Result<Probed<Version>, Error> {
        self.ask(&self.profile.probes.version, "application/json", None, version::read).await
    }

    /// The console's login page: is this `XenMobile` Server 10 at all?
    pub async fn login_page(&self) -> Result<Probed<LoginPage>, Error> {
        let probes = &self.profile.probes;
        self.ask(&probes.login_page, "text/html", None, |answer| page::read(answer, probes)).await
    }

    /// What Secure Hub asks first: can a device begin to enrol?
    pub async fn server_info(&self) -> Result<Probed<ServerInfo>, Error> {
        let probes = &self.profile.probes;
        self.ask(&probes.server_info, "*/*", Some(&probes.server_info_agent), server_info::read).await
    }

    /// Looks for the node's number in cookies. `None` is "not observed", which is no error: nobody documents which
    /// page sets it.
    ///
    /// # Errors
    /// When none of the pages could be fetched.
    pub async fn node_id(&self) -> Result<Option<IdSighting>, Error> {
        let (mut failure, mut reached) = (None, false);
        for path in &self.profile.probes.node_id_paths {
            match self.transport.page(path, "text/html", None).await {
                Ok(received) => {
                    if let Some(id) = self.cookie(&received) {
                        return Ok(Some(IdSighting { id, source: Source::Cookie }));
                    }
                    reached = true;
                }
                Err(error) => failure = Some(error),
            }
        }
        failure.filter(|_| !reached).map_or(Ok(None), Err)
    }

    /// What the last handshake showed.
    pub fn seen(&self) -> Option<Leaf> {
        self.transport.seen().leaf()
    }

    async fn ask<T>(
        &self,
        path: &str,
        accept: &str,
        agent: Option<&str>,
        read: impl Fn(Answer<'_>) -> Result<T, Error>,
    ) -> Result<Probed<T>, Error> {
        let received = self.transport.page(path, accept, agent).await?;
        let value = read(Answer::of(&received))?;
        Ok(Probed { value, node_id: self.cookie(&received), date: received.header(header::DATE) })
    }

    fn cookie(&self, received: &Received) -> Option<NodeId> {
        received.cookies.iter().find_map(|header| {
            let (name, value) = header.split(';').next()?.split_once('=')?;
            let ours = name.trim() == self.profile.probes.node_id_cookie;
            ours.then(|| value.trim().trim_matches('"').parse().ok()).flatten()
        })
    }
}

/// Connects with TLS only, says nothing, and returns the certificate that was shown; whether it is trusted does not
/// matter. For "Test connection", before anything secret is sent.
///
/// # Errors
/// [`Error::Build`] for a node without TLS; [`Error::Connect`], [`Error::Tls`] and [`Error::Timeout`] as usual.
pub async fn leaf(node: &Node, port: Port, limits: Limits) -> Result<Leaf, Error> {
    if node.plain {
        return Err(Error::Build("without TLS there is no certificate".to_owned()));
    }
    wire::look(place(node, port)?, limits.of_http()).await.map_err(|fault| Error::below(fault, ""))
}
