//! The console with one cluster that is well and nobody who looks: what it takes of memory and of a processor at its usual
//! interval, and how soon it is ready. `cargo xtask bench idle` runs this.
//!
//! The baseline of the start is the same program that only says its version.

#![expect(clippy::unwrap_used, clippy::expect_used, reason = "helpers of tests end the program")]

#[expect(dead_code, unused_imports, reason = "each benchmark uses a part")]
mod support;

use std::{process::Stdio, time::Duration};
use support::{Ground, NODES, PROGRAM, Report, Result, Times, cpu, options, peak, resident};
use tokio::process::Command;

const ARGUMENTS: [&str; 2] = ["--interval", "10"];
const STARTS: usize = 7;
const WATCHED: Duration = Duration::from_mins(2);
const MEMORY: f64 = 40.0;
const PERCENT: f64 = 2.0;
const READY: f64 = 300.0;

#[tokio::main]
async fn main() -> Result<()> {
    let mut ground = Ground::start(lab::start(options()).await?, &ARGUMENTS).await?;
    ground.set_up(NODES).await;
    ground.up(9).await;
    let (mut ready, mut bare) = (Times::default(), Times::default());
    for _ in 0..STARTS {
        let (again, took) = ground.restarted(&ARGUMENTS).await?;
        ground = again;
        ready.push(took);
        bare.of(Command::new(PROGRAM).arg("--version").stdout(Stdio::null()).status()).await?;
    }
    ground.up(9).await;
    let before = cpu(ground.pid())?;
    #[expect(clippy::disallowed_methods, reason = "what is measured is that nothing happens for so long")]
    tokio::time::sleep(WATCHED).await;
    let spent = cpu(ground.pid())?.saturating_sub(before);
    let mut report = Report::default();
    report.most("idle_memory", (resident(ground.pid())?, "MB resident"), MEMORY, 1, None);
    Report::told("idle_memory_peak", (peak(ground.pid())?, "MB resident"), 1, None);
    let percent = 100.0 * spent.as_secs_f64() / WATCHED.as_secs_f64();
    report.most("idle_cpu", (percent, "% of one core"), PERCENT, 12, None);
    report.most("idle_ready", (ready.median(), "ms"), READY, STARTS, Some(bare.median()));
    Report::told("idle_ready_most", (ready.most(), "ms"), STARTS, Some(bare.most()));
    report.end()
}
