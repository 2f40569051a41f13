//! A plan of the whole set-up for a cluster of three nodes, on an appliance that has nothing of it, and again when all of
//! it is applied. `cargo xtask bench plan` runs this; `services/tests/it/planning.rs` counts the same.
//!
//! The baseline of the time is what a bare client takes for the same GETs, one after the other.

#![expect(clippy::unwrap_used, clippy::expect_used, reason = "helpers of tests end the program")]

#[expect(dead_code, unused_imports, reason = "each benchmark uses a part")]
mod support;

use lab::RequestRecord;
use support::{Bare, Ground, NODES, Report, Result, Times, count, gets, kilobytes, options, writes};

const TIMES: usize = 20;
const MILLISECONDS: f64 = 100.0;
const GETS: f64 = 20.0;

#[tokio::main]
async fn main() -> Result<()> {
    // Nobody looks by themselves: what is counted is the plan's.
    let ground = Ground::start(lab::start(options()).await?, &["--interval", "86400"]).await?;
    let plan = ground.plan_all(NODES).await;
    ground.quiet().await;
    let mut report = Report::default();
    measure(&ground, "plan", &mut report).await?;
    ground.succeeded(&ground.apply(&plan).await).await;
    ground.quiet().await;
    measure(&ground, "plan_again", &mut report).await?;
    report.end()
}

async fn measure(ground: &Ground, name: &str, report: &mut Report) -> Result<()> {
    let (mut ours, mut bare) = (Times::default(), Times::default());
    let (mut most, mut written) = (0, 0);
    let mut last: Vec<RequestRecord> = Vec::new();
    let client = Bare::log_in(&ground.lab).await?;
    for _ in 0..TIMES {
        let before = ground.asked();
        ours.of(ground.plan()).await;
        last = ground.lab.requests_after(before);
        most = most.max(gets(&last).len());
        written += writes(&last).len();
        bare.of(async {
            for request in gets(&last) {
                client.again(request).await?;
            }
            Result::Ok(())
        })
        .await?;
    }
    report.most(&format!("{name}_time"), (ours.median(), "ms"), MILLISECONDS, TIMES, Some(bare.median()));
    report.most(&format!("{name}_gets"), (count(most), "GETs"), GETS, TIMES, None);
    report.most(&format!("{name}_writes"), (count(written), "writes"), 0.0, TIMES, None);
    Report::told(&format!("{name}_read"), (gets(&last).into_iter().map(kilobytes).sum(), "KB"), 1, None);
    Ok(())
}
