//! What an open cluster page costs in an hour: bytes of its stream, for three and for twelve nodes, while nothing happens
//! and while a node comes and goes. `cargo xtask bench live` runs this.
//!
//! A short run is scaled to an hour; what is sent once, when the page is opened, is not counted. The baseline is what the
//! same page would cost if all of it were sent at each look.

#![expect(clippy::print_stdout, reason = "JSON lines are what a benchmark is for")]

use reqwest::{Client, Response, header, redirect::Policy};
use serde_json::{Value, json};
use std::{error::Error, process::Stdio, time::Duration};
use tokio::{
    io::{AsyncBufReadExt, BufReader},
    process::{Child, Command},
    time::{Instant, timeout_at},
};

type Result<T> = std::result::Result<T, Box<dyn Error>>;

/// Seconds between two looks; the demo's own.
const INTERVAL: u64 = 2;
const IDLE: Duration = Duration::from_mins(1);
/// A node is gone for so long and there again for so long, in turns: a monitor takes three failures, five seconds apart, to
/// say so, so that what is shorter nobody but our own looks would see.
const FLAP: Duration = Duration::from_secs(20);
const FLAPS: u32 = 4;
const HOUR: f64 = 3_600.0;
const IDLE_BUDGET: f64 = 0.5;
/// Ninety outages in an hour, each there and back. What one says at the least: a finding that comes, changes with what the
/// monitors hear and goes, and two that follow from it (4 KB); checks that do not pass any more and pass again (3 KB); the
/// node's state in picture, story and tables, at three ports and in three groups, twice (8 KB); times (3 KB). That is 18 KB,
/// 1.6 MB in an hour; the budget leaves as much again for the further nodes, whose evidence and times move too.
const FLAPPING_BUDGET: f64 = 3.2;

#[tokio::main]
async fn main() -> Result<()> {
    let _ = rustls::crypto::ring::default_provider().install_default();
    let mut well = true;
    for nodes in [3, 12] {
        let console = Console::start(nodes).await?;
        for flapping in [false, true] {
            well &= console.measure(nodes, flapping).await?;
        }
    }
    if well { Ok(()) } else { Err("an open page is over its budget".into()) }
}

/// The demo of the real binary: a cluster that is set up, and a lab whose time goes by itself.
struct Console {
    _child: Child,
    base: String,
    control: String,
    cookie: String,
    client: Client,
}

impl Console {
    async fn start(nodes: u8) -> Result<Self> {
        let mut command = Command::new(env!("CARGO_BIN_EXE_gatehouse"));
        command.args(["demo", "--interval", &INTERVAL.to_string()]);
        for node in 0..nodes {
            command.args(["--node", &format!("10.20.30.{}", 11 + node)]);
        }
        let mut child = command.stdout(Stdio::piped()).kill_on_drop(true).spawn()?;
        let mut lines = BufReader::new(child.stdout.take().ok_or("no output")?).lines();
        let (mut ready, mut control) = (String::new(), String::new());
        while let Some(line) = lines.next_line().await? {
            if let Some(rest) = line.strip_prefix("READY ") {
                rest.clone_into(&mut ready);
            }
            if let Some((_, address)) = line.split_once("Control API: ") {
                address.split_whitespace().next().unwrap_or_default().clone_into(&mut control);
            }
            if line.starts_with("Ctrl-C") {
                break;
            }
        }
        let mut words = ready.split_whitespace();
        let base = words.next().ok_or("the demo did not get ready")?.to_owned();
        let mut named = |name: &str| words.next().and_then(|word| word.strip_prefix(name)).map(str::to_owned);
        let (user, password) = (named("user=").ok_or("no user")?, named("password=").ok_or("no password")?);
        let client = Client::builder().redirect(Policy::none()).build()?;
        let cookie = sign_in(&client, &base, &user, &password).await?;
        Ok(Self { _child: child, base, control, cookie, client })
    }

    async fn measure(&self, nodes: u8, flapping: bool) -> Result<bool> {
        let address = format!("{}/live?page=/clusters/1", self.base);
        let mut stream = self.client.get(address).header(header::COOKIE, &self.cookie).send().await?;
        // The page as it is; the lab's monitors and all doors to the nodes have answered once by then.
        let opened = read(&mut stream, Instant::now() + Duration::from_secs(20)).await?;
        let whole =
            opened.split("\n\n").filter(|event| event.starts_with("event: replace")).map(str::len).sum::<usize>();
        let (turn, turns) = if flapping { (FLAP, FLAPS) } else { (IDLE, 1) };
        let mut bytes = 0;
        for number in 0..turns {
            if flapping {
                self.power(number % 2 == 0).await?;
            }
            bytes += read(&mut stream, Instant::now() + turn).await?.len();
        }
        self.power(false).await?;
        let scale = HOUR / (turn * turns).as_secs_f64();
        let (word, budget) = if flapping { ("flapping", FLAPPING_BUDGET) } else { ("idle", IDLE_BUDGET) };
        let (value, looks) = (megabytes(bytes, scale), (turn * turns).as_secs() / INTERVAL);
        let ok = value <= budget;
        let line = json!({ "name": format!("live_{word}_{nodes}"), "value": value, "unit": "MB/h", "budget": budget,
            "ok": ok, "n": looks, "baseline": megabytes(whole * usize::try_from(looks)?, scale) });
        println!("{line}");
        Ok(ok)
    }

    /// The second node goes, or comes again.
    async fn power(&self, off: bool) -> Result<()> {
        let faults = format!("{}/faults", self.control);
        let request = if off {
            let fault: Value = json!({ "target": "10.20.30.12", "fault": "power_off" });
            self.client.post(faults).body(fault.to_string())
        } else {
            self.client.delete(faults)
        };
        request.send().await?.error_for_status()?;
        Ok(())
    }
}

#[expect(clippy::cast_precision_loss, reason = "far below what a float can count")]
fn megabytes(bytes: usize, scale: f64) -> f64 {
    (bytes as f64 * scale / 1_000.0).round() / 1_000.0
}

/// All that comes until then.
async fn read(stream: &mut Response, until: Instant) -> Result<String> {
    let mut heard = String::new();
    while let Ok(part) = timeout_at(until, stream.chunk()).await {
        heard.push_str(&String::from_utf8_lossy(&part?.ok_or("the stream ended")?));
    }
    Ok(heard)
}

async fn sign_in(client: &Client, base: &str, user: &str, password: &str) -> Result<String> {
    let mut token = [0_u8; 32];
    getrandom::fill(&mut token).map_err(|error| error.to_string())?;
    let response = client
        .post(format!("{base}/rpc/sign_in"))
        .header(header::ACCEPT, "text/html")
        .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
        .header(header::REFERER, format!("{base}/"))
        .header("sec-fetch-site", "same-origin")
        .body(format!("token={}&name={user}&password={password}", hex::encode(token)))
        .send()
        .await?;
    let cookies = response.headers().get_all(header::SET_COOKIE).iter();
    let session = cookies.filter_map(|value| value.to_str().ok()).find(|value| value.starts_with("gatehouse="));
    let session = session.and_then(|value| value.split(';').next()).ok_or("the demo's account did not get in")?;
    Ok(session.to_owned())
}
