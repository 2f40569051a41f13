//! One JSON object a line: what was measured, what it may be, and what it is beside something bare.

use super::Result;
use serde_json::json;

/// What was printed so far holds.
#[derive(Default)]
pub struct Report {
    over: Vec<String>,
}

impl Report {
    /// With a budget that it must not exceed.
    pub fn most(&mut self, name: &str, value: (f64, &str), budget: f64, n: usize, baseline: Option<f64>) {
        let ok = value.0 <= budget;
        if !ok {
            self.over.push(name.to_owned());
        }
        print(name, value, Some(budget), ok, n, baseline);
    }

    /// Without one.
    pub fn told(name: &str, value: (f64, &str), n: usize, baseline: Option<f64>) {
        print(name, value, None, true, n, baseline);
    }

    /// Fails with the names of what does not hold.
    pub fn end(self) -> Result<()> {
        if self.over.is_empty() { Ok(()) } else { Err(format!("over budget: {}", self.over.join(", ")).into()) }
    }
}

#[expect(clippy::print_stdout, reason = "JSON lines are what a benchmark is for")]
fn print(name: &str, (value, unit): (f64, &str), budget: Option<f64>, ok: bool, n: usize, baseline: Option<f64>) {
    let line = json!({ "name": name, "value": rounded(value), "unit": unit, "budget": budget, "ok": ok, "n": n,
        "baseline": baseline.map(rounded) });
    println!("{line}");
}

fn rounded(value: f64) -> f64 {
    (value * 1_000.0).round() / 1_000.0
}
