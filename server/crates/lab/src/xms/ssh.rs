//! SSH on port 22: a password, then the menu program. No commands, no files, no forwarding.

use std::{
    borrow::Cow,
    io,
    sync::{Arc, OnceLock, atomic::Ordering},
    time::Duration,
};

use russh::{
    Channel, ChannelId, Disconnect, MethodKind, MethodSet, Pty, SshId,
    keys::{HashAlg, PrivateKey, ssh_key::private::Ed25519Keypair},
    server::{Auth, ChannelOpenHandle, Config, Handler, Msg, Response, Session as Wire},
};

use super::{
    menu::{End, Program},
    profile::Cli,
};
use crate::node::Node;

/// More than anybody types; what is beyond is thrown away.
const LINE_LIMIT: usize = 1024;

/// The server of one node, with a key of its own, and the key's fingerprint.
pub(super) fn config(cli: &Cli) -> io::Result<(Config, String)> {
    let mut seed = [0_u8; 32];
    getrandom::fill(&mut seed).map_err(io::Error::other)?;
    let key = PrivateKey::from(Ed25519Keypair::from_seed(&seed));
    let fingerprint = key.public_key().fingerprint(HashAlg::Sha256).to_string();
    let config = Config {
        server_id: SshId::Standard(Cow::Owned(cli.server_id.clone())),
        methods: MethodSet::from([MethodKind::KeyboardInteractive, MethodKind::Password].as_slice()),
        // A lab has nothing to hide, and time here is the lab's.
        auth_rejection_time: Duration::ZERO,
        keys: vec![key],
        max_auth_attempts: 6,
        inactivity_timeout: None,
        ..Config::default()
    };
    Ok((config, fingerprint))
}

/// One connection.
pub(super) struct Session {
    node: Arc<Node>,
    program: Option<Program>,
    /// With a terminal: what is typed comes back, and lines end with CR LF.
    terminal: bool,
    line: Vec<u8>,
    after_return: bool,
    end: Arc<OnceLock<End>>,
}

impl Session {
    /// `end` is where the session says what is to become of the node afterwards.
    pub fn new(node: Arc<Node>, end: Arc<OnceLock<End>>) -> Self {
        node.machine.ssh_open.fetch_add(1, Ordering::SeqCst);
        Self { node, program: None, terminal: false, line: Vec::new(), after_return: false, end }
    }

    fn judge(&self, user: &str, password: &[u8]) -> Auth {
        let cluster = &self.node.cluster;
        let good = user == cluster.profile.cli.user && password == cluster.cli_password.as_bytes();
        let attempts = &mut self.node.machine.local().attempts;
        attempts.cli += 1;
        attempts.cli_refused += u64::from(!good);
        if good { Auth::Accept } else { Auth::reject() }
    }

    fn print(&self, text: &str, channel: ChannelId, wire: &mut Wire) -> Result<(), russh::Error> {
        let text = if self.terminal { text.replace('\n', "\r\n") } else { text.to_owned() };
        if text.is_empty() { Ok(()) } else { wire.data(channel, text.into_bytes()) }
    }

    /// Takes one byte; the finished line when it was the last one.
    fn take(&mut self, byte: u8, echo: &mut String) -> Option<String> {
        let second_half = std::mem::replace(&mut self.after_return, byte == b'\r') && byte == b'\n';
        match byte {
            b'\n' if second_half => return None,
            b'\r' | b'\n' => {
                echo.push('\n');
                return Some(String::from_utf8_lossy(&std::mem::take(&mut self.line)).into_owned());
            }
            8 | 127 if self.line.pop().is_some() => echo.push_str("\u{8} \u{8}"),
            byte if byte >= b' ' && byte != 127 && self.line.len() < LINE_LIMIT => {
                self.line.push(byte);
                echo.push(char::from(byte));
            }
            _ => {}
        }
        None
    }

    fn finish(&self, end: End, channel: ChannelId, wire: &mut Wire) -> Result<(), russh::Error> {
        if self.end.set(end).is_err() {
            return Ok(());
        }
        wire.exit_status_request(channel, 0)?;
        wire.eof(channel)?;
        wire.close(channel)?;
        if end == End::LogOut { Ok(()) } else { wire.disconnect(Disconnect::ByApplication, "going down", "") }
    }
}

impl Drop for Session {
    fn drop(&mut self) {
        self.node.machine.ssh_open.fetch_sub(1, Ordering::SeqCst);
    }
}

impl Handler for Session {
    type Error = russh::Error;

    async fn auth_password(&mut self, user: &str, password: &str) -> Result<Auth, Self::Error> {
        Ok(self.judge(user, password.as_bytes()))
    }

    async fn auth_keyboard_interactive<'a>(
        &'a mut self,
        user: &str,
        _submethods: &str,
        response: Option<Response<'a>>,
    ) -> Result<Auth, Self::Error> {
        if let Some(answer) = response.and_then(|mut answers| answers.next()) {
            return Ok(self.judge(user, &answer));
        }
        let prompt = self.node.cluster.profile.cli.password_prompt.clone();
        let prompts = Cow::Owned(vec![(Cow::Owned(prompt), false)]);
        Ok(Auth::Partial { name: Cow::Borrowed(""), instructions: Cow::Borrowed(""), prompts })
    }

    async fn channel_open_session(
        &mut self,
        _channel: Channel<Msg>,
        reply: ChannelOpenHandle,
        _wire: &mut Wire,
    ) -> Result<(), Self::Error> {
        reply.accept().await;
        Ok(())
    }

    async fn pty_request(
        &mut self,
        channel: ChannelId,
        _term: &str,
        _columns: u32,
        _rows: u32,
        _width: u32,
        _height: u32,
        _modes: &[(Pty, u32)],
        wire: &mut Wire,
    ) -> Result<(), Self::Error> {
        self.terminal = true;
        wire.channel_success(channel)
    }

    async fn shell_request(&mut self, channel: ChannelId, wire: &mut Wire) -> Result<(), Self::Error> {
        if self.program.is_some() {
            return wire.channel_failure(channel);
        }
        wire.channel_success(channel)?;
        let program = self.program.insert(Program::new(Arc::clone(&self.node)));
        let opening = program.opening();
        self.print(&opening, channel, wire)
    }

    async fn exec_request(&mut self, channel: ChannelId, _data: &[u8], wire: &mut Wire) -> Result<(), Self::Error> {
        wire.channel_failure(channel)
    }

    async fn subsystem_request(&mut self, channel: ChannelId, _name: &str, wire: &mut Wire) -> Result<(), Self::Error> {
        wire.channel_failure(channel)
    }

    /// Nobody will type any more: that is a log-out.
    async fn channel_eof(&mut self, channel: ChannelId, wire: &mut Wire) -> Result<(), Self::Error> {
        if self.program.take().is_some() { self.finish(End::LogOut, channel, wire) } else { Ok(()) }
    }

    async fn data(&mut self, channel: ChannelId, data: &[u8], wire: &mut Wire) -> Result<(), Self::Error> {
        let mut out = String::new();
        for byte in data {
            let mut echo = String::new();
            let line = self.take(*byte, &mut echo);
            if self.terminal {
                out.push_str(&echo);
            }
            let Some((line, program)) = line.zip(self.program.as_mut()) else { continue };
            let (text, end) = program.hear(&line);
            out.push_str(&text);
            if let Some(end) = end {
                self.program = None;
                self.print(&out, channel, wire)?;
                return self.finish(end, channel, wire);
            }
        }
        self.print(&out, channel, wire)
    }
}
