//! A plain SSH client.

use crate::nodes::support::Desk;
use lab::XmsDescription;
use russh::{
    Channel, ChannelMsg,
    client::{self, AuthResult, KeyboardInteractiveAuthResponse as Interactive},
    keys::HashAlg,
};
use std::sync::{Arc, Mutex};

/// Accepts every server and remembers its key.
#[derive(Clone, Default)]
struct Trusting(Arc<Mutex<String>>);

impl client::Handler for Trusting {
    type Error = russh::Error;

    async fn check_server_key(&mut self, key: &russh::keys::PublicKeyOrCertificate) -> Result<bool, Self::Error> {
        *self.0.lock().unwrap() = key.public_key().fingerprint(HashAlg::Sha256).to_string();
        Ok(true)
    }
}

pub struct Shell {
    handle: client::Handle<Trusting>,
    channel: Channel<client::Msg>,
    pub fingerprint: String,
}

async fn connect(node: &XmsDescription) -> (client::Handle<Trusting>, String) {
    let trusting = Trusting::default();
    let address = node.ssh.clone().unwrap();
    let handle = client::connect(Arc::default(), address, trusting.clone()).await.unwrap();
    let fingerprint = trusting.0.lock().unwrap().clone();
    (handle, fingerprint)
}

/// Wrong passwords, then the right one, on one connection.
pub async fn admits_at_last(desk: &Desk, user: &str, wrong: usize, password: &str) -> bool {
    let (mut handle, _) = connect(desk.node(0)).await;
    for _ in 0..wrong {
        handle.authenticate_password(user, "wrong").await.unwrap();
    }
    matches!(handle.authenticate_password(user, password).await.unwrap(), AuthResult::Success)
}

/// Whether a password opens the door.
pub async fn admits(desk: &Desk, user: &str, password: &str) -> bool {
    let (mut handle, _) = connect(desk.node(0)).await;
    matches!(handle.authenticate_password(user, password).await.unwrap(), AuthResult::Success)
}

impl Shell {
    /// Logs in by keyboard-interactive and starts the program, with a terminal or without.
    pub async fn open(desk: &Desk, at: usize, terminal: bool) -> Self {
        Self::at(desk.node(at), &desk.node(at).cli_password, terminal).await
    }

    pub async fn at(node: &XmsDescription, password: &str, terminal: bool) -> Self {
        let (mut handle, fingerprint) = connect(node).await;
        let asked = handle.authenticate_keyboard_interactive_start(node.cli_user.as_str(), None).await.unwrap();
        let Interactive::InfoRequest { prompts, .. } = asked else { panic!("{asked:?}") };
        assert_eq!((prompts.len(), prompts[0].prompt.as_str(), prompts[0].echo), (1, "Password: ", false));
        let answer = vec![password.to_owned()];
        let reply = handle.authenticate_keyboard_interactive_respond(answer).await.unwrap();
        assert!(matches!(reply, Interactive::Success), "{reply:?}");
        let channel = handle.channel_open_session().await.unwrap();
        if terminal {
            channel.request_pty(false, "vt100", 80, 24, 0, 0, &[]).await.unwrap();
        }
        channel.request_shell(false).await.unwrap();
        Self { handle, channel, fingerprint }
    }

    pub async fn type_in(&self, text: &str) {
        self.channel.data_bytes(text.as_bytes().to_vec()).await.unwrap();
    }

    pub async fn end(&self) {
        self.channel.eof().await.unwrap();
    }

    /// Reads until the text ends with this.
    pub async fn until(&mut self, ending: &str) -> String {
        let mut text = String::new();
        while !text.ends_with(ending) {
            match self.channel.wait().await {
                Some(ChannelMsg::Data { data }) => text.push_str(&String::from_utf8_lossy(&data)),
                Some(ChannelMsg::Close | ChannelMsg::Eof) | None => panic!("it ended: {text}"),
                Some(_) => {}
            }
        }
        text
    }

    /// Types several lines and reads to the end of the question after each; what came after the last one.
    pub async fn walk(&mut self, steps: &[(&str, &str)]) -> String {
        let mut text = String::new();
        for (line, ending) in steps {
            text = self.ask(line, ending).await;
        }
        text
    }

    /// Types a line and reads to the end of the next question.
    pub async fn ask(&mut self, line: &str, ending: &str) -> String {
        self.type_in(&format!("{line}\n")).await;
        self.until(ending).await
    }

    /// Reads what is left until the server closes.
    pub async fn rest(mut self) -> String {
        let mut text = String::new();
        while let Some(message) = self.channel.wait().await {
            if let ChannelMsg::Data { data } = message {
                text.push_str(&String::from_utf8_lossy(&data));
            }
        }
        text
    }

    /// Asks for a command instead; whether the server does that.
    pub async fn executes(&self, command: &str) -> bool {
        let mut channel = self.handle.channel_open_session().await.unwrap();
        channel.exec(true, command).await.unwrap();
        loop {
            match channel.wait().await {
                Some(ChannelMsg::Success) => return true,
                Some(ChannelMsg::Failure) | None => return false,
                Some(_) => {}
            }
        }
    }
}
