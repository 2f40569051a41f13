//! How soon five hundred appliances are there, and what they weigh. `cargo xtask bench fleet` runs this.
//!
//! The baseline of the time is one appliance in the same run; that of the memory what the program had before.

#![expect(clippy::print_stdout, reason = "JSON lines are what a benchmark is for")]

use lab::{Options, Seed};
use serde_json::json;
use std::{error::Error, fs, time::Instant};

const SIZE: u16 = 500;
const SECONDS: f64 = 5.0;
const MEGABYTES: f64 = 200.0;

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let before = resident()?;
    let started = Instant::now();
    drop(lab::start(Options { seed: Seed::SetUp, ..Options::default() }).await?);
    let one = started.elapsed().as_secs_f64();

    let started = Instant::now();
    let lab = lab::start(Options { seed: Seed::SetUp, fleet: Some(SIZE), ..Options::default() }).await?;
    let took = started.elapsed().as_secs_f64();
    let weight = resident()?;
    let n = lab.description().netscaler.len();
    let ok = [took < SECONDS, weight < MEGABYTES];
    println!(
        "{}",
        json!({ "name": "lab_fleet_start", "value": rounded(took), "unit": "s", "budget": SECONDS, "ok": ok[0], "n": n,
            "baseline": rounded(one) })
    );
    println!(
        "{}",
        json!({ "name": "lab_fleet_memory", "value": rounded(weight), "unit": "MB resident", "budget": MEGABYTES,
            "ok": ok[1], "n": n, "baseline": rounded(before) })
    );
    if ok == [true, true] { Ok(()) } else { Err("the fleet is over its budget".into()) }
}

fn rounded(value: f64) -> f64 {
    (value * 1_000.0).round() / 1_000.0
}

/// What the kernel says that this program has in memory, in megabytes.
fn resident() -> Result<f64, Box<dyn Error>> {
    let status = fs::read_to_string("/proc/self/status")?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).ok_or("no VmRSS in /proc/self/status")?;
    let kilobytes: f64 = line.trim().trim_end_matches(" kB").trim().parse()?;
    Ok(kilobytes / 1_024.0)
}
