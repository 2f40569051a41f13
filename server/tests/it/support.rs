//! The real binary and a lab in this process, spoken to as a browser without script would.

use super::form_tokens;
pub use super::form_tokens::token;
use lab::{ClockMode, Lab, Options};
use model::appliance::fingerprint_text;
use reqwest::{Client, Response, StatusCode, header, redirect::Policy};
use std::{fmt::Write as _, path::Path, process::Stdio, sync::Arc, time::Duration};
use tokio::{
    io::{AsyncBufReadExt, BufReader},
    process::{Child, Command},
    sync::OnceCell,
    time::{Instant, MissedTickBehavior, interval},
};

/// The real binary.
pub const PROGRAM: &str = env!("CARGO_BIN_EXE_gatehouse");
pub const NAME: &str = "ada";
pub const PASSWORD: &str = "correct horse battery";
/// Planted wherever a password is asked for: it must not come out again.
pub const SECRET: &str = "nsroot-SECRET-4711";

/// A lab whose time moves only by hand.
pub async fn lab() -> Lab {
    let options = Options { clock: ClockMode::Manual, password: Some(SECRET.into()), ..Options::default() };
    lab::start(options).await.expect("the lab starts")
}

/// Waits for a condition; looking again is cheap, waiting for ever is not.
pub async fn until<F: AsyncFnMut() -> bool>(what: &str, mut holds: F) {
    let deadline = Instant::now() + Duration::from_mins(1);
    let mut look = interval(Duration::from_millis(20));
    look.set_missed_tick_behavior(MissedTickBehavior::Delay);
    while !holds().await {
        assert!(Instant::now() < deadline, "waited a minute until {what}");
        look.tick().await;
    }
}

/// `gatehouse serve` on a data folder; ends with the test.
pub struct Console {
    child: Child,
    pub base: String,
    pub first_use: Option<String>,
    /// What it wrote to standard error so far goes to this file.
    log: std::path::PathBuf,
}

impl Console {
    pub async fn start(data: &Path) -> Self {
        Self::start_with(data, &[]).await
    }

    /// With more arguments. The lab's appliances are on this machine.
    pub async fn start_with(data: &Path, more: &[&str]) -> Self {
        Self::start_as(data, &[&["--local-appliances"], more].concat()).await
    }

    /// With these arguments alone.
    pub async fn start_as(data: &Path, more: &[&str]) -> Self {
        Self::spawn(Command::new(PROGRAM), data, more).await
    }

    /// Under a limit on the size of files, in the shell's blocks.
    pub async fn start_limited(data: &Path, blocks: u64) -> Self {
        let mut shell = Command::new("sh");
        shell.args(["-c", &format!("ulimit -f {blocks}; exec \"$0\" \"$@\""), PROGRAM]);
        Self::spawn(shell, data, &["--local-appliances"]).await
    }

    /// By a program that starts the real one with these arguments, which come after its own.
    pub async fn spawn(mut program: Command, data: &Path, more: &[&str]) -> Self {
        // The folder around it, for the log; its own folder the console makes itself.
        std::fs::create_dir_all(data.parent().unwrap()).unwrap();
        let log = data.parent().unwrap().join("console.log");
        let stderr = std::fs::OpenOptions::new().create(true).append(true).open(&log).unwrap();
        let often: &[&str] = if more.contains(&"--interval") { &[] } else { &["--interval", "1"] };
        let mut child = program
            .args(["serve", "--listen", "127.0.0.1:0", "--data"])
            .arg(data)
            .args([often, more].concat())
            .stdout(Stdio::piped())
            .stderr(stderr)
            .kill_on_drop(true)
            .spawn()
            .expect("the console starts");
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let ready = lines.next_line().await.unwrap().unwrap_or_else(|| {
            panic!("the console did not get ready: {}", std::fs::read_to_string(&log).unwrap_or_default())
        });
        let mut words = ready.strip_prefix("READY ").expect("a READY line").split_whitespace();
        let base = words.next().unwrap().to_owned();
        let first_use = words.next().and_then(|word| word.strip_prefix("one-time-token=")).map(str::to_owned);
        form_tokens::know(&base, data);
        // What it says later must not fill the pipe.
        tokio::spawn(async move { while let Ok(Some(_)) = lines.next_line().await {} });
        Self { child, base, first_use, log }
    }

    /// The process's number.
    pub fn id(&self) -> u32 {
        self.child.id().unwrap()
    }

    /// As a power cut would.
    pub async fn kill(mut self) {
        self.child.kill().await.unwrap();
    }

    /// As a service manager stops it.
    pub async fn stop(mut self) {
        let pid = self.child.id().expect("it runs").to_string();
        let told = Command::new("kill").args(["-TERM", &pid]).status().await.unwrap();
        assert!(told.success());
        assert!(self.child.wait().await.unwrap().success(), "{}", self.log());
    }

    pub fn log(&self) -> String {
        std::fs::read_to_string(&self.log).unwrap_or_default()
    }
}

/// A browser: one cookie, no script, no redirects followed by itself.
#[derive(Clone)]
pub struct Browser {
    client: Client,
    base: String,
    cookie: String,
    /// Whose forms these are; found out when the first one is sent.
    person: Arc<OnceCell<Option<i64>>>,
}

impl Browser {
    pub fn new(base: &str) -> Self {
        let _ = rustls::crypto::ring::default_provider().install_default();
        let client = Client::builder().redirect(Policy::none()).build().unwrap();
        Self { client, base: base.to_owned(), cookie: String::new(), person: Arc::default() }
    }

    pub fn with_session(base: &str, cookie: &str) -> Self {
        Self { cookie: cookie.to_owned(), ..Self::new(base) }
    }

    /// Which calls itself so.
    pub fn called(self, agent: &str) -> Self {
        let client = Client::builder().redirect(Policy::none()).user_agent(agent).build().unwrap();
        Self { client, ..self }
    }

    pub fn session(&self) -> &str {
        &self.cookie
    }

    pub async fn get(&self, path: &str) -> Response {
        let request = self.client.get(format!("{}{path}", self.base)).header(header::ACCEPT, "text/html");
        request.header(header::COOKIE, &self.cookie).send().await.unwrap()
    }

    /// The same, by a browser that unpacks.
    pub async fn get_packed(&self, path: &str) -> Response {
        let request = self.client.get(format!("{}{path}", self.base)).header(header::ACCEPT, "text/html");
        let request = request.header(header::ACCEPT_ENCODING, "gzip, deflate, br");
        request.header(header::COOKIE, &self.cookie).send().await.unwrap()
    }

    /// The page's text; it must be there.
    pub async fn page(&self, path: &str) -> String {
        let response = self.get(path).await;
        assert_eq!(response.status(), StatusCode::OK, "{path}");
        response.text().await.unwrap()
    }

    /// Sends a form as our own page would, with a fresh token.
    pub async fn send(&self, door: &str, fields: &[(&str, &str)]) -> Response {
        self.send_with(door, &self.token_for(door).await, fields).await
    }

    /// A token as the form of this door would have it, on whatever page that stands.
    pub async fn token_for(&self, door: &str) -> String {
        let person = self.person.get_or_init(async || {
            let account = self.get("/account").await;
            let page = if account.status() == StatusCode::OK { account.text().await.unwrap() } else { String::new() };
            form_tokens::drawn(&page, "/rpc/change_password").and_then(|token| form_tokens::whose(&self.base, &token))
        });
        form_tokens::made(&self.base, door, *person.await)
    }

    pub async fn send_with(&self, door: &str, token: &str, fields: &[(&str, &str)]) -> Response {
        let mut body = format!("token={token}");
        for (name, value) in fields {
            let _ = write!(body, "&{name}={}", encoded(value));
        }
        self.client
            .post(format!("{}{door}", self.base))
            .header(header::ACCEPT, "text/html")
            .header(header::COOKIE, &self.cookie)
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .header(header::REFERER, format!("{}/", self.base))
            .header("sec-fetch-site", "same-origin")
            .body(body)
            .send()
            .await
            .unwrap()
    }

    /// The first event of a stream that fits, as it came; streams that end before are a failure.
    pub async fn event(response: &mut Response, mut fits: impl FnMut(&str) -> bool) -> String {
        let mut heard = String::new();
        // In all: heartbeats come for ever.
        let deadline = Instant::now() + Duration::from_secs(30);
        loop {
            let part = tokio::time::timeout_at(deadline, response.chunk()).await;
            let part = part.expect("the event in time").unwrap();
            heard.push_str(&String::from_utf8_lossy(&part.unwrap_or_else(|| panic!("the stream ended: {heard}"))));
            while let Some((event, rest)) = heard.split_once("\n\n") {
                if fits(event) {
                    return event.to_owned();
                }
                heard = rest.to_owned();
            }
        }
    }

    /// Sends a form with files, as a browser does.
    pub async fn upload(&self, door: &str, fields: &[(&str, &str)], files: &[(&str, &[u8])]) -> Response {
        let boundary = token();
        let mut body = Vec::new();
        let once = self.token_for(door).await;
        for (name, value) in [("token", once.as_str())].iter().chain(fields) {
            let part = format!("--{boundary}\r\ncontent-disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n");
            body.extend_from_slice(part.as_bytes());
        }
        for (name, bytes) in files {
            let head = format!(
                "--{boundary}\r\ncontent-disposition: form-data; name=\"{name}\"; filename=\"{name}.pem\"\r\n\
                 content-type: application/octet-stream\r\n\r\n"
            );
            body.extend_from_slice(head.as_bytes());
            body.extend_from_slice(bytes);
            body.extend_from_slice(b"\r\n");
        }
        body.extend_from_slice(format!("--{boundary}--\r\n").as_bytes());
        self.client
            .post(format!("{}{door}", self.base))
            .header(header::ACCEPT, "text/html")
            .header(header::COOKIE, &self.cookie)
            .header(header::CONTENT_TYPE, format!("multipart/form-data; boundary={boundary}"))
            .header(header::REFERER, format!("{}/", self.base))
            .header("sec-fetch-site", "same-origin")
            .body(body)
            .send()
            .await
            .unwrap()
    }

    /// Where a form led.
    pub async fn led(&self, door: &str, fields: &[(&str, &str)]) -> String {
        location(&self.send(door, fields).await)
    }

    /// Makes the first admin.
    pub async fn first_use(&mut self, once: &str) {
        let response = self.send("/rpc/first_use", &[("once", once), ("name", NAME), ("password", PASSWORD)]).await;
        self.keep_session(&response);
    }

    pub async fn sign_in(&mut self, name: &str, password: &str) {
        let response = self.send("/rpc/sign_in", &[("name", name), ("password", password)]).await;
        self.keep_session(&response);
    }

    /// False where it was refused.
    pub async fn try_sign_in(&mut self, name: &str, password: &str) -> bool {
        let response = self.send("/rpc/sign_in", &[("name", name), ("password", password)]).await;
        let cookies = response.headers().get_all(header::SET_COOKIE).iter();
        let in_it = cookies.filter_map(|value| value.to_str().ok()).any(|value| value.starts_with("gatehouse="));
        if in_it {
            self.keep_session(&response);
        }
        in_it
    }

    pub fn keep_session(&mut self, response: &Response) {
        let cookies = response.headers().get_all(header::SET_COOKIE).iter();
        let session = cookies.filter_map(|value| value.to_str().ok()).find(|value| value.starts_with("gatehouse="));
        let session = session.unwrap_or_else(|| panic!("no session: {response:?}"));
        session.split(';').next().unwrap().clone_into(&mut self.cookie);
        self.person = Arc::default();
    }

    /// The lab's appliance, its certificate pinned; leads to its page.
    pub async fn add_appliance(&self, lab: &Lab) -> String {
        let socks = lab.description().socks.clone();
        self.add_appliance_by(lab, "Lab", "https://10.0.0.10", ("socks5", &socks)).await
    }

    /// The same under other names, reached in another way.
    pub async fn add_appliance_by(&self, lab: &Lab, title: &str, address: &str, way: (&str, &str)) -> String {
        let description = lab.description();
        let pin = fingerprint_text(&description.netscaler[0].fingerprint);
        let fields = [
            ("intent", "add"),
            ("title", title),
            ("address", address),
            ("user", "nsroot"),
            ("password", SECRET),
            ("connect", way.0),
            ("via", way.1),
            ("pin", &pin),
        ];
        self.led("/rpc/add_appliance", &fields).await
    }

    /// A cluster with its nodes and its MDM step saved and planned; leads to the plan.
    pub async fn plan_mdm(&self) -> String {
        let fields = [("title", "Berlin"), ("fqdn", "xms.example.com"), ("appliance", "1")];
        assert_eq!(self.led("/rpc/add_cluster", &fields).await, "/clusters/1/setup");
        let nodes = [("cluster", "1"), ("intent", "next"), ("nodes", NODES)];
        assert_eq!(self.led("/rpc/save_nodes", &nodes).await, "/clusters/1/setup/mdm");
        self.led("/rpc/save_mdm", &mdm_fields()).await
    }
}

pub const NODES: &str = "10.20.30.11 xms01 169090571\r\n10.20.30.12 xms02 169090572\r\n10.20.30.13 xms03 169090573";

/// The MDM step, filled in well.
pub fn mdm_fields() -> [(&'static str, &'static str); 7] {
    [
        ("cluster", "1"),
        ("intent", "plan"),
        ("vip", "10.20.40.51"),
        ("persistence", "SOURCEIP"),
        ("timeout", "20"),
        ("vserver_443", "xms-berlin-mdm-443"),
        ("vserver_8443", "xms-berlin-mdm-8443"),
    ]
}

/// The page that an answer leads to.
pub fn location(response: &Response) -> String {
    place(response).split('#').next().unwrap_or_default().to_owned()
}

/// The same, with the element on it.
pub fn place(response: &Response) -> String {
    let location = response.headers().get(header::LOCATION).unwrap_or_else(|| panic!("leads nowhere: {response:?}"));
    location.to_str().unwrap().to_owned()
}

fn encoded(text: &str) -> String {
    let mut out = String::new();
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-_.~".contains(&byte) {
            out.push(char::from(byte));
        } else {
            let _ = write!(out, "%{byte:02X}");
        }
    }
    out
}
