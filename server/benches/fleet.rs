//! Five hundred clusters on as many appliances, a hundred of them dead: half are off, half take a request and never answer.
//! `cargo xtask bench fleet` runs this; an argument says how many appliances instead, a fifth of them dead.
//!
//! The baseline of the pages is the same console with one cluster, in the same run.

#![expect(clippy::unwrap_used, clippy::expect_used, reason = "helpers of tests end the program")]

#[expect(dead_code, unused_imports, reason = "each benchmark uses a part")]
mod support;

use lab::{FaultSpec, NetscalerDescription, Options, RequestRecord, Seed};
use std::{collections::BTreeMap, time::Duration};
use support::{
    Bare, Browser, Ground, NODES, Report, Result, Times, appliance_fields, count, cpu, gets, options, peak, resident,
};
use tokio::time::{Instant, MissedTickBehavior, interval};

const SIZE: u16 = 500;
const INTERVAL: &str = "10";
const CYCLE: f64 = 10.0;
/// What was seen is fresh for two intervals.
const FRESH: f64 = 20.0;
const MEMORY: f64 = 150.0;
const SLOWER: f64 = 1.5;
const WATCHED: Duration = Duration::from_secs(45);
/// No request of an appliance's look is further from the one before; the next look is.
const PAUSE: Duration = Duration::from_secs(3);
const PAGES: [(&str, &str); 2] = [("home", "/"), ("cluster", "/clusters/1")];

#[tokio::main]
async fn main() -> Result<()> {
    let size = std::env::args().skip(1).find_map(|word| word.parse().ok()).unwrap_or(SIZE);
    let dead = usize::from(size / 5);
    let mut report = Report::default();
    let (alone, _) = watched(1, 0).await?;
    let (fleet, looks) = watched(size, dead).await?;
    let live = usize::from(size) - dead;
    report.most("fleet_cycle", (looks.cycle, "s"), CYCLE, looks.seen, Some(looks.bare));
    report.most("fleet_looks_apart", (looks.apart, "s"), FRESH, looks.seen, None);
    report.most("fleet_not_looked_at", (count(live - looks.seen), "appliances"), 0.0, live, None);
    report.most("fleet_memory", (fleet.resident, "MB resident"), MEMORY, 1, Some(alone.resident));
    Report::told("fleet_memory_peak", (fleet.peak, "MB resident"), 1, Some(alone.peak));
    Report::told("fleet_cpu", (fleet.percent, "% of one core"), 1, Some(alone.percent));
    let asked = fleet.pages.iter().map(Times::len).sum();
    report.most("fleet_pages_failed", (count(fleet.failed), "pages"), 0.0, asked, Some(count(alone.failed)));
    for ((name, _), (many, one)) in PAGES.iter().zip(fleet.pages.iter().zip(&alone.pages)) {
        let ratio = many.median() / one.median();
        report.most(&format!("fleet_{name}_page"), (ratio, "times that of one"), SLOWER, many.len(), Some(1.0));
        Report::told(&format!("fleet_{name}_page_time"), (many.median(), "ms"), many.len(), Some(one.median()));
        Report::told(&format!("fleet_{name}_page_p99"), (many.p99(), "ms"), many.len(), Some(one.p99()));
    }
    report.end()
}

struct Cost {
    pages: Vec<Times>,
    failed: usize,
    resident: f64,
    peak: f64,
    percent: f64,
}

struct Looks {
    /// From the start of the console until all that live were looked at, in seconds.
    cycle: f64,
    /// Between the beginnings of two looks at one appliance, at most.
    apart: f64,
    /// Appliances that were looked at.
    seen: usize,
    /// A bare client that asks the same of all of them, one after the other.
    bare: f64,
}

async fn watched(size: u16, dead: usize) -> Result<(Cost, Looks)> {
    let lab = lab::start(Options { fleet: Some(size), seed: Seed::SetUp, ..options() }).await?;
    let ground = Ground::start(lab, &["--interval", "86400"]).await?;
    describe(&ground).await?;
    // Not the first one: its page is measured.
    let all = ground.lab.description().netscaler.clone();
    for (at, netscaler) in all.iter().rev().take(dead).enumerate() {
        let fault = if at % 2 == 0 { "power_off" } else { "hang_before" };
        let spec = FaultSpec { target: netscaler.nsip.to_string(), fault: fault.into(), ..FaultSpec::default() };
        ground.lab.fault(spec).await.map_err(|error| format!("{error:?}"))?;
    }
    let before = ground.asked();
    let (ground, _) = ground.restarted(&["--interval", INTERVAL]).await?;
    eprintln!("console {} with {size}", ground.pid());
    let Watched { pages, heard, percent, failed } = watch(&ground, before).await?;
    let cost = Cost { pages, failed, resident: resident(ground.pid())?, peak: peak(ground.pid())?, percent };
    let living = &all[..all.len() - dead];
    let looks = judged(living, &heard);
    let first: Vec<RequestRecord> = heard
        .into_iter()
        .map(|(_, request)| request)
        .filter(|request| request.appliance == living[0].nsip.to_string())
        .collect();
    let bare = bare(&ground, &first, living.len()).await?;
    Ok((cost, Looks { bare, ..looks }))
}

/// Each appliance with its cluster, through the forms; the first cluster is applied.
async fn describe(ground: &Ground) -> Result<()> {
    let begun = Instant::now();
    for (netscaler, n) in ground.lab.description().netscaler.iter().zip(1..) {
        let fields = appliance_fields(&ground.lab, netscaler, &format!("Appliance {n:03}"));
        let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
        let (id, vip) = (n.to_string(), format!("10.200.{}.{}", n / 250, n % 250 + 1));
        let led = ground.browser.led("/rpc/add_appliance", &fields).await;
        let (title, fqdn) = (format!("Cluster {n:03}"), format!("xms-{n:03}.example.com"));
        let cluster = [("title", title.as_str()), ("fqdn", &fqdn), ("appliance", &id)];
        let there = ground.browser.led("/rpc/add_cluster", &cluster).await;
        let (enrolment, store) = (format!("xms-{n:03}-mdm-443"), format!("xms-{n:03}-mdm-8443"));
        let nodes = [("cluster", id.as_str()), ("intent", "save"), ("nodes", NODES)];
        ground.browser.led("/rpc/save_nodes", &nodes).await;
        let mdm = [
            ("cluster", id.as_str()),
            ("intent", "save"),
            ("vip", &vip),
            ("persistence", "SOURCEIP"),
            ("timeout", "20"),
            ("vserver_443", &enrolment),
            ("vserver_8443", &store),
        ];
        let saved = ground.browser.led("/rpc/save_mdm", &mdm).await;
        let setup = format!("/clusters/{n}/setup");
        if led != format!("/appliances/{n}") || there != setup || saved != setup {
            return Err(format!("number {n} was not taken: {led}, {there}, {saved}").into());
        }
    }
    let plan = ground.plan().await;
    ground.succeeded(&ground.apply(&plan).await).await;
    ground.quiet().await;
    eprintln!("described in {:?}", begun.elapsed());
    Ok(())
}

type Heard = Vec<(Duration, RequestRecord)>;

struct Watched {
    pages: Vec<Times>,
    heard: Heard,
    percent: f64,
    /// Pages that were no page.
    failed: usize,
}

/// What the lab hears from now on and when, while pages are read.
async fn watch(ground: &Ground, before: u64) -> Result<Watched> {
    let (begun, spent) = (Instant::now(), cpu(ground.pid())?);
    let reading = tokio::spawn(read_pages(ground.browser.clone(), begun));
    let mut look = interval(Duration::from_millis(20));
    look.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let (mut last, mut heard) = (before, Heard::new());
    while begun.elapsed() < WATCHED {
        look.tick().await;
        let new = ground.lab.requests_after(last);
        last = new.last().map_or(last, |request| request.seq);
        heard.extend(new.into_iter().map(|request| (begun.elapsed(), request)));
    }
    let percent = 100.0 * cpu(ground.pid())?.saturating_sub(spent).as_secs_f64() / WATCHED.as_secs_f64();
    let (pages, failed) = reading.await?;
    if failed > 0 {
        let log = ground.console.log();
        eprintln!("{}", log.lines().filter(|line| line.contains("ERROR")).take(20).collect::<Vec<_>>().join("\n"));
    }
    Ok(Watched { pages, heard, percent, failed })
}

/// A page every fifth of a second, in turn, and how many of them were none.
async fn read_pages(browser: Browser, begun: Instant) -> (Vec<Times>, usize) {
    let mut turn = interval(Duration::from_millis(200));
    turn.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let (mut pages, mut failed) = (vec![Times::default(); PAGES.len()], 0);
    for page in (0..PAGES.len()).cycle() {
        turn.tick().await;
        if begun.elapsed() > WATCHED {
            break;
        }
        let whole = async { browser.get(PAGES[page].1).await.error_for_status()?.text().await };
        if let Err(error) = pages[page].of(whole).await {
            eprintln!("after {:?}: {error}", begun.elapsed());
            failed += 1;
        }
    }
    (pages, failed)
}

fn judged(living: &[NetscalerDescription], heard: &Heard) -> Looks {
    let mut asked: BTreeMap<&str, Vec<Duration>> = BTreeMap::new();
    for (at, request) in heard {
        asked.entry(&request.appliance).or_default().push(*at);
    }
    let (mut cycle, mut apart, mut seen) = (Duration::ZERO, Duration::ZERO, 0);
    for netscaler in living {
        let Some(times) = asked.get(netscaler.nsip.to_string().as_str()) else { continue };
        seen += 1;
        let pauses: Vec<usize> =
            (1..times.len()).filter(|at| times[*at].saturating_sub(times[*at - 1]) > PAUSE).collect();
        let end = pauses.first().map_or(times.len(), |at| *at);
        cycle = cycle.max(times[end - 1]);
        let begins: Vec<Duration> = std::iter::once(0).chain(pauses).map(|at| times[at]).collect();
        apart = begins.windows(2).map(|two| two[1].saturating_sub(two[0])).fold(apart, Duration::max);
        // Nobody came back.
        apart = apart.max(WATCHED.saturating_sub(*begins.last().unwrap_or(&Duration::ZERO)));
    }
    Looks { cycle: cycle.as_secs_f64(), apart: apart.as_secs_f64(), seen, bare: 0.0 }
}

/// So many times what the first appliance was asked in its first look, in seconds.
async fn bare(ground: &Ground, heard: &[RequestRecord], times: usize) -> Result<f64> {
    let client = Bare::log_in(&ground.lab).await?;
    let begun = Instant::now();
    let look: Vec<&RequestRecord> = gets(heard).into_iter().take(20).collect();
    for _ in 0..times {
        for request in &look {
            client.again(request).await?;
        }
    }
    Ok(begun.elapsed().as_secs_f64())
}
