//! The console on an appliance that is mostly other people's: two thousand virtual servers and four thousand services.
//! `cargo xtask bench foreign` runs this.
//!
//! The baseline is the same console on an appliance of its own, in the same run.

#![expect(clippy::unwrap_used, clippy::expect_used, reason = "helpers of tests end the program")]

#[expect(dead_code, unused_imports, reason = "each benchmark uses a part")]
mod support;

use support::{
    Bare, Ground, Look, NODES, Report, Result, Times, looks, most, options, peak, resident, services, vservers,
};

const VSERVERS: usize = 2_000;
const SERVICES: usize = 4_000;
const PLAN: f64 = 300.0;
const PAGE: f64 = 10.0;
const MEMORY: f64 = 60.0;
const KILOBYTES: f64 = 300.0;
const TIMES: usize = 40;
/// One in ten is whole.
const LOOKS: usize = 11;
const STEPS: [&str; 8] = [
    "/clusters/1/setup",
    "/clusters/1/setup/prerequisites",
    "/clusters/1/setup/nodes",
    "/clusters/1/setup/mdm",
    "/clusters/1/setup/mam",
    "/clusters/1/setup/groups",
    "/clusters/1/setup/gateway",
    "/clusters/1/setup/dns",
];

#[tokio::main]
async fn main() -> Result<()> {
    let alone = Measured::on(0, 0).await?;
    let beside = Measured::on(VSERVERS, SERVICES).await?;
    let mut report = Report::default();
    report.most("foreign_plan", (beside.plan.median(), "ms"), PLAN, beside.plan.len(), Some(alone.plan.median()));
    report.most("foreign_cluster_page", (beside.cluster.median(), "ms"), PAGE, TIMES, Some(alone.cluster.median()));
    let slowest = |measured: &Measured| {
        let steps = measured.steps.iter().map(|(path, times)| (times.median(), *path));
        steps.max_by(|a, b| a.0.total_cmp(&b.0)).unwrap_or_default()
    };
    let (step, path) = slowest(&beside);
    report.most("foreign_step_page", (step, "ms"), PAGE, TIMES, Some(slowest(&alone).0));
    Report::told("foreign_cluster_page_p99", (beside.cluster.p99(), "ms"), TIMES, Some(alone.cluster.p99()));
    report.most("foreign_memory", (beside.resident, "MB resident"), MEMORY, 1, Some(alone.resident));
    Report::told("foreign_memory_peak", (beside.peak, "MB resident"), 1, Some(alone.peak));
    for (name, whole) in [("foreign_live_look_read", false), ("foreign_whole_look_read", true)] {
        let look = most(&beside.looks, whole)?;
        report.most(name, (look.kilobytes(), "KB"), KILOBYTES, LOOKS, Some(most(&alone.looks, whole)?.kilobytes()));
        if look.kilobytes() > KILOBYTES {
            eprintln!("{}", look.told());
        }
    }
    eprintln!("the slowest step is {path}");
    report.end()
}

struct Measured {
    plan: Times,
    cluster: Times,
    steps: Vec<(&'static str, Times)>,
    looks: Vec<Look>,
    resident: f64,
    peak: f64,
}

impl Measured {
    async fn on(foreign_vservers: usize, foreign_services: usize) -> Result<Self> {
        let lab = lab::start(options()).await?;
        if foreign_vservers > 0 {
            let bare = Bare::log_in(&lab).await?;
            vservers(&bare, foreign_vservers).await?;
            services(&bare, foreign_services).await?;
        }
        let ground = Ground::start(lab, &["--interval", "5"]).await?;
        eprintln!("console {} beside {foreign_vservers}", ground.pid());
        ground.set_up(NODES).await;
        ground.up(9).await;
        let mut plan = Times::default();
        for _ in 0..10 {
            plan.of(ground.plan()).await;
        }
        let mut cluster = Times::default();
        let mut steps: Vec<_> = STEPS.into_iter().map(|path| (path, Times::default())).collect();
        for _ in 0..TIMES {
            cluster.of(ground.browser.page("/clusters/1")).await;
            for (path, times) in &mut steps {
                times.of(ground.browser.page(path)).await;
            }
        }
        let looks = looks(&ground, LOOKS).await?;
        let pid = ground.pid();
        Ok(Self { plan, cluster, steps, looks, resident: resident(pid)?, peak: peak(pid)? })
    }
}
