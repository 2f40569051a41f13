//! The whole set-up of a cluster of three nodes applied, with its records, what is read back, and the save, on an appliance
//! that answers after 25 ms and on one that answers at once. `cargo xtask bench apply` runs this.
//!
//! The baseline is a bare client that sends the same writes, one object after the other, to another lab that is as this one
//! was. That each record is on disk first, `store::open` sees to: it opens no file that is not `synchronous=FULL`.

#![expect(clippy::unwrap_used, clippy::expect_used, reason = "helpers of tests end the program")]

#[expect(dead_code, unused_imports, reason = "each benchmark uses a part")]
mod support;

use lab::{Options, RequestRecord};
use std::time::{Duration, Instant};
use support::{Bare, Ground, NODES, Report, Result, Times, count, gets, ms, options, promptly, writes};

const LATENCY: Duration = Duration::from_millis(25);
/// Times the bare writes.
const BUDGET: f64 = 1.2;
const TIMES: usize = 3;

#[tokio::main]
async fn main() -> Result<()> {
    let mut report = Report::default();
    let (mut late, mut at_once) = (Applied::default(), Applied::default());
    for _ in 0..TIMES {
        late.once(LATENCY).await?;
        at_once.once(Duration::ZERO).await?;
    }
    let (ours, bare) = (late.ours.median(), late.one_by_one.median());
    report.most("apply_25ms", (ours / bare, "times the bare writes"), BUDGET, TIMES, Some(1.0));
    if ours > bare * BUDGET {
        eprintln!("{}", late.told.join("\n"));
    }
    Report::told("apply_25ms_time", (ours, "ms"), TIMES, Some(bare));
    // What the console sends together, sent by a bare client together.
    Report::told("apply_25ms_as_sent", (ours / late.as_sent.median(), "times"), TIMES, Some(late.as_sent.median()));
    Report::told("apply_25ms_writes", (count(late.writes), "requests"), TIMES, Some(count(late.objects)));
    Report::told("apply_25ms_gets", (count(late.gets), "GETs"), TIMES, None);
    Report::told("apply_0ms_time", (at_once.ours.median(), "ms"), TIMES, Some(at_once.one_by_one.median()));
    // One for the connection that is tested before the appliance is added, one for all the rest.
    report.most("apply_log_ins", (count(late.log_ins), "log-ins"), 2.0, TIMES, None);
    report.end()
}

#[derive(Default)]
struct Applied {
    ours: Times,
    one_by_one: Times,
    as_sent: Times,
    writes: usize,
    objects: usize,
    gets: usize,
    log_ins: usize,
    /// What the lab heard and when, the last time.
    told: Vec<String>,
}

impl Applied {
    async fn once(&mut self, latency: Duration) -> Result<()> {
        let options = || Options { latency, ..options() };
        let ground = Ground::start(lab::start(options()).await?, &["--interval", "86400"]).await?;
        let plan = ground.plan_all(NODES).await;
        ground.quiet().await;
        let before = ground.asked();
        let begun = Instant::now();
        let run = ground.apply(&plan).await;
        // The page is asked only when the save is answered, so that asking is not what is measured.
        let saved = |request: &RequestRecord| is_save(request) && request.status.is_some();
        self.told.clear();
        promptly("it was saved", Duration::from_mins(1), async || {
            let heard = ground.lab.requests_after(before);
            for request in heard.iter().skip(self.told.len()) {
                let line =
                    format!("{:>7.1} ms {} {}?{}", ms(begun.elapsed()), request.method, request.path, request.query);
                self.told.push(line.chars().take(150).collect());
            }
            heard.iter().any(saved)
        })
        .await;
        ground.succeeded(&run).await;
        self.ours.push(begun.elapsed());
        let heard: Vec<RequestRecord> = ground.lab.requests_after(before);
        let last = heard.iter().position(is_save).ok_or("nothing was saved")?;
        let sent = writes(&heard);
        (self.writes, self.gets) = (sent.len(), gets(&heard[..last]).len());
        ground.quiet().await;
        let all = ground.lab.requests();
        self.log_ins =
            all.iter().filter(|request| request.method == "POST" && request.path.ends_with("/login")).count();
        if sent.iter().any(|request| request.status.is_none_or(|status| status >= 400)) {
            return Err("a write was refused".into());
        }

        self.objects = 0;
        let lab = lab::start(options()).await?;
        let bare = Bare::log_in(&lab).await?;
        let begun = Instant::now();
        for request in &sent {
            self.objects += bare.one_by_one(request).await?;
        }
        self.one_by_one.push(begun.elapsed());

        let lab = lab::start(options()).await?;
        let bare = Bare::log_in(&lab).await?;
        let begun = Instant::now();
        for request in &sent {
            bare.again(request).await?;
        }
        self.as_sent.push(begun.elapsed());
        Ok(())
    }
}

fn is_save(request: &RequestRecord) -> bool {
    request.method == "POST" && request.path.ends_with("/nsconfig") && request.query.contains("action=save")
}
