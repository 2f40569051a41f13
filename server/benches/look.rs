//! What a look reads: a live one and a whole one, for three nodes and for twelve, and beside a thousand virtual servers of
//! other people. `cargo xtask bench look` runs this; `services/tests/it/watching.rs` counts the same.

#![expect(clippy::unwrap_used, clippy::expect_used, reason = "helpers of tests end the program")]

#[expect(dead_code, unused_imports, reason = "each benchmark uses a part")]
mod support;

use lab::Options;
use std::{fmt::Write as _, net::Ipv4Addr};
use support::{Bare, Ground, Look, Report, Result, count, looks, most, options, vservers};

/// One in ten is whole; in so many there is one.
const LOOKS: usize = 11;
const LIVE: f64 = 8.0;
const WHOLE: f64 = 20.0;
const NEIGHBOURS: usize = 1_000;
const KILOBYTES: f64 = 300.0;

#[tokio::main]
async fn main() -> Result<()> {
    let mut report = Report::default();
    for (name, nodes, neighbours) in [("3", 3, 0), ("12", 12, 0), ("beside_1000", 3, NEIGHBOURS)] {
        let all = seen(nodes, neighbours).await?;
        for (word, whole, budget) in [("live", false, LIVE), ("whole", true, WHOLE)] {
            let these: Vec<&Look> = all.iter().filter(|look| look.is_whole() == whole).collect();
            let gets = these.iter().map(|look| look.gets()).max().unwrap_or_default();
            report.most(&format!("look_{word}_{name}_gets"), (count(gets), "GETs"), budget, these.len(), None);
            let most = most(&all, whole)?;
            report.most(&format!("look_{word}_{name}_read"), (most.kilobytes(), "KB"), KILOBYTES, these.len(), None);
            if most.kilobytes() > KILOBYTES {
                eprintln!("{}", most.told());
            }
        }
    }
    report.end()
}

async fn seen(nodes: u8, neighbours: usize) -> Result<Vec<Look>> {
    let addresses: Vec<Ipv4Addr> = (0..nodes).map(|node| Ipv4Addr::new(10, 20, 30, 11 + node)).collect();
    let lab = lab::start(Options { nodes: addresses.clone(), ..options() }).await?;
    if neighbours > 0 {
        vservers(&Bare::log_in(&lab).await?, neighbours).await?;
    }
    let ground = Ground::start(lab, &["--interval", "5"]).await?;
    let mut lines = String::new();
    for (address, node) in addresses.iter().zip(1..) {
        writeln!(lines, "{address} xms{node:02} {}", address.to_bits())?;
    }
    ground.set_up(&lines).await;
    ground.up(3 * addresses.len()).await;
    looks(&ground, LOOKS).await
}
