//! SSH on port 22: a password, then the menu program. No commands, no files, no forwarding.

use super::{
    Ill,
    menu::{End, Program},
    wizard::Wizard,
};
use crate::node::Node;
use russh::{
    Channel, ChannelId, Disconnect, MethodKind, MethodSet, Preferred, Pty, SshId, kex,
    keys::{
        Algorithm, HashAlg, PrivateKey,
        key::safe_rng,
        ssh_key::private::{Ed25519Keypair, RsaKeypair},
    },
    server::{Auth, ChannelOpenHandle, Config, Handler, Msg, Response, Session as Wire},
};
use std::{
    borrow::Cow,
    io,
    sync::{Arc, OnceLock, atomic::Ordering},
    time::Duration,
};

/// More than anybody types; what is beyond is thrown away.
const LINE_LIMIT: usize = 1024;

/// Of a host key that only old clients like.
const RSA_BITS: usize = 2048;

/// The keys of one node. Those for faults are made when they are first wanted, and stay.
pub(crate) struct HostKeys {
    usual: PrivateKey,
    /// For `new_host_key`.
    other: PrivateKey,
    /// For `ssh_rsa_only`.
    rsa: OnceLock<PrivateKey>,
    /// Of the usual one, as OpenSSH writes it: `SHA256:…`.
    pub fingerprint: String,
}

impl HostKeys {
    pub fn new() -> io::Result<Self> {
        let (usual, other) = (ed25519()?, ed25519()?);
        let fingerprint = usual.public_key().fingerprint(HashAlg::Sha256).to_string();
        Ok(Self { usual, other, rsa: OnceLock::new(), fingerprint })
    }

    fn rsa(&self) -> io::Result<PrivateKey> {
        if let Some(known) = self.rsa.get() {
            return Ok(known.clone());
        }
        let pair = RsaKeypair::random(&mut safe_rng(), RSA_BITS).map_err(io::Error::other)?;
        Ok(self.rsa.get_or_init(|| PrivateKey::from(pair)).clone())
    }
}

fn ed25519() -> io::Result<PrivateKey> {
    let mut seed = [0_u8; 32];
    getrandom::fill(&mut seed).map_err(io::Error::other)?;
    Ok(PrivateKey::from(Ed25519Keypair::from_seed(&seed)))
}

fn methods() -> MethodSet {
    MethodSet::from([MethodKind::KeyboardInteractive, MethodKind::Password].as_slice())
}

/// The server of one node as it is now.
pub(super) fn config(node: &Node) -> io::Result<Config> {
    let (ills, keys) = (node.machine.ills(), &node.machine.host_keys);
    let mut preferred = Preferred::default();
    let key = if ills.has(Ill::SshRsaOnly) {
        preferred.key = Cow::Borrowed(&[Algorithm::Rsa { hash: None }]);
        keys.rsa()?
    } else if ills.has(Ill::CloneHostKey) {
        let others = node.cluster.lab().map(|lab| lab.nodes.all()).unwrap_or_default();
        let twin = others.iter().find(|other| other.ip != node.ip);
        twin.map_or_else(|| keys.usual.clone(), |twin| twin.machine.host_keys.usual.clone())
    } else if ills.has(Ill::NewHostKey) {
        keys.other.clone()
    } else {
        keys.usual.clone()
    };
    if ills.has(Ill::OldKex) {
        preferred.kex = Cow::Borrowed(&[kex::DH_G14_SHA1, kex::DH_G1_SHA1]);
    }
    Ok(Config {
        server_id: SshId::Standard(Cow::Owned(node.cluster.profile.cli.server_id.clone())),
        methods: methods(),
        // A lab has nothing to hide, and time here is the lab's.
        auth_rejection_time: Duration::ZERO,
        keys: vec![key],
        preferred,
        max_auth_attempts: 6,
        inactivity_timeout: None,
        ..Config::default()
    })
}

/// What somebody is at: the menus, or the first questions.
enum Screen {
    Menu(Program),
    Wizard(Wizard),
}

impl Screen {
    /// And what is printed before anything is typed.
    fn open(node: &Arc<Node>) -> (Self, String) {
        if node.machine.is_new() {
            let mut wizard = Wizard::new(Arc::clone(node));
            let opening = wizard.opening();
            (Self::Wizard(wizard), opening)
        } else {
            let program = Program::new(Arc::clone(node));
            let opening = program.opening();
            (Self::Menu(program), opening)
        }
    }

    fn hear(&mut self, line: &str) -> (String, Option<End>) {
        match self {
            Self::Menu(program) => program.hear(line),
            Self::Wizard(wizard) => wizard.hear(line),
        }
    }
}

/// One connection.
pub(super) struct Session {
    node: Arc<Node>,
    screen: Option<Screen>,
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
        Self { node, screen: None, terminal: false, line: Vec::new(), after_return: false, end }
    }

    fn judge(&self, user: &str, password: &[u8]) -> Auth {
        let mut local = self.node.machine.local();
        let known = local.disk.cli_password.as_bytes() == password;
        let good = user == self.node.cluster.profile.cli.user && known;
        let attempts = &mut local.attempts;
        attempts.cli += 1;
        attempts.cli_refused += u64::from(!good);
        // A wrong password withdraws no way to log in.
        if good { Auth::Accept } else { Auth::Reject { proceed_with_methods: Some(methods()), partial_success: false } }
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

    async fn authentication_banner(&mut self) -> Result<Option<String>, Self::Error> {
        let shown = self.node.machine.ills().has(Ill::Banner);
        Ok(shown.then(|| self.node.cluster.profile.cli.banner.clone()))
    }

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
        if self.screen.is_some() {
            return wire.channel_failure(channel);
        }
        wire.channel_success(channel)?;
        let (screen, opening) = Screen::open(&self.node);
        self.screen = Some(screen);
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
        if self.screen.take().is_some() { self.finish(End::LogOut, channel, wire) } else { Ok(()) }
    }

    async fn data(&mut self, channel: ChannelId, data: &[u8], wire: &mut Wire) -> Result<(), Self::Error> {
        let mut out = String::new();
        for byte in data {
            let mut echo = String::new();
            let line = self.take(*byte, &mut echo);
            if self.terminal {
                out.push_str(&echo);
            }
            let Some((line, screen)) = line.zip(self.screen.as_mut()) else { continue };
            let (text, end) = screen.hear(&line);
            out.push_str(&text);
            if let Some(end) = end {
                self.screen = None;
                self.print(&out, channel, wire)?;
                return self.finish(end, channel, wire);
            }
        }
        self.print(&out, channel, wire)
    }
}
