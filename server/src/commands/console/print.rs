//! Answers as text. Names and replies come from appliances and from people: none of them ends a line or speaks to the
//! terminal.

use crate::local::words::{Answer, ClusterLine, ClusterShown, PlanShown, ProgressShown, RunShown};
use model::inert::visible;
use serde::Serialize;
use std::{fmt::Write as _, io::Write as _};

/// Whoever reads no further than they like (`| head`) ends nothing by that.
pub fn say(text: &str) {
    let _ = writeln!(std::io::stdout().lock(), "{}", text.trim_end());
}

/// For people, whatever a program reads.
#[expect(
    clippy::print_stderr,
    reason = "the log's lines have times and levels, which are nothing to whoever typed this"
)]
pub fn say_wrong(text: &str) {
    eprintln!("{}", visible(text));
}

/// Other programs read it, and people in a terminal: what is not seen is written as its number.
pub fn json(value: &impl Serialize) -> String {
    let mut out = String::new();
    for c in serde_json::to_string_pretty(value).unwrap_or_default().chars() {
        if c != '\n' && model::inert::is_unseen(c) {
            let mut units = [0; 2];
            for unit in c.encode_utf16(&mut units) {
                let _ = write!(out, "\\u{unit:04x}");
            }
        } else {
            out.push(c);
        }
    }
    out
}

pub fn text(answer: &Answer) -> String {
    match answer {
        Answer::Clusters(lines) if lines.is_empty() => "There are no clusters that you see.".into(),
        Answer::Clusters(lines) => clusters(lines),
        Answer::Cluster(shown) => cluster(shown),
        Answer::Plan(shown) => plan(shown),
        Answer::Applied(run) => format!("Run {run} has begun."),
        Answer::Run(shown) => {
            let lines: Vec<String> = shown.operations.iter().map(progress).chain([ended(shown)]).collect();
            lines.join("\n")
        }
    }
}

/// How a run that was followed ended.
pub fn end(answer: &Answer) -> String {
    match answer {
        Answer::Run(shown) => ended(shown),
        other => text(other),
    }
}

fn ended(shown: &RunShown) -> String {
    let word = if shown.running { "is running" } else { shown.status.as_str() };
    visible(&format!("Run {} of plan {} for {}: {word}. {}", shown.run, shown.plan, shown.name, shown.note))
}

pub fn progress(operation: &ProgressShown) -> String {
    let note = if operation.note.is_empty() { String::new() } else { format!("  {}", operation.note) };
    visible(&format!("{:>4}  {:<9}  {}{note}", operation.seq, operation.state, operation.title))
}

/// Columns as wide as their widest cell.
fn table(head: &[&str], rows: &[Vec<String>]) -> String {
    let rows: Vec<Vec<String>> = rows.iter().map(|row| row.iter().map(|cell| visible(cell)).collect()).collect();
    let width = |column: usize| {
        let cells = rows.iter().filter_map(|row| row.get(column)).map(|cell| cell.chars().count());
        cells.chain(head.get(column).map(|title| title.chars().count())).max().unwrap_or_default()
    };
    let line = |cells: Vec<&str>| {
        let padded = cells.iter().enumerate().map(|(column, cell)| {
            let gap = width(column) - cell.chars().count();
            format!("{cell}{}", " ".repeat(gap))
        });
        padded.collect::<Vec<_>>().join("  ").trim_end().to_owned()
    };
    let titles = (!head.is_empty()).then(|| line(head.to_vec()));
    let lines = rows.iter().map(|row| line(row.iter().map(String::as_str).collect()));
    titles.into_iter().chain(lines).collect::<Vec<_>>().join("\n")
}

fn days(line: &ClusterLine) -> String {
    line.certificate_days.map_or_else(|| "-".into(), |days| format!("{days} d"))
}

fn clusters(lines: &[ClusterLine]) -> String {
    let row = |line: &ClusterLine| {
        vec![
            line.id.to_string(),
            line.name.clone(),
            line.fqdn.clone(),
            line.appliance.clone(),
            line.fails.to_string(),
            line.warns.to_string(),
            days(line),
            line.verdict.clone(),
        ]
    };
    let head = ["NO", "NAME", "FQDN", "APPLIANCE", "FAILS", "WARNS", "CERT", "STATE"];
    table(&head, &lines.iter().map(row).collect::<Vec<_>>())
}

fn cluster(shown: &ClusterShown) -> String {
    let line = &shown.line;
    let facts = [
        ("Cluster", format!("{} (number {})", line.name, line.id)),
        ("Name", line.fqdn.clone()),
        ("Appliance", line.appliance.clone()),
        ("State", line.verdict.clone()),
        ("Seen", shown.seen.clone().unwrap_or_else(|| "never".into())),
        ("Certificate", days(line)),
    ];
    let facts: Vec<Vec<String>> = facts.into_iter().map(|(name, value)| vec![name.into(), value]).collect();
    let mut parts = vec![table(&[], &facts)];
    let finding = |found: &crate::local::words::FindingShown| {
        let fix = if found.fix.is_empty() { String::new() } else { format!(" {}", found.fix) };
        vec![found.grade.clone(), format!("{}{fix}", found.title)]
    };
    parts.push(table(&[], &shown.findings.iter().map(finding).collect::<Vec<_>>()));
    parts.push(listed("Described and not applied:", &shown.pending));
    joined(&parts)
}

fn plan(shown: &PlanShown) -> String {
    let mut parts = vec![visible(&format!("Plan {} for {}, by {} at {}.", shown.plan, shown.name, shown.by, shown.at))];
    let operation = |operation: &crate::local::words::OperationShown| {
        vec![format!("{:>4}", operation.seq), operation.title.clone(), operation.cli.clone()]
    };
    parts.push(table(&[], &shown.operations.iter().map(operation).collect::<Vec<_>>()));
    let conflicts: Vec<String> = shown
        .conflicts
        .iter()
        .map(|conflict| {
            let word = if conflict.adoptable { "can be adopted" } else { "blocks" };
            format!("{:>4}  {word}: {}", conflict.place, conflict.sentence)
        })
        .collect();
    parts.push(listed("In its way:", &conflicts));
    parts.push(listed("It cuts connections of these nodes (--confirm them):", &shown.cuts));
    parts.push(listed("Notes:", &shown.notes));
    parts.push(listed("Wrong, and not mended by it:", &shown.remains));
    parts.push(visible(&match (&shown.run, &shown.obstacle) {
        (Some(run), _) => format!("It was applied: run {run}."),
        (None, Some(obstacle)) => format!("It cannot be applied. {} ({})", obstacle.sentence, obstacle.code),
        (None, None) => format!(
            "{} to do, {} as it should be. Apply it: gatehouse plan apply {} --wait",
            shown.operations.len(),
            shown.unchanged,
            shown.plan
        ),
    }));
    joined(&parts)
}

fn listed(title: &str, lines: &[String]) -> String {
    if lines.is_empty() {
        return String::new();
    }
    let lines = lines.iter().map(|line| format!("  {}", visible(line)));
    std::iter::once(title.to_owned()).chain(lines).collect::<Vec<_>>().join("\n")
}

fn joined(parts: &[String]) -> String {
    parts.iter().filter(|part| !part.is_empty()).cloned().collect::<Vec<_>>().join("\n\n")
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::{ActNo, ClusterId, PlanId, state::Tone};

    const EVIL: &str = "ns\n\u{1b}[2Jall is well\u{202e}";

    fn line(name: &str) -> ClusterLine {
        ClusterLine {
            id: ClusterId(7),
            name: name.into(),
            fqdn: "xms.example.com".into(),
            appliance: "Lab".into(),
            tone: Tone::Good,
            verdict: "healthy".into(),
            fails: 0,
            warns: 2,
            not_checked: 0,
            certificate_days: Some(41),
        }
    }

    #[test]
    fn columns_are_aligned_and_end_with_the_line() {
        let text = clusters(&[line("Berlin"), line("Köln am Rhein")]);
        let expected = "NO  NAME           FQDN             APPLIANCE  FAILS  WARNS  CERT  STATE\n\
            7   Berlin         xms.example.com  Lab        0      2      41 d  healthy\n\
            7   Köln am Rhein  xms.example.com  Lab        0      2      41 d  healthy";
        assert_eq!(text, expected);
    }

    #[test]
    fn nothing_from_outside_speaks_to_the_terminal() {
        let progress =
            ProgressShown { seq: 1, title: EVIL.into(), state: "confirmed".into(), ended: true, note: EVIL.into() };
        let run = RunShown {
            run: ActNo(3),
            plan: PlanId(4),
            name: EVIL.into(),
            by: EVIL.into(),
            status: "failed".into(),
            running: false,
            succeeded: false,
            note: EVIL.into(),
            operations: vec![progress],
            since: 0,
        };
        let answers = [Answer::Clusters(vec![line(EVIL)]), Answer::Run(Box::new(run))];
        for answer in answers {
            let (text, json) = (text(&answer), json(&answer));
            for said in [&text, &json] {
                assert!(!said.chars().any(|c| c != '\n' && model::inert::is_unseen(c)), "{said}");
            }
            assert!(text.contains("\\u{1b}[2Jall is well") && text.lines().count() == 2, "{text}");
            let again: Answer = serde_json::from_str(&json).unwrap();
            assert_eq!(again, answer, "programs read what was said");
        }
    }
}
