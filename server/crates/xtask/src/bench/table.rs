//! The table at the end: budget, measured, held or not.

use serde_json::Value;
use std::fmt::Write as _;

/// One measurement, as a benchmark printed it.
#[derive(Debug, PartialEq)]
pub struct Line {
    pub name: String,
    pub ok: bool,
    value: f64,
    unit: String,
    /// What is only told has none.
    budget: Option<f64>,
    baseline: Option<f64>,
}

impl Line {
    /// `None` for what is no measurement.
    pub fn read(text: &str) -> Option<Self> {
        let told: Value = serde_json::from_str(text).ok()?;
        Some(Self {
            name: told["name"].as_str()?.to_owned(),
            value: told["value"].as_f64()?,
            unit: told["unit"].as_str().unwrap_or_default().to_owned(),
            budget: told["budget"].as_f64(),
            baseline: told["baseline"].as_f64(),
            // What says nothing of it has no budget.
            ok: told["ok"].as_bool().unwrap_or(true),
        })
    }

    const fn verdict(&self) -> &'static str {
        match (self.ok, self.budget) {
            (false, _) => "OVER",
            (true, Some(_)) => "held",
            (true, None) => "",
        }
    }
}

const HEAD: [&str; 6] = ["measured", "value", "budget", "baseline", "unit", ""];

/// For people; columns as wide as they must be.
pub fn table(lines: &[Line]) -> String {
    let number = |value: Option<f64>| value.map_or_else(String::new, |value| format!("{value:.1}"));
    let row = |line: &Line| {
        [
            line.name.clone(),
            number(Some(line.value)),
            number(line.budget),
            number(line.baseline),
            line.unit.clone(),
            line.verdict().to_owned(),
        ]
    };
    let rows: Vec<[String; 6]> = std::iter::once(HEAD.map(str::to_owned)).chain(lines.iter().map(row)).collect();
    let width = |column: usize| rows.iter().map(|row| row[column].chars().count()).max().unwrap_or_default();
    let widths: [usize; 6] = std::array::from_fn(width);
    let mut text = String::new();
    for row in &rows {
        let _ = writeln!(
            text,
            "{:<name$}  {:>value$}  {:>budget$}  {:>baseline$}  {:<unit$}  {}",
            row[0],
            row[1],
            row[2],
            row[3],
            row[4],
            row[5],
            name = widths[0],
            value = widths[1],
            budget = widths[2],
            baseline = widths[3],
            unit = widths[4],
        );
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_line_says_whether_it_holds() {
        let printed = [
            r#"{"name":"plan_time","value":24.04,"unit":"ms","budget":100,"ok":true,"n":20,"baseline":17.2}"#,
            r#"{"name":"plan_gets","value":21,"unit":"GETs","budget":20,"ok":false,"n":20,"baseline":null}"#,
            r#"{"name":"log_filled","value":12,"unit":"s","n":5}"#,
            "console 4711",
        ];
        let lines: Vec<Line> = printed.iter().filter_map(|line| Line::read(line)).collect();
        let rows: Vec<String> =
            table(&lines).lines().map(|row| row.split_whitespace().collect::<Vec<_>>().join(" ")).collect();
        assert_eq!(
            rows[1..],
            ["plan_time 24.0 100.0 17.2 ms held", "plan_gets 21.0 20.0 GETs OVER", "log_filled 12.0 s"]
        );
    }
}
