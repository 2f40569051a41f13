//! The menu program over SSH: connect, check the host key, log in once, look, log out.

mod connect;
mod host_key;
mod sniff;

use crate::{
    Account, CliProblem, Door, Error, Limits, Node, Phase, Port, Profile, SshProblem,
    cli::{ClusterStatus, Driver, DriverStep, Task, Transcript, answers},
};
pub use host_key::{HostKey, HostKeyError};
use russh::{
    Channel, ChannelMsg, Disconnect,
    client::{Handle, Msg},
};
use std::{net::Ipv4Addr, sync::Arc};
use tokio::{
    sync::Mutex,
    time::{Instant, timeout, timeout_at},
};

/// Shows a node's host key without logging in: for "Test connection", before a password is sent.
///
/// # Errors
/// When no key was shown.
pub async fn host_key(node: &Node, limits: Limits) -> Result<HostKey, Error> {
    let (outcome, shown) = connect::handshake(node, None, &limits).await;
    match (shown, outcome) {
        (Some(key), _) => Ok(key),
        (None, Err(error)) => Err(error),
        (None, Ok(_)) => Err(Error::Build(format!("{} showed no host key", node.address(Port::Ssh)))),
    }
}

/// The menu program of one node. One session at a time; each is opened and closed with its tasks.
pub struct Shell {
    node: Node,
    account: Account,
    pin: HostKey,
    profile: Arc<Profile>,
    limits: Limits,
    /// Held while a session is open.
    session: Mutex<()>,
}

impl std::fmt::Debug for Shell {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Shell").field("node", &self.node.host).field("account", &self.account).finish_non_exhaustive()
    }
}

impl Shell {
    /// For a node whose host key a person has compared. Does not connect. Shells of one [`Account`] log in one after the
    /// other, and look things up at the same time.
    pub fn new(
        node: Node,
        account: impl Into<Account>,
        pin: HostKey,
        profile: impl Into<Arc<Profile>>,
        limits: Limits,
    ) -> Self {
        Self { node, account: account.into(), pin, profile: profile.into(), limits, session: Mutex::default() }
    }

    /// Looks things up in one session. Tasks that could not be done say why in their [`Visit`](crate::cli::Visit).
    ///
    /// # Errors
    /// When the menu program was not reached.
    pub async fn look(&self, tasks: &[Task]) -> Result<Transcript, Error> {
        let _one_session = self.session.lock().await;
        let outcome = self.try_look(tasks).await;
        if let Err(error) = &outcome {
            tracing::warn!(node = self.node.host, "{error}");
        }
        outcome
    }

    /// The node's own number, and the cluster as it sees it.
    pub async fn cluster_status(&self) -> Result<ClusterStatus, Error> {
        let text = self.text(Task::ClusterStatus).await?;
        answers::cluster_status(&text, &self.profile.cli).map_err(|problem| self.cli(problem))
    }

    /// The members that the node's Hazelcast knows.
    pub async fn hazelcast(&self) -> Result<Vec<(Ipv4Addr, Option<u16>)>, Error> {
        let text = self.text(Task::Hazelcast).await?;
        answers::hazelcast(&text, &self.profile.cli).map_err(|problem| self.cli(problem))
    }

    /// The node's clock, as it writes it.
    pub async fn date(&self) -> Result<String, Error> {
        self.text(Task::Date).await
    }

    /// Whether the account was refused, so that calls fail without contacting the node.
    pub async fn is_locked(&self) -> bool {
        self.account.is_locked().await
    }

    /// Lets the account be tried again after a refusal. Only a person should decide this (invariant 14).
    pub async fn retry_credentials(&self) {
        self.account.retry().await;
    }

    async fn text(&self, task: Task) -> Result<String, Error> {
        let mut transcript = self.look(&[task]).await?;
        match transcript.visits.pop().map(|visit| visit.text) {
            Some(Ok(text)) => Ok(text),
            Some(Err(problem)) => Err(self.cli(problem)),
            None => Err(Error::Build("no task was given".to_owned())),
        }
    }

    fn cli(&self, problem: CliProblem) -> Error {
        Error::Cli { address: self.node.address(Port::Ssh), problem }
    }

    async fn try_look(&self, tasks: &[Task]) -> Result<Transcript, Error> {
        // A refused account is not even a reason to connect.
        drop(self.account.turns().turn().await?);
        let (outcome, _) = connect::handshake(&self.node, Some(&self.pin), &self.limits).await;
        let mut session = outcome?;
        let mut turn = Some(self.account.turns().turn().await?);
        let outcome = self.talk(&mut session, tasks, &mut turn).await;
        if let (Some(turn), Err(error)) = (turn, &outcome) {
            turn.failed(error);
        }
        outcome
    }

    /// Gives the turn up at the first menu: from there on no password is asked for.
    async fn talk(
        &self,
        session: &mut Handle<connect::Guard>,
        tasks: &[Task],
        turn: &mut Option<wire::Turn<Error>>,
    ) -> Result<Transcript, Error> {
        let address = self.node.address(Port::Ssh);
        connect::log_in(session, self.account.credentials(), &address, &self.limits).await?;
        let no_shell = |error: russh::Error| Error::Ssh {
            address: address.clone(),
            problem: SshProblem::NoShell(error.to_string()),
        };
        let open = async {
            let channel = session.channel_open_session().await?;
            channel.request_pty(true, "vt100", 200, 50, 0, 0, &[]).await?;
            channel.request_shell(true).await?;
            Ok(channel)
        };
        let mut channel = match timeout(self.limits.read, open).await {
            Ok(channel) => channel.map_err(no_shell)?,
            Err(_) => {
                return Err(Error::Timeout { address, phase: Phase::Answer, after: self.limits.read });
            }
        };
        let mut driver = Driver::new(self.profile.clone(), self.account.credentials(), tasks);
        let outcome = self.drive(&mut channel, &mut driver, turn).await;
        // The connection goes in any case; whether the node heard of it does not matter.
        let _ = session.disconnect(Disconnect::ByApplication, "", "").await;
        outcome.map_err(no_shell)?;
        let transcript = driver.finish();
        match transcript.refused {
            Some(answer) => Err(Error::Credentials { door: Door::Menu, answer: Some(answer), asked: true }),
            None => Ok(transcript),
        }
    }

    async fn drive(
        &self,
        channel: &mut Channel<Msg>,
        driver: &mut Driver,
        turn: &mut Option<wire::Turn<Error>>,
    ) -> Result<(), russh::Error> {
        let mut deadline = Instant::now() + self.limits.menu;
        loop {
            let step = match timeout_at(deadline, channel.wait()).await {
                Err(_) => driver.expired(),
                Ok(Some(ChannelMsg::Data { data } | ChannelMsg::ExtendedData { data, .. })) => driver.receive(&data),
                Ok(Some(ChannelMsg::Failure)) => return Err(russh::Error::RequestDenied),
                Ok(None | Some(ChannelMsg::Close | ChannelMsg::Eof)) => driver.closed(),
                Ok(Some(_)) => DriverStep::Wait,
            };
            if driver.is_in() {
                *turn = None;
            }
            match step {
                DriverStep::Wait => {}
                DriverStep::Done => return Ok(()),
                DriverStep::Send(reply) => {
                    // A node that hangs up while we write is found by the next wait.
                    let _ = channel.data_bytes(reply.0).await;
                    if driver.is_over() {
                        return Ok(());
                    }
                    deadline = Instant::now() + self.limits.menu;
                }
            }
        }
    }
}
