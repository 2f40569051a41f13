//! The log as a file for other programs, in parts: neither a long log nor a slow reader holds anything up.

use super::{Log, readings::filters};
use crate::{ExportCx, Failure, ReadCx, refusal::Refusal};
use model::{
    ActNo, inert,
    log::{LogForm, LogQuery},
    record::{Entry, Outcome, Record, RecordKind},
};
use std::fmt::Write as _;

/// Records in one part.
const PART: u32 = 500;

const COLUMNS: [&str; 14] = [
    "record",
    "act",
    "time",
    "kind",
    "what",
    "person",
    "who",
    "from",
    "request",
    "cluster",
    "appliance",
    "outcome",
    "summary",
    "detail",
];

/// An export that was begun and recorded. Newest first, up to its own record.
pub struct Export {
    log: Log,
    cx: ReadCx,
    query: LogQuery,
    begun: bool,
    /// The records that went out.
    rows: u64,
    act: ActNo,
    /// Its end is in the log.
    ended: bool,
    /// `gatehouse-log-20260105T080003Z.csv`.
    pub file_name: String,
}

impl Log {
    /// The filters are those of the page. The record of the export is written before the first byte goes out.
    pub async fn export(&self, cx: &ExportCx, form: &LogForm) -> Result<Export, Failure> {
        let query = self.query(cx, form).await?;
        let at = self.ground.now();
        let mut exported = cx.entry(at, RecordKind::LogExported, "The log was exported as CSV.");
        exported.detail = serde_json::json!({ "filters": filters(form) });
        let own = self.ground.store.append(&exported).await?;
        // Its end is fixed: what happens while it is fetched, itself included, is not in it.
        let before = query.before.map_or(own.id, |before| before.min(own.id));
        Ok(Export {
            log: self.clone(),
            cx: ReadCx::clone(cx),
            query: LogQuery { before: Some(before), ..query },
            begun: false,
            rows: 0,
            act: own.act,
            ended: false,
            file_name: format!("gatehouse-log-{}.csv", at.strftime("%Y%m%dT%H%M%SZ")),
        })
    }
}

impl Export {
    /// The next lines of the file; `None` after the last. Stops with a refusal when the reader is signed out meanwhile
    /// or may not export any more: the file is then cut off, which its reader can tell.
    pub async fn next_part(&mut self) -> Result<Option<Vec<u8>>, Failure> {
        let part = self.part().await;
        if !matches!(part, Ok(Some(_))) {
            let record = self.end(part.is_ok());
            self.ended = true;
            self.log.ground.store.append(&record).await?;
        }
        part
    }

    /// How it ended, and how much went out.
    fn end(&self, whole: bool) -> Entry {
        let how = if whole { "ended" } else { "was cut off" };
        let rows = self.rows;
        let summary = format!("The export of the log {how}: {rows} record{}.", if rows == 1 { "" } else { "s" });
        Entry {
            act: Some(self.act),
            outcome: Some(if whole { Outcome::Succeeded } else { Outcome::Failed }),
            detail: serde_json::json!({ "rows": rows }),
            ..self.cx.entry(self.log.ground.now(), RecordKind::LogExportEnded, summary)
        }
    }

    async fn part(&mut self) -> Result<Option<Vec<u8>>, Failure> {
        let gone = || Failure::from(Refusal::ReaderGone);
        self.cx = self.log.sessions.reader_again(&self.cx).await?.ok_or_else(gone)?;
        self.cx.exporter()?;
        // A page stops where it would take long; an export goes on from there.
        let records = loop {
            let found = self.log.part(&self.cx, self.query.clone(), PART).await?;
            let reached = found.searched_to.or(found.records.last().map(|record| record.id));
            self.query.before = reached.or(self.query.before);
            if !found.records.is_empty() || found.searched_to.is_none() {
                break found.records;
            }
        };
        self.rows += records.len() as u64;
        let first = !std::mem::replace(&mut self.begun, true);
        if records.is_empty() {
            return if first { lines(true, &[]).map(Some) } else { Ok(None) };
        }
        lines(first, &records).map(Some)
    }
}

/// Whoever fetches it may go away in the middle: what they have until then is in the log all the same.
impl Drop for Export {
    fn drop(&mut self) {
        if self.ended {
            return;
        }
        let (store, record) = (self.log.ground.store.clone(), self.end(false));
        let Ok(runtime) = tokio::runtime::Handle::try_current() else { return };
        runtime.spawn(async move {
            if let Err(error) = store.append(&record).await {
                tracing::error!("How an export of the log ended could not be written down: {}", error.sentence());
            }
        });
    }
}

/// RFC 4180: lines end with CR LF, quotes where they are needed.
fn lines(heading: bool, records: &[Record]) -> Result<Vec<u8>, Failure> {
    let failed = |error: csv::Error| Failure::Internal(format!("The log could not be written as CSV ({error})."));
    let mut writer = csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(Vec::new());
    if heading {
        writer.write_record(COLUMNS).map_err(failed)?;
    }
    for record in records {
        writer.write_record(cells(record)).map_err(failed)?;
    }
    writer.into_inner().map_err(|error| Failure::Internal(format!("The log could not be written as CSV ({error}).")))
}

fn cells(record: &Record) -> Vec<String> {
    let entry = &record.entry;
    let number = |id: Option<i64>| id.map_or_else(String::new, |id| id.to_string());
    let detail = if entry.detail.is_null() { String::new() } else { harmless_json(&entry.detail.to_string()) };
    let text = [
        record.id.to_string(),
        record.act.to_string(),
        entry.at.to_string(),
        entry.kind.code().into(),
        entry.kind.text().into(),
        number(entry.actor.person.map(|id| id.0)),
        entry.actor.name.clone(),
        entry.actor.from.clone(),
        entry.actor.request.clone(),
        number(entry.cluster.map(|id| id.0)),
        number(entry.appliance.map(|id| id.0)),
        entry.outcome.map_or_else(String::new, |outcome| outcome.word().into()),
        entry.summary.clone(),
    ];
    text.iter().map(|cell| harmless(cell)).chain([detail]).collect()
}

/// A spreadsheet takes a cell that begins with one of these for a formula. The wide ones are theirs as well, where people
/// write in East Asian scripts.
const FORMULA: [char; 8] = ['=', '+', '-', '@', '\u{ff1d}', '\u{ff0b}', '\u{ff0d}', '\u{ff20}'];

/// Whether a formula could begin after `c`, `so_far` being so before it: which of these ends a cell is a matter of the
/// reader's country, and quotes and blanks are passed over.
fn begins(c: char, so_far: bool) -> bool {
    matches!(c, ';' | ',' | '|' | '\t' | '\r' | '\n') || (so_far && (c.is_whitespace() || matches!(c, '"' | '\'')))
}

/// With an apostrophe before it, a formula is text; what ends a line or moves a cursor is spelled out.
fn harmless(cell: &str) -> String {
    let mut out = String::with_capacity(cell.len());
    let mut begin = true;
    for c in inert::visible(cell).chars() {
        if begin && FORMULA.contains(&c) {
            out.push('\'');
        }
        out.push(c);
        begin = begins(c, begin);
    }
    out
}

/// The same for JSON, which stays the same JSON: what could begin a formula, or is not seen, is written as its number.
/// Outside of strings stand numbers and words of JSON alone.
fn harmless_json(json: &str) -> String {
    let mut out = String::with_capacity(json.len());
    let (mut inside, mut begin, mut escaped) = (false, false, false);
    for c in json.chars() {
        if inside && !escaped && ((begin && FORMULA.contains(&c)) || inert::is_unseen(c)) {
            let mut units = [0; 2];
            for unit in c.encode_utf16(&mut units) {
                let _ = write!(out, "\\u{unit:04x}");
            }
            begin = false;
            continue;
        }
        out.push(c);
        match c {
            _ if !inside => (inside, begin) = (c == '"', true),
            // Of an escape, a quote and a line's end are what they stand for.
            _ if escaped => (begin, escaped) = (matches!(c, 'n' | 'r' | 't') || (c == '"' && begin), false),
            '"' => inside = false,
            '\\' => escaped = true,
            _ => begin = begins(c, begin),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::{
        ActNo, At, RecordId,
        record::{Actor, Entry},
    };

    #[test]
    fn cells_are_quoted_and_harmless() {
        let entry = Entry {
            at: At::UNIX_EPOCH,
            kind: RecordKind::SignedOut,
            act: None,
            actor: Actor { name: "@ada".into(), from: "+1".into(), ..Actor::gatehouse() },
            cluster: None,
            appliance: None,
            outcome: None,
            summary: "=HYPERLINK(\"x\"), and\r\nmore".into(),
            detail: serde_json::json!({"a": "b,c"}),
        };
        let record = Record { id: RecordId(3), act: ActNo(2), entry };
        let text = String::from_utf8(lines(true, &[record]).unwrap()).unwrap();
        let expected = "record,act,time,kind,what,person,who,from,request,cluster,appliance,outcome,summary,detail\r\n\
            3,2,1970-01-01T00:00:00Z,signed_out,Signed out,,'@ada,'+1,,,,,\
            \"'=HYPERLINK(\"\"x\"\"), and\\r\\nmore\",\"{\"\"a\"\":\"\"b,c\"\"}\"\r\n";
        assert_eq!(text, expected);
        assert_eq!(lines(false, &[]).unwrap(), b"");
    }

    #[test]
    fn no_cell_of_any_country_begins_like_a_formula() {
        for start in ["=1+1", "+1", "-1", "@x", "＝1", "＋1", "－1", "＠x"] {
            assert_eq!(harmless(start), format!("'{start}"));
            for between in [";", ",", "|", "; ", ";\"", "|' "] {
                assert_eq!(harmless(&format!("ns{between}{start}")), format!("ns{between}'{start}"));
            }
        }
        assert_eq!(harmless("a\t=1\r\n=2"), "a\\t=1\\r\\n=2", "neither a tab nor a line's end is left");
        assert_eq!(harmless("\u{1b}[2J\u{202e}x"), "\\u{1b}[2J\\u{202e}x");
        for plain in ["1 = 1", "a-b; c-d", "10.0.0.10:443, up", ""] {
            assert_eq!(harmless(plain), plain);
        }
    }

    #[test]
    fn json_in_a_cell_says_the_same_and_begins_nothing() {
        let detail = serde_json::json!({
            "=a": ["=1", ";=2", "x;\"=3", "\\\"=4", "-5", "plain = text"], "b": [-1, 2], "c": "\u{7f}\u{202e}\u{1b}\n=6",
        });
        let written = harmless_json(&detail.to_string());
        assert_eq!(serde_json::from_str::<serde_json::Value>(&written).unwrap(), detail);
        assert!(!written.chars().any(inert::is_unseen) && written.contains("plain = text"), "{written}");
        let csv = written.replace('"', "\"\"");
        for cell in csv.split([';', ',', '|', '[', ':']) {
            let begins = cell.trim_start_matches(['"', ' ', '\'']);
            let number = begins.trim_end_matches([']', '}']).parse::<f64>().is_ok();
            assert!(number || !begins.starts_with(FORMULA), "{cell} in {written}");
        }
    }
}
