//! Three thousand members on one set of pages: a thousand nodes in three groups. How large the documents are, how long the
//! console takes for one, and how soon a browser has painted it. `cargo xtask bench members` runs this.
//!
//! The browser is the one that CHROMIUM names; without it the paint is not measured, and that is no success.

#![expect(clippy::unwrap_used, clippy::expect_used, reason = "helpers of tests end the program")]

#[expect(dead_code, unused_imports, reason = "each benchmark uses a part")]
mod support;

use scraper::Html;
use std::fmt::Write as _;
use support::{Ground, Report, Result, Times, count, options, resident};

const NODES: u32 = 1_000;
const ELEMENTS: f64 = 5_000.0;
const TIMES: usize = 10;
/// The pages on which members and nodes stand.
const PAGES: [(&str, &str); 4] = [
    ("cluster", "/clusters/1"),
    ("nodes", "/clusters/1/nodes"),
    ("setup_nodes", "/clusters/1/setup/nodes"),
    ("setup_groups", "/clusters/1/setup/groups"),
];

#[tokio::main]
async fn main() -> Result<()> {
    let ground = Ground::start(lab::start(options()).await?, &["--interval", "10"]).await?;
    eprintln!("console {}", ground.pid());
    let mut lines = String::new();
    for n in 0..NODES {
        writeln!(lines, "10.20.{}.{} xms{:04} {}", 60 + n / 250, n % 250 + 1, n + 1, 169_090_560 + n)?;
    }
    let begun = std::time::Instant::now();
    let plan = ground.plan_all(&lines).await;
    eprintln!("planned after {:?}", begun.elapsed());
    ground.succeeded(&ground.apply(&plan).await).await;
    eprintln!("applied after {:?}", begun.elapsed());
    let mut report = Report::default();
    for (name, path) in PAGES {
        let mut times = Times::default();
        let mut page = String::new();
        for _ in 0..TIMES {
            page = times.of(ground.browser.page(path)).await;
        }
        let elements = Html::parse_document(&page).tree.nodes().filter(|node| node.value().is_element()).count();
        report.most(&format!("members_{name}_elements"), (count(elements), "DOM elements"), ELEMENTS, 1, None);
        Report::told(&format!("members_{name}_time"), (times.median(), "ms"), TIMES, None);
        Report::told(&format!("members_{name}_size"), (count(page.len()) / 1_000.0, "KB"), 1, None);
    }
    Report::told("members_memory", (resident(ground.pid())?, "MB resident"), 1, None);
    paint(&ground, &mut report).await?;
    report.end()
}

/// By `end2end/paint.mjs`, which prints one JSON object for each page.
async fn paint(ground: &Ground, report: &mut Report) -> Result<()> {
    const BUDGET: f64 = 300.0;
    if std::env::var_os("CHROMIUM").is_none() {
        return Err("CHROMIUM names no browser: run `cargo xtask bench members`, which finds one".into());
    }
    let mut node = tokio::process::Command::new("node");
    node.arg("paint.mjs").args([&ground.console.base, ground.browser.session()]).args(PAGES.map(|(_, path)| path));
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../end2end");
    let output = node.current_dir(folder).stderr(std::process::Stdio::inherit()).output().await?;
    if !output.status.success() {
        return Err("the browser did not paint".into());
    }
    let lines = String::from_utf8(output.stdout)?;
    for ((name, _), line) in PAGES.iter().zip(lines.lines()) {
        let told: serde_json::Value = serde_json::from_str(line)?;
        let number = |field: &str| told[field].as_f64().ok_or_else(|| format!("no {field} in {line}"));
        let n = told["n"].as_u64().and_then(|n| usize::try_from(n).ok()).unwrap_or_default();
        report.most(&format!("members_{name}_paint"), (number("paint")?, "ms"), BUDGET, n, Some(number("response")?));
        Report::told(&format!("members_{name}_browser_elements"), (number("elements")?, "DOM elements"), n, None);
    }
    Ok(())
}
