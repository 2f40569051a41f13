//! The cluster page two hundred times a second, the console on one core and everything else on the other.
//! `cargo xtask bench page` runs this.
//!
//! Each request has its moment, whether the ones before are answered or not, and its time counts from there. The baseline
//! is `/health`, asked in the same way.

#![expect(clippy::unwrap_used, clippy::expect_used, reason = "helpers of tests end the program")]

#[expect(dead_code, unused_imports, reason = "each benchmark uses a part")]
mod support;

use std::{sync::Arc, time::Duration};
use support::{Browser, Ground, NODES, Report, Result, Times, count, cpu, options};
use tokio::{
    sync::Semaphore,
    task::JoinSet,
    time::{Instant, MissedTickBehavior, interval},
};

const RATE: u32 = 200;
const SECONDS: u32 = 20;
const P99: f64 = 20.0;
const CONSOLES_CORE: &str = "0";
const OUR_CORE: &str = "1";
/// Connections that people have open; whoever comes while all of them wait for an answer waits too, and that counts.
const CONNECTIONS: usize = 64;
/// Connections of the measure of what one core can do.
const AT_ONCE: usize = 4;
const PAGES: usize = 1_000;

#[tokio::main]
async fn main() -> Result<()> {
    stay_on_our_core()?;
    let ground = Ground::start_on(CONSOLES_CORE, lab::start(options()).await?, &["--interval", "10"]).await?;
    eprintln!("console {}", ground.pid());
    ground.set_up(NODES).await;
    ground.up(9).await;
    let health = asked(&ground.browser, "/health", RATE, SECONDS).await?;
    let before = cpu(ground.pid())?;
    let pages = asked(&ground.browser, "/clusters/1", RATE, SECONDS).await?;
    let busy = cpu(ground.pid())?.saturating_sub(before).as_secs_f64();
    let rate = at_once(&ground.browser, "/clusters/1").await?;
    let size = ground.browser.page("/clusters/1").await.len();
    let mut report = Report::default();
    report.most("page_p99", (pages.p99(), "ms"), P99, pages.len(), Some(health.p99()));
    Report::told("page_median", (pages.median(), "ms"), pages.len(), Some(health.median()));
    Report::told("page_cpu", (1_000.0 * busy / count(pages.len()), "ms of one core each"), pages.len(), None);
    Report::told("page_most", (rate, "pages a second on one core"), PAGES, None);
    Report::told("page_size", (count(size) / 1_000.0, "KB"), 1, None);
    report.end()
}

fn stay_on_our_core() -> Result<()> {
    let me = std::process::id().to_string();
    let mut taskset = std::process::Command::new("taskset");
    taskset.args(["--all-tasks", "--cpu-list", "--pid", OUR_CORE, &me]).stdout(std::process::Stdio::null());
    let kept = taskset.status()?.success();
    if kept { Ok(()) } else { Err("taskset (util-linux) could not keep this program on the second core".into()) }
}

/// So often a second, for so long.
async fn asked(browser: &Browser, path: &'static str, rate: u32, seconds: u32) -> Result<Times> {
    let mut turn = interval(Duration::from_secs(1) / rate);
    turn.set_missed_tick_behavior(MissedTickBehavior::Burst);
    let (mut asking, connections) = (JoinSet::new(), Arc::new(Semaphore::new(CONNECTIONS)));
    for _ in 0..rate * seconds {
        // The moment at which it should have begun.
        let due = turn.tick().await;
        let (browser, connections) = (browser.clone(), connections.clone());
        asking.spawn(async move {
            let _one = connections.acquire().await;
            browser.page(path).await;
            due.elapsed()
        });
    }
    let mut times = Times::default();
    while let Some(took) = asking.join_next().await {
        times.push(took?);
    }
    Ok(times)
}

/// Pages a second when the next one is asked for as soon as one is there.
async fn at_once(browser: &Browser, path: &'static str) -> Result<f64> {
    let begun = Instant::now();
    let mut asking = JoinSet::new();
    for _ in 0..AT_ONCE {
        let browser = browser.clone();
        asking.spawn(async move {
            for _ in 0..PAGES / AT_ONCE {
                browser.page(path).await;
            }
        });
    }
    while let Some(done) = asking.join_next().await {
        done?;
    }
    Ok(count(PAGES) / begun.elapsed().as_secs_f64())
}
