//! The budget "strangers": a thousand connections that say nothing or half of something, a hundred sign-ins at once, and
//! 100 MB of every kind of body, while `/health` is asked. `cargo xtask bench strangers` runs this on the release build;
//! `server/tests/it/strangers` has the same in small.

#![expect(clippy::print_stdout, reason = "JSON lines are what a benchmark is for")]

#[path = "../tests/it/strangers/attack.rs"]
mod attack;

use attack::{Cost, Size, attack};
use serde_json::json;
use std::{error::Error, time::Duration};

const SIZE: Size = Size { silent: 500, half_open: 500, sign_ins: 100, body: 100 * 1_024 * 1_024 };
const HEALTH: Duration = Duration::from_millis(200);
const MEMORY: u64 = 64 * 1_024 * 1_024;
const DATABASE: u64 = 1_024 * 1_024;

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    // Ours, for the thousand ends that we hold.
    rlimit::increase_nofile_limit(4_096)?;
    let folder = tempfile::tempdir()?;
    let cost = attack(env!("CARGO_BIN_EXE_gatehouse"), folder.path(), SIZE).await?;
    let Cost { mut health, memory, database, bodies, sign_ins } = cost;
    health.sort_unstable();
    let slowest = health.last().copied().unwrap_or_default();
    let middle = health.get(health.len() / 2).copied().unwrap_or_default();
    let ms = |time: Duration| time.as_secs_f64() * 1_000.0;
    let mut well = true;
    let mut line = |name: &str, value: f64, unit: &str, budget: f64, n: usize, baseline: f64| {
        let ok = value < budget;
        well &= ok;
        println!(
            "{}",
            json!({ "name": name, "value": (value * 100.0).round() / 100.0, "unit": unit, "budget": budget, "ok": ok, "n": n,
                "baseline": (baseline * 100.0).round() / 100.0 })
        );
    };
    line("strangers_health_slowest", ms(slowest), "ms", ms(HEALTH), health.len(), ms(middle));
    line("strangers_memory", megabytes(memory), "MB", megabytes(MEMORY), 1, 0.0);
    line("strangers_database", megabytes(database), "MB", megabytes(DATABASE), 1, 0.0);
    // What each is answered, the sibling in `tests/it/strangers` asserts: a page, or why the body is not taken.
    let answered = bodies.iter().filter(|(_, status)| *status != 0).count();
    line("strangers_bodies_unanswered", number(bodies.len() - answered), "bodies", 0.5, bodies.len(), 0.0);
    let sign_ins_answered = sign_ins.iter().filter(|status| **status == 302).count();
    line(
        "strangers_sign_ins_unanswered",
        number(sign_ins.len() - sign_ins_answered),
        "sign-ins",
        0.5,
        sign_ins.len(),
        0.0,
    );
    if well { Ok(()) } else { Err(format!("strangers cost more than they may: {bodies:?}, {sign_ins:?}").into()) }
}

#[expect(clippy::cast_precision_loss, reason = "far below what a float can count")]
fn megabytes(bytes: u64) -> f64 {
    bytes as f64 / 1_048_576.0
}

fn number(count: usize) -> f64 {
    f64::from(u32::try_from(count).unwrap_or(u32::MAX))
}
