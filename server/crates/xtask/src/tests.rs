//! `cargo xtask test`: everything that a commit must pass. The last line counts.

use crate::{
    format, guards, needs,
    process::{self, root, say},
    proofs, site,
};
use anyhow::{Context, Result, bail};
use std::{
    collections::BTreeSet,
    io::{BufRead, BufReader},
    process::{Command, Stdio},
    time::Instant,
};

#[derive(clap::Args)]
pub struct Test {
    /// No browser.
    #[arg(long)]
    quick: bool,
    /// Only the browser tests; what follows goes to Playwright.
    #[arg(long, num_args = 0.., allow_hyphen_values = true)]
    browser: Option<Vec<String>>,
}

/// Sum of all test runners.
#[derive(Default)]
struct Count {
    passed: u64,
    failed: u64,
}

impl Test {
    pub fn run(self) -> Result<()> {
        if let Some(arguments) = self.browser {
            site::build(site::Profile::Dev)?;
            process::cargo(["build", "--quiet", "--package=server"])?;
            browser_tests(&arguments)?.close();
            return Ok(());
        }
        if !self.quick {
            // First, so that a machine without a browser says so before it has built for ten minutes.
            needs::npm_packages()?;
            needs::chromium()?;
        }
        step("format", format::check)?;
        step("guards", guards::run)?;
        step("site", || site::build(site::Profile::Dev))?;
        step("lints", lints)?;
        let mut count = Count::default();
        step("Rust tests", || {
            let passed = rust_tests(&mut count)?;
            if count.failed == 0 { proofs::check(&passed) } else { Ok(()) }
        })?;
        if !self.quick {
            step("browser tests", || {
                let browser = browser_tests(&[])?;
                count.passed += browser.passed;
                count.failed += browser.failed;
                Ok(())
            })?;
        }
        count.close();
        Ok(())
    }
}

fn step(name: &str, work: impl FnOnce() -> Result<()>) -> Result<()> {
    let started = Instant::now();
    work().with_context(|| format!("step “{name}”"))?;
    say(&format!("{name}: {:.0} s", started.elapsed().as_secs_f32()));
    Ok(())
}

fn lints() -> Result<()> {
    process::cargo(["clippy", "--quiet", "--workspace", "--all-targets", "--", "-D", "warnings"])?;
    process::cargo([
        "clippy",
        "--quiet",
        "--package=app",
        "--lib",
        "--target=wasm32-unknown-unknown",
        "--no-default-features",
        "--features=hydrate",
        "--profile=wasm-dev",
        "--",
        "-D",
        "warnings",
    ])
}

/// All Rust tests, each target's result line added up; gives the names of those that passed. A failing target does not
/// hide the later ones.
fn rust_tests(count: &mut Count) -> Result<BTreeSet<String>> {
    let mut passed_tests = BTreeSet::new();
    let mut child = Command::new("cargo")
        .args(["test", "--workspace", "--no-fail-fast"])
        .current_dir(root())
        .stdout(Stdio::piped())
        .spawn()
        .context("cargo test could not be started")?;
    let output = child.stdout.take().context("cargo test has no output")?;
    let mut counted = false;
    for line in BufReader::new(output).lines() {
        let line = line?;
        if let Some((passed, failed)) = result_line(&line) {
            count.passed += passed;
            count.failed += failed;
            counted = true;
        } else if let Some(name) = passed_line(&line) {
            passed_tests.insert(name.to_owned());
        } else if !line.trim().is_empty() && !is_count(&line) {
            say(&line);
        }
    }
    let status = child.wait()?;
    if !counted {
        bail!("cargo test ran no test ({status})");
    }
    if !status.success() && count.failed == 0 {
        bail!("cargo test failed to build or crashed ({status})");
    }
    Ok(passed_tests)
}

/// `test golden::a_second_add_is_refused ... ok`
fn passed_line(line: &str) -> Option<&str> {
    line.strip_prefix("test ")?.strip_suffix(" ... ok")
}

/// `running 12 tests`: said by the result line as well.
fn is_count(line: &str) -> bool {
    line.starts_with("running ") && (line.ends_with(" tests") || line.ends_with(" test"))
}

/// `test result: ok. 12 passed; 0 failed; …`
fn result_line(line: &str) -> Option<(u64, u64)> {
    let rest = line.strip_prefix("test result: ")?;
    let number = |word: &str| {
        let before = rest.split(word).next()?;
        before.split_whitespace().last()?.parse().ok()
    };
    Some((number(" passed")?, number(" failed")?))
}

/// Playwright over the real binary, script off and on. The numbers come from its JSON report.
fn browser_tests(arguments: &[String]) -> Result<Count> {
    needs::npm_packages()?;
    let chromium = needs::chromium()?;
    let report = root().join("target/playwright.json");
    let _ = std::fs::remove_file(&report);
    let status = Command::new("npx")
        .args(["playwright", "test"])
        .args(arguments)
        .current_dir(root().join("end2end"))
        .env("CHROMIUM", chromium)
        .env("GATEHOUSE", process::binary("debug"))
        .env("PLAYWRIGHT_JSON_OUTPUT_FILE", &report)
        .status()
        .context("npx playwright could not be started")?;
    let text = std::fs::read_to_string(&report).context("Playwright wrote no report")?;
    let json: serde_json::Value = serde_json::from_str(&text).context("Playwright's report is not JSON")?;
    let number = |name: &str| json["stats"][name].as_u64().unwrap_or(0);
    let count = Count { passed: number("expected"), failed: number("unexpected") + number("flaky") };
    if !status.success() && count.failed == 0 {
        bail!("Playwright failed without a failing test ({status})");
    }
    if count.passed + count.failed == 0 {
        bail!("Playwright ran no test");
    }
    Ok(count)
}

impl Count {
    /// The last line, in the form that CI reads.
    #[expect(clippy::print_stdout, reason = "the one line that others parse")]
    fn close(&self) {
        println!("{} passed, {} failed", self.passed, self.failed);
        if self.failed > 0 {
            std::process::exit(1);
        }
    }
}
