//! The menu program over a real SSH connection: keys, passwords, routes, and a node that does not answer.

use crate::{
    menus::{CLUSTERING, MAIN, Program, account},
    support::{mapped, node, profile, socks},
};
use russh::{
    Channel, ChannelId, MethodKind, MethodSet, Preferred,
    keys::{Algorithm, PrivateKey, ssh_key::private::Ed25519Keypair},
    server::{Auth, ChannelOpenHandle, Config, Handler, Msg, Response, Session},
};
use std::{
    net::SocketAddr,
    sync::{
        Arc, Mutex,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
};
use xms::{
    Account, CliProblem, ConnectBy, ConnectCause, Credentials, Door, Error, HostKey, Limits, Node, Shell, SshProblem,
    cli::{Role, Task},
    ssh,
};

/// How the server behaves.
#[derive(Clone)]
struct Manner {
    seed: u8,
    methods: Vec<MethodKind>,
    questions: Vec<&'static str>,
    greeting: &'static str,
    preferred: Preferred,
}

impl Default for Manner {
    fn default() -> Self {
        Self {
            seed: 7,
            methods: vec![MethodKind::Password, MethodKind::KeyboardInteractive],
            questions: vec!["Password: "],
            greeting: MAIN,
            preferred: Preferred::default(),
        }
    }
}

#[derive(Clone)]
struct Sshd {
    manner: Manner,
    program: Arc<Mutex<Program>>,
    passwords: Arc<AtomicUsize>,
    round: usize,
    line: String,
}

impl Sshd {
    fn check(&self, password: &str) -> Auth {
        self.passwords.fetch_add(1, Ordering::SeqCst);
        if password == "geheim" { Auth::Accept } else { self.no() }
    }

    fn no(&self) -> Auth {
        Auth::Reject {
            proceed_with_methods: Some(MethodSet::from(self.manner.methods.as_slice())),
            partial_success: false,
        }
    }
}

impl Handler for Sshd {
    type Error = russh::Error;

    async fn auth_none(&mut self, _: &str) -> Result<Auth, russh::Error> {
        Ok(self.no())
    }

    async fn auth_password(&mut self, _: &str, password: &str) -> Result<Auth, russh::Error> {
        Ok(if self.manner.methods.contains(&MethodKind::Password) { self.check(password) } else { self.no() })
    }

    async fn auth_keyboard_interactive<'a>(
        &'a mut self,
        _: &str,
        _: &str,
        response: Option<Response<'a>>,
    ) -> Result<Auth, russh::Error> {
        if let Some(mut response) = response {
            let answer = response.next().map(|bytes| String::from_utf8_lossy(&bytes).into_owned()).unwrap_or_default();
            self.round += 1;
            if self.round >= self.manner.questions.len() {
                return Ok(self.check(&answer));
            }
        }
        let question = self.manner.questions[self.round];
        Ok(Auth::Partial { name: "".into(), instructions: "".into(), prompts: vec![(question.into(), false)].into() })
    }

    async fn channel_open_session(
        &mut self,
        _: Channel<Msg>,
        reply: ChannelOpenHandle,
        _: &mut Session,
    ) -> Result<(), russh::Error> {
        reply.accept().await;
        Ok(())
    }

    async fn pty_request(
        &mut self,
        channel: ChannelId,
        _: &str,
        _: u32,
        _: u32,
        _: u32,
        _: u32,
        _: &[(russh::Pty, u32)],
        session: &mut Session,
    ) -> Result<(), russh::Error> {
        session.channel_success(channel)
    }

    async fn shell_request(&mut self, channel: ChannelId, session: &mut Session) -> Result<(), russh::Error> {
        session.channel_success(channel)?;
        session.data(channel, self.manner.greeting.as_bytes().to_vec())
    }

    async fn data(&mut self, channel: ChannelId, data: &[u8], session: &mut Session) -> Result<(), russh::Error> {
        self.line.push_str(&String::from_utf8_lossy(data));
        if self.line.ends_with('\r') {
            let line = std::mem::take(&mut self.line);
            let text = self.program.lock().unwrap().answer(&line);
            // In two pieces, as a network does.
            let (one, two) = text.split_at(text.len() / 2);
            session.data(channel, one.as_bytes().to_vec())?;
            session.data(channel, two.as_bytes().to_vec())?;
        }
        Ok(())
    }
}

struct Running {
    addr: SocketAddr,
    passwords: Arc<AtomicUsize>,
    program: Arc<Mutex<Program>>,
}

impl Running {
    fn tries(&self) -> usize {
        self.passwords.load(Ordering::SeqCst)
    }
}

async fn sshd(manner: Manner) -> Running {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let addr = listener.local_addr().unwrap();
    let config = Arc::new(Config {
        keys: vec![PrivateKey::from(Ed25519Keypair::from_seed(&[manner.seed; 32]))],
        methods: MethodSet::from(manner.methods.as_slice()),
        auth_rejection_time: Duration::ZERO,
        auth_rejection_time_initial: Some(Duration::ZERO),
        preferred: manner.preferred.clone(),
        ..Config::default()
    });
    let passwords = Arc::new(AtomicUsize::new(0));
    let program = Arc::new(Mutex::new(Program::new(MAIN, CLUSTERING)));
    let handler = Sshd {
        manner,
        program: Arc::clone(&program),
        passwords: Arc::clone(&passwords),
        round: 0,
        line: String::new(),
    };
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            let (config, handler) = (Arc::clone(&config), handler.clone());
            tokio::spawn(async move {
                if let Ok(session) = russh::server::run_stream(config, stream, handler).await {
                    let _ = session.await;
                }
            });
        }
    });
    Running { addr, passwords, program }
}

fn limits() -> Limits {
    Limits { menu: Duration::from_millis(300), ..Limits::default() }
}

async fn key(addr: SocketAddr) -> HostKey {
    ssh::host_key(&node(addr), Limits::default()).await.unwrap()
}

async fn shell(server: &Running) -> Shell {
    shell_as(server, account()).await
}

async fn shell_as(server: &Running, account: Credentials) -> Shell {
    Shell::new(node(server.addr), account, key(server.addr).await, profile(), Limits::default())
}

#[tokio::test]
async fn reads_number_and_members_and_logs_out() {
    for methods in [vec![MethodKind::Password], vec![MethodKind::KeyboardInteractive]] {
        let server = sshd(Manner { methods, ..Manner::default() }).await;
        let shell = shell(&server).await;
        assert_eq!(server.tries(), 0, "no password for a look at the key");
        let status = shell.cluster_status().await.unwrap();
        assert_eq!(status.node_id.unwrap().as_str(), "169090571");
        assert_eq!((status.members.len(), &status.members[0].role), (3, &Role::Oldest));
        assert_eq!(server.tries(), 1);
        let typed = server.program.lock().unwrap().typed.clone();
        assert_eq!(typed[..3], ["1", "1", "0"], "Clustering, Show Cluster Status, back");
    }
}

#[tokio::test]
async fn one_session_serves_several_tasks() {
    let server = sshd(Manner::default()).await;
    let transcript = shell(&server).await.look(&[Task::ClusterStatus, Task::Hazelcast, Task::Date]).await.unwrap();
    assert!(transcript.visits.iter().all(|visit| visit.text.is_ok()), "{transcript:?}");
    assert_eq!(server.tries(), 1);
}

#[tokio::test]
async fn a_changed_host_key_stops_everything_before_the_password() {
    let server = sshd(Manner::default()).await;
    let pin = HostKey { algorithm: "ssh-ed25519".to_owned(), sha256: [1; 32] };
    let shell = Shell::new(node(server.addr), account(), pin.clone(), profile(), Limits::default());
    let error = shell.cluster_status().await.unwrap_err();
    let Error::Ssh { problem: SshProblem::KeyChanged { pinned, shown }, .. } = &error else { panic!("{error:?}") };
    assert_eq!((pinned, shown), (&pin.to_string(), &key(server.addr).await));
    assert!(error.not_trusted() && error.sentence().contains(&shown.to_string()));
    assert_eq!(server.tries(), 0);
    assert!(!shell.is_locked().await);
}

#[tokio::test]
async fn a_refused_password_is_shown_once_and_by_one_method() {
    for methods in [vec![MethodKind::Password, MethodKind::KeyboardInteractive], vec![MethodKind::KeyboardInteractive]]
    {
        let server = sshd(Manner { methods, ..Manner::default() }).await;
        let wrong = Credentials { user: "admin".to_owned(), secret: "falsch".to_owned().into() };
        let shell = shell_as(&server, wrong).await;
        for asked in [true, false, false] {
            match shell.cluster_status().await.unwrap_err() {
                Error::Credentials { door: Door::Ssh, asked: really, .. } => assert_eq!(really, asked),
                other => panic!("{other:?}"),
            }
        }
        assert_eq!(server.tries(), 1);
        shell.retry_credentials().await;
        assert!(shell.look(&[Task::Date]).await.unwrap_err().is_auth());
        assert_eq!(server.tries(), 2);
    }
}

#[tokio::test]
async fn a_second_question_and_keys_only_are_told_apart() {
    let methods = vec![MethodKind::KeyboardInteractive];
    let server = sshd(Manner { methods, questions: vec!["Password: ", "Token: "], ..Manner::default() }).await;
    let error = shell(&server).await.cluster_status().await.unwrap_err();
    assert!(
        matches!(&error, Error::Ssh { problem: SshProblem::MoreAsked { question }, .. } if question == "Token:"),
        "{error:?}"
    );
    let server = sshd(Manner { methods: vec![MethodKind::PublicKey], ..Manner::default() }).await;
    let error = shell(&server).await.cluster_status().await.unwrap_err();
    match &error {
        Error::Ssh { problem: SshProblem::NoPassword { offered }, .. } => assert_eq!(offered, &["publickey"]),
        other => panic!("{other:?}"),
    }
    assert_eq!(server.tries(), 0);
}

#[tokio::test]
async fn no_common_algorithm_names_what_the_node_offers() {
    let preferred = Preferred { cipher: vec![russh::cipher::AES_256_CBC].into(), ..Preferred::default() };
    let server = sshd(Manner { preferred, ..Manner::default() }).await;
    let error = ssh::host_key(&node(server.addr), Limits::default()).await.unwrap_err();
    match &error {
        Error::Ssh { problem: SshProblem::Algorithm { kind, offered }, .. } => {
            assert_eq!((kind.as_str(), offered.as_slice()), ("cipher", &["aes256-cbc".to_owned()][..]));
        }
        other => panic!("{other:?}"),
    }
    assert!(error.sentence().contains("aes256-cbc"));
    assert!(Preferred::default().key.contains(&Algorithm::Rsa { hash: None }), "old nodes have RSA keys only");
}

#[tokio::test]
async fn goes_through_maps_and_proxies_as_http_does() {
    let server = sshd(Manner::default()).await;
    let (proxy, asked) = socks(Some(server.addr)).await;
    let pin = key(server.addr).await;
    for connect_by in [mapped("10.20.30.11:22", server.addr), ConnectBy::Socks5(proxy.to_string())] {
        let node = Node { connect_by, ..Node::at("10.20.30.11") };
        let shell = Shell::new(node, account(), pin.clone(), profile(), Limits::default());
        assert!(shell.cluster_status().await.unwrap().node_id.is_some());
    }
    assert_eq!(*asked.lock().unwrap(), ["10.20.30.11:22"]);
    let (proxy, _) = socks(None).await;
    let node = Node { connect_by: ConnectBy::Socks5(proxy.to_string()), ..Node::at("10.20.30.11") };
    let error = ssh::host_key(&node, Limits::default()).await.unwrap_err();
    assert!(
        matches!(&error, Error::Connect { cause: ConnectCause::Refused, detail, .. } if detail.contains("refused")),
        "{error:?}"
    );
}

#[tokio::test]
async fn a_prompt_that_is_none_times_out_with_a_sentence() {
    let server = sshd(Manner { greeting: "bash-3.2$ ", ..Manner::default() }).await;
    let shell = Shell::new(node(server.addr), account(), key(server.addr).await, profile(), limits());
    let error = shell.cluster_status().await.unwrap_err();
    assert!(matches!(&error, Error::Cli { problem: CliProblem::Silent { tail, .. }, .. } if tail == "bash-3.2$"));
    assert!(error.sentence().contains("bash-3.2$"), "{}", error.sentence());
    assert!(!shell.is_locked().await);
}

#[tokio::test]
async fn shells_of_one_account_show_a_wrong_password_once_and_a_good_one_each() {
    let servers = [sshd(Manner::default()).await, sshd(Manner { seed: 8, ..Manner::default() }).await];
    for (secret, tries) in [("falsch", 1), ("geheim", 3)] {
        let credentials = Credentials { user: "admin".to_owned(), secret: secret.to_owned().into() };
        let account = Account::from(credentials);
        let mut shells = Vec::new();
        for server in &servers {
            let key = key(server.addr).await;
            shells.push(Shell::new(node(server.addr), account.clone(), key, profile(), Limits::default()));
        }
        let all = futures::future::join_all(shells.iter().map(Shell::cluster_status)).await;
        assert!(all.iter().all(|one| one.is_ok() == (secret == "geheim")), "{all:?}");
        assert_eq!(servers.iter().map(Running::tries).sum::<usize>(), tries, "{secret}");
    }
}

#[tokio::test]
async fn a_refusal_by_the_menu_programs_own_prompt_counts_as_well() {
    // It takes what is typed for a choice, finds none, and asks again.
    let server = sshd(Manner { greeting: "mdm login: ", ..Manner::default() }).await;
    *server.program.lock().unwrap() = Program::new("mdm login: ", "");
    let shell = Shell::new(node(server.addr), account(), key(server.addr).await, profile(), limits());
    let error = shell.cluster_status().await.unwrap_err();
    assert!(matches!(error, Error::Cli { problem: CliProblem::Lost { .. }, .. }), "{error:?}");
    *server.program.lock().unwrap() = Program::new("Password: ", "");
    let error = shell.cluster_status().await.unwrap_err();
    assert!(matches!(error, Error::Credentials { door: Door::Menu, asked: true, .. }), "{error:?}");
    assert!(!format!("{error:?}").contains("geheim"), "the terminal echoed it");
    assert!(shell.is_locked().await);
    assert_eq!(server.tries(), 2);
    assert!(matches!(shell.date().await.unwrap_err(), Error::Credentials { asked: false, .. }));
    assert_eq!(server.tries(), 2);
}

async fn impostor(reply: &'static [u8]) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let addr = listener.local_addr().unwrap();
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            // Reads first: closing with something unread would reset the connection.
            let _ = stream.read(&mut [0; 256]).await;
            let _ = TcpStream::write_all(&mut stream, reply).await;
        }
    });
    addr
}

#[tokio::test]
async fn what_is_no_ssh_says_so() {
    for reply in [&b"HTTP/1.1 400 Bad Request\r\n\r\n"[..], b"\x15\x03\x01\x00\x02\x02\x46", b"SSH-1.5-old\r\n", b""] {
        let error = ssh::host_key(&node(impostor(reply).await), Limits::default()).await.unwrap_err();
        let fits = matches!(&error, Error::Ssh { problem: SshProblem::NotSsh, .. })
            || reply.is_empty() && matches!(&error, Error::Connect { cause: ConnectCause::Reset, .. });
        assert!(fits, "{reply:?}: {error:?}");
        assert!(error.sentence().ends_with('.'));
    }
}
